"""Days on which the helpdesk's labels changed: renamed, split or merged.

Belongs here: telling that labels fell away and others took their place on one day while customers wrote about the same
things. Does not belong here: spikes, which are never looked for among labels (``detect_changes`` watches texts).

A day is a break when the labels given before and after surely differ as a whole (likelihood ratio), labels that held 15 % of
all fell to less than a third of their share while others that hold 15 % rose to more than three times theirs, and texts moved
far less than labels did. Customers' trouble makes labels rise; it does not make others vanish on the same day. Tickets without
a label say nothing: a field that nobody fills in any more has not been renamed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

BEFORE_DAYS = 28
LATEST_DAYS = 10
"""So long after it a break can still be found."""
AFTER_DAYS = 14
LEAST_AFTER, LEAST_BEFORE = 30, 100
LEAST_SHARE = 0.02
FACTOR = 3.0
LEAST_MOVED = 0.15
"""Of all labels given, the share that must have vanished, and the share that must have appeared."""
SURE = 1e-8
"""p of the whole difference; every day tries ten."""
LIKELY = 0.02
"""p of one label's fall or rise."""
WAS_THERE, WAS_THERE_TICKETS = 0.01, 3
"""p and tickets of a day on which the new labels were given already; one ticket may have been relabelled later."""
TEXTS_MOVED_LESS = 0.5
"""Times what labels moved: more, and customers write about other things as well."""
TAKES_SHARE = 0.3


@dataclass(frozen=True)
class LabelChange:
    """``system``: the field, or "tags". ``start``, ``found``: days since the first. ``died``, ``born``: labels, the largest
    first. ``into``: by label that died, those that took its texts. ``moved``: share of labels that changed;
    ``texts_moved``: of texts (total variation less what chance makes)."""

    system: str
    start: int
    found: int
    died: tuple[str, ...]
    born: tuple[str, ...]
    into: Mapping[str, tuple[str, ...]]
    moved: float
    texts_moved: float
    count_tickets: int


def find_label_changes(
    day: np.ndarray, systems: Mapping[str, pd.Series], text_category: np.ndarray, days: int
) -> list[LabelChange]:
    """Breaks in each label system, in the order in which they were found.

    Args:
        day: (n,) days since the first, of each ticket. systems: by name, (n,) a label, a list of labels or null.
        text_category: (n,) what texts are about, null where not known. days: how many days there are.
    """
    found = []
    codes, names = pd.factorize(pd.Series(text_category, dtype="object"), sort=True)
    texts = _by_day(day[codes >= 0], codes[codes >= 0], days, len(names))
    for system, given in systems.items():
        flat = given.reset_index(drop=True).map(_labels).explode()
        label_codes, labels = pd.factorize(flat, sort=True)
        at = flat.index.to_numpy()
        real = (label_codes >= 0) & (day[at] >= 0) & (day[at] < days)
        if not real.any() or len(labels) < 2:
            continue
        counts = _by_day(day[at[real]], label_codes[real], days, len(labels))
        joint = (day[at[real]], label_codes[real], codes[at[real]])
        found += _watch(system, counts, texts, [str(one) for one in labels], joint)
    return sorted(found, key=lambda one: (one.found, one.system))


