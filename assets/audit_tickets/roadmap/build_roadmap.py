"""The training roadmap: one row a category, built from tickets, texts, categories and the split.

Belongs here: bringing the measurements together, the ranking and the totals. Does not belong here: any single
measurement, the rules for buckets, drawing and the page.

The holdout counts in volumes, speed and ratings, which are the helpdesk's own figures. Nothing that is read from
text (risk, likeness of answers, account facts, simple tickets, examples) ever looks at it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from assets.audit_tickets.roadmap.buckets import BUCKETS, BucketEvidence, BucketRules, propose_bucket
from assets.audit_tickets.roadmap.category_metrics import (
    DAYS_PER_MONTH,
    measure_bot_tickets,
    measure_category,
    rate_columns,
    week_starts,
    weekly_counts,
)
from assets.audit_tickets.roadmap.risk_categories import risk_subject
from assets.audit_tickets.roadmap.risk_patterns import SIGNALS
from assets.audit_tickets.roadmap.roadmap_examples import choose_examples, opening_texts, shorten
from assets.audit_tickets.roadmap.roadmap_groups import list_groups, tickets_with_group, undecided_group
from assets.audit_tickets.roadmap.roadmap_texts import read_texts, text_columns
from assets.audit_tickets.roadmap.training_order import (
    assign_training_order,
    complexity_parts,
    complexity_score,
    expected_automatable,
)
from desk.models import Audit

READ_SPLITS = ("train", "calibration")


@dataclass(frozen=True)
class RoadmapSettings:
    """What a desk may set (`audit` in desk.yaml), and the limits of the bucket rules."""

    window_days: int = 90
    top: int = 15
    rules: BucketRules = field(default_factory=BucketRules)
    seed: int = 20

    @classmethod
    def of(cls, audit: Audit) -> RoadmapSettings:
        """What the desk's ``audit`` block says; the rest as it is by default."""
        rules = BucketRules(min_training_examples=audit.min_training_examples, risk_share=audit.risk_share)
        return cls(window_days=audit.window_days, top=audit.top, rules=rules)


@dataclass(frozen=True)
class RoadmapTotals:
    """Figures of the whole desk. Rates are dicts as made by `rate_columns`."""

    as_of: pd.Timestamp
    window_start: pd.Timestamp
    window_days: int
    """Days measured: the setting, or less when the data begins later."""
    count_tickets: int
    count_in_window: int
    count_audited: int
    excluded: Mapping[str, int]
    """Tickets of the window left out of the audit, by reason."""
    tickets_per_month: float
    unknown_rate: Mapping[str, float]
    count_in_candidates: int
    count_read: int
    """Tickets of the window outside the holdout, whose text was read."""
    risk_rate: Mapping[str, float]
    tickets_by_bucket: Mapping[str, int]
    expected_automatable: tuple[float, float, float]
    """Tickets a month: estimate, low, high."""
    bot: Mapping[str, float]


@dataclass(frozen=True)
class RoadmapResult:
    """`frame` [category] is the published asset; the rest feeds plots and the page and is not published."""

    frame: pd.DataFrame
    totals: RoadmapTotals
    weekly: pd.DataFrame
    """[week x bucket]: week_start, bucket (or `unknown`), count_tickets."""
    examples: pd.DataFrame
    """[example ticket]: category_id, ticket_id, subject, text; redacted and shortened."""
    settings: RoadmapSettings


