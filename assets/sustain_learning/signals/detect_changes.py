"""Watching daily counts for changes, as if every day were the last.

Belongs here: the watch. Does not belong here: counting (``daily_counts``), what a change means (``diagnose``).

Method. What is expected on a day is rate x weekday x exposure: the exposure of all tickets together is how much of the day
was there, that of any other series is the day's tickets of which the dimension is known, so that it is watched for its
*share*: seasons, holidays, gaps and growth that all have in common cannot move it. With one factor a weekday and a log link
the maximum-likelihood estimates of that model (a quasi-Poisson regression) are ratios of sums, which is how they are taken.
Every day each window of the last 1 to 14 days is held against what was expected in it: a window-limited scan for a change of
unknown begin (Lai 1995; for counts Höhle and Paul 2008), with the negative-binomial tail of Noufaily et al. (2013), whose
variance holds overdispersion, the baseline's own error and the wandering of levels, learnt from the series' own past.

False alarms. A window that is as expected falls below p with probability p at most, so that a month of looks with p_s at each
of w windows gives no more than 30.4 w p_s false alarms of a series, however its windows overlap; p_s is chosen such that these
bounds add up to ``alarms_per_month`` over all series together (Bonferroni in time and series; conservative).
``benchmarks.spikes`` counts them in simulated years.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assets.sustain_learning.signals.change_settings import DAYS_A_MONTH, ChangeSettings, share_out
from assets.sustain_learning.signals.count_tails import at_least, at_most
from assets.sustain_learning.signals.daily_counts import ALL, DailyCounts
from assets.sustain_learning.signals.expectation import Expectation, expectation_on

UP, DOWN = 1, -1
ESTABLISHED = 10.0
"""Tickets in the baseline from which on a value counts as usual."""


@dataclass
class Change:
    """A change of one series; days count from the first. ``end`` is None while it goes on; ``is_shift``: it lasted and has
    become the new level; ``p`` of the window that gave it away; ``rate`` and ``season`` (7,) are what was usual before, so
    that the expected count of a day is rate x season x exposure; ``spread``: relative error (log) of that expectation."""

    series: int
    direction: int
    start: int
    found: int
    p: float
    rate: float
    season: np.ndarray
    dispersion: float
    spread: float
    end: int | None = None
    is_shift: bool = False


def detect_changes(
    counted: DailyCounts, alarms_per_month: float, settings: ChangeSettings | None = None
) -> list[Change]:
    """All changes, in the order in which they were found.

    Args:
        counted: daily counts. alarms_per_month: false alarms that are bearable, all series together.

    Nothing that is told of a day depends on later ones (a change's end and whether it lasted become known later).
    """
    settings = settings or ChangeSettings()
    watch = _Watch(counted, alarms_per_month, settings)
    for day in range(settings.least_days, counted.days):
        watch.look(day)
    return watch.changes


class _Watch:
    def __init__(self, counted: DailyCounts, alarms_per_month: float, settings: ChangeSettings) -> None:
        self.counted, self.settings = counted, settings
        self.budget = alarms_per_month / DAYS_A_MONTH / len(settings.windows)
        self.usable = np.ones(counted.counts.shape, dtype=bool)
        self.misses: list[list[tuple[int, float, float]]] = [[] for _ in counted.dimension]
        self.open: dict[int, Change] = {}
        self.changes: list[Change] = []
        self.wander = np.full(len(counted.dimension), settings.wander)
        self.weekday = (counted.first_day.weekday() + np.arange(counted.days)) % 7

    def look(self, day: int) -> None:
        counted, settings = self.counted, self.settings
        exposure = counted.of[:, : day + 1].copy()
        exposure[0] = counted.coverage(day)
        # Of a day that is mostly missing the rest says little: the first hours of a morning are no sample of a day.
        exposure[0][exposure[0] < 0.5] = 0.0
        counts = np.where(exposure > 0, counted.counts[:, : day + 1], 0.0)
        usual = expectation_on(counts, exposure, self.usable[:, : day + 1], self.weekday, day, settings)
        is_seen = (counted.counts[:, : day + 1].sum(axis=1) > 0) & (counted.since <= day)
        if day % 7 == 0:
            self._learn_wandering(counts, exposure, usual, day)
        is_established = usual.seen >= ESTABLISHED
        level = self.budget * share_out(counted.dimension, is_established, is_seen, settings)
        # Days that belong to a change that was told are no news a second time.
        fresh = self.usable[:, : day + 1]
        p, ratio, excess, starts = self._scan(np.where(fresh, counts, 0.0), np.where(fresh, exposure, 0.0), usual, day)
        for series in np.flatnonzero((p.min(axis=1) < level) & usual.is_known & is_seen).tolist():
            if series in self.open:
                continue
            news = (
                (p[series] < level[series])
                & (ratio[series] >= settings.least_ratio)
                & (excess[series] >= settings.least_excess)
            )
            if news.any():
                best = int(np.argmin(np.where(news, p[series], 2.0)))
                self._found(series, UP, int(starts[best]), day, float(p[series, best]), usual)
        fallen = np.where(fresh[0], counts[0], 0.0), np.where(fresh[0], exposure[0], 0.0)
        self._look_for_fall(*fallen, usual, float(level[0]), day)
        for series in list(self.open):
            self._follow(series, counts[series], exposure[series], day)

    def _scan(
        self, counts: np.ndarray, exposure: np.ndarray, usual: Expectation, day: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """p, ratio and excess (s, windows), and the first day of each window."""
        starts = np.array([max(day - length + 1, 0) for length in self.settings.windows])
        seen = np.stack([counts[:, start:].sum(axis=1) for start in starts], axis=1)
        weight = np.stack(
            [(exposure[:, start:] * usual.season[:, self.weekday[start : day + 1]]).sum(axis=1) for start in starts],
            axis=1,
        )
        mean = usual.rate[:, None] * weight
        variance = usual.dispersion[:, None] * mean + mean**2 * (usual.error**2 + self.wander**2)[:, None]
        p = at_least(seen, mean, variance)
        of = np.stack([exposure[:, start:].sum(axis=1) for start in starts], axis=1)
        p = _by_the_rest(p, seen, of, mean, variance, usual, self.counted.dimension == ALL)
        ratio = seen / np.maximum(mean, 1e-9)
        return np.where(weight > 0, p, 1.0), ratio, seen - mean, starts

    def _look_for_fall(
        self, counts: np.ndarray, exposure: np.ndarray, usual: Expectation, level: float, day: int
    ) -> None:
        start = day - self.settings.fall_window + 1
        if 0 in self.open or start < 0 or not usual.is_known[0]:
            return
        weight = exposure[start:] * usual.season[0, self.weekday[start : day + 1]]
        if (exposure[start:] > 0).sum() < self.settings.fall_window * 0.7:
            return
        mean = float(usual.rate[0] * weight.sum())
        variance = usual.dispersion[0] * mean + mean**2 * (usual.error[0] ** 2 + self.wander[0] ** 2)
        p = float(at_most(counts[start:].sum(), np.array(mean), np.array(variance)))
        # At both ends of the window: a week of holidays in its middle lowers the whole, and has not stayed.
        part, per_day = self.settings.fall_window // 3, usual.rate[0] * weight
        ends = ((slice(start, start + part), per_day[:part]), (slice(day + 1 - part, day + 1), per_day[-part:]))
        is_low = all(counts[at].sum() * self.settings.least_ratio <= expected.sum() for at, expected in ends)
        if p < level and is_low and counts[start:].sum() * self.settings.least_ratio <= mean:
            self._found(0, DOWN, start, day, p, usual)

    def _found(self, series: int, direction: int, start: int, day: int, p: float, usual: Expectation) -> None:
        change = Change(
            series, direction, start, day, p, float(usual.rate[series]), usual.season[series].copy(),
            float(usual.dispersion[series]), float(np.hypot(usual.error[series], self.wander[series])),
        )  # fmt: skip
        self.open[series] = change
        self.changes.append(change)
        self.misses[series] = [one for one in self.misses[series] if one[0] < start]
        self.usable[series, start:] = False

    def _follow(self, series: int, counts: np.ndarray, exposure: np.ndarray, day: int) -> None:
        change, quiet = self.open[series], self.settings.quiet_days
        if day - change.start + 1 >= self.settings.shift_days:
            change.is_shift, change.end = True, day
            self.usable[series, : change.start] = False
            self.usable[series, change.start :] = True
            self.misses[series].clear()
            del self.open[series]
            return
        since = max(day - quiet + 1, change.start + 1)
        if day - since + 1 < quiet or exposure[since:].sum() <= 0 or day <= change.found:
            return
        mean = float((change.rate * change.season[self.weekday[since : day + 1]] * exposure[since:]).sum())
        allowed = np.sqrt(change.dispersion * mean + (mean * change.spread) ** 2)
        if change.direction * (counts[since:].sum() - mean) <= allowed:
            change.end = since - 1
            self.usable[series, since:] = True
            del self.open[series]

    def _learn_wandering(self, counts: np.ndarray, exposure: np.ndarray, usual: Expectation, day: int) -> None:
        """How far the last two weeks lay from what was expected of them, on the log scale, beyond what chance explains."""
        start = max(day - max(self.settings.windows) + 1, 0)
        mean = (usual.rate[:, None] * usual.season[:, self.weekday[start : day + 1]] * exposure[:, start:]).sum(axis=1)
        seen = counts[:, start:].sum(axis=1)
        steady = self.usable[:, start : day + 1].all(axis=1)
        for series in np.flatnonzero(usual.is_known & (mean >= ESTABLISHED) & steady).tolist():
            miss = float(np.log((seen[series] + 0.5) / (mean[series] + 0.5)))
            chance = float(usual.dispersion[series] / mean[series] + usual.error[series] ** 2)
            self.misses[series].append((day, miss, chance))

        settings = self.settings
        learnt = np.full(len(self.misses), settings.wander)
        for series, misses in enumerate(self.misses):
            # What was learnt in the last weeks may be a change not found yet, which must not talk itself out of being one.
            recent = np.array([one[1:] for one in misses if one[0] <= day - settings.shift_days][-52:])
            if len(recent) >= 4:
                squares = np.clip(recent[:, 0] ** 2, None, (3 * settings.wander_most) ** 2)
                # As if four weeks had shown the wandering assumed at first, so that few quiet weeks do not make it vanish.
                beyond = (squares.sum() - recent[:, 1].sum() + 4 * settings.wander**2) / (len(recent) + 4)
                learnt[series] = np.sqrt(np.clip(beyond, settings.wander_least**2, settings.wander_most**2))
        self.wander = learnt


def _by_the_rest(
    p: np.ndarray,
    seen: np.ndarray,
    of: np.ndarray,
    mean: np.ndarray,
    variance: np.ndarray,
    usual: Expectation,
    is_all: np.ndarray,
) -> np.ndarray:
    """A share of more than half is judged by how few the others are, whose number is the one that can vary freely."""
    major = np.flatnonzero((usual.rate > 0.5) & ~is_all)
    if len(major):
        share = usual.rate[major, None]
        rest_mean = np.maximum((of - mean)[major], 1e-9)
        rest_variance = np.maximum(variance[major] * ((1 - share) / share) ** 2, rest_mean)
        p = p.copy()
        p[major] = at_most((of - seen)[major], rest_mean, rest_variance)
    return p
