"""What customers wrote later in a ticket whose answer is known: the same trouble in other words, with what was left out at first.

Belongs here: choosing those messages and adding them to history. Does not belong here: how much they count
(``retrieval_settings``), which tickets may be learnt from (the caller hands in training tickets only).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.build_knowledge.retrieval.retrieval_index import MESSAGE, question_text
from assets.build_knowledge.retrieval.retrieval_settings import RetrievalSettings

if TYPE_CHECKING:
    import pandas as pd

REQUESTER = "requester"
FEWEST_CHARS = 60
"""Shorter ones are thanks, greetings and yes or no."""
MOST = RetrievalSettings().later_messages
"""More than an index learns from by default are not gathered: all that is gathered is encoded."""


def with_later_messages(
    history: pd.DataFrame, comments: pd.DataFrame, until: pd.Timestamp | None = None
) -> pd.DataFrame:
    """History [message x entry]: its tickets' questions as they are, and beside each what its requester wrote later.

    Args:
        history: ``HISTORY_COLUMNS``, a row a ticket and entry; ``text`` is the question.
        comments: ticket_id, author_role, is_public, created_at (UTC) and text, redacted where history is.
        until: messages from this moment on are not read.

    Returns:
        The rows of ``history`` and, alike but for ``text``, those of later messages: of each ticket the ``MOST`` earliest that
        say something, its description being none of them; the column ``MESSAGE`` tells them apart.
    """
    import pandas as pd

    asked = history.assign(**{MESSAGE: 0})
    if not len(history) or not len(comments):
        return asked
    said = comments[comments["ticket_id"].isin(set(history["ticket_id"])) & (comments["author_role"] == REQUESTER)]
    said = said[said["is_public"].astype(bool)].sort_values(["created_at", "ticket_id"], kind="stable")
    if until is not None:
        said = said[said["created_at"] < until]
    said = said[said.duplicated("ticket_id")]
    if not len(said):
        return asked
    said = said.assign(text=[question_text(text or "") for text in said["text"]])
    said = said[said["text"].str.len() >= FEWEST_CHARS].drop_duplicates(["ticket_id", "text"])
    said = said.assign(**{MESSAGE: said.groupby("ticket_id").cumcount() + 1})
    later = history.drop(columns="text").merge(
        said.loc[said[MESSAGE] <= MOST, ["ticket_id", "text", MESSAGE]], on="ticket_id"
    )
    return pd.concat([asked, later[asked.columns]], ignore_index=True)
