"""What the queue says, and how hostile words are made readable."""

from __future__ import annotations

from typing import Any

from service.console.answers.item import Item, Said, items_of
from service.console.answers.reply_text import parts
from service.console.answers.words import conditions, fate, one_line, people, review_words, shown, sureness
from tests.assets.pilot_agent.answers.review_frames import MONDAY, answer, answers


def item(**changes: Any) -> Item:
    return items_of(answers(answer("a1", **changes)))[0]


def said(by: str, tag: str, decision: str | None) -> Said:
    return Said(by, by, MONDAY.to_pydatetime(), "console", tag, decision=decision)


def test_what_could_not_be_seen_is_shown_and_what_is_too_long_is_counted() -> None:
    assert shown("a\u202eb\u2066c\x00d\x1b[2J") == "a\ufffdb\ufffdc\ufffdd\ufffd[2J"
    assert shown("one\r\ntwo\tthree") == "one\ntwo\tthree"
    assert shown("x" * 20_005).endswith("x\n… 5 more characters are not shown.")
    assert shown(None) == ""
    assert one_line("Hi,\n\n  there " + "x" * 100, 12) == "Hi, there x…"


def test_what_becomes_of_a_reply() -> None:
    assert "calling it correct sends it" in fate(item())
    assert fate(item(mode="rollout")) == "Sent to the customer without a person."
    assert "takes over" in fate(item(action="escalate"))
    given = [said("Noor Haddad", "correct", "approve"), said("Tomas Reyl", "incorrect", "reject")]
    assert fate(item(), given) == "Not sent: rejected by Tomas Reyl."
    assert fate(item(), given[:1]) == "Approved by Noor Haddad."


def test_how_sure_it_was() -> None:
    assert sureness(item(confidence=0.9, threshold=0.73)) == "High confidence: 90% sure; 73% needed to answer alone"
    assert sureness(item(confidence=0.2)) == "Low confidence: 20% sure"
    assert sureness(item()) == ""


def test_for_whom_an_entry_holds() -> None:
    assert conditions('{"plan": ["free", "pro"], "sso": ["true"]}') == "where plan is free or pro and sso is true"
    assert conditions("{}") == "for everybody"
    assert conditions("not json") == ""


def test_a_review_in_a_line() -> None:
    assert review_words(said("Ada", "correct", "approve")) == "correct, approved to be sent"
    assert people(["Ada", "Noor", "Ada", "Tomas"]) == "Ada, Noor and Tomas"


def test_markup_of_a_reply_is_bold_and_links_say_where_they_lead() -> None:
    assert parts("Open **the page** at [our site](https://acme.example) now") == [
        ("Open ", ""), ("the page", "strong"), (" at ", ""), ("our site", "linked"), (" (https://acme.example)", "muted"),
        (" now", ""),
    ]  # fmt: skip
    image = "![x](https://evil.example/p.png)"
    assert parts(image) == [(image, "")]
    assert parts("<b>**</b>") == [("<b>**</b>", "")]
