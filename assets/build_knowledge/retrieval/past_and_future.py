"""Tickets cut by time: what may be learnt before a moment, and what is asked after it.

Belongs here: keeping the future out of what is learnt. Does not belong here: measuring (``evaluation``).

Learnt from: tickets created before ``train_until``, and of them only the links that helpers, and the words that customers,
had written by then. Asked:
tickets created from ``test_from`` on in which a helper linked an article at any time, by subject and first message
alone, addresses removed. A person may ask again, and a question may come again in the same words; both happen to a live
desk, so that such tickets are kept, and ``is_familiar`` marks them so that the rest can be measured apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.build_knowledge.retrieval.answered_tickets import answered_by_links
from assets.build_knowledge.retrieval.later_messages import with_later_messages
from assets.build_knowledge.retrieval.retrieval_index import question_text

if TYPE_CHECKING:
    import pandas as pd

TICKET_COLUMNS = ("ticket_id", "requester_id", "created_at", "locale", "subject", "message")


@dataclass(frozen=True)
class PastAndFuture:
    """``history`` as ``build_index`` takes it. ``asked``: ticket_id, requester_id, text, context, right (list of entry
    ids), is_familiar (the requester or nearly the same words are in ``history``)."""

    history: pd.DataFrame
    asked: pd.DataFrame


def article_addresses(sections: pd.DataFrame) -> tuple[dict[str, str], dict[str, str]]:
    """Address and slug of each article that has one, by article id."""
    articles = sections.drop_duplicates("article_id")

    def named(column: str) -> dict[str, str]:
        if column not in articles:
            return {}
        known = articles[articles[column].notna() & (articles[column].astype("object") != "")]
        return dict(zip(known["article_id"], known[column], strict=True))

    return named("url"), named("slug")


def split_by_time(
    tickets: pd.DataFrame,
    comments: pd.DataFrame,
    urls: Mapping[str, str],
    slugs: Mapping[str, str],
    train_until: pd.Timestamp,
    test_from: pd.Timestamp,
    test_until: pd.Timestamp | None = None,
    language: str | None = "en",
) -> PastAndFuture:
    """Cut tickets and their answers at two moments.

    Args:
        tickets: ``TICKET_COLUMNS`` and, where known, context (a dict).
        comments: as ``answered_by_links`` takes them.
        urls, slugs: of the articles, by entry id.
        language: only tickets of this language; None for all.

    Raises:
        ValueError: the test would begin before training ends.
    """
    import pandas as pd

    if test_from < train_until:
        raise ValueError(f"test_from {test_from:%Y-%m-%d} lies before train_until {train_until:%Y-%m-%d}")
    tickets = tickets.assign(text=[_text(*row) for row in zip(tickets["subject"], tickets["message"], strict=True)])
    if "context" not in tickets:
        tickets["context"] = pd.Series([{}] * len(tickets), index=tickets.index, dtype="object")
    tickets = tickets[tickets["text"] != ""]
    before, after = tickets["created_at"] < train_until, tickets["created_at"] >= test_from
    if test_until is not None:
        after &= tickets["created_at"] < test_until
    learnt = answered_by_links(_of(comments, tickets[before]), urls, slugs, until=train_until)
    known = answered_by_links(_of(comments, tickets[after]), urls, slugs)
    past = _in_language(tickets[before & tickets["ticket_id"].isin(learnt["ticket_id"])], language)
    future = _in_language(tickets[after & tickets["ticket_id"].isin(known["ticket_id"])], language)
    history = learnt.merge(past[["ticket_id", "requester_id", "created_at", "text", "context"]], on="ticket_id")
    history = with_later_messages(history, comments, train_until)
    right = known.groupby("ticket_id")["entry_id"].agg(list)
    asked = future[["ticket_id", "requester_id", "created_at", "text", "context"]].sort_values("ticket_id")
    asked = asked.assign(right=[right[ticket] for ticket in asked["ticket_id"]])
    asked["is_familiar"] = _is_familiar(asked, past)
    return PastAndFuture(history.reset_index(drop=True), asked.reset_index(drop=True))


def _text(subject: str | None, message: str | None) -> str:
    """Subject and first message as a question, addresses removed."""
    return question_text("\n".join(part for part in (subject, message) if isinstance(part, str) and part))


def _of(comments: pd.DataFrame, tickets: pd.DataFrame) -> pd.DataFrame:
    return comments[comments["ticket_id"].isin(tickets["ticket_id"])]


def _in_language(tickets: pd.DataFrame, language: str | None) -> pd.DataFrame:
    """Tickets whose locale is of the language; where the helpdesk gives none, whose text is."""
    if language is None or not len(tickets):
        return tickets
    from assets.audit_tickets.texts.language import detect_language

    is_spoken = [
        locale.casefold().replace("_", "-").split("-")[0] == language
        if isinstance(locale, str) and locale
        else detect_language(text)[0] == language
        for locale, text in zip(tickets["locale"], tickets["text"], strict=True)
    ]
    return tickets[is_spoken]


def _is_familiar(asked: pd.DataFrame, past: pd.DataFrame) -> list[bool]:
    import pandas as pd

    from assets.audit_tickets.splits.near_duplicates import near_duplicate_groups

    if not len(asked) or not len(past):
        return [False] * len(asked)
    columns = ["ticket_id", "text", "created_at"]
    groups = near_duplicate_groups(pd.concat([past[columns], asked[columns]], ignore_index=True))
    group_of = groups.set_index("ticket_id")["duplicate_group_id"]
    groups_before, people = set(group_of[past["ticket_id"]]), set(past["requester_id"])
    return [
        requester in people or group_of[ticket] in groups_before
        for ticket, requester in zip(asked["ticket_id"], asked["requester_id"], strict=True)
    ]
