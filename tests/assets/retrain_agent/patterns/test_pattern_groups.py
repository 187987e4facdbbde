"""What holds failures of each type together."""

import json

import pytest

from assets.retrain_agent.patterns.pattern_groups import by_most_shared, group_failures
from assets.retrain_agent.patterns.same_matter import read_matter
from tests.assets.retrain_agent.patterns.invented_failures import failure
from tests.encoders import HashingEncoder


def grouped(*rows):
    rows = list(rows)
    found = group_failures(rows, read_matter(rows, HashingEncoder().encode))
    assert sorted(row for group in found for row in group.rows) == list(range(len(rows)))
    return {(group.failure_type, group.key): group.rows for group in found}


def test_stale_answers_go_by_the_entry_to_mend_else_by_the_one_that_was_said():
    found = grouped(
        failure(1, question="where is my bill"),
        failure(2, question="Rechnung bitte", target_entry_id=None),
        failure(3, target_entry_id="other", question="where is my bill"),
    )
    assert found == {
        ("stale_knowledge", ("invoice-download",)): (0, 1),
        ("stale_knowledge", ("other",)): (2,),
    }


def test_the_same_type_of_two_kinds_is_never_mixed():
    found = grouped(failure(1), failure(2, failure_type="retrieval_miss"))
    assert len(found) == 2


def test_intents_go_by_what_was_chosen_and_what_is_right():
    def of(number, chosen, right):
        return failure(
            number,
            failure_type="intent_misclassification",
            category_id=chosen,
            right_category_id=right,
            target_entry_id=None,
        )

    found = grouped(of(1, "a", "b"), of(2, "b", "a"), of(3, "a", "b"), of(4, None, "b"))
    assert set(found.values()) == {(0, 2), (1,), (3,)}


def test_collisions_of_one_entry_go_by_condition_and_one_without_joins_the_largest():
    def of(number, condition):
        return failure(
            number, failure_type="edge_case_collision", condition=None if condition is None else json.dumps(condition)
        )

    found = grouped(
        of(1, {"sso": ["true"]}),
        of(2, {"sso": ["true"]}),
        of(3, {"os": ["ios"]}),
        of(4, None),
        of(5, {"sso": ["true"], "os": ["mac"]}),
    )
    assert set(found.values()) == {(0, 1, 3, 4), (2,)}


def test_missed_escalations_go_by_the_signal_most_share():
    def of(number, question, category=None):
        return failure(
            number,
            failure_type="missed_escalation",
            question=question,
            target_entry_id=None,
            category_id=category,
            right_category_id=None,
        )

    rows = (
        of(1, "I want my money back, please refund me."),
        of(2, "Refund me at once or my lawyer will write to you."),
        of(3, "I demand a refund for May."),
        of(4, "My lawyer will sue you over this.", "contracts"),
        of(5, "Everything is down, nothing loads", "outage"),
        of(6, "Nothing loads, is everything down", "outage"),
    )
    found = group_failures(rows, read_matter(rows, HashingEncoder().encode))
    # One message alone with a signal goes by what it says.
    assert [(group.key, group.rows) for group in found] == [(("refund",), (0, 1, 2)), (("",), (4, 5)), (("",), (3,))]


def test_needless_handovers_go_by_trigger_else_by_category():
    def of(number, trigger, category="invoice_copy"):
        return failure(
            number,
            failure_type="needless_escalation",
            trigger_id=trigger,
            category_id=category,
            right_category_id=category,
        )

    found = grouped(
        of(1, "legal"), of(2, "legal", "password_reset"), of(3, None), of(4, None, "password_reset"), of(5, None, None)
    )
    assert set(found.values()) == {(0, 1), (2,), (3,), (4,)}


@pytest.mark.parametrize(
    ("entries", "together"),
    [(["a", "a", "b"], [(0, 1), (2,)]), (["a", "b", "c", "d"], [(0, 1, 2, 3)]), (["a"], [(0,)])],
)
def test_tone_goes_by_entry_only_where_one_entry_has_half_of_it(entries, together):
    rows = [
        failure(number, failure_type="tone_or_length", said_reason="too_long", entry_ids=[entry])
        for number, entry in enumerate(entries)
    ]
    assert sorted(grouped(*rows).values()) == together


def test_gaps_of_any_category_are_compared_by_what_is_asked():
    def of(number, question, chosen):
        return failure(
            number,
            failure_type="knowledge_gap",
            question=question,
            category_id=chosen,
            right_category_id=None,
            target_entry_id=None,
        )

    found = grouped(
        of(1, "do you offer student discounts", None),
        of(2, "do you offer student discounts please", "invoice_copy"),
        of(3, "app icon looks blurry on my second monitor", None),
    )
    assert len(found) == 1  # one key
    rows = [of(1, "do you offer student discounts", None), of(3, "app icon looks blurry on my second monitor", None)]
    assert len(group_failures(rows, read_matter(rows, HashingEncoder().encode))) == 2


def test_sharing_is_greedy_and_ties_go_by_name():
    assert by_most_shared({0: ["x"], 1: ["x", "y"], 2: ["y"], 3: []}) == {"x": [0, 1, 3], "y": [2]}
    assert by_most_shared({0: ["x"], 1: []}, least=2, join=False) == {None: [0, 1]}
    assert by_most_shared({}) == {}
