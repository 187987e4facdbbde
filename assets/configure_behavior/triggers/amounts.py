"""Amounts of money in a message: numbers beside a currency, as people write them.

Belongs here: recognising an amount and reading its number. Does not belong here: exchange rates (an amount is compared
as the number it is written with) and what an amount means for a trigger (``find_triggers``).
"""

from __future__ import annotations

import re

_CURRENCY = (
    r"(?:[€$£¥]|(?:eur|usd|gbp|chf|aud|cad|us\$|euros?|dollars?|d[oó]lar(?:es)?|pounds?|quid|bucks|libras|francs?|franken)"
    r"(?![a-z]))"
)
_NUMBER = r"\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d{1,9}(?:[.,]\d{1,2}(?!\d))?"
_THOUSAND = r"(?:[ ]?(?:k|tsd\.?|mil|thousand|tausend)(?![a-z]))?"
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?P<before>{_CURRENCY})\s?(?P<first>{_NUMBER})(?P<first_k>{_THOUSAND})"
    rf"|(?<![\w.,])(?P<second>{_NUMBER})(?P<second_k>{_THOUSAND})(?:[.,]-+)?\s?(?P<after>{_CURRENCY})",
    re.IGNORECASE,
)


def amounts_in(text: str) -> list[float]:
    """The amounts named, in the order of the text: ``€480``, ``$1,188``, ``660 euros``, ``1.188,00 €``, ``1.2k EUR``.

    A number without a currency is none: "480 MB" and "40 seats" are not money.
    """
    found = []
    for match in _AMOUNT.finditer(text):
        number = read_number(match["first"] or match["second"])
        found.append(number * (1000 if match["first_k"] or match["second_k"] else 1))
    return found


def read_number(text: str) -> float:
    """A number as English, German, Spanish and Swiss people write it.

    The last mark before one or two digits is the decimal one; a mark before three digits groups thousands.
    """
    digits = re.sub(r"[' \u00a0\u202f]", "", text)
    match = re.fullmatch(r"(?P<whole>[\d.,]*?)(?:[.,](?P<part>\d{1,2}))?", digits)
    assert match is not None, text
    whole = re.sub(r"[.,]", "", match["whole"]) or "0"
    return float(f"{whole}.{match['part'] or 0}")
