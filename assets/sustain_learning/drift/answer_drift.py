"""Whether people now answer otherwise than an entry does, compared with how they answered before.

Belongs here: laying people's replies beside the entry that is nearest to the question. Does not belong here: cleaning a reply
(``drafts.staff_answers``), whether an entry was ever right (``retrain_agent``).

Likeness is that of words (TF-IDF over stems), since what changes is names, places and figures, of which meaning says little.
Only the language is read in which most replies to the question are written: a translation is never alike in words. Read are
training tickets alone. An entry that people never answered like cannot drift from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from assets.audit_tickets.roadmap.answer_consistency import answer_vectors
from assets.build_knowledge.drafts.answer_groups import flat
from assets.build_knowledge.drafts.staff_answers import staff_answers
from assets.sustain_learning.drift.looks import EXAMPLES, Look, counts, named, quote
from assets.sustain_learning.drift.routed_tickets import Routed
from assets.sustain_learning.drift.shift_test import Shift, mean_shift
from assets.sustain_learning.frames import ANSWER_DRIFT

LEAST_REPLIES = 8
"""In each window."""
MOST_REPLIES = 4_000
"""Newest replies that are read."""
LEAST_FALL, LEAST_FALL_SHARE = 0.1, 0.25
"""Least fall of the mean likeness, 0 to 1, and its share of what it was."""
LEAST_BEFORE = 0.15
"""Mean likeness from which on people's replies were about what the entry says."""
MAX_QUOTED = 200


def answer_drift(
    routed: Routed, entries: Mapping[str, Mapping[str, str | None]], comments: pd.DataFrame, tickets: pd.DataFrame
) -> Iterator[Look]:
    """A look at every entry with enough replies in both windows.

    Args:
        comments: ``redacted_comments``. tickets: ``fct_tickets``.
    """
    replies = _replies(routed, comments, tickets)
    if replies.empty:
        return
    names = [one for one in entries if one in set(replies["entry_id"])]
    places = {one: number for number, one in enumerate(names)}
    texts = [flat(str(one)) for one in [*replies["answer"], *(entries[one]["answer"] or "" for one in names)]]
    words = answer_vectors(pd.Series(texts, dtype="str"))
    of_entries = words[len(replies) :]
    own = of_entries[[places[str(one)] for one in replies["entry_id"]]]
    likeness = np.asarray(words[: len(replies)].multiply(own).sum(axis=1)).ravel()
    replies = replies.assign(likeness=likeness)
    for entry_id in names:
        mine = replies[replies["entry_id"] == entry_id]
        mine = mine[mine["language"] == mine["language"].mode().iloc[0]]
        before, now = mine[~mine["is_recent"]], mine[mine["is_recent"]]
        if min(len(before), len(now)) < LEAST_REPLIES:
            continue
        shift = mean_shift(
            before["likeness"].to_numpy(), now["likeness"].to_numpy(), before["requester_id"].tolist(),
            now["requester_id"].tolist(),
        )  # fmt: skip
        if shift is not None:
            yield _look(entry_id, entries[entry_id], shift, before, now)


def _look(
    entry_id: str, entry: Mapping[str, str | None], shift: Shift, before: pd.DataFrame, now: pd.DataFrame
) -> Look:
    name, was = named(entry_id, entry), float(before["likeness"].mean())
    unlike = now.sort_values(["likeness", "ticket_id"], kind="stable")
    # What most of them now say, and not the strangest reply.
    said = _typical(unlike[unlike["likeness"] <= unlike["likeness"].median()])
    fall = -shift.effect
    return Look(
        ANSWER_DRIFT,
        entry_id,
        shift,
        was >= LEAST_BEFORE and fall >= LEAST_FALL and fall >= LEAST_FALL_SHARE * was,
        f"People now answer {name} otherwise than the entry does (likeness {was + shift.effect:.2f}, before {was:.2f}; "
        f"{counts(shift, 'replies')}), for instance {quote(said, MAX_QUOTED)}.",
        f"That people answer {name} less like the entry than before is not shown (likeness {was + shift.effect:.2f}, before "
        f"{was:.2f}; {counts(shift, 'replies')}).",
        entry_id,
        entry["category_id"],
        entry["owner"],
        f"{entry['question']} {entry['answer']}",
        tuple(unlike["ticket_id"].astype(str)[:EXAMPLES]),
    )


def _typical(replies: pd.DataFrame) -> str:
    """The reply that is most like all of these."""
    texts = [flat(str(one)) for one in replies["answer"]]
    words = answer_vectors(pd.Series(texts, dtype="str"))
    alike = np.asarray((words @ words.T).sum(axis=1)).ravel()
    return texts[int(alike.argmax())]


def _replies(routed: Routed, comments: pd.DataFrame, tickets: pd.DataFrame) -> pd.DataFrame:
    """What people answered on training tickets that went to an entry: with entry_id, is_recent, requester_id."""
    known = routed.tickets[(routed.tickets["side"] == "train") & routed.tickets["entry_id"].notna()]
    known = known.iloc[-MOST_REPLIES:]
    if known.empty or comments.empty:
        return pd.DataFrame()
    wanted = set(known["ticket_id"])
    of_ticket = dict(zip(known["ticket_id"], known["entry_id"].astype(str), strict=True))
    said = staff_answers(
        comments[comments["ticket_id"].isin(wanted)],
        tickets[tickets["ticket_id"].isin(wanted)].drop_duplicates("ticket_id", keep="last"),
        of_ticket,
    )
    facts = known.set_index("ticket_id")[["entry_id", "is_recent", "requester_id"]]
    return said[["ticket_id", "language", "answer"]].join(facts, on="ticket_id", how="inner").reset_index(drop=True)
