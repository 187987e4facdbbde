"""What the dashboard shows, computed once for everybody who looks at it.

Belongs here: gathering, and when a figure is still the newest. Does not belong here: counting (``report.live_tags``,
``report.metric_tables``), reading the lake (``people.pages``), showing.

Two things are kept, each until what it was made from changes: ``Published``, from the files of the lake; and ``Live``, from
those and from what the ledger says of reviews and shares. A lock each: while one viewer's thread computes, the others wait
for the same result. Nothing older is kept.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from assets.pilot_agent.report import pilot_page, pilot_tables, pilot_words
from assets.pilot_agent.report.live_tags import LiveTags, live_tags
from assets.pilot_agent.report.metric_tables import Measured
from assets.pilot_agent.report.pilot_findings import PLAN_NOTE, PilotFindings, ShownPlan, of_pilot, shown_plan, stage_of
from assets.pilot_agent.report.worth_reading import worth_reading
from desk.loading import load_desk
from ledger.autonomy import HOLDING_EVENTS, category_holds
from ledger.chain import Anchor
from ledger.events import EventType
from ledger.pilots import CategoryStop, ShareChange, category_stops, share_changes
from orchestration.lake import Lake
from orchestration.people import pages
from orchestration.pilots import standing_reviews

if TYPE_CHECKING:
    from ledger.store import Ledger
    from service.service import Service

WORTH_READING = 4
_SAID = (
    EventType.ANSWER_REVIEWED, EventType.ROLLOUT_SHARE_SET, *HOLDING_EVENTS, EventType.PILOT_SIGNED_OFF,
    EventType.SIGN_OFF_WITHDRAWN, EventType.PAYLOAD_ERASED, EventType.ACTOR_ERASED,
)  # fmt: skip
"""Events after which the page may say something else; decisions and feedback, of which there are many, are none of them."""


@dataclass(frozen=True)
class Published:
    """What the last runs published. made_at: when the verdict was written, None where nothing was judged yet; found: the
    shown pilot's rows; conditions: ``condition_groups`` with a picture each; curve: ``replay_curve``."""

    version: object
    made_at: dt.datetime | None
    plan: ShownPlan | None
    found: PilotFindings
    verdicts: Sequence[Mapping[str, Any]]
    conditions: Sequence[Mapping[str, Any]]
    measured: Measured
    escalations: Sequence[Mapping[str, Any]]
    replay: Sequence[Mapping[str, Any]]
    curve: pd.DataFrame
    problems: Sequence[str]
    trust: Sequence[str]


@dataclass(frozen=True)
class Live:
    """What people have said by now, about the pilot that ``published`` is of. not_judged: reviews that the last run did not
    count, or counted and stand no more. still_answered: names of categories that the verdict takes back and nobody
    stopped."""

    version: object
    published: Published
    tags: LiveTags
    modes: Sequence[Mapping[str, Any]]
    steps: Sequence[Mapping[str, str]]
    headline: Sequence[str]
    shares: Sequence[ShareChange]
    stops: Mapping[str, CategoryStop]
    worth_reading: Sequence[Mapping[str, Any]]
    not_judged: int
    still_answered: Sequence[str] = ()
    names: Mapping[str, str] = field(default_factory=dict)


