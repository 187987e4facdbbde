"""``understudy bench``: the project's own measurements, on anybody's files.

Belongs here: arguments in, a table out. Does not belong here: what is measured (``assets``), the figures the project
publishes about itself (``benchmarks``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from orchestration.cli.bench_failures import EPILOG as FAULTS_FORM
from orchestration.cli.bench_failures import failures

if TYPE_CHECKING:
    import pandas as pd

    from assets.build_knowledge.retrieval.evaluation import RetrievalReport

app = typer.Typer(no_args_is_help=True, help="Measure on your own files what the project measures on public ones.")
console = Console()
errors = Console(stderr=True)
Progress = Callable[[str, int, int], None]


class BenchError(Exception):
    """The measurement cannot be made; ``str()`` says why and what to do."""


@app.callback()
def _bench() -> None:
    """Measure on your own files what the project measures on public ones."""


app.command("failures", epilog=FAULTS_FORM)(failures)


@app.command(
    "retrieval",
    epilog="Example: `understudy bench retrieval --tickets 'exports/zendesk-*' --articles exports/articles.ndjson.gz "
    "--train-until 2025-07-01 --test-from 2025-07-01`",
)
def retrieval(
    tickets: Annotated[str, typer.Option(help="Exports with tickets and replies: a file, a folder or a quoted glob.")],
    articles: Annotated[Path, typer.Option(help="Help-center export, or a folder of articles.")],
    train_until: Annotated[
        str, typer.Option(help="Learn from tickets and replies before this day, such as 2025-07-01.")
    ],
    test_from: Annotated[str, typer.Option(help="Ask the tickets from this day on.")],
    test_until: Annotated[str | None, typer.Option(help="... and before this day.", show_default=False)] = None,
    language: Annotated[str, typer.Option(help="Language of the tickets; 'all' for every one.")] = "en",
    output: Annotated[
        Path | None, typer.Option(help="Also write the figures here, as JSON.", show_default=False)
    ] = None,
    cache: Annotated[
        Path | None, typer.Option(help="Folder to keep vectors in, for the next time.", show_default=False)
    ] = None,
) -> None:
    """How often the right article is found, judged by the links in helpers' replies."""
    try:
        moments = [moment(day) for day in (train_until, test_from)] + [moment(test_until) if test_until else None]
        with progress_bars() as on_progress:
            report = bench_retrieval(
                tickets, articles, moments[0], moments[1], moments[2], language, cache, on_progress=on_progress
            )
    except BenchError as error:
        errors.print("[bold red]error:[/] ", end="")
        errors.print(str(error), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(code=1) from error
    show_retrieval(report)
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(json.dumps(retrieval_figures(report), indent=2) + "\n", encoding="utf-8")


def bench_retrieval(
    tickets: str,
    articles: Path,
    train_until: pd.Timestamp | None,
    test_from: pd.Timestamp | None,
    test_until: pd.Timestamp | None = None,
    language: str = "en",
    cache: Path | None = None,
    on_progress: Progress | None = None,
    **options: Any,
) -> RetrievalReport:
    """Read exports and articles, learn from the past, ask the future.

    Args:
        options: handed to ``evaluate_retrieval`` (settings, ablations, seed).

    Raises:
        BenchError: the files cannot be read, or there is nothing to measure.
    """
    from assets.audit_tickets.landing.records import UnreadableExport
    from assets.audit_tickets.vectors.encoder import load_encoder
    from assets.audit_tickets.vectors.remembered_vectors import RememberedVectors
    from assets.audit_tickets.vectors.vector_store import VectorStore
    from assets.build_knowledge.articles.read_help_center import read_help_center
    from assets.build_knowledge.retrieval.evaluation import evaluate_retrieval
    from orchestration.exported_tickets import ExportedTicketsError, read_exported_tickets

    if train_until is None or test_from is None:
        raise BenchError("give the day until which to learn and the day from which to ask")
    if not articles.exists():
        raise BenchError(f"{articles}: nothing is there. Give a help-center export or a folder of articles.")
    tell = on_progress or (lambda label, done, total: None)
    try:
        sections = read_help_center(str(articles), None, train_until).sections
        exported = read_exported_tickets(tickets, on_progress)
        encode = RememberedVectors(
            load_encoder(),
            VectorStore(cache, "bench_vectors") if cache else None,
            lambda done, total: tell("encoding", done, total),
        )
        return evaluate_retrieval(
            exported.tickets,
            exported.comments,
            sections,
            encode,
            train_until,
            test_from,
            test_until,
            language=None if language == "all" else language,
            on_progress=on_progress,
            **options,
        )
    except (ExportedTicketsError, UnreadableExport, ValueError) as error:
        raise BenchError(str(error)) from error


def retrieval_figures(report: RetrievalReport) -> dict[str, Any]:
    """The report as flat figures: each measure with its 95 % interval as ``_low`` and ``_high``."""
    figures: dict[str, Any] = {}
    named = {
        "": report.measures,
        "new_": report.of_new,
        **{f"only_{n}_": found for n, found in report.ablation.items()},
    }
    for prefix, measures in named.items():
        for name, measure in measures.items():
            figures |= {
                f"{prefix}{name}": round(measure.value, 4),
                f"{prefix}{name}_low": round(measure.low, 4),
                f"{prefix}{name}_high": round(measure.high, 4),
            }
    return {
        **figures,
        "train_tickets": report.count_train_tickets,
        "test_tickets": report.count_test_tickets,
        "new_test_tickets": report.count_new_test_tickets,
        "articles": report.count_articles,
        "first_hit_ece": round(report.ece, 4),
        "first_hit_brier": round(report.brier, 4),
        "weights": {name: round(weight, 4) for name, weight in report.weights.items()},
        "place_weights": {name: round(weight, 4) for name, weight in report.place_weights.items()},
    }


def show_retrieval(report: RetrievalReport) -> None:
    """Print a table of what was measured."""
    from rich.table import Table

    names = list(report.measures)
    table = Table("index", *(name.replace("_", " ") for name in names), title="Is the right article found?")
    rows = {"all signals": report.measures, **report.ablation, "all signals, unfamiliar questions": report.of_new}
    for label, measures in rows.items():
        cells = [
            f"{measures[name].value:.3f} ({measures[name].low:.3f}–{measures[name].high:.3f})"
            for name in names
            if measures
        ]
        table.add_row(label.replace("_", " + "), *cells)
    console.print(table)
    console.print(
        f"{report.count_train_tickets} tickets learnt from, {report.count_test_tickets} asked "
        f"({report.count_new_test_tickets} unfamiliar), {report.count_articles} articles; "
        f"probability of the first hit: ECE {report.ece:.3f}"
    )


def moment(day: str) -> pd.Timestamp:
    """A day a person wrote, as the UTC moment it begins.

    Raises:
        BenchError: it is no day.
    """
    import pandas as pd

    try:
        stamp = pd.Timestamp(day)
    except ValueError as error:
        raise BenchError(f"'{day}' is no day; write it as 2025-07-01") from error
    if pd.isna(stamp):
        raise BenchError(f"'{day}' is no day; write it as 2025-07-01")
    return stamp.tz_localize("UTC") if stamp.tz is None else stamp.tz_convert("UTC")


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """One bar per kind of work, with the time left."""
    from rich.progress import Progress as Bars

    with Bars(console=errors, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def tell(label: str, done: int, total: int) -> None:
            if label not in tasks:
                tasks[label] = bars.add_task(label)
            bars.update(tasks[label], completed=done, total=total)

        yield tell
