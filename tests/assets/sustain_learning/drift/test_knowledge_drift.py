"""What drifted is told, once, with training examples alone; what did not is not; and nothing is seen before it happens."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from assets.sustain_learning.frames import (
    ANSWER_DRIFT,
    DRIFT,
    DRIFT_KINDS,
    EMBEDDING_DRIFT,
    NEW_PHRASINGS,
    OUTCOME_DRIFT,
    QUESTION_DRIFT,
    SHARE_MOVED,
    TOUCHED,
)
from tests.assets.sustain_learning.drift.small_desk import (
    ANSWERS,
    AS_OF,
    PORTAL,
    RECENT,
    START,
    SmallDesk,
    usual,
)


def row(frame: pd.DataFrame, kind: str, entry: str | None = None, category: str | None = None) -> Any:
    found = frame[frame["kind"] == kind]
    if entry is not None:
        found = found[found["entry_id"] == entry]
    if category is not None:
        found = found[found["category_id"] == category]
    assert len(found) == 1, found
    return found.iloc[0]


def quiet() -> SmallDesk:
    desk = SmallDesk()
    for matter, answer in ANSWERS.items():
        usual(desk, matter, reply=f"Hello, {answer}", is_wrong=False)
    return desk


@pytest.fixture(scope="module")
def changed() -> tuple[SmallDesk, pd.DataFrame]:
    """Invoices move to a portal: people say so, the entry's answers turn out wrong, and a new matter comes up."""
    desk = SmallDesk()
    usual(desk, "reset", reply=f"Hello, {ANSWERS['reset']}", is_wrong=False)
    usual(desk, "invoice", now=0, reply=ANSWERS["invoice"], is_wrong=False)
    usual(desk, "invoice", before=0, now=60, reply=PORTAL, is_wrong=True, turned=1.0)
    usual(desk, "export")
    usual(desk, "printing", before=3, now=12)
    return desk, desk.drift()


def test_a_desk_on_which_nothing_moves() -> None:
    found = quiet().drift()
    assert list(found.columns) == list(DRIFT)
    assert set(found["kind"]) == {EMBEDDING_DRIFT, SHARE_MOVED, QUESTION_DRIFT, ANSWER_DRIFT, OUTCOME_DRIFT}
    assert not found["is_drift"].any()
    assert found["sentence"].notna().all()
    assert found["drift_id"].is_unique


def test_what_customers_ask_of_one_entry(changed: tuple[SmallDesk, pd.DataFrame]) -> None:
    _, found = changed
    moved, still = row(found, QUESTION_DRIFT, "invoice"), row(found, QUESTION_DRIFT, "reset")
    assert moved["is_drift"]
    assert moved["effect"] > 0.3
    assert moved["effect_low"] > 0
    assert (moved["n_reference"], moved["n_recent"]) == (60, 60)
    assert moved["owner"] == "Owner of invoice"
    assert moved["found_as_of"] == AS_OF
    assert not still["is_drift"]


def test_what_people_answer_now(changed: tuple[SmallDesk, pd.DataFrame]) -> None:
    _, found = changed
    moved = row(found, ANSWER_DRIFT, "invoice")
    assert moved["is_drift"]
    assert moved["effect"] < -0.3
    assert moved["effect_is"] == "likeness"
    assert "payments portal" in moved["sentence"]
    assert not row(found, ANSWER_DRIFT, "reset")["is_drift"]


def test_people_who_come_to_answer_as_the_entry_does_are_no_drift() -> None:
    desk = quiet()
    frames = desk.frames()
    frames["live_entries"] = frames["live_entries"].assign(answer=[ANSWERS["reset"], PORTAL, ANSWERS["export"]])
    for number in range(20):
        desk.ask("invoice", RECENT + pd.Timedelta(days=1 + number), reply=PORTAL)
    moved = row(desk.drift(live_entries=frames["live_entries"]), ANSWER_DRIFT, "invoice")
    assert moved["effect"] > 0.2
    assert moved["p_adjusted"] < 0.05
    assert not moved["is_drift"]


def test_how_answers_turn_out(changed: tuple[SmallDesk, pd.DataFrame]) -> None:
    desk, found = changed
    moved = row(found, OUTCOME_DRIFT, "invoice")
    assert moved["is_drift"]
    assert moved["effect"] == 1.0
    assert "60 of 60 were wrong, before 0 of 60" in moved["sentence"]
    assert "changed since" not in moved["sentence"]
    renewed = desk.frames()["live_entries"].assign(content_hash="another")
    assert "changed since" in row(desk.drift(live_entries=renewed), OUTCOME_DRIFT, "invoice")["sentence"]


