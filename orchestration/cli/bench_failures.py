"""``understudy bench failures``: one's own faults planted into one's own release, and what is found of them.

Belongs here: arguments in, tables or JSON out. Does not belong here: planting (``orchestration.planted_faults``), the
figures the project publishes about itself (``benchmarks.failures``).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.cli.command import DeskOption, clean, console, desk_of, fail

if TYPE_CHECKING:
    from assets.retrain_agent.planted_faults.try_detectors import Found

EPILOG = """Example: `understudy bench failures --faults faults.yaml --desk demo`

A file of faults is YAML or JSON: a list, or `faults:` with one. Each fault has a `kind`:

`{kind: remove_entry, entry: invoice-copy}` the entry is deleted

`{kind: swap_labels, categories: [invoice_copy, payment_method], share: 0.5, seed: 0}` that share of the training tickets of
both get the other's label

`{kind: merge_conditions, entries: [reset-own, reset-sso]}` one entry for all their customers; the first one's answer stays

`{kind: age_entry, entry: invite-people, was: {"7 days": "3 days"}}` what is true, and what it says instead

`{kind: age_entry, entry: export-all, overdue: true}` its review was missed: on file, and not live any more

`{kind: break_trigger, trigger: legal, how: removed}`, or `how: narrowed` or `how: too_broad` with `change:`, fields of the
trigger as they are then, such as `{phrases: [invoice]}`

Any of them may say `since: 2026-03-20`, the day from which the fault is there."""


def failures(
    faults: Annotated[Path, typer.Option(help="YAML or JSON with the faults to plant.")],
    desk: DeskOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything that was found, as JSON.")] = False,
    output: Annotated[
        Path | None, typer.Option(help="Also write everything that was found here, as JSON.", show_default=False)
    ] = None,
) -> None:
    """Plant faults into the current release, in memory, and say which failures of theirs are found, typed and mended.

    Truth is what people did with past tickets, where the release without faults agrees. Nothing of the desk is changed.
    """
    from assets.configure_behavior.releases.saved_release import ReleaseError
    from assets.retrain_agent.planted_faults.fault import FaultError, read_faults
    from assets.retrain_agent.planted_faults.measures import measure_found
    from orchestration.cli.bench import progress_bars
    from orchestration.lake import NotMaterialised
    from orchestration.planted_faults import try_faults

    with desk_of(desk) as loaded:
        try:
            planted = read_faults(faults.read_text(encoding="utf-8"), faults.name)
            with progress_bars() as on_progress:
                found = try_faults(loaded, planted, on_progress)
        except (FaultError, ReleaseError, NotMaterialised) as error:
            raise fail(str(error)) from error
        except (OSError, UnicodeDecodeError) as error:
            raise fail(f"{faults} cannot be read: {error}") from error
    figures = measure_found({0: found})
    whole = json.dumps({**figures, **asdict(found)}, indent=2, ensure_ascii=False)
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(whole + "\n", encoding="utf-8")
    if as_json:
        print(whole)
    else:
        _show(found, figures)


def _show(found: Found, figures: dict[str, Any]) -> None:
    """Tables: faults with what became of their failures, patterns with their causes and fixes, rates."""
    from collections import Counter

    from rich.table import Table

    by_fault = Table("planted fault", "failures", "taken for", "right again", title="What was planted")
    for fault in found.faults:
        mine = [row for row in found.failures if row["fault"] == fault["name"]]
        taken = Counter(row["found"] for row in mine).most_common()
        by_fault.add_row(
            fault["name"],
            str(len(mine)),
            ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in taken) or "–",
            str(sum(row["is_removed"] for row in mine)),
        )
    console.print(by_fault)
    patterns = Table("pattern", "failures come from", "proposed fix", title="What was found")
    for row in found.patterns:
        causes = ", ".join(f"{count} {name}" for name, count in row["faults"].items())
        patterns.add_row(clean(row["name"]), causes, clean(row["fix_title"] or "none"))
    console.print(patterns)
    for name in ("type_accuracy", "pattern_purity", "removed_by_fix"):
        if figures[name] is not None:
            console.print(
                f"{name.replace('_', ' ')}: {figures[name]:.3f} ({figures[f'{name}_low']:.3f}–{figures[f'{name}_high']:.3f})",
                highlight=False,
            )
    counts = found.counts
    console.print(
        f"{counts['right']} past tickets are decided rightly without faults, {counts['broken']} of them wrongly with them; "
        f"{counts['ambiguous']} of these have no single cause and {counts['before']} lie before their fault, both left out; "
        f"the fixes break {counts['broken_by_fixes']}.",
        highlight=False,
    )
    for problem in found.problems:
        console.print(clean(f"not applied: {problem}"), highlight=False)
