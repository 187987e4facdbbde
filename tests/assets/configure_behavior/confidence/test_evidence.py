"""One message and many give the same numbers; variants are no rivals; what is open is undecided."""

from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest

from assets.audit_tickets.categories.intent_model import IntentModel
from assets.build_knowledge.retrieval.retrieval_index import build_index
from assets.build_knowledge.retrieval.retrieve import Hit, MatchingText, RetrievalResult, VotingTicket, retrieve
from assets.configure_behavior.confidence.evidence import EVIDENCE_HITS, evidence_of, gather_evidence
from tests.assets.build_knowledge.retrieval.shop_desk import WORDS, documents, encode, history
from tests.assets.configure_behavior.confidence.evidences import evidence

CATEGORIES = {name: ("money" if name == "refund" else "repair") for name in WORDS}
PREDICTION = {
    "predicted_category_id": "repair",
    "confidence": 0.8,
    "margin": 0.5,
    "unknown_score": -0.4,
    "is_unknown": False,
}


def hit(name, probability, conditions=None, applies=True):
    return Hit(
        name, 1, probability, applies, conditions or {}, {}, MatchingText("question", name, 0.7),
        [VotingTicket("t", 0.5, 0.3), VotingTicket("u", 0.5, 0.2)],
    )  # fmt: skip


def read(*hits, categories=CATEGORIES):
    return evidence_of(PREDICTION, RetrievalResult("?", list(hits), [], []), categories)


@pytest.fixture(scope="module")
def models():
    texts = [(wording, name) for name, wordings in WORDS.items() for wording in wordings for _ in range(3)]
    asked = [text for text, _ in texts]
    intents = IntentModel().fit(asked, encode(asked), [CATEGORIES[name] for _, name in texts])
    docs = pd.concat(
        [documents(), pd.DataFrame([("tyres", "phrasing", "flat tyre", "{}")], columns=documents().columns)]
    )
    return intents, build_index(docs, history(), encode)


def alike(evidence):
    """The same but for what float32 sums lose when many rows are multiplied at once instead of one."""
    return {
        name: pytest.approx(value, rel=1e-5, abs=1e-6) if isinstance(value, float) else value
        for name, value in asdict(evidence).items()
    }


def test_many_messages_give_what_each_gives_alone_and_are_encoded_in_one_call(models):
    intents, index = models
    texts = [
        "my brakes squeak",
        "see https://help.bikes.example/kb/tyres no air",
        "",
        "money back please",
        "my brakes squeak",
    ]
    contexts = [{}, {"os": "ios"}, {}, {"plan": None}, {}]
    calls = []

    def counting(asked):
        calls.append(len(asked))
        return encode(asked)

    found = gather_evidence(texts, contexts, intents, index, CATEGORIES, counting)
    assert len(calls) == 1
    for text, context, one in zip(texts, contexts, found, strict=True):
        row = intents.predict([text], encode([text])).iloc[0].to_dict()
        alone = evidence_of(row, retrieve(index, text, context, EVIDENCE_HITS, encode=encode), CATEGORIES)
        assert asdict(alone) == alike(one)
        (again,) = gather_evidence([text], [context], intents, index, CATEGORIES, encode)
        assert asdict(again) == alike(one)
    assert found[2].entry_id is None
    assert found[0].entry_id == "brakes"
    assert found[0].may_answer


def test_more_hits_than_evidence_reads_change_nothing(models):
    intents, index = models
    text = "no air in the wheel"
    row = intents.predict([text], encode([text])).iloc[0]
    few, many = (evidence_of(row, retrieve(index, text, {}, k, encode=encode), CATEGORIES) for k in (EVIDENCE_HITS, 50))
    assert few == many


def test_the_rival_is_an_entry_that_could_hold_for_the_same_reader():
    android, ios = {"os": ["android"]}, {"os": ["ios"]}
    found = read(hit("brakes", 0.5, android, None), hit("tyres", 0.4, ios, None), hit("lights", 0.2))
    assert (found.rival_probability, found.variant_probability) == (0.2, 0.4)
    assert found.is_undecided
    # The same conditions, or another category, make a rival.
    assert read(hit("brakes", 0.5, android), hit("tyres", 0.4, android)).rival_probability == 0.4
    assert read(hit("brakes", 0.5, android), hit("refund", 0.4, ios)).rival_probability == 0.4


def test_undecided_is_what_the_context_leaves_open():
    pro, free = {"plan": ["pro"]}, {"plan": ["free"]}
    assert read(hit("brakes", 0.9, pro, None)).is_undecided
    assert not read(hit("brakes", 0.9, pro, True)).is_undecided
    assert not read(hit("brakes", 0.9, pro, True), hit("tyres", 0.01, free, None)).is_undecided
    # An open entry about something else is no reason to ask.
    assert not read(hit("brakes", 0.9), hit("refund", 0.5, free, None)).is_undecided


def test_votes_and_likeness_are_those_of_the_best_entry():
    found = read(hit("brakes", 0.9))
    assert (found.voter_share, found.similarity, found.entry_category_id) == (0.5, 0.7, "repair")
    nothing = read()
    assert (nothing.entry_id, nothing.entry_probability, nothing.is_undecided) == (None, 0.0, False)


def test_a_model_without_categories_gives_evidence_without_one():
    row = IntentModel().predict(["help"], np.zeros((1, 4))).iloc[0]
    found = evidence_of(row, RetrievalResult("help", [], [], []), {})
    assert (found.category_id, found.is_unknown, found.may_answer) == (None, True, False)


@pytest.mark.parametrize(
    "change",
    [{"is_unknown": True}, {"is_undecided": True}, {"entry_id": None}, {"entry_category_id": "billing"}],
)
def test_what_may_not_be_answered(change):
    assert evidence().may_answer
    assert not evidence(**change).may_answer


def test_a_context_for_every_text(models):
    intents, index = models
    with pytest.raises(ValueError, match="one context a text"):
        gather_evidence(["a", "b"], [{}], intents, index, CATEGORIES, encode)
    assert gather_evidence([], [], intents, index, CATEGORIES, encode) == []
