"""What the dashboard counts, and when it counts again."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from ledger.events import EventType, NewEvent
from ledger.store import Ledger
from orchestration.lake import Lake
from service.console.pilot.figures import PilotFigures
from tests.orchestration.pilot_lakes import ledger_of
from tests.service.console.pilot_desk import NOW, pilot_desk, share, tag, untagged


@pytest.fixture
def rollout(tmp_path: Path) -> Path:
    return pilot_desk(tmp_path, "rollout")


@pytest.fixture
def ledger(rollout: Path):
    with ledger_of(rollout) as opened:
        yield opened


def figures(folder: Path) -> PilotFigures:
    return PilotFigures(folder, folder / ".understudy")


def note_of_a_decision(ledger: Ledger) -> None:
    ledger.append(NewEvent(EventType.DECISION_MADE, "decision", "d1", "api", "api", NOW))


def test_a_review_changes_the_figures_and_is_not_in_the_verdict_yet(rollout: Path, ledger: Ledger):
    counted = figures(rollout)
    before = counted.live(ledger)
    assert before.not_judged == 0
    tag(rollout, untagged("rollout")[0], "incorrect", reason="outdated", comment="Prices changed.")
    after = counted.live(ledger)
    assert after.tags.whole.tagged == before.tags.whole.tagged + 1
    assert after.tags.whole.by_tag["incorrect"] == before.tags.whole.by_tag["incorrect"] + 1
    assert ("outdated", 1) in after.tags.reasons
    assert (after.tags.last_by, after.not_judged) == ("Noor Haddad", 1)
    assert after.published is before.published
    password = next(one for one in after.tags.categories if one.category_id == "password_reset")
    earlier = next(one for one in before.tags.categories if one.category_id == "password_reset")
    assert password.tagged == earlier.tagged + 1


def test_what_nobody_sees_here_is_not_counted_again(rollout: Path, ledger: Ledger):
    counted = figures(rollout)
    before = counted.live(ledger)
    note_of_a_decision(ledger)
    assert counted.live(ledger) is before
    tag(rollout, untagged("rollout")[0])
    note_of_a_decision(ledger)
    assert counted.live(ledger) is not before


def test_a_ledger_in_the_place_of_another_is_read_anew(rollout: Path, ledger: Ledger, tmp_path_factory):
    counted = figures(rollout)
    first, second = untagged("rollout")[:2]
    tag(rollout, first)
    tag(rollout, second)
    both = counted.live(ledger).tags.whole.tagged
    elsewhere = pilot_desk(tmp_path_factory.mktemp("restored"), "rollout")
    tag(elsewhere, first)
    with ledger_of(elsewhere) as restored:
        assert counted.live(restored).tags.whole.tagged == both - 1


def test_a_new_run_is_read_and_an_old_one_is_not_read_again(rollout: Path, ledger: Ledger):
    counted = figures(rollout)
    before = counted.published()
    assert counted.published() is before
    file = Lake(rollout / ".understudy").file("pilot_verdict")
    os.utime(file, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns + 10**9))
    after = counted.published()
    assert after is not before
    assert counted.live(ledger).published is after


def test_ten_viewers_at_once_compute_once(rollout: Path, ledger: Ledger):
    counted, found, start = figures(rollout), [], threading.Barrier(10)

    def look() -> None:
        start.wait()
        found.append(counted.live(ledger))

    threads = [threading.Thread(target=look) for _ in range(10)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 10
    assert len({id(one) for one in found}) == 1


def test_a_stop_is_said_at_once_and_not_with_the_next_run(rollout: Path, ledger: Ledger):
    counted = figures(rollout)
    assert "The agent answers 20% of requesters now." in " ".join(counted.live(ledger).headline)
    share(rollout, 0.2)
    share(rollout, 0.0)
    now = counted.live(ledger)
    assert "The rollout is stopped" in " ".join(now.headline)
    assert [one.share for one in now.shares] == [0.2, 0.0]


def test_a_desk_without_a_pilot_says_what_comes_first(tmp_path: Path):
    folder = pilot_desk(tmp_path, "nothing")
    with ledger_of(folder) as ledger:
        now = figures(folder).live(ledger)
    assert "No pilot is planned" in now.headline[0]
    assert (now.tags.whole.answers, now.published.made_at, list(now.published.verdicts)) == (0, None, [])


def test_the_page_to_keep_is_rendered_once_until_something_changes(rollout: Path, ledger: Ledger):
    counted = figures(rollout)
    first = counted.page(ledger)
    assert "Pilot “spring” is in its rollout" in first
    assert counted.page(ledger) is first
    tag(rollout, untagged("rollout")[0])
    assert counted.page(ledger) is not first
