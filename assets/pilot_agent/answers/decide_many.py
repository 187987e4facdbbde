"""Deciding many past or waiting messages with one release: encoded together, decided one by one.

Belongs here: the loop. Does not belong here: which messages, and what becomes of the decisions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assets.configure_behavior.confidence.evidence import encode_once
from assets.configure_behavior.decisions.case import readings
from assets.configure_behavior.decisions.decide import decide
from assets.configure_behavior.decisions.decision import Decision, Turn
from assets.configure_behavior.releases.agent_release import AgentRelease

PORTION = 256
"""Messages encoded in one go: a batch is twice as fast as one by one, and progress still moves."""


@dataclass(frozen=True)
class Asked:
    """A message to decide: redacted text, what was said before, and what is known of the customer."""

    text: str
    context: Mapping[str, object]
    conversation: tuple[Turn, ...] = ()


def decide_many(
    asked: Sequence[Asked], release: AgentRelease, on_progress: Callable[[int, int], None] | None = None
) -> list[Decision]:
    """Decide each message as ``decide`` does, in order."""
    made: list[Decision] = []
    for start in range(0, len(asked), PORTION):
        portion = asked[start : start + PORTION]
        texts = [text for one in portion for text in readings(one.text)]
        encoded = replace(release, encode=encode_once(texts, release.encode))
        for one in portion:
            made.append(decide(one.text, one.conversation, one.context, encoded))
            if on_progress is not None:
                on_progress(len(made), len(asked))
    return made
