"""Risk beats everything, lack of proof keeps a category from being automated, and people have the last word."""

import math
from dataclasses import replace

import pandas as pd
import pytest

from assets.audit_tickets.roadmap.buckets import BucketEvidence, BucketRules, propose_bucket, shrunk_risk_share
from assets.audit_tickets.roadmap.risk_categories import risk_subject
from assets.audit_tickets.roadmap.training_order import (
    COMPLEXITY_WEIGHTS,
    assign_training_order,
    complexity_parts,
    complexity_score,
    expected_automatable,
    find_simple_tickets,
)

RULES = BucketRules()
GOOD = BucketEvidence(
    is_candidate=False,
    risk_subject=None,
    count_tickets=200,
    count_read=170,
    count_risk=2,
    signal_counts={"churn": 2},
    desk_risk_share=0.05,
    count_strained=5,
    count_training_examples=140,
    answer_consistency=0.35,
    answer_consistency_low=0.30,
    count_answers=150,
    account_context_numerator=10,
    account_context_denominator=150,
)


def propose(**changes: object) -> tuple[str, str]:
    proposal = propose_bucket(replace(GOOD, **changes), RULES)
    return proposal.bucket, " ".join(proposal.reasons)


def test_a_good_category_is_automated_and_says_why_with_numbers() -> None:
    bucket, reasons = propose()
    assert bucket == "automate"
    assert "35.0% over 150 answers" in reasons
    assert "2 of 170" in reasons


def test_risk_by_share_escalates_whatever_the_volume() -> None:
    bucket, reasons = propose(count_tickets=9_000, count_risk=60, signal_counts={"refund": 50, "churn": 20})
    assert bucket == "escalate"
    assert "60 of 170 tickets (35%) carry a risk signal: refund (50) and churn (20)" in reasons


def test_risk_by_subject_escalates_without_a_single_risky_ticket() -> None:
    bucket, reasons = propose(count_risk=0, risk_subject="its name says that the customer asks for money back")
    assert bucket == "escalate"
    assert "asks for money back" in reasons


def test_one_of_two_does_not_escalate_and_does_not_pass_either() -> None:
    assert shrunk_risk_share(1, 2, 0.05, 10) == pytest.approx(0.125)
    bucket, reasons = propose(count_read=2, count_risk=1, signal_counts={"legal": 1})
    assert bucket == "hybrid"
    assert "too few tickets to be sure" in reasons
    assert propose(count_read=10, count_risk=5, signal_counts={"legal": 5})[0] == "escalate"


def test_the_limit_is_the_desks_own() -> None:
    evidence = replace(GOOD, count_risk=17)
    assert propose_bucket(evidence, RULES).bucket == "automate"
    assert propose_bucket(evidence, BucketRules(risk_share=0.08)).bucket == "escalate"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"count_training_examples": 29}, "Too few examples to train on: 29, and 30 are needed"),
        ({"answer_consistency": 0.01, "answer_consistency_low": 0.005}, "Human answers differ"),
        ({"answer_consistency": 0.2, "answer_consistency_low": -0.01}, "too few to show that they are alike"),
        ({"answer_consistency": math.nan, "count_answers": 3}, "Too few human answers"),
        ({"account_context_numerator": 90}, "90 of 150 answered tickets (60%)"),
        ({"count_strained": 80}, "angry or ask for a person"),
        ({"count_tickets": 0}, "No ticket in the window"),
        ({"is_candidate": True}, "nobody has accepted it yet"),
    ],
)
def test_each_lack_of_proof_makes_it_hybrid_and_is_named(changes: dict[str, object], words: str) -> None:
    bucket, reasons = propose(**changes)
    assert bucket == "hybrid"
    assert words in reasons


def test_a_decision_is_shown_beside_the_contrary_proposal() -> None:
    bucket, reasons = propose(decided_bucket="automate", count_training_examples=5)
    assert bucket == "hybrid", "the proposal stays what the figures say"
    assert reasons.startswith("The desk decided 'automate'; the figures alone propose 'hybrid'.")
    assert "cannot be trained before" in reasons
    assert "desk decided" not in propose(decided_bucket="automate")[1]


def test_answers_that_differ_by_a_known_fact_ask_for_conditions_not_for_a_person() -> None:
    bucket, reasons = propose(answer_differs_by=("plan", "sso"))
    assert bucket == "automate"
    assert "Answers differ by plan and sso" in reasons


@pytest.mark.parametrize(
    ("name", "description", "examples"),
    [
        ("Refunds", "", []),
        ("refund_request", "", []),
        ("Kündigung", "", []),
        ("Cancel subscription", "", []),
        ("cancellation", "", []),
        ("Legal & GDPR requests", "", []),
        ("Billing dispute", "", []),
        ("Security incident", "", []),
        ("Money matters", "Customers who dispute an invoice", []),
        ("Account things", "", ["I want to cancel my subscription", "please close my account", "how do I cancel?"]),
        ("Reembolsos", "", []),
    ],
)
def test_risky_subjects_are_recognised(name: str, description: str, examples: list[str]) -> None:
    assert risk_subject(name, description, examples)


