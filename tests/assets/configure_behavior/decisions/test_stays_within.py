"""A worded reply may say what the entries it cites say, and nothing else."""

import pytest

from assets.configure_behavior.decisions.stays_within import stays_within
from assets.configure_behavior.releases.agent_release import ReleaseEntry
from tests.assets.configure_behavior.decisions.small_release import behavior

ANSWER = (
    "Choose **Forgot password?** on the login page and follow the link in the mail. The link works for 60 minutes. "
    "Lindwurm never stores your password. If no mail arrives, write to help@lindwurm.example or see "
    "https://lindwurm.example/login. Pro costs 10 EUR a month."
)
ENTRY = ReleaseEntry("e", "h", "password_reset", "How do I reset my password?", ANSWER, {}, "x", [], "x")


def beyond(reply, entries=(ENTRY,)):
    return stays_within(reply, list(entries), behavior())


@pytest.mark.parametrize(
    "reply",
    [
        ANSWER,
        "On the login page choose **Forgot password?** and follow the link in the mail. The link works for 60 minutes.",
        "To reset your password, choose Forgot password on the login page.",
        "Lindwurm never stores your password.",
        "Hi there! Choose **Forgot password?** on the login page. Best wishes, Lin",
        "- Choose **Forgot password?** on the login page\n- Follow the link in the mail",
        "The link works for one hour.",
    ],
)
def test_what_the_entry_says_in_other_order(reply):
    assert beyond(reply) == []


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("", "empty"),
        ("The link works for 90 minutes.", "90"),
        ("Follow the link https://evil.example/login in the mail.", "evil.example"),
        ("Write to other@lindwurm.example if no mail arrives.", "other@lindwurm.example"),
        ("Pro costs 12 EUR a month.", "12"),
        ("Choose **Delete account** on the login page.", "Delete account"),
        ("Follow the link in the mail from Microsoft on the login page.", "Microsoft"),
        ("We will refund your whole subscription.", "carried by no entry"),
        ("Lindwurm stores your password.", "affirms what the entries deny"),
        ("Do not follow the link in the mail on the login page.", "denies what the entries affirm"),
        ("The link works for 60 minutes. <script>x</script>", "markup"),
        ("![x](https://lindwurm.example/login)", "markup"),
    ],
)
def test_what_goes_beyond_is_said(reply, words):
    assert any(words in problem for problem in beyond(reply))


def test_a_reply_that_cites_nothing_is_not_within():
    assert beyond(ANSWER, []) == ["The reply cites no entry."]


def test_many_sentences_are_bounded():
    assert any("more than 200" in problem for problem in beyond("Follow the link in the mail. " * 300))
