"""Whatever the service recorded is landed once or set aside, and erased words are gone at the next landing."""

from __future__ import annotations

import json
from datetime import timedelta

import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import frame_of
from assets.pilot_agent.live.frames import LIVE_DECISION, LIVE_FEEDBACK, REJECTED
from assets.pilot_agent.live.live_events import Landed, landing_problems
from ledger.erasure import erase_actor, erase_payload
from ledger.events import EventType, NewEvent
from ledger.live import close_handoff, record_feedback
from orchestration.lake import read_parquet, write_parquet
from tests.assets.pilot_agent.live.recorded import (
    BEGUN,
    WIDGET,
    decision,
    decision_id,
    exported,
    landed,
    new_ledger,
    record,
)

LATER = {"role": "client", "occurred_at": BEGUN + timedelta(days=1)}
ERASURE = {"by": "Noor Haddad", "role": "privacy officer", "occurred_at": BEGUN + timedelta(days=2)}


@pytest.fixture
def ledger(tmp_path):
    with new_ledger(tmp_path) as opened:
        yield opened


def on_disk(made: Landed, folder) -> Landed:
    """What a later run reads of it."""
    frames = []
    for name in ("decisions", "feedback", "rejected"):
        write_parquet(getattr(made, name), folder / f"{name}.parquet")
        frames.append(read_parquet(folder / f"{name}.parquet"))
    return Landed(*frames)


def written_anywhere(made: Landed) -> str:
    return "\n".join(frame.to_csv() for frame in (made.decisions, made.feedback, made.rejected))


def test_a_ledger_without_a_service_lands_empty_typed_frames(ledger, tmp_path):
    made = landed(ledger)
    for frame, columns in ((made.decisions, LIVE_DECISION), (made.feedback, LIVE_FEEDBACK), (made.rejected, REJECTED)):
        pd.testing.assert_frame_equal(frame, frame_of([], columns))
    again = landed(ledger, on_disk(made, tmp_path))
    pd.testing.assert_frame_equal(again.decisions, made.decisions)
    assert landing_problems(exported(ledger), made) == ([], 0)


def test_a_decision_is_landed_with_what_was_done_and_without_who_asked(ledger):
    record(ledger, 1)
    (row,) = landed(ledger).decisions.to_dict("records")
    assert row["decision_id"] == decision_id(1)
    assert (row["source"], row["mode"], row["sends"], row["channel"]) == (WIDGET, "rollout", True, "chat")
    assert (row["ticket_id"], row["action"], row["entry_ids"]) == ("zendesk:17", "answer", ["e1"])
    assert (row["encoder_revision"], row["behavior_hash"], row["language"]) == ("e5", "b" * 64, "en")
    assert row["decided_at"] == pd.Timestamp(BEGUN + timedelta(minutes=1))
    assert row["question"] == "I cannot sign in, write to [EMAIL]"
    assert "[NAME]" in row["reply"]
    assert json.loads(row["reasons"])[0]["sentence"] == "It resembles password_reset; [EMAIL] wrote so."
    assert not row["is_erased"]


@pytest.mark.parametrize("action", ["draft", "escalate"])
def test_what_a_person_is_handed_is_landed_without_who_asked(ledger, action):
    record(ledger, 1, mode="shadow", sends=False, made=decision(action))
    made = landed(ledger)
    (row,) = made.decisions.to_dict("records")
    assert row["is_suggestion"]
    assert (row["handoff_queue"], row["handoff_reason"]) == ("billing", "[NAME] asks for a person")
    for word in ("Ada", "Moreno", "example.org"):
        assert word not in written_anywhere(made)


def test_everything_that_may_be_said_of_a_decision_is_landed(ledger):
    name = record(ledger, 1)
    said = [
        ("thumbs", {"thumbs": "up"}),
        ("thumbs", {"thumbs": "down"}),
        ("csat", {"score": 5, "comment": "Thanks, Ada Moreno, ada.moreno@example.org"}),
        ("csat", {"score": 3}),
        ("csat", {"rating": "bad"}),
        ("escalation", {"reason": "wants a person"}),
        ("correction", {"right_answer": "Call +49 30 901820, Ada", "right_entry_id": "e2"}),
    ]
    for kind, words in said:
        record_feedback(ledger, name, kind=kind, words=words, by=WIDGET, **LATER)
    close_handoff(
        ledger, name, resolved_by="Tomas Reyl", outcome="resolved", was_needed=False, handle_minutes=7.5,
        right_answer="Choose Forgot password, Ada.", by="Helpdesk", **LATER,
    )  # fmt: skip
    made = landed(ledger)
    rows = made.feedback.to_dict("records")
    assert [row["kind"] for row in rows] == [*(kind for kind, _ in said), "handoff"]
    rated = [(row["rating"], row["rating_scale"], row["is_positive"]) for row in rows[:5]]
    assert rated == [
        (1, "thumbs", True), (-1, "thumbs", False), (5, "score", True), (3, "score", None), (-1, "good_bad", False),
    ]  # fmt: skip
    assert rows[2]["comment"] == "Thanks, [NAME], [EMAIL]"
    assert rows[5]["reason"] == "wants a person"
    assert (rows[6]["right_answer"], rows[6]["right_entry_id"]) == ("Call [PHONE], [NAME]", "e2")
    closed = rows[7]
    assert (closed["outcome"], closed["was_needed"], closed["handle_minutes"]) == ("resolved", False, 7.5)
    assert closed["source"] == "Helpdesk"
    assert set(made.feedback["decision_id"]) == {name}
    for word in ("Moreno", "example.org", "901820", "Tomas"):
        assert word not in written_anywhere(made)


