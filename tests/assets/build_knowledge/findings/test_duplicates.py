"""Copies are found, by words or by meaning; twins for two products and an entry with its source are not."""

from assets.build_knowledge.findings.duplicates import find_duplicates
from tests.assets.build_knowledge.findings.audited import article, entry, texts
from tests.encoders import HashingEncoder

EXPORT = """To export your calendar open the settings of the calendar and press Export.
You get a file by mail within the hour. The file holds every booking of the last year."""
COPY = """To export your calendar open the calendar's settings and press Export.
You get a file by mail within an hour. The file holds all bookings of the last year."""
OTHER = """Invite your colleagues on the People page. Type their addresses and press Invite.
Each of them gets a mail with a link that leads to the workspace and a short tour."""


def find(*rows):
    return find_duplicates(texts(*rows), HashingEncoder().encode)


def test_a_copy_in_nearly_the_same_words():
    (finding,) = find(article("a1", "Export a calendar", EXPORT), article("a2", "Download your calendar", COPY))
    assert (finding.reason, finding.is_blocking) == ("same_content", False)
    assert {finding.subject_id, finding.other_id} == {"a1", "a2"}


def test_the_older_copy_is_the_one_to_give_up():
    (finding,) = find(
        article("a1", "Export a calendar", EXPORT), article("a2", "Download it", COPY, updated_at="2024-01-01")
    )
    assert (finding.subject_id, finding.other_id) == ("a2", "a1")


def test_other_content_and_other_conditions_are_no_copy():
    assert find(article("a1", "Export a calendar", EXPORT), article("a2", "Invite people", OTHER)) == []
    mac, windows = '{"os": ["mac"]}', '{"os": ["windows"]}'
    assert (
        find(article("a1", "Export", EXPORT, conditions=mac), article("a2", "Export", COPY, conditions=windows)) == []
    )


def test_twins_for_two_products_are_no_copies():
    slack = EXPORT.replace("calendar", "calendar for Slack")
    outlook = EXPORT.replace("calendar", "calendar for Outlook")
    assert find(article("a1", "Export to Slack", slack), article("a2", "Export to Outlook", outlook)) == []


def test_one_setting_in_technical_words():
    plain = "Settings > Notifications > E-mail: Mentions only, Daily digest or Off. Changes work within an hour."
    technical = "Dispatch is configured through Settings > Notifications > E-mail: Mentions only, Daily digest or Off."
    pair = (article("a1", "Get fewer mails", plain), article("a2", "Dispatch of mails", technical))
    assert [finding.reason for finding in find(*pair)] == ["same_content"]


def test_an_entry_is_no_copy_of_its_source():
    source = '[{"kind": "article", "id": "a1", "hash": "x"}]'
    assert find(article("a1", "Export a calendar", EXPORT), entry("e1", "Export?", COPY, sources=source)) == []
    assert len(find(article("a1", "Export a calendar", EXPORT), entry("e1", "Export?", COPY))) == 1


def test_a_line_says_too_little_to_be_copied():
    assert find(article("a1", "Help", "Ask us."), article("a2", "Help", "Ask us.")) == []
