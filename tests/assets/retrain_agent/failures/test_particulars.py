"""What an answer names that can be right or wrong."""

from __future__ import annotations

from assets.retrain_agent.failures.particulars import missing_from, particulars

ANSWER = 'Go to Settings > Billing > Invoices, press "Download", and write to billing@example.com within 24 hours.'


def test_values_menus_buttons_and_addresses():
    assert {"settings", "billing", "invoices", "download", "billing@example.com", "24 hours"} <= particulars(ANSWER)
    assert particulars("please try it again a minute later") == frozenset()


def test_only_what_the_other_text_lacks():
    assert missing_from(ANSWER, ANSWER.replace("\n", " ").upper()) == []
    assert "24 hours" in missing_from(ANSWER, ANSWER.replace("24 hours", "12 hours"))
    assert missing_from(ANSWER, ANSWER.replace("Settings >", "Preferences >")) == ["settings"]
    assert missing_from("", ANSWER) == []


def test_the_end_of_a_sentence_ends_a_menu():
    assert particulars("Choose Settings > Pro. You can leave at any time.") == {"settings", "pro"}
