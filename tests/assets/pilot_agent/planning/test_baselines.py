"""How people did before the pilot, counted with the definitions the pilot is judged by."""

from __future__ import annotations

import warnings
from typing import Any

import pandas as pd
import pytest

from assets.pilot_agent.planning.baselines import baselines_from_history, csat_response, history_outcomes
from desk.pilot import PilotFile

AS_OF = pd.Timestamp("2026-03-02", tz="UTC")
CAME = pd.Timestamp("2026-02-02 09:00", tz="UTC")
DAY = pd.Timedelta(days=1)


def plan(kind: str = "assumed", **changes: Any) -> PilotFile:
    document = {
        "pilot_id": "spring", "start": AS_OF.date(),
        "primary": [
            {"metric": "resolution_rate", "kind": kind, "margin": 0.05},
            {"metric": "missed_escalation_rate", "against": "limit", "limit": 0.03},
        ],
    }  # fmt: skip
    return PilotFile.model_validate({**document, **changes})


def ticket(name: str, *said: str, status: str = "open", at: pd.Timestamp = CAME, **changes: Any) -> dict[str, Any]:
    """said: who wrote after the opening, a day after one another; a "!" marks an accepted answer, "note" is not public."""
    return {
        "ticket_id": name, "requester_id": f"of {name}", "category": "login", "status": status, "created_at": at,
        "said": said, "is_in_audit": True, "csat": None, "count_reopens": 0, "solved_at": None,
        "handle_time_minutes": None, "handle_time_proxy_minutes": 10.0, **changes,
    }  # fmt: skip


