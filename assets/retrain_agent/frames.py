"""The columns of the frames that this stage writes, with their types.

Belongs here: names, dtypes and the words that columns hold. Does not belong here: how a frame comes about.
"""

from __future__ import annotations

from collections.abc import Mapping

from assets.pilot_agent.answers.frames import LIST, NUMBER, TEXT, TIME, TRUTH, WHOLE

REVIEW, FEEDBACK, HANDOFF, REOPENED, REPLAY, INSIGHT = "review", "feedback", "handoff", "reopened", "replay", "insight"
"""Where it is said that an answer was right or wrong, the surest first; insight: a person said so in a session."""

KNOWLEDGE_GAP = "knowledge_gap"
INTENT_MISCLASSIFICATION = "intent_misclassification"
EDGE_CASE_COLLISION = "edge_case_collision"
RETRIEVAL_MISS = "retrieval_miss"
STALE_KNOWLEDGE = "stale_knowledge"
MISSED_ESCALATION = "missed_escalation"
NEEDLESS_ESCALATION = "needless_escalation"
TONE_OR_LENGTH = "tone_or_length"
UNEXPLAINED = "unexplained"
FAILURE_TYPES: Mapping[str, str] = {
    KNOWLEDGE_GAP: "no live entry answers the question",
    INTENT_MISCLASSIFICATION: "the right category exists, another was chosen",
    EDGE_CASE_COLLISION: "the right question, answered for the wrong condition",
    RETRIEVAL_MISS: "a live entry answers it, and was not found",
    STALE_KNOWLEDGE: "the entry for the question says what is not true, or no longer",
    MISSED_ESCALATION: "a person should have taken over",
    NEEDLESS_ESCALATION: "a person was called without need",
    TONE_OR_LENGTH: "the right content, said in the wrong way",
    UNEXPLAINED: "what is known of it does not tell why",
}
"""Types of failure, in words."""

_ANSWERED: Mapping[str, str] = {
    "source": TEXT, "answer_id": TEXT, "ticket_id": TEXT, "requester_id": TEXT, "occurred_at": TIME, "release_id": TEXT,
    "side": TEXT, "action": TEXT, "category_id": TEXT, "entry_ids": LIST, "entry_hashes": LIST, "confidence": NUMBER,
    "handoff_reason": TEXT, "steps": LIST, "language": TEXT, "question": TEXT, "context": TEXT, "reply": TEXT,
    "said_reason": TEXT, "right_answer": TEXT, "right_category_id": TEXT, "right_entry_ids": LIST, "should_escalate": TRUTH,
    "handle_minutes": NUMBER,
}  # fmt: skip

CASE: Mapping[str, str] = {"case_id": TEXT, **_ANSWERED, "is_wrong": TRUTH}
"""``judged_answers`` [judged answer]: what was decided, and what people said of it, right ones too. case_id: 16 hex digits
of source and subject; source: the surest that judged it; answer_id: of ``shadow_answers`` or ``live_decisions``, null in
replay; occurred_at: when it was asked; side: of the split, null where undecided; category_id and entry_ids: what was
chosen, the first entry is what was said or suggested; question: redacted; context: JSON; said_reason: one of
``ledger.reviews.REASONS`` or null; right_answer: words of a person; right_category_id: as a person or the helpdesk says;
right_entry_ids: entries a person named or linked, empty where nobody did; should_escalate: null where nobody said."""

FAILURE: Mapping[str, str] = {
    "failure_id": TEXT, **_ANSWERED, "failure_type": TEXT, "type_confidence": NUMBER, "evidence": LIST,
    "target_entry_id": TEXT, "condition": TEXT, "trigger_id": TEXT,
}  # fmt: skip
"""``failures`` [failure]: a judged answer that was wrong, with its type. failure_id: the case's; type_confidence: 0..1;
evidence: sentences; target_entry_id: the entry to mend or to be found (null: none); condition: JSON {field: [values]} that
the failing customers share, null where none tells; trigger_id: that fired without need."""

PATTERN: Mapping[str, str] = {
    "pattern_id": TEXT, "name": TEXT, "failure_type": TEXT, "type_confidence": NUMBER, "category_id": TEXT,
    "right_category_id": TEXT, "entry_id": TEXT, "target_entry_id": TEXT, "condition": TEXT, "trigger_id": TEXT,
    "failure_ids": LIST, "example_ids": LIST, "count_failures": WHOLE, "count_requesters": WHOLE, "count_training": WHOLE,
    "first_at": TIME, "last_at": TIME, "tickets_per_month": NUMBER, "minutes_per_month": NUMBER, "minutes_source": TEXT,
    "trend": TEXT, "trend_ratio": NUMBER, "trend_low": NUMBER, "trend_high": NUMBER, "harm": NUMBER, "status": TEXT,
    "first_seen_as_of": TIME, "last_seen_as_of": TIME,
}  # fmt: skip
"""``failure_patterns`` [pattern]: failures that belong together. pattern_id: stays while the pattern does; category_id:
chosen, right_category_id: right, entry_id: said, of most; tickets_per_month: over the last 28 days; minutes_per_month:
people's handle time for them; trend: new, rising, steady, falling, unclear (too few to say) or gone; trend_ratio: of the last
28 days to the 28 before, with its 95 % interval; harm: 0..1, how bad one such failure is; status: open, or gone."""

