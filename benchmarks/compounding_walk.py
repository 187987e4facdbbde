"""A forum walked month by month: an agent that goes on learning beside one that stopped, each asked what the month brought.

Belongs here: what an agent may know at a moment, and asking it. Does not belong here: which
answers may then be given (``compounding_permission``), what is claimed (``compounding``), drawing (``compounding_plot``).

**What is known at a moment** is cut by the time of comments, through the product's own ``split_by_time``: tickets created
before it, and of them only the links that helpers had written by then, and what the same person had added by then. Articles are fixed. Acceptance of a solution,
ratings and the state of a ticket carry no date of their own and are never read, neither before a ticket's last comment nor
after.

**An agent** is the product's index over articles and that history (``build_index``), and the product's category model over
the same history: a category is an article that eight past tickets were answered with, which is learnt from their words
alone. Confidence and the threshold of "unknown" come from cross-fitted scores of the same past tickets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from assets.audit_tickets.categories.intent_cross_fitting import cross_scores
from assets.audit_tickets.categories.intent_model import IntentModel, training_digest
from assets.build_knowledge.retrieval.answered_tickets import answered_by_links
from assets.build_knowledge.retrieval.documents import documents_of_articles
from assets.build_knowledge.retrieval.past_and_future import article_addresses, split_by_time
from assets.build_knowledge.retrieval.ranking_measures import best_rank
from assets.build_knowledge.retrieval.retrieval_index import MESSAGE, Encode, RetrievalIndex, build_index
from assets.build_knowledge.retrieval.retrieve import retrieve
from assets.configure_behavior.confidence.evidence import EVIDENCE_HITS, Evidence, evidence_of

LANGUAGE = "en"
LEARNING, FROZEN = "learning", "frozen"


@dataclass(frozen=True)
class Forum:
    """tickets, comments: as ``evaluate_retrieval`` takes them, of tickets in which some article is linked at some time.
    documents: of all articles. urls, slugs: addresses by article."""

    tickets: pd.DataFrame
    comments: pd.DataFrame
    documents: pd.DataFrame
    urls: dict[str, str]
    slugs: dict[str, str]

    def links(self, until: pd.Timestamp) -> dict[str, set[str]]:
        """Articles linked by helpers before a moment, by ticket."""
        found = answered_by_links(self.comments, self.urls, self.slugs, until=until)
        return {str(ticket): set(rows) for ticket, rows in found.groupby("ticket_id")["entry_id"]}


def forum_of(tickets: pd.DataFrame, comments: pd.DataFrame, sections: pd.DataFrame) -> Forum:
    """Leave out tickets that can neither teach nor be asked, because nobody ever links an article in them.

    Raises:
        ValueError: no article has an address.
    """
    urls, slugs = article_addresses(sections)
    if not urls:
        raise ValueError("no article has an address (html_url or url), so that no link can be told to lead to one")
    linked = set(answered_by_links(comments, urls, slugs)["ticket_id"])
    return Forum(
        tickets[tickets["ticket_id"].isin(linked)].reset_index(drop=True),
        comments[comments["ticket_id"].isin(linked)].reset_index(drop=True),
        documents_of_articles(sections),
        urls,
        slugs,
    )


@dataclass(frozen=True)
class Knowledge:
    """What may be known at a moment. ``history`` as ``build_index`` takes it; ``asked``: the tickets of the month that
    begins then, with the articles linked in them at any time as ``right``."""

    at: pd.Timestamp
    history: pd.DataFrame
    asked: pd.DataFrame


def knowledge_at(forum: Forum, at: pd.Timestamp) -> Knowledge:
    """Cut the forum at the first moment of a month."""
    end = at + pd.DateOffset(months=1)
    cut = split_by_time(forum.tickets, forum.comments, forum.urls, forum.slugs, at, at, end, LANGUAGE)
    return Knowledge(at, cut.history, cut.asked)


@dataclass(frozen=True)
class Agent:
    """Index and category model of what was known at a moment."""

    at: pd.Timestamp
    index: RetrievalIndex
    intents: IntentModel


def teach(forum: Forum, known: Knowledge, encode: Encode, seed: int = 0) -> Agent:
    """The product's index and category model of what was known."""
    index = build_index(forum.documents, known.history, encode)
    lessons = lessons_of(known.history)
    texts, labels = lessons["text"].tolist(), lessons["entry_id"].tolist()
    vectors = encode(texts)
    intents = IntentModel().fit(texts, vectors, labels, seed)
    scores = cross_scores(intents, texts, vectors, labels, lessons["requester_id"].tolist(), seed=seed)
    intents.calibrate_scores(scores, labels, training_digest(texts, labels), seed)
    return Agent(known.at, index, intents)


