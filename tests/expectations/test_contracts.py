"""Each contract passes on a good frame and fails, in words, on each way of being bad."""

import pandas as pd
import pytest

from expectations.validation import CONTRACTS, contract_columns, validate

AT = pd.to_datetime(["2026-03-02", "2026-03-03"], utc=True)
GOOD = {
    "raw_tickets_contract": {
        "export_id": ["a" * 16, "a" * 16], "source": ["zd", "zd"], "helpdesk": ["zendesk", "zendesk"],
        "record_kind": ["ticket", "user"], "record_id": ["1", "2"], "record_hash": ["b" * 64, "c" * 64],
        "file": ["t.ndjson", "t.ndjson"], "line": [1, 2],
    },
    "redacted_comments_contract": {
        "comment_id": ["zd:1", "zd:2"], "ticket_id": ["zd:9", "zd:9"], "author_role": ["requester", "staff"],
        "created_at": pd.to_datetime(["2026-01-01", "2026-01-02"], utc=True), "subject": ["Login", None],
        "text": ["I wrote from [EMAIL]", "Try again"], "language": ["en", "und"], "text_hash": ["x", "y"],
        "redactor_version": ["r1", "r1"],
    },
    "ticket_intents_contract": {
        "ticket_id": ["zd:1", "zd:2"], "model_version": ["m", "m"], "confidence": [0.9, 0.2], "is_unknown": [False, True],
        "assigned_category_id": ["login", None], "assigned_by": ["model", "unknown"], "split": ["train", "holdout"],
    },
    "training_roadmap_contract": {
        "category_id": ["login", "cand_1"], "name": ["Login", "Printers"], "rank": [1, 2], "count_tickets": [10, 3],
        "bucket": ["automate", "hybrid"], "proposed_bucket": ["automate", "hybrid"], "has_enough_examples": [True, False],
        "kind": ["category", "candidate"], "count_reasons": [2, 1], "share_of_volume": [0.7, 0.3],
        "one_touch_rate": [0.5, None], "csat": [None, None], "csat_response_rate": [None, None], "reopen_rate": [0.0, 0.1],
    },
    "knowledge_entries_contract": {
        "entry_id": ["reset", "reset"], "content_hash": ["a" * 64, "b" * 64], "category_id": ["login", "login"],
        "question": ["How?", "How?"], "answer": ["So.", "So, now."], "conditions": ["{}", '{"sso": ["true"]}'],
        "status": ["accepted", "accepted"], "is_current": [False, True], "is_accepted": [True, False],
        "accepted_at": [pd.Timestamp("2026-01-01", tz="UTC"), pd.NaT],
    },
    "knowledge_freshness_contract": {
        "entry_id": ["reset", "invite"], "status": ["accepted", "accepted"], "is_current": [True, True],
        "is_accepted": [True, True], "is_in_date": [True, True], "owner": ["Ada", "Bo"],
        "accepted_at": pd.to_datetime(["2026-01-01", "2026-01-02"], utc=True),
        "review_by": pd.to_datetime(["2026-07-01", "2026-07-02"], utc=True),
    },
    "knowledge_coverage_contract": {
        "category_id": ["login", "billing"], "bucket": ["automate", "hybrid"], "count_live_entries": [3, 1],
        "count_entries_with_enough_phrasings": [3, 1], "count_owned": [3, 0], "entries_needed": [0, 2],
        "is_covered": [True, False], "rank": [2, 1],
    },
    "knowledge_vectors_contract": {
        "vector_id": ["a", "b"], "entry_id": ["reset", "reset"], "kind": ["question", "passage"],
        "count_vectors": [1, 1], "encoder_revision": ["r1", "r1"],
    },
    "behavior_spec_contract": {
        "behavior_hash": ["a" * 64, "b" * 64], "content": ["{}", "{}"], "is_current": [True, False],
        "count_triggers": [8, 7], "count_examples": [3, 4],
        "first_seen_as_of": pd.to_datetime(["2026-01-01", "2026-01-02"], utc=True),
    },
    "confidence_thresholds_contract": {
        "category_id": ["login", "billing"], "bucket": ["automate", "hybrid"], "risk": [0.05, 0.05],
        "certainty": [0.95, 0.95], "threshold": [0.8, None], "certified_on": ["category", "category"],
        "count_calibration": [200, 9], "count_answered": [120, 0], "count_wrong": [1, 0], "upper_bound": [0.04, None],
        "coverage": [0.6, 0.0], "label_source": ["linked", "linked"], "why": ["120 answers, 1 wrong", "too few"],
    },
    "agent_release_contract": {
        "release_id": ["a" * 64, "b" * 64], "behavior_hash": ["c" * 64, "c" * 64], "encoder_revision": ["r1", "r1"],
        "count_entries": [54, 50], "count_regression_tickets": [120, 118],
    },
    "replay_answers_contract": {
        "ticket_id": ["zd:1", "zd:2"], "release_id": ["a" * 64, "a" * 64], "action": ["answer", "draft"],
        "reasons": ["[]", "[]"], "encoder_revision": ["r1", "r1"], "behavior_hash": ["c" * 64, "c" * 64],
        "question": ["Where?", "How?"], "judged_by": ["link", "none"], "confidence": [0.9, None],
    },
    "shadow_answers_contract": {
        "answer_id": ["a1", "a2"], "pilot_id": ["spring", "spring"], "ticket_id": ["zd:1", "zd:1"], "turn": [1, 2],
        "created_at": AT, "asked_at": AT, "decided_at": AT, "phase": ["rollout", "rollout"], "mode": ["rollout", "rollout"],
        "arm": ["ai", "ai"], "share": [0.2, 0.2], "action": ["answer", "ask"], "bucket": ["automate", "automate"],
        "confidence": [0.9, None], "threshold": [0.8, None], "reply": ["So.", "Which?"], "steps": [["message"], []],
        "reasons": ["[]", "[]"], "release_id": ["a" * 64, "a" * 64], "encoder_revision": ["r1", "r1"],
        "behavior_hash": ["c" * 64, "c" * 64], "question": ["Where?", "How?"],
    },
    "pilot_metrics_contract": {
        "phase": ["rollout", "rollout"], "cut": ["all", "all"], "value": ["all", "all"], "category_id": ["all", "all"],
        "metric": ["csat", "handle_time_minutes"], "arm": ["ai", "control"], "numerator": [8.0, 430.5],
        "denominator": [10, 30], "rate": [0.8, 14.35], "low": [0.5, 12.0], "high": [0.95, 17.0], "window_start": AT,
        "window_end": AT, "design_effect": [1.2, None],
    },
    "live_decisions_contract": {
        "decision_id": ["a" * 32, "b" * 32], "sequence": [4, 7], "decided_at": AT, "mode": ["rollout", None],
        "sends": [True, None], "requester_id": ["c" * 16, None], "action": ["answer", None], "bucket": ["automate", None],
        "confidence": [0.9, None], "threshold": [0.8, None], "reply": ["So.", None], "steps": [["message"], []],
        "reasons": ["[]", None], "release_id": ["d" * 64, None], "language": ["en", None], "is_erased": [False, True],
    },
    "live_feedback_contract": {
        "event_id": ["a" * 32, "b" * 32, "c" * 32, "d" * 32], "sequence": [8, 9, 10, 11], "decision_id": ["e" * 32] * 4,
        "kind": ["thumbs", "csat", "handoff", None], "given_at": [*AT, *AT], "rating": [-1.0, 4.0, None, None],
        "rating_scale": ["thumbs", "score", None, None], "is_positive": [False, True, None, None],
        "comment": [None, "Thanks", None, None], "right_answer": [None, None, "So.", None],
        "outcome": [None, None, "resolved", None], "handle_minutes": [None, None, 7.5, None],
        "is_erased": [False, False, False, True],
    },
    "failures_contract": {
        "failure_id": ["f" * 16, "e" * 16], "source": ["review", "replay"], "side": ["train", None],
        "occurred_at": [pd.Timestamp("2026-06-24", tz="UTC"), pd.Timestamp("2026-06-25", tz="UTC")],
        "failure_type": ["stale_knowledge", "unexplained"], "type_confidence": [0.9, 0.5],
    },
    "fix_queue_contract": {
        "fix_id": ["f" * 16, "e" * 16, "d" * 16], "kind": ["edit_entry", "note", "trigger"],
        "title": ["Change it", "Look at it", "Listen for it"], "why": ["It is old", "It is odd", "It was missed"],
        "proposal": ["{}", "{}", "{}"], "rank": [1, 2, None], "status": ["open", "open", "accepted"],
        "change_id": [None, None, "C-001"],
    },
    "training_effects_contract": {
        "change_id": ["C-001", "C-001"], "metric": ["answer_quality", "answer_quality"], "method": ["paired", "live"],
        "n": [40, 7], "difference": [0.2, None], "low": [0.1, None], "high": [0.3, None], "p": [0.01, None],
        "verdict": ["improvement", "not_measurable"], "why": ["p = 0.010", "too few"], "sentence": ["It helped", "Too few"],
    },
    "feedback_signals_contract": {
        "signal_id": ["f" * 16, "e" * 16], "kind": ["csat", "correction"], "source": ["helpdesk", "pilot"], "occurred_at": AT,
        "ticket_id": ["zd:1", "zd:2"], "is_trouble": [True, False], "words": ["I wrote from [EMAIL]", None],
    },
    "knowledge_drift_contract": {
        "drift_id": ["f" * 16, "e" * 16], "kind": ["outcome_drift", "touched_by_event"], "n_reference": [200, None],
        "n_recent": [40, None], "effect": [0.3, None], "p": [0.001, None], "p_adjusted": [0.01, None],
        "is_drift": [True, True], "sentence": ["It got worse", "It says the old price"], "release_name": [None, "New prices"],
    },
    "knowledge_audit_contract": {
        "item_id": ["f" * 16, "e" * 16], "quarter": ["2026-Q3", "2026-Q3"], "owner": ["Ada", "unowned"],
        "subject_kind": ["entry", "category"], "subject_id": ["reset", "login"], "title": ["How?", "Login"], "rank": [1, 2],
        "opened_at": AT, "due_at": pd.to_datetime(["2026-04-02", "2026-04-03"], utc=True), "status": ["done", "overdue"],
        "done_at": [pd.Timestamp("2026-03-20", tz="UTC"), pd.NaT], "done_how": ["edited", None],
    },
    "support_signals_contract": {
        "signal_id": ["f" * 16, "e" * 16], "change": ["spike", "taxonomy_change"], "dimension": ["category", "label"],
        "value": ["login", "Login"], "started_at": AT, "found_at": AT + pd.Timedelta(days=2), "p": [0.0001, None],
        "diagnosis": ["release", "taxonomy_change"], "is_explained": [True, True], "release_name": ["Desktop 7.0", None],
        "sentence": ["Twice as many", "Renamed"], "status": ["ongoing", "over"],
    },
    "scope_proposals_contract": {
        "proposal_id": ["f" * 16, "e" * 16], "kind": ["widen", "narrow"], "category_id": ["export", "login"],
        "from_bucket": ["hybrid", "automate"], "to_bucket": ["automate", "hybrid"], "numerator": [50, 12],
        "denominator": [60, 40], "rate": [0.83, 0.3], "low": [0.72, 0.18], "high": [0.91, 0.45], "step": ["knowledge", None],
        "steps": ["[]", "[]"], "status": ["walking", "accepted"], "decided_by": [None, "Ada Moreno"],
        "decided_at": [pd.NaT, pd.Timestamp("2026-03-20", tz="UTC")], "sentence": ["It may come next", "It decayed"],
    },
    "learning_report_contract": {
        "month": ["2026-06", "2026-06"], "metric": ["resolution_rate", "count_tickets"], "cut": ["all", "all"],
        "value": [0.6, 812.0], "low": [0.5, None], "high": [0.7, None], "unit": ["rate", "tickets"],
        "sentence": ["Six of ten", "812 tickets"], "numerator": [60.0, 812.0], "denominator": [100.0, None],
    },
}  # fmt: skip

