"""What past training tickets teach about entries: which of them answered which customer.

Belongs here: gathering the evidence over a whole desk, and shaping it for the index. Does not belong here: any single
kind of evidence (``retrieval.answered_tickets``, ``retrieval.same_answers``), learning from it (``retrieval``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from assets.build_knowledge.drafts.answer_conditions import customer_facts
from assets.build_knowledge.drafts.answer_groups import flat
from assets.build_knowledge.drafts.staff_answers import staff_answers
from assets.build_knowledge.retrieval.answered_tickets import COLUMNS, answered_by_links, typed
from assets.build_knowledge.retrieval.later_messages import with_later_messages
from assets.build_knowledge.retrieval.same_answers import answered_by_same_answer
from assets.build_knowledge.training_tickets import Side, training_tickets
from assets.build_knowledge.variants import share_answered_tickets

Encode = Callable[[Sequence[str]], np.ndarray]

MAX_ANSWER_CHARS = 1_000


def find_answered_tickets(
    live: pd.DataFrame,
    articles: pd.DataFrame,
    tickets: pd.DataFrame,
    intents: pd.DataFrame,
    splits: pd.DataFrame,
    comments: pd.DataFrame,
    encode: Encode,
    side: Side = "train",
) -> pd.DataFrame:
    """Frame ``answered_tickets`` [training ticket x live entry]: ticket_id, entry_id, evidence, weight, answered_at.

    Args:
        live: ``live_entries``. articles: ``help_center_articles``. tickets: ``fct_tickets``. intents:
            ``ticket_intents``. splits: ``ticket_splits``; only training tickets are read. comments:
            ``redacted_comments``.
        encode: texts to unit vectors.
        side: of the split whose tickets are read; what is learnt from is the training side alone.

    A reply that says what an entry says is the better evidence; a link counts where there is none, and only to an
    article that one entry alone was drawn from.
    """
    if live.empty:
        return typed(pd.DataFrame(columns=list(COLUMNS)))
    mine, category_by_ticket = training_tickets(tickets, intents, splits, side)
    read = comments[comments["ticket_id"].isin(set(mine["ticket_id"]))]
    contexts = customer_facts(mine)
    answers = staff_answers(read, mine, category_by_ticket)
    said = answered_by_same_answer(answers, _encoded(answers, encode), live, _encoded(live, encode), contexts)
    linked = answered_by_links(read, _addresses(live, articles))
    linked = linked[~linked["ticket_id"].isin(set(said["ticket_id"]))]
    return pd.concat([said, linked], ignore_index=True).sort_values(["ticket_id", "entry_id"], ignore_index=True)


def index_history(
    answered: pd.DataFrame,
    live: pd.DataFrame,
    ticket_texts: pd.DataFrame,
    tickets: pd.DataFrame,
    comments: pd.DataFrame,
) -> pd.DataFrame:
    """``answered_tickets`` as the index learns from it: with requester, question and what the person wrote later, shared
    among variants of a question.

    Args:
        ticket_texts: ticket_id and text (redacted), as in ``ticket_vectors``. tickets: ``fct_tickets``. comments:
            ``redacted_comments``.
    """
    shared = share_answered_tickets(answered, live)
    texts = shared.merge(ticket_texts[["ticket_id", "text"]], on="ticket_id")
    asked = texts.merge(tickets[["ticket_id", "requester_id"]], on="ticket_id")
    return with_later_messages(asked, comments)


def _encoded(frame: pd.DataFrame, encode: Encode) -> np.ndarray:
    return np.asarray(encode([flat(answer)[:MAX_ANSWER_CHARS] for answer in frame["answer"]]))


def _addresses(live: pd.DataFrame, articles: pd.DataFrame) -> dict[str, str]:
    """Entry id to the address of the one article it was drawn from; an article of several entries names none."""
    urls = dict(zip(articles["article_id"], articles["url"], strict=True))
    by_article: dict[str, list[str]] = {}
    for name, sources in zip(live["entry_id"], live["sources"], strict=True):
        for source in json.loads(sources):
            if source["kind"] == "article":
                by_article.setdefault(str(source["id"]).partition("#")[0], []).append(name)
    return {
        names[0]: urls[article]
        for article, names in sorted(by_article.items())
        if len(set(names)) == 1 and isinstance(urls.get(article), str)
    }
