"""Amounts of money are read as people write them; numbers that are no money are not."""

import pytest

from assets.configure_behavior.triggers.amounts import amounts_in


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("€480", [480]), ("$1,188 please", [1188]), ("660 euros", [660]), ("792 EUR or 528 €", [792, 528]),
        ("1.188,00 €", [1188]), ("12,50 €", [12.5]), ("49.- EUR", [49]), ("1'200.00 CHF", [1200]), ("US$ 1 200", [1200]),
        ("€1.5k", [1500]), ("3 thousand dollars", [3000]), ("2 mil euros", [2000]), ("EUR9", [9]), ("9.000 $", [9000]),
        ("20 pounds and 30 quid", [20, 30]), ("30 dólares", [30]),
        ("480 MB", []), ("40 seats", []), ("version 5.0", []), ("call 020 7946 0100", []), ("europe 3", []), ("", []),
        ("pro costs 11 euro-like coins", [11]),
    ],
)  # fmt: skip
def test_amounts(text, amounts):
    assert amounts_in(text) == amounts
