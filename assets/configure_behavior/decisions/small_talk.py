"""Messages that greet or thank and ask nothing.

Belongs here: a closed list of words. Does not belong here: what is said back (``openings``).

A message is small talk when every word of it is in the list. That misses many kind sentences and catches no question,
which is the side to be wrong on.
"""

from __future__ import annotations

import re

from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.audit_tickets.texts.personal_data import words

MAX_WORDS, MAX_CHARS = 8, 120
_CORE = words(
    "hi hello hey hiya howdy greetings morning afternoon evening thanks thank thx ty cheers bye goodbye "
    "hallo moin servus tag abend danke dank tschuess hola gracias adios bonjour salut merci ciao grazie ola obrigado"
)
_BESIDE = words(
    "there all everyone team support again good you very so much a lot many guten schoenen vielen sehr nochmal euch ihnen "
    "buenos buenas dias tardes noches muchas mil great perfect ok okay for your the help und and y that works super"
)
_WORD = re.compile(r"[^\W_]+")


def is_small_talk(text: str) -> bool:
    """Whether a message only greets or thanks, such as "hi there", "ok, thank you very much!" or a thumbs-up."""
    if len(text) > MAX_CHARS or "?" in text:
        return False
    said = _WORD.findall(fold(text))
    if len(said) > MAX_WORDS or any(word not in _CORE and word not in _BESIDE for word in said):
        return False
    return not said or any(word in _CORE for word in said)
