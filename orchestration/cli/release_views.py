"""Releases as people read them: a table of all, one in detail, and what a build came to.

Belongs here: rows, tables and sentences. Does not belong here: arguments (``releases``), one decision (``deciding``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from assets.configure_behavior.releases.saved_release import SavedRelease
    from desk.loading import Desk
    from orchestration.release_building import BuildReport

SHOWN = 12
"""Digits of an id that are shown; as few as are unique may be given."""


def build_lines(report: BuildReport) -> list[str]:
    """What to tell the person who built a release."""
    built = report.built
    how = "was there already" if built.was_there else "was built"
    lines = [
        f"Release {built.release_id[:SHOWN]} {how}: {len(built.release.entries)} entries, "
        f"{len(built.release.categories)} categories, {len(built.regression)} regression tickets.",
        str(built.folder),
    ]
    if built.differing:
        lines.append(f"note: built anew, {', '.join(built.differing)} came out otherwise; the first one stays")
    lines += [f"not to be activated: {one}" for one in report.problems]
    if not report.problems:
        lines.append(f"Next: understudy release sign {built.release_id[:SHOWN]}, then: understudy release activate")
    return lines


def release_rows(desk: Desk) -> list[dict[str, Any]]:
    """A row a release, the newest data first: release_id, as_of, count_entries, count_categories, signed_by,
    missing_roles, is_current, was_current; an unreadable folder is named with its problem."""
    from assets.configure_behavior.releases.saved_release import ReleaseError, read_release, release_folders
    from ledger.releases import activations
    from ledger.sign_offs import sign_off_state
    from orchestration.releases import releases_folder
    from orchestration.resources import DeskResource

    rows: list[dict[str, Any]] = []
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        made_current = [one.release_id for one in activations(ledger)]
        for folder in release_folders(releases_folder(desk)):
            state = sign_off_state(ledger, "release", folder.name, desk.settings.signers["release"])
            try:
                saved = read_release(folder)
                facts = {
                    "as_of": saved.recipe["as_of"],
                    "count_entries": len(saved.entries),
                    "count_categories": len(saved.categories),
                    "problem": None,
                }
            except ReleaseError as error:
                facts = {"as_of": "", "count_entries": 0, "count_categories": 0, "problem": str(error)}
            rows.append(
                {
                    "release_id": folder.name,
                    **facts,
                    "signed_by": [one.by for one in state.signatures],
                    "missing_roles": list(state.missing_roles),
                    "is_current": bool(made_current) and made_current[-1] == folder.name,
                    "was_current": folder.name in made_current[:-1],
                }
            )
    return sorted(rows, key=lambda row: (row["as_of"], row["release_id"]), reverse=True)


def releases_table(rows: list[dict[str, Any]]) -> Table:
    """The rows of ``release_rows`` as a table."""
    table = Table("release", "data until", "entries", "categories", "signed", "", box=None)
    for row in rows:
        state = "current" if row["is_current"] else "was current" if row["was_current"] else ""
        state = row["problem"] or state
        signed = "yes" if not row["missing_roles"] else f"missing: {', '.join(row['missing_roles'])}"
        table.add_row(
            row["release_id"][:SHOWN],
            row["as_of"][:10],
            str(row["count_entries"]),
            str(row["count_categories"]),
            Text(signed, style="" if not row["missing_roles"] else "yellow"),
            Text(state, style="red" if row["problem"] else "green" if row["is_current"] else "dim"),
        )
    return table


def show_release(saved: SavedRelease, problems: list[str], console: Console) -> None:
    """Print what a release was built from, and what keeps it from being activated."""

    def say(line: str) -> None:
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    recipe = saved.recipe
    say(f"release {saved.release_id}")
    table = Table(box=None, show_header=False)
    buckets = [row["bucket"] for row in saved.categories.values()]
    safe = sum(row["threshold"] is not None for row in saved.thresholds)
    for name, value in (
        ("data until", recipe["as_of"]),
        ("entries", f"{len(saved.entries)}"),
        ("categories", ", ".join(f"{buckets.count(one)} {one}" for one in ("automate", "hybrid", "escalate"))),
        ("thresholds", f"{safe} of {len(saved.thresholds)} are safe"),
        ("behavior spec", recipe["behavior"][:SHOWN]),
        ("encoder", f"{recipe['encoder']['name']} ({recipe['encoder']['revision']})"),
        ("category model", recipe["intents"]),
        ("retrieval", recipe["retrieval"]),
        ("confidence", recipe["confidence"]["version"]),
        ("regression set", f"{len(saved.regression)} tickets"),
        ("code", recipe["code"]["version"][:SHOWN]),
        ("files", f"{len(saved.artefacts)}, {sum(one['bytes'] for one in saved.artefacts.values()):,} bytes"),
    ):
        table.add_row(name, Text(value))
    console.print(table)
    say(str(saved.folder))
    for problem in problems:
        say(f"not to be activated: {problem}")
    if not problems:
        say("Nothing keeps it from being activated.")
