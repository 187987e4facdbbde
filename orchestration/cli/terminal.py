"""What a person sees while a run goes on: bars in a terminal, plain lines elsewhere.

Belongs here: turning Dagster's events and progress callbacks into something to watch. Does not decide what runs.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import dagster as dg
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from orchestration.resources import listen_to_progress


class Display(Protocol):
    """Something that shows steps and their progress."""

    def step_started(self, name: str) -> None: ...

    def step_ended(self, name: str, succeeded: bool) -> None: ...

    def progressed(self, label: str, done: int, total: int) -> None: ...


class Bars:
    """A bar a step, a bar a long piece of work, with time left."""

    def __init__(self, progress: Progress):
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def step_started(self, name: str) -> None:
        self._tasks[name] = self._progress.add_task(name, total=None)

    def step_ended(self, name: str, succeeded: bool) -> None:
        task = self._tasks.get(name)
        if task is not None:
            mark = "[green]✓[/]" if succeeded else "[red]✗[/]"
            self._progress.update(task, description=f"{mark} {name}", total=1, completed=1)

    def progressed(self, label: str, done: int, total: int) -> None:
        key = f"progress:{label}"
        if key not in self._tasks:
            self._tasks[key] = self._progress.add_task(f"  {label}", total=total)
        self._progress.update(self._tasks[key], completed=done, total=total)


class Lines:
    """A line a step and a line every few seconds, for logs and pipes."""

    def __init__(self, console: Console, seconds_between: float = 10.0):
        self._console = console
        self._between = seconds_between
        self._started: dict[str, float] = {}
        self._last = 0.0

    def step_started(self, name: str) -> None:
        self._started[name] = time.monotonic()

    def step_ended(self, name: str, succeeded: bool) -> None:
        seconds = time.monotonic() - self._started.get(name, time.monotonic())
        self._say(f"{'done' if succeeded else 'FAILED'}  {name}  ({seconds:.1f} s)")

    def progressed(self, label: str, done: int, total: int) -> None:
        now = time.monotonic()
        started = self._started.setdefault(f"progress:{label}", now)
        if now - self._last < self._between or not 0 < done < total:
            return
        self._last = now
        left = (now - started) / done * (total - done)
        self._say(f"      {label}: {done:,} of {total:,} ({done / total:.0%}), about {left:.0f} s left")

    def _say(self, line: str) -> None:
        self._console.print(line, highlight=False, soft_wrap=True)
        self._console.file.flush()


@contextmanager
def display(console: Console) -> Iterator[Display]:
    """A display that fits the console, fed by every asset's progress until the block ends."""
    if console.is_terminal:
        columns = (
            SpinnerColumn(finished_text=" "),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console, refresh_per_second=4) as progress:
            shown: Display = Bars(progress)
            with _listening(shown):
                yield shown
    else:
        shown = Lines(console)
        with _listening(shown):
            yield shown


@contextmanager
def _listening(shown: Display) -> Iterator[None]:
    listen_to_progress(shown.progressed)
    try:
        yield
    finally:
        listen_to_progress(None)


def follow(shown: Display, event: dg.EventLogEntry) -> None:
    """Show one event of a run."""
    happened = event.dagster_event
    if happened is None or happened.step_key is None:
        return
    if happened.is_step_start:
        shown.step_started(happened.step_key)
    elif happened.is_step_success:
        shown.step_ended(happened.step_key, succeeded=True)
    elif happened.is_step_failure:
        shown.step_ended(happened.step_key, succeeded=False)
