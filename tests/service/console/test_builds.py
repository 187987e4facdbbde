"""Builds of the next release: one at a time, in a process of their own, and noticed when they are killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from desk.loading import load_desk
from service.console.builds.pages import errors_in, outcome_in_words
from service.console.builds.records import Build, Builds, Step, newest_release
from service.console.builds.starting import EFFECTS, SEARCH, AlreadyBuilding, start_build
from tests.conftest import ROOT
from tests.desks import copy_sample_desk

RELEASE = "ab" * 32
FINISHES = "import sys; print('did', sys.argv[1], flush=True)"
FAILS = "import sys; print('\\nerror: the check is red'); sys.exit(sys.argv[1] == 'second')"
WAITS = "import time; print('waiting', flush=True); time.sleep(120)"
BUILDS_ONE = f"""
import pathlib, sys
if sys.argv[1] == "second":
    home = pathlib.Path(sys.argv[3]) / ".understudy" / "releases"
    home.mkdir(parents=True)
    (home / "{RELEASE}.status.json").write_text("{{}}")
"""


@pytest.fixture
def desk(tmp_path):
    return load_desk(copy_sample_desk(tmp_path, "freshdesk*"))


def start(desk, program):
    return start_build(desk, "Ada Moreno", [sys.executable, "-c", program], ("first", "second"))


def ended(desk, patience=60.0) -> Build:
    builds, until = Builds.of(desk.home), time.monotonic() + patience
    while time.monotonic() < until:
        if (newest := builds.all()[0]).state != "running":
            return newest
        time.sleep(0.05)
    raise AssertionError("it did not end")


def said(desk, words, patience=60.0):
    """Wait until the newest build has printed something."""
    builds, until = Builds.of(desk.home), time.monotonic() + patience
    while words not in builds.tail(builds.all()[0].build_id):
        assert time.monotonic() < until
        time.sleep(0.05)


def runner_of(build) -> int:
    """The process that runs a build, by its command line."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if build.build_id in words and "service.console.builds.runner" in words:
            return int(folder.name)
    raise AssertionError("no process runs it")


def test_the_steps_run_one_after_the_other(desk):
    build = start(desk, FINISHES)
    done = ended(desk)
    assert (done.build_id, done.by, done.state) == (build.build_id, "Ada Moreno", "done")
    assert done.steps == [Step("first", "done"), Step("second", "done")]
    tail = Builds.of(desk.home).tail(build.build_id)
    assert tail.index("did first") < tail.index("did second")


def test_what_was_built_is_named(desk):
    start(desk, BUILDS_ONE)
    done = ended(desk)
    assert (done.newest_before, done.newest_after) == ("", RELEASE)
    assert done.is_new_release
    assert outcome_in_words(done) == f"Release {RELEASE[:12]} is built: look at it and sign it."


def test_nothing_new_is_said_as_that(desk):
    (desk.home / "releases").mkdir(parents=True)
    (desk.home / "releases" / f"{RELEASE}.status.json").write_text("{}")
    start(desk, FINISHES)
    done = ended(desk)
    assert not done.is_new_release
    assert "Nothing has changed" in outcome_in_words(done)


def test_a_week_without_a_release_sends_to_the_week_s_result():
    build = Build("b", "Ada Moreno", "2026-03-09T12:00:00+00:00", [Step("weekly", "done")], "done", newest_before=RELEASE, newest_after=RELEASE)  # fmt: skip
    assert build.is_weekly
    assert "The week's result says which" in outcome_in_words(build)


@pytest.mark.parametrize(("stages", "words"), [(SEARCH, "the queue of fixes says"), (EFFECTS, "each change says it")])
def test_what_builds_no_release_speaks_of_none(stages, words):
    build = Build("b", "Ada Moreno", "2026-03-09T12:00:00+00:00", [Step(one, "done") for one in stages], "done", newest_before=RELEASE, newest_after=RELEASE)  # fmt: skip
    assert words in outcome_in_words(build)


def test_a_step_that_fails_ends_it_with_what_was_wrong(desk):
    start(desk, FAILS)
    done = ended(desk)
    assert done.state == "failed"
    assert done.steps == [Step("first", "done"), Step("second", "failed")]
    assert errors_in(Builds.of(desk.home).tail(done.build_id)) == ["the check is red"]


def test_there_is_one_at_a_time(desk):
    build = start(desk, WAITS)
    said(desk, "waiting")
    with pytest.raises(AlreadyBuilding):
        start(desk, FINISHES)
    assert [one.build_id for one in Builds.of(desk.home).all()] == [build.build_id]
    os.killpg(runner_of(build), signal.SIGKILL)


def test_a_killed_one_is_noticed_and_another_may_begin(desk):
    build = start(desk, WAITS)
    said(desk, "waiting")
    assert Builds.of(desk.home).all()[0].state == "running"
    os.killpg(runner_of(build), signal.SIGKILL)
    assert ended(desk).state == "cut off"
    start(desk, FINISHES)
    assert ended(desk).state == "done"


def test_it_goes_on_when_its_server_is_killed(desk):
    """The starter dies at once, with its whole group; the build ends well all the same."""
    program = (
        "import os, signal, sys\nfrom desk.loading import load_desk\nfrom service.console.builds.starting import start_build\n"
        "start_build(load_desk(sys.argv[1]), 'Ada Moreno', [sys.executable, '-c', sys.argv[2]], ('first', 'second'))\n"
        "os.killpg(0, signal.SIGKILL)\n"
    )
    slow = "import time; time.sleep(1)"
    server = subprocess.run(
        [sys.executable, "-c", program, str(desk.folder), slow], cwd=ROOT, start_new_session=True, check=False
    )
    assert server.returncode == -signal.SIGKILL
    assert ended(desk).state == "done"


def test_the_tail_of_a_long_output_begins_with_a_whole_line(desk):
    start(desk, "print(*(f'line {n}' for n in range(9000)), sep='\\n')")
    ended(desk)
    builds = Builds.of(desk.home)
    tail = builds.tail(builds.all()[0].build_id)
    assert len(tail) <= 12_000
    assert tail.startswith("line ")
    assert tail.rstrip().endswith("line 8999")


def test_the_newest_release_is_the_one_built_last(tmp_path):
    (tmp_path / "releases").mkdir()
    for at, name in enumerate(["ff" * 32, "aa" * 32]):
        file = tmp_path / "releases" / f"{name}.status.json"
        file.write_text("{}")
        os.utime(file, (1_780_000_000 + at, 1_780_000_000 + at))
    assert newest_release(tmp_path) == "aa" * 32
    assert newest_release(tmp_path / "nowhere") == ""
