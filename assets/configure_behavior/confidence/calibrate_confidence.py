"""From past tickets to confidence that means what it says, and thresholds with a promise.

Belongs here: the order of the steps, and keeping apart the tickets that teach confidence and those that thresholds are
certified on. Does not belong here: any single step.

Training tickets teach confidence, judged by models that had not seen them (``cross_fitted_answers``); every calibration
ticket certifies. A threshold certified on what taught the confidence would be certified on its own answers; a third of
the calibration tickets set aside for teaching would cost a small desk the answers it could prove.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from assets.audit_tickets.categories.intent_model import IntentModel
from assets.build_knowledge.drafts.answer_conditions import customer_facts
from assets.build_knowledge.retrieval.retrieval_index import RetrievalIndex
from assets.configure_behavior.confidence.calibration_labels import (
    TicketLabels,
    join_labels,
    label_tickets,
    refuse_other_sides,
)
from assets.configure_behavior.confidence.choose_thresholds import AUTOMATE, choose_thresholds
from assets.configure_behavior.confidence.confidence_model import ConfidenceModel
from assets.configure_behavior.confidence.cross_fitted_answers import cross_fitted_answers
from assets.configure_behavior.confidence.evidence import Evidence, encode_once
from assets.configure_behavior.confidence.past_answers import PastAnswer, past_answers
from assets.configure_behavior.confidence.risk_coverage import risk_coverage
from desk.behavior import Confidence

Encode = Callable[[Sequence[str]], np.ndarray]
TEACHES, CERTIFIES = "teaches confidence", "certifies thresholds"


@dataclass(frozen=True)
class CalibrationOutcome:
    """What calibration found.

    ``thresholds`` is the frame ``confidence_thresholds`` [category x risk]; ``curve`` the risk-coverage table;
    ``answers`` [labelled ticket]: the evidence, confidence, may_answer, was_asked (first asked back), is_wrong,
    label_source, weight and part; ``labels`` the labels of calibration tickets and how many were left out.
    """

    thresholds: pd.DataFrame
    model: ConfidenceModel
    curve: pd.DataFrame
    answers: pd.DataFrame
    labels: TicketLabels

    @property
    def label_report(self) -> pd.DataFrame:
        """Frame [part x label source]: tickets, those that may be answered, and the share of these that is right."""
        rows = []
        for (part, source), mine in self.answers.groupby(["part", "label_source"], sort=True):
            possible = mine[mine["may_answer"]]
            share = float((~possible["is_wrong"]).mean()) if len(possible) else float("nan")
            rows.append((part, source, len(mine), len(possible), share))
        return pd.DataFrame(rows, columns=["part", "label_source", "tickets", "may_be_answered", "share_right"])


def calibrate_confidence(
    *,
    live: pd.DataFrame,
    articles: pd.DataFrame,
    answered: pd.DataFrame,
    tickets: pd.DataFrame,
    ticket_intents: pd.DataFrame,
    splits: pd.DataFrame,
    comments: pd.DataFrame,
    ticket_texts: pd.DataFrame,
    categories: pd.DataFrame,
    confidence: Confidence,
    intents: IntentModel,
    index: RetrievalIndex,
    encode: Encode,
    reviewed: pd.DataFrame | None = None,
    contexts: Mapping[str, Mapping[str, object]] | None = None,
    never_answered: Collection[str] = (),
) -> CalibrationOutcome:
    """Label past tickets, learn confidence, certify thresholds.

    Args:
        live: ``live_entries``. articles: ``help_center_articles``. answered: ``answered_tickets``. tickets:
            ``fct_tickets``. ticket_intents, splits (``ticket_splits``), comments (``redacted_comments``): as published.
        ticket_texts: ticket_id and text (redacted), as in ``ticket_vectors``.
        categories: category_id, name, bucket, as decided.
        confidence: the desk's spec.
        intents: the category model that made ``ticket_intents``. index: the retrieval index. encode: their encoder.
        reviewed: labels people gave to calibration tickets (``reviewed_labels``); they go before what replies tell.
        contexts: what is known of each customer by ticket_id; by default the facts of ``tickets``.
        never_answered: calibration tickets that go to a person whatever the confidence, such as those on which a
            trigger fires; they do not count as answered.

    Raises:
        ValueError: a reviewed label is about a holdout or a training ticket.
    """
    frames = (live, articles, tickets, ticket_intents, splits, comments)
    labels = label_tickets(*frames, encode)
    if reviewed is not None:
        refuse_other_sides(reviewed["ticket_id"], splits)
        joined = join_labels(reviewed, labels.frame)
        labels = TicketLabels(joined, labels.count_tickets, labels.count_unanswered, labels.count_other_language)
    refuse_other_sides(labels.frame["ticket_id"], splits)
    lessons = label_tickets(*frames, encode, "train", answered)
    facts = _facts(tickets, splits) if contexts is None else contexts
    taught, lesson_answers = cross_fitted_answers(
        lessons.frame, answered, ticket_texts, tickets, comments, ticket_intents, splits, live, facts, index, encode
    )
    model = ConfidenceModel.fit(
        [one.evidence for one in lesson_answers], [one.is_right for one in lesson_answers], taught["weight"].tolist()
    )
    asked = labels.frame.merge(ticket_texts[["ticket_id", "text"]], on="ticket_id")
    asked = asked.sort_values("ticket_id", ignore_index=True)
    found = _calibration_answers(asked, facts, live, intents, index, encode)
    certifying = _frame(asked, found, model, CERTIFIES, never_answered)
    automated = sorted(categories.loc[categories["bucket"] == AUTOMATE, "category_id"].astype(str))
    teaching = _frame(taught, lesson_answers, model, TEACHES)
    return CalibrationOutcome(
        choose_thresholds(certifying, categories, confidence, teaching),
        model,
        risk_coverage(certifying, automated, confidence.certainty),
        pd.concat([one for one in (teaching, certifying) if len(one)] or [certifying], ignore_index=True),
        labels,
    )


def _facts(tickets: pd.DataFrame, splits: pd.DataFrame) -> dict[str, dict[str, object]]:
    """Facts of customers; what holdout tickets say shapes nothing, not even which facts there are."""
    ours = set(splits.loc[splits["split"].isin(["train", "calibration"]), "ticket_id"])
    return customer_facts(tickets[tickets["ticket_id"].isin(ours)])


def _calibration_answers(
    asked: pd.DataFrame, facts: Mapping[str, Mapping[str, object]], live: pd.DataFrame, intents: IntentModel,
    index: RetrievalIndex, encode: Encode,
) -> list[PastAnswer]:  # fmt: skip
    if asked.empty:
        return []
    texts = asked["text"].fillna("").tolist()
    known = encode_once(texts, encode)
    predictions = intents.predict(texts, known(texts)).to_dict("records")
    contexts = [facts.get(str(ticket), {}) for ticket in asked["ticket_id"]]
    return past_answers(predictions, texts, contexts, asked["entry_ids"].tolist(), index, live, known)


def _frame(
    labels: pd.DataFrame, answers: Sequence[PastAnswer], model: ConfidenceModel, part: str,
    never_answered: Collection[str] = (),
) -> pd.DataFrame:  # fmt: skip
    """Answers as a frame. Where it was first asked back, it had to be sure both times: the lesser confidence counts."""
    skipped = set(never_answered)
    rows = [
        {
            "ticket_id": ticket,
            **asdict(one.evidence),
            "confidence": min(model.probability(each) for each in (one.evidence, one.asked or one.evidence)),
            "may_answer": one.evidence.may_answer and ticket not in skipped,
            "was_asked": one.asked is not None,
            "is_wrong": not one.is_right,
            "label_source": source,
            "weight": weight,
            "part": part,
        }
        for ticket, one, source, weight in zip(
            labels["ticket_id"], answers, labels["label_source"], labels["weight"], strict=True
        )
    ]
    names = ["ticket_id", *Evidence.__dataclass_fields__, "confidence", "may_answer", "was_asked", "is_wrong"]
    return pd.DataFrame(rows, columns=[*names, "label_source", "weight", "part"]).astype(
        {"may_answer": "bool", "is_wrong": "bool", "was_asked": "bool", "confidence": "float64"}
    )
