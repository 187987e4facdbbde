"""The page: what it says, and that it is safe to open whatever is in the data."""

import html
import re
from dataclasses import replace

import pytest

from assets.audit_tickets.roadmap.roadmap_page import PageDesk
from assets.retrain_agent.review_session.session_month import SessionMonth
from assets.sustain_learning.report.learning_frames import LearningFrames
from assets.sustain_learning.report.learning_page import learning_pictures, learning_sentences, render_learning_page
from assets.sustain_learning.report.learning_report import report_of_months
from tests.assets.audit_tickets.roadmap.test_roadmap_page import Tags
from tests.assets.sustain_learning.report.invented_months import (
    AS_OF,
    CATEGORIES,
    HOSTILE,
    at,
    change,
    drift,
    effect,
    effects,
    fixes,
    full,
    scope,
    support,
)

JULY = SessionMonth.read("2026-07")


def page(frames, month=JULY, as_of=AS_OF, company="Example Works"):
    return render_learning_page(
        report_of_months(month, frames, as_of), frames, month, PageDesk(company, fictional=True), as_of
    )


@pytest.fixture(scope="module")
def shown():
    return page(full())


@pytest.fixture(scope="module")
def text(shown):
    return Tags(shown).text


def test_it_says_what_moved_and_what_nobody_can_tell(text):
    assert "What July 2026 taught: Example Works" in text
    assert "▲ Better Nothing is shown to have got better than in June 2026." in text
    assert "▼ Worse" in text
    unclear = text[text.index("? Nobody can tell") : text.index("Resolved, the customer says so")]
    assert "Resolution that reviewers confirm, " in unclear
    assert "nothing to count from" in unclear
    assert "Not looked at yet" not in unclear


def test_figures_come_with_count_interval_month_before_and_change(text):
    assert "Correct answers of reviewed answers" in text
    assert "50% ▽" in text or "50% =" in text or "50% ▼" in text
    assert "13 of 26 · 31 to 69%" in text
    assert "Invoice copy" in text


def test_every_part_is_there(text):
    assert "Invoices are in the portal" in text
    assert "Correct answers on Invoice copy +25 points [10, 40]." in text
    assert "1 more effect cannot be judged yet: too few tickets." in text
    assert "People now send customers to the portal." in text
    assert "Twice as many tickets as usual since 8 July." in text
    assert "Invoice copy lost its autonomy on 25 July." in text
    assert "The entry is not true any more" in text


def test_decisions_come_with_the_command_that_does_them(text):
    asked = text[text.index("To decide next") : text.index("Month by month")]
    for command in ("understudy scope show beef0123", "understudy knowledge work", "understudy fix show 00000000", "understudy insight add"):  # fmt: skip
        assert command in asked, command
    assert "1 is overdue" in asked


def test_every_picture_has_words_and_a_table(shown):
    tags = Tags(shown)
    pictures = [one for name, one in tags.found if name == "img"]
    assert len(pictures) >= 5
    assert all(len(one["alt"]) > 40 for one in pictures)
    assert shown.count("The same as a table") == len(pictures)
    sources = [one["srcset"] for name, one in tags.found if name == "source"]
    assert all(one.startswith("data:image/svg+xml;base64,") for one in [*sources, *(each["src"] for each in pictures)])


def test_hostile_words_are_words():
    frames = full(
        categories=CATEGORIES.assign(name=HOSTILE),
        fixes=fixes(HOSTILE),
        changes=change(title=HOSTILE),
        effects=effects(effect(sentence=HOSTILE)),
        drift=drift(sentence=HOSTILE, kind=HOSTILE),
        support=support(sentence=HOSTILE, diagnosis=HOSTILE, status=HOSTILE),
        scope=scope(sentence=HOSTILE, kind="widen", status="proposed", proposal_id=HOSTILE),
    )
    shown = page(frames, company=HOSTILE)
    tags = Tags(shown)
    assert not [name for name, _ in tags.found if name in ("script", "link", "iframe", "object", "form", "base")]
    assert all(one["src"].startswith("data:") for name, one in tags.found if name == "img")
    assert HOSTILE[:20] in tags.text
    assert not re.search(r"\bon\w+=|style=", shown.partition("</style>")[2])


def test_nothing_comes_from_elsewhere(shown):
    assert "default-src 'none'; img-src data:;" in html.unescape(shown)
    assert not re.search(r"(?:src|href|srcset)=\"(?!data:|#)", shown)


def test_a_month_that_is_not_over_says_so():
    text = Tags(page(full(), as_of=at(20, 7))).text
    assert "The month is not over: data until 20 July." in text
    assert "* until 20 July." in text


def test_an_empty_desk_has_a_page_that_says_what_is_missing():
    text = Tags(page(LearningFrames())).text
    assert "The AI answered no customer by itself in July 2026: there is nothing to judge it by" in text
    assert "Not looked at yet: drift, support signals, what more it could answer and the knowledge audit" in text
    assert "Nobody has looked for drift yet. Run: understudy run sustain_learning" in text
    assert "No month has a figure to draw yet." in text
    assert "Nothing waits for a decision." in text


def test_frames_without_rows_are_a_quiet_month():
    told = full()
    empty = {name: getattr(told, name).head(0) for name in ("drift", "support", "scope", "audit", "changes", "effects", "fixes", "signals")}  # fmt: skip
    text = Tags(page(replace(told, **empty))).text
    assert "Nothing was found to drift in July 2026." in text
    assert "No change was accepted or released in July 2026." in text
    assert "Not looked at yet" not in text


def test_pictures_for_the_event_log_are_small_and_the_month_is_said_in_short():
    frames = full()
    report = report_of_months(JULY, frames, AS_OF)
    drawn = learning_pictures(report, frames, JULY, AS_OF)
    assert {"resolved", "handed_to_a_person", "categories", "effects_of_changes"} <= set(drawn)
    assert all(png.startswith(b"\x89PNG") and len(png) < 60_000 for png in drawn.values())
    said = learning_sentences(report, frames, JULY, AS_OF)
    assert said
    assert said[-1].startswith("Nobody can tell: ")


def test_the_same_month_is_the_same_page(shown):
    assert page(full()) == shown
