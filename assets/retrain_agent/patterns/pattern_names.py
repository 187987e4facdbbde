"""What a pattern is called: its type in plain words, and what it is about in the customers'.

Belongs here: names, and telling two of the same name apart. Does not belong here: ids.

The customers' words are a training ticket's: whoever reads a name may write an entry after it. A pattern without one is
called by its entry or its category.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from assets.audit_tickets.roadmap.risk_patterns import SIGNALS
from assets.audit_tickets.roadmap.roadmap_examples import shorten
from assets.build_knowledge.drafts.customer_questions import customer_questions
from assets.build_knowledge.drafts.question_wording import choose_question
from assets.build_knowledge.drafts.sentences import has_placeholder
from assets.retrain_agent.frames import (
    EDGE_CASE_COLLISION,
    INTENT_MISCLASSIFICATION,
    KNOWLEDGE_GAP,
    MISSED_ESCALATION,
    NEEDLESS_ESCALATION,
    RETRIEVAL_MISS,
    STALE_KNOWLEDGE,
    TONE_OR_LENGTH,
    UNEXPLAINED,
)
from assets.retrain_agent.patterns.same_matter import Encode

MAX_CHARS = 90
READ = 12
"""Messages whose sentences are read for a name, the most central."""
_BEGINS = {
    KNOWLEDGE_GAP: "No answer yet",
    EDGE_CASE_COLLISION: "Wrong for some customers",
    RETRIEVAL_MISS: "Answer not found",
    STALE_KNOWLEDGE: "Stale answer",
    MISSED_ESCALATION: "A person was needed",
    NEEDLESS_ESCALATION: "Handed over without need",
    UNEXPLAINED: "Wrong, cause unclear",
}
_REASONS = {"too_long": "Too long", "tone": "Tone"}


def customers_sentences(
    messages: Sequence[Sequence[tuple[str, str]]], targets: Sequence[np.ndarray], encode: Encode
) -> list[str]:
    """The sentence that best says what each pattern's customers ask, in their own words; "" where none can stand alone.

    Judged by its form (it asks or complains, and tells no story), by how much its words are this pattern's rather than
    others', and by its nearness to the other customers' and to the target.

    Args:
        messages: (question, language) of each pattern, the most central first; ``READ`` of each are read.
        targets: of each pattern the vector that its sentence should be near.
    """
    rows = [
        (f"{pattern}/{number}", str(pattern), text, language)
        for pattern, read in enumerate(messages)
        for number, (text, language) in enumerate(read[:READ])
    ]
    if not rows:
        return [""] * len(messages)
    frame = pd.DataFrame(rows, columns=["ticket_id", "pattern", "text", "language"])
    frame = frame.assign(position=0, author_role="requester", is_public=True, subject=None)
    asked = customer_questions(frame, dict(zip(frame["ticket_id"], frame["pattern"], strict=True)))
    fine = [not has_placeholder(one) and "://" not in one for one in asked["question"]]
    asked = asked[np.array(fine, dtype=bool)].sort_values("ticket_id", kind="stable").reset_index(drop=True)
    vectors = np.asarray(encode(asked["question"].tolist()), dtype=np.float64) if len(asked) else np.zeros((0, 1))
    found = []
    for pattern, target in enumerate(targets):
        mine = asked.index[asked["category_id"] == str(pattern)]
        # One language, the commonest: sentences of several are far from each other whatever they say.
        spoken = asked.loc[mine, "language"].value_counts()
        tongue = min(spoken.index, key=lambda one: (-spoken[one], one)) if len(spoken) else ""
        chosen = [row for row in mine if asked.at[row, "language"] == tongue]
        strengths = asked.loc[chosen, "strength"].astype(float).tolist()
        found.append(
            choose_question([str(asked.at[row, "question"]) for row in chosen], vectors[chosen], strengths, target)
            if chosen
            else ""
        )
    return found


def pattern_name(
    pattern: Mapping[str, Any],
    key: Sequence[str],
    asked: str,
    category_names: Mapping[str, str],
    entry_questions: Mapping[str, str],
    as_of: pd.Timestamp,
) -> str:
    """“Stale answer: How do I download an invoice? (since 23 June)”.

    Args:
        pattern: failure_type, category_id, right_category_id, target_entry_id, entry_id, condition, trigger_id, first_at.
        key: of its ``Group``.
        asked: of ``customers_sentences``, used where no entry says it better.
    """
    kind = str(pattern["failure_type"])
    category = _category(pattern["right_category_id"] or pattern["category_id"], category_names)
    about = entry_questions.get(str(pattern["target_entry_id"] or pattern["entry_id"] or ""), "") or asked
    if kind == INTENT_MISCLASSIFICATION:
        return _intent(pattern, asked, category_names)
    if kind == TONE_OR_LENGTH:
        begins = _REASONS.get(key[0] if key else "", "Tone or length")
        return f"{begins}: {_cut(about) if len(key) > 1 and key[1] else 'several answers'}"
    if kind == MISSED_ESCALATION and key and key[0] in SIGNALS:
        return f"{_BEGINS[kind]}: the customer {SIGNALS[key[0]].split(',')[0]}"
    if kind == NEEDLESS_ESCALATION and pattern["trigger_id"]:
        return f"{_BEGINS[kind]}: the trigger {str(pattern['trigger_id']).replace('_', ' ')}"
    if kind == NEEDLESS_ESCALATION and key and key[0] == "category":
        return f"{_BEGINS[kind]}: {category}"
    if kind in (KNOWLEDGE_GAP, MISSED_ESCALATION, UNEXPLAINED):
        about = asked  # an entry that was said is beside the matter
    tail = ""
    if kind == STALE_KNOWLEDGE and not pd.isna(pattern["first_at"]):
        tail = f" (since {day(pattern['first_at'], as_of)})"
    if kind == EDGE_CASE_COLLISION and (words := condition_words(pattern["condition"])):
        tail = f" ({words})"
    return f"{_BEGINS.get(kind, 'Wrong')}: {_cut(about) or category or 'nothing is known of it'}{tail}"


def told_apart(names: Sequence[str], categories: Sequence[str]) -> list[str]:
    """Names of which no two are the same: with the category behind, and where that is the same too, a number."""
    found: list[str] = []
    taken: set[str] = set()
    for name, category in zip(names, categories, strict=True):
        own = name
        if own in taken and category and category not in own:
            own = f"{name}, {category}"
        number = 2
        while own in taken:
            own = f"{name} ({number})"
            number += 1
        taken.add(own)
        found.append(own)
    return found


def day(at: pd.Timestamp, as_of: pd.Timestamp) -> str:
    """“23 June”, with the year where it is another one."""
    return f"{at.day} {at:%B}" + ("" if at.year == as_of.year else f" {at.year}")


def condition_words(condition: Any) -> str:
    """“plan: free or pro; sso: true”; "" where there is none."""
    try:
        read = json.loads(condition) if isinstance(condition, str) else {}
    except ValueError:
        return ""
    if not isinstance(read, dict):
        return ""
    return "; ".join(
        f"{name}: {' or '.join(str(one).lower() for one in (values if isinstance(values, list) else [values]))}"
        for name, values in sorted(read.items())
    )


def _intent(pattern: Mapping[str, Any], asked: str, names: Mapping[str, str]) -> str:
    right = _category(pattern["right_category_id"], names)
    if not pattern["category_id"]:
        return f"Not recognised: {right or _cut(asked) or 'many things'}"
    chosen = _category(pattern["category_id"], names)
    right = "" if right == chosen else right
    return f"{right} taken for {chosen}" if right else f"Wrongly taken for {chosen}: {_cut(asked) or 'several things'}"


def _category(category_id: Any, names: Mapping[str, str]) -> str:
    return names.get(str(category_id), str(category_id).replace("_", " ")) if category_id else ""


def _cut(text: str) -> str:
    line = "".join(one if one.isprintable() else " " for one in text)
    return shorten(line, MAX_CHARS) if line.strip() else ""
