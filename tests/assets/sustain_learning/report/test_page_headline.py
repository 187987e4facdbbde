"""The first sentences: what moved, what did not, and chance held among many figures."""

import pytest

from assets.retrain_agent.review_session.session_month import SessionMonth
from assets.sustain_learning.report.learning_frames import Span
from assets.sustain_learning.report.page_headline import figures_of, headline, readings
from assets.sustain_learning.report.report_rows import Figure
from tests.assets.sustain_learning.report.invented_months import AS_OF

SPAN = Span(SessionMonth.read("2026-07"), AS_OF)
INVOLVED = Figure("involvement_rate", numerator=50.0, denominator=60.0, value=0.8)


def figure(metric, difference, half, cut="all", better=True, before=0.5, n=100):
    return Figure(
        metric, cut, "rate", n * (before + difference), n, before + difference, 0.1, 0.9, before, difference,
        difference - half, difference + half, better,
    )  # fmt: skip


def test_clear_differences_are_better_or_worse_by_what_the_metric_wants():
    one, two = figure("csat", 0.2, 0.05), figure("escalation_rate", 0.2, 0.05, better=False)
    found = headline([INVOLVED, one, two], SPAN, {})
    assert found.better == ("CSAT: 50% → 70%",)
    assert found.worse == ("handovers after an answer: 50% → 70%",)


def test_one_of_many_that_would_stand_alone_is_only_perhaps():
    # p = 0.03 alone; ten times as much among ten.
    lone = figure("csat", 0.11, 0.1)
    quiet = [
        figure(name, 0.0, 0.1)
        for name in (
            "resolution_rate_confirmed", "resolution_rate_assumed", "resolution_rate_verified", "answer_incorrect_rate",
            "missed_escalation_rate", "false_resolution_rate_assumed", "escalation_rate",
        )
    ]  # fmt: skip
    assert readings([lone])["csat", "all"] == "better"
    assert readings([lone, *quiet])["csat", "all"] == "perhaps_better"
    found = headline([INVOLVED, lone, *quiet], SPAN, {})
    assert found.better == ()
    assert "CSAT: 50% → 61%, perhaps better, perhaps chance" in found.unclear
    assert any(one.startswith("no difference shown: resolution that customers confirm, ") for one in found.unclear)


def test_a_category_speaks_where_the_whole_does_not():
    whole = figure("answer_incorrect_rate", 0.05, 0.2, better=False)
    part = figure("answer_incorrect_rate", 0.4, 0.1, "invoice_copy", better=False)
    few = figure("answer_incorrect_rate", 0.5, 0.1, "rare", better=False, n=4)
    found = headline([INVOLVED, whole, part, few], SPAN, {"invoice_copy": "Invoice copy"})
    assert found.worse == ("wrong answers about Invoice copy: 50% → 90%",)
    loud = figure("answer_incorrect_rate", 0.3, 0.05, better=False)
    found = headline([INVOLVED, loud, part], SPAN, {"invoice_copy": "Invoice copy"})
    assert found.worse == ("wrong answers: 50% → 80%, above all Invoice copy",)


def test_a_month_without_answers_or_without_a_month_before_it():
    assert "answered no customer by itself in July 2026" in headline([], SPAN, {}, ["drift"]).unclear[0]
    assert headline([], SPAN, {}, ["drift", "the audit"]).unclear[1] == "not looked at yet: drift and the audit"
    nan = float("nan")
    first = Figure(
        "csat", value=0.5, numerator=5.0, denominator=10.0, low=0.2, high=0.8, before=nan, higher_is_better=True
    )
    assert headline([INVOLVED, first], SPAN, {}).unclear == (
        "whether anything changed: the AI answered nobody in June 2026",
    )
    drafts = Figure("answer_quality", "phase:shadow", value=0.5)
    assert "drafted in July 2026 and sent nothing" in headline([drafts], SPAN, {}).unclear[0]


@pytest.mark.parametrize("metric", ["involvement_of_all_tickets", "csat_response_rate"])
def test_what_is_neither_good_nor_bad_is_never_news(metric):
    assert (metric, "all") not in readings([figure(metric, 0.4, 0.1, better=None)])


def test_rows_and_figures_are_the_same():
    import pandas as pd

    from assets.pilot_agent.answers.frames import frame_of
    from assets.sustain_learning.frames import LEARNING

    one = figure("csat", 0.2, 0.05)
    frame = frame_of([{**one.as_row(), "month": "2026-07", "counted_as_of": pd.Timestamp(AS_OF)}], LEARNING)
    assert figures_of(frame) == [one]
