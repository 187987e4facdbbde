"""The behavior spec as one self-contained HTML page for the people who approve it.

Belongs here: what the template is filled with. Does not belong here: sentences (``behavior_words``), rendering, escaping
and the security policy (``audit_tickets.pages``), running triggers over the past (``mine_triggers``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assets.audit_tickets.pages.self_contained_page import PageTemplates, render_page
from assets.audit_tickets.roadmap.roadmap_page import PageDesk
from assets.audit_tickets.roadmap.roadmap_plots import BUCKET_COLOURS
from assets.audit_tickets.roadmap.roadmap_words import PageSignature, PageSignOff
from assets.configure_behavior.behavior import behavior_words
from assets.configure_behavior.triggers.mine_triggers import MinedTriggers, NearMiss
from assets.configure_behavior.triggers.trigger_suite import SuiteResult, run_suite
from desk.behavior import BehaviorFile

__all__ = ["PageDesk", "PageSignOff", "PageSignature", "PageState", "render_behavior_page"]

TEMPLATES = PageTemplates("assets.configure_behavior.behavior", "behavior.html.j2", "behavior.css.j2")
PAST_SHOWN = 3
"""Past messages shown for each trigger, of each kind."""


@dataclass(frozen=True)
class PageState:
    """What is known around a spec.

    ``changes`` are sentences since the version ``signed_before`` (its hash), None where no other version was ever fully signed.
    ``mined`` is None where nobody has looked at past tickets with this very spec. ``entry_questions`` by entry id.
    """

    sign_off: PageSignOff
    problems: Sequence[str] = ()
    changes: Sequence[str] = ()
    signed_before: str | None = None
    mined: MinedTriggers | None = None
    entry_questions: Mapping[str, str] = field(default_factory=dict)


def render_behavior_page(behavior: BehaviorFile, desk: PageDesk, state: PageState) -> str:
    """The page as one HTML text: no script, no font, image or style from elsewhere."""
    suite = run_suite(behavior)
    return render_page(
        TEMPLATES,
        BUCKET_COLOURS,
        behavior=behavior,
        desk=desk,
        state=state,
        sign_off=state.sign_off,
        headline=behavior_words.headline(behavior, desk.company),
        count_passed=sum(result.passed for result in suite),
        count_samples=len(suite),
        triggers=[_trigger(behavior, place, suite, state.mined) for place in range(len(behavior.triggers))],
        others=_by_category_alone(state.mined) if state.mined else [],
        words=behavior_words,
    )


def _by_category_alone(mined: MinedTriggers) -> list[NearMiss]:
    shown: dict[str | None, list[NearMiss]] = {}
    for one in mined.near_misses:
        if one.trigger_id is None:
            shown.setdefault(one.category_id, []).append(one)
    return [one for found in shown.values() for one in found[:PAST_SHOWN]]


def _trigger(
    behavior: BehaviorFile, place: int, suite: Sequence[SuiteResult], mined: MinedTriggers | None
) -> dict[str, Any]:
    trigger = behavior.triggers[place]
    mine = [result for result in suite if result.trigger_id == trigger.id]
    hits = [hit for hit in mined.hits if hit.trigger_id == trigger.id] if mined else []
    near = [one for one in mined.near_misses if one.trigger_id == trigger.id] if mined else []
    return {
        "spec": trigger,
        "title": behavior_words.title_of(trigger.id),
        "sentences": behavior_words.trigger_in_words(trigger),
        "queue": trigger.queue or "the handoff's queue",
        "must_fire": [result for result in mine if result.must_fire],
        "must_not": [result for result in mine if not result.must_fire],
        "rate": next((rate for rate in mined.rates if rate.trigger_id == trigger.id), None) if mined else None,
        "hits": hits[:PAST_SHOWN],
        "near": near[:PAST_SHOWN],
    }
