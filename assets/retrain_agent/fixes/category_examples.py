"""A misclassified intent's fix: tickets that show which of two categories is which, the hardest first.

Belongs here: the right labels of training tickets that failed, and of their neighbours that carry the wrong one. Does not
belong here: the statistics of doubtful labels (``label_doubts``), learning from labels (``trials``, ``candidate``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from assets.build_knowledge.drafts.proposal import count_phrase
from assets.build_knowledge.retrieval.same_answers import LEAST
from assets.retrain_agent.fixes.fix import Fix, is_known, note, quoted, text_or_none, volume_sentence
from assets.retrain_agent.fixes.label_doubts import SAID_BY_PEOPLE, doubtful_labels, group_of, two_sided_probabilities
from assets.retrain_agent.fixes.proposal import CATEGORY_EXAMPLES, Proposal, ProposedLabel
from assets.retrain_agent.fixes.right_answers import right_answers, says_what
from assets.retrain_agent.fixes.training_ground import MOST, Ground, PatternGround
from assets.retrain_agent.frames import INTENT_MISCLASSIFICATION

ALIKE, LEAST_ALIKE = 0.75, 3
"""Cosine of two messages that belong to one category, and how many such must agree before a ticket counts as misfiled."""
MAX_LABELS = 120
"""Labels in one proposal: what a person can look through."""


def category_examples(found: PatternGround) -> Fix:
    """Labels to set right; a note where nobody said which category is right."""
    ground = found.ground
    named = _right_categories(found)
    if not named:
        if not len(found.mine):
            return note(
                f"Nothing to learn from yet: {ground.name_of(found.right_category)}",
                volume_sentence(found.pattern),
                _why_nothing(found),
            )
        return note(
            f"Say which category these messages belong to ({ground.name_of(found.cell('category_id'))} was chosen)",
            volume_sentence(found.pattern),
            _why_nothing(found),
        )
    said = said_by_people(ground)
    confused = _confused(found, named)
    doubts: dict[str, str] = {}
    near: dict[str, float] = {}
    for wrong, right in confused:
        found_doubts, margins = _neighbours(ground, wrong, right, {**said, **named})
        doubts |= {ticket: category for ticket, category in found_doubts.items() if ticket not in doubts}
        near |= {ticket: min(margin, near.get(ticket, 1.0)) for ticket, margin in margins.items()}
    failing = sorted(named, key=lambda one: (near.get(one, 1.0), one))
    neighbours = sorted((one for one in doubts if one not in named), key=lambda one: (near.get(one, 1.0), one))
    labels = [
        ProposedLabel(one, category, ground.labels.get(one))
        for one, category in [*((one, named[one]) for one in failing), *((one, doubts[one]) for one in neighbours)]
        if ground.labels.get(one) != category
    ][:MAX_LABELS]
    if not labels:
        return _labelled_right_already(found, named)
    corrected = sum(one.ticket_id in doubts and one.ticket_id not in named for one in labels)
    return Fix(
        CATEGORY_EXAMPLES,
        Proposal(labels=tuple(labels)),
        f"Teach the agent {_told_apart(ground, named, found)}: {count_phrase(len(labels), 'ticket', 'tickets')}",
        tuple(_reasons(found, named, labels, corrected)),
        tuple(one.ticket_id for one in labels),
    )


def said_by_people(ground: Ground) -> dict[str, str]:
    """Category by training ticket where a person named it or confirmed the one that was chosen."""
    found: dict[str, str] = {}
    for row in ground.cases.to_dict("records"):
        right, chosen = text_or_none(row["right_category_id"]), text_or_none(row["category_id"])
        is_confirmed = is_known(row["is_wrong"]) and not row["is_wrong"]
        category = right or (chosen if is_confirmed else None)
        if category:
            found[str(row["ticket_id"])] = category
    return found


def _right_categories(found: PatternGround) -> dict[str, str]:
    """The right category of each training failure, of those that are decided: as a person or the helpdesk named it, as the entry
    it should have been answered with has it, or as the pattern says. What people called wrong is never right.

    Helpdesks are filed in a hurry: a category that nobody named for any message so alike, while people agree on another, stays
    out.
    """
    ground = found.ground
    by_answer = _by_right_answer(found)
    fallback = found.cell("right_category_id")
    named: dict[str, str] = {}
    for row in found.mine.to_dict("records"):
        ticket = str(row["ticket_id"])
        linked = [one for name in row["right_entry_ids"] if (one := ground.entries.get(str(name))) is not None]
        category = (
            text_or_none(row["right_category_id"])
            or (str(linked[0]["category_id"]) if linked else None)
            or by_answer.get(ticket)
            or fallback
        )
        is_what_was_wrong = found.pattern["failure_type"] == INTENT_MISCLASSIFICATION and category == row["category_id"]
        if category and category in ground.categories and not is_what_was_wrong:
            named[ticket] = category
    misfiled = _misfiled(named, ground)
    return {ticket: category for ticket, category in named.items() if ticket not in misfiled}


def _by_right_answer(found: PatternGround) -> dict[str, str]:
    """The category of the live entry that says what people said, by ticket."""
    unnamed = found.mine[found.mine["right_category_id"].isna()]
    rows = list(found.ground.entries.values())
    if not len(unnamed) or not rows:
        return {}
    answers = right_answers(found, unnamed)
    texts = [str(one["answer"]) for one in rows]
    named: dict[str, str] = {}
    for answer, tickets in answers.rows.groupby("answer", sort=True)["ticket_id"]:
        alike = says_what(found, str(answer), texts)
        if float(alike.max()) >= LEAST:
            named |= {str(one): str(rows[int(alike.argmax())]["category_id"]) for one in tickets}
    return named


def _misfiled(named: Mapping[str, str], ground: Ground) -> set[str]:
    """Tickets whose like (by what people named, not by labels) all belong elsewhere."""
    said = {**said_by_people(ground), **named}
    texts = dict(zip(ground.material.texts["ticket_id"].astype(str), ground.material.texts["text"], strict=True))
    tickets = sorted(one for one in said if isinstance(texts.get(one), str))
    vectors = ground.vectors([texts[one] for one in tickets])
    categories = np.array([said[one] for one in tickets])
    found = set()
    for place, ticket in enumerate(tickets):
        if ticket not in named:
            continue
        near = np.flatnonzero(vectors @ vectors[place] >= ALIKE)
        others = Counter(categories[near[near != place]].tolist())
        agree = others.most_common(1)[0][1] if others else 0
        if others.total() >= LEAST_ALIKE and agree >= 0.8 * others.total() and not others[said[ticket]]:
            found.add(ticket)
    return found


def _confused(found: PatternGround, named: Mapping[str, str]) -> list[tuple[str, str]]:
    """Pairs (chosen, right) in the order of how often; where no category was chosen, the ones labelled so."""
    chosen = dict(zip(found.mine["ticket_id"].astype(str), found.mine["category_id"], strict=True))
    pairs = Counter(
        (wrong, right)
        for ticket, right in named.items()
        if (wrong := text_or_none(chosen.get(ticket)) or found.ground.labels.get(ticket)) and wrong != right
    )
    return [pair for pair, _ in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))][:3]


def _neighbours(
    ground: Ground, wrong: str, right: str, certain: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, float]]:
    """Tickets of the two categories whose label is likely the other's, and how near each is to their border (0..0.5)."""
    texts = dict(zip(ground.material.texts["ticket_id"].astype(str), ground.material.texts["text"], strict=True))
    label = {**ground.labels, **certain}
    tickets = sorted(one for one, name in label.items() if name in (wrong, right) and isinstance(texts.get(one), str))
    is_second = np.array([label[one] == right for one in tickets], dtype=bool)
    if not is_second.any() or is_second.all():
        return {}, {}
    vectors = ground.vectors([texts[one] for one in tickets])
    weights = np.array([SAID_BY_PEOPLE if one in certain else 1.0 for one in tickets])
    splits = ground.material.splits
    groups = dict(zip(splits["ticket_id"].astype(str), splits["group_id"], strict=True)) if "group_id" in splits else {}
    probabilities = two_sided_probabilities(
        vectors, is_second, weights, group_of(tickets, {k: str(v) for k, v in groups.items() if isinstance(v, str)})
    )
    if probabilities is None:
        return {}, {}
    doubted = doubtful_labels(probabilities, is_second, [one in certain for one in tickets])
    swapped = {
        one: (wrong if second else right)
        for one, second, is_doubted in zip(tickets, is_second, doubted, strict=True)
        if is_doubted
    }
    return swapped, dict(zip(tickets, np.abs(probabilities - 0.5).tolist(), strict=True))