def test_the_next_landing_adds_what_is_new_and_keeps_the_rest(ledger, tmp_path):
    record(ledger, 1)
    first = on_disk(landed(ledger), tmp_path)
    # A row that was landed is not made again: what stands there stays.
    first.decisions.loc[0, "question"] = "kept"
    record(ledger, 2)
    record_feedback(ledger, decision_id(1), kind="thumbs", words={"thumbs": "up"}, by=WIDGET, **LATER)
    second = landed(ledger, first)
    assert second.decisions["decision_id"].tolist() == [decision_id(1), decision_id(2)]
    assert second.decisions["question"].tolist()[0] == "kept"
    assert len(second.feedback) == 1
    whole = landed(ledger)
    assert whole.decisions.dtypes.equals(second.decisions.dtypes)
    pd.testing.assert_frame_equal(whole.feedback, second.feedback)


def test_other_rules_of_redaction_make_every_row_anew(ledger, tmp_path):
    record(ledger, 1)
    first = on_disk(landed(ledger), tmp_path)
    first.decisions["redactor_version"] = "an older one"
    first.decisions["question"] = "write to ada.moreno@example.org"
    assert landed(ledger, first).decisions["question"].tolist() == ["I cannot sign in, write to [EMAIL]"]


def test_erased_words_are_gone_at_the_next_landing_and_the_rows_stay(ledger, tmp_path):
    record(ledger, 1, message="my cat is called Mirabelle")
    record(ledger, 2, message="my dog is called Rufus")
    for number in (1, 2):
        words = {"score": 4, "comment": f"remark {number}"}
        record_feedback(ledger, decision_id(number), kind="csat", words=words, by=WIDGET, **LATER)
    close_handoff(
        ledger, decision_id(1), resolved_by="Tomas Reyl", outcome="resolved", comment="fed the cat", by=WIDGET, **LATER
    )
    first = on_disk(landed(ledger), tmp_path)
    assert "Mirabelle" in written_anywhere(first)
    for event in list(ledger.events(subject_hash=decision_id(1))):
        erase_payload(ledger, event.payload_digest, **ERASURE)
    for made in (landed(ledger, first), landed(ledger)):
        text = written_anywhere(made)
        for word in ("Mirabelle", "remark 1", "fed the cat", "Tomas"):
            assert word not in text
        assert "Rufus" in text
        assert "remark 2" in text
        decided = made.decisions.set_index("decision_id")
        assert decided["is_erased"].to_dict() == {decision_id(1): True, decision_id(2): False}
        left = decided.loc[decision_id(1)].drop(["sequence", "decided_at", "source", "is_erased", "redactor_version"])
        assert not left["entry_ids"]
        assert left.drop(["entry_ids", "entry_hashes", "steps"]).isna().all()
        closed, rated = (
            made.feedback[made.feedback["decision_id"] == decision_id(1)].set_index("kind", drop=False).iloc[at]
            for at in (1, 0)
        )
        assert closed["kind"] == "handoff"
        assert pd.isna(rated["kind"])
        assert rated[["rating", "comment", "outcome", "is_positive"]].isna().all()
        assert landing_problems(exported(ledger), made) == ([], 0)


def test_what_is_kept_and_what_is_made_anew_of_erased_words_is_the_same(ledger, tmp_path):
    record(ledger, 1)
    record_feedback(ledger, decision_id(1), kind="thumbs", words={"thumbs": "up"}, by=WIDGET, **LATER)
    close_handoff(ledger, decision_id(1), resolved_by="Tomas Reyl", outcome="resolved", by=WIDGET, **LATER)
    first = on_disk(landed(ledger), tmp_path)
    for event in list(ledger.events(subject_hash=decision_id(1))):
        erase_payload(ledger, event.payload_digest, **ERASURE)
    kept, anew = landed(ledger, first), landed(ledger)
    pd.testing.assert_frame_equal(kept.decisions, anew.decisions)
    pd.testing.assert_frame_equal(kept.feedback, anew.feedback)


