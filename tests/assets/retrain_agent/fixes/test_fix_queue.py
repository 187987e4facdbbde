"""What to decide first, what was decided, and what is gone."""

from typing import Any

import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent import frames
from assets.retrain_agent.fixes.fix_queue import URGENT_SCORE, fix_queue
from assets.retrain_agent.fixes.proposal import (
    CATEGORY_EXAMPLES,
    EDIT_ENTRY,
    NOTE,
    TRIGGER,
    Proposal,
    ProposedEntry,
    fix_id,
)

DAY = pd.Timestamp("2026-07-01", tz="UTC")
LATER = DAY + pd.Timedelta(days=7)


def fix(pattern_id: str, score: float, kind: str = EDIT_ENTRY, answer: str = "So.", **more: Any) -> dict[str, Any]:
    proposal = Proposal(
        entries=(ProposedEntry("one", "invoices", "Where?", answer, phrasings=more.pop("phrasings", [])),)
    )
    return {
        **dict.fromkeys(frames.FIX),
        "fix_id": fix_id(pattern_id, kind, proposal),
        "pattern_id": pattern_id,
        "kind": kind,
        "category_id": "invoices",
        "proposal": proposal.to_json(),
        "source_ticket_ids": ["t1"],
        "score": score,
        "minutes_per_month": 10.0,
        "status": "open",
        "is_urgent": False,
        "proposed_as_of": DAY,
        **more,
    }


def decided(name: str, status: str = "accepted", at: pd.Timestamp = DAY, **more: Any) -> dict[str, Any]:
    said = {"change_id": "C-001", "decided_by": "Ada Invented", "note": None, **more}
    return {"fix_id": name, "status": status, "decided_at": at, **said}


def queue(proposed: list[dict], insights: list[dict] = (), decisions: list[dict] = (), previous=None, as_of=DAY):  # type: ignore[assignment]
    insight = pd.DataFrame(list(insights), columns=["insight_id", "text", "category_id", "said_by", "said_at"])
    decision = pd.DataFrame(
        list(decisions), columns=["fix_id", "status", "change_id", "decided_by", "decided_at", "note"]
    )
    return fix_queue(frame_of(proposed, frames.FIX), insight, decision, previous, as_of)


def test_rank_is_by_volume_times_harm_and_ties_go_by_minutes():
    found = queue([fix("a", 1.0), fix("b", 5.0), fix("c", 1.0, minutes_per_month=30.0), fix("d", float("nan"))])

    assert found["pattern_id"].tolist() == ["b", "c", "a", "d"]
    assert found["rank"].tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("kind", "score", "is_urgent"),
    [
        (EDIT_ENTRY, URGENT_SCORE, True),
        (TRIGGER, URGENT_SCORE, True),
        (EDIT_ENTRY, 0.99 * URGENT_SCORE, False),
        (CATEGORY_EXAMPLES, 50.0, False),
        (NOTE, 50.0, False),
    ],
)
def test_knowledge_and_triggers_are_urgent_from_a_bound_on(kind: str, score: float, is_urgent: bool):
    assert queue([fix("a", score, kind)])["is_urgent"].tolist() == [is_urgent]


def test_a_decided_fix_stays_for_ever_and_one_no_longer_proposed_is_withdrawn_until_it_is_back():
    kept, gone = fix("kept", 2.0), fix("gone", 1.0)
    first = queue([kept, gone], decisions=[decided(kept["fix_id"])])

    second = queue([], previous=first, decisions=[decided(kept["fix_id"])], as_of=LATER)
    third = queue([{**gone, "proposed_as_of": LATER}], previous=second, as_of=LATER)

    assert second.set_index("pattern_id")["status"].to_dict() == {"kept": "accepted", "gone": "withdrawn"}
    assert second["rank"].isna().all()
    assert third.set_index("pattern_id")["status"].to_dict() == {"kept": "accepted", "gone": "open"}
    assert third.set_index("pattern_id")["change_id"].to_dict()["kept"] == "C-001"
    assert third.set_index("pattern_id").loc["gone", "proposed_as_of"] == DAY, "first proposed then"


def test_the_newest_decision_counts_and_a_proposal_that_is_still_made_does_not_reopen_it():
    row = fix("a", 2.0)
    decisions = [
        decided(row["fix_id"], "rejected", LATER, note="no", change_id=None),
        decided(row["fix_id"], "accepted", DAY),
    ]

    (found,) = queue([row], decisions=decisions).to_dict("records")

    assert (found["status"], found["note"], found["decided_at"]) == ("rejected", "no", LATER)
    assert pd.isna(found["rank"])


def test_a_better_proposal_takes_the_place_of_an_open_one():
    old, new = fix("a", 2.0), fix("a", 2.0, answer="Otherwise.")

    found = queue([new], previous=queue([old]))

    assert found.set_index("fix_id")["status"].to_dict() == {old["fix_id"]: "withdrawn", new["fix_id"]: "open"}


def test_a_rejected_fix_is_not_asked_about_again_in_other_wordings_until_many_more_speak_for_it():
    old = fix("a", 2.0, phrasings=["where is it"])
    again = fix("a", 2.0, phrasings=["where is it", "I cannot find it"])
    many = {**again, "source_ticket_ids": ["t1", "t2"]}
    other = fix("a", 2.0, answer="Otherwise.")
    said_no = [decided(old["fix_id"], "rejected")]
    before = queue([old], decisions=said_no)

    assert queue([again], decisions=said_no, previous=before)["status"].tolist() == ["rejected"]
    assert queue([many], decisions=said_no, previous=before)["status"].tolist() == ["open", "rejected"]
    assert queue([other], decisions=said_no, previous=before)["status"].tolist() == ["open", "rejected"]


def test_what_people_said_is_a_note_beside_its_category_without_personal_data():
    insights = [
        {"insight_id": "i1", "text": "Ask jane.miller@private.example: invoices confuse them.", "category_id": "invoices", "said_by": "Ada Invented", "said_at": DAY},
        {"insight_id": "i2", "text": "Mondays are loud.", "category_id": None, "said_by": "Ada Invented", "said_at": DAY},
    ]  # fmt: skip

    found = queue([fix("a", 3.0), fix("b", 1.0)], insights)

    assert found["insight_id"].fillna("").tolist() == ["", "i1", "", "i2"]
    assert set(found.loc[found["insight_id"].notna(), "kind"]) == {NOTE}
    shown = " ".join(found["title"].dropna().tolist() + found["why"].dropna().tolist())
    assert "private.example" not in shown
    assert "Ada" not in shown
    assert queue([], insights, [decided(found["fix_id"].iloc[1], "rejected")])["status"].tolist() == [
        "open",
        "rejected",
    ]


def test_an_empty_queue_is_typed():
    assert list(queue([]).columns) == list(frames.FIX)
