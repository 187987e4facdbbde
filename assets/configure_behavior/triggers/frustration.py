"""How frustrated a customer sounds in one message: not at all, once, or so much that it counts twice.

Belongs here: the levels that ``frustration_above`` adds up. Does not belong here: the score that the audit averages
(``risk_signals.frustration_score``), which this reads.

Somebody who tells the agent that its answer did not help is frustrated with it, however politely; somebody who shouts
that it is the third time has been frustrated before. Both are lexical cues in English, German and Spanish.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.audit_tickets.roadmap.risk_signals import RiskHit, frustration_score

FRUSTRATED_AT = 0.6
"""The score from which a message counts: an angry phrase (0.63), or shouting more than once."""
FURIOUS_AT = 0.8
"""The score from which it counts twice: an angry phrase together with shouting or capitals."""

_NOT_HELPED = re.compile(
    r"\b(?:(?:does|do|did|is|was)(?:n'?t| not)|not|never) (?:\w+ ){0,2}(?:help(?:ing|ful)?|answer(?:ing)? (?:my|the|our)|what i asked)\b"
    r"|\bstill (?:\w+ )?(?:not|no|nothing|does ?n'?t|is ?n'?t|wrong|broken|the same)\b|\bwrong again\b|\b(?:same|useless|wrong) (?:answer|reply)\b"
    r"|\b(?:are|do|did) you (?:even )?(?:reading|read|listening|listen)\b|\byou (?:did ?n'?t|did not|don'?t|do not|are ?n'?t|are not) (?:\w+ )?(?:read|reading|listen|listening|understand)\w*"
    r"|\b(?:hilft|half|nuetzt|bringt) (?:\w+ ){0,2}(?:nicht|nichts|wenig)\b|\b(?:immer noch|noch immer|weiterhin|wieder) (?:nicht|falsch|kaputt|dasselbe|das gleiche)\b"
    r"|\bnicht (?:das|die|meine|auf) (?:was ich |meine )?(?:gefragt|frage)\b|\b(?:lesen|lest|liest) (?:sie|ihr|du|das) (?:\w+ )?(?:ueberhaupt|eigentlich|jemand)\b"
    r"|\bno (?:me |nos )?(?:ayuda|ayudo|sirve|sirvio|funciono)\b|\bsigue (?:sin|igual|mal)\b|\bno es lo que (?:pregunt|ped)\w+"
)
_COUNTED = re.compile(
    r"\b(?:third|fourth|fifth|sixth|tenth|[3-9](?:rd|th)|umpteenth) time\b"
    r"|\b(?:zum|das) (?:\w+ )?(?:dritte|vierte|fuenfte|sechste|x-?te)n? ?mal\b"
    r"|\b(?:tercera|cuarta|quinta|enesima) vez\b"
)
_PLEASED = re.compile(
    r"\b(?:thanks|thank you|thx|great|awesome|perfect|love it|danke|super|prima|klasse|gracias|genial|perfecto)\b"
)


def frustration_level(text: str, hits: Iterable[RiskHit] = ()) -> int:
    """0 not frustrated, 1 frustrated, 2 furious. ``text`` is bounded already, ``hits`` are its risk signals.

    A counted complaint ("the fourth time") raises an angry or shouting message to 2. Exclamation marks beside thanks
    are joy, unless the message complains too.
    """
    known = list(hits)
    folded = fold(text)
    score = frustration_score(text, known)
    is_angry = any(hit.signal == "anger" for hit in known)
    complains = bool(_NOT_HELPED.search(folded))
    counted = bool(_COUNTED.search(folded))
    if _PLEASED.search(folded) and not (is_angry or complains or counted):
        return 0
    if score >= FURIOUS_AT or (counted and score >= FRUSTRATED_AT):
        return 2
    return int(score >= FRUSTRATED_AT or complains)
