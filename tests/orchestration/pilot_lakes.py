"""Small desks for the commands of the pilot: what earlier stages leave in the lake, made by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from assets.pilot_agent.answers.frames import ANSWER, frame_of
from desk.loading import load_pilot
from desk.pilot import pilot_hash
from ledger.pilots import ShareChange, set_share, share_changes
from ledger.releases import record_activation
from ledger.reviews import AnswerReview, record_reviews
from ledger.store import Ledger, open_ledger
from orchestration.cli import app
from orchestration.lake import Lake, write_parquet
from tests.assets.pilot_agent.answers.review_frames import answer

DESK = """desk_id: acme
company: Acme (fictional)
helpdesks: [{name: zendesk, kind: zendesk, exports: "zendesk-*"}]
signers: {pilot: [support lead, head of support]}
"""
CATEGORIES = """categories:
  - {id: login, name: Login, bucket: automate, tier: 1}
  - {id: export, name: Export, bucket: automate, tier: 2}
  - {id: billing, name: Billing, bucket: hybrid, tier: 2}
"""
START = "2024-01-01"
RELEASE = "e" * 64
END = pd.Timestamp(START, tz="UTC")
LEAD = ["--by", "Ada Moreno", "--role", "support lead"]
HEAD = ["--by", "Tomas Reyl", "--role", "head of support"]
WHY = ["--reason", "Shadow is fine."]
WHEN = dt.datetime(2024, 1, 10, tzinfo=dt.UTC)


def make(folder: Path) -> Path:
    """A desk without history, without release, without a plan."""
    (folder / "desk.yaml").write_text(DESK, encoding="utf-8")
    (folder / "categories.yaml").write_text(CATEGORIES, encoding="utf-8")
    lake_of(folder)
    return folder


def lake_of(folder: Path) -> Lake:
    lake = Lake(folder / ".understudy")
    lake.prepare()
    return lake


def ledger_of(folder: Path) -> Ledger:
    return open_ledger(lake_of(folder).ledger_file)


def history(folder: Path, per_week: int = 12, weeks: int = 26) -> None:
    """Answered tickets of the weeks before the pilot: three in four about logging in, one in six resolved by nobody."""
    count = per_week * weeks
    at = [END - pd.Timedelta(weeks=weeks) + pd.Timedelta(weeks=weeks) * place / count for place in range(count)]
    tickets = pd.DataFrame(
        {
            "ticket_id": [f"zendesk:{place}" for place in range(count)], "requester_id": [f"p{place}" for place in range(count)],
            "created_at": at, "updated_at": at, "status": "open", "is_in_audit": True, "count_reopens": 0,
            "csat": ["good" if place % 5 == 0 else "bad" if place % 21 == 0 else None for place in range(count)],
            "handle_time_minutes": None, "handle_time_proxy_minutes": 12.0,
        }
    )  # fmt: skip
    said = [
        (f"zendesk:{place}", position, role, at[place] + pd.Timedelta(hours=position))
        for place in range(count)
        for position, role in enumerate(["requester", "staff", *(["requester"] if place % 6 == 0 else [])], 1)
    ]
    comments = pd.DataFrame(said, columns=["ticket_id", "position", "author_role", "created_at"]).assign(
        is_public=True, is_solution=False, is_spam=False
    )
    lake = lake_of(folder)
    write_parquet(tickets, lake.marts / "fct_tickets.parquet")
    write_parquet(comments, lake.marts / "fct_ticket_comments.parquet")
    names = ["login" if place % 4 else "billing" if place % 3 == 0 else "export" for place in range(count)]
    intents = tickets[["ticket_id"]].assign(assigned_category_id=names)
    write_parquet(intents, lake.folder / "ticket_intents.parquet")


def drafts(folder: Path, *rows: dict[str, Any]) -> None:
    """``shadow_answers``; two drafts of the shadow weeks unless others are given."""
    made = rows or tuple(answer(name, pilot_id="first-pilot") for name in ("a1", "a2"))
    write_parquet(frame_of(made, ANSWER), lake_of(folder).folder / "shadow_answers.parquet")


def tag(folder: Path, *answer_ids: str) -> None:
    """As ``understudy review`` does."""
    with ledger_of(folder) as ledger:
        record_reviews(
            ledger, [AnswerReview(name, "correct") for name in answer_ids], by="Noor Haddad", role="reviewer",
            occurred_at=WHEN, known_roles=["reviewer"], source="terminal",
        )  # fmt: skip


def activate(folder: Path) -> None:
    """A current release, as far as it is asked for here: its event and its folder."""
    (lake_of(folder).home / "releases" / RELEASE).mkdir(parents=True)
    with ledger_of(folder) as ledger:
        record_activation(
            ledger, RELEASE, by="Ada Moreno", role="support lead", occurred_at=WHEN, known_roles=["support lead"],
            artefacts_digest="f" * 64, note=None, is_rollback=False,
        )  # fmt: skip


def begin(folder: Path, share: float, plan_hash: str, pilot_id: str = "first-pilot") -> None:
    """A share set, whatever stood in its way."""
    with ledger_of(folder) as ledger:
        set_share(
            ledger, pilot_id, share, plan_hash=plan_hash, by="Ada Moreno", role="support lead", occurred_at=WHEN,
            known_roles=["support lead"], reason="As planned.",
        )  # fmt: skip


def shares(folder: Path, pilot_id: str = "first-pilot") -> list[ShareChange]:
    with ledger_of(folder) as ledger:
        return share_changes(ledger, pilot_id)


def run(desk: Path, *words: str, code: int = 0) -> str:
    """Run a command of the group ``pilot``, or of ``sign-off``; what it printed. A failure is one error and no traceback."""
    group = [] if words[0] == "sign-off" else ["pilot"]
    done = CliRunner().invoke(app, [*group, *words, "--desk", str(desk)])
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    if code:
        assert done.output.count("error:") == 1
        assert isinstance(done.exception, SystemExit)
    return done.output


def sign(desk: Path) -> None:
    run(desk, "sign-off", "pilot", *LEAD)
    run(desk, "sign-off", "pilot", *HEAD)


def digest(desk: Path) -> str:
    plan = load_pilot(desk)
    assert plan is not None
    return pilot_hash(plan)


def edit(desk: Path, before: str, after: str) -> None:
    file = desk / "pilot.yaml"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")


def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of another desk leaks in."""
    for name in ("UNDERSTUDY_DESK", "UNDERSTUDY_HOME", "UNDERSTUDY_AS_OF", "DAGSTER_HOME", "UNDERSTUDY_POSTGRES_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "400")


def make_planned(folder: Path) -> Path:
    """With history, and a plan and its baselines, unsigned."""
    history(make(folder))
    run(folder, "init", "--start", START)
    run(folder, "baselines", "--write")
    return folder


def make_ready(folder: Path) -> Path:
    """Nothing stands in the way of a rollout."""
    sign(make_planned(folder))
    drafts(folder)
    tag(folder, "a1", "a2")
    activate(folder)
    return folder
