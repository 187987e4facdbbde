"""The sample desk's planted pairs, one question with different answers, asked of a release with and without context.

The answer key is read here, by a test, and by nothing that decides.
"""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assets.configure_behavior.decisions.decide import decide
from assets.configure_behavior.releases.agent_release import AgentRelease

ANSWER_KEY = Path(__file__).parents[4] / "examples" / "brindlebase" / "answer_key" / "condition_pairs.csv"


@dataclass(frozen=True)
class Pair:
    """Two entries of the key, by the ids under which the reviewed desk keeps them, and questions that fit both."""

    category_id: str
    question: str
    deciding: tuple[str, ...]
    entries: tuple[str, str]
    contexts: tuple[dict, dict]
    phrasings: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What a release did with one message of a pair. ``expected`` is the entry, or None where it has to ask.

    ``is_right`` with context: the right entry is the one answered with or suggested. Without: the fact that decides is
    asked for, by the agent or in what it suggests to a person; where a person takes over anyway, nothing is answered.
    """

    pair: Pair
    message: str
    context: dict
    expected: str | None
    action: str
    entry: str | None
    ask_for: tuple[str, ...]
    is_right: bool
    why: str


def read_pairs(file: Path = ANSWER_KEY) -> list[Pair]:
    """Every planted pair."""
    with file.open(encoding="utf-8", newline="") as handle:
        return [_pair(row) for row in csv.DictReader(handle)]


def pairs_in(release: AgentRelease, pairs: Iterable[Pair]) -> list[Pair]:
    """The pairs of which both entries are in a release; those of categories that people keep have none."""
    return [pair for pair in pairs if set(pair.entries) <= set(release.entries)]


def compare_pairs(pairs: Sequence[Pair], release: AgentRelease, *, phrasings: bool = False) -> list[Outcome]:
    """Ask every pair's question (and phrasings) for both customers, and without context."""
    found = []
    for pair in pairs:
        for message in (pair.question, *(pair.phrasings if phrasings else ())):
            for entry, context in zip(pair.entries, pair.contexts, strict=True):
                found.append(_with_context(pair, message, context, entry, release))
            found.append(_without_context(pair, message, release))
    return found


def summary(outcomes: Sequence[Outcome]) -> dict:
    """Right and all, with and without context; how many went out by themselves."""
    informed = [one for one in outcomes if one.expected is not None]
    blind = [one for one in outcomes if one.expected is None]
    return {
        "right_with_context": sum(one.is_right for one in informed),
        "with_context": len(informed),
        "answered_with_context": sum(one.action == "answer" for one in informed),
        "answered_wrongly": sum(one.action == "answer" and not one.is_right for one in outcomes),
        "asked_without_context": sum(one.is_right for one in blind),
        "without_context": len(blind),
        "asked_by_the_agent": sum(one.action == "ask" for one in blind),
    }


def _with_context(pair: Pair, message: str, context: dict, expected: str, release: AgentRelease) -> Outcome:
    decision = decide(message, [], context, release)
    entry = decision.entries[0].entry_id if decision.entries else None
    is_right = entry == expected and decision.action != "ask"
    return _outcome(pair, message, context, expected, decision, entry, is_right)


def _without_context(pair: Pair, message: str, release: AgentRelease) -> Outcome:
    decision = decide(message, [], {}, release)
    entry = decision.entries[0].entry_id if decision.entries else None
    asks = decision.reply if decision.action == "ask" else decision.handoff and decision.handoff.suggested_reply
    spec = release.behavior.clarify
    is_asked = any(text in (asks or "") for field in decision.ask_for for text in spec.get(field, {}).values())
    is_right = is_asked or decision.action == "escalate"
    return _outcome(pair, message, {}, None, decision, entry, is_right)


def _outcome(pair, message, context, expected, decision, entry, is_right):
    last = decision.handoff.reason if decision.handoff else decision.reasons[-1].sentence
    return Outcome(pair, message, context, expected, decision.action, entry, decision.ask_for, is_right, last)


def _pair(row: dict[str, str]) -> Pair:
    names = (row["entry_a"].replace("_", "-"), row["entry_b"].replace("_", "-"))
    contexts = tuple(
        {field: values[0] for field, values in json.loads(row[name]).items()}
        for name in ("conditions_a", "conditions_b")
    )
    deciding = tuple(row["deciding"].split(";"))
    return Pair(row["category"], row["question"], deciding, names, contexts, tuple(json.loads(row["phrasings"])))
