"""From figures to a proposal: automate, hybrid or escalate, with the reasons in sentences.

Belongs here: the rules, their limits, and the wording of reasons. Does not belong here: measuring (`category_metrics`,
`risk_signals`, `answer_consistency`, `account_context`) and the order of training (`training_order`).

The rules are asymmetric on purpose. To escalate, a probable risk is enough; to automate, everything that is asked for
must have been measured. A proposal is for people to decide on: what the desk has decided stands, and is shown beside
what the figures alone would say.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Bucket = Literal["automate", "hybrid", "escalate"]
BUCKETS: tuple[Bucket, ...] = ("automate", "hybrid", "escalate")


@dataclass(frozen=True)
class BucketRules:
    """The limits. The first two come from the desk (`audit`), the rest are defaults with a reason each."""

    min_training_examples: int = 30
    risk_share: float = 0.15
    risk_prior_tickets: float = 10.0
    """Weight of the desk's own share of risky tickets, in tickets: one of two does not make a category risky."""
    min_answer_consistency: float = 0.05
    """Free prose resting on one and the same help article measures about 0.05 (Thunderbird forum, 33 articles)."""
    max_account_context_rate: float = 0.40
    max_strain_share: float = 0.30
    """Share of tickets with anger or a demand for a person above which a person should send the answer."""


@dataclass(frozen=True)
class BucketEvidence:
    """What the rules look at. Counts of text are over tickets outside the holdout."""

    is_candidate: bool
    risk_subject: str | None
    count_tickets: int
    count_read: int
    count_risk: int
    signal_counts: Mapping[str, int]
    desk_risk_share: float
    count_strained: int
    count_training_examples: int
    answer_consistency: float
    answer_consistency_low: float
    count_answers: int
    account_context_numerator: int
    account_context_denominator: int
    answer_differs_by: tuple[str, ...] = ()
    decided_bucket: Bucket | None = None


@dataclass(frozen=True)
class BucketProposal:
    """`bucket` is what the figures propose; `reasons` also mention a decision of the desk that differs."""

    bucket: Bucket
    reasons: tuple[str, ...] = field(default_factory=tuple)


def shrunk_risk_share(count_risk: int, count_read: int, desk_risk_share: float, prior_tickets: float) -> float:
    """Share of risky tickets, drawn towards the desk's own share (mean of a beta posterior)."""
    return (count_risk + prior_tickets * desk_risk_share) / (count_read + prior_tickets)


def propose_bucket(evidence: BucketEvidence, rules: BucketRules) -> BucketProposal:
    """Apply the rules, strongest first: risk, then what keeps a category from being automated, else automate."""
    escalate = _reasons_to_escalate(evidence, rules)
    if escalate:
        bucket: Bucket = "escalate"
        reasons = escalate
    else:
        reasons = _reasons_for_hybrid(evidence, rules)
        bucket = "hybrid" if reasons else "automate"
        reasons = reasons or _reasons_to_automate(evidence)
    if evidence.answer_differs_by:
        reasons.append(
            f"Answers differ by {_listed(evidence.answer_differs_by)}: one entry for each case, with conditions."
        )
    decided = evidence.decided_bucket
    if decided and decided != bucket:
        warning = ""
        if decided == "automate" and evidence.count_training_examples < rules.min_training_examples:
            warning = " It still cannot be trained before it has enough examples."
        reasons.insert(0, f"The desk decided '{decided}'; the figures alone propose '{bucket}'.{warning}")
    return BucketProposal(bucket, tuple(reasons))


def _reasons_to_escalate(evidence: BucketEvidence, rules: BucketRules) -> list[str]:
    reasons = []
    if evidence.risk_subject:
        reasons.append(f"Always a person, whatever the volume: {evidence.risk_subject}.")
    share = shrunk_risk_share(
        evidence.count_risk, evidence.count_read, evidence.desk_risk_share, rules.risk_prior_tickets
    )
    if evidence.count_risk and share >= rules.risk_share:
        reasons.append(_risk_sentence(evidence) + f"; the limit is {_percent(rules.risk_share)}.")
    return reasons


def _reasons_for_hybrid(evidence: BucketEvidence, rules: BucketRules) -> list[str]:
    reasons = []
    if evidence.is_candidate:
        reasons.append("A proposed category: nobody has accepted it yet, so it cannot be automated.")
    if evidence.count_training_examples < rules.min_training_examples:
        reasons.append(
            f"Too few examples to train on: {evidence.count_training_examples}, and "
            f"{rules.min_training_examples} are needed."
        )
    if not evidence.count_tickets:
        reasons.append("No ticket in the window.")
    if evidence.count_read and evidence.count_risk / evidence.count_read >= rules.risk_share:
        reasons.append(_risk_sentence(evidence) + ", too few tickets to be sure either way.")
    if math.isnan(evidence.answer_consistency):
        reasons.append(f"Too few human answers to tell whether they are alike ({evidence.count_answers}).")
    elif evidence.answer_consistency < rules.min_answer_consistency:
        reasons.append(
            f"Human answers differ: likeness {evidence.answer_consistency:.1%} over {evidence.count_answers} answers, "
            f"and {rules.min_answer_consistency:.0%} is needed."
        )
    elif evidence.answer_consistency_low <= 0:
        reasons.append(
            f"The {evidence.count_answers} human answers read are too few to show that they are alike (likeness "
            f"{evidence.answer_consistency:.1%}, but the interval includes 0)."
        )
    asked, answered = evidence.account_context_numerator, evidence.account_context_denominator
    if answered and asked / answered > rules.max_account_context_rate:
        reasons.append(
            f"In {asked} of {answered} answered tickets ({_percent(asked / answered)}) people looked into the account "
            f"or asked for account facts; the limit is {_percent(rules.max_account_context_rate)}."
        )
    if evidence.count_read and evidence.count_strained / evidence.count_read > rules.max_strain_share:
        reasons.append(
            f"{evidence.count_strained} of {evidence.count_read} tickets "
            f"({_percent(evidence.count_strained / evidence.count_read)}) are angry or ask for a person."
        )
    return reasons


def _reasons_to_automate(evidence: BucketEvidence) -> list[str]:
    asked, answered = evidence.account_context_numerator, evidence.account_context_denominator
    account = f"account facts were needed in {asked} of {answered} answered tickets" if answered else "no answer read"
    return [
        f"Human answers are alike (likeness {evidence.answer_consistency:.1%} over {evidence.count_answers} answers), "
        f"{account}, and {evidence.count_risk} of {evidence.count_read} tickets carry a risk signal.",
        f"{evidence.count_training_examples} examples to train on.",
    ]


def _risk_sentence(evidence: BucketEvidence) -> str:
    most = sorted(((n, s) for s, n in evidence.signal_counts.items() if n), key=lambda pair: (-pair[0], pair[1]))[:3]
    named = _listed([f"{signal.replace('_', ' ')} ({count})" for count, signal in most])
    share = _percent(evidence.count_risk / evidence.count_read)
    return f"{evidence.count_risk} of {evidence.count_read} tickets ({share}) carry a risk signal: {named}"


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.01 or share == 0 else f"{share:.1%}"


def _listed(words: list[str] | tuple[str, ...]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
