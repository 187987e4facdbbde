"""``understudy knowledge phrasings``: how customers ask what an entry answers, where the entry does not say so yet.

Does not belong here: arguments and printing (``knowledge``), choosing phrasings (``assets.build_knowledge.drafts``).
"""

import numpy as np
import pandas as pd

from desk.entry import MAX_PHRASINGS, Entry
from desk.knowledge import write_entry
from desk.loading import Desk
from orchestration.people.knowledge_desk import KnowledgeProblem, nothing_called, published, read_entries, resource_of
from orchestration.people.knowledge_files import one_writer
from orchestration.resources import EncoderResource

COLUMNS = ("entry_id", "place", "phrasing")


def missing_phrasings(desk: Desk, name: str | None) -> pd.DataFrame:
    """Frame [entry x phrasing it lacks]: entry_id, place (1 is the most common), phrasing; training tickets only.

    Args:
        name: one entry's id; None for every entry on file.

    Raises:
        KnowledgeProblem: no such entry, or customers' questions were not read yet.
    """
    from assets.build_knowledge.drafts.phrasings import phrasings_of_entries

    entries = _entries(desk, name)
    questions = published(desk, "customer_questions")
    if not entries or questions.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    encode = EncoderResource(desk=resource_of(desk)).remembering("customer_questions")
    frame = pd.DataFrame(
        [(entry.id, entry.category, [entry.question, *entry.phrasings]) for entry in entries],
        columns=["entry_id", "category_id", "phrasings"],
    )
    found = phrasings_of_entries(
        frame,
        questions,
        np.asarray(encode(questions["question"].tolist())),
        np.asarray(encode([entry.question for entry in entries])),
        desk.settings.languages[0],
    )
    return found[list(COLUMNS)]


def add_phrasings(desk: Desk, name: str) -> list[str]:
    """Write the phrasings an entry lacks into its file, behind its own; returns what to tell.

    Raises:
        KnowledgeProblem: as for ``missing_phrasings``.
    """
    asked = _entries(desk, name)[0]
    fresh = missing_phrasings(desk, name)["phrasing"].tolist()[: MAX_PHRASINGS - len(asked.phrasings)]
    if not fresh:
        return [f"{name}: customers ask it in no way that the entry does not hold already."]
    with one_writer(desk):
        # Finding phrasings takes a while: they go into the entry as it is by now.
        entry = _entries(desk, asked.id)[0]
        file = desk.knowledge / entry.file
        write_entry(file, entry.changed(phrasings=[*entry.phrasings, *fresh][:MAX_PHRASINGS]))
    return [
        f"wrote  {file}",
        *(f"  + {one}" for one in fresh),
        "The entry is unsigned now: read them, take out what does not belong, then: understudy knowledge accept "
        + name,
    ]


def _entries(desk: Desk, name: str | None) -> list[Entry]:
    entries, _ = read_entries(desk)
    if name is None:
        return entries
    chosen = [entry for entry in entries if name in (entry.id, entry.file)]
    if not chosen:
        raise KnowledgeProblem(nothing_called(name, "entry", [entry.id for entry in entries]))
    return chosen
