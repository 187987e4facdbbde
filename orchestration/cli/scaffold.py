"""``understudy init``: a desk around exports that already exist. Existing files are never overwritten.

Belongs here: what to propose and write. Does not belong here: telling what an export is (``export_sniffing``).
"""

import os
import re
from collections import defaultdict
from fnmatch import fnmatchcase
from os.path import commonprefix
from pathlib import Path
from typing import Any

import yaml
from upath import UPath

from assets.audit_tickets.landing.export_files import is_ignored
from assets.audit_tickets.landing.export_sniffing import csv_headers, sniff_custom_fields, sniff_kind, suggest_mapping
from assets.audit_tickets.landing.records import UnreadableExport
from desk.loading import DeskError, load_behavior, load_desk
from desk.models import DEFAULT_SIGNERS
from orchestration.people.behavior_starter import starter_behavior

CONTEXT = {
    "topic": r"\b(topic|category|contact reason|reason|issue type|inquiry type)\b",
    "plan": r"\b(plan|tier|subscription|edition)\b",
    "page": r"\b(page|url|screen)\b",
    "os": r"\b(operating system|os|platform)\b",
    "sso": r"\b(sso|single sign.?on|login method)\b",
    "version": r"\b(version|build)\b",
}
GITIGNORE = ".understudy/\n"
CATEGORIES = """# The categories people accepted. `understudy categories propose` adds proposals; nothing counts until a person moves it up.
# categories:
#   - id: password_reset
#     name: Password reset
#     labels: [login-password]          # values of the helpdesk's topic field, or tags, that mean this category
#     examples: ["I forgot my password"]
#     bucket: automate                  # automate | hybrid | escalate; the roadmap proposes, people decide
#     tier: 1
#     owner: Ada Moreno
categories: []
"""
KNOWLEDGE = """# Entries live in knowledge/, one Markdown file each. What they must be to count, with the defaults:
# knowledge:
#   review_every_days: 180
#   suspect_after_days: 365
#   min_entries: 3                    # live entries a first-tier category needs
#   min_phrasings: 3
#   deprecated_terms: [{term: "Old Name", ended: 2026-01-31, instead: "New Name"}]
#   internal_names: []                # what customers must never read, such as names of internal systems
"""
RELEASES = "date,kind,name,version,description,affects\n"


class ScaffoldError(Exception):
    """The desk cannot be made; ``str()`` says why and what to do."""


def scaffold(folder: Path, inbox: Path | None, help_center: Path | None, company: str | None) -> list[str]:
    """Make a desk in ``folder`` and return what to tell the person.

    Raises:
        ScaffoldError: a given folder does not exist, or what was made does not load.
    """
    for name, place in (("--inbox", inbox), ("--help-center", help_center)):
        if place is not None and not place.expanduser().is_dir():
            raise ScaffoldError(f"{name} {place}: no such folder. Give the folder that holds the exports.")
    folder = folder.expanduser().absolute()
    folder.mkdir(parents=True, exist_ok=True)
    said = []
    exports_in = Path(os.path.abspath(inbox.expanduser() if inbox else folder / "inbox"))
    exports_in.mkdir(exist_ok=True)
    try:
        helpdesks, notes = propose_helpdesks(exports_in)
    except UnreadableExport as error:
        raise ScaffoldError(str(error)) from error
    settings = {
        "desk_id": _slug(folder.name),
        "company": company or folder.name.replace("-", " ").replace("_", " ").title(),
        "languages": ["en"],
        "inbox": str(exports_in) if inbox else "inbox",
        "help_center": os.path.abspath(help_center.expanduser()) if help_center else "help_center",
        "helpdesks": helpdesks,
        "labels": {"fields": ["topic"], "ignore": ["other", "undefined", "unknown", "none", "n/a"]},
        "signers": {"roadmap": ["support lead"], **{kind: list(roles) for kind, roles in DEFAULT_SIGNERS.items()}},
    }
    if not help_center:
        (folder / "help_center").mkdir(exist_ok=True)
    head = "# What `understudy` may rely on about this support team. desk_id salts pseudonyms and splits: never change it.\n"
    for name, content in (
        ("desk.yaml", head + yaml.safe_dump(settings, sort_keys=False, allow_unicode=True, width=110) + KNOWLEDGE),
        ("categories.yaml", CATEGORIES),
        ("behavior.yaml", starter_behavior(str(settings["company"]), ["en"])),
        ("releases.csv", RELEASES),
        (".gitignore", GITIGNORE),
    ):
        file = folder / name
        if file.exists():
            said.append(f"kept   {file}")
        else:
            file.write_text(content, encoding="utf-8")
            said.append(f"wrote  {file}")
    try:
        load_desk(folder)
        load_behavior(folder)
    except DeskError as error:
        raise ScaffoldError(f"the desk needs a correction before it can be used:\n{error}") from error
    return [*said, *notes, f"Next: understudy run audit_tickets --desk {folder}"]