BAD = [
    ("raw_tickets_contract", "export_id", "not-a-hash"),
    ("raw_tickets_contract", "record_kind", "poem"),
    ("raw_tickets_contract", "line", 0),
    ("redacted_comments_contract", "text", "write to ada@example.org"),
    ("redacted_comments_contract", "subject", "from ada.m@mail.example.org"),
    ("redacted_comments_contract", "author_role", "agent"),
    ("redacted_comments_contract", "redactor_version", "r0"),
    ("ticket_intents_contract", "confidence", 1.5),
    ("ticket_intents_contract", "assigned_category_id", None),
    ("ticket_intents_contract", "split", "test"),
    ("training_roadmap_contract", "bucket", "maybe"),
    ("training_roadmap_contract", "count_reasons", 0),
    ("training_roadmap_contract", "has_enough_examples", False),
    ("training_roadmap_contract", "kind", "candidate"),
    ("training_roadmap_contract", "one_touch_rate", 1.2),
    ("knowledge_entries_contract", "content_hash", "not-a-hash"),
    ("knowledge_entries_contract", "answer", ""),
    ("knowledge_entries_contract", "status", "perhaps"),
    ("knowledge_entries_contract", "conditions", "sso"),
    ("knowledge_entries_contract", "accepted_at", None),
    ("knowledge_freshness_contract", "is_in_date", False),
    ("knowledge_freshness_contract", "owner", None),
    ("knowledge_freshness_contract", "status", "draft"),
    ("knowledge_coverage_contract", "bucket", "escalate"),
    ("knowledge_coverage_contract", "count_owned", 9),
    ("knowledge_coverage_contract", "entries_needed", 1),
    ("knowledge_vectors_contract", "entry_id", None),
    ("knowledge_vectors_contract", "count_vectors", 2),
    ("knowledge_vectors_contract", "encoder_revision", "r2"),
    ("behavior_spec_contract", "behavior_hash", "b" * 64),
    ("behavior_spec_contract", "count_examples", 2),
    ("behavior_spec_contract", "is_current", None),
    ("confidence_thresholds_contract", "upper_bound", None),
    ("confidence_thresholds_contract", "upper_bound", 0.06),
    ("confidence_thresholds_contract", "bucket", "hybrid"),
    ("confidence_thresholds_contract", "count_wrong", 121),
    ("confidence_thresholds_contract", "why", None),
    ("agent_release_contract", "release_id", "a" * 12),
    ("agent_release_contract", "encoder_revision", None),
    *(("replay_answers_contract", name, None) for name in ("ticket_id", "release_id", "action", "reasons", "question")),
    *(("replay_answers_contract", name, None) for name in ("encoder_revision", "behavior_hash", "judged_by")),
    ("replay_answers_contract", "ticket_id", "zd:2"),
    ("replay_answers_contract", "judged_by", "a reviewer"),
    ("replay_answers_contract", "confidence", 1.2),
    *(("shadow_answers_contract", name, None) for name in ("ticket_id", "release_id", "reasons", "question")),
    *(("shadow_answers_contract", name, None) for name in ("encoder_revision", "behavior_hash", "decided_at")),
    ("shadow_answers_contract", "answer_id", "a2"),
    *(("shadow_answers_contract", name, None) for name in ("answer_id", "mode", "action", "arm", "bucket")),
    ("shadow_answers_contract", "mode", "live"),
    ("shadow_answers_contract", "action", "sing"),
    ("shadow_answers_contract", "arm", "control"),
    ("shadow_answers_contract", "bucket", "hybrid"),
    ("shadow_answers_contract", "reply", None),
    ("shadow_answers_contract", "threshold", None),
    ("shadow_answers_contract", "turn", 4),
    ("shadow_answers_contract", "share", 1.5),
    ("shadow_answers_contract", "asked_at", pd.Timestamp("2026-03-01", tz="UTC")),
    *(("pilot_metrics_contract", name, None) for name in ("phase", "cut", "value", "metric", "arm", "numerator")),
    *(("pilot_metrics_contract", name, None) for name in ("denominator", "rate", "low", "high", "window_start")),
    ("pilot_metrics_contract", "window_end", None),
    ("pilot_metrics_contract", "numerator", 11.0),
    ("pilot_metrics_contract", "denominator", 0),
    ("pilot_metrics_contract", "rate", 1.2),
    ("pilot_metrics_contract", "low", 0.9),
    ("pilot_metrics_contract", "high", 0.7),
    ("pilot_metrics_contract", "window_end", pd.Timestamp("2026-03-01", tz="UTC")),
    ("pilot_metrics_contract", "design_effect", 0.5),
    *(("live_decisions_contract", name, None) for name in ("decision_id", "decided_at", "mode", "sends", "action")),
    *(("live_decisions_contract", name, None) for name in ("reply", "threshold", "reasons", "release_id", "language")),
    ("live_decisions_contract", "decision_id", "b" * 32),
    ("live_decisions_contract", "decision_id", "words"),
    ("live_decisions_contract", "sequence", 7),
    ("live_decisions_contract", "requester_id", "ada@example.org"),
    ("live_decisions_contract", "mode", "shadow"),
    ("live_decisions_contract", "mode", "live"),
    ("live_decisions_contract", "action", "draft"),
    ("live_decisions_contract", "confidence", 1.2),
    *(("live_feedback_contract", name, None) for name in ("event_id", "decision_id", "given_at", "kind", "rating")),
    ("live_feedback_contract", "event_id", "b" * 32),
    ("live_feedback_contract", "sequence", 9),
    ("live_feedback_contract", "kind", "poem"),
    ("live_feedback_contract", "rating_scale", "stars"),
    ("live_feedback_contract", "rating", 2),
    ("live_feedback_contract", "handle_minutes", -1),
    *(
        ("failures_contract", name, None)
        for name in ("failure_id", "source", "occurred_at", "failure_type", "type_confidence")
    ),
    ("failures_contract", "failure_id", "e" * 16),
    ("failures_contract", "failure_type", "bad luck"),
    ("failures_contract", "source", "hearsay"),
    ("failures_contract", "side", "both"),
    ("failures_contract", "type_confidence", 1.2),
    *(("fix_queue_contract", name, None) for name in ("fix_id", "kind", "title", "why", "proposal", "rank", "status")),
    ("fix_queue_contract", "fix_id", "e" * 16),
    ("fix_queue_contract", "kind", "magic"),
    ("fix_queue_contract", "status", "perhaps"),
    ("fix_queue_contract", "rank", 2),
    *(
        ("training_effects_contract", name, None)
        for name in ("change_id", "metric", "method", "n", "verdict", "why", "sentence")
    ),
    *(("training_effects_contract", name, None) for name in ("difference", "low", "high", "p")),
    *(("training_effects_contract", name, 12.0) for name in ("difference", "low", "high")),
    ("training_effects_contract", "method", "live"),
    ("training_effects_contract", "verdict", "great"),
    *(
        ("feedback_signals_contract", name, None)
        for name in ("signal_id", "kind", "source", "occurred_at", "is_trouble")
    ),
    ("feedback_signals_contract", "signal_id", "e" * 16),
    ("feedback_signals_contract", "kind", "poem"),
    ("feedback_signals_contract", "source", "dream"),
    ("feedback_signals_contract", "words", "write to ada@example.org"),
    *(("knowledge_drift_contract", name, None) for name in ("drift_id", "kind", "is_drift", "sentence")),
    *(("knowledge_drift_contract", name, None) for name in ("effect", "p_adjusted", "n_reference", "n_recent")),
    ("knowledge_drift_contract", "drift_id", "e" * 16),
    ("knowledge_drift_contract", "kind", "poem"),
    ("knowledge_drift_contract", "p", 1.2),
    ("knowledge_drift_contract", "p_adjusted", 0.0001),
    *(
        ("knowledge_audit_contract", name, None)
        for name in (
            "item_id",
            "quarter",
            "owner",
            "subject_id",
            "title",
            "opened_at",
            "due_at",
            "status",
            "done_at",
            "done_how",
        )
    ),
    ("knowledge_audit_contract", "item_id", "e" * 16),
    ("knowledge_audit_contract", "quarter", "2026-07"),
    ("knowledge_audit_contract", "subject_kind", "poem"),
    ("knowledge_audit_contract", "status", "perhaps"),
    ("knowledge_audit_contract", "due_at", pd.Timestamp("2026-03-01", tz="UTC")),
    *(
        ("support_signals_contract", name, None)
        for name in (
            "signal_id",
            "change",
            "dimension",
            "value",
            "started_at",
            "found_at",
            "diagnosis",
            "is_explained",
            "sentence",
            "status",
            "release_name",
        )
    ),
    ("support_signals_contract", "signal_id", "e" * 16),
    ("support_signals_contract", "change", "poem"),
    ("support_signals_contract", "diagnosis", "magic"),
    ("support_signals_contract", "status", "perhaps"),
    ("support_signals_contract", "found_at", pd.Timestamp("2026-03-01", tz="UTC")),
    ("support_signals_contract", "p", 1.2),
    *(
        ("scope_proposals_contract", name, None)
        for name in ("proposal_id", "kind", "category_id", "from_bucket", "to_bucket", "steps", "status", "sentence")
    ),
    ("scope_proposals_contract", "proposal_id", "e" * 16),
    ("scope_proposals_contract", "kind", "jump"),
    ("scope_proposals_contract", "to_bucket", "perhaps"),
    ("scope_proposals_contract", "status", "perhaps"),
    ("scope_proposals_contract", "status", "rejected"),
    ("scope_proposals_contract", "rate", 0.95),
    ("scope_proposals_contract", "rate", 0.1),
    ("scope_proposals_contract", "numerator", 61),
    *(("learning_report_contract", name, None) for name in ("month", "metric", "cut", "unit", "sentence")),
    ("learning_report_contract", "metric", "count_tickets"),
    ("learning_report_contract", "month", "2026-13"),
    *(("learning_report_contract", name, 1.2) for name in ("value", "high")),
    ("learning_report_contract", "low", 0.65),
]
BAD_LATER = [
    *(
        ("live_decisions_contract", 1, name, value)
        for name, value in (("action", "draft"), ("reply", "So."), ("reasons", "[]"))
    ),
    ("live_decisions_contract", 1, "requester_id", "c" * 16),
    ("live_feedback_contract", 1, "rating", 6),
    ("live_feedback_contract", 2, "outcome", None),
    ("live_feedback_contract", 2, "outcome", "sung"),
    *(
        ("live_feedback_contract", 3, name, value)
        for name, value in (("rating", 1), ("comment", "hm"), ("outcome", "resolved"))
    ),
    ("live_feedback_contract", 3, "right_answer", "So."),
    ("fix_queue_contract", 2, "change_id", None),
]
"""What only a later row can break: erased ones, and kinds of their own."""
BROKEN_ELSEWHERE = {
    **{("training_roadmap_contract", name): "proposed_bucket" for name in ("kind", "has_enough_examples")},
    ("scope_proposals_contract", "status"): "decided_at",
}
"""A value that is good by itself and breaks what another column says of it."""


