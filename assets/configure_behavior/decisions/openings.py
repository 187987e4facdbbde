"""What is said before the customer has asked anything: the opening of the page, and the entries to offer.

Belongs here: which page rules hold, and the decision for an empty message or a mere greeting. Does not belong here:
whether a scope fits (``triggers.scopes``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assets.build_knowledge.conditions import applies
from assets.configure_behavior.decisions.compose import customer_name, filled
from assets.configure_behavior.decisions.decision import Decision, EntryUse, Reason
from assets.configure_behavior.decisions.reading import Reading
from assets.configure_behavior.releases.agent_release import AgentRelease
from assets.configure_behavior.triggers.scopes import in_scope
from desk.behavior import BehaviorFile, PageRule, text_in


def page_rules_in_scope(
    behavior: BehaviorFile, context: Mapping[str, object], category_id: str | None, language: str
) -> list[PageRule]:
    """The page rules that hold for this customer, in the order of the spec."""
    return [
        rule
        for rule in behavior.pages
        if in_scope(rule.where, context=context, category_id=category_id, language=language)
    ]


def open_conversation(reading: Reading, release: AgentRelease, reasons: Sequence[Reason]) -> Decision:
    """The decision where nothing was asked: the first opening that holds, else the greeting, else silence."""
    behavior, language = release.behavior, reading.language
    rules = page_rules_in_scope(behavior, reading.context, None, language)
    rule = next((one for one in rules if one.opening or one.offer_entries), None)
    found = list(reasons)
    name = customer_name(reading.context)
    if rule is not None:
        found.append(Reason(f"page:{rule.id}", f"The customer is where “{rule.id}” holds: {rule.means}"))
    opening = text_in(rule.opening, language) if rule is not None else ""
    if not opening and not reading.said_by_agent:
        opening = text_in(behavior.tone.greeting, language)
        found.append(Reason("opening", "No page rule has an opening here; the greeting stands for it."))
    reply = filled(opening, behavior, name) or None
    return Decision(
        action="ask",
        language=language,
        category_id=None,
        category_confidence=0.0,
        bucket=None,
        confidence=None,
        threshold=None,
        risk=None,
        entries=_offered(rule, reading.context, release) if rule is not None else (),
        deciding_conditions={},
        ask_for=(),
        reply=reply,
        reasons=tuple(found),
        handoff=None,
        release_id=release.release_id,
    )


def _offered(rule: PageRule, context: Mapping[str, object], release: AgentRelease) -> tuple[EntryUse, ...]:
    """The rule's entries that are in the release and not for other customers."""
    offered = []
    for entry_id in rule.offer_entries:
        entry = release.entries.get(entry_id)
        if entry is not None and (holds := applies(entry.conditions, context)) is not False:
            offered.append(EntryUse(entry_id, entry.content_hash, entry.question, dict(entry.conditions), 0.0, holds))
    return tuple(offered)