def test_outcomes_of_different_sources_are_not_compared() -> None:
    desk = quiet()
    frame = desk.frames()["judged"]
    # Reviewers judged in spring, customers (who only write when they are annoyed) since.
    later = frame["occurred_at"] >= RECENT
    frame.loc[later, "source"], frame.loc[later, "is_wrong"] = "feedback", True
    assert OUTCOME_DRIFT not in set(desk.drift(judged=frame)["kind"])


def test_shares_that_moved_by_themselves(changed: tuple[SmallDesk, pd.DataFrame]) -> None:
    _, found = changed
    up = row(found, SHARE_MOVED, category="invoice")
    assert up["is_drift"]
    assert up["effect"] == pytest.approx(60 / 112 - 60 / 183)
    # The others' shares fall because of it, and not their tickets.
    assert not found[(found["kind"] == SHARE_MOVED) & (found["effect"] < 0)]["is_drift"].any()


def test_words_that_no_entry_is_near(changed: tuple[SmallDesk, pd.DataFrame]) -> None:
    desk, found = changed
    new = row(found, NEW_PHRASINGS)
    assert new["is_drift"]
    assert pd.isna(new["entry_id"])
    assert new["category_id"] == "printing"
    printing = {one["ticket_id"] for one in desk.rows if one["category"] == "printing"}
    assert len(new["example_ticket_ids"]) == 5
    assert set(new["example_ticket_ids"]) <= printing


def test_far_words_that_were_usual_are_no_news() -> None:
    desk = quiet()
    usual(desk, "printing", before=36, now=12)
    found = desk.drift()
    assert not found.loc[found["kind"] == NEW_PHRASINGS, "is_drift"].any()


def test_all_that_customers_write(changed: tuple[SmallDesk, pd.DataFrame]) -> None:
    _, found = changed
    everything = row(found, EMBEDDING_DRIFT)
    assert everything["is_drift"]
    assert pd.isna(everything["entry_id"])
    assert pd.isna(everything["category_id"])


def test_examples_are_training_tickets(changed: tuple[SmallDesk, pd.DataFrame]) -> None:
    desk, found = changed
    side = {one["ticket_id"]: one["side"] for one in desk.rows}
    shown = [one for ids in found["example_ticket_ids"] for one in ids]
    assert shown
    assert {side[one] for one in shown} == {"train"}
    texts = {one["text"] for one in desk.rows if one["side"] != "train"}
    assert not any(f"{text}”" in sentence for text in texts for sentence in found["sentence"])


def test_replies_on_other_sides_are_not_read() -> None:
    desk = quiet()
    for number in range(30):
        desk.ask("invoice", RECENT + pd.Timedelta(hours=5 + number), reply=PORTAL, side="holdout")
    looked = row(desk.drift(), ANSWER_DRIFT, "invoice")
    assert not looked["is_drift"]
    assert looked["n_recent"] < 20


def test_the_future_is_not_seen(changed: tuple[SmallDesk, pd.DataFrame]) -> None:
    desk, _ = changed
    early = desk.drift(as_of=RECENT)
    assert not early["is_drift"].any()
    past = SmallDesk()
    for one, vector in zip(desk.rows, desk.vectors, strict=True):
        if one["created_at"] < RECENT:
            past.rows.append(one)
            past.vectors.append(vector)
    known = {one["ticket_id"] for one in past.rows}
    past.comments = [one for one in desk.comments if one["ticket_id"] in known]
    past.cases = [one for one in desk.cases if one[3] in known]
    pd.testing.assert_frame_equal(past.drift(as_of=RECENT), early)


def test_a_drift_keeps_its_id_and_its_first_day(changed: tuple[SmallDesk, pd.DataFrame]) -> None:
    desk, found = changed
    later = AS_OF + pd.Timedelta(days=2)
    again = desk.drift(previous=found, as_of=later)
    for kind in (QUESTION_DRIFT, NEW_PHRASINGS):
        old, new = (frame[(frame["kind"] == kind) & frame["is_drift"]].iloc[0] for frame in (found, again))
        assert new["drift_id"] == old["drift_id"]
        assert new["found_as_of"] == AS_OF
    # A run of an earlier moment knows nothing of a later one.
    assert (desk.drift(previous=again.assign(found_as_of=later), as_of=AS_OF)["found_as_of"] == AS_OF).all()