class PilotFigures:
    """One desk's figures. Safe for threads; every method may take seconds the first time."""

    def __init__(self, folder: Path, home: Path) -> None:
        self._folder, self._lake = folder, Lake(home)
        self._publishing, self._counting, self._rendering = threading.Lock(), threading.Lock(), threading.Lock()
        self._published: Published | None = None
        self._live: Live | None = None
        self._page: tuple[object, str] | None = None
        self._head: Anchor | None = None
        self._said = 0

    def published(self) -> Published:
        """The figures of the last run.

        Raises:
            DeskError: a file of the desk is wrong.
        """
        with self._publishing:
            version = self._files()
            if self._published is None or self._published.version != version:
                self._published = _published(
                    version, pages.published_findings(load_desk(self._folder)), self._made_at()
                )
            return self._published

    def live(self, ledger: Ledger) -> Live:
        """The figures of this minute; the same object as long as nothing changed that it shows.

        Raises:
            DeskError: a file of the desk is wrong.
        """
        published = self.published()
        with self._counting:
            version = (published.version, self._position(ledger))
            if self._live is None or self._live.version != version:
                self._live = _live(version, published, load_desk(self._folder), ledger)
            return self._live

    def page(self, ledger: Ledger) -> str:
        """The pilot's page to keep, as ``understudy report pilot`` writes it.

        Raises:
            DeskError: a file of the desk is wrong.
        """
        version = self.live(ledger).version
        with self._rendering:
            if self._page is None or self._page[0] != version:
                self._page = (version, pages.pilot_page(load_desk(self._folder), ledger))
            return self._page[1]

    def _files(self) -> tuple[tuple[str, int, int], ...]:
        files = [self._lake.file(name) for name in pages.PILOT_TABLES.values()]
        found = []
        for file in (*files, self._folder / "categories.yaml", self._folder / "desk.yaml"):
            try:
                one = file.stat()
            except FileNotFoundError:
                continue
            found.append((str(file), one.st_mtime_ns, one.st_size))
        return tuple(found)

    def _made_at(self) -> dt.datetime | None:
        file = self._lake.file("pilot_verdict")
        return dt.datetime.fromtimestamp(file.stat().st_mtime, dt.UTC) if file.is_file() else None

    def _position(self, ledger: Ledger) -> int:
        """How often something was said that the page shows, as far as this object has watched."""
        head = ledger.head()
        if head != self._head:
            before = 0 if self._head is None else self._head.sequence
            # Another ledger in the place of the one that was read (a restored backup) is read from its beginning.
            newer = ledger.events(event_types=_SAID, after_sequence=before if before <= head.sequence else 0)
            with closing(newer):  # type: ignore[type-var]
                self._said += next(newer, None) is not None
            self._head = head
        return self._said


def figures_of(service: Service) -> PilotFigures:
    """The figures that everybody who looks at this service's desk shares."""
    return _kept(service.folder, service.desk.home)


@lru_cache(maxsize=4)
def _kept(folder: Path, home: Path) -> PilotFigures:
    return PilotFigures(folder, home)


def _published(version: object, findings: PilotFindings, made_at: dt.datetime | None) -> Published:
    from assets.pilot_agent.answers.replay_metrics import replay_curve

    plan = shown_plan(findings.plan)
    found = findings if plan is None else of_pilot(findings, plan)
    return Published(
        version=version,
        made_at=made_at if len(found.verdict) else None,
        plan=plan,
        found=found,
        verdicts=pilot_tables.verdict_rows(found),
        conditions=pilot_page.drawn_conditions(found),
        measured=pilot_page.measured(found, plan),
        escalations=pilot_tables.escalation_reasons(found.metrics),
        replay=pilot_tables.replay_rows(found.replay),
        curve=replay_curve(found.replay),
        problems=pilot_tables.sentences(found.notes, PLAN_NOTE),
        trust=pilot_tables.sentences(found.notes, "assignment", "balance", "coverage", "comparison"),
    )


def _live(version: object, published: Published, desk: Any, ledger: Ledger) -> Live:
    reviews = standing_reviews(desk, ledger, published.found.answers)
    shares = [] if published.plan is None else share_changes(ledger, published.plan.pilot_id)
    # What was signed and measured is as of the last run; the share is what holds now, a stop above all.
    plan = published.plan and replace(
        published.plan, share_now=shares[-1].share if shares else published.plan.share_now
    )
    stops = {} if plan is None else category_stops(ledger, plan.pilot_id)
    held = () if plan is None else tuple(category_holds(ledger, plan.pilot_id))
    found = replace(published.found, reviews=reviews, share_changes=shares, stopped_categories=held)
    stage = stage_of(plan, found.verdict)
    return Live(
        version=version,
        published=published,
        tags=live_tags(found.answers, reviews),
        modes=pilot_tables.tag_rows(found),
        steps=pilot_words.steps(stage),
        headline=pilot_words.headline(found, plan, stage),
        shares=shares,
        stops=stops,
        still_answered=tuple(pilot_words.still_answered(found, plan)) if plan is not None else (),
        worth_reading=worth_reading(found.answers, reviews, WORTH_READING),
        not_judged=len(_current(reviews) ^ _current(published.found.reviews)),
        names=found.category_names,
    )


def _current(reviews: pd.DataFrame) -> set[str]:
    return set(reviews.loc[reviews["is_current"].fillna(False).astype(bool), "review_id"].astype(str))
