"""What a learning report is made from, as published.

Belongs here: the frames by name, and which months they can say something about. Does not belong here: counting, reading
files (``orchestration.learning_pages``).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import pandas as pd

from assets.retrain_agent.review_session.session_month import SessionMonth

FRESH = pd.Timedelta(days=7)


@dataclass(frozen=True)
class LearningFrames:
    """Published frames; None where a stage has not run yet, and then that part of the report says so.

    answers: ``fct_ai_answers``. tickets: ``fct_tickets``. entries: ``knowledge_entries``. findings:
    ``knowledge_findings``. categories: ``accepted_categories``. cases: ``judged_answers``. fixes: ``fix_queue``. decisions:
    ``live_decisions``. signals: ``feedback_signals``. trouble: ``entry_trouble``. drift: ``knowledge_drift``. audit:
    ``knowledge_audit``. support: ``support_signals``. scope: ``scope_proposals``. reports: ``learning_report`` as it was, for
    what only an earlier count can tell.
    """

    answers: pd.DataFrame | None = None
    tickets: pd.DataFrame | None = None
    entries: pd.DataFrame | None = None
    findings: pd.DataFrame | None = None
    categories: pd.DataFrame | None = None
    cases: pd.DataFrame | None = None
    failures: pd.DataFrame | None = None
    fixes: pd.DataFrame | None = None
    changes: pd.DataFrame | None = None
    effects: pd.DataFrame | None = None
    decisions: pd.DataFrame | None = None
    signals: pd.DataFrame | None = None
    trouble: pd.DataFrame | None = None
    drift: pd.DataFrame | None = None
    audit: pd.DataFrame | None = None
    support: pd.DataFrame | None = None
    scope: pd.DataFrame | None = None
    reports: pd.DataFrame | None = None

    def missing(self) -> list[str]:
        """Names of the frames that are not there."""
        return [one.name for one in fields(self) if getattr(self, one.name) is None]


@dataclass(frozen=True)
class Span:
    """A month, the one before, and until when there is data."""

    month: SessionMonth
    as_of: pd.Timestamp

    @property
    def before(self) -> SessionMonth:
        """The month before."""
        return self.month.before

    @property
    def is_cut(self) -> bool:
        """Whether the month is not over where the data end."""
        return self.as_of < self.month.end

    @property
    def is_fresh(self) -> bool:
        """Whether what stands now still tells how the month ended: the data end in it, or within a week after it."""
        return self.as_of <= self.month.end + FRESH

    @property
    def end(self) -> pd.Timestamp:
        """The end of the month, or of the data where these end first."""
        return min(self.month.end, self.as_of)

    def now(self, times: pd.Series) -> pd.Series:
        """Which moments lie in the month and not after the data's end."""
        return self.month.holds(times) & (times <= self.as_of)

    def then(self, times: pd.Series) -> pd.Series:
        """Which moments lie in the month before."""
        return self.before.holds(times) & (times <= self.as_of)

    def days(self, which: SessionMonth) -> float:
        """Days of a month that lie before the data's end."""
        return max(0.0, (min(which.end, self.as_of) - which.start) / pd.Timedelta(days=1))