def outcomes(*rows: dict[str, Any], as_of: pd.Timestamp = AS_OF, settle_days: int = 7) -> pd.DataFrame:
    tickets = pd.DataFrame([{k: v for k, v in row.items() if k not in ("said", "category")} for row in rows])
    for name in ("created_at", "solved_at"):
        tickets[name] = pd.to_datetime(tickets[name], utc=True).astype("datetime64[us, UTC]")
    comments = [
        {
            "ticket_id": row["ticket_id"], "position": place, "author_role": role.strip("!").replace("note", "staff"),
            "is_public": role != "note", "is_solution": role.endswith("!"), "is_spam": False,
            "created_at": row["created_at"] + (place - 1) * DAY,
        }
        for row in rows
        for place, role in enumerate(["requester", *row["said"]], 1)
    ]  # fmt: skip
    intents = pd.DataFrame(
        [(row["ticket_id"], row["category"]) for row in rows], columns=["ticket_id", "assigned_category_id"]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return history_outcomes(tickets, intents, pd.DataFrame(comments), as_of, settle_days).set_index("ticket_id")


def truth(value: Any) -> bool | None:
    return None if pd.isna(value) else bool(value)


@pytest.mark.parametrize(
    ("said", "status", "resolved"),
    [
        (["staff"], "open", True),
        (["bot"], "open", True),
        (["staff", "requester"], "open", False),
        (["staff", "requester"], "solved", True),
        (["staff", "requester", "staff"], "open", True),
        ([], "solved", False),
        ([], "open", False),
        (["note"], "closed", False),
        (["staff", "note"], "open", True),
    ],
)
def test_assumed_resolved_is_answered_and_not_written_again_or_solved(said, status, resolved):
    assert truth(outcomes(ticket("a", *said, status=status)).at["a", "is_resolved_assumed"]) is resolved


def test_confirmed_is_an_answer_the_customer_accepted():
    frame = outcomes(ticket("a", "staff!"), ticket("b", "staff"))
    assert [truth(one) for one in frame["is_resolved_confirmed"]] == [True, False]


def test_what_may_still_change_is_not_known_yet():
    late = ticket("late", "staff", at=AS_OF - 7 * DAY)
    just = ticket("just", "staff", at=AS_OF - 8 * DAY)
    silent = ticket("silent", at=AS_OF - 7 * DAY)
    frame = outcomes(late, just, silent)
    assert [truth(one) for one in frame["is_resolved_assumed"]] == [None, True, False]
    assert [truth(one) for one in outcomes(late, settle_days=3)["is_resolved_assumed"]] == [True]


@pytest.mark.parametrize(
    ("second", "comes_back"),
    [
        ({"at": CAME + 2 * DAY}, True),
        ({"at": CAME + 8 * DAY}, True),
        ({"at": CAME + 9 * DAY}, False),
        ({"at": CAME + 0.5 * DAY}, False),
        ({"at": CAME + 2 * DAY, "category": "billing"}, False),
        ({"at": CAME + 2 * DAY, "requester_id": "somebody else"}, False),
    ],
)
def test_a_false_resolution_is_the_same_requester_back_on_the_same_category_within_seven_days(second, comes_back):
    first = ticket("a", "staff", requester_id="ada")
    frame = outcomes(first, ticket("b", "staff", **{"requester_id": "ada", **second}))
    assert truth(frame.at["a", "is_false_resolution"]) is comes_back
    assert truth(frame.at["b", "is_false_resolution"]) is False, "the second one was not followed by a third"


def test_seven_days_count_from_the_last_answer_and_not_from_when_the_helpdesk_closed():
    first = ticket("a", "staff", requester_id="ada", status="closed", solved_at=CAME + 5 * DAY)
    frame = outcomes(first, ticket("b", "staff", requester_id="ada", at=CAME + 3 * DAY))
    assert truth(frame.at["a", "is_false_resolution"]) is True
    late = outcomes(first, ticket("b", "staff", requester_id="ada", at=CAME + 10 * DAY))
    assert truth(late.at["a", "is_false_resolution"]) is False


def test_a_reopened_ticket_is_a_false_resolution_and_what_was_never_resolved_or_cannot_return_is_none():
    frame = outcomes(
        ticket("reopened", "staff", count_reopens=1),
        ticket("waiting", "staff", "requester"),
        ticket("stranger", "staff", requester_id=None),
        ticket("unknown", "staff", category=None),
        ticket("fresh", "staff", at=AS_OF - 7 * DAY, requester_id="ada"),
    )
    assert {name: truth(one) for name, one in frame["is_false_resolution"].items()} == {
        "reopened": True, "waiting": None, "stranger": None, "unknown": None, "fresh": None,
    }  # fmt: skip


def test_ratings_and_minutes_are_null_where_nobody_gave_any():
    frame = outcomes(ticket("a", "staff", csat="good"), ticket("b", "staff", csat="bad"), ticket("c", "staff"))
    assert [truth(one) for one in frame["csat_positive"]] == [True, False, None]
    assert frame["handle_minutes"].tolist() == [10, 10, 10]
    recorded = outcomes(ticket("a", "staff", handle_time_minutes=4.0), ticket("b", "staff"))
    assert recorded.at["a", "handle_minutes"] == 4
    assert pd.isna(recorded.at["b", "handle_minutes"]), "recorded minutes and the proxy never mix"


def test_tickets_outside_the_audit_are_no_history():
    assert outcomes(ticket("a", "staff"), ticket("b", "staff", is_in_audit=False)).index.tolist() == ["a"]


def history(count: int = 40) -> pd.DataFrame:
    rows = [
        ticket(
            f"t{number}", "staff", *(["requester"] if number % 4 == 0 else []), category="login" if number % 2 else "billing",
            at=CAME - number * DAY, csat="good" if number % 5 else "bad", requester_id=f"p{number % 30}",
        )
        for number in range(count)
    ]  # fmt: skip
    return outcomes(*rows).reset_index()


def test_baselines_over_all_and_of_each_category_with_the_window_they_come_from():
    found = baselines_from_history(history(), plan(), ["billing", "login"], weeks=6)
    by_name = {(one.metric, one.category_id): one for one in found}
    assert {metric for metric, _ in by_name} == {"resolution_rate", "false_resolution_rate", "csat", "handle_time"}
    assert {name for _, name in by_name} == {None, "billing", "login"}
    assert len(by_name) == len(found)
    whole = by_name["resolution_rate", None]
    assert (str(whole.window_start), str(whole.window_end)) == ("2026-01-19", "2026-03-01")
    assert (whole.kind, whole.numerator, whole.denominator) == ("assumed", 11, 15)
    assert whole.numerator == sum(by_name["resolution_rate", name].numerator for name in ("billing", "login"))
    assert by_name["resolution_rate", "login"].rate == 1.0
    assert by_name["csat", None].kind is None
    assert by_name["handle_time", None].rate == 10
    longer = baselines_from_history(history(), plan(), ["billing", "login"], weeks=12)
    assert longer[0].denominator == 40
    assert longer[0].design_effect > 1, "requesters who came back count for less"


def test_they_fit_into_the_plan_they_are_for():
    found = baselines_from_history(history(), plan(), ["billing", "login"])
    assert plan(baselines=[one.model_dump() for one in found]).baseline("csat", "login") in found


def test_each_kind_of_resolution_is_counted_by_itself_and_a_review_has_no_history():
    frame = history()
    confirmed = [
        one for one in baselines_from_history(frame, plan("confirmed"), ["login"]) if one.metric == "resolution_rate"
    ]
    assert {(one.kind, one.numerator) for one in confirmed} == {("confirmed", 0)}
    assert "resolution_rate" not in {one.metric for one in baselines_from_history(frame, plan("verified"), ["login"])}


def test_what_was_never_seen_is_left_out():
    frame = history()
    assert {one.category_id for one in baselines_from_history(frame, plan(), ["login", "rare"])} == {None, "login"}
    assert baselines_from_history(frame, plan(), []) == []
    assert baselines_from_history(frame, plan(start="2030-01-01"), ["login"]) == []


def test_the_response_rate_is_out_of_what_is_settled():
    frame = outcomes(
        ticket("a", "staff", csat="good"), ticket("b", "staff"), ticket("c", "staff", at=AS_OF - DAY, csat="bad")
    ).reset_index()
    assert csat_response(frame) == 0.5
    assert csat_response(frame.iloc[:0]) == 0.0
