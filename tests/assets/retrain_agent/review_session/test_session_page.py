"""The page of the session: what it says, and that it is safe to open."""

import re
from dataclasses import replace

import pytest

from assets.audit_tickets.roadmap.roadmap_page import PageDesk
from assets.retrain_agent.fixes.fix import volume_sentence
from assets.retrain_agent.fixes.proposal import Proposal
from assets.retrain_agent.review_session.asked_decisions import beside_figures
from assets.retrain_agent.review_session.session_month import SessionMonth
from assets.retrain_agent.review_session.session_page import MINUTES, agenda, render_session_page
from assets.retrain_agent.review_session.shown_patterns import month_patterns
from assets.retrain_agent.review_session.wrong_answers import wrong_answers
from tests.assets.audit_tickets.roadmap.test_roadmap_page import Tags
from tests.assets.retrain_agent.patterns.invented_failures import failure
from tests.assets.retrain_agent.review_session.invented_month import AS_OF, HOSTILE, at, change, edit, full, month

JUNE = SessionMonth.read("2026-06")


def page(frames, which=JUNE, as_of=AS_OF):
    return render_session_page(frames, which, PageDesk("Example Works", fictional=True), as_of)


@pytest.fixture(scope="module")
def shown():
    return page(full())


@pytest.fixture(scope="module")
def text(shown):
    return Tags(shown).text


def test_the_figures_have_their_denominator(text):
    assert "Of 40 judged answers in June 2026 10 were wrong: 25% (14 to 40%)." in text
    assert "In May 2026 it was 100% (1 of 1)." in text
    assert "Judged: 40 by reviewers (10 wrong)." in text


def test_the_agenda_is_thirty_minutes(text):
    frames = full()
    wrong = wrong_answers(frames.cases, frames.failures, JUNE)
    items = agenda(wrong, month_patterns(frames.patterns, frames.failures, JUNE), 2, 3)
    assert sum(one.minutes for one in items) == MINUTES
    assert [one.begins for one in items] == [0, 5, 15, 23, 27]
    assert "00:15 Decisions" in text


def test_a_pattern_comes_with_what_was_said_and_what_is_right(text):
    assert "1. Stale answer: How do I download an invoice?" in text
    assert "8 wrong answers to 8 customers in the month" in text
    assert "It answered Under Settings. Right would have been In the portal." in text


def test_tickets_that_measure_the_agent_are_counted_and_not_shown(shown, text):
    assert "zebra" not in shown
    assert "No example may be shown" in text


def test_decisions_come_with_what_would_change_and_where_to_decide(text):
    assert "1. Change the entry “How do I download an invoice?” urgent an entry to change · 12 tickets a month" in text
    assert "Entry invoice-download in Invoice copy · for customers with plan: pro How do I download an invoice? In the payments portal." in text  # fmt: skip
    assert "1 ticket would teach Invoice copy instead of Payment method." in text
    assert "The trigger legal steps (Legal steps) would listen for legal, “my lawyer”." in text
    assert "The setting reply.max_words would be 120." in text
    assert "The agent has to know of each customer: plan." in text
    assert "understudy fix accept 00000000 --by NAME --role ROLE" in text
    assert "There is nothing to accept as it stands" in text
    assert "Fix 3" not in text


def test_figures_that_stand_beside_a_fix_are_not_said_again_in_its_reasons():
    row = month([failure(1, occurred_at=at("06-02")), failure(2, occurred_at=at("06-03"))]).patterns.iloc[0].to_dict()
    figures = volume_sentence({**row, "tickets_per_month": 2.0, "minutes_per_month": 1_240.0, "trend": "rising"})
    assert "minutes of people's time" in figures
    assert "rising" in figures
    assert (
        beside_figures(f"{figures} It was right until 2026-06-23. Look at it.")
        == "It was right until 2026-06-23. Look at it."
    )
    assert beside_figures(figures) == ""
    assert beside_figures("Said in a session on 2026-06-23: 3 failures of 2 customers. Why?").startswith("Said in")


