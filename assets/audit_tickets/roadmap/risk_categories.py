"""Categories that are a risk by what they are about, whatever their tickets sound like.

Belongs here: recognising from a category's name, description and example phrases that it must go to a person. Does
not belong here: counting risky tickets (`risk_signals`) and deciding buckets (`buckets`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from assets.audit_tickets.roadmap.risk_patterns import ESCALATING_SIGNALS, SIGNALS, fold
from assets.audit_tickets.roadmap.risk_signals import find_risk_signals

_SUBJECTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (signal, re.compile(fold(pattern)))
    for signal, pattern in (
        ("refund", r"\brefund\w*|\bmoney ?back\b|\breimburs\w+|\b(?:ruck|rueck)?erstattung\w*|\breembols\w+|\bdevolucion\w* de(?:l)? (?:dinero|pago)"),
        ("billing_dispute", r"\bdisput\w+|\bcharge ?back\w*|\b(?:wrong|double|unauthori[sz]ed|unexpected|incorrect|duplicate) (?:charge|billing|invoice|"
         r"payment)\w*|\bovercharg\w+|\breklamation\w*|\bbilling complaint\w*|\bcobros? (?:indebido|duplicado)s?"),
        ("legal", r"\blegal\b(?! size)|\blawsuit\w*|\blitigation\b|\b(?:gdpr|dsgvo|rgpd|ccpa)\b|\bdata (?:subject|protection) request\w*|\bsubpoena\w*|"
         r"\b(?:recht|rechtlich)\w*\b|\blegales?\b"),
        ("churn", r"\bcancel(?:ling|ing|lation|ation|lations|ations)?\b(?! (?:\w+ ){0,2}(?:downloads?|uploads?|send\w*|meetings?|events?|jobs?|e-?mails?|imports?|exports?)\b)|\bterminat\w+ (?:contract|subscription|account)|"
         r"\b(?:close|closing|delete|deleting|account) (?:my |an |the )?(?:closure|account)\b|\bchurn\b|\bkuendigung\w*|\bkuendigen\b|\bbaja\b|\bcancelacion\w*"),
        ("security_incident", r"\bsecurity (?:incident|breach|report|vulnerabilit)\w*|\bhacked\b|\bcompromised\b|\bphish\w+|\bdata (?:leak|breach)\w*|"
         r"\baccount takeover\b|\bvulnerabilit\w+|\bunauthori[sz]ed access\b|\bfraud\w*|\bsicherheitsvorf\w+|\bgehackt\w*|\bhackead\w+"),
        ("self_harm", r"\bself[- ]?harm\b|\bsuicid\w+"),
        ("distress", r"\bbereave\w+|\bdeceased\b|\bdeath\b|\bhardship\b|\btrauerfall\w*|\bfallecimiento\b"),
        ("press", r"\b(?:press|media) (?:inquir|enquir|request)\w*|\bjournalist\w*|\bpresseanfrage\w*"),
        ("anger", r"\bcomplaint\w*|\bbeschwerde\w*|\bquejas?\b"),
    )
)  # fmt: skip
_DENIAL = re.compile(
    r"\b(?:not|no|except|excluding|without|other than|unlike|nicht|kein\w*|ohne|ausser|sin|excepto|salvo)\b"
)
_MIN_EXAMPLES = 2


def risk_subject(name: str, description: str = "", examples: Sequence[str] = ()) -> str | None:
    """What makes a category a risk by itself, in words for a reason sentence, or None.

    The name decides on its own ("Refunds"). A description decides unless the phrase is denied ("plan changes, not
    cancellations"). Examples decide when at least two, and more than half, carry the same escalating signal.
    A complaints category counts although anger in one ticket would not.
    """
    folded_name = fold(name.replace("_", " ").replace("-", " "))
    for signal, pattern in _SUBJECTS:
        if pattern.search(folded_name):
            return f"its name says that the customer {_claim(signal)}"
    folded = fold(description)
    for signal, pattern in _SUBJECTS:
        match = pattern.search(folded)
        if match and not _DENIAL.search(folded[max(0, match.start() - 60) : match.start()]):
            return f"its description says that the customer {_claim(signal)}"
    found = Counter(hit.signal for example in examples for hit in find_risk_signals(example))
    for signal in ESCALATING_SIGNALS:
        if found[signal] >= _MIN_EXAMPLES and found[signal] > len(examples) / 2:
            return f"in {found[signal]} of its {len(examples)} example phrases the customer {_claim(signal)}"
    return None


def _claim(signal: str) -> str:
    return "complains" if signal == "anger" else SIGNALS[signal]
