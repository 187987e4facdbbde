"""Conditions read off the customers who got an answer."""

import pandas as pd

from assets.build_knowledge.drafts.answer_conditions import derive_conditions, fits, ticket_contexts


def contexts(**columns):
    return pd.DataFrame(columns, dtype="object")


def test_an_answer_that_goes_with_a_fact_gets_it_as_condition_with_counts():
    facts = contexts(sso=["true"] * 6 + ["false"] * 8 + [None] * 3)
    found = derive_conditions([0, 1, 2, 3, 4, 5, 14], facts, "Ask your IT.")
    assert found.conditions == {"sso": ["true"]}
    assert found.support == {"sso": (6, 6)}


def test_a_fact_that_only_goes_along_with_the_deciding_one_is_left_out():
    facts = contexts(sso=["true"] * 8 + ["false"] * 12, plan=["pro"] * 8 + ["pro"] * 2 + ["free"] * 10)
    assert derive_conditions(range(8), facts, "Ask your IT.").conditions == {"sso": ["true"]}


def test_no_condition_where_everybody_gets_the_answer_alike():
    facts = contexts(plan=["pro", "free"] * 10)
    assert derive_conditions(range(10), facts, "Press Export.").conditions == {}


def test_a_few_customers_prove_nothing_unless_the_answer_names_the_value():
    facts = contexts(os=["ios"] * 3 + ["android"] * 3 + [None] * 4)
    assert derive_conditions([0, 1, 2], facts, "Switch on background refresh.").conditions == {}
    assert derive_conditions([0, 1, 2], facts, "On iOS switch on background refresh.").conditions == {"os": ["ios"]}


def test_several_values_may_share_an_answer():
    facts = contexts(plan=["pro"] * 5 + ["legacy"] * 5 + ["free"] * 9)
    assert derive_conditions(range(10), facts, "Export all.").conditions == {"plan": ["legacy", "pro"]}


def test_values_are_canonical_and_subjects_are_no_facts():
    tickets = pd.DataFrame(
        {
            "ticket_id": ["a", "b", "c"],
            "os": ["macOS", "Windows 11", None],
            "plan": ["Pro", "pro", "Free"],
            "context": ['{"topic": "x", "role": "Owner"}', '{"topic": "y", "role": "member"}', None],
        }
    )
    facts = ticket_contexts(tickets)
    assert list(facts.columns) == ["os", "plan", "role"]
    assert facts.loc["a"].tolist() == ["mac", "pro", "owner"]
    assert facts.loc["c", "os"] is None


def test_unknown_facts_speak_against_nothing():
    facts = contexts(plan=["pro", "free", None])
    assert fits(facts, {"plan": ["pro"]}).tolist() == [True, False, True]
    assert fits(facts, {"role": ["owner"]}).tolist() == [True, True, True]