def test_wordings_of_an_entry_on_file_are_not_said_to_be_new():
    frames = full()
    assert "where is my bill" not in Tags(page(frames)).text
    new = edit(fix_id="f" * 16)
    proposal = Proposal.from_json(new["proposal"])
    new["proposal"] = replace(proposal, entries=(replace(proposal.entries[0], base_hash=None),)).to_json()
    assert "Customers ask it like this: “where is my bill”." in Tags(page(month([], fixes=[new]))).text


def test_earlier_decisions_come_with_their_effects_and_none_is_said(text):
    assert (
        "C-001: Title of C-001 Accepted by Ada Moreno on 12 May; with customers since 13 May, release abcdef012345."
        in text
    )
    assert "CSAT on Invoice copy +12 points [5, 19]" in text
    assert "No effect on resolution on Invoice copy: nothing moved" in text
    assert "with customers from 11 June, ended on 18 June" in text
    assert "Accepted by Ada Moreno on 20 June; accepted, in no release yet. Its effect is not measured yet." in text
    assert "C-000" not in text
    assert "1 fix was rejected" in text


def test_it_asks_what_no_figure_shows_and_shows_what_was_said(text):
    assert "1 wrong answer could not be explained. Does anybody know why?" in text
    assert 'understudy insight add "what was seen" --month 2026-06 --by NAME --role ROLE' in text
    assert "The portal is slow" in text
    assert "Ben Idris" in text


def test_hostile_words_are_words(shown):
    tags = Tags(shown)
    assert not [name for name, _ in tags.found if name in ("script", "link", "iframe", "object", "form", "base")]
    assert HOSTILE[:20] in tags.text
    sources = [attrs.get("src") or attrs.get("srcset") for name, attrs in tags.found if name in ("img", "source")]
    assert sources
    assert all(one.startswith("data:image/svg+xml") for one in sources)
    assert not re.search(r'(?:src|href)="(?!data:|#)', shown)
    assert [attrs["content"] for name, attrs in tags.found if attrs.get("http-equiv") == "Content-Security-Policy"]


def test_the_same_frames_give_the_same_page(shown):
    assert page(full()) == shown


def test_a_month_without_a_failure_is_a_short_page():
    quiet = page(month([], count_right=25))
    text = Tags(quiet).text
    assert "Of 25 judged answers in June 2026 none was wrong (at most 13% would be, by chance)." in text
    assert "A session of 10 minutes" in text
    assert "<figure>" not in quiet
    assert "Decisions" not in text
    assert "No fix was decided in May 2026 or June 2026" in text
    assert len(quiet) < 15_000


def test_a_month_in_which_nobody_judged_says_so():
    text = Tags(page(month([]))).text
    assert "Nobody judged an answer of June 2026" in text
    assert "Nobody judged an answer this month. What kept you from it?" in text


def test_a_month_that_is_not_over_says_until_when():
    text = Tags(page(full(), SessionMonth.read("2026-07"))).text
    assert "The month is not over: data until 3 July." in text


def test_a_change_whose_author_was_erased_is_still_shown():
    frames = month([], changes=[change("C-009", accepted_at=at("06-02"), accepted_by=None)])
    assert "Accepted by somebody whose name was erased on 2 June" in Tags(page(frames)).text


def test_a_proposal_that_cannot_be_read_does_not_spoil_the_page():
    frames = full()
    frames.fixes.loc[0, "proposal"] = "{"
    assert "What is proposed cannot be read; run the stage again." in Tags(page(frames)).text


def test_an_older_example_is_shown_where_the_month_has_none_to_show():
    rows = [
        failure(1, occurred_at=at("06-02"), side="holdout", question="zebra"),
        failure(2, occurred_at=at("05-02"), question="where did my bill go"),
    ]
    text = Tags(page(month(rows))).text
    assert "where did my bill go" in text
    assert "zendesk:2 · 2 May" in text
    assert "zebra" not in text
