"""The columns of the frames that this stage writes, with their types.

Belongs here: names, dtypes and the words that columns hold. Does not belong here: how a frame comes about.
"""

from __future__ import annotations

from collections.abc import Mapping

from assets.pilot_agent.answers.frames import LIST, NUMBER, TEXT, TIME, TRUTH, WHOLE

CSAT, THUMBS, ESCALATION, CORRECTION, REOPEN = "csat", "thumbs", "escalation", "correction", "reopen"
SIGNAL_KINDS: Mapping[str, str] = {
    CSAT: "a customer's rating after the ticket was resolved",
    THUMBS: "a customer's thumb up or down on one answer",
    ESCALATION: "the answer was handed to a person, with the reason",
    CORRECTION: "a person said what would have been right, or edited what was to be sent",
    REOPEN: "the customer came back on the same matter",
}
"""What can be said of an answer, in words."""

SIGNAL: Mapping[str, str] = {
    "signal_id": TEXT, "kind": TEXT, "source": TEXT, "occurred_at": TIME, "ticket_id": TEXT, "answer_id": TEXT,
    "requester_id": TEXT, "release_id": TEXT, "entry_id": TEXT, "entry_hash": TEXT, "category_id": TEXT, "mode": TEXT,
    "is_positive": TRUTH, "is_trouble": TRUTH, "rating": NUMBER, "reason": TEXT, "words": TEXT, "said_by": TEXT,
    "handle_minutes": NUMBER,
}  # fmt: skip
"""``feedback_signals`` [signal]: one thing somebody said or did about one answer. signal_id: 16 hex digits of kind, source
and subject, so that a re-export is the same signal; source: pilot, live or helpdesk; entry_id, entry_hash: what the
answer rested on first, null where none; is_positive: null where it says neither; is_trouble: whether it costs somebody
something (a needed escalation is none); words: redacted; said_by: customer, reviewer or assignee."""

TROUBLE: Mapping[str, str] = {
    "entry_id": TEXT, "category_id": TEXT, "question": TEXT, "owner": TEXT, "count_answers": WHOLE, "count_signals": WHOLE,
    "count_trouble": WHOLE, "count_trouble_before": WHOLE, "count_requesters": WHOLE, "trouble_rate": NUMBER, "low": NUMBER, "high": NUMBER,
    "rate_shrunk": NUMBER, "handle_minutes": NUMBER, "trouble_per_month": NUMBER, "rank": WHOLE, "by_kind": TEXT,
    "example_answer_ids": LIST,
}  # fmt: skip
"""``entry_trouble`` [entry]: entries by the trouble they cause. count_answers: answers that rested on it first; trouble_rate:
answers with trouble by answers (each once), with its 95 % Wilson interval; rate_shrunk: towards the desk's, so that one
bad answer of one does not lead the list; count_trouble_before: of count_trouble, from content that was changed since, which
trouble_per_month leaves out; rank 1: most trouble a month; by_kind: JSON {kind: count}."""

QUESTION_DRIFT, ANSWER_DRIFT, OUTCOME_DRIFT = "question_drift", "answer_drift", "outcome_drift"
NEW_PHRASINGS, SHARE_MOVED, EMBEDDING_DRIFT, TOUCHED = (
    "new_phrasings",
    "share_moved",
    "embedding_drift",
    "touched_by_event",
)
DRIFT_KINDS: Mapping[str, str] = {
    QUESTION_DRIFT: "what customers ask where this entry answers is no longer what it was",
    ANSWER_DRIFT: "people now answer the question otherwise than the entry does",
    OUTCOME_DRIFT: "answers from this entry turn out worse than they did",
    NEW_PHRASINGS: "customers ask in words that no entry is near",
    SHARE_MOVED: "a category's share of all tickets has moved",
    EMBEDDING_DRIFT: "what customers write, taken together, has moved",
    TOUCHED: "a product release or a policy touches what the entry says",
}
"""Ways to drift, in words."""

DRIFT: Mapping[str, str] = {
    "drift_id": TEXT, "kind": TEXT, "entry_id": TEXT, "category_id": TEXT, "owner": TEXT, "reference_start": TIME,
    "reference_end": TIME, "recent_start": TIME, "recent_end": TIME, "n_reference": WHOLE, "n_recent": WHOLE,
    "effect": NUMBER, "effect_low": NUMBER, "effect_high": NUMBER, "effect_is": TEXT, "p": NUMBER, "p_adjusted": NUMBER,
    "is_drift": TRUTH, "release_name": TEXT, "example_ticket_ids": LIST, "sentence": TEXT, "found_as_of": TIME,
}  # fmt: skip
"""``knowledge_drift`` [what was looked at]: with the test, also where nothing has drifted. drift_id: of kind, subject and
event; entry_id, category_id: null where it is about everything; effect: in the units effect_is names (share, rate,
standardised distance); p_adjusted: false discoveries held over all tests of the run; is_drift: p_adjusted and a least
effect; example_ticket_ids: training tickets alone."""

