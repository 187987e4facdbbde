"""An unsigned release that learnt from a forum's past alone, put together with the product's own parts.

Belongs here: cutting the forum at a moment, and building from what lies before it. Does not belong here: what the
release then answers (``replay``), what an article becomes (``replay_entries``).

``build_release`` is given tickets and replies from before the cut only, by ``past``. Of later tickets it is told the
requesters and near-duplicates, to keep them out of certifying.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from assets.audit_tickets.categories.intents import assign_intents
from assets.audit_tickets.splits.assign_splits import assign_splits
from assets.audit_tickets.splits.near_duplicates import near_duplicate_groups
from assets.build_knowledge.conditions import applies, load_conditions
from assets.build_knowledge.entry_history import index_history
from assets.build_knowledge.retrieval.answered_tickets import answered_by_links
from assets.build_knowledge.retrieval.documents import documents_of_entries
from assets.build_knowledge.retrieval.past_and_future import article_addresses
from assets.build_knowledge.retrieval.retrieval_index import build_index
from assets.build_knowledge.variants import share_phrasings
from assets.configure_behavior.confidence.calibration_labels import ARTICLE_LINK, labels_frame
from assets.configure_behavior.confidence.choose_thresholds import AUTOMATE, choose_thresholds
from assets.configure_behavior.confidence.confidence_model import ConfidenceModel
from assets.configure_behavior.confidence.cross_fitted_answers import cross_fitted_answers
from assets.configure_behavior.confidence.past_answers import PastAnswer, past_answers
from assets.configure_behavior.confidence.thresholds import Threshold, Thresholds
from assets.configure_behavior.decisions.case import as_learnt
from assets.configure_behavior.decisions.kept_from_answering import kept_from_answering
from assets.configure_behavior.releases.agent_release import AgentRelease, ReleaseCategory, ReleaseEntry
from benchmarks.replay_entries import article_entries
from desk.behavior import BehaviorFile
from orchestration.exported_tickets import ExportedTickets
from orchestration.people.behavior_starter import starter_behavior

Encode = Callable[[Sequence[str]], np.ndarray]
TOPICS_FROM, TOPICS_UNTIL, TOPICS_AGAIN = (
    pd.Timestamp(day, tz="UTC") for day in ("2024-12-10", "2025-06-02", "2025-07-10")
)
"""The forum renamed its topics on these days; those of the first stretch came back with the last."""
SAYS_NOTHING = ("other", "undefined")
SHARES = (0.7, 0.3, 0.0)
"""Of training and calibration; the holdout is the future."""
CALIBRATION = "calibration"
SPEC_RISKS = (0.05, 0.1, 0.15, 0.2)


@dataclass(frozen=True)
class Built:
    """The release, whose thresholds are all reached, and what was certified; ``certifying`` [labelled calibration
    ticket]: category_id, confidence, may_answer, is_wrong. ``entries``: of ``article_entries`` with category_id."""

    release: AgentRelease
    thresholds: pd.DataFrame
    certifying: pd.DataFrame
    entries: pd.DataFrame
    counts: dict[str, int]


def forum_tickets(exported: ExportedTickets) -> pd.DataFrame:
    """English tickets [ticket]: ticket_id, requester_id, created_at, text (redacted subject and first message), topic
    (null where it says nothing or is of another naming), context (JSON, the operating system alone)."""
    english = exported.tickets["locale"].fillna("").str.casefold().str.split("-").str[0] == "en"
    tickets = exported.tickets[english].sort_values("ticket_id", ignore_index=True)
    created = tickets["created_at"]
    is_named = ((created >= TOPICS_FROM) & (created < TOPICS_UNTIL)) | (created >= TOPICS_AGAIN)
    topic = pd.Series([one.get("topic") for one in tickets["context"]], dtype="object")
    facts = [{"os": one["os"]} if one.get("os") else {} for one in tickets["context"]]
    said = [f"{head}\n{body}" for head, body in zip(tickets["subject"], tickets["message"], strict=True)]
    return tickets[["ticket_id", "requester_id", "created_at"]].assign(
        text=[as_learnt(text) for text in said],
        label_category_id=topic.where(is_named & topic.notna() & ~topic.isin(SAYS_NOTHING), None),
        context=[json.dumps(one) for one in facts],
        facts=pd.Series(facts, dtype="object"),
    )


def past(exported: ExportedTickets, until: pd.Timestamp) -> ExportedTickets:
    """Tickets created and replies written before a moment; nothing else may be learnt from."""
    tickets, comments = exported.tickets, exported.comments
    return ExportedTickets(tickets[tickets["created_at"] < until], comments[comments["created_at"] < until])


def starter(risk: float) -> BehaviorFile:
    """The spec a desk starts with, at this risk."""
    import yaml

    text = starter_behavior("The Thunderbird support forum", ["en"])
    content = yaml.safe_load(text)
    content["confidence"] |= {"risk_levels": list(SPEC_RISKS), "automate": {"risk": risk}}
    return BehaviorFile.model_validate(content)


def build_release(
    before: ExportedTickets,
    sections: pd.DataFrame,
    later: pd.DataFrame,
    encode: Encode,
    revision: str,
    as_of: pd.Timestamp,
    seed: int = 0,
) -> Built:
    """Learn everything from ``before``.

    Args:
        before: of ``past``. sections: ``help_center_articles``.
        later: ticket_id, requester_id, created_at and text of the tickets to be answered; only who and which wording
            they are, so that nothing is certified on them.
        as_of: the cut.

    Raises:
        ValueError: ``before`` holds a ticket or a reply that is not from before the cut.
    """
    if (before.tickets["created_at"] >= as_of).any() or (before.comments["created_at"] >= as_of).any():
        raise ValueError(f"there are tickets or replies from {as_of:%Y-%m-%d} on among what is to be learnt from")
    tickets = forum_tickets(before)
    read = before.comments[before.comments["ticket_id"].isin(set(tickets["ticket_id"]))]
    links = answered_by_links(read, *article_addresses(sections))
    links = links.rename(columns={"entry_id": "article_id"})
    tickets = tickets[tickets["label_category_id"].notna() | tickets["ticket_id"].isin(set(links["ticket_id"]))]
    tickets = tickets[tickets["text"] != ""].reset_index(drop=True)
    splits = _splits(tickets, later, as_of)
    vectors = np.asarray(encode(tickets["text"].tolist()))
    assigned = assign_intents(tickets, vectors, splits, as_of=as_of, encoder_revision=revision, seed=seed)
    taught = set(splits.loc[splits["split"] == "train", "ticket_id"])
    lessons = links[links["ticket_id"].isin(taught)]
    text_of = dict(zip(tickets["ticket_id"], tickets["text"], strict=True))
    asked: dict[str, list[str]] = {}
    for article_id, name in zip(lessons["article_id"], lessons["ticket_id"], strict=True):
        asked.setdefault(article_id, []).append(text_of[name])
    entries = article_entries(sections, asked, encode)
    entries["category_id"] = _categories(entries, lessons, assigned.frame, assigned.model, encode)
    live = entries.rename(columns={"text": "answer"})
    facts = dict(zip(tickets["ticket_id"], tickets["facts"], strict=True))
    answered = _of_entries(lessons, entries, facts)
    documents = documents_of_entries(share_phrasings(live))
    history = index_history(answered, live, tickets, tickets, read)
    index = build_index(documents, history, encode, encoder_revision=revision)
    taught_labels = _labels(lessons, entries, facts)
    learnt, taught_answers = cross_fitted_answers(
        taught_labels, answered, tickets, tickets, read, assigned.frame, splits, live, facts, index, encode
    )
    model = ConfidenceModel.fit([one.evidence for one in taught_answers], [one.is_right for one in taught_answers])
    names = sorted({*assigned.model.categories, *entries["category_id"]})
    release = AgentRelease(
        release_id=f"evaluation-{as_of:%Y-%m-%d}",
        company="The Thunderbird support forum",
        behavior=starter(max(SPEC_RISKS)),
        categories={name: ReleaseCategory(name, name, AUTOMATE, 1, None) for name in names},
        entries=_release_entries(entries),
        intents=assigned.model,
        index=index,
        confidence=model,
        thresholds=always_reached(names),
        encoder_revision=revision,
        encode=encode,
    )
    own = splits.loc[splits["split"] == CALIBRATION, "ticket_id"]
    labels = _labels(links[links["ticket_id"].isin(set(own))], entries, facts)
    labels = labels.merge(tickets[["ticket_id", "text"]], on="ticket_id")
    predictions = assigned.frame.set_index("ticket_id").loc[labels["ticket_id"]].to_dict("records")
    contexts = [facts[name] for name in labels["ticket_id"]]
    found = past_answers(
        predictions, labels["text"].tolist(), contexts, labels["entry_ids"].tolist(), index, live, encode
    )
    kept = kept_from_answering(release, labels, facts)
    certifying = _answers(labels, found, model, kept)
    thresholds = choose_thresholds(
        certifying,
        pd.DataFrame([(name, name, AUTOMATE) for name in names], columns=["category_id", "name", "bucket"]),
        release.behavior.confidence,
        _answers(learnt, taught_answers, model, set()),
    )
    counts = {
        "training_tickets": len(taught),
        "calibration_tickets": len(own),
        "training_tickets_with_a_topic": assigned.report.count_training_tickets,
        "training_tickets_with_a_link": lessons["ticket_id"].nunique(),
        "calibration_tickets_with_a_link": len(labels),
        "calibration_tickets_that_may_be_answered": int(certifying["may_answer"].sum()),
        "articles": sections["article_id"].nunique(),
        "articles_with_a_text": entries["article_id"].nunique(),
        "entries": len(entries),
        "entries_for_some_systems": int((entries["conditions"] != "{}").sum()),
        "categories": len(names),
    }
    return Built(release, thresholds, certifying, entries, counts)


def always_reached(names: Sequence[str]) -> Thresholds:
    """Thresholds that hold nothing back: what is answered then is all that any threshold could let through."""
    risk = max(SPEC_RISKS)
    return Thresholds(tuple(Threshold(name, risk, 0.95, 0.0, "category", 0, 0, 0, None, 1.0, "", "") for name in names))


def right_entries(links: pd.DataFrame, entries: pd.DataFrame, facts: dict[str, Any]) -> dict[str, list[str]]:
    """Entries of the linked articles that hold for the customer, by ticket_id; empty where an article became none."""
    rows = [
        (ticket, entry)
        for ticket, entry, conditions in links.merge(entries, on="article_id")[
            ["ticket_id", "entry_id", "conditions"]
        ].itertuples(index=False)
        if applies(load_conditions(conditions), facts.get(ticket, {})) is not False
    ]
    found: dict[str, list[str]] = {str(ticket): [] for ticket in links["ticket_id"]}
    for ticket, entry in rows:
        found[str(ticket)].append(entry)
    return {ticket: sorted(names) for ticket, names in found.items()}


def familiar(tickets: pd.DataFrame, later: pd.DataFrame) -> tuple[set[str], pd.DataFrame]:
    """Ids of the later tickets whose requester or nearly whose words are among the earlier ones, and the groups of
    near-duplicates."""
    columns = ["ticket_id", "text", "created_at"]
    groups = near_duplicate_groups(pd.concat([tickets[columns], later[columns]], ignore_index=True))
    group = groups.set_index("ticket_id")["duplicate_group_id"]
    seen, people = set(group[tickets["ticket_id"]]), set(tickets["requester_id"])
    known = {
        ticket
        for ticket, person in zip(later["ticket_id"], later["requester_id"], strict=True)
        if person in people or group[ticket] in seen
    }
    return known, groups


def _splits(tickets: pd.DataFrame, later: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """As the product draws them; calibration tickets that hang together with a later one are excluded."""
    _, groups = familiar(tickets, later)
    own = groups[groups["ticket_id"].isin(set(tickets["ticket_id"]))]
    splits = assign_splits(tickets, own, None, as_of, SHARES, "replay")
    group = groups.set_index("ticket_id")["duplicate_group_id"]
    taken, people = set(group[later["ticket_id"]]), set(later["requester_id"])
    requester = tickets.set_index("ticket_id")["requester_id"]
    leaks = [requester[one] in people or group[one] in taken for one in splits["ticket_id"]]
    is_out = np.array(leaks, dtype=bool) & (splits["split"] == CALIBRATION).to_numpy()
    return splits.assign(split=splits["split"].where(~is_out, "excluded"))


def _categories(
    entries: pd.DataFrame, lessons: pd.DataFrame, intents: pd.DataFrame, model: Any, encode: Encode
) -> list[str]:
    """The category that most tickets had to which the article was linked; without any, what the model says of it."""
    of_ticket = intents.set_index("ticket_id")["assigned_category_id"]
    votes = lessons.assign(category_id=lessons["ticket_id"].map(of_ticket)).dropna(subset=["category_id"])
    votes = votes[votes["category_id"].isin(model.categories)]
    by_weight = votes.groupby(["article_id", "category_id"])["weight"].sum().reset_index()
    by_weight = by_weight.sort_values(["weight", "category_id"], ascending=[False, True], kind="stable")
    first = by_weight.drop_duplicates("article_id").set_index("article_id")["category_id"]
    texts = [f"{title}\n{text}"[:600] for title, text in zip(entries["question"], entries["text"], strict=True)]
    guessed = model.predict(texts, np.asarray(encode(texts)))["predicted_category_id"]
    return [str(first.get(name, guess)) for name, guess in zip(entries["article_id"], guessed, strict=True)]


def _of_entries(links: pd.DataFrame, entries: pd.DataFrame, facts: dict[str, Any]) -> pd.DataFrame:
    """``answered_tickets``: links to articles as links to the entries that hold for the customer."""
    right = right_entries(links, entries, facts)
    joined = links.merge(entries[["article_id", "entry_id"]], on="article_id")
    holds = [entry in right[ticket] for ticket, entry in zip(joined["ticket_id"], joined["entry_id"], strict=True)]
    return joined[holds][["ticket_id", "entry_id", "evidence", "weight", "answered_at"]].reset_index(drop=True)


def _labels(links: pd.DataFrame, entries: pd.DataFrame, facts: dict[str, Any]) -> pd.DataFrame:
    return labels_frame(
        (ticket, names, ARTICLE_LINK, 1.0) for ticket, names in right_entries(links, entries, facts).items()
    )


def _answers(
    labels: pd.DataFrame, found: Sequence[PastAnswer], model: ConfidenceModel, kept: Collection[str]
) -> pd.DataFrame:
    """What ``choose_thresholds`` reads."""
    rows = [
        (
            ticket,
            one.evidence.category_id,
            min(model.probability(each) for each in (one.evidence, one.asked or one.evidence)),
            one.evidence.may_answer and ticket not in kept,
            not one.is_right,
            ARTICLE_LINK,
        )
        for ticket, one in zip(labels["ticket_id"], found, strict=True)
    ]
    names = ["ticket_id", "category_id", "confidence", "may_answer", "is_wrong", "label_source"]
    return pd.DataFrame(rows, columns=names).astype({"may_answer": "bool", "is_wrong": "bool", "confidence": "float64"})


def _release_entries(entries: pd.DataFrame) -> dict[str, ReleaseEntry]:
    made = {}
    for row in entries.to_dict("records"):
        one = ReleaseEntry(
            entry_id=row["entry_id"],
            content_hash="",
            category_id=row["category_id"],
            question=row["question"],
            answer=row["reply"],
            conditions=load_conditions(row["conditions"]),
            owner="unsigned",
            sources=[{"kind": "article", "id": row["article_id"]}],
            accepted_by="",
            phrasings=list(row["phrasings"]),
        )
        made[one.entry_id] = replace(one, content_hash=one.own_hash)
    return made