def _watch(
    system: str,
    counts: np.ndarray,
    texts: np.ndarray,
    labels: list[str],
    joint: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> list[LabelChange]:
    from scipy.stats import chi2

    found: list[LabelChange] = []
    blocked = 0
    through = np.concatenate([np.zeros((1, counts.shape[1])), np.cumsum(counts, axis=0)])
    for today in range(7, len(counts)):
        best: tuple[float, int, np.ndarray, np.ndarray] | None = None
        for start in range(max(today - LATEST_DAYS + 1, blocked + 1, 7), today + 1):
            before = through[start] - through[max(start - BEFORE_DAYS, blocked)]
            after = through[today + 1] - through[start]
            if before.sum() < LEAST_BEFORE or after.sum() < LEAST_AFTER:
                continue
            died, born = _turned(before, after)
            if died.any() and born.any():
                score = _surprise(before, after)
                kinds = int(((before + after) > 0).sum()) - 1
                if chi2.sf(2 * score, kinds) < SURE and (best is None or score > best[0]):
                    best = score, start, died, born
        if best is None:
            continue
        _, start, died, born = best
        change = _describe(system, start, today, counts, texts, labels, joint, died, born, blocked)
        if change is not None:
            found.append(change)
            blocked = start
    return found


def _turned(before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which labels vanished and which appeared, or none of either where too little moved."""
    from scipy.stats import poisson

    was, now = before / before.sum(), after / after.sum()
    least = np.maximum(was, 0.5 / before.sum())
    died = (was >= LEAST_SHARE) & (now <= was / FACTOR)
    born = (now >= LEAST_SHARE) & (now >= FACTOR * least)
    if _moved_enough(was, now, died, born):
        # Chance makes rare labels vanish from a short while: these do not count.
        died &= poisson.cdf(after, was * after.sum()) < LIKELY
        born &= poisson.sf(after - 1, least * after.sum()) < LIKELY
        if _moved_enough(was, now, died, born):
            return died, born
    return np.zeros_like(died), np.zeros_like(born)


def _moved_enough(was: np.ndarray, now: np.ndarray, died: np.ndarray, born: np.ndarray) -> bool:
    return bool((was - now)[died].sum() >= LEAST_MOVED and (now - was)[born].sum() >= LEAST_MOVED)


def _describe(
    system: str, start: int, today: int, counts: np.ndarray, texts: np.ndarray, labels: list[str],
    joint: tuple[np.ndarray, np.ndarray, np.ndarray], died: np.ndarray, born: np.ndarray, blocked: int,
) -> LabelChange | None:  # fmt: skip
    since = max(start - BEFORE_DAYS, blocked)
    before, after = counts[since:start].sum(axis=0), counts[start : today + 1].sum(axis=0)
    moved = 0.5 * float(np.abs(before / before.sum() - after / after.sum()).sum())
    texts_moved = _moved_beyond_chance(texts[since:start].sum(axis=0), texts[start : today + 1].sum(axis=0))
    if texts_moved > TEXTS_MOVED_LESS * moved:
        return None
    # Which labels there are now is told from two weeks, where they have passed; that there was a break, from what there was then.
    until = min(start + AFTER_DAYS, len(counts))
    died, born = _turned(before, counts[start:until].sum(axis=0)) if until > today + 1 else (died, born)
    if not (died.any() and born.any()):
        return None
    start = _began(start, today, counts, before, born, blocked)
    gone = [int(one) for one in np.argsort(-before, kind="stable") if died[one]]
    later = counts[start:until].sum(axis=0)
    came = [int(one) for one in np.argsort(-later, kind="stable") if born[one]]
    into = _into(gone, came, joint, since, start, until, labels)
    return LabelChange(
        system, start, today, tuple(labels[one] for one in gone), tuple(labels[one] for one in came), into, moved,
        texts_moved, int(after.sum()),
    )  # fmt: skip


def _began(start: int, today: int, counts: np.ndarray, before: np.ndarray, born: np.ndarray, blocked: int) -> int:
    """The first day of those until today on which the new labels were given: they seldom change at midnight."""
    from scipy.stats import poisson

    share = max(float(before[born].sum()), 0.5) / float(before.sum())
    first = None
    for day in range(today, max(start - LATEST_DAYS, blocked, 0), -1):
        total, given = float(counts[day].sum()), float(counts[day, born].sum())
        if total and (given < WAS_THERE_TICKETS or poisson.sf(given - 1, share * total) >= WAS_THERE):
            break
        first = day if total else first
    return start if first is None else first


def _into(
    gone: list[int], came: list[int], joint: tuple[np.ndarray, np.ndarray, np.ndarray], since: int, start: int, until: int,
    labels: list[str],
) -> dict[str, tuple[str, ...]]:  # fmt: skip
    """Where the texts of a label went: what is written about as it was then, by the label that such texts have now."""
    day, label, text = joint
    known = text >= 0
    was = known & (day >= since) & (day < start)
    now = known & (day >= start) & (day < until) & np.isin(label, came)
    if not now.any():
        return {}
    size = int(text.max()) + 1
    given = np.zeros((size, len(labels)))
    np.add.at(given, (text[now], label[now]), 1.0)
    given = given / np.maximum(given.sum(axis=1, keepdims=True), 1.0)
    found = {}
    for one in gone:
        profile = np.bincount(text[was & (label == one)], minlength=size).astype(float)
        shares = (profile / max(profile.sum(), 1.0)) @ given
        order = [int(which) for which in np.argsort(-shares, kind="stable") if shares[which] >= TAKES_SHARE]
        found[labels[one]] = tuple(labels[which] for which in order)
    return found


def _surprise(before: np.ndarray, after: np.ndarray) -> float:
    """Likelihood ratio of two distributions against one, in nats; largest where the windows meet at the break."""
    both = before + after
    total = 0.0
    for part in (before, after):
        kept = part > 0
        total += float((part[kept] * np.log(part[kept] / part.sum() / (both[kept] / both.sum()))).sum())
    return total


def _moved_beyond_chance(before: np.ndarray, after: np.ndarray) -> float:
    if before.sum() < 1 or after.sum() < 1:
        return 0.0
    was, now = before / before.sum(), after / after.sum()
    both = (before + after) / (before.sum() + after.sum())
    # Mean total variation of two samples of one distribution, by the normal approximation of each share.
    chance = 0.5 * np.sqrt(2 / np.pi) * np.sqrt(both * (1 - both) * (1 / before.sum() + 1 / after.sum())).sum()
    return max(0.0, 0.5 * float(np.abs(was - now).sum()) - float(chance))


def _by_day(day: np.ndarray, codes: np.ndarray, days: int, values: int) -> np.ndarray:
    counts = np.zeros((days, max(values, 1)))
    inside = (day >= 0) & (day < days)
    np.add.at(counts, (day[inside], codes[inside]), 1.0)
    return counts


def _labels(value: object) -> object:
    if isinstance(value, (list, tuple, set, frozenset)) or hasattr(value, "tolist"):
        return sorted({str(one) for one in value}) or None  # type: ignore[attr-defined]
    return [str(value)] if isinstance(value, str) and value else None
