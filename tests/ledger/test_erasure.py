from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ledger.erasure import erase_actor, erase_payload, purge_erased
from ledger.errors import NotInLedgerError
from ledger.schema import ledger_actors, ledger_payloads
from ledger.store import Ledger, open_ledger
from ledger.verification import BreakKind, verify
from tests.ledger.conftest import START, accepted, fill

WHO: dict[str, Any] = {"by": "Ines Falk", "role": "privacy officer", "occurred_at": START + timedelta(days=9)}


def test_words_can_be_erased_and_the_chain_stays_whole(ledger: Ledger):
    event = fill(ledger, 3)[1]
    anchor = ledger.head()
    assert event.payload_digest is not None
    erasure = erase_payload(ledger, event.payload_digest, **WHO)
    assert (erasure.event_type, erasure.subject_hash) == ("payload_erased", event.payload_digest)
    assert ledger.payload(event.payload_digest) is None
    assert verify(ledger, [anchor, ledger.head()]).is_intact
    with ledger.reading() as connection:
        row = connection.execute(
            sa.select(ledger_payloads).where(ledger_payloads.c.payload_digest == event.payload_digest)
        ).one()
    assert (row.salt, row.body) == (None, None), "the salt must go, or short words could be guessed from the digest"


def test_erasing_twice_is_one_event(ledger: Ledger):
    digest = str(fill(ledger, 1)[0].payload_digest)
    first = erase_payload(ledger, digest, **WHO)
    assert erase_payload(ledger, digest, **{**WHO, "by": "Mira Okafor"}) == first
    assert ledger.head().sequence == 2


def test_an_unknown_digest_or_name_records_nothing(ledger: Ledger):
    with pytest.raises(NotInLedgerError, match="nothing was erased"):
        erase_payload(ledger, "f" * 64, **WHO)
    with pytest.raises(NotInLedgerError, match="nothing was erased"):
        erase_actor(ledger, "Nobody Known", **WHO)
    assert ledger.head().sequence == 0


def test_a_name_can_be_erased_and_the_decision_stays(ledger: Ledger):
    event = fill(ledger, 2)[0]
    erase_actor(ledger, "mira okafor", **WHO)
    assert ledger.actor_name(event.actor_id) is None
    assert ledger.actor_id("Mira Okafor") is None
    assert next(ledger.events()) == event
    assert verify(ledger).is_intact
    with ledger.reading() as connection:
        row = connection.execute(sa.select(ledger_actors).where(ledger_actors.c.actor_id == event.actor_id)).one()
    assert (row.salt, row.name, row.name_key) == (None, None, None)


def test_who_acts_again_after_erasure_is_someone_new(ledger: Ledger):
    before = ledger.append(accepted(1))
    erase_actor(ledger, "Mira Okafor", **{**WHO, "by": "Mira Okafor"})
    after = ledger.append(accepted(2))
    assert before.actor_id != after.actor_id
    assert verify(ledger).is_intact


def test_a_retry_after_erasure_is_still_the_same_event(ledger: Ledger):
    event = ledger.append(accepted(1, idempotency_key="k"))
    erase_payload(ledger, str(event.payload_digest), **WHO)
    erase_actor(ledger, "Mira Okafor", **WHO)
    assert ledger.append(accepted(1, idempotency_key="k")) == event


def test_words_that_a_backup_brings_back_are_found_and_erased_again(ledger: Ledger, tamper: Callable[..., None]):
    event = ledger.append(accepted(1))
    with ledger.reading() as connection:
        kept = connection.execute(sa.select(ledger_payloads)).one()
    erasure = erase_payload(ledger, str(event.payload_digest), **WHO)
    tamper(f"update ledger_payloads set salt = '{kept.salt}', body = '{kept.body}'")
    first_break = verify(ledger).first_break
    assert first_break is not None
    assert (first_break.sequence, first_break.kind) == (1, BreakKind.PAYLOAD_RESTORED)
    assert erase_payload(ledger, str(event.payload_digest), **WHO) == erasure
    assert verify(ledger).is_intact


def test_a_name_that_a_backup_brings_back_is_found(ledger: Ledger, tamper: Callable[..., None]):
    event = ledger.append(accepted(1))
    erase_actor(ledger, "Mira Okafor", **WHO)
    tamper(f"update ledger_actors set salt = 'ab', name = 'Mira Okafor' where actor_id = '{event.actor_id}'")
    first_break = verify(ledger).first_break
    assert first_break is not None
    assert first_break.kind is BreakKind.NAME_RESTORED


def test_no_byte_of_erased_words_is_left_in_sqlite_files(tmp_path: Path):
    words = ["Xylophonist Quandary", "zeppelinfrost"]
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        fill(ledger, 50)
        long_note = " ".join([words[1]] * 2_000)  # spills into overflow pages
        event = ledger.append(accepted(51, actor=words[0], payload={"note": long_note}))
        fill(ledger, 50)
        assert all(is_on_disk(tmp_path, word) for word in words)
        erase_payload(ledger, str(event.payload_digest), **WHO)
        erase_actor(ledger, words[0], **WHO)
        assert not any(is_on_disk(tmp_path, word) for word in [*words, words[0].casefold()])


def test_a_purge_that_a_reader_holds_up_says_so(tmp_path: Path):
    with open_ledger(tmp_path / "ledger.sqlite", wait_seconds=0.05) as ledger:
        event = ledger.append(accepted(1, payload={"note": "zeppelinfrost"}))
        with ledger.reading() as connection:
            connection.execute(sa.select(ledger_payloads)).all()
            erase_payload(ledger, str(event.payload_digest), **WHO)
            assert purge_erased(ledger) is False
        gc.collect()
        assert purge_erased(ledger) is True
        assert not is_on_disk(tmp_path, "zeppelinfrost")


def test_postgresql_tables_can_be_purged(postgres_url: str):
    with open_ledger(postgres_url) as ledger:
        event = ledger.append(accepted(1))
        erase_payload(ledger, str(event.payload_digest), **WHO)
        assert purge_erased(ledger) is True
        assert verify(ledger).is_intact


def is_on_disk(folder: Path, word: str) -> bool:
    return any(word.encode() in path.read_bytes() for path in folder.iterdir())
