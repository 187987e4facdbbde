"""A real desk through the whole product: two years of a support forum, from exports to fixes. `make bench-thunderbird-desk`.

1. A desk is made around the Thunderbird exports of 2024-01 to 2025-11 (`understudy init`), and `understudy run all` is asked
   of it as it is: nobody has decided anything, so it ends at what people must decide first.
2. People's part is played by rule (`thunderbird_desk_people`): nobody read a category, an article or an entry. Nothing is
   signed, so the release is one to measure; its replay of holdout tickets stands in for a pilot.
3. `understudy run all`, then the weekly micro-update and the monthly candidate.
4. `understudy dev` runs while December 2025 is dropped into the inbox; it ends when nothing more is asked for.
5. The ten most telling rows of everything that is published.

Each step is a process of its own; its memory is that of all processes it starts, together. `--months N` takes the last N months
only, `--tickets N` the first N of each, `--vectors FOLDER` starts with another desk's vectors (`.understudy/vectors`), so that
nothing is encoded twice; all are said in the results. Not measured here is whether an answer is right: see `bench-replay`.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import subprocess
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from benchmarks.memory import PeakMemory
from benchmarks.results_file import write_results
from benchmarks.served import ROOT, UNDERSTUDY, environment
from benchmarks.spikes import RELEASES
from benchmarks.thunderbird_desk_daemon import Followed, drop_and_watch
from benchmarks.thunderbird_desk_people import (
    accept_categories,
    accept_drafts,
    choose_first_tier,
    play,
    verify_articles,
)
from benchmarks.thunderbird_desk_rows import print_rows, telling_rows
from desk.loading import load_desk
from orchestration.lake import Lake
from orchestration.run_record import SHOWN_ID, RunRecord, recorded

SHARED = ROOT.parent / "shared" / "data" / "thunderbird"
LAST, LAST_MONTH, LAST_WEEK = "2025-12", "2025-11-01", "2025-11-24"
"""The month that is dropped into the inbox; the last whole month and week before it."""
LIMIT_SECONDS = 3 * 3600.0
SAYS_NOTHING = ("other", "undefined", "unknown", "none", "n/a", "troubleshooting", "settings", "tips-and-tricks")
"""Topics that tell no question from another; the forum gave up the last three itself."""
SHOWN_ASSETS = 6
Step = dict[str, Any]


def make_desk(folder: Path, months: int | None, tickets: int | None, vectors: Path | None) -> Path:
    """The desk as `understudy init` makes it, with what its lead knows: topics that say nothing, and two releases.

    Returns:
        The export that is left for the daemon.

    Raises:
        SystemExit: the data is not there, or the desk is there already.
    """
    exports = sorted((SHARED / "zendesk").glob("tickets-*.ndjson.gz"))
    if not exports or LAST not in exports[-1].name:
        raise SystemExit(f"the Thunderbird exports until {LAST} are not in {SHARED / 'zendesk'}")
    if (folder / "desk.yaml").is_file():
        raise SystemExit(f"{folder} is a desk already; name another folder with --desk, or remove it")
    *known, last = [shortened(one, tickets, folder / "exports") for one in exports[-(months or len(exports)) - 1 :]]
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    for one in known:
        (inbox / one.name).symlink_to(one)
    command = [UNDERSTUDY, "init", str(folder), "--inbox", str(inbox), "--help-center", str(SHARED / "help_center")]
    subprocess.run([*command, "--company", "Thunderbird forum"], cwd=ROOT, env=environment(), check=True)
    file = folder / "desk.yaml"
    settings = yaml.safe_load(file.read_text(encoding="utf-8"))
    settings["labels"]["ignore"] = list(SAYS_NOTHING)
    file.write_text(yaml.safe_dump(settings, sort_keys=False, allow_unicode=True), encoding="utf-8")
    RELEASES.assign(date=RELEASES["date"].dt.date).to_csv(folder / "releases.csv", index=False)
    if vectors is not None:
        shutil.copytree(vectors, folder / ".understudy" / "vectors")
    return last


def shortened(export: Path, tickets: int | None, folder: Path) -> Path:
    """The export's first tickets as a file in ``folder``; all of them: the export itself."""
    if tickets is None:
        return export
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(export, "rb") as whole, gzip.open(folder / export.name, "wb") as part:
        part.writelines(islice(whole, tickets))
    return folder / export.name


