"""Plain statements are read with their sign; what is supposed, asked or excepted states nothing."""

import pytest

from assets.build_knowledge.findings.claims import claims_in, opposed_claims, yes_or_no


def signs(text):
    return {claim.predicate: claim.is_positive for claim in claims_in(text)}


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("We accept bank transfers.", "Bank transfers are not accepted."),
        ("An admin can restore a board.", "A deleted board cannot be restored."),
        ("Guests can invite people.", "Guests can't invite people."),
        ("We refund monthly plans.", "Monthly plans are non-refundable."),
        ("Your files are kept.", "Your files are deleted."),
        ("Exports are free of charge.", "Exports cost extra."),
        ("Accounts can be merged.", "It is not possible to merge accounts."),
        ("An owner can rename the board.", "Neither guests nor members can rename it."),
        ("Überweisungen werden akzeptiert.", "Überweisungen werden nicht akzeptiert."),
        ("Aceptamos tarjetas.", "No aceptamos tarjetas."),
    ],
)
def test_a_statement_and_its_denial_are_opposed(yes, no):
    assert opposed_claims(claims_in(yes), claims_in(no)) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Can I pay by bank transfer?",
        "You cannot change it unless you are an admin.",
        "Only owners can delete it.",
        "If you cannot sign in, ask an admin.",
        "Click Delete to permanently delete the board.",
        "Never: cookies are not accepted.",
    ],
)
def test_questions_suppositions_exceptions_and_instructions_state_nothing(text):
    assert signs(text) == {}


def test_two_negations_cancel():
    assert signs("It is not impossible.") == {"possible": True}


def test_a_clause_does_not_negate_its_neighbour():
    assert signs("This is not a trial, and cards are accepted.")["accepted"] is True


def test_agreeing_on_any_shared_point_is_no_contradiction():
    one = claims_in("Cards are accepted and refunds are included.")
    other = claims_in("Cards are accepted but refunds are not included.")
    assert opposed_claims(one, other) is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Yes, as CSV.", True),
        ("No. It is not.", False),
        ("Nein, leider nicht.", False),
        ("No mail arrives?", None),
        ("Press it.", None),
    ],
)
def test_an_answer_may_begin_with_yes_or_no(text, answer):
    assert yes_or_no(text) is answer