def test_the_name_of_an_erased_client_is_gone_at_the_next_landing(ledger, tmp_path):
    record(ledger, 1, by="Pilar Quist")
    record(ledger, 2)
    first = on_disk(landed(ledger), tmp_path)
    erase_actor(ledger, "Pilar Quist", **ERASURE)
    for made in (landed(ledger, first), landed(ledger)):
        assert made.decisions["source"].isna().tolist() == [True, False]
        assert not made.decisions["is_erased"].any()


def broken(ledger, number: int, words) -> None:
    """A decision as some other program might have recorded it."""
    ledger.append(
        NewEvent(EventType.DECISION_MADE, "decision", decision_id(number), WIDGET, "client", BEGUN, payload=words)
    )


def test_what_cannot_be_read_is_set_aside_with_a_reason_and_without_its_words(ledger, tmp_path):
    record(ledger, 1)
    whole = {"request": {"message": "hello"}, "mode": "shadow", "sends": False}
    bad = [
        {"message": "Mirabelle"},
        {**whole, "decision": {"action": "sing Mirabelle"}},
        {**whole, "decision": {**decision().to_dict(), "entries": "Mirabelle"}},
        {**whole, "decision": {**decision().to_dict(), "confidence": True}},
        {**whole, "decision": decision().to_dict(), "mode": "Mirabelle"},
        {**whole, "decision": decision().to_dict(), "request": {"message": ["Mirabelle"]}},
    ]
    for number, words in enumerate(bad, start=2):
        broken(ledger, number, words)
    broken(ledger, 1, {**whole, "decision": decision().to_dict()})
    said = NewEvent(
        EventType.FEEDBACK_GIVEN, "decision", decision_id(99), WIDGET, "client", BEGUN, payload={"kind": "thumbs"}
    )
    ledger.append_all([said])
    record_feedback(ledger, decision_id(1), kind="thumbs", words={"thumbs": "sideways"}, by=WIDGET, **LATER)
    record_feedback(ledger, decision_id(1), kind="csat", words={"score": 11}, by=WIDGET, **LATER)
    record_feedback(ledger, decision_id(3), kind="thumbs", words={"thumbs": "up"}, by=WIDGET, **LATER)
    made = landed(ledger)
    assert len(made.decisions) == 1
    assert made.feedback["decision_id"].tolist() == [decision_id(3)], "it was made, though it could not be read"
    assert len(made.rejected) == len(bad) + 4
    assert "Mirabelle" not in written_anywhere(made)
    assert made.rejected["reason"].str.len().min() > 10
    assert landing_problems(exported(ledger), made) == ([], 0)
    again = landed(ledger, on_disk(made, tmp_path))
    pd.testing.assert_frame_equal(again.decisions, made.decisions)
    pd.testing.assert_frame_equal(again.feedback, made.feedback)
    pd.testing.assert_frame_equal(again.rejected, made.rejected)


def test_a_lost_and_a_doubled_event_are_named_and_what_is_newer_only_waits(ledger):
    for number in (1, 2, 3):
        record(ledger, number)
    made = landed(ledger)
    record(ledger, 4)
    events = exported(ledger)
    assert landing_problems(events, made) == ([], 1)
    (lost,), _ = landing_problems(events, Landed(made.decisions[made.decisions["sequence"] != 2]))
    assert lost == "1 live events were neither landed nor set aside, the first is event 2 of the ledger"
    doubled = pd.concat([made.decisions, made.decisions.iloc[:1]])
    (twice,), _ = landing_problems(events, Landed(doubled))
    assert "landed twice" in twice


def test_what_is_recorded_while_landing_waits_for_the_next_time(ledger):
    record(ledger, 1)

    def meanwhile(done: int, total: int) -> None:
        if total == 1:
            record(ledger, 2)
            record_feedback(ledger, decision_id(2), kind="thumbs", words={"thumbs": "up"}, by=WIDGET, **LATER)

    from assets.pilot_agent.live.live_events import land_live_events
    from tests.assets.pilot_agent.live.recorded import DESK_ID, VERSIONS

    made = land_live_events(ledger, exported(ledger), DESK_ID, lambda name: VERSIONS, on_progress=meanwhile)
    assert (len(made.decisions), len(made.feedback), len(made.rejected)) == (1, 0, 0)
    after = landed(ledger, made)
    assert (len(after.decisions), len(after.feedback), len(after.rejected)) == (2, 1, 0)