@pytest.mark.parametrize(
    ("name", "description", "examples"),
    [
        ("Privacy and security", "", []),
        ("Cancel downloads", "", []),
        ("Cancel a scheduled export", "", []),
        ("Plan changes", "Moving between plans, not cancellations or refunds", []),
        ("Password reset", "", ["I forgot my password", "reset link does not arrive"]),
        ("Legal-size printing", "", []),
        ("Payments", "", ["I was charged twice", "where is my invoice", "change my card"]),
    ],
)
def test_harmless_subjects_are_left_alone(name: str, description: str, examples: list[str]) -> None:
    assert risk_subject(name, description, examples) is None


def test_complexity_is_a_weighted_mean_and_unknown_counts_as_half() -> None:
    assert sum(COMPLEXITY_WEIGHTS.values()) == pytest.approx(1)
    simple = complexity_parts(0.5, 0.0, 0.0, 0.0, 0.15, 0)
    hard = complexity_parts(0.0, 1.0, 1.0, 0.3, 0.15, 2)
    assert complexity_score(simple) == 0
    assert complexity_score(hard) == pytest.approx(1)
    unknown = complexity_parts(math.nan, 0.0, 0.0, 0.0, 0.15, 0)
    assert complexity_score(unknown) == pytest.approx(0.5 * (0.30 + 0.10))
    assert math.isnan(complexity_score(dict.fromkeys(simple, math.nan)))


def roadmap(rows: list[tuple]) -> pd.DataFrame:
    names = [
        "category_id",
        "bucket",
        "kind",
        "has_enough_examples",
        "count_tickets",
        "tickets_per_month",
        "complexity",
        "tier",
    ]
    return pd.DataFrame(rows, columns=names)


def test_training_starts_with_much_and_simple_automate_before_hybrid() -> None:
    order = assign_training_order(
        roadmap(
            [
                ("hybrid_big", "hybrid", "category", True, 900, 300.0, 0.1, None),
                ("hard_big", "automate", "category", True, 300, 100.0, 0.9, None),
                ("easy_small", "automate", "category", True, 90, 30.0, 0.1, None),
                ("wanted_first", "automate", "category", True, 9, 3.0, 0.9, 1),
                ("risky", "escalate", "category", True, 900, 300.0, 0.1, None),
                ("candidate", "hybrid", "candidate", True, 900, 300.0, 0.1, None),
                ("starved", "automate", "category", False, 900, 300.0, 0.1, None),
                ("silent", "hybrid", "category", True, 0, 0.0, 0.1, None),
            ]
        )
    )
    assert order.tolist() == [4, 3, 2, 1, pd.NA, pd.NA, pd.NA, pd.NA]


def test_expected_tickets_come_with_a_range_or_not_at_all() -> None:
    estimate, low, high = expected_automatable(100.0, 30, 60)
    assert estimate == 50
    assert 35 < low < estimate < high < 65
    assert all(math.isnan(value) for value in expected_automatable(100.0, 0, 0))


def test_simple_tickets_were_settled_by_one_answer() -> None:
    start = pd.Timestamp("2026-03-01", tz="UTC")
    rows, comments = [], []
    cases = {
        "settled": (1, 0, True, ["requester", "staff"]),
        "thanked": (1, 0, True, ["requester", "staff", "requester"]),
        "came_back": (1, 0, None, ["requester", "staff", "requester"]),
        "two_answers": (2, 0, None, ["requester", "staff", "staff"]),
        "reopened": (1, 1, True, ["requester", "staff"]),
        "risky": (1, 0, True, ["requester", "staff"]),
        "unanswered": (0, 0, None, ["requester"]),
    }
    for ticket_id, (replies, reopens, one_touch, roles) in cases.items():
        rows.append((ticket_id, replies, reopens, one_touch))
        comments += [(ticket_id, role, True, start + pd.Timedelta(hours=i)) for i, role in enumerate(roles)]
    tickets = pd.DataFrame(
        rows, columns=["ticket_id", "count_staff_replies", "count_reopens", "is_one_touch_resolution"]
    )
    frame = pd.DataFrame(comments, columns=["ticket_id", "author_role", "is_public", "created_at"])
    found = find_simple_tickets(tickets, frame, {"risky"}).set_index("ticket_id")["is_simple"]
    assert found.to_dict() == {
        "settled": True,
        "thanked": True,
        "came_back": False,
        "two_answers": False,
        "reopened": False,
        "risky": False,
    }