AUDIT_ITEM: Mapping[str, str] = {
    "item_id": TEXT, "quarter": TEXT, "owner": TEXT, "subject_kind": TEXT, "subject_id": TEXT, "subject_hash": TEXT,
    "category_id": TEXT, "title": TEXT, "reasons": LIST, "finding_ids": LIST, "weight": NUMBER, "rank": WHOLE,
    "opened_at": TIME, "due_at": TIME, "status": TEXT, "done_at": TIME, "done_by": TEXT, "done_how": TEXT,
}  # fmt: skip
"""``knowledge_audit`` [item of a quarter's work list]: quarter: YYYY-Qn; item_id: 16 hex digits of quarter and subject;
owner: who answers for it, 'unowned' where nobody does; subject_kind: entry, article or category; subject_hash: of what it
said when the item was opened; reasons: what speaks against it, in sentences, empty for an entry that is there because every
live entry is looked at; weight: tickets a month that go wrong, or lack knowledge, because of it; rank: 1 first within the
quarter; due_at: end of the time the desk gives; status: open, overdue or done; done_how: accepted anew, edited, verified,
retired, no longer there, findings settled, covered, or confirmed."""

SPIKE, SHIFT, TAXONOMY = "spike", "shift", "taxonomy_change"
MORE_ESCALATIONS, CHURN_RISK = "more_escalations", "churn_risk"
SIGNAL_CHANGES: Mapping[str, str] = {
    SPIKE: "more tickets than the season explains",
    SHIFT: "a level that went up or down and stayed",
    TAXONOMY: "labels that the helpdesk renamed, split or merged",
    MORE_ESCALATIONS: "customers who need a person more often than others, or than they did",
    CHURN_RISK: "customers who say that they are leaving, or want their money back",
}
BY_RELEASE, SUSPECTED_BUG, ONBOARDING, POLICY_OR_PRICE, TAXONOMY_CHANGE, UNKNOWN = (
    "release", "suspected_bug", "onboarding", "policy_or_price", "taxonomy_change", "unknown",
)  # fmt: skip
DIAGNOSES: Mapping[str, str] = {
    BY_RELEASE: "it began with a product release, and customers name it or what it changed",
    SUSPECTED_BUG: "customers report that something fails, and nothing was released",
    ONBOARDING: "it comes from new customers",
    POLICY_OR_PRICE: "it began with a policy or a price",
    TAXONOMY_CHANGE: "the labels changed, not what customers ask",
    UNKNOWN: "the data does not tell",
}
"""What is behind a signal, as far as the data tells, in words."""

SUPPORT_SIGNAL: Mapping[str, str] = {
    "signal_id": TEXT, "change": TEXT, "dimension": TEXT, "value": TEXT, "started_at": TIME, "found_at": TIME, "peak_at": TIME,
    "ended_at": TIME, "expected_per_day": NUMBER, "observed_per_day": NUMBER, "ratio": NUMBER, "ratio_low": NUMBER,
    "ratio_high": NUMBER, "count_tickets": WHOLE, "excess_tickets": NUMBER, "p": NUMBER, "diagnosis": TEXT,
    "is_explained": TRUTH, "release_name": TEXT, "release_date": TIME, "telling_words": LIST, "example_ticket_ids": LIST,
    "sentence": TEXT, "status": TEXT, "first_seen_as_of": TIME,
}  # fmt: skip
"""``support_signals`` [anomaly]: signal_id: stays while the anomaly does (of change, dimension, value, start); dimension: all,
category (from text), plan, language, page, version, os or label (the helpdesk's own); found_at: the first day on which it
could be told with the data until then; ended_at: null while it goes on; ratio: observed by expected, for escalations of
rates; sentence: for a support lead; status: new, ongoing or over."""

WIDEN, NARROW, BACK = "widen", "narrow", "back"
SCOPE: Mapping[str, str] = {
    "proposal_id": TEXT, "kind": TEXT, "category_id": TEXT, "from_bucket": TEXT, "to_bucket": TEXT, "tier": WHOLE,
    "tickets_per_month": NUMBER, "metric": TEXT, "numerator": WHOLE, "denominator": WHOLE, "rate": NUMBER, "low": NUMBER,
    "high": NUMBER, "bar": NUMBER, "step": TEXT, "steps": TEXT, "reasons": LIST, "sentence": TEXT, "status": TEXT,
    "decided_by": TEXT, "decided_at": TIME, "proposed_as_of": TIME,
}  # fmt: skip
"""``scope_proposals`` [proposal]: kind: widen (a category of the next tier), narrow (one that decays lost its autonomy), back
(one that recovered may have it again); metric, rate, low, high, bar: what it rests on; step: knowledge, behavior, shadow
or verdict, the next of the short way; steps: JSON [{step, is_done, why, what_to_do}]; status: proposed, walking, ready,
accepted, rejected, withdrawn or in_force."""

LEARNING: Mapping[str, str] = {
    "month": TEXT, "metric": TEXT, "cut": TEXT, "numerator": NUMBER, "denominator": NUMBER, "value": NUMBER, "low": NUMBER,
    "high": NUMBER, "before": NUMBER, "difference": NUMBER, "difference_low": NUMBER, "difference_high": NUMBER, "unit": TEXT,
    "higher_is_better": TRUTH, "sentence": TEXT, "counted_as_of": TIME,
}  # fmt: skip
"""``learning_report`` [month x metric x cut]: cut: all, a category, or what else it is cut by with its kind before it
(arm:control, phase:shadow, reason:trigger, type:stale, kind:widen, bucket:automate, change:C-001:paired); value: of the month,
with its 95 % interval where it is a rate or a mean; before: of the month before; difference: to it, clustered by requester
where both are rates or means; unit: rate, minutes, or what is counted: tickets, entries, findings, items, categories, changes,
signals or proposals. Effects of changes have a difference and no value."""
