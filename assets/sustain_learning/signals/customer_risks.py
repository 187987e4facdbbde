"""Customers who say that they are leaving, or want their money back.

Belongs here: which of the risk signals speak of leaving, and the words for moving to something else. Does not belong here:
the patterns themselves (``audit_tickets.roadmap.risk_patterns``) or rates (``segment_rates``).
"""

from __future__ import annotations

import re

import pandas as pd

from assets.audit_tickets.roadmap.risk_patterns import fold, is_negated
from assets.audit_tickets.roadmap.risk_signals import find_risk_signals

LEAVING_SIGNALS = ("churn", "refund")
_MOVES = re.compile(
    r"\b(?:(?:will|going to|gonna|have to|forced to|want to|about to|thinking of|considering|decided to|'ll) ~?(?:be )?"
    r"(?:switch(?:ing)?|mov(?:e|ing)|go(?:ing)? back|chang(?:e|ing)|migrat(?:e|ing)) (?:back )?(?:to|over to) (?:another|a different|"
    r"some other|something else|a competitor|outlook|gmail|another provider)|"
    r"(?:look(?:ing)? for|find(?:ing)?) (?:an? )?(?:alternative|replacement|another (?:product|provider|program|client|tool))|"
    r"(?:i am|i'm|we are|we're) (?:done with|leaving|giving up on|through with)|"
    r"(?:wechsel\w*|umsteigen) (?:\w+ ){0,3}(?:zu|auf) (?:einem|einen|ein|eine) ander\w*|suche? (?:\w+ ){0,2}alternative|"
    r"(?:cambiar(?:me)?|pasar(?:me)?) a otr[oa])\b".replace("~?", "")
)


def says_leaving(text: str, language: str | None) -> bool:
    """Whether a message (redacted) speaks of cancelling, a refund, or moving to something else."""
    folded = fold(text[:4_000])
    for match in _MOVES.finditer(folded):
        if not is_negated(folded, match.start()):
            return True
    return any(hit.signal in LEAVING_SIGNALS for hit in find_risk_signals(text, language))


def leaving_tickets(texts: pd.DataFrame) -> pd.Series:
    """Whether each ticket's first words speak of leaving: bool, index ticket_id.

    Args:
        texts: ticket_id, text, language (``ticket_texts``).
    """
    known: dict[tuple[str, object], bool] = {}
    said = []
    for text, language in zip(texts["text"].astype("object").fillna("").astype(str), texts["language"], strict=True):
        spoken = language if isinstance(language, str) and language not in ("", "und") else None
        if (text, spoken) not in known:
            known[text, spoken] = says_leaving(text, spoken)
        said.append(known[text, spoken])
    return pd.Series(said, index=texts["ticket_id"].astype(str), dtype=bool)
