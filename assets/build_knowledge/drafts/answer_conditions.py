"""For whom an answer was given: conditions read off the customers who got it.

Belongs here: testing whether an answer goes with a fact that the ticket carries (plan, sso, os, role). Does not belong
here: the form of conditions (`conditions`), text that names a condition in an article (`articles`).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.audit_tickets.texts.personal_data import words
from assets.build_knowledge.conditions import Conditions, canonical_value, parse_conditions

CONTEXT_COLUMNS = ("plan", "sso", "os")
NOT_CONDITIONS = words(
    "topic page subject category type priority status channel locale language user_agent useragent agent version browser"
)
"""Facts of a ticket that say what it is about or where it was written, not who the reader is."""

MAX_VALUES = 12
MIN_KNOWN = 3
COVERS = 0.85
MAX_P = 0.01
MAX_P_NAMED = 0.1


@dataclass(frozen=True)
class Derived:
    """Conditions of an answer and what they rest on, by field: (customers with these values, customers known)."""

    conditions: Conditions
    support: dict[str, tuple[int, int]]


def ticket_contexts(tickets: pd.DataFrame) -> pd.DataFrame:
    """Facts by ticket: frame indexed by ticket_id, a column a field, canonical values or None.

    Read are the columns plan, sso, os and the JSON of `context`; fields with more than `MAX_VALUES` values (a
    workspace's name) and those of `NOT_CONDITIONS` are left out.
    """
    rows: dict[str, dict[str, str]] = {}
    for row in tickets.to_dict("records"):
        facts = _from_json(row.get("context"))
        facts.update({name: row[name] for name in CONTEXT_COLUMNS if name in row and not _is_missing(row[name])})
        rows[row["ticket_id"]] = {
            field: canonical_value(field, value) for field, value in facts.items() if field not in NOT_CONDITIONS
        }
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame = frame.astype("object").where(frame.notna(), None)
    kept = [name for name in sorted(frame.columns) if 2 <= frame[name].nunique() <= MAX_VALUES]
    return frame[kept]


def customer_facts(tickets: pd.DataFrame) -> dict[str, dict[str, object]]:
    """What the tickets say of each customer, by ticket_id: the known ones of ``ticket_contexts``."""
    rows = ticket_contexts(tickets).to_dict("index") if len(tickets) else {}
    return {
        str(ticket): {str(field): value for field, value in row.items() if value is not None}
        for ticket, row in rows.items()
    }


def derive_conditions(rows: Sequence[int], contexts: pd.DataFrame, answer: str) -> Derived:
    """Conditions under which one answer is given, tested against the other answers of its category.

    Args:
        rows: numbers of the answers that say this, among the rows of `contexts`.
        contexts: frame [answer of the category], a column a fact; None where unknown.
        answer: the answer's text.

    A field becomes a condition when at least `COVERS` of the customers whose value is known have one of a few values,
    those are not all values there are, and the other answers went to them significantly less often (Fisher's exact
    test, one-sided, p <= 0.01; 0.1 is enough where the answer itself names the value, "On Android open ..."). Fields
    are taken one after the other, each tested among the customers that the earlier ones leave.
    """
    mine = np.zeros(len(contexts), dtype=bool)
    mine[list(rows)] = True
    found: Conditions = {}
    support: dict[str, tuple[int, int]] = {}
    while True:
        # Facts go together (only one plan has single sign-on): what one field explains, a second must not repeat.
        among = mine | _surely_fits(contexts, found)
        tested = [
            _test(field, mine, among, contexts[field], answer) for field in contexts.columns if field not in found
        ]
        passed = [test for test in tested if test is not None]
        if not passed:
            return Derived(parse_conditions(found), support)
        best = min(passed, key=lambda test: (test.p_value, test.field))
        found[best.field], support[best.field] = best.values, best.support


@dataclass(frozen=True)
class _Test:
    field: str
    values: list[str]
    support: tuple[int, int]
    p_value: float


def _test(field: str, mine: np.ndarray, among: np.ndarray, values: pd.Series, answer: str) -> _Test | None:
    known = values.notna().to_numpy() & among
    own = Counter(str(value) for value in values[mine & known])
    every = {str(value) for value in values[known]}
    if own.total() < MIN_KNOWN or len(every) < 2:
        return None
    chosen = _covering(own)
    if chosen == every:
        return None
    inside = values.isin(chosen).to_numpy()
    a, b = int((mine & known & inside).sum()), int((mine & known & ~inside).sum())
    c, d = int((~mine & known & inside).sum()), int((~mine & known & ~inside).sum())
    p_value = _fisher_greater(a, b, c, d)
    is_named = len(chosen) == 1 and _names(answer, next(iter(chosen)))
    if p_value > (MAX_P_NAMED if is_named else MAX_P):
        return None
    return _Test(field, sorted(chosen), (a, a + b), p_value)


def _surely_fits(contexts: pd.DataFrame, conditions: Conditions) -> np.ndarray:
    """Mask of rows that are known to meet `conditions`."""
    mask = np.ones(len(contexts), dtype=bool)
    for field, values in conditions.items():
        mask &= contexts[field].isin(values).to_numpy()
    return mask


def fits(contexts: pd.DataFrame, conditions: Conditions) -> np.ndarray:
    """Mask of rows whose known facts do not speak against `conditions`."""
    mask = np.ones(len(contexts), dtype=bool)
    for field, values in conditions.items():
        if field in contexts:
            mask &= (contexts[field].isna() | contexts[field].isin(values)).to_numpy()
    return mask


def _covering(counts: Counter[str]) -> set[str]:
    """The commonest values that together cover `COVERS` of the customers."""
    chosen: set[str] = set()
    covered = 0
    for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if covered >= COVERS * counts.total():
            break
        chosen.add(value)
        covered += count
    return chosen


def _names(answer: str, value: str) -> bool:
    return value not in ("true", "false") and bool(re.search(rf"\b{re.escape(fold(value))}\b", fold(answer)))


def _fisher_greater(a: int, b: int, c: int, d: int) -> float:
    from scipy.stats import hypergeom

    return float(hypergeom.sf(a - 1, a + b + c + d, a + c, a + b))


def _from_json(text: object) -> dict[str, object]:
    if not isinstance(text, str) or not text.strip():
        return {}
    value = json.loads(text)
    return {str(name): one for name, one in value.items() if not _is_missing(one)} if isinstance(value, dict) else {}


def _is_missing(value: object) -> bool:
    return value is None or value != value or (isinstance(value, str) and not value.strip())
