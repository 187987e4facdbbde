"""A retrieval miss's fix: what customers wrote when the entry was there and was not found.

Belongs here: which of their wordings the entry lacks. Does not belong here: choosing wordings (``customers_words``).
"""

from __future__ import annotations

from assets.build_knowledge.drafts.answer_groups import flat
from assets.build_knowledge.drafts.proposal import count_phrase
from assets.retrain_agent.fixes.customers_words import wording_of
from assets.retrain_agent.fixes.fix import Fix, note, quoted, volume_sentence
from assets.retrain_agent.fixes.proposal import PHRASINGS, Proposal
from assets.retrain_agent.fixes.training_ground import PatternGround
from assets.retrain_agent.fixes.whole_entries import as_proposed


def add_phrasings(found: PatternGround) -> Fix:
    """The entry with the wordings it lacks; a note where training customers give none."""
    ground = found.ground
    name = found.cell("target_entry_id") or found.cell("entry_id") or ""
    row = ground.entries.get(name)
    if row is None:
        return note("Find the entry that should have been found", volume_sentence(found.pattern))
    known = [str(row["question"]), *(str(one) for one in row["phrasings"])]
    wording = wording_of(ground, found.tickets, ground.vectors([flat(str(row["answer"]))])[0], known)
    new = [one for one in (wording.question, *wording.phrasings) if one and one not in known]
    if not new:
        why = (
            "All of these tickets are set aside to measure the agent."
            if not len(found.mine)
            else ("The entry has these customers' words already, or they wrote none that stand alone.")
        )
        return note(
            f"Write down how customers ask this: {quoted(str(row['question']))} ({name})",
            volume_sentence(found.pattern),
            f"The entry answers them and was not found. {why} Add a few wordings of your own.",
            entry_id=name,
        )
    entry = as_proposed(row, phrasings=[*(str(one) for one in row["phrasings"]), *new])
    shown = ", ".join(quoted(one, 60) for one in new[:3])
    return Fix(
        PHRASINGS,
        Proposal(entries=(entry,)),
        f"Add {count_phrase(len(new), 'wording', 'wordings')} to the entry {quoted(str(row['question']))} ({name})",
        (
            volume_sentence(found.pattern),
            f"The entry answers them and was not found by their words. New: {shown}{' and others' if len(new) > 3 else ''}.",
            "Its answer stays as it is.",
        ),
        wording.ticket_ids,
        name,
    )