FIX: Mapping[str, str] = {
    "fix_id": TEXT, "pattern_id": TEXT, "insight_id": TEXT, "kind": TEXT, "failure_type": TEXT, "category_id": TEXT,
    "entry_id": TEXT, "title": TEXT, "why": TEXT, "proposal": TEXT, "source_ticket_ids": LIST, "rank": WHOLE, "score": NUMBER,
    "tickets_per_month": NUMBER, "minutes_per_month": NUMBER, "harm": NUMBER, "is_urgent": TRUTH, "status": TEXT,
    "change_id": TEXT, "decided_by": TEXT, "decided_at": TIME, "note": TEXT, "proposed_as_of": TIME,
}  # fmt: skip
"""``fix_queue`` [fix]: what would mend a pattern. fix_id: 16 hex digits of what is proposed and for which pattern, so that
the same proposal is the same fix; kind: one of ``fixes.proposal.KINDS``; title and why: for people; proposal: JSON of
``fixes.proposal.Proposal``; source_ticket_ids: training tickets that it was drawn from; score: volume x harm, rank 1 first;
status: open, accepted, rejected or withdrawn (the pattern is gone, or a better proposal took its place)."""

CHANGE: Mapping[str, str] = {
    "change_id": TEXT, "fix_id": TEXT, "pattern_id": TEXT, "kind": TEXT, "title": TEXT, "category_ids": LIST,
    "entry_ids": LIST, "entry_hashes": LIST, "behavior_hash": TEXT, "labelled_ticket_ids": LIST, "source_ticket_ids": LIST,
    "target_ticket_ids": LIST, "is_urgent": TRUTH, "accepted_by": TEXT, "accepted_at": TIME, "release_id": TEXT,
    "released_at": TIME, "ended_at": TIME, "status": TEXT,
}  # fmt: skip
"""``changes`` [change]: an accepted fix. change_id: C-001 and on, in the order of acceptance; entry_hashes: content that
was accepted, beside entry_ids; behavior_hash: of the spec it was written into; source_ticket_ids: what it was drawn from,
never measured on; target_ticket_ids: of the failures it is to mend; release_id, released_at: the first current release
that holds it; ended_at: when a rollback took it away or a later change replaced it; status: accepted, released or ended."""

UPDATE: Mapping[str, str] = {
    "week": TEXT, "release_id": TEXT, "incumbent_id": TEXT, "change_ids": LIST, "status": TEXT, "why": LIST,
    "count_affected": WHOLE, "count_mended": WHOLE, "count_broken": WHOLE, "count_regression": WHOLE,
    "count_regression_changed": WHOLE, "built_as_of": TIME,
}  # fmt: skip
"""``micro_updates`` [week]: week: its Monday, YYYY-MM-DD; status: built, held (why says what kept it back), or nothing
(no accepted change can be taken up); count_affected: replayed tickets that a change is about; count_mended, count_broken: right only
with the new release, only with the incumbent; count_regression_changed: frozen tickets decided otherwise."""

REPLAYED: Mapping[str, str] = {
    "change_id": TEXT, "ticket_id": TEXT, "requester_id": TEXT, "category_id": TEXT, "before_release_id": TEXT,
    "after_release_id": TEXT, "before_action": TEXT, "after_action": TEXT, "before_entry_id": TEXT, "after_entry_id": TEXT,
    "is_right_before": TRUTH, "is_right_after": TRUTH, "replayed_as_of": TIME,
}  # fmt: skip
"""``change_replays`` [change x ticket]: the same tickets under both releases; is_right: null where it cannot be judged.
Tickets that taught the change are left out."""

EFFECT: Mapping[str, str] = {
    "change_id": TEXT, "metric": TEXT, "method": TEXT, "month": TEXT, "n": WHOLE, "n_discordant": WHOLE, "difference": NUMBER,
    "low": NUMBER, "high": NUMBER, "p": NUMBER, "mid_p": NUMBER, "verdict": TEXT, "why": TEXT, "counted": TEXT,
    "sentence": TEXT, "higher_is_better": TRUTH,
}  # fmt: skip
"""``training_effects`` [change x metric x method]: see ``effects.effect.Effect``; month: of the release, YYYY-MM."""

CANDIDATE: Mapping[str, str] = {
    "month": TEXT, "release_id": TEXT, "incumbent_id": TEXT, "verdict": TEXT, "why": LIST, "count_holdout": WHOLE,
    "count_gained": WHOLE, "count_lost": WHOLE, "difference": NUMBER, "low": NUMBER, "high": NUMBER, "p": NUMBER,
    "count_regression_changed": WHOLE, "count_regression_worse": WHOLE, "count_corrections": WHOLE, "count_label_errors": WHOLE,
    "data_until": TIME, "holdout_from": TIME,
}  # fmt: skip
"""``candidate_release`` [month]: verdict: promotable (everything but signatures is there), refused (why says what it lacks),
or not_built; the difference is paired on holdout tickets from holdout_from (the last promotion's data) to data_until."""

LABEL_ERROR: Mapping[str, str] = {
    "month": TEXT, "ticket_id": TEXT, "label_category_id": TEXT, "suggested_category_id": TEXT, "quality": NUMBER,
    "text": TEXT, "status": TEXT,
}  # fmt: skip
"""``suggested_label_errors`` [training ticket]: quality: cleanlab's, 0 surely wrong; status: open, corrected or kept."""
