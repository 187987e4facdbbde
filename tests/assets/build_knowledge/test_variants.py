"""What customers say of one variant counts for all variants of the question."""

import pandas as pd

from assets.build_knowledge.variants import share_answered_tickets, share_phrasings, variant_groups

ENTRIES = pd.DataFrame(
    {
        "entry_id": ["reset", "reset-sso", "invite"],
        "category_id": ["login", "login", "login"],
        "question": ["How do I reset my password?", "how do I reset  my password", "How do I invite people?"],
        "phrasings": [["forgot it"], ["company login", "forgot it"], ["add a colleague"]],
    }
)


def test_one_question_makes_variants():
    assert variant_groups(ENTRIES) == {
        "reset": ["reset", "reset-sso"],
        "reset-sso": ["reset", "reset-sso"],
        "invite": ["invite"],
    }


def test_one_question_in_two_categories_makes_none():
    apart = ENTRIES.assign(category_id=["login", "sso", "login"])
    assert variant_groups(apart)["reset"] == ["reset"]


def test_phrasings_are_shared_once_and_own_come_first():
    shared = dict(zip(ENTRIES["entry_id"], share_phrasings(ENTRIES)["phrasings"], strict=True))
    assert shared == {
        "reset": ["forgot it", "company login"],
        "reset-sso": ["company login", "forgot it"],
        "invite": ["add a colleague"],
    }
    assert ENTRIES["phrasings"][0] == ["forgot it"]


def test_a_ticket_counts_for_all_variants_and_entries_that_are_gone_for_none():
    answered = pd.DataFrame(
        {"ticket_id": ["t1", "t1", "t2"], "entry_id": ["reset", "reset-sso", "gone"], "weight": [0.5, 0.8, 1.0]}
    )
    shared = share_answered_tickets(answered, ENTRIES)
    assert shared.set_index(["ticket_id", "entry_id"])["weight"].to_dict() == {
        ("t1", "reset"): 0.8,
        ("t1", "reset-sso"): 0.8,
    }
