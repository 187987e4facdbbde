"""The page holds everything it needs, runs nothing, shows the whole spec, and survives hostile text."""

import base64
import datetime as dt
import hashlib
import re

import pytest

from assets.configure_behavior.behavior.behavior_page import (
    PageDesk,
    PageSignature,
    PageSignOff,
    PageState,
    render_behavior_page,
)
from assets.configure_behavior.triggers.mine_triggers import MinedTriggers, NearMiss, PastHit, TriggerRate
from desk.behavior import BehaviorFile, behavior_content
from desk.loading import load_behavior
from tests.assets.audit_tickets.roadmap.test_roadmap_page import HOSTILE, Tags
from tests.behaviors import behavior, trigger
from tests.desks import SAMPLE

UNSIGNED = PageSignOff(count_decisions=1, missing_roles=["support lead"], content_hash="ab" * 32)


def page(spec=None, **state):
    return render_behavior_page(
        spec or behavior(), PageDesk("Example Works", fictional=True), PageState(**{"sign_off": UNSIGNED, **state})
    )


def words_of(html):
    return Tags(html).text


def texts_in(value):
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts_in(one)]
    if isinstance(value, list):
        return [text for one in value for text in texts_in(one)]
    return [value] if isinstance(value, str) else []


def test_nothing_is_fetched_and_nothing_runs():
    html = page()
    tags = Tags(html).found
    assert not {tag for tag, _ in tags} & {"script", "link", "iframe", "object", "embed", "form", "img"}
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src &#39;sha256-{digest}&#39;" in html
    assert "http" not in style
    assert not any(name.startswith("on") or name == "style" for _, attributes in tags for name in attributes)


def test_the_sample_desks_whole_spec_can_be_read_on_it():
    spec = load_behavior(SAMPLE)
    shown = words_of(page(spec))
    quiet_settings = {
        *spec.handoff.parts,
        *(name for one in spec.triggers for name in one.signals),
        *spec.tone.languages,
    }
    content = behavior_content(spec)
    for text in texts_in(
        {name: content[name] for name in ("persona", "tone", "reply", "examples", "triggers", "pages")}
    ):
        flat = " ".join(text.split())
        if flat in quiet_settings or re.fullmatch(r"[a-z0-9_-]+", flat):
            continue  # said in words, or an id that the page shows as a title
        assert flat in shown, flat


def test_signatures_and_missing_roles_are_shown():
    assert "Nobody has signed this version. Still to sign: support lead." in words_of(page())
    signature = PageSignature("Mira Okafor", "support lead", dt.datetime(2026, 6, 1, 9, 30, tzinfo=dt.UTC), "fine")
    signed = PageSignOff(count_decisions=1, signatures=[signature], content_hash="ab" * 32)
    shown = words_of(page(sign_off=signed))
    assert "This version is signed." in shown
    assert "Mira Okafor, support lead, 1 June 2026, 09:30 UTC: “fine”" in shown


def test_changes_and_problems_are_shown():
    assert "nothing to compare with" in words_of(page())
    assert "Nothing since the signed version cdcdcdcdcdcd" in words_of(page(signed_before="cd" * 32))
    shown = words_of(page(signed_before="cd" * 32, changes=["tone, formality: 0.5 → 0.9"], problems=["a gap"]))
    assert "tone, formality: 0.5 → 0.9" in shown
    assert "To correct before it is signed a gap" in shown


def test_failing_examples_stand_out():
    html = page(behavior(trigger(phrases=["cancel"], fires_on=["stop"], quiet_on=["hello"])))
    assert html.count('class="failed"') == 1
    assert "0 of 1" not in words_of(html)
    assert "1 of 2" in words_of(html)


def test_what_was_mined_is_shown_beside_its_trigger():
    mined = MinedTriggers(
        100,
        3,
        (TriggerRate("cancelling", 3, 2, 100, 0.03, 0.01, 0.085),),
        (PastHit("cancelling", "zendesk:1", None, 1, "end it", "please end it"),),
        (
            NearMiss("cancelling", "zendesk:2", None, 0.61, "How do I cancel?", "we wind it down", "why"),
            NearMiss(None, "zendesk:3", "leaving", None, "", "by category", "why"),
        ),
    )
    shown = words_of(page(mined=mined))
    assert "Fires on 3 of 100 past tickets (3.0%, 1.0–8.5%); 2 of them no other trigger caught." in shown
    assert "please end it zendesk:1 : “end it” , 1 message before the last".replace(" ", "") in shown.replace(" ", "")
    assert "we wind it down" in shown
    assert "by category" in shown
    assert "understudy behavior check --mine" in words_of(page())


def test_hostile_texts_stay_texts():
    spec = behavior(
        trigger(reason=HOSTILE, phrases=[HOSTILE], fires_on=[HOSTILE], quiet_on=["x"]),
        persona={"name": HOSTILE[:80], "description": HOSTILE},
        pages=[{"id": "p", "where": {"pages": [HOSTILE]}, "means": HOSTILE, "opening": HOSTILE}],
        clarify={HOSTILE: HOSTILE},
    )
    html = page(spec, changes=[HOSTILE], signed_before="a" * 64, problems=[HOSTILE], entry_questions={"x": HOSTILE})
    assert not {tag for tag, _ in Tags(html).found} & {"script", "img"}
    assert "49" not in words_of(html).split()


def test_a_fictional_company_is_said_to_be_one():
    assert "is a fictional company" in words_of(page())
    real = render_behavior_page(behavior(), PageDesk("Real Works"), PageState(sign_off=UNSIGNED))
    assert "fictional company" not in words_of(real)


@pytest.mark.parametrize("spec", [behavior(), load_behavior(SAMPLE)])
def test_the_page_is_the_same_every_time(spec):
    assert isinstance(spec, BehaviorFile)
    assert page(spec) == page(spec)