def understudy_run(desk: Path, *arguments: str) -> Step:
    """`understudy run` as a process: its name, seconds, whether it succeeded, memory, and its last words where it did not."""
    name = f"run {' '.join(arguments)}"
    print(f"\n== understudy {name}", flush=True)
    begun = time.time()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen(
            [UNDERSTUDY, "run", *arguments, "--desk", str(desk)],
            cwd=ROOT, stdout=said, stderr=subprocess.STDOUT, env=environment(),
        )  # fmt: skip
        with PeakMemory(process.pid) as memory:
            code = process.wait()
        said.seek(0)
        words = said.read()
    lines = [line.rstrip() for line in words.splitlines() if line.strip()]
    problems = [] if code == 0 else [line for line in lines if not line.startswith(("done ", "      "))][-8:]
    step = {"step": name, "seconds": round(time.time() - begun, 1), "succeeded": code == 0, "peak_gib": memory.peak_gib}
    print("\n".join(problems), f"{step['seconds']:,.0f} s, {memory.peak_gib} GiB", sep="\n", flush=True)
    return {**step, "began": begun, "problems": problems}


def through_the_stages(folder: Path) -> list[Step]:
    """All stages on what people decided by rule; returns each step."""

    def decide(*steps: Any) -> None:
        print("\n".join(play(load_desk(folder), *steps)), flush=True)

    steps = [understudy_run(folder, "all")]
    decide(accept_categories, verify_articles)
    steps.append(understudy_run(folder, "build_knowledge"))
    decide(accept_drafts, choose_first_tier)
    steps.append(understudy_run(folder, "all"))
    return [
        *steps,
        understudy_run(folder, "weekly", "--partition", LAST_WEEK),
        understudy_run(folder, "monthly", "--partition", LAST_MONTH),
    ]


def main() -> None:
    """Take the desk through, print what is telling, write `results/thunderbird_desk.json`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--desk", type=Path, help="where to make the desk; default: a folder that is removed at the end"
    )
    parser.add_argument("--months", type=int, help="only the last so many before December 2025")
    parser.add_argument("--tickets", type=int, help="only the first so many of each month")
    parser.add_argument("--vectors", type=Path, help="vectors of another desk to start with")
    parser.add_argument("--results", default="thunderbird_desk", help="name of the file of results")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (options.desk or Path(temporary) / "thunderbird").absolute()
        last = make_desk(folder, options.months, options.tickets, options.vectors)
        steps = through_the_stages(folder)
        with recorded(load_desk(folder)) as instance:
            runs = [instance.runs(one["began"], one["began"] + one["seconds"]) for one in steps]
            first, final = (instance.seconds_by_step(runs[number]) for number in (0, 2))
            by_stage, before = instance.seconds_by_stage(final), instance.standing()
        followed = drop_and_watch(folder, last, folder / "dev.log", LIMIT_SECONDS)
        with recorded(load_desk(folder)) as instance:
            by_step, after = instance.seconds_by_step(followed.runs), instance.standing()
        rows = telling_rows(Lake(load_desk(folder).home))
        print_rows(rows, Console(width=160))
        print_runs(followed)
        write_results(
            options.results,
            {
                "months": options.months or 23,
                "first_tickets_of_each_month": options.tickets,
                "vectors_were_there": options.vectors is not None,
                "steps": [{name: one[name] for name in one if name != "began"} for one in steps],
                "seconds_by_stage": by_stage,
                "seconds_by_step": final,
                "seconds_by_step_of_the_first_run": first,
                "before_the_new_month": before,
                "new_month": {
                    "seconds": followed.seconds,
                    "peak_gib": followed.peak_gib,
                    "not_followed": followed.not_followed,
                    "runs": [described(one, followed.began) for one in followed.runs],
                    "seconds_by_step": by_step,
                },
                "after_the_new_month": after,
                "rows": {name: count for name, (count, _) in rows.items()},
                "peak_gib": max([*(one["peak_gib"] for one in steps), followed.peak_gib]),
            },
            "dagster", "duckdb", "lancedb", "torch",
            seed=0,
        )  # fmt: skip


def described(run: RunRecord, began: float) -> dict[str, Any]:
    """A run as the results list it."""
    return {
        "run_id": run.run_id[:SHOWN_ID],
        "job": run.job,
        "status": run.status,
        "after_seconds": round((run.started or began) - began, 1),
        "seconds": run.seconds,
        "assets": list(run.assets),
    }


def print_runs(followed: Followed) -> None:
    """The runs that the new month set off, in order."""
    print(f"\n== a new month: {len(followed.runs)} runs in {followed.seconds:,.0f} s, {followed.peak_gib} GiB")
    for run in followed.runs:
        one = described(run, followed.began)
        more = f" and {len(one['assets']) - SHOWN_ASSETS} more" if len(one["assets"]) > SHOWN_ASSETS else ""
        made = ", ".join(one["assets"][:SHOWN_ASSETS]) + more
        print(f"{one['after_seconds']:7,.0f} s {one['seconds']:6,.0f} s  {one['status']:8} {one['job']:22} {made}")
    print(f"not made anew by itself: {', '.join(followed.not_followed) or 'nothing'}")


if __name__ == "__main__":
    main()
