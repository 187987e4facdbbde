"""Which past tickets were answered by which article: what helpers linked in their public replies.

Belongs here: reading answers from replies. Does not belong here: which tickets may be learnt from (the caller hands in
training tickets only), recognising addresses (``article_links``), answers without a link (``similar_answers``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from assets.build_knowledge.retrieval.article_links import ArticleLinks

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("ticket_id", "entry_id", "evidence", "weight", "answered_at")
ARTICLE_LINK = "article_link"
STAFF = "staff"


def answered_by_links(
    comments: pd.DataFrame,
    urls: Mapping[str, str],
    slugs: Mapping[str, str] | None = None,
    until: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Return answered_tickets [ticket x entry] from links in public staff replies.

    Args:
        comments: ticket_id, author_role, is_public, created_at (UTC) and text; ``text`` may be plain, Markdown or HTML.
        urls: entry id to the address of its article.
        slugs: entry id to the last part of that address, for help centers whose other addresses lead there too.
        until: replies from this moment on are not read: what is learnt for a moment must have been known by then.

    Returns:
        ``COLUMNS``; answered_at is the first reply that links the entry. A ticket with n linked entries weighs 1/n for
        each, so that a reply listing ten articles teaches no more than one that names the right one.
    """
    import pandas as pd

    links = ArticleLinks(urls, slugs)
    replies = public_staff_replies(comments, until)
    found: dict[tuple[str, str], pd.Timestamp] = {}
    for ticket_id, text, at in zip(replies["ticket_id"], replies["text"], replies["created_at"], strict=True):
        for entry_id in links.articles_in(text or ""):
            found.setdefault((ticket_id, entry_id), at)
    frame = pd.DataFrame(
        [(ticket, entry, ARTICLE_LINK, 1.0, at) for (ticket, entry), at in found.items()], columns=list(COLUMNS)
    )
    if len(frame):
        frame["weight"] = 1.0 / frame.groupby("ticket_id")["entry_id"].transform("count")
    return typed(frame).sort_values(["ticket_id", "entry_id"], ignore_index=True)


def public_staff_replies(comments: pd.DataFrame, until: pd.Timestamp | None = None) -> pd.DataFrame:
    """Public comments by staff before ``until``, oldest first: ticket_id, created_at, text."""
    is_reply = (comments["author_role"] == STAFF) & comments["is_public"].astype(bool)
    if until is not None:
        is_reply &= comments["created_at"] < until
    ordered = comments.loc[is_reply, ["ticket_id", "created_at", "text"]]
    return ordered.sort_values(["created_at", "ticket_id"], kind="stable", ignore_index=True)


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the columns' types, empty or not."""
    import pandas as pd

    texts: dict[str, str] = dict.fromkeys(("ticket_id", "entry_id", "evidence"), "str")
    frame = frame.astype({**texts, "weight": "float64"})
    frame["answered_at"] = pd.to_datetime(frame["answered_at"], utc=True)
    return frame
