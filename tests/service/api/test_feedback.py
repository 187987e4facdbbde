from __future__ import annotations

from typing import Any

import pytest

from ledger.live import feedback_given, handoffs_closed
from service.identity.tokens import Scope
from tests.service.api.live import Live

pytestmark = pytest.mark.graph
NOBODY = "0" * 32
GOOD: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"kind": "thumbs", "thumbs": "down", "comment": "Hm."}, {"thumbs": "down", "comment": "Hm."}),
    ({"kind": "csat", "score": 4}, {"score": 4}),
    ({"kind": "csat", "score": "bad", "comment": "=1+1 <b>"}, {"rating": "bad", "comment": "=1+1 <b>"}),
    ({"kind": "escalation", "reason": "Wanted a person."}, {"reason": "Wanted a person."}),
    ({"kind": "correction", "right_answer": "Press it twice."}, {"right_answer": "Press it twice."}),
    ({"kind": "correction", "right_entry_id": "password-reset"}, {"right_entry_id": "password-reset"}),
]
BAD: list[tuple[dict[str, Any], str]] = [
    ({"kind": "stars", "stars": 5}, "#/kind"),
    ({"thumbs": "up"}, "#/kind"),
    ({"kind": "thumbs"}, "#/thumbs"),
    ({"kind": "thumbs", "thumbs": "sideways"}, "#/thumbs"),
    ({"kind": "thumbs", "thumbs": "up", "score": 5}, "#/score"),
    ({"kind": "csat", "score": 6}, "#/score"),
    ({"kind": "csat", "score": "5"}, "#/score"),
    ({"kind": "csat", "score": True}, "#/score"),
    ({"kind": "escalation", "reason": "  "}, "#/reason"),
    ({"kind": "correction"}, "#"),
    ({"kind": "correction", "right_answer": "x" * 20_001}, "#/right_answer"),
]


@pytest.fixture(scope="module")
def decision_id(app: Live) -> str:
    return str(app.decide()["decision_id"])


@pytest.mark.parametrize(("said", "kept"), GOOD)
def test_feedback_is_kept_as_it_was_said(app: Live, said: dict[str, Any], kept: dict[str, Any]):
    decision_id = app.decide()["decision_id"]
    answer = app.post("/v1/feedback", {"decision_id": decision_id, **said})
    assert answer.status_code == 200
    ((event, by, words),) = feedback_given(app.service.ledger, decision_id)
    assert words == {"kind": said["kind"], **kept}
    assert (by, event.role) == ("shop widget", "api client")
    assert answer.json()["feedback_id"] == event.event_id


@pytest.mark.parametrize(("said", "where"), BAD)
def test_feedback_that_says_nothing_known_is_refused(app: Live, decision_id: str, said: dict[str, Any], where: str):
    before = app.service.ledger.head()
    answer = app.post("/v1/feedback", {"decision_id": decision_id, **said})
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [where]
    assert app.service.ledger.head() == before


def test_feedback_on_nothing_is_not_found(app: Live):
    app.token()
    before = app.service.ledger.head()
    answer = app.post("/v1/feedback", {"kind": "thumbs", "thumbs": "up", "decision_id": NOBODY})
    assert answer.status_code == 404
    assert app.service.ledger.head() == before


def test_feedback_under_one_key_counts_once(app: Live):
    decision_id = app.decide()["decision_id"]
    body = {"kind": "thumbs", "thumbs": "up", "decision_id": decision_id}
    first, again = (app.post("/v1/feedback", body, key="f") for _ in range(2))
    assert (first.status_code, again.content) == (200, first.content)
    assert app.post("/v1/feedback", {**body, "thumbs": "down"}, key="f").status_code == 422
    assert len(list(feedback_given(app.service.ledger, decision_id))) == 1


def test_feedback_needs_its_scope(app: Live, decision_id: str):
    token = app.token(Scope.DECISIONS_WRITE, name="decides only")
    body = {"kind": "thumbs", "thumbs": "up", "decision_id": decision_id}
    assert app.post("/v1/feedback", body, token=token).status_code == 403


def test_a_handoff_is_closed_and_the_last_word_holds(app: Live):
    decision_id = app.decide("How do I cancel?")["decision_id"]
    path = f"/v1/handoffs/{decision_id}/outcome"
    assert app.post(path, {"resolved_by": "Ada Moreno", "outcome": "unresolved"}).status_code == 200
    said = {
        "resolved_by": "Ada Moreno", "outcome": "resolved", "was_needed": True, "handle_minutes": 6.5,
        "right_answer": "Done.", "comment": "Annual plan.",
    }  # fmt: skip
    answer = app.post(path, said, key="closed")
    assert app.post(path, said, key="closed").content == answer.content
    closed = list(handoffs_closed(app.service.ledger, decision_id))
    assert [words for _, _, words in closed] == [{"resolved_by": "Ada Moreno", "outcome": "unresolved"}, said]
    assert answer.json()["outcome_id"] == closed[-1][0].event_id


def test_only_what_was_handed_over_can_be_closed(app: Live, decision_id: str):
    said = {"resolved_by": "Ada Moreno", "outcome": "resolved"}
    assert app.post(f"/v1/handoffs/{decision_id}/outcome", said).status_code == 409
    assert app.post(f"/v1/handoffs/{NOBODY}/outcome", said).status_code == 404
    assert app.post("/v1/handoffs/nothing/outcome", said).status_code == 422
    escalated = app.decide("How do I cancel?")["decision_id"]
    path = f"/v1/handoffs/{escalated}/outcome"
    for wrong in ({"outcome": "gone"}, {"handle_minutes": -1}, {"handle_minutes": "5"}, {"resolved_by": ""}, {"x": 1}):
        assert app.post(path, {**said, **wrong}).status_code == 422, wrong
    assert list(handoffs_closed(app.service.ledger, escalated)) == []
