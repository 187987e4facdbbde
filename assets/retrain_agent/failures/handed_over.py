"""Failures of when a person takes over: one should have, or was called without need.

Belongs here: telling a trigger that is too broad from a message that nothing recognised. Does not belong here: what was
said (``said_wrong``).

A handover because the message resembles no category is not the triggers' doing, and no trigger can be changed to mend it.
What mends it is teaching the category such messages; so it is an intent that was not recognised, where the category that
is right exists, and a gap where nothing on file answers. Only where neither can be told it stays a needless escalation.
"""

from __future__ import annotations

from assets.retrain_agent.failures.finding import Finding, quote
from assets.retrain_agent.failures.match import match_aside, match_live
from assets.retrain_agent.failures.past_of_entries import ESCALATE, PastOfEntries
from assets.retrain_agent.failures.sight import Sight
from assets.retrain_agent.frames import (
    FEEDBACK,
    INTENT_MISCLASSIFICATION,
    KNOWLEDGE_GAP,
    MISSED_ESCALATION,
    NEEDLESS_ESCALATION,
    STALE_KNOWLEDGE,
)

TRIGGER, PAGE = "trigger:", "page:"
MEANT = 0.7
"""Likeness of a question to an entry's wordings, or to customers it helped, and half that of the answers, from which it is
meant for it."""
_DONE = {"answer": "answered", "ask": "asked back", "draft": "drafted a reply"}


def missed(sight: Sight, case: int) -> Finding | None:
    """A person says that somebody should have taken over, and nobody was called."""
    row = sight.cases[case]
    if row["action"] == ESCALATE or row["should_escalate"] is not True:
        return None
    done = _DONE.get(str(row["action"]), str(row["action"]))
    if row["said_reason"] == "should_have_escalated":
        sentence, sure = f"A reviewer says that a person should have taken over; the agent {done}.", 0.97
    else:
        who = (
            "The customer had to call for a person"
            if row["source"] == FEEDBACK
            else "A person says that one was needed"
        )
        sentence, sure = f"{who} after the agent {done}.", 0.7 if row["source"] == FEEDBACK else 0.9
    found = Finding(MISSED_ESCALATION, sure, (sentence, "No trigger fired."))
    if row["right_category_id"] is not None and row["right_category_id"] != row["category_id"]:
        found = found.also(f"The helpdesk has it under {row['right_category_id']}, and not under {row['category_id']}.")
    if row["right_answer"] and row["said_reason"] is None:
        # Calling for a person may only say that the reply was wrong: then there is a better reason.
        return None if match_live(sight, case) is not None else found
    return found


def needless(sight: Sight, past: PastOfEntries, case: int, buckets: dict[str, str], known: set[str]) -> Finding | None:
    """A person was called, and that was wrong.

    Args:
        buckets: of categories, by id. known: categories that a message can be taken for.
    """
    row = sight.cases[case]
    if row["action"] != ESCALATE:
        return None
    steps = [str(one) for one in row["steps"]]
    said = "A person says it was not needed."
    if row["should_escalate"] is None and row["said_reason"] is None:
        said = "It is judged wrong, and what would have been right is an answer."
    sure = 0.97 if row["should_escalate"] is False else 0.8
    triggers = [one.removeprefix(TRIGGER) for one in steps if one.startswith(TRIGGER)]
    if triggers:
        names = " and ".join(f"“{one}”" for one in triggers)
        return Finding(NEEDLESS_ESCALATION, sure, (f"The trigger {names} fired.", said), trigger_id=triggers[0])
    if "category" not in steps and any(one.startswith(PAGE) for one in steps):
        page = next(one.removeprefix(PAGE) for one in steps if one.startswith(PAGE))
        return Finding(NEEDLESS_ESCALATION, 0.9 * sure, (f"The page rule “{page}” hands everybody over.", said))
    if row["category_id"] is None:
        return _not_recognised(sight, past, case, known, said)
    match = match_live(sight, case)
    right = match.entry.category_id if match is not None else row["right_category_id"]
    if right is not None and right != row["category_id"] and right in known:
        why = f"It was taken for {row['category_id']}, which always goes to a person; it is {right}."
        return Finding(INTENT_MISCLASSIFICATION, 0.85, (why, said), _target(sight, case), right_category_id=right)
    if buckets.get(str(row["category_id"])) == ESCALATE:
        return Finding(
            NEEDLESS_ESCALATION, 0.85 * sure, (f"Category {row['category_id']} always goes to a person.", said)
        )
    return Finding(NEEDLESS_ESCALATION, 0.5, (said, str(row["handoff_reason"] or "No rule is on record.")))


