"""A release drawn for the person who signs it: what it knows, what it may answer, how sure it must be, and what was red.

Belongs here: laying out one release. Does not belong here: the list of all (``releases``), what changed (``changes``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from nicegui import ui

from service.console import looks
from service.console.sign_offs import parts
from service.console.sign_offs.standing import listed
from service.console.sign_offs.subjects import Subject, red_checks

if TYPE_CHECKING:
    from assets.configure_behavior.releases.saved_release import SavedRelease
    from service.console.sign_offs.summaries import Around


def draw_release(subject: Subject, around: Around) -> None:
    """What a signature on this release is about."""
    saved: SavedRelease = subject.content
    names = {name: str(row.get("name") or name) for name, row in saved.categories.items()}
    buckets = [row["bucket"] for row in saved.categories.values()]
    mine = wanted_thresholds(saved)
    answered = sum(row["threshold"] is not None for row in mine)
    parts.facts(
        [
            ("Made from data until", day_of(saved.recipe["as_of"])),
            ("Entries", f"{len(saved.entries):,}"),
            ("Categories", listed([f"{buckets.count(one)} {one}" for one in ("automate", "hybrid", "escalate")])),
            ("Answers alone in", f"{answered} of {len(mine)} categories that are decided as automate"),
            ("Tried on", f"{len(saved.regression):,} past tickets, whose decisions are frozen with it"),
        ]
    )
    _checks(saved)
    if mine:
        parts.minor("How sure it must be")
        parts.folded(mine, partial(_thresholds, names=names), "categories")
    parts.minor(f"Entries ({len(saved.entries):,})")
    entries = sorted(saved.entries.values(), key=lambda row: (names.get(row["category_id"], ""), row["question"]))
    parts.folded(entries, partial(_entries, names=names), "entries", first=5)
    with parts.details("Under the hood"):
        recipe = saved.recipe
        parts.facts(
            [
                ("Release", saved.release_id),
                ("Files", f"{len(saved.artefacts)}, {sum(one['bytes'] for one in saved.artefacts.values()):,} bytes"),
                ("Files' digest", saved.artefacts_digest),
                ("Encoder", f"{recipe['encoder']['name']} ({recipe['encoder']['revision']})"),
                ("Category model", str(recipe["intents"])),
                ("Confidence", str(recipe["confidence"]["version"])),
                ("Behavior", str(recipe["behavior"])),
                ("Code", str(recipe["code"]["version"])),
            ]
        )


def wanted_thresholds(saved: SavedRelease) -> list[dict[str, Any]]:
    """The threshold that counts for each category decided as automate: the one at the risk its behavior allows."""
    from desk.behavior import BehaviorFile

    behavior = BehaviorFile.model_validate(saved.behavior)
    return [
        row
        for row in saved.thresholds
        if saved.categories.get(row["category_id"], {}).get("bucket") == "automate"
        and row["risk"] == behavior.confidence.risk_of(row["category_id"])
    ]


def threshold_in_words(row: Mapping[str, Any]) -> str:
    """What one threshold promises, or why there is none."""
    if row["threshold"] is None:
        return f"Answers nothing alone: {row['why']}" if row.get("why") else "Answers nothing alone."
    bound = row["upper_bound"]
    # Categories with too few tickets of their own share one bound.
    together = " of all such categories together" if row["certified_on"] == "all" else ""
    sure = "" if bound is None else f" With {row['certainty']:.0%} certainty at most {bound:.1%} of them are wrong."
    return (
        f"Answers from a confidence of {row['threshold']:.2f}: {row['count_answered']:,} of {row['count_calibration']:,} "
        f"past tickets{together}, {row['count_wrong']:,} of them wrongly.{sure}"
    )


def day_of(stamp: str) -> str:
    """ "3 June 2026" for a time in a recipe."""
    import datetime as dt

    try:
        at = dt.datetime.fromisoformat(stamp)
    except ValueError:
        return stamp
    return f"{at.day} {at:%B %Y}"


def _checks(saved: SavedRelease) -> None:
    red = red_checks(saved)
    if red is None:
        parts.problems("It is not known which checks were red when it was built.", ["Build it again before you sign."])
    elif red:
        parts.problems("Checks that forbid using it were red when it was built:", red)
    else:
        with ui.element("div").classes("row"):
            looks.chip("checks green", "good")
            looks.text("Every check that could forbid using it was green when it was built.")


def _thresholds(some: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> None:
    rows = [
        [
            names.get(row["category_id"], row["category_id"]),
            f"{row['risk']:.0%}",
            partial(looks.chip, "answers alone", "good")
            if row["threshold"] is not None
            else partial(looks.chip, "a person sends", "open"),
            threshold_in_words(row),
        ]
        for row in some
    ]
    parts.table(["Category", "Wrong allowed", "So", "Because"], rows, "Thresholds")


def _entries(some: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> None:
    with ui.element("div").classes("stack"):
        for row in some:
            conditions = f" (for customers with {_conditions(row['conditions'])})" if row["conditions"] else ""
            with parts.details(f"{str(row['question'])[:300]}{conditions}"):
                looks.text(parts.shown(str(row["answer"])), "quote ours")
                about = [names.get(row["category_id"], row["category_id"]), f"kept by {row['owner'] or 'nobody'}"]
                looks.text(", ".join(about), "muted small")


def _conditions(conditions: Mapping[str, Any]) -> str:
    from assets.configure_behavior.triggers.scopes import conditions_in_words

    return str(conditions_in_words(dict(conditions)))