def build_roadmap(
    fct_tickets: pd.DataFrame,
    fct_ticket_comments: pd.DataFrame,
    redacted_comments: pd.DataFrame,
    ticket_intents: pd.DataFrame,
    category_candidates: pd.DataFrame,
    accepted_categories: pd.DataFrame,
    ticket_splits: pd.DataFrame,
    vectors: pd.DataFrame | None,
    settings: RoadmapSettings,
    as_of: pd.Timestamp,
    on_progress: Callable[[int, int], None] | None = None,
) -> RoadmapResult:
    """Build the roadmap of the `settings.window_days` days that end at `as_of`.

    Args:
        vectors: frame [ticket] with ticket_id and vector, for typical examples; None chooses by length.
        ticket_intents: one row a ticket, of one model version.
        as_of: UTC. Tickets after it do not exist for the roadmap.

    Raises:
        ValueError: `as_of` without a time zone, or several intents for one ticket.
    """
    if as_of.tzinfo is None:
        raise ValueError("as_of needs a time zone; give UTC, such as pd.Timestamp('2026-01-31', tz='UTC').")
    if ticket_intents["ticket_id"].duplicated().any():
        raise ValueError("ticket_intents holds several rows for a ticket; give the rows of one model version only.")
    tickets = tickets_with_group(fct_tickets, ticket_intents, category_candidates, ticket_splits, as_of)
    history = tickets[tickets["is_in_audit"].fillna(False).astype(bool)]
    earliest = tickets["created_at"].min()
    start = as_of - pd.Timedelta(days=settings.window_days)
    window = tickets[tickets["created_at"] > start]
    audited = history[history["created_at"] > start]
    days = settings.window_days
    if pd.notna(earliest) and earliest > start:
        days = max(1, int(np.ceil((as_of - earliest) / pd.Timedelta(days=1))))
    read = audited[audited["split"].isin(READ_SPLITS)]
    texts = redacted_comments[redacted_comments["ticket_id"].isin(read["ticket_id"])]
    facts = read_texts(read, texts, fct_ticket_comments, settings.seed, on_progress)
    starts = week_starts(as_of, settings.window_days, earliest if pd.notna(earliest) else None)
    openings = opening_texts(texts)

    rows: list[dict[str, Any]] = []
    examples: list[tuple[str, str, str, str]] = []
    desk_risk = rate_columns("risk_rate", int(facts.tickets["is_risk"].sum()), len(facts.tickets))
    groups = list_groups(accepted_categories, category_candidates, history)
    for group in groups or [undecided_group("nothing", "Nothing", "category")]:
        members = audited[audited["group_id"] == group["category_id"]]
        train = history[(history["group_id"] == group["category_id"]) & (history["split"] == "train")]
        row = {
            **group,
            **measure_category(members, starts, days, len(audited)),
            **text_columns(group["category_id"], facts),
            "count_training_examples": 0 if group["kind"] == "candidate" else len(train),
        }
        row |= _decide(row, float(np.nan_to_num(desk_risk["risk_rate"])), settings.rules)
        mine = read.loc[read["group_id"] == group["category_id"], "ticket_id"]
        row["example_ticket_ids"] = choose_examples(list(mine), openings, vectors, group["preferred_examples"])
        examples += [
            (group["category_id"], t, shorten(openings.loc[t, "subject"], 140), shorten(openings.loc[t, "text"]))
            for t in row["example_ticket_ids"]
        ]
        rows.append(row)
    frame = _rank(pd.DataFrame(rows), settings).iloc[: len(groups)].assign(as_of=as_of)
    buckets = dict(zip(frame["category_id"], frame["bucket"], strict=True))
    bucket_of = audited["category_id"].map(buckets).fillna("unknown")
    totals = RoadmapTotals(
        as_of=as_of,
        window_start=as_of - pd.Timedelta(days=days),
        window_days=days,
        count_tickets=len(tickets),
        count_in_window=len(window),
        count_audited=len(audited),
        excluded=_excluded(window),
        tickets_per_month=len(audited) / days * DAYS_PER_MONTH,
        unknown_rate=rate_columns("unknown_rate", int(audited["category_id"].isna().sum()), len(audited)),
        count_in_candidates=int((audited["category_id"].isna() & audited["group_id"].notna()).sum()),
        count_read=len(read),
        risk_rate=desk_risk,
        tickets_by_bucket={b: int((bucket_of == b).sum()) for b in (*BUCKETS, "unknown")},
        expected_automatable=_expected_total(frame),
        bot=measure_bot_tickets(audited),
    )
    weekly = _weekly(audited["created_at"], bucket_of, starts)
    shown = pd.DataFrame(examples, columns=["category_id", "ticket_id", "subject", "text"])
    return RoadmapResult(frame, totals, weekly, shown, settings)


