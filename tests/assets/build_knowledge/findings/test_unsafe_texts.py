"""What must not reach a customer unread is found; what only sounds like it is not."""

import pytest

from assets.build_knowledge.findings.audit_settings import AuditSettings
from assets.build_knowledge.findings.unsafe_texts import find_unsafe_texts
from tests.assets.build_knowledge.findings.audited import article, texts


def unsafe(text, **given):
    return [
        finding.reason for finding in find_unsafe_texts(texts(article("a1", "About us", text)), AuditSettings(**given))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "We guarantee that your data is never lost.",
        "Delivery within a day is guaranteed.",
        "You keep this price for ever.",
        "Get access for life.",
        "We refund you, no questions asked.",
        "The service is 100% secure.",
        "It can never be hacked.",
        "You can ask for a full refund at any time.",
        "Wir garantieren eine Antwort am selben Tag.",
        "Der Tarif bleibt für immer kostenlos.",
        "Garantizamos un reembolso.",
    ],
)
def test_promises(text):
    assert unsafe(text) == ["promise"]


@pytest.mark.parametrize(
    "text",
    [
        "We cannot guarantee an answer on the same day.",
        "There is no guarantee.",
        "Deleted boards are gone forever.",
        "It takes forever to load? Clear the cache.",
        "We never ask for your password.",
        "To guarantee that mails arrive, allow our address.",
        "You can ask for a refund within 14 days.",
    ],
)
def test_limits_and_losses_are_no_promises(text):
    assert unsafe(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "We shall not be liable for any loss.",
        "You hereby waive all claims.",
        "To the fullest extent permitted by law it is sold as is.",
        "This contract is governed by the laws of Ruritania.",
        "Die Haftung ist ausgeschlossen.",
    ],
)
def test_legal_wording(text):
    assert unsafe(text) == ["legal_wording"]


@pytest.mark.parametrize(
    "text", ["Deletion follows the GDPR.", "Read the terms of service.", "You are responsible for your password."]
)
def test_plain_words_about_rules_are_fine(text):
    assert unsafe(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Internal only: raise the limit in the admin tool.",
        "Do not share this with customers.",
        "See wiki.corp.larkfield.example for the list.",
    ],
)
def test_notes_for_colleagues(text):
    assert "internal_name" in unsafe(text)


def test_names_the_desk_lists_are_internal():
    assert unsafe("Ask Project Heron for it.", internal_names=("Project Heron",)) == ["internal_name"]
    assert unsafe("A heron is a bird.", internal_names=("Project Heron",)) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Write to mila.sandoval@larkfield.example.", "personal_data"),
        ("Call Mila on her mobile +49 151 23456789.", "personal_data"),
        ("Use the key sk_live_4eC39HqLyjWDarjtT1zdp7dc.", "secret"),
    ],
)
def test_personal_data_and_secrets_are_found_and_not_repeated(text, reason):
    (finding,) = find_unsafe_texts(texts(article("a1", "Contact", text)), AuditSettings())
    assert finding.reason == reason
    for value in ("mila.sandoval", "23456789", "4eC39Hq"):
        assert value not in finding.evidence


@pytest.mark.parametrize(
    "text",
    [
        "Write to support@larkfield.example or no-reply@larkfield.example.",
        "Type your address, for example anna.weber@gmail.com.",
        "Type you@example.com.",
        "Call our hotline: +49 30 901820.",
        "Password: your mail password",
        "The order number has 9 digits, such as 123456789.",
    ],
)
def test_role_addresses_hotlines_and_examples_are_nobodys(text):
    assert unsafe(text) == []
