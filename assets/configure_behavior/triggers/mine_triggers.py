"""What a spec's triggers would have done in the past: messages they fire on, and near misses for a person to judge.

Belongs here: running triggers over past tickets, rates with intervals, and ranking what may have been missed. Does not
belong here: whether a hit is right (people read it), the encoder.

Only training and calibration tickets are read. What a holdout ticket would have shown must not shape a trigger, since
the pilot is measured on them.

A near miss is a ticket that no trigger fires on, and that either means nearly the same as a message some trigger must
fire on (cosine of the encoder's vectors, and closer to it than to any message that trigger must stay quiet on), or
belongs to a category that always goes to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from assets.audit_tickets.roadmap.category_metrics import wilson_interval
from assets.audit_tickets.texts.language import detect_language
from assets.configure_behavior.triggers.find_triggers import MAX_EARLIER, find_triggers
from assets.configure_behavior.triggers.own_phrases import bounded
from desk.behavior import BehaviorFile, Sample

if TYPE_CHECKING:
    import pandas as pd

READ_SPLITS = ("train", "calibration")
MIN_SIMILARITY = 0.45
"""Cosine from which a message counts as meaning nearly the same; all-MiniLM gives unrelated tickets about 0.1."""
MIN_LEAD = 0.2
"""How much nearer than to other triggers' examples of its language, on average: an English encoder finds all Spanish
texts alike."""
MAX_NEAR_MISSES = 10
"""Near misses kept for each trigger, and for each category that always goes to a person."""
MAX_ENCODED = 2_000
"""Tickets whose opening is compared by meaning, the newest ones: encoding takes most of the time."""
SHOWN_CHARS = 300

Encode = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class PastHit:
    """A trigger and a past ticket it fires on; ``turn`` counts back from the last message, ``text`` is that message."""

    trigger_id: str
    ticket_id: str
    category_id: str | None
    turn: int
    phrase: str
    text: str


@dataclass(frozen=True)
class NearMiss:
    """A past ticket that no trigger fires on and a person should look at; ``like`` is the example it is close to."""

    trigger_id: str | None
    ticket_id: str
    category_id: str | None
    similarity: float | None
    like: str
    text: str
    why: str


@dataclass(frozen=True)
class TriggerRate:
    """How many past tickets a trigger fires on: Wilson's 95 % interval. ``count_alone`` counts those no other trigger fires on."""

    trigger_id: str
    count_fired: int
    count_alone: int
    count_tickets: int
    rate: float
    low: float
    high: float


@dataclass(frozen=True)
class MinedTriggers:
    """What was found. Hits and near misses are ordered so that the first are the ones to read first."""

    count_tickets: int
    count_fired: int
    rates: tuple[TriggerRate, ...]
    hits: tuple[PastHit, ...]
    near_misses: tuple[NearMiss, ...] = field(default=())


@dataclass(frozen=True)
class _Ticket:
    ticket_id: str
    turns: list[str]
    language: str | None
    category_id: str | None
    context: Mapping[str, object]
    created_at: pd.Timestamp