def _not_recognised(sight: Sight, past: PastOfEntries, case: int, known: set[str], said: str) -> Finding:
    row = sight.cases[case]
    first = "It was handed over because nothing says what the message is about; no trigger fired."
    match = match_live(sight, case)
    if match is not None:
        right = match.entry.category_id
        how = f"The live entry {match.entry.entry_id} of {right} says what is right ({match.p:.0%})."
        return Finding(
            INTENT_MISCLASSIFICATION,
            0.6 + 0.35 * match.p,
            (first, how, said),
            match.entry.entry_id,
            right_category_id=right,
        )
    same, label = sight.category_of_group(case), row["right_category_id"]
    if same is not None and same in known and same != label and sight.has_entry(case, same):
        how = f"Most failures with the same right answer are about {same}, as the helpdesk has them."
        return Finding(INTENT_MISCLASSIFICATION, 0.8, (first, how, said), right_category_id=same)
    if label is not None and label in known and (sight.has_entry(case, label) or not row["right_answer"]):
        how = f"The helpdesk has it under {label}, which the agent knows."
        found = Finding(INTENT_MISCLASSIFICATION, 0.85, (first, how, said), right_category_id=label)
        if row["right_answer"]:
            return found.also(f"Recognised, it would still lack an entry that says {quote(row['right_answer'])}.")
        return found
    if (aside := match_aside(sight, case)) is not None and aside.entry.is_out_of_date:
        how = f"{aside.entry.entry_id} answers it and is set aside: {aside.entry.why[0]}."
        return Finding(STALE_KNOWLEDGE, 0.6, (first, how, said), aside.entry.entry_id)
    best = sight.place.get(sight.said[case] or "")
    if best is not None and sight.entries[best].is_live and _meant(sight, past, case, best) >= MEANT:
        entry = sight.entries[best]
        how = f"{entry.entry_id} (“{entry.question}”) of {entry.category_id} is meant for what was asked."
        return Finding(
            INTENT_MISCLASSIFICATION, 0.7, (first, how, said), entry.entry_id, right_category_id=entry.category_id
        )
    near = past.category_of_neighbours(case)
    if near is not None and near[0] in known:
        how = f"{near[1]} of the {near[2]} customers who asked most alike were about {near[0]}."
        return Finding(INTENT_MISCLASSIFICATION, 0.65, (first, how, said), right_category_id=near[0])
    if row["right_answer"] and sight.words.shape[1] and not bool((sight.words[case] != sight.words[case]).all()):
        how = f"No live entry says {quote(row['right_answer'])}."
        return Finding(KNOWLEDGE_GAP, 0.6, (first, how, said))
    return Finding(NEEDLESS_ESCALATION, 0.5, (first, said, "What it was about is not on record."))


def _meant(sight: Sight, past: PastOfEntries, case: int, place: int) -> float:
    words = float(sight.words[case, place])
    return past.is_meant(case, sight.entries[place].entry_id) + 0.5 * (words if words == words else 0.0)


def _target(sight: Sight, case: int) -> str | None:
    match = match_live(sight, case)
    return match.entry.entry_id if match is not None else None