def test_an_event_is_named_beside_the_drift() -> None:
    desk = quiet()
    for number in range(40):
        desk.ask("invoice", RECENT + pd.Timedelta(hours=3 + 15 * number))
    events = pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-06-02", "2026-08-01"], utc=True), "kind": "policy",
            "name": ["Payments portal", "Second portal"], "version": None, "description": "Invoices move",
            "affects": [["invoice"], ["invoice"]],
        }
    )  # fmt: skip
    up = row(desk.drift(releases=events), SHARE_MOVED, category="invoice")
    assert up["is_drift"]
    assert up["release_name"] == "Payments portal"
    assert "Payments portal (2026-06-02)" in up["sentence"]


def test_entries_that_an_event_touches() -> None:
    desk = quiet()
    events = pd.DataFrame(
        {"date": [START], "kind": "product", "name": "Portal", "version": "1", "description": "New", "affects": [["x"]]}
    )
    findings = pd.DataFrame(
        {
            "finding_id": ["f1", "f2", "f3", "f4"], "subject_kind": ["entry", "entry", "article", "entry"],
            "subject_id": ["invoice", "invoice", "zendesk:1", "reset"], "release_name": ["Portal", "Portal", "Portal", None],
            "status": ["dismissed", "open", "open", "open"], "evidence": ["was looked at", "touches it", "x", "y"],
            "found_as_of": [AS_OF] * 4,
        }
    )  # fmt: skip
    touched = row(desk.drift(findings=findings, releases=events), TOUCHED)
    assert touched["entry_id"] == "invoice"
    assert touched["is_drift"]
    assert touched["release_name"] == "Portal"
    assert touched["sentence"] == "touches it"
    assert pd.isna(touched["p"])


def test_a_ticket_exported_twice_counts_once(changed: tuple[SmallDesk, pd.DataFrame]) -> None:
    desk, found = changed
    frames = desk.frames()
    again = desk.drift(
        tickets=pd.concat([frames["tickets"]] * 2, ignore_index=True),
        splits=pd.concat([frames["splits"]] * 2, ignore_index=True),
        intents=pd.concat([frames["intents"]] * 2, ignore_index=True),
    )
    pd.testing.assert_frame_equal(again, found)


def test_categories_by_neighbours_where_the_classifier_was_not_asked(
    changed: tuple[SmallDesk, pd.DataFrame],
) -> None:
    desk, _ = changed
    frames = desk.frames()
    old = frames["intents"][frames["tickets"]["created_at"] < RECENT]
    up = row(desk.drift(intents=old), SHARE_MOVED, category="invoice")
    assert up["is_drift"]
    assert up["n_recent"] > 70


@pytest.mark.parametrize("emptied", ["all", "splits", "live_entries", "intents", "comments", "judged"])
def test_what_is_missing_is_not_looked_at(emptied: str) -> None:
    desk = quiet()
    frames = desk.frames()
    if emptied == "all":
        frames = SmallDesk().frames()
        frames |= {"live_entries": frames["live_entries"].iloc[:0], "knowledge": frames["knowledge"].iloc[:0]}
        frames["knowledge_vectors"] = frames["knowledge_vectors"][:0]
    else:
        frames[emptied] = frames[emptied].iloc[:0]
    found = desk.drift(**frames)
    assert {name: str(kind) for name, kind in found.dtypes.items()} == {
        name: str(kind) for name, kind in quiet_types().items()
    }
    assert set(found["kind"]) <= set(DRIFT_KINDS)
    if emptied in ("all", "splits"):
        assert set(found["kind"]) <= {OUTCOME_DRIFT}


def quiet_types() -> pd.Series:
    from assets.pilot_agent.answers.frames import frame_of

    return frame_of([], DRIFT).dtypes


def test_unfit_input_is_refused() -> None:
    desk = quiet()
    with pytest.raises(ValueError, match="needs its vector"):
        desk.drift(vectors=desk.frames()["vectors"][:-1])
    with pytest.raises(ValueError, match="zone"):
        desk.drift(as_of=pd.Timestamp("2026-07-01"))
