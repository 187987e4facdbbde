"""What a release of an invented company is built from, as the lake would hold it: small enough for a test."""

import json
from dataclasses import replace

import pandas as pd

from assets.build_knowledge.conditions import dump_conditions
from assets.build_knowledge.retrieval.documents import documents_of_entries
from assets.build_knowledge.retrieval.retrieval_index import build_index
from assets.build_knowledge.variants import share_phrasings
from assets.configure_behavior.confidence.confidence_model import ConfidenceModel
from assets.configure_behavior.releases.build_release import ReleaseParts
from desk.entry import content_hash
from tests.assets.configure_behavior.decisions.small_release import (
    BUCKETS,
    ENTRIES,
    PHRASINGS,
    behavior,
    small_release,
    threshold,
)
from tests.encoders import HashingEncoder

AS_OF = pd.Timestamp("2026-06-01 12:00", tz="UTC")
ACCEPTED_BY = "Invented Reviewer"


def live_entries(entries=ENTRIES) -> pd.DataFrame:
    """``live_entries``, with the hashes that these texts have."""
    rows = [
        {
            "entry_id": name,
            "content_hash": content_hash(
                question=question,
                answer=answer,
                conditions=conditions,
                phrasings=PHRASINGS[category][1:],
                category=category,
            ),
            "category_id": category,
            "question": question,
            "answer": answer,
            "conditions": dump_conditions(conditions),
            "phrasings": PHRASINGS[category][1:],
            "owner": "Invented Owner",
            "valid_from": pd.NaT,
            "valid_until": pd.NaT,
            "sources": json.dumps([{"kind": "article", "id": f"help:{name}", "hash": "ab" * 32}]),
            "accepted_by": ACCEPTED_BY,
        }
        for name, category, question, answer, conditions in entries
    ]
    return pd.DataFrame(rows)


def accepted_categories() -> pd.DataFrame:
    """``accepted_categories``: those of the release, and one that nobody has decided about."""
    rows = [(name, name.replace("_", " "), bucket, 1, "Invented Owner") for name, bucket in BUCKETS.items()]
    frame = pd.DataFrame([*rows, ("undecided", "undecided", None, None, None)])
    frame.columns = ["category_id", "name", "bucket", "tier", "owner"]
    return frame.astype({"tier": "Int64"})


def regression_set() -> pd.DataFrame:
    """``regression_set``: one ticket a category, one that asks about nothing known."""
    rows = [
        (f"zendesk:{number}", PHRASINGS[category][2], "{}", category, "calibration")
        for number, category in enumerate(sorted(PHRASINGS))
    ]
    rows.append(("zendesk:97", "I forgot my password", '{"sso": "true"}', "password_reset", "calibration"))
    rows.append(("zendesk:98", "do you sell garden furniture in purple", "{}", None, "train"))
    return pd.DataFrame(rows, columns=["ticket_id", "text", "context", "category_id", "split"])


def history() -> pd.DataFrame:
    """Past training tickets with the entry that answered each: enough to learn weights from."""
    rows = []
    for number in range(56):
        name, category, *_ = ENTRIES[number % len(ENTRIES)]
        text = f"{PHRASINGS[category][number % 8]} number {number}"
        rows.append(
            (f"zendesk:{1000 + number}", text, name, 1.0, AS_OF - pd.Timedelta(days=number), f"requester {number}")
        )
    return pd.DataFrame(rows, columns=["ticket_id", "text", "entry_id", "weight", "answered_at", "requester_id"])


def parts(entries=ENTRIES, at: float | None = 0.3, **changes) -> ReleaseParts:
    """The parts; ``at`` is every category's threshold, ``changes`` replace fields."""
    encoder, live = HashingEncoder(), live_entries(entries)
    base = small_release(at=at, entries=entries)
    index = build_index(
        documents_of_entries(share_phrasings(live)), history(), encoder.encode, encoder_revision=encoder.revision
    )
    made = ReleaseParts(
        desk_id="lindwurm",
        company="Lindwurm",
        as_of=AS_OF,
        entries=live,
        categories=accepted_categories(),
        behavior=behavior(),
        intents=base.intents,
        index=index,
        confidence=ConfidenceModel(),
        confidence_version="confidence_000000000001",
        thresholds=base.thresholds,
        encoder=encoder,
        regression=regression_set(),
        data={"exports": ["0a1b"], "ticket_splits": "c" * 64},
        settings={"languages": ["en", "de"]},
        seeds={"intents": 0},
    )
    return replace(made, **changes)


def thresholds_at(at: float | None):
    """Thresholds of every category."""
    from assets.configure_behavior.confidence.thresholds import Thresholds

    return Thresholds(tuple(threshold(name, at) for name in BUCKETS))