def _decide(row: Mapping[str, Any], desk_risk_share: float, rules: BucketRules) -> dict[str, Any]:
    is_candidate = row["kind"] == "candidate"
    proposal = propose_bucket(
        BucketEvidence(
            is_candidate=is_candidate,
            risk_subject=risk_subject(row["name"], row["description"], row["phrases"]),
            count_tickets=row["count_tickets"],
            count_read=row["count_read"],
            count_risk=row["risk_rate_numerator"],
            signal_counts={signal: row[f"count_{signal}"] for signal in SIGNALS},
            desk_risk_share=desk_risk_share,
            count_strained=row["strain_rate_numerator"],
            count_training_examples=row["count_training_examples"],
            answer_consistency=row["answer_consistency"],
            answer_consistency_low=row["answer_consistency_low"],
            count_answers=row["count_answers"],
            account_context_numerator=row["account_context_rate_numerator"],
            account_context_denominator=row["account_context_rate_denominator"],
            answer_differs_by=tuple(row["answer_differs_by"]),
            decided_bucket=row["decided_bucket"],
        ),
        rules,
    )
    bucket = row["decided_bucket"] or proposal.bucket
    enough = row["count_training_examples"] >= rules.min_training_examples
    parts = complexity_parts(
        row["answer_consistency"],
        row["account_context_rate"],
        row["several_replies_rate"],
        row["risk_rate"],
        rules.risk_share,
        len(row["answer_differs_by"]),
    )
    expected = (0.0, 0.0, 0.0)
    if bucket == "automate" and enough and not is_candidate:
        expected = expected_automatable(
            row["tickets_per_month"], row["simple_ticket_rate_numerator"], row["simple_ticket_rate_denominator"]
        )
    name = "expected_automatable_tickets_per_month"
    return {
        "has_enough_examples": enough,
        "proposed_bucket": proposal.bucket,
        "bucket": bucket,
        "reasons": list(proposal.reasons),
        "count_reasons": len(proposal.reasons),
        "complexity": complexity_score(parts),
        **{f"complexity_{part}": value for part, value in parts.items()},
        **dict(zip((name, f"{name}_low", f"{name}_high"), expected, strict=True)),
    }


def _rank(frame: pd.DataFrame, settings: RoadmapSettings) -> pd.DataFrame:
    frame = frame.sort_values(
        ["count_tickets", "kind", "category_id"], ascending=[False, True, True], kind="stable"
    ).reset_index(drop=True)
    frame["rank"] = range(1, len(frame) + 1)
    frame["is_top"] = (frame["rank"] <= settings.top) & (frame["count_tickets"] > 0)
    frame["tier"] = frame["tier"].astype("Int64")
    frame["training_order"] = assign_training_order(frame)
    first = ["category_id", "name", "kind", "rank", "is_top", "training_order", "bucket", "proposed_bucket"]
    hidden = ["phrases", "preferred_examples", "description"]
    return frame[first + [c for c in frame.columns if c not in (*first, *hidden)]]


def _weekly(created_at: pd.Series, bucket_of: pd.Series, starts: pd.DatetimeIndex) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {"week_start": starts, "bucket": b, "count_tickets": weekly_counts(created_at[bucket_of == b], starts)}
        )
        for b in (*BUCKETS, "unknown")
    ]
    return pd.concat(parts, ignore_index=True)


def _excluded(window: pd.DataFrame) -> dict[str, int]:
    left_out = window[~window["is_in_audit"].fillna(False).astype(bool)]
    counts = left_out["exclusion_reason"].fillna("no reason recorded").value_counts()
    return {str(reason): int(count) for reason, count in counts.items()}


def _expected_total(frame: pd.DataFrame) -> tuple[float, float, float]:
    name = "expected_automatable_tickets_per_month"
    estimate, low, high = (float(frame[column].sum()) for column in (name, f"{name}_low", f"{name}_high"))
    return estimate, low, high
