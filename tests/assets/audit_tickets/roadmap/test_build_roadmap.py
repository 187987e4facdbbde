"""The roadmap of an invented desk: what is planted in it comes out, and the holdout is never read."""

from dataclasses import replace

import pandas as pd
import pytest

from assets.audit_tickets.roadmap.buckets import BucketRules
from assets.audit_tickets.roadmap.build_roadmap import RoadmapResult, RoadmapSettings, build_roadmap
from assets.audit_tickets.roadmap.roadmap_groups import tickets_with_group
from tests.assets.audit_tickets.roadmap.roadmap_frames import AS_OF, InventedDesk, invented_desk


def build(
    desk: InventedDesk, settings: RoadmapSettings | None = None, vectors: pd.DataFrame | None = None
) -> RoadmapResult:
    return build_roadmap(
        desk.fct_tickets,
        desk.fct_ticket_comments,
        desk.redacted_comments,
        desk.ticket_intents,
        desk.category_candidates,
        desk.accepted_categories,
        desk.ticket_splits,
        vectors,
        settings or RoadmapSettings(),
        AS_OF,
    )


@pytest.fixture(scope="module")
def desk() -> InventedDesk:
    return invented_desk()


@pytest.fixture(scope="module")
def result(desk: InventedDesk) -> RoadmapResult:
    return build(desk)


@pytest.fixture(scope="module")
def frame(result: RoadmapResult) -> pd.DataFrame:
    return result.frame.set_index("category_id")


def test_the_order_of_rows_changes_nothing(desk: InventedDesk, result: RoadmapResult):
    names = [name for name in vars(desk) if isinstance(getattr(desk, name), pd.DataFrame)]
    assert "fct_tickets" in names
    shuffled = {name: getattr(desk, name).sample(frac=1, random_state=len(name)) for name in names}
    again = build(replace(desk, **shuffled))
    arguments = [shuffled[name] for name in ("fct_tickets", "ticket_intents", "category_candidates", "ticket_splits")]
    assert tickets_with_group(*arguments, AS_OF)["ticket_id"].is_monotonic_increasing  # sums add up alike to the bit
    pd.testing.assert_frame_equal(again.frame, result.frame, check_exact=True)
    pd.testing.assert_frame_equal(again.weekly, result.weekly, check_exact=True)
    assert set(map(tuple, again.examples.to_numpy())) == set(map(tuple, result.examples.to_numpy()))


CONTRACT = [
    "category_id",
    "name",
    "rank",
    "is_top",
    "training_order",
    "count_tickets",
    "share_of_volume",
    "trend_per_week",
    "trend_label",
    "one_touch_rate",
    "one_touch_rate_numerator",
    "one_touch_rate_denominator",
    "one_touch_rate_low",
    "one_touch_rate_high",
    "median_first_reply_calendar_minutes",
    "median_full_resolution_calendar_minutes",
    "csat",
    "csat_numerator",
    "csat_denominator",
    "csat_low",
    "csat_high",
    "csat_response_rate",
    "reopen_rate",
    "reopen_rate_numerator",
    "reopen_rate_denominator",
    "reopen_rate_low",
    "reopen_rate_high",
    "answer_consistency",
    "account_context_rate",
    "risk_rate",
    "count_training_examples",
    "has_enough_examples",
    "proposed_bucket",
    "decided_bucket",
    "bucket",
    "tier",
    "owner",
    "complexity",
    "expected_automatable_tickets_per_month",
    "reasons",
    "example_ticket_ids",
    "kind",
]


def test_the_frame_has_every_column_of_the_contract(result: RoadmapResult) -> None:
    assert set(CONTRACT) <= set(result.frame.columns)
    assert result.frame["category_id"].is_unique
    assert result.frame["reasons"].str.len().min() >= 1


def test_planted_buckets_come_out(frame: pd.DataFrame) -> None:
    assert frame["proposed_bucket"].to_dict() == {
        "password_reset": "automate",
        "report_layout": "hybrid",
        "plan_upgrade": "automate",
        "payments": "escalate",
        "cand_0a1b2c3d": "hybrid",
        "invoice_copy": "hybrid",
    }
    assert "Human answers differ" in " ".join(frame.loc["report_layout", "reasons"])
    assert "Too few examples" in " ".join(frame.loc["invoice_copy", "reasons"])


