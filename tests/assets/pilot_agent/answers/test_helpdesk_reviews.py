"""What the tags and fields of a helpdesk say of answers."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import REVIEW
from assets.pilot_agent.answers.helpdesk_reviews import helpdesk_reviews
from desk.review_mapping import Reviews
from tests.assets.pilot_agent.answers.review_frames import MONDAY, answer, answers

MAPPING = Reviews(
    tags={"ai_good": "correct", "AI_Bad": "incorrect", "so so": "needs_improvement"},
    reasons={"ai_old": "outdated", "ai_rude": "tone"},
    field="ai_review",
    reason_field="ai_reason",
    approved_tags=["ai_send"],
    rejected_tags=["ai_stop"],
)


def ticket(number: int = 1, tags: Any = (), **changes: Any) -> dict[str, Any]:
    context = changes.pop("context", {})
    return {
        "ticket_id": f"zd:{number}", "source": "zendesk", "tags": tags, "context": json.dumps(context),
        "assignee_id": "0f0f", "updated_at": MONDAY + pd.Timedelta(days=2), **changes,
    }  # fmt: skip


def read(*tickets: dict[str, Any], given: pd.DataFrame | None = None) -> tuple[list[dict[str, Any]], list[str]]:
    given = answers(answer("a1"), answer("a2")) if given is None else given
    rows, problems = helpdesk_reviews(pd.DataFrame(tickets), given, {"zendesk": MAPPING, "intercom": None})
    assert list(rows.columns) == list(REVIEW)
    return rows.to_dict("records"), problems


@pytest.mark.parametrize(
    ("tags", "context", "expected"),
    [
        (["vip", "AI_GOOD "], {}, ("correct", None, None)),
        (["ai_bad", "ai_rude", "ai_old"], {}, ("incorrect", "outdated", None)),
        ([], {"ai_review": "Needs improvement", "ai_reason": "ai_rude"}, ("needs_improvement", "tone", None)),
        ([], {"ai_review": "so so"}, ("needs_improvement", None, None)),
        (["ai_good"], {"ai_review": "correct"}, ("correct", None, None)),
        (["ai_send"], {}, (None, None, "approve")),
        (["ai_bad", "ai_stop"], {}, ("incorrect", None, "reject")),
    ],
)
def test_tags_and_fields_are_read_without_regard_to_case(tags, context, expected):
    (row,), problems = read(ticket(tags=tags, context=context))
    assert not problems
    said = tuple(None if pd.isna(row[name]) else row[name] for name in ("tag", "reason", "decision"))
    assert said == expected
    assert (row["answer_id"], row["ticket_id"], row["source"], row["reviewer"]) == ("a1", "zd:1", "helpdesk", "0f0f")
    assert row["reviewed_at"] == MONDAY + pd.Timedelta(days=2)


@pytest.mark.parametrize(
    ("tags", "context", "words"),
    [
        (["ai_good", "ai_bad"], {}, "says both correct and incorrect"),
        (["ai_good"], {"ai_review": "incorrect"}, "says both correct and incorrect"),
        (["ai_send", "ai_stop"], {}, "says both approve and reject"),
        (["ai_old"], {}, "gives the reason outdated, but says nothing"),
        ([], {"ai_review": "=HYPERLINK(" + "x" * 500}, "which 'reviews' in desk.yaml does not map"),
    ],
)
def test_a_ticket_that_contradicts_itself_is_set_aside_and_named(tags, context, words):
    rows, problems = read(ticket(1, tags, context=context), ticket(2, ["ai_good"]))
    assert [row["answer_id"] for row in rows] == ["a2"], "the others are unharmed"
    (problem,) = problems
    assert problem.startswith("zd:1: ")
    assert words in problem
    assert len(problem) < 300


def test_the_last_answer_that_the_ticket_can_have_known_is_meant():
    late = MONDAY + pd.Timedelta(days=9)
    given = answers(
        answer("a1", asked_at=MONDAY), answer("b1", turn=2), answer("c1", turn=3, asked_at=late, decided_at=late),
        answer("d1", turn=4, mode="control"),
    )  # fmt: skip
    (row,), _ = read(ticket(tags=["ai_good"]), given=given)
    assert row["answer_id"] == "b1"
    (row,), _ = read(ticket(tags=["ai_good"], updated_at=late), given=given)
    assert row["answer_id"] == "b1", "asked by then, and not yet answered"
    (row,), _ = read(ticket(tags=["ai_good"], updated_at=late + pd.Timedelta(hours=1)), given=given)
    assert row["answer_id"] == "c1"


def test_a_tag_that_was_there_before_the_answer_says_nothing_of_it():
    given = answers(answer("a1", tags_then=["AI_good", "vip"]))
    assert read(ticket(tags=["ai_good", "vip"]), given=given) == ([], [])
    (row,), _ = read(ticket(tags=["ai_good", "ai_bad"]), given=given)
    assert row["tag"] == "incorrect"


def test_what_is_no_review_is_passed_over():
    rows, problems = read(
        ticket(1, ["vip"]), ticket(2, ["ai_good"], source="intercom"), ticket(3, ["ai_good"]),
        ticket(1, ["ai_good"], updated_at=pd.NaT), ticket(2, None, context=None),
    )  # fmt: skip
    assert (rows, problems) == ([], [])


def test_the_same_review_in_a_later_export_keeps_its_id_and_another_one_does_not():
    ((first,), _), ((again,), _), ((other,), _) = (
        read(ticket(tags=["ai_good"])),
        read(ticket(tags=["ai_good", "vip"], updated_at=MONDAY + pd.Timedelta(days=30))),
        read(ticket(tags=["ai_bad"])),
    )
    assert first["review_id"] == again["review_id"] != other["review_id"]


def test_a_ticket_nobody_holds_still_has_a_reviewer():
    (row,), _ = read(ticket(tags=["ai_good"], assignee_id=None))
    assert row["reviewer"] == "zendesk:unassigned"