def mine_triggers(
    behavior: BehaviorFile,
    redacted_comments: pd.DataFrame,
    ticket_splits: pd.DataFrame,
    *,
    ticket_categories: Mapping[str, str] | None = None,
    ticket_contexts: Mapping[str, Mapping[str, object]] | None = None,
    always_to_people: Collection[str] = (),
    encode: Encode | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> MinedTriggers:
    """Run every trigger over the requesters' public messages of training and calibration tickets.

    Args:
        redacted_comments: ticket_id, position, author_role, is_public, created_at, subject, text, language.
        ticket_splits: ticket_id, split.
        ticket_categories, ticket_contexts: category and facts by ticket, where they are known.
        always_to_people: categories whose bucket is escalate.
        encode: texts to unit vectors; without it near misses come from categories alone.
    """
    tickets = list(_tickets(redacted_comments, ticket_splits, ticket_categories or {}, ticket_contexts or {}))
    hits: list[PastHit] = []
    uncaught: list[_Ticket] = []
    for done, ticket in enumerate(tickets, start=1):
        found = find_triggers(
            ticket.turns[-1],
            ticket.turns[:-1],
            behavior,
            context=ticket.context,
            category_id=ticket.category_id,
            language=ticket.language,
        )
        hits += [
            PastHit(
                hit.trigger_id,
                ticket.ticket_id,
                ticket.category_id,
                hit.turn,
                hit.phrase,
                _shown(ticket.turns[-1 - hit.turn], hit.phrase),
            )
            for hit in found
        ]
        if not found:
            uncaught.append(ticket)
        if on_progress and (done % 500 == 0 or done == len(tickets)):
            on_progress(done, len(tickets))
    order = {trigger.id: place for place, trigger in enumerate(behavior.triggers)}
    hits.sort(key=lambda hit: (order[hit.trigger_id], hit.ticket_id))
    near = [*_by_meaning(behavior, uncaught, encode), *_by_category(uncaught, always_to_people)]
    return MinedTriggers(
        len(tickets),
        len(tickets) - len(uncaught),
        tuple(_rates(behavior, hits, len(tickets))),
        tuple(hits),
        tuple(near),
    )


def _tickets(
    comments: pd.DataFrame,
    splits: pd.DataFrame,
    categories: Mapping[str, str],
    contexts: Mapping[str, Mapping[str, object]],
) -> Iterator[_Ticket]:
    readable = set(splits.loc[splits["split"].isin(READ_SPLITS), "ticket_id"])
    is_mine = (comments["author_role"] == "requester") & comments["is_public"].fillna(False).astype(bool)
    mine = comments[is_mine & comments["ticket_id"].isin(readable)]
    mine = mine.sort_values(["ticket_id", "position"], kind="stable")
    for ticket_id, rows in mine.groupby("ticket_id", sort=True):
        turns = [text for text in rows["text"] if isinstance(text, str) and text.strip()]
        subject = rows["subject"].iloc[0]
        if isinstance(subject, str) and subject.strip():
            turns[:1] = [f"{subject}\n{turns[0]}" if turns else subject]
        if turns:
            language = rows["language"].iloc[0]
            yield _Ticket(
                str(ticket_id),
                turns[-MAX_EARLIER - 1 :],
                language if isinstance(language, str) else None,
                categories.get(str(ticket_id)),
                contexts.get(str(ticket_id), {}),
                rows["created_at"].iloc[0],
            )


def _rates(behavior: BehaviorFile, hits: Sequence[PastHit], count_tickets: int) -> Iterator[TriggerRate]:
    fired: dict[str, set[str]] = {trigger.id: set() for trigger in behavior.triggers}
    by_ticket: dict[str, set[str]] = {}
    for hit in hits:
        fired[hit.trigger_id].add(hit.ticket_id)
        by_ticket.setdefault(hit.ticket_id, set()).add(hit.trigger_id)
    for name, tickets in fired.items():
        low, high = wilson_interval(len(tickets), count_tickets)
        yield TriggerRate(
            name,
            len(tickets),
            sum(len(by_ticket[ticket]) == 1 for ticket in tickets),
            count_tickets,
            len(tickets) / count_tickets if count_tickets else 0.0,
            low,
            high,
        )


def _by_meaning(behavior: BehaviorFile, uncaught: Sequence[_Ticket], encode: Encode | None) -> Iterator[NearMiss]:
    """Nearest examples of the ticket's own language; what is equally near to everything means nothing in particular.

    Triggers that listen to no words, but to a scope or to frustration, have no meaning to be near to.
    """
    listening = [one for one in behavior.triggers if one.signals or one.phrases or one.patterns]
    wanted = [_Example(one.id, sample) for one in listening for sample in one.fires_on]
    if encode is None or not uncaught or not wanted:
        return
    quiet = [_Example(one.id, sample) for one in listening for sample in one.quiet_on]
    newest = sorted(uncaught, key=lambda one: (one.created_at, one.ticket_id), reverse=True)[:MAX_ENCODED]
    texts = [bounded(ticket.turns[0]) for ticket in newest] + [one.text for one in (*wanted, *quiet)]
    vectors = encode(texts)
    messages, examples = vectors[: len(newest)], vectors[len(newest) :]
    likeness = messages @ examples.T
    speaks_alike = np.array([[one.language == ticket.language for one in (*wanted, *quiet)] for ticket in newest])
    likeness = np.where(speaks_alike, likeness, np.nan)
    for trigger in listening:
        columns = [place for place, one in enumerate(wanted) if one.trigger_id == trigger.id]
        against = [len(wanted) + place for place, one in enumerate(quiet) if one.trigger_id == trigger.id]
        of_others = [place for place, one in enumerate((*wanted, *quiet)) if one.trigger_id != trigger.id]
        found = []
        for row, ticket in enumerate(newest):
            mine = likeness[row, columns]
            if not np.isfinite(mine).any():
                continue
            nearest = int(np.nanargmax(mine))
            best = float(mine[nearest])
            opposite = max((float(likeness[row, place]) for place in against if speaks_alike[row, place]), default=-1.0)
            others = likeness[row, of_others]
            usual = float(np.nanmean(others)) if np.isfinite(others).any() else 0.0
            if best >= MIN_SIMILARITY and best - usual >= MIN_LEAD and best > opposite:
                found.append((best, ticket, wanted[columns[nearest]].text))
        found.sort(key=lambda one: (-one[0], one[1].ticket_id))
        for best, ticket, like in found[:MAX_NEAR_MISSES]:
            why = f"means nearly what '{trigger.id}' must fire on, and nothing fires"
            yield NearMiss(
                trigger.id, ticket.ticket_id, ticket.category_id, round(best, 3), like, _shown(ticket.turns[0]), why
            )


@dataclass(frozen=True)
class _Example:
    """An example of a trigger as it is compared by meaning."""

    trigger_id: str
    sample: Sample

    @cached_property
    def text(self) -> str:
        return self.sample.turns[-1]

    @cached_property
    def language(self) -> str:
        return self.sample.language or detect_language(self.text)[0]


def _by_category(uncaught: Sequence[_Ticket], always_to_people: Collection[str]) -> Iterator[NearMiss]:
    for category in sorted(always_to_people):
        mine = [ticket for ticket in uncaught if ticket.category_id == category]
        for ticket in mine[:MAX_NEAR_MISSES]:
            why = f"one of {len(mine)} tickets of {category} that no trigger fires on; its bucket hands them over all the same"
            yield NearMiss(None, ticket.ticket_id, category, None, "", _shown(ticket.turns[0]), why)


def _shown(text: str, phrase: str = "") -> str:
    """The stretch of a text that holds a phrase, on one line."""
    flat, sought = " ".join(text.split()), " ".join(phrase.split())
    at = max(0, flat.find(sought) - SHOWN_CHARS // 3) if sought else 0
    shown = flat[at : at + SHOWN_CHARS]
    return f"{'…' if at else ''}{shown}{'…' if at + SHOWN_CHARS < len(flat) else ''}"