def test_rank_is_by_volume_and_training_starts_with_the_easy_ones(frame: pd.DataFrame) -> None:
    assert frame["count_tickets"].is_monotonic_decreasing
    assert frame["rank"].tolist() == list(range(1, len(frame) + 1))
    order = frame["training_order"].dropna().sort_values().index.tolist()
    assert order == ["password_reset", "plan_upgrade", "report_layout"]


def test_the_planted_rise_and_the_planted_condition_are_found(frame: pd.DataFrame) -> None:
    assert frame.loc["report_layout", "trend_label"] == "rising"
    assert frame.loc["password_reset", "trend_label"] == "stable"
    assert frame.loc["password_reset", "answer_differs_by"] == ["sso"]
    assert frame.loc["plan_upgrade", "answer_differs_by"] == []


def test_a_candidate_is_listed_and_never_automated_or_ordered(frame: pd.DataFrame) -> None:
    row = frame.loc["cand_0a1b2c3d"]
    assert (row["kind"], row["proposed_bucket"]) == ("candidate", "hybrid")
    assert pd.isna(row["training_order"])
    assert row["count_tickets"] > 20


def test_counts_add_up(result: RoadmapResult) -> None:
    totals, rows = result.totals, result.frame
    categories = rows.loc[rows["kind"] == "category", "count_tickets"].sum()
    unknown = totals.unknown_rate["unknown_rate_numerator"]
    assert categories + unknown == totals.count_audited == sum(totals.tickets_by_bucket.values())
    assert totals.count_in_window == totals.count_audited + sum(totals.excluded.values())
    assert set(totals.excluded) == {"spam"}
    candidate = rows.loc[rows["kind"] == "candidate", "count_tickets"].sum()
    assert candidate == totals.count_in_candidates == unknown
    assert result.weekly["count_tickets"].sum() <= totals.count_audited


def test_bot_tickets_are_in_the_volume_and_apart_in_the_rates(desk: InventedDesk, result: RoadmapResult) -> None:
    bot = result.totals.bot
    assert bot["count_bot_only_tickets"] > 5
    row = result.frame.set_index("category_id").loc["password_reset"]
    assert row["count_people_tickets"] == row["count_tickets"] - bot["count_bot_only_tickets"]


def test_the_future_does_not_exist(desk: InventedDesk) -> None:
    later = desk.fct_tickets.iloc[:50].copy()
    later["ticket_id"] += "-later"
    later["created_at"] = AS_OF + pd.Timedelta(days=1)
    grown = replace(desk, fct_tickets=pd.concat([desk.fct_tickets, later], ignore_index=True))
    pd.testing.assert_frame_equal(build(grown).frame, build(desk).frame)


def test_no_text_of_the_holdout_is_ever_read(desk: InventedDesk, result: RoadmapResult) -> None:
    held = set(desk.ticket_splits.loc[desk.ticket_splits["split"] == "holdout", "ticket_id"])
    texts = desk.redacted_comments.copy()
    texts.loc[texts["ticket_id"].isin(held), "text"] = "I will sue you, refund me, cancel my account! " * 5
    changed = build(replace(desk, redacted_comments=texts))
    pd.testing.assert_frame_equal(changed.frame, result.frame)
    assert not held & set(result.frame["example_ticket_ids"].explode())
    assert not held & set(result.examples["ticket_id"])


def test_holdout_tickets_count_in_volumes(desk: InventedDesk, result: RoadmapResult) -> None:
    everything = desk.ticket_splits.assign(split="train")
    assert build(replace(desk, ticket_splits=everything)).frame["count_tickets"].tolist() == (
        result.frame["count_tickets"].tolist()
    )


def test_a_decision_of_the_desk_wins_and_the_contrary_proposal_stays(desk: InventedDesk) -> None:
    accepted = desk.accepted_categories.copy()
    accepted.loc[accepted["category_id"] == "password_reset", ["bucket", "tier", "owner"]] = [
        "escalate",
        2,
        "Ada Moreno",
    ]
    row = build(replace(desk, accepted_categories=accepted)).frame.set_index("category_id").loc["password_reset"]
    assert (row["bucket"], row["proposed_bucket"], row["tier"], row["owner"]) == (
        "escalate",
        "automate",
        2,
        "Ada Moreno",
    )
    assert "The desk decided 'escalate'" in row["reasons"][0]
    assert row["expected_automatable_tickets_per_month"] == 0


def test_only_automate_categories_are_expected_to_save_anything(frame: pd.DataFrame) -> None:
    expected = frame["expected_automatable_tickets_per_month"]
    assert (expected[frame["bucket"] != "automate"] == 0).all()
    row = frame.loc["password_reset"]
    name = "expected_automatable_tickets_per_month"
    assert row[f"{name}_low"] < row[name] < row[f"{name}_high"] <= row["tickets_per_month"] + 1e-9


