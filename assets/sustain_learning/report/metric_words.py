"""What the metrics of a learning report are called, and what each counts, in words a support lead uses.

Belongs here: names of metrics and of what they are cut by. Does not belong here: sentences about values
(``report_sentences``), what a metric counts exactly (``pilot_agent.verdict.metrics``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assets.retrain_agent.frames import FAILURE_TYPES
from assets.retrain_agent.review_session.session_words import TYPE_TITLES
from assets.sustain_learning.frames import DIAGNOSES, DRIFT_KINDS, SIGNAL_CHANGES, SIGNAL_KINDS
from assets.sustain_learning.report.handover_kinds import HANDOVER_KINDS


@dataclass(frozen=True)
class Named:
    """title: as a line of a table; means: of what it is a share, or what it counts; short: for a sentence."""

    title: str
    means: str
    short: str


METRICS: Mapping[str, Named] = {
    "resolution_rate_confirmed": Named("Resolved, the customer says so", "of answered tickets", "resolution that customers confirm"),
    "resolution_rate_assumed": Named("Resolved, the customer did not return", "of answered tickets", "resolution without a return"),
    "resolution_rate_verified": Named("Resolved, a reviewer says correct", "of answered tickets that were reviewed", "resolution that reviewers confirm"),
    "false_resolution_rate_assumed": Named("Counted resolved, and back within 7 days", "of tickets without a return at first", "false resolutions"),
    "escalation_rate": Named("Handed to a person after an answer", "of answered tickets", "handovers after an answer"),
    "handed_over_at_once_rate": Named("Handed to a person at once", "of the tickets the AI was given", "handovers at once"),
    "missed_escalation_rate": Named("A person was needed and not called", "of reviewed answers", "missed handovers"),
    "csat": Named("Satisfied customers (CSAT)", "of those who rated", "CSAT"),
    "csat_response_rate": Named("Customers who rated", "of the tickets the AI was given", "customers who rate"),
    "answer_quality": Named("Correct answers", "of reviewed answers", "correct answers"),
    "answer_needs_improvement_rate": Named("Answers that need improvement", "of reviewed answers", "answers that need improvement"),
    "answer_incorrect_rate": Named("Wrong answers", "of reviewed answers", "wrong answers"),
    "review_share": Named("Answers a reviewer looked at", "of answered tickets", "reviewed answers"),
    "failure_rate": Named("Judged wrong, by anybody", "of judged answers, drafts included", "answers judged wrong"),
    "thumbs_rate": Named("Thumbs up", "of answers with a thumb", "thumbs up"),
    "automation_rate_confirmed": Named("Done without a person, the customer says so", "of the tickets the AI was given", "automation that customers confirm"),
    "automation_rate_assumed": Named("Done without a person, no return", "of the tickets the AI was given", "automation without a return"),
    "automation_rate_verified": Named("Done without a person, a reviewer says correct", "of the tickets the AI was given", "automation that reviewers confirm"),
    "involvement_rate": Named("Answered by the AI", "of the tickets it was given", "share answered by the AI"),
    "involvement_of_all_tickets": Named("Answered by the AI, of all tickets", "of all new tickets", "share of all tickets answered by the AI"),
    "handle_time_minutes": Named("Minutes a person spends on a ticket", "tickets the AI was given, on average", "people's minutes a ticket"),
    "tickets": Named("New tickets", "without spam and automatic mail", "new tickets"),
    "tickets_a_day": Named("New tickets a day", "on average", "new tickets a day"),
    "answers_decided": Named("Tickets the AI decided", "drafts and control included", "tickets the AI decided"),
    "answers_sent": Named("Tickets the AI answered itself", "without a person before it", "tickets the AI answered itself"),
    "categories": Named("Categories", "by what may happen to them", "categories"),
    "categories_asked": Named("Categories that customers asked about", "by what could happen to them", "categories asked about"),
    "categories_without_autonomy": Named("Categories that lost their autonomy", "until they recover", "categories without autonomy"),
    "live_entries": Named("Live entries", "accepted, in date, owned, without a blocking finding", "live entries"),
    "entries_overdue": Named("Entries overdue for review", "not used until somebody looks", "entries overdue for review"),
    "entries_set_aside": Named("Entries kept from use", "by a finding, an owner or a date", "entries kept from use"),
    "entries_waiting": Named("Entries that wait to be accepted", "", "entries waiting"),
    "open_findings": Named("Open findings on knowledge", "", "open findings"),
    "audit_items_open": Named("Audit items to do", "of the quarter's list", "open audit items"),
    "audit_items_overdue": Named("Audit items overdue", "of the quarter's list", "overdue audit items"),
    "changes_accepted": Named("Changes accepted", "", "changes accepted"),
    "changes_released": Named("Changes released to customers", "", "changes released"),
    "feedback_signals": Named("Signals from customers and people", "", "signals"),
    "trouble_signals": Named("Signals that mean trouble", "", "signals of trouble"),
    "drift_found": Named("Signs of drift", "", "signs of drift"),
    "support_signals": Named("Support signals found", "spikes, shifts, renamed labels, churn", "support signals"),
    "support_signals_open": Named("Support signals that go on", "", "support signals that go on"),
    "scope_proposals": Named("Proposals on what the AI may answer", "", "proposals"),
}  # fmt: skip
"""Every metric, in the order in which a report has them."""

RESOLVED = ("resolution_rate_confirmed", "resolution_rate_assumed", "resolution_rate_verified")
"""Three words on one question, and never one figure: each is missing or wrong in its own way."""
KEY = (
    *RESOLVED, "csat", "answer_incorrect_rate", "missed_escalation_rate", "false_resolution_rate_assumed", "escalation_rate",
    "handle_time_minutes",
)  # fmt: skip
"""What is judged better or worse, and held against chance together. Not what depends on how many drafts were among the
judged answers (``failure_rate``), nor one figure twice (correct and wrong answers)."""

FINDING_TITLES = {
    "stale": "stale", "contradiction": "contradicts another text", "duplicate": "says what another says",
    "deprecated_term": "uses an old term", "unowned": "has no owner", "unsafe": "unsafe to say",
    "not_customer_language": "not in customers' words", "dead_link": "a dead link",
}  # fmt: skip
_CUTS: Mapping[str, Mapping[str, str]] = {
    "reason": HANDOVER_KINDS,
    "kind": {**SIGNAL_KINDS, **DRIFT_KINDS, "widen": "to let it answer more", "narrow": "to take autonomy back", "back": "to give autonomy back"},
    "type": {**TYPE_TITLES, **{kind: FINDING_TITLES.get(kind, kind.replace("_", " ")) for kind in FINDING_TITLES}},
    "change": SIGNAL_CHANGES,
    "diagnosis": DIAGNOSES,
    "bucket": {"automate": "answered by the AI alone", "hybrid": "drafted by the AI, sent by a person", "escalate": "always a person"},
    "phase": {"shadow": "drafts, before anything was sent", "live": "answered by the live service"},
    "arm": {"control": "people, in the same weeks"},
}  # fmt: skip
assert set(TYPE_TITLES) <= set(FAILURE_TYPES), "a type of failure has a title and no meaning"


def title_of(metric: str, cut: str = "all") -> str:
    """A metric as a line of a table; effects by what they are on."""
    if metric == "escalation_rate" and cut.startswith("phase:"):
        return "Handed to a person"  # of drafts there is no answer that came before
    if metric in METRICS:
        return METRICS[metric].title
    return metric.removeprefix("effect_on_").replace("_", " ").capitalize()


def short_of(metric: str) -> str:
    """A metric within a sentence."""
    return METRICS[metric].short if metric in METRICS else metric.removeprefix("effect_on_").replace("_", " ")


def cut_words(cut: str, names: Mapping[str, str]) -> str:
    """What a figure is cut by, in words; "" for all.

    Args:
        names: of categories by id.
    """
    if cut == "all":
        return ""
    kind, colon, value = cut.partition(":")
    if not colon:
        return names.get(cut, cut.replace("_", " "))
    return _CUTS.get(kind, {}).get(value, value.replace("_", " "))
