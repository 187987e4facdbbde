"""Variants, the fact that selects among them, and entries that are for others."""

from assets.configure_behavior.decisions.candidates import deciding_conditions, fields_to_ask
from assets.configure_behavior.decisions.decide import decide
from tests.assets.configure_behavior.decisions.conftest import said
from tests.assets.configure_behavior.decisions.small_release import ENTRIES, behavior, small_release

LOST = "I lost my phone and the login code, how do I get in?"
OWNER = "I am the only owner and locked out, what now?"


def test_deciding_conditions_are_those_that_variants_do_not_share(release):
    entry = release.entries["sync-ios"]
    assert deciding_conditions(entry, release) == {"os": ["ios"]}
    assert deciding_conditions(release.entries["export-all"], release) == {}
    alone = small_release(entries=[one for one in ENTRIES if one[0] != "sync-android"])
    assert deciding_conditions(alone.entries["sync-ios"], alone) == {}


def test_only_missing_facts_are_asked_for(release):
    invoices = [release.entries["invoice-standard"], release.entries["invoice-legacy"]]
    assert fields_to_ask(invoices, {}) == ["plan"]
    assert fields_to_ask(invoices, {"plan": "pro"}) == []


def lost_phone(*, with_owner: bool):
    """An answer for members, a general one, and perhaps one for owners under a question of its own."""
    rows = [
        ("lost-member", "password_reset", LOST, "Ask the owner to reset your login code.", {"role": ["member"]}),
        ("switch-on", "password_reset", "How do I switch on login codes?", "Open Settings > Security.", {}),
    ]
    if with_owner:
        rows.append(
            ("lost-owner", "password_reset", OWNER, "Write to us from the owner's address.", {"role": ["owner"]})
        )
    return small_release(behavior(pages=[]), entries=rows)


def test_a_question_whose_answer_is_for_others_is_not_answered_with_the_next_best():
    decision = decide(LOST, [], {"role": "owner"}, lost_phone(with_owner=False))
    assert decision.action in ("draft", "escalate")
    by = lost_phone(with_owner=False)
    assert decide(LOST, [], {"role": "member"}, by).entries[0].entry_id == "lost-member"


def test_the_counterpart_for_this_customer_is_suggested():
    decision = decide(f"{LOST} my password", [], {"role": "owner"}, lost_phone(with_owner=True))
    assert decision.entries[0].entry_id == "lost-owner"
    if decision.action == "draft":
        assert "for other customers" in said(decision)
