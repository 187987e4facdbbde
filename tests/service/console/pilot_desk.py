"""Desks with a pilot for the tests of its dashboard: the invented pilot's frames, in a lake of their own."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import yaml

from ledger.pilots import set_share
from ledger.reviews import AnswerReview, record_reviews
from orchestration.lake import write_parquet
from orchestration.people.pages import PILOT_TABLES
from tests.assets.pilot_agent.report.invented_pilot import NAMES, State, findings
from tests.orchestration.pilot_lakes import DESK, lake_of, ledger_of

NOW = dt.datetime(2026, 4, 20, 9, 30, tzinfo=dt.UTC)
HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} ${7*7} {a|b}"


def pilot_desk(folder: Path, state: State, names: dict[str, str] | None = None) -> Path:
    """A desk in which the invented pilot has come so far; reviews and shares of the past are published, not in the ledger."""
    (folder / "desk.yaml").write_text(DESK, encoding="utf-8")
    categories = [
        {"id": name, "name": words, "bucket": "automate", "tier": 1}
        for name, words in {**NAMES, **(names or {})}.items()
    ]
    (folder / "categories.yaml").write_text(yaml.safe_dump({"categories": categories}), encoding="utf-8")
    lake, found = lake_of(folder), findings(state)
    for part, table in PILOT_TABLES.items():
        frame = getattr(found, part)
        # As the helpdesk's: words of people that did not come through this ledger.
        frame = frame.assign(source="helpdesk") if part == "reviews" else frame
        if len(frame):
            write_parquet(frame, lake.folder / f"{table}.parquet")
    return folder


def untagged(state: State, category: str = "password_reset") -> list[str]:
    """Answers that nobody has tagged, of a category."""
    found = findings(state)
    answers = found.answers[(found.answers["mode"] != "control") & (found.answers["category_id"] == category)]
    return sorted(set(answers["answer_id"]) - set(found.reviews["answer_id"]))


def tag(folder: Path, answer_id: str, tag: str = "correct", by: str = "Noor Haddad", **said: str) -> None:
    """As somebody at a terminal does."""
    with ledger_of(folder) as ledger:
        record_reviews(
            ledger, [AnswerReview(answer_id, tag, **said)], by=by, role="reviewer", occurred_at=NOW,
            known_roles=["reviewer"], source="terminal",
        )  # fmt: skip


def share(folder: Path, share: float) -> None:
    """As whoever may change it does."""
    plan = findings("rollout").plan["pilot_hash"].iloc[0]
    with ledger_of(folder) as ledger:
        set_share(
            ledger, "spring", share, plan_hash=plan, by="Ada Moreno", role="support lead", occurred_at=NOW,
            known_roles=["support lead"], reason="As agreed.",
        )  # fmt: skip