def test_a_desk_without_ratings_says_not_measured_rather_than_zero() -> None:
    rows = build(invented_desk(csat=False)).frame
    assert rows[["csat", "csat_response_rate", "reopen_rate"]].isna().all().all()
    assert (rows["csat_denominator"] == 0).all()


def test_the_limits_are_the_settings(desk: InventedDesk) -> None:
    strict = build(desk, RoadmapSettings(top=2, rules=BucketRules(min_training_examples=10_000)))
    assert strict.frame["is_top"].sum() == 2
    assert not (strict.frame["proposed_bucket"] == "automate").any()
    assert strict.frame["training_order"].isna().all()
    week = build(desk, RoadmapSettings(window_days=14))
    assert week.totals.count_audited < 200
    assert (week.frame["trend_label"] == "not measured").all()


def test_a_window_longer_than_the_data_does_not_thin_the_volume(desk: InventedDesk, result: RoadmapResult) -> None:
    long = build(desk, RoadmapSettings(window_days=3_000)).totals
    assert long.window_days <= 121
    assert long.tickets_per_month == pytest.approx(long.count_audited / long.window_days * 365.25 / 12)


def test_a_label_that_nobody_accepted_is_a_row_without_a_decision(desk: InventedDesk) -> None:
    accepted = desk.accepted_categories[desk.accepted_categories["category_id"] != "plan_upgrade"]
    row = build(replace(desk, accepted_categories=accepted)).frame.set_index("category_id").loc["plan_upgrade"]
    assert (row["name"], row["kind"]) == ("Plan upgrade", "category")


def test_nothing_at_all_is_an_empty_roadmap_with_its_columns(desk: InventedDesk, result: RoadmapResult) -> None:
    empty = build(InventedDesk(*(getattr(desk, name).iloc[:0] for name in InventedDesk.__dataclass_fields__)))
    assert empty.frame.empty
    assert list(empty.frame.columns) == list(result.frame.columns)
    assert empty.totals.count_audited == 0


def test_examples_are_typical_different_and_start_with_the_candidates_own(
    desk: InventedDesk, result: RoadmapResult
) -> None:
    splits = desk.ticket_splits.set_index("ticket_id")["split"]
    own = [t for t in desk.category_candidates["example_ticket_ids"].iloc[0] if splits[t] != "holdout"]
    created = desk.fct_tickets.set_index("ticket_id")["created_at"]
    own = [t for t in own if created[t] > AS_OF - pd.Timedelta(days=90)]
    shown = result.frame.set_index("category_id")["example_ticket_ids"]
    assert shown["cand_0a1b2c3d"][: len(own)] == own[:3]
    assert (shown.str.len() <= 3).all()


def test_examples_with_vectors_are_near_the_middle_of_the_category(desk: InventedDesk) -> None:
    ids = desk.fct_tickets["ticket_id"]
    odd = {"demo:password_reset-1", "demo:password_reset-2"}
    vectors = pd.DataFrame({"ticket_id": ids, "vector": [[0.0, 1.0] if t in odd else [1.0, 0.0] for t in ids]})
    shown = build(desk, vectors=vectors).frame.set_index("category_id").loc["password_reset", "example_ticket_ids"]
    assert len(shown) == 3
    assert not odd & set(shown[:1])


def test_the_same_input_gives_the_same_roadmap(desk: InventedDesk, result: RoadmapResult) -> None:
    pd.testing.assert_frame_equal(build(desk).frame, result.frame)


def test_the_frame_can_be_written_as_parquet(result: RoadmapResult, tmp_path) -> None:
    result.frame.to_parquet(tmp_path / "roadmap.parquet")
    back = pd.read_parquet(tmp_path / "roadmap.parquet")
    assert back["category_id"].tolist() == result.frame["category_id"].tolist()


def test_mistakes_are_named(desk: InventedDesk) -> None:
    twice = pd.concat([desk.ticket_intents, desk.ticket_intents.assign(model_version="m2")])
    with pytest.raises(ValueError, match="one model version"):
        build(replace(desk, ticket_intents=twice))
    with pytest.raises(ValueError, match="time zone"):
        build_roadmap(
            *(getattr(desk, n) for n in InventedDesk.__dataclass_fields__),
            None,
            RoadmapSettings(),
            pd.Timestamp("2026-01-01"),
        )
