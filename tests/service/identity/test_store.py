"""The tables behind the doors, on both engines."""

from __future__ import annotations

import threading

import pytest

from ledger.store import open_ledger
from service.identity.refusals import IdentityProblem, WrongLogin
from service.identity.store import DoorsEngine, schema_version
from tests.service.identity.doorways import ADDRESS, PASSWORD, add_ada, open_doors


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_first_users_at_once_end_with_one_set_of_tables(kind, tmp_path, request):
    where = tmp_path / "service.sqlite" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    problems: list[Exception] = []
    secrets: list[bytes] = []

    def first_use() -> None:
        engine = DoorsEngine(where)
        try:
            engine.initialise()
            secrets.append(engine.secret("x"))
        except Exception as problem:
            problems.append(problem)
        finally:
            engine.close()

    threads = [threading.Thread(target=first_use) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(secrets) == 6
    assert len(set(secrets)) == 1


def test_everything_works_beside_the_ledger_in_postgresql(postgres_url, clock):
    with open_ledger(postgres_url) as ledger, open_doors(postgres_url, ledger, clock) as doors:
        ada = add_ada(doors)
        value, _ = doors.sign_in("ada", PASSWORD, ADDRESS)
        clock.move(minutes=2)
        assert doors.visitor(value).account() == ada
        with pytest.raises(WrongLogin):
            doors.sign_in("ada\0", PASSWORD, ADDRESS)
        made, text = doors.issue_token("x", ["decisions:write"], "Ada Moreno")
        assert doors.token(text) == made
        doors.revoke_token(made.token_id, "Ada Moreno")
        doors.close_account(ada.account_id, by="Mira Okafor")
        assert doors.visitor(value) is None
        assert [event.event_type for event in ledger.events()][-2:] == ["account_changed", "signed_out"]


def test_tables_of_a_newer_version_are_left_alone(tmp_path):
    engine = DoorsEngine(tmp_path / "service.sqlite")
    engine.initialise()
    with engine.writing() as connection:
        connection.execute(schema_version.delete())
        connection.execute(schema_version.insert().values(version=99))
    with pytest.raises(IdentityProblem, match="newer version"):
        engine.initialise()
    engine.close()


def test_a_failing_statement_does_not_tell_what_it_carried(tmp_path):
    import sqlalchemy as sa

    engine = DoorsEngine(tmp_path / "service.sqlite")
    engine.initialise()
    with pytest.raises(sa.exc.SQLAlchemyError) as failed, engine.writing() as connection:
        connection.execute(sa.text("insert into nowhere values (:secret)"), {"secret": "very-secret-hash"})
    assert "very-secret-hash" not in str(failed.value)
    engine.close()
