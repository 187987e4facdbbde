"""What signals are made of, brought into one order.

Belongs here: what the platform knows of every customer ticket, side by side. Does not belong here: counting or judging.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from assets.sustain_learning.signals.named_versions import named_versions
from assets.sustain_learning.signals.text_categories import LEARN_DAYS, text_categories

NO_CUSTOMERS = ("is_deleted", "is_merged", "is_spam", "is_automated")
FIELDS = ("plan", "page", "os")
UNKNOWN_LANGUAGE = ("", "und", "nan", "None")


@dataclass(frozen=True)
class SignalMaterial:
    """Frames as the platform keeps them.

    ``tickets``: ``fct_tickets`` (ticket_id, created_at, requester_id; plan, page, os, source, tags and label fields where
    they are known). ``texts``: of ``ticket_texts`` (ticket_id, text, language). ``splits``: ``ticket_splits``.
    ``releases``: ``release_events``. ``intents``: ``ticket_intents``; ``answers``: ``shadow_answers``; None, or empty, where
    there are none yet. ``label_fields``: the helpdesk's own label columns of ``tickets``, tags apart. ``category_names``:
    of category ids.
    """

    tickets: pd.DataFrame
    texts: pd.DataFrame
    splits: pd.DataFrame
    releases: pd.DataFrame
    intents: pd.DataFrame | None = None
    answers: pd.DataFrame | None = None
    label_fields: Sequence[str] = ("topic",)
    category_names: Mapping[str, str] = field(default_factory=dict)


def customer_tickets(
    material: SignalMaterial, until: pd.Timestamp, learn_days: int = LEARN_DAYS, seed: int = 0
) -> tuple[pd.DataFrame, int]:
    """Customers' tickets before a moment, oldest first, and the day before which their categories were not known.

    A customer's later tickets of one day are left out: somebody who writes six times in an afternoon is one customer in trouble
    and no spike.

    Returns:
        ticket_id, created_at, requester_id, source, plan, page, os, language, category, version (list), text, is_train,
        labels (dict by system), each null where it is not known. Only training tickets form categories.
    """
    tickets = material.tickets
    if not len(tickets):
        return _empty(), 0
    kept = pd.Series(True, index=tickets.index)
    for name in NO_CUSTOMERS:
        if name in tickets:
            kept &= ~tickets[name].astype("boolean").fillna(False)
    mine = tickets[kept].drop_duplicates("ticket_id")
    created = pd.to_datetime(mine["created_at"], utc=True)
    mine = mine.assign(created_at=created, ticket_id=mine["ticket_id"].astype(str))
    mine = mine[created.notna() & (created < until)].sort_values(["created_at", "ticket_id"], ignore_index=True)
    mine = mine[~_again_that_day(mine)].reset_index(drop=True)
    if not len(mine):
        return _empty(), 0
    ids = mine["ticket_id"]
    texts = material.texts.assign(ticket_id=material.texts["ticket_id"].astype(str)).drop_duplicates("ticket_id")
    texts = texts.set_index("ticket_id").reindex(ids).reset_index()
    splits = material.splits
    taught = set(splits.loc[splits["split"] == "train", "ticket_id"].astype(str)) if len(splits) else set()
    is_train = ids.isin(taught).to_numpy(dtype=bool)
    by_id = pd.Series(mine["created_at"].to_numpy(), index=ids)
    found = pd.DataFrame(
        {
            "ticket_id": ids,
            "created_at": mine["created_at"],
            "requester_id": _column(mine, "requester_id"),
            "source": _column(mine, "source"),
            **{name: _column(mine, name) for name in FIELDS},
            "language": [None if str(one) in UNKNOWN_LANGUAGE else str(one) for one in texts["language"]],
            "text": texts["text"].astype("object").fillna("").astype(str),
            "is_train": is_train,
        }
    )
    train = pd.Series(is_train, index=ids)
    categories = text_categories(texts, by_id, train, material.intents, material.answers, learn_days, seed)
    found["category"] = categories.of.to_numpy(dtype=object)
    releases = material.releases
    names = releases["name"].fillna("").astype(str).tolist() if len(releases) else []
    versions = releases["version"].fillna("").astype(str).tolist() if len(releases) else []
    found["version"] = pd.Series(named_versions(found["text"].tolist(), names, versions), dtype="object")
    for system in (*material.label_fields, "tags"):
        if system in mine:
            found[f"label {system}"] = mine[system].to_numpy(dtype=object)
    return found, categories.learn_days


def _again_that_day(tickets: pd.DataFrame) -> pd.Series:
    who = _column(tickets, "requester_id")
    that_day = pd.DataFrame({"who": who, "day": tickets["created_at"].dt.floor("D")}, index=tickets.index)
    return that_day.duplicated() & who.notna()


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame:
        return pd.Series([None] * len(frame), dtype="object")
    given = frame[name].astype("object")
    return given.where(given.notna() & (given.astype(str).str.strip() != ""), None).reset_index(drop=True)


def _empty() -> pd.DataFrame:
    columns = (
        "ticket_id",
        "created_at",
        "requester_id",
        "source",
        *FIELDS,
        "language",
        "text",
        "is_train",
        "category",
        "version",
    )
    return pd.DataFrame({name: pd.Series([], dtype="object") for name in columns})
