"""The page holds everything it needs, runs nothing, says how far the pilot is, and shows what the frames say."""

import base64
import datetime as dt
import hashlib
import re
from dataclasses import replace

import pandas as pd
import pytest

from assets.pilot_agent.report import pilot_page
from assets.pilot_agent.report.pilot_page import PageDesk, PageSignature, PageSignOff, pilot_pictures, render_pilot_page
from desk.pilot import pilot_hash
from ledger.pilots import ShareChange
from tests.assets.audit_tickets.roadmap.test_roadmap_page import HOSTILE, Tags
from tests.assets.pilot_agent.report.invented_pilot import NAMES, STATES, findings, plan, plan_frame

DESK = PageDesk("Example Works", fictional=True)
SECTIONS = [
    "Verdict",
    "What was registered, and by whom",
    "Each condition against its margin",
    "What was measured",
    "Who was drawn, and whether the arms are alike",
    "What reviewers said",
    "Replay (past tickets; nothing was sent)",
    "The answers most worth reading",
    "How it was measured",
]


@pytest.fixture
def without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of words: drawing takes most of the time."""
    monkeypatch.setattr(pilot_page, "_data_uri", lambda figure: "data:image/svg+xml;base64,")
    for name in ("draw_condition", "draw_weeks", "draw_risk_coverage"):
        monkeypatch.setattr(pilot_page.pilot_plots, name, lambda *_, **__: None)


def words(found, desk=DESK) -> str:
    return Tags(render_pilot_page(found, desk)).text


def nothing_runs(page: str) -> None:
    tags = Tags(page).found
    assert not {tag for tag, _ in tags} & {"script", "link", "iframe", "object", "embed", "form", "svg"}
    for tag, attributes in tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (tag, attributes)
        for name in ("src", "srcset", "href"):
            assert (attributes.get(name) or "#").startswith(("data:image/svg+xml;base64,", "#"))


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_a_whole_page_that_fetches_and_runs_nothing(state):
    page = render_pilot_page(findings(state), DESK)
    nothing_runs(page)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src &#39;sha256-{digest}&#39;" in page
    assert re.findall(r"<h2>(.*?)</h2>", page) == SECTIONS
    assert not re.search(r"\b(?:nan|NaN|None|NaT|inf|<NA>)\b", Tags(page).text)
    assert "Example Works is a fictional company." in Tags(page).text


@pytest.mark.usefixtures("without_pictures")
@pytest.mark.parametrize(
    ("state", "done", "sentences"),
    [
        ("nothing", 0, ["No pilot is planned", "First a plan is written and signed.", "No plan is written yet."]),
        (
            "planned",
            1,
            ["“spring” is written and not signed. Still to sign: support lead.", "First the plan is signed."],
        ),
        ("signed", 2, ["Shadow starts on 2 March 2026; no ticket has been drafted yet.", "Nobody has been drawn yet."]),
        ("shadow", 2, ["in its shadow weeks since 2 March 2026", "Nothing of the rollout is measured yet."]),
        ("rollout", 3, ["in its rollout since 16 March 2026. The agent answers 20% of requesters now."]),
        ("judged", 5, ["Verdict over all: hold."]),
    ],
)
def test_what_has_not_happened_yet_is_said(state, done, sentences):
    page = render_pilot_page(findings(state), DESK)
    assert page.count('<li class="done">') == done
    assert ('<li class="now">' in page) == (state in ("shadow", "rollout"))
    shown = Tags(page).text
    for sentence in sentences:
        assert sentence in shown


@pytest.mark.usefixtures("without_pictures")
def test_the_verdict_is_worded_and_coloured_per_category():
    page = render_pilot_page(findings("judged"), DESK)
    [table] = re.findall(r'<table class="verdicts">(.*?)</table>', page, re.DOTALL)
    rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)[1:]
    assert [re.search(r'class="name">(.*?)<', row)[1] for row in rows] == [
        "Over all",
        *sorted(NAMES.values(), key=_by_id),
    ]
    said = {re.search(r'class="name">(.*?)<', row)[1]: row for row in rows}
    for name, verdict, word in (
        ("Over all", "hold", "hold"),
        ("Password reset", "expand", "expand"),
        ("Copy of an invoice", "roll_back", "roll back"),
        ("Export of data", "keep_collecting", "keep collecting"),
    ):
        assert f"chip-{verdict}" in said[name]
        assert f"</span> {word}</span>" in said[name]
    assert "weeks at this pace" in said["Export of data"]
    assert "shown to be worse" in said["Copy of an invoice"]


def _by_id(name: str) -> str:
    return next(key for key, value in NAMES.items() if value == name)


@pytest.mark.usefixtures("without_pictures")
def test_who_signed_what_and_when_the_share_changed_is_shown():
    digest = pilot_hash(plan())
    at = dt.datetime(2026, 3, 20, 8, 15, tzinfo=dt.UTC)
    found = findings("judged")
    stopped = ShareChange("spring", 0.0, digest, at, None, "head of support", "complaints", 2)
    shown = words(replace(found, share_changes=[*found.share_changes, stopped]))
    assert "Ada Moreno, support lead, 26 February 2026, 09:30 UTC: “margins as agreed”" in shown
    assert digest in shown
    assert "20 March 2026, 08:15 UTC stopped 20% 0% an erased person, head of support complaints" in shown
    assert "Resolution (assumed): less than 5 points below people at the same time , in each category" in shown


@pytest.mark.usefixtures("without_pictures")
def test_a_plan_that_was_changed_after_its_rollout_began_is_said_to_be():
    found = findings("rollout")
    changed = plan(alpha=0.1)
    registered = pilot_hash(plan())
    plans = pd.concat(
        [found.plan.assign(is_current=False), plan_frame(changed, "rollout", registered).assign(is_signed=False)],
        ignore_index=True,
    )
    notes = pd.DataFrame([("", "plan", "pilot.yaml was changed after the rollout began.")], columns=found.notes.columns)
    shown = words(replace(found, plan=plans, notes=notes, verdict=found.verdict.iloc[:0]))
    assert "pilot.yaml was changed after the rollout began. Until then the pilot is not judged." in shown
    assert f"The pilot is judged by what was signed ({registered[:12]})" in shown
    assert pilot_hash(changed)[:12] in shown
    assert "Chance that something worse is expanded 5% at most" in shown


@pytest.mark.usefixtures("without_pictures")
def test_rows_of_another_pilot_are_not_shown():
    found = findings("judged")
    other = replace(
        found,
        notes=pd.concat([found.notes, found.notes.assign(pilot_id="autumn", sentence="Of another pilot.")]),
        answers=found.answers.assign(pilot_id="autumn"),
    )
    shown = words(other)
    assert "Of another pilot." not in shown
    assert "There is no answer to review yet." in shown


def _answer(found, **changes):
    """The answer shown first, changed."""
    first = re.search(r"answer <code>(\w+)</code>", render_pilot_page(found, DESK))[1]
    rows = found.answers["answer_id"] == first
    return replace(found, answers=found.answers.assign(**{
        name: found.answers[name].mask(rows, value) for name, value in changes.items()
    }))  # fmt: skip


def _metric(found, metric, cut="all", **changes):
    frame = found.metrics.copy()
    which = (frame["metric"] == metric) & (frame["cut"] == cut) & (frame["phase"] == "rollout") & (frame["arm"] == "ai")
    place = frame[which & ~frame["as_assigned"]].index[0]
    for name, value in changes.items():
        frame.loc[place, name] = value
    return replace(found, metrics=frame)


def _first(frame, where, **changes):
    frame = frame.copy()
    place = frame.index[where(frame)][0]
    for name, value in changes.items():
        frame.loc[place, name] = value
    return frame


CHANGES = {
    "verdict": (
        lambda f: replace(f, verdict=_first(f.verdict, lambda v: v["group"] == "data_export", count_answered=4321)),
        "4,321 answered",
    ),
    "reason": (
        lambda f: replace(f, verdict=_first(f.verdict, lambda v: v["group"] == "data_export", reason="For a reason.")),
        "For a reason.",
    ),
    "condition": (
        lambda f: replace(
            f,
            conditions=_first(
                f.conditions, lambda c: c["group"] == "invoice_copy", difference=-0.1234, ai_numerator=263
            ),
        ),
        "−12.3",
    ),
    "metric": (lambda f: _metric(f, "csat", rate=0.4321, numerator=9, denominator=11), "43.2% 9 of 11"),
    "verified": (lambda f: _metric(f, "resolution_rate_verified", rate=0.1357), "13.6%"),
    "cut": (lambda f: _metric(f, "answer_quality", cut="language", rate=0.2468), "24.7%"),
    "reasons": (lambda f: _metric(f, "escalation_rate", cut="reason", numerator=778), " 778 of"),
    "notes": (
        lambda f: replace(f, notes=_first(f.notes, lambda n: n["kind"] == "agreement", sentence="kappa 0.11 of two.")),
        "kappa 0.11 of two.",
    ),
    "draw": (lambda f: replace(f, assignments=f.assignments.assign(count_tickets=3)), "14,949"),
    "reviews": (
        lambda f: replace(f, reviews=f.reviews.assign(tag="correct")),
        "Reviewers have found fault with no answer",
    ),
    "question": (lambda f: _answer(f, question="Where is my other invoice?"), "Where is my other invoice?"),
    "replay": (lambda f: replace(f, replay=f.replay.assign(is_category_right=False)), "0.0% 0 of 320"),
    "names": (lambda f: replace(f, category_names={**NAMES, "invoice_copy": "Bills"}), "Bills"),
}


@pytest.mark.usefixtures("without_pictures")
@pytest.mark.parametrize("name", sorted(CHANGES))
def test_what_is_shown_comes_from_the_frames(name):
    change, shown = CHANGES[name]
    found = findings("judged")
    assert shown not in words(found)
    assert shown in words(change(found))


@pytest.mark.usefixtures("without_pictures")
def test_rates_have_counts_and_intervals_and_resolution_is_three_figures():
    shown = words(findings("judged"))
    for title in (
        "Resolved, assumed registered",
        "Resolved, verified",
        "Resolved, confirmed",
        "CSAT response",
        "False resolutions",
    ):
        assert re.search(rf"{title} [^%]*?[\d.]+% [\d,]+ of [\d,]+ [\d.]+–[\d.]+%", shown), title
    assert re.search(r"Handle time [^0-9]*[\d.]+ min [\d,]+ min in [\d,]+ tickets", shown)
    for title in ("By category", "By plan", "By language", "By channel", "By week"):
        assert title in shown
    assert "Tickets created 16 March 2026 to" in shown


@pytest.mark.usefixtures("without_pictures")
def test_what_is_not_measured_is_never_zero():
    found = findings("judged")
    metrics = found.metrics[~found.metrics["metric"].isin(["csat", "handle_time_minutes"])]
    shown = words(replace(found, metrics=metrics))
    assert "CSAT positive, of rated not measured not measured not measured" in shown
    assert re.search(r"Handle time [a-z ,]*– not measured not measured", shown)


def test_hostile_names_and_texts_stay_text():
    found = findings("judged")
    texts = dict.fromkeys(("question", "reply", "channel", "release_id"), HOSTILE)
    signature = PageSignature(HOSTILE, HOSTILE, dt.datetime(2026, 4, 1, tzinfo=dt.UTC), HOSTILE)
    change = ShareChange("spring", 0.2, "", dt.datetime(2026, 4, 1, tzinfo=dt.UTC), HOSTILE, HOSTILE, HOSTILE, 1)
    cuts = found.metrics["cut"].isin(["channel", "reason"])
    hostile = replace(
        found,
        answers=found.answers.assign(**texts),
        reviews=found.reviews.assign(comment=HOSTILE, right_answer=HOSTILE, role=HOSTILE, reason=HOSTILE),
        notes=found.notes.assign(sentence=HOSTILE),
        verdict=found.verdict.assign(reason=HOSTILE, would_decide=HOSTILE),
        metrics=found.metrics.assign(value=found.metrics["value"].mask(cuts, HOSTILE)),
        category_names=dict.fromkeys(NAMES, HOSTILE),
        sign_off=PageSignOff(1, (signature,), (), HOSTILE),
        share_changes=[change],
    )
    page = render_pilot_page(hostile, PageDesk(HOSTILE))
    nothing_runs(page)
    assert "alert('x')" in Tags(page).text
    assert "49" not in re.findall(r"onerror=alert\(1\)&gt;(..)", page)


def test_pictures_have_words_beside_them_and_differ_with_the_figures():
    page = render_pilot_page(findings("judged"), DESK)
    pictures = [attributes for tag, attributes in Tags(page).found if tag == "img"]
    assert len(pictures) == 3 + 4 + 1
    assert len({one["src"] for one in pictures}) == len(pictures)
    for one in pictures:
        assert len(one["alt"]) > 40
    assert "Copy of an invoice shown to be worse" in pictures[0]["alt"]
    regions = [attributes for tag, attributes in Tags(page).found if "scroll" in (attributes.get("class") or "")]
    assert all(one["tabindex"] == "0" and one["aria-label"] for one in regions)


def test_the_pictures_are_there_as_small_png_too():
    found = pilot_pictures(findings("judged"))
    assert set(found) == {
        "resolution_rate_against_control", "missed_escalation_rate_against_limit", "csat_against_control",
        "resolution_by_week", "csat_by_week", "handed_to_a_person_by_week", "incorrect_answers_by_week",
        "replay_risk_coverage",
    }  # fmt: skip
    for png in found.values():
        assert png.startswith(b"\x89PNG")
        assert len(png) < 80_000
    assert pilot_pictures(findings("nothing")) == {}
