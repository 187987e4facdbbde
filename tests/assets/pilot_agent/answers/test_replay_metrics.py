"""What a replay says: rates over the right tickets, and how much is wrong at which coverage."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import REPLAY, frame_of
from assets.pilot_agent.answers.replay_metrics import CURVE, IN_WORDS, RATES, replay_curve, replay_rates
from assets.pilot_agent.verdict.clustered_rates import exact_bounds, tally, wilson


def row(number: int, **changes: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(REPLAY), "ticket_id": f"t{number}", "requester_id": f"p{number}", "action": "answer",
        "category_id": "login", "confidence": 0.9, "was_escalated": False, "is_category_right": True,
        "is_entry_right": True, "judged_by": "reply", **changes,
    }  # fmt: skip


def replay(*rows: dict[str, Any]) -> pd.DataFrame:
    return frame_of(rows, REPLAY)


def counts(frame: pd.DataFrame) -> dict[str, tuple[int, int]]:
    return {one.rate: (one.numerator, one.denominator) for one in replay_rates(frame).itertuples()}


MIXED = replay(
    row(1),
    row(2, judged_by="link", is_entry_right=False),
    row(3, action="ask", is_entry_right=None, judged_by="none"),
    row(4, action="draft", is_category_right=False, is_entry_right=True, judged_by="link"),
    row(5, action="escalate", category_id=None, is_category_right=False, is_entry_right=False, was_escalated=True),
    row(6, action="escalate", is_category_right=None, is_entry_right=None, judged_by="none"),
    row(7, was_escalated=True, is_category_right=None),
    row(8, was_escalated=None, is_category_right=None, is_entry_right=None, judged_by="none", action="draft"),
)


def test_every_rate_counts_what_its_words_say():
    found = counts(MIXED)
    assert found == {
        "involvement_rate": (4, 8),
        "category_agreement": (3, 5),
        "category_agreement_where_known": (3, 4),
        "article_agreement": (1, 2),
        "answer_agreement": (3, 5),
        "answered_right": (2, 3),
        "escalation_agreement": (1, 2),
        "needless_escalation": (1, 5),
    }
    assert set(found) == set(IN_WORDS)


def test_intervals_are_wilsons_and_a_requester_counts_once():
    frame = replay_rates(replay(*(row(number, is_entry_right=number % 4 > 0) for number in range(40))))
    assert list(frame.columns) == list(RATES)
    one = frame.set_index("rate").loc["answered_right"]
    assert one["value"] == 0.75
    hits = np.array([number % 4 > 0 for number in range(40)])
    assert (one["low"], one["high"]) == pytest.approx(wilson(tally(hits, np.arange(40))))
    same = [row(number, is_entry_right=number % 4 > 0, requester_id=f"p{number % 4}") for number in range(40)]
    wide = replay_rates(replay(*same)).set_index("rate").loc["answered_right"]
    assert wide["high"] - wide["low"] > 1.5 * (one["high"] - one["low"])


def test_requesters_nobody_knows_are_not_one_person():
    known = replay(*(row(number, is_entry_right=number % 2 == 0) for number in range(30)))
    unknown = known.assign(requester_id=pd.Series([None] * 30, dtype="string"))
    pd.testing.assert_frame_equal(replay_rates(known), replay_rates(unknown))


def test_what_cannot_be_measured_is_left_out_and_nothing_gives_nothing():
    blind = replay(row(1, is_category_right=None, is_entry_right=None, judged_by="none"))
    assert set(counts(blind)) == {"involvement_rate", "needless_escalation"}
    assert counts(replay()) == {}
    assert list(replay_rates(replay()).columns) == list(RATES)


def test_the_most_confident_are_covered_first_and_risk_is_what_was_wrong_among_them():
    rows = [row(number, confidence=1 - number / 100, is_entry_right=number not in (3, 7)) for number in range(10)]
    curve = replay_curve(replay(*reversed(rows)))
    assert list(curve.columns) == list(CURVE)
    assert curve["count_answered"].tolist() == list(range(1, 11))
    assert curve["coverage"].tolist() == pytest.approx([number / 10 for number in range(1, 11)])
    assert curve["risk"].tolist() == pytest.approx([0, 0, 0, 1 / 4, 1 / 5, 1 / 6, 1 / 7, 2 / 8, 2 / 9, 2 / 10])
    assert curve["threshold"].tolist() == pytest.approx([1 - number / 100 for number in range(10)])
    whole = tally(np.array([number in (3, 7) for number in range(10)]), np.arange(10))
    assert (curve["low"].iloc[-1], curve["high"].iloc[-1]) == pytest.approx(exact_bounds(whole, 0.025))


def test_coverage_is_out_of_all_that_are_known_and_what_goes_to_people_anyway_is_never_covered():
    unsure, hybrid = "Less sure than 5 % risk allows.", "Login is hybrid."
    reasons = json.dumps([{"step": "bucket", "sentence": hybrid}, {"step": "threshold", "sentence": unsure}])
    frame = replay(
        row(1), row(2, action="draft", confidence=0.4, handoff_reason=unsure, reasons=reasons),
        row(6, action="draft", confidence=0.95, handoff_reason=hybrid, reasons=reasons),
        row(3, action="escalate", confidence=0.99),
        row(4, action="draft", confidence=None), row(5, is_entry_right=None, judged_by="none"),
    )  # fmt: skip
    curve = replay_curve(frame)
    assert curve["count_answered"].tolist() == [1, 2]
    assert curve["coverage"].tolist() == [0.2, 0.4]


def test_a_long_curve_has_as_many_steps_as_asked_for_and_ends_at_the_last_ticket():
    curve = replay_curve(replay(*(row(number, confidence=number / 500) for number in range(500))), steps=20)
    assert len(curve) == 20
    assert curve["count_answered"].iloc[-1] == 500
    assert curve["count_answered"].is_monotonic_increasing


def test_without_a_judged_ticket_there_is_no_curve():
    assert replay_curve(replay()).empty
    assert replay_curve(replay(row(1, is_entry_right=None, judged_by="none"))).empty