def lessons_of(history: pd.DataFrame) -> pd.DataFrame:
    """One category a past ticket: the article linked first; of several at once, the one that history links most."""
    asked = history[history[MESSAGE] == 0]
    often = asked["entry_id"].value_counts()
    ranked = asked.assign(often=asked["entry_id"].map(often)).sort_values(
        ["ticket_id", "answered_at", "often", "entry_id"], ascending=[True, True, False, True]
    )
    return ranked.drop_duplicates("ticket_id").reset_index(drop=True)


@dataclass(frozen=True)
class Asked:
    """One ticket as an agent found it, before anything of its month was learnt. ``right``: articles linked in it at any
    time; ``rank``: place of the best of these, infinite beyond the hits that evidence is read from."""

    ticket_id: str
    requester_id: str
    created_at: pd.Timestamp
    right: frozenset[str]
    evidence: Evidence
    rank: float


def ask(agent: Agent, asked: pd.DataFrame, encode: Encode) -> list[Asked]:
    """What the agent finds for each ticket."""
    texts = asked["text"].tolist()
    predictions = agent.intents.predict(texts, encode(texts)).to_dict("records")
    categories = {entry: entry for entry in agent.index.entries}
    found = []
    for row, ticket in zip(predictions, asked.to_dict("records"), strict=True):
        result = retrieve(agent.index, ticket["text"], ticket["context"], EVIDENCE_HITS, encode=encode)
        rank = best_rank([hit.entry_id for hit in result.hits], ticket["right"])
        evidence = evidence_of(row, result, categories)
        who = (str(ticket["ticket_id"]), str(ticket["requester_id"]), ticket["created_at"])
        found.append(Asked(*who, frozenset(ticket["right"]), evidence, rank))
    return found


@dataclass(frozen=True)
class Side:
    """What one agent knew and found in a month; ``known_at``: the moment until which it had learnt."""

    known_at: pd.Timestamp
    tickets_known: int
    categories_known: int
    asked: list[Asked]


@dataclass(frozen=True)
class Month:
    """One step of the walk; ``sides`` by agent. Before anything is frozen there is the learning agent alone."""

    at: pd.Timestamp
    sides: dict[str, Side]


def walk(
    forum: Forum, first: pd.Timestamp, frozen_at: pd.Timestamp, until: pd.Timestamp, encode: Encode, seed: int = 0
) -> Iterator[Month]:
    """Walk from the first month on; at the start of ``frozen_at`` an agent is set aside and asked ever after.

    Args:
        first: first month that is asked, for the record that confidence and thresholds need.
        frozen_at: first moment of a month. until: end of the walk, exclusive.
    """
    frozen: Agent | None = None
    for at in pd.date_range(first, until, freq="MS", inclusive="left"):
        known = knowledge_at(forum, at)
        encode(known.asked["text"].tolist())  # in one call: far faster than one by one
        agent = teach(forum, known, encode, seed)
        sides = {LEARNING: _side(agent, ask(agent, known.asked, encode))}
        if at == frozen_at:
            frozen = agent
        if frozen is not None:
            sides[FROZEN] = sides[LEARNING] if frozen is agent else _side(frozen, ask(frozen, known.asked, encode))
        yield Month(at, sides)


def _side(agent: Agent, asked: list[Asked]) -> Side:
    return Side(agent.at, len(set(agent.index.history_ids)), len(agent.intents.categories), asked)
