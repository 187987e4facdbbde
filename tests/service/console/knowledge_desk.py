"""A desk for the tests of knowledge in the console: the demo's, with drafts, a finding and corrections to decide about.

Half of what customers and help articles say in it is an attack.
"""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from assets.pilot_agent.answers.frames import ANSWER, frame_of
from desk.entry import Entry
from desk.loading import Desk, load_desk
from ledger.reviews import AnswerReview, record_reviews
from orchestration.lake import Lake, write_parquet
from orchestration.people.knowledge_desk import ledger_of, read_entries
from tests.orchestration.test_knowledge_new import AT, DRAFT, answer, name_of

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> {{7*7}} ${7*7} [x](javascript:alert(3))"
RIGHT = "Open Import and press Undo within 24 hours."
ENTRY = "upgrade-free"
DRAFTS = [f"draft_{number:012x}" for number in (1, 2, 3)]
FINDING = "find_0123456789ab"
TEACHES, MEASURES, ATTACKS = name_of(1), name_of(2), name_of(3)
"""Answers: to a ticket that may teach, to one that may not, and to one that attacks."""


def prepare(folder: Path) -> Path:
    """Put what is to be decided into a copy of the demo's desk."""
    desk = load_desk(folder)
    lake = Lake(desk.home)
    _add_drafts(lake)
    _add_finding(lake, desk)
    _add_answers(lake, desk)
    return folder


def entry_of(folder: Path, name: str) -> Entry:
    """An entry as its file says now."""
    return next(entry for entry in read_entries(load_desk(folder))[0] if entry.id == name)


def entries_about(folder: Path, words: str) -> list[Entry]:
    """Entries whose question holds these words."""
    return [entry for entry in read_entries(load_desk(folder))[0] if words in entry.question]


def _add_drafts(lake: Lake) -> None:
    known = lake.read("knowledge_drafts")
    template = known.iloc[0].to_dict()
    rows = [
        {
            **template,
            **DRAFT,
            "draft_id": name,
            "category_id": "import_data",
            "question": question,
            "answer": answer,
            "phrasings": [f"undo {HOSTILE}"],
            "why": f"12 customers asked this. {HOSTILE}",
            "score": 100.0 - at,
        }
        for at, (name, question, answer) in enumerate(
            [
                (DRAFTS[0], f"Can I undo an import? {HOSTILE}", f"Yes, within 24 hours. {HOSTILE}"),
                (DRAFTS[1], "Can I import from a wiki?", "Not yet."),
                (DRAFTS[2], "Can I import a mind map?", "Not yet."),
            ]
        )
    ]
    closed = known.assign(status=["accepted" if one == "open" else one for one in known["status"]])
    write_parquet(pd.concat([closed, pd.DataFrame(rows)], ignore_index=True), lake.file("knowledge_drafts"))


def _add_finding(lake: Lake, desk: Desk) -> None:
    known = lake.read("knowledge_findings")
    entry = next(one for one in read_entries(desk)[0] if one.id == ENTRY)
    article = lake.read("help_center_articles").iloc[0]
    row = {
        **known.iloc[0].to_dict(),
        "finding_id": FINDING,
        "type": "unsafe",
        "reason": "promise",
        "subject_kind": "entry",
        "subject_id": ENTRY,
        "subject_hash": entry.content_hash,
        "other_kind": "article",
        "other_id": article["article_id"],
        "other_hash": article["article_hash"],
        "is_blocking": True,
        "is_other_blocked": False,
        "evidence": f"says “It takes effect at once”, but somebody says “{HOSTILE}”.",
        "fix": f"Take it out. {HOSTILE}",
        "status": "open",
    }
    write_parquet(pd.concat([known, pd.DataFrame([row])], ignore_index=True), lake.file("knowledge_findings"))


def _add_answers(lake: Lake, desk: Desk) -> None:
    splits = lake.read("ticket_splits").merge(
        lake.read("customer_questions")[["ticket_id"]], how="left", indicator=True
    )
    train = splits.loc[(splits["split"] == "train") & (splits["_merge"] == "both"), "ticket_id"].tolist()
    holdout = splits.loc[splits["split"] == "holdout", "ticket_id"].tolist()
    context = json.dumps({"plan": "pro", "sso": "false"})
    of = {"category_id": "import_data", "entry_ids": [ENTRY], "context": context}
    rows = [
        answer(1, train[0], **of),
        answer(2, holdout[0], **of),
        answer(3, train[1], **{**of, "question": HOSTILE, "reply": HOSTILE}),
    ]
    write_parquet(frame_of(rows, ANSWER), lake.folder / "shadow_answers.parquet")
    said = {TEACHES: RIGHT, MEASURES: RIGHT, ATTACKS: f"{RIGHT} {HOSTILE}"}
    with ledger_of(desk) as ledger:
        record_reviews(
            ledger,
            [AnswerReview(name, "incorrect", right_answer=words, comment=HOSTILE) for name, words in said.items()],
            by="Noor Haddad", role="reviewer", occurred_at=AT.to_pydatetime(), known_roles=["reviewer"], source="console",
        )  # fmt: skip
