"""Who was drawn into which arm, out of the answers given, and whether the draw can be trusted."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import ANSWER, ASSIGNMENT, frame_of
from assets.pilot_agent.assignment.assign_rollout import rollout_points
from assets.pilot_agent.assignment.rollout_assignments import (
    draw_in_words,
    mixed_requesters,
    openings_in_rollout,
    rollout_assignments,
)
from desk.pilot import PilotFile
from ledger.pilots import ShareChange

START = pd.Timestamp("2026-03-16", tz="UTC")
PILOT = PilotFile.model_validate(
    {
        "pilot_id": "spring", "start": "2026-03-02",
        "primary": [
            {"metric": "resolution_rate", "kind": "assumed", "margin": 0.05},
            {"metric": "missed_escalation_rate", "against": "limit", "limit": 0.03},
        ],
    }
)  # fmt: skip
NAMES = [f"person-{number}" for number in range(400)]
POINTS = dict(zip(NAMES, rollout_points(NAMES, "spring"), strict=True))
LOW = min(NAMES, key=lambda name: POINTS[name])
HIGH = max(NAMES, key=lambda name: POINTS[name])
MIDDLE = next(name for name in NAMES if 0.12 < POINTS[name] < 0.18)


def opening(number: int, who: str | None, share: float | None = 0.2, **changes) -> dict:
    arm = None if share is None else "ai" if who is not None and POINTS[who] < share else "control"
    return {
        **dict.fromkeys(ANSWER), "answer_id": f"a{number}", "pilot_id": "spring", "ticket_id": f"t{number}", "turn": 1,
        "requester_id": who, "created_at": START + pd.Timedelta(hours=number), "share": share, "arm": arm,
        "phase": "shadow" if share is None else "rollout",
        "mode": {None: "shadow", "ai": "rollout", "control": "control"}[arm],
        "plan": "pro", "language": "en", "channel": "email", **changes,
    }  # fmt: skip


def answers(*rows: dict) -> pd.DataFrame:
    return frame_of(rows, ANSWER)


def change(share: float, sequence: int = 1) -> ShareChange:
    at = dt.datetime(2026, 3, 16, tzinfo=dt.UTC)
    return ShareChange("spring", share, "a" * 64, at, "Ada Moreno", "support lead", "As planned.", sequence)


def fair(share: float = 0.2, **changes) -> list[dict]:
    return [opening(number, name, share, **changes) for number, name in enumerate(NAMES)]


def test_one_row_a_requester_with_the_arm_of_the_first_and_of_the_newest_ticket():
    frame = answers(
        opening(3, MIDDLE, 0.2),
        opening(1, MIDDLE, 0.1),
        opening(2, LOW, 0.1),
        opening(4, HIGH, 0.2),
        opening(0, LOW, None),
    )
    found = rollout_assignments(frame, PILOT, [change(0.1), change(0.2, 2)]).set_index("requester_id")
    assert list(found.reset_index()[list(ASSIGNMENT)].columns) == list(ASSIGNMENT)
    assert set(found.index) == {LOW, MIDDLE, HIGH}
    row = found.loc[MIDDLE]
    assert (row["first_arm"], row["arm"], row["count_tickets"]) == ("control", "ai", 2)
    assert (row["first_ticket_id"], row["first_assigned_at"]) == ("t1", START + pd.Timedelta(hours=1))
    assert (row["share_then"], row["share_now"]) == (0.1, 0.2)
    assert row["point"] == pytest.approx(POINTS[MIDDLE])
    assert (found.loc[LOW, "arm"], found.loc[HIGH, "arm"]) == ("ai", "control")
    assert found.loc[LOW, "count_tickets"] == 1, "the shadow weeks draw nobody"


def test_strangers_other_pilots_and_later_turns_are_no_draw():
    frame = answers(
        opening(1, None), opening(2, LOW, pilot_id="winter"), opening(3, HIGH), opening(3, HIGH, turn=2, answer_id="b")
    )
    found = rollout_assignments(frame, PILOT, [change(0.2)])
    assert found[["requester_id", "count_tickets"]].to_numpy().tolist() == [[HIGH, 1]]
    assert openings_in_rollout(frame, "spring")["answer_id"].tolist() == ["a1", "a3"]


def test_before_the_rollout_the_frame_is_empty_and_typed():
    nothing = rollout_assignments(answers(opening(1, LOW, None)), PILOT, [])
    full = rollout_assignments(answers(opening(1, LOW)), PILOT, [])
    assert nothing.empty
    assert full["share_now"].isna().all()
    assert dict(nothing.dtypes) == dict(full.dtypes)


def test_a_fair_draw_is_said_to_be_in_order():
    said = draw_in_words(answers(*fair()), PILOT)
    assert [kind for kind, _, _ in said] == ["assignment", "balance", "balance", "balance"]
    assert all(is_in_order for _, _, is_in_order in said)
    assert "20.0% were to be" in said[0][1]
    assert draw_in_words(answers(opening(1, LOW, None)), PILOT) == [
        ("assignment", "No ticket has been assigned to an arm yet.", True)
    ]


def test_each_share_is_looked_at_by_itself_and_a_stop_not_at_all():
    later = [{**one, "ticket_id": f"u{place}", "answer_id": f"b{place}"} for place, one in enumerate(fair(0.1))]
    stopped = [{**one, "ticket_id": f"v{place}", "answer_id": f"c{place}"} for place, one in enumerate(fair(0))]
    said = draw_in_words(answers(*fair(), *later, *stopped), PILOT)
    shares = [sentence for kind, sentence, _ in said if kind == "assignment"]
    assert len(shares) == 2
    assert "10.0% were to be" in shares[0]
    assert all(is_in_order for _, _, is_in_order in said)


def test_tickets_that_bypass_the_draw_are_noticed():
    kept = [one for one in fair() if one["arm"] == "control" or one["requester_id"] == LOW]
    ((kind, sentence, is_in_order), *_) = draw_in_words(answers(*kept), PILOT)
    assert (kind, is_in_order) == ("assignment", False)
    assert "bypass the draw" in sentence


def test_arms_that_differ_in_plan_are_noticed():
    for but in (0, 5):
        rows = [
            {**one, "plan": "pro" if place < but or one["arm"] == "ai" else "free"} for place, one in enumerate(fair())
        ]
        said = draw_in_words(answers(*rows), PILOT)
        assert [sentence.split(":")[0] for _, sentence, is_in_order in said if not is_in_order] == ["plan"], but


def test_a_draw_as_the_hash_gives_it_mixes_nothing():
    raised = [opening(900, MIDDLE, 0.1), opening(901, MIDDLE, 0.2), opening(902, None)]
    assert mixed_requesters(answers(*fair(), *raised, opening(903, LOW, None)), PILOT) == []


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (opening(1, HIGH, arm="ai", mode="rollout"), ["1 tickets are in another arm than drawn, such as t1"]),
        (opening(1, LOW, arm="control", mode="control"), ["1 tickets are in another arm than drawn, such as t1"]),
        (opening(1, None, arm="ai", mode="shadow"), ["1 tickets of unknown requesters are in the agent's arm"]),
        (opening(1, HIGH, mode="rollout"), ["1 answers were sent outside the agent's arm, such as for t1"]),
        (opening(1, LOW, None, mode="rollout"), ["1 answers were sent outside the agent's arm, such as for t1"]),
    ],
)
def test_what_mixes_the_arms_is_said_with_a_ticket_to_look_at(row, says):
    assert mixed_requesters(answers(row), PILOT) == says


def test_a_requester_in_both_arms_under_one_share_is_said():
    found = mixed_requesters(answers(opening(1, LOW), opening(2, LOW, arm="control", mode="control")), PILOT)
    assert found[-1] == "1 requesters are in both arms under one share"