def _told_apart(ground: Ground, named: Mapping[str, str], found: PatternGround) -> str:
    right = ground.name_of(Counter(named.values()).most_common(1)[0][0])
    chosen = found.cell("category_id")
    share = float((found.mine["category_id"] == chosen).fillna(False).mean()) if chosen else 0.0
    if chosen and chosen not in named.values() and share >= MOST:
        return f"to tell {right} and {ground.name_of(chosen)} apart"
    return f"to recognise {right}"


def _reasons(found: PatternGround, named: Mapping[str, str], labels: list[ProposedLabel], corrected: int) -> list[str]:
    ground = found.ground
    texts = dict(zip(ground.material.texts["ticket_id"].astype(str), ground.material.texts["text"], strict=True))
    counts = ", ".join(
        f"{count} to {ground.name_of(name)}"
        for name, count in Counter(one.category_id for one in labels).most_common(4)
    )
    reasons = [volume_sentence(found.pattern), f"Labels to set: {counts}; those nearest the border come first."]
    own = len(labels) - corrected
    if own:
        reasons.append(
            f"{count_phrase(own, 'of them is a ticket', 'of them are tickets')} that failed, with the category that people named."
        )
    if corrected:
        reasons.append(
            f"{count_phrase(corrected, 'other ticket carries', 'other tickets carry')} a label that the words of the rest speak "
            "against; look at each before you accept."
        )
    asked = dict(zip(ground.asked["ticket_id"].astype(str), ground.asked["question"], strict=True))
    words = {
        " ".join(said.casefold().split()).rstrip("?!. "): quoted(said, 80)
        for one in reversed(labels)
        if (said := str(asked.get(one.ticket_id) or texts.get(one.ticket_id) or ""))
    }
    shown = list(words.values())[::-1][:2]
    if shown:
        reasons.append(f"For example {' and '.join(shown)}.")
    return reasons


def _labelled_right_already(found: PatternGround, named: Mapping[str, str]) -> Fix:
    right = found.ground.name_of(Counter(named.values()).most_common(1)[0][0])
    return note(
        f"Write example phrases for {right}",
        volume_sentence(found.pattern),
        f"Their training tickets carry the right label, and {right} was still not recognised. The month's refit learns from them; "
        "until then, a few example phrases in categories.yaml help most.",
    )


def _why_nothing(found: PatternGround) -> str:
    if not len(found.mine):
        return "All of these tickets are set aside to measure the agent, so that nothing may be learnt from them."
    return "Nobody said which category is right. Say it once in a review, or in the helpdesk."
