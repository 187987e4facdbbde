"""Texts that still give a price, a term or a limit that a release, price or policy event has changed.

Belongs here: matching values with events, both where the event names the old value and where its new one disagrees
with what the text says. Does not belong here: reading events (``release_changes``) and quantities (``facts``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assets.build_knowledge.findings.aligned_sentences import Encode
from assets.build_knowledge.findings.fact_finders import facts_in, mask_facts
from assets.build_knowledge.findings.facts import Fact, differing_facts
from assets.build_knowledge.findings.finding import Finding, about, quote
from assets.build_knowledge.findings.release_changes import ChangedValue, Release
from assets.build_knowledge.findings.scopes import may_be_the_same, scopes_in
from assets.build_knowledge.findings.sentences import stems
from assets.build_knowledge.findings.statements import Statement

NEAR_EVENT = 0.45
"""Likeness of a sentence to the event's clause from which on a value both give is the same one."""

SAME_AS_EVENT = 0.6
"""The same where the event does not name the old value, so that likeness alone says what the text is about."""

_PAST = re.compile(
    r"\b(?:until (?:\d|january|february|march|april|may|june|july|august|september|october|november|december)|previously|formerly|used to|was|were|"
    r"old price|before (?:\d|january|february|march|april|may|june|july|august|september|october|november|december)|keeps? (?:paying|their|the old|your old)|"
    r"signed up before|earlier customers|bis (?:zum )?\d|früher|bisher|bis dahin|hasta el|antes|anteriormente)\b",
    re.IGNORECASE,
)
_REASON = {"price": "ended_price", "policy": "ended_policy", "product": "ended_limit"}


def find_ended_values(
    statements: Sequence[Statement], changes: Sequence[ChangedValue], events: Sequence[Release], encode: Encode
) -> list[Finding]:
    """Findings of type ``stale``: reason ``ended_price`` for money, else ``ended_policy`` or ``ended_limit``.

    One a subject and event. A sentence that speaks of the past, or gives the new value too, is left alone; a text
    written after the event is only compared with old values that the event names.
    """
    with_facts = [one for one in statements if one.facts and not _PAST.search(one.sentence.whole)]
    clauses = list(_clauses(changes, events))
    if not with_facts or not clauses:
        return []
    likeness = encode([one.masked for one in with_facts]) @ encode([_masked(*clause) for clause in clauses]).T
    best: dict[tuple[str, str, str], tuple[float, Finding]] = {}
    for column, (event, clause, change) in enumerate(clauses):
        words = frozenset(stems(f"{event.name} {' '.join(event.affects)} {mask_facts(clause)}"))
        named = [frozenset(stems(term)) for term in event.affects]
        for row, statement in enumerate(with_facts):
            near = float(likeness[row, column])
            value = (
                _old_value(statement, change, words, named, near)
                if change is not None
                else _other_value(statement, event, clause, words, near)
            )
            if value is None:
                continue
            finding = _finding(statement, event, clause, value)
            key = (finding.subject_kind, finding.subject_id, event.name)
            if key not in best or near > best[key][0]:
                best[key] = (near, finding)
    return [finding for _, finding in best.values()]


def _clauses(
    changes: Sequence[ChangedValue], events: Sequence[Release]
) -> Iterator[tuple[Release, str, ChangedValue | None]]:
    """What texts are compared with: changed values, and the clauses of events that state a value without the old."""
    for change in changes:
        yield change.release, change.clause, change
    for event in events:
        for clause in re.split(r"[;]\s|(?<=[^\d.])\.\s", event.description):
            if facts_in(clause) and not any(change.release is event and change.clause == clause for change in changes):
                yield event, clause, None


def _masked(event: Release, clause: str, change: ChangedValue | None) -> str:
    bare = re.sub(r"\([^)]*\)", "", clause) if change is not None else clause
    return mask_facts(bare)


def _old_value(
    statement: Statement,
    change: ChangedValue,
    words: frozenset[str],
    named: Sequence[frozenset[str]],
    near: float,
) -> Fact | None:
    """The old value the sentence gives for what the event changed, if it does."""
    facts = statement.facts
    if any(_same_kind(fact, new) and fact.agrees_with(new) for fact in facts for new in change.new):
        return None
    given = next((f for f in facts for old in change.old if _same_kind(f, old) and _equal(f, old)), None)
    if given is None:
        return None
    is_named = any(term and term <= statement.all_stems for term in named)
    shared = words & statement.all_stems
    # An amount of money is rarely the same by chance; "30 days" often is.
    is_about = is_named or (len(shared) >= 2 and near >= NEAR_EVENT)
    if given.kind != "money":
        is_about = bool(shared) and near >= NEAR_EVENT and (is_named or len(shared) >= 2)
    event_scopes = {g: m for g, m in scopes_in(change.clause).items() if g in statement.wide_scopes and g == "plan"}
    mine = {g: m for g, m in statement.wide_scopes.items() if g in event_scopes}
    return given if is_about and may_be_the_same(event_scopes, mine) else None


def _other_value(statement: Statement, event: Release, clause: str, words: frozenset[str], near: float) -> Fact | None:
    """A value that disagrees with what an event states, in a sentence written before it about the same thing."""
    updated = statement.sentence.row["updated_at"]
    if near < SAME_AS_EVENT or (updated is not None and updated >= event.date):
        return None
    if len(words & statement.all_stems) < 2:
        return None
    if not may_be_the_same(scopes_in(f"{event.name} {clause}"), statement.wide_scopes, ignore=("role", "region")):
        return None
    if any(
        _same_kind(mine, said) and mine.agrees_with(said)
        for mine in facts_in(str(statement.sentence.row["text"]))
        for said in facts_in(clause)
    ):
        return None
    differing = differing_facts(statement.facts, facts_in(clause))
    return differing[0] if differing else None


def _same_kind(one: Fact, other: Fact) -> bool:
    return one.kind == other.kind and one.unit == other.unit and (not one.per or not other.per or one.per == other.per)


def _equal(one: Fact, other: Fact) -> bool:
    return abs(one.low - other.low) < 1e-6 * max(one.low, 1) and abs(one.high - other.high) < 1e-6 * max(one.high, 1)


def _finding(statement: Statement, event: Release, clause: str, value: Fact) -> Finding:
    reason = "ended_price" if value.kind == "money" else _REASON.get(event.kind, "ended_policy")
    return Finding(
        type="stale",
        reason=reason,
        **about(statement.sentence.row),
        evidence=f"{quote(statement.sentence.whole)} gives {value.text}; {event.label} says {quote(clause)}.",
        fix=f"Replace {value.text} by what holds since {event.date:%Y-%m-%d}, and check the rest of the text against it.",
        is_blocking=True,
        key=event.name.casefold(),
        release_name=event.name,
    )
