"""Parts and material of the small desk, and what is learnt anew from them. All of it is invented."""

import functools
import hashlib
from dataclasses import replace

import pandas as pd

from assets.configure_behavior.releases.build_release import ReleaseParts
from assets.retrain_agent.candidate.refit import Refit, refit
from assets.retrain_agent.trials.trial_release import Material
from desk.entry import content_hash
from tests.assets.configure_behavior.decisions.small_release import behavior
from tests.assets.retrain_agent.trials.small_material import base_release, encode, small_material


class WordEncoder:
    """The small desk's vectors, as an encoder."""

    name, revision = "words", "words"

    def __init__(self):
        self.dimensions = encode(["one text"]).shape[1]

    def encode(self, texts, on_progress=None):
        return encode(texts)


def material() -> Material:
    """As published: with the hashes that texts have."""
    made = small_material()
    digests = [hashlib.sha256(text.encode()).hexdigest() for text in made.texts["text"]]
    live = made.live.assign(valid_from=pd.NaT, valid_until=pd.NaT, accepted_by="Invented Reviewer")
    live["content_hash"] = [
        content_hash(
            question=row["question"], answer=row["answer"], conditions=_conditions(row["conditions"]), phrasings=row["phrasings"],
            category=row["category_id"],
        )
        for row in live.to_dict("records")
    ]  # fmt: skip
    return replace(made, live=live, texts=made.texts.assign(text_hash=digests, encoder_revision="words"))


def as_of() -> pd.Timestamp:
    """After everything in the material."""
    made = small_material()
    return max(made.tickets["created_at"].max(), made.comments["created_at"].max()) + pd.Timedelta(days=1)


def base_parts(**changes) -> ReleaseParts:
    """What stands before: learnt parts of the release that is in place, and one frozen ticket."""
    made, release = material(), base_release()
    frozen = made.splits.loc[made.splits["split"] == "calibration", "ticket_id"].iloc[:6].tolist()
    text = dict(zip(made.texts["ticket_id"], made.texts["text"], strict=True))
    rows = [(name, text[name], "{}", None, "calibration") for name in frozen]
    parts = ReleaseParts(
        desk_id="small",
        company="Invented Desk",
        as_of=as_of() - pd.Timedelta(days=30),
        entries=made.live,
        categories=made.categories,
        behavior=behavior(),
        intents=release.intents,
        index=release.index,
        confidence=release.confidence,
        confidence_version="confidence_before",
        thresholds=release.thresholds,
        encoder=WordEncoder(),
        regression=pd.DataFrame(rows, columns=["ticket_id", "text", "context", "category_id", "split"]),
        data={"exports": ["0a1b"], "ticket_intents": ["before"]},
        settings={"languages": ["en"]},
        seeds={"intents": 0, "confidence": 0},
    )
    return replace(parts, **changes)


@functools.cache
def learnt() -> Refit:
    """Learnt anew without a word from people."""
    return refit(base_parts(), material(), encode, as_of=as_of())


def _conditions(text):
    from assets.build_knowledge.conditions import load_conditions

    return {name: list(values) for name, values in load_conditions(text).items()}