def propose_helpdesks(inbox: Path) -> tuple[list[dict], list[str]]:
    """``helpdesks`` for what lies in an inbox, and sentences about how each was recognised.

    Raises:
        UnreadableExport: an entry may not be read.
    """
    entries = sorted(
        (entry for entry in UPath(inbox).iterdir() if not is_ignored(entry.name)), key=lambda one: one.name
    )
    by_kind: dict[str, list[UPath]] = defaultdict(list)
    notes = []
    for entry in entries:
        sniffed, reason = sniff_kind(entry)
        if sniffed is None:
            notes.append(f"left out: {entry.name}: {reason}")
        else:
            by_kind[sniffed].append(entry)
    if not by_kind:
        notes.append(
            f"No export was found in {inbox}; files named zendesk-*, freshdesk-* or intercom-* will be landed."
        )
        return [
            {"name": kind, "kind": kind, "exports": f"{kind}-*"} for kind in ("zendesk", "freshdesk", "intercom")
        ], notes
    helpdesks = []
    for kind, found in by_kind.items():
        others = [entry.name for other, its in by_kind.items() if other != kind for entry in its]
        helpdesk: dict[str, Any] = {
            "name": kind if kind != "generic" else "tickets",
            "kind": kind,
            "exports": _glob([one.name for one in found]),
        }
        if any(fnmatchcase(name, helpdesk["exports"]) for name in others):
            notes.append(
                f"'exports' of {kind} also matches exports of another kind; rename those files, or narrow it in desk.yaml"
            )
        if kind == "generic":
            helpdesk["mapping"] = _mapping(found, notes)
        elif fields := _context_fields(found[-1], kind):
            helpdesk["fields"] = fields
        helpdesks.append(helpdesk)
        context = ", ".join(f"{name} from '{key}'" for name, key in helpdesk.get("fields", {}).items())
        notes.append(
            f"found  {len(found)} {kind} exports ({helpdesk['exports']})" + (f"; {context}" if context else "")
        )
    return helpdesks, notes


def _context_fields(export: UPath, kind: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for seen in sniff_custom_fields(export, kind):
        words = re.sub(r"[_\W]+", " ", re.sub(r"^cf_", "", seen.title)).lower()
        for name, pattern in CONTEXT.items():
            if name not in fields and re.search(pattern, words) and seen.count_distinct_values > 1:
                fields[name] = seen.title
                break
    return fields


def _mapping(exports: list[UPath], notes: list[str]) -> dict:
    tables: dict[str, dict] = {}
    for export in exports:
        for name, header in csv_headers(export).items():
            suggested = suggest_mapping(header)
            table = tables.setdefault(suggested.table, {"names": [], "columns": suggested.columns})
            table["names"].append(name)
            if suggested.unused and len(table["names"]) == 1:
                notes.append(
                    f"{name}: columns left unused: {', '.join(suggested.unused)}; map what matters in desk.yaml"
                )
    return {
        table: {"files": _glob(found["names"]), "columns": found["columns"]}
        for table, found in sorted(tables.items(), reverse=True)
    }


def _glob(names: list[str]) -> str:
    if len(names) == 1:
        stem = re.sub(r"\d{4}([-_]?\d{2}){0,2}", "*", names[0])
        return stem if "*" in stem else names[0]
    start = re.sub(r"\d+([-_]\d*)*$", "", commonprefix(names))  # noqa: RUF071 - names, compared letter by letter
    end = commonprefix([name[len(start) :][::-1] for name in names])[::-1]  # noqa: RUF071 - the same
    end = end[end.index(".") :] if "." in end else ""
    return f"{start}*{end}"


def _slug(name: str) -> str:
    slug = re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-_")
    return slug or "desk"
