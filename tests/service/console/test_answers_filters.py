"""Which answers a reviewer gets, and that it stands in the address."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from service.console.answers.filters import Filters, in_scope, is_wanted, level
from service.console.answers.item import Item, Said, items_of
from tests.assets.pilot_agent.answers.review_frames import answer, answers

AT = dt.datetime(2026, 3, 3, tzinfo=dt.UTC)


def items(*rows: dict[str, Any]) -> list[Item]:
    return items_of(answers(*rows))


def names(found: list[Item]) -> list[str]:
    return [one.answer_id for one in found]


def said(by: str, tag: str | None = "correct", **more: Any) -> Said:
    return Said(f"{by}-{tag}", by, AT, "console", tag, **more)


def test_filters_come_back_from_the_address_and_defaults_leave_it_short() -> None:
    chosen = Filters(
        who="second", mode="drafts", category="login", confidence="low", age="week", action="ask", tag="incorrect"
    )
    assert chosen.query().startswith("?")
    asked = dict(pair.split("=") for pair in chosen.query()[1:].split("&"))
    assert Filters.of(asked) == chosen
    assert Filters().query() == ""
    assert Filters(who="mine").query(answer="a b") == "?who=mine&answer=a+b"


def test_an_address_with_words_that_nobody_knows_still_opens() -> None:
    assert Filters.of({"who": "<script>", "mode": "x", "category": "gone", "other": "1"}) == Filters(category="gone")


def test_the_longest_waiting_comes_first() -> None:
    assert names(items(answer("a3"), answer("a1"), answer("a2"))) == ["a1", "a2", "a3"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), ["a1", "a2", "a3", "a4"]),
        (Filters(category="login"), ["a1", "a2"]),
        (Filters(category="-"), ["a4"]),
        (Filters(action="escalate"), ["a4"]),
        (Filters(confidence="low"), ["a1", "a4"]),
        (Filters(confidence="medium"), ["a2"]),
        (Filters(confidence="high"), ["a3"]),
        (Filters(tag="correct"), ["a2"]),
        (Filters(tag="incorrect"), []),
        (Filters(mode="sent"), ["a3"]),
        (Filters(mode="drafts"), ["a1"]),
        (Filters(age="day"), ["a4"]),
        (Filters(age="week"), ["a2", "a3", "a4"]),
        (Filters(age="over_week"), ["a1"]),
    ],
    ids=str,
)
def test_what_is_asked_for(filters: Filters, expected: list[str]) -> None:
    newest = pd.Timestamp("2026-03-30T09:00Z")
    found = items(
        answer("a1", confidence=0.59, asked_at=newest - pd.Timedelta(days=8)),
        answer("a2", confidence=0.6, asked_at=newest - pd.Timedelta(days=6)),
        answer("a3", category_id="export", mode="rollout", confidence=0.85, asked_at=newest - pd.Timedelta(days=2)),
        answer("a4", category_id=None, action="escalate", confidence=None, asked_at=newest),
    )
    decided = {"a2": [said("Noor Haddad", decision="approve")]}
    assert names(in_scope(found, decided, filters)) == expected


def test_a_rollout_draft_waits_for_approval_and_was_not_sent() -> None:
    found = items(answer("a1", mode="rollout", action="draft"))
    assert names(in_scope(found, {}, Filters(mode="drafts"))) == ["a1"]
    assert names(in_scope(found, {}, Filters(mode="sent"))) == []


def test_who_tagged_decides_whose_queue_an_answer_is_in() -> None:
    nobody, mine, other = [], [said("Ada  moreno")], [said("Noor Haddad")]
    wanted = {
        who: [is_wanted(given, who, "Ada Moreno") for given in (nobody, mine, other, mine + other)]
        for who in ("untagged", "second", "mine", "all")
    }
    assert wanted == {
        "untagged": [True, False, False, False],
        "second": [False, False, True, False],
        "mine": [False, True, False, True],
        "all": [True, True, True, True],
    }


def test_an_approval_without_a_tag_leaves_it_untagged() -> None:
    assert is_wanted([said("Noor Haddad", None, decision="approve")], "untagged", "Ada Moreno")


def test_levels_meet_at_their_bounds() -> None:
    assert [level(one) for one in (None, 0.0, 0.5999, 0.6, 0.8499, 0.85, 1.0)] == [
        "low", "low", "low", "medium", "medium", "high", "high",
    ]  # fmt: skip