def good_frame(contract: str) -> pd.DataFrame:
    return pd.DataFrame(GOOD[contract])


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_good_frame_passes_and_data_docs_are_published(contract, tmp_path):
    result = validate(contract, good_frame(contract), tmp_path)
    assert result.failures == []
    assert result.passed
    assert contract in result.page.read_text(encoding="utf-8")


@pytest.mark.parametrize("contract", CONTRACTS)
def test_the_columns_a_contract_reads_are_the_ones_it_names(contract):
    assert set(contract_columns(contract)) == set(GOOD[contract])


@pytest.mark.parametrize(
    ("contract", "row", "column", "value"),
    [*((contract, 0, column, value) for contract, column, value in BAD), *BAD_LATER],
)
def test_a_bad_value_breaks_the_contract_and_is_named(contract, row, column, value, tmp_path):
    frame = good_frame(contract)
    frame[column] = frame[column].astype(object)
    frame.loc[row, column] = value
    result = validate(contract, frame, tmp_path)
    assert not result.passed
    named = {column, BROKEN_ELSEWHERE.get((contract, column), column)}
    assert any(name in failure for name in named for failure in result.failures)


def test_failing_values_are_not_kept(tmp_path):
    frame = good_frame("redacted_comments_contract")
    frame.loc[0, "text"] = "my address is secret.person@example.org"
    validate("redacted_comments_contract", frame, tmp_path)
    written = "".join(file.read_text(errors="ignore") for file in tmp_path.rglob("*") if file.is_file())
    assert "secret.person" not in written


def test_an_unknown_contract_is_an_error(tmp_path):
    with pytest.raises(KeyError, match="no contract"):
        validate("poems_contract", pd.DataFrame(), tmp_path)
