"""A needless handover's fix, where no trigger called the person: what kept the agent from answering, and what would let it.

Belongs here: reading off the trail of decisions what held these answers back, and handing over to the kind of fix for it.
Does not belong here: triggers (``narrow_trigger``), entries and labels themselves (``draft_entry``, ``category_examples``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from assets.build_knowledge.drafts.proposal import count_phrase
from assets.build_knowledge.retrieval.same_answers import LEAST
from assets.retrain_agent.fixes.add_phrasings import add_phrasings
from assets.retrain_agent.fixes.category_examples import category_examples
from assets.retrain_agent.fixes.draft_entry import draft_entry
from assets.retrain_agent.fixes.fix import Fix, note, quoted, text_or_none, volume_sentence
from assets.retrain_agent.fixes.narrow_trigger import narrow_trigger
from assets.retrain_agent.fixes.proposal import NOTE, THRESHOLD, Proposal
from assets.retrain_agent.fixes.right_answers import right_answers, says_what
from assets.retrain_agent.fixes.training_ground import PatternGround
from assets.retrain_agent.frames import NEEDLESS_ESCALATION

LEAST_JUDGED = 20
"""Judged answers of a category below its threshold before a higher risk is proposed."""


def needless_handovers(found: PatternGround) -> Fix:
    """The fix for what held most of these answers back."""
    if found.cell("trigger_id"):
        return narrow_trigger(found)
    held = held_back_by(found)
    if held in ("category", "agreement") or (held is None and found.cell("category_id") is None):
        fix = category_examples(found)
        return fix if fix.kind != NOTE else _by_knowledge(found) or fix
    if held == "entries":
        return _by_knowledge(found) or draft_entry(found)
    if held == "threshold":
        return _threshold(found)
    return _explained(found, held)


def held_back_by(found: PatternGround) -> str | None:
    """The rule that held most of the training failures back, as the trail of decisions names it."""
    counts: Counter[str] = Counter()
    rows: list[Any] = found.mine.to_dict("records")
    for row in rows:
        if rule := _rule_of(row):
            counts[rule] += 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[0][0] if counts else None


def _rule_of(row: Mapping[str, Any]) -> str | None:
    reason = (text_or_none(row["handoff_reason"]) or "").casefold()
    if "unclear what the message is about" in reason or "outside what is covered" in reason:
        return "category"
    if "always goes to a person" in reason:
        return "bucket"
    steps = [str(one) for one in row["steps"]]
    for sign, rule in (
        ("safe threshold", "threshold"),
        ("less sure", "threshold"),
        ("is hybrid", "bucket"),
        ("no entry", "entries"),
        ("nothing to answer from", "entries"),
        ("belongs to", "agreement"),
        ("nothing is translated", "language"),
        ("does not answer", "language"),
        ("already and did not settle", "repetition"),
        ("spec allows", "tone"),
        ("depends on", "conditions"),
        ("other customers", "conditions"),
    ):
        if sign in reason:
            return rule
    return steps[-1] if steps else None


def _by_knowledge(found: PatternGround) -> Fix | None:
    """Wordings where an entry says what people said, a new entry where none does; None where nobody said anything."""
    answers = right_answers(found)
    if not len(answers.rows):
        return None
    right = str(answers.rows["answer"].iloc[answers.typical(answers.groups()[0])])
    rows = list(found.ground.entries.values())
    if not rows:
        return draft_entry(found)
    alike = says_what(found, right, [str(one["answer"]) for one in rows])
    best = int(alike.argmax())
    if alike[best] < LEAST:
        return draft_entry(found)
    pattern = {**found.pattern, "target_entry_id": rows[best]["entry_id"]}
    return add_phrasings(replace(found, pattern=pattern))


def _threshold(found: PatternGround) -> Fix:
    """A higher allowed risk, where judged answers show that it would be kept; else a note."""
    from statsmodels.stats.proportion import proportion_confint

    ground = found.ground
    category = found.right_category
    name = ground.name_of(category)
    cases = ground.cases
    mine = cases[(cases["category_id"] == category) & cases["action"].isin(["draft", "answer"])]
    spared = set(found.tickets)
    said = mine["said_reason"].fillna("") != NEEDLESS_ESCALATION
    known = mine[mine["is_wrong"].notna() & said & ~mine["ticket_id"].astype(str).isin(spared)]
    right = int((~known["is_wrong"].astype(bool)).sum()) + len(spared)
    total = len(known) + len(spared)
    confidence = ground.behavior.confidence
    risk = confidence.risk_of(category)
    higher = [one for one in confidence.all_risks if one > risk]
    why = (
        f"The agent was less sure than {100 * risk:g} % risk allows, and would have been right. Of "
        f"{count_phrase(total, 'judged training answer', 'judged training answers')} about {name} {right} were right."
    )
    wrong_at_most = float(proportion_confint(total - right, total, alpha=0.1, method="beta")[1]) if total else 1.0
    kept = next((one for one in higher if one >= wrong_at_most), None)
    if category is None or kept is None or total < LEAST_JUDGED:
        return note(
            f"Let more answers about {name} be judged before the agent gives them alone",
            volume_sentence(found.pattern),
            why,
            f"That bounds the share of wrong ones at {100 * wrong_at_most:.0f} % only, so that no higher risk can be proposed "
            "honestly. The threshold falls by itself as judged answers come in.",
        )
    return Fix(
        THRESHOLD,
        Proposal(settings={f"confidence.categories.{category}.risk": kept}),
        f"Allow {100 * kept:g} % risk for {name} (now {100 * risk:g} %)",
        (
            volume_sentence(found.pattern),
            why,
            f"With 95 % certainty at most {100 * wrong_at_most:.0f} % of such answers are wrong. Whether {100 * kept:g} % may be "
            "is for the business to decide; the change must be signed.",
        ),
        tuple(found.tickets),
    )


def _explained(found: PatternGround, held: str | None) -> Fix:
    name = found.ground.name_of(found.right_category)
    said = found.mine["handoff_reason"].dropna()
    example = f" It was handed over because: {quoted(str(said.value_counts().index[0]), 120)}." if len(said) else ""
    titles = {
        "bucket": f"Decide whether the agent may answer {name} alone",
        "language": f"Write entries about {name} in the customers' language",
        "conditions": f"Have what decides known when customers ask about {name}",
        "tone": f"Bring the entries about {name} within what a reply may hold",
        "repetition": f"Find out what the answer about {name} leaves open",
    }
    advice = {
        "bucket": "The category's bucket keeps the agent from answering by itself: it is decided in categories.yaml, by its volume "
        "and its risk, and not by a fix.",
        "language": "Nothing is translated by the agent: an entry must be there in the language.",
        "conditions": "Send the fact along with the message, or let behavior.yaml ask for it under clarify.",
        "tone": "A reply that breaks a limit of the spec is never sent: shorten the entry, or move the limit.",
        "repetition": "Customers came back after the answer: it did not settle what they asked.",
    }
    title = titles.get(held or "", f"Find out why a person was called: {name}")
    return note(title, volume_sentence(found.pattern), advice.get(held or "", "No single rule explains it.") + example)
