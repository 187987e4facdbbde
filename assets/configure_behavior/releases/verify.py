"""Whether a release is what it says: every hash computed again, and the regression set decided again.

Belongs here: comparing a folder with itself. Does not belong here: whether people signed it (``release_problems``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.configure_behavior.releases.agent_release import AgentRelease
from assets.configure_behavior.releases.build_release import regression_digest, the_decide
from assets.configure_behavior.releases.code_version import code_version, package_versions
from assets.configure_behavior.releases.recipe import make_recipe, recipe_hash, retrieval_inputs
from assets.configure_behavior.releases.regression_set import (
    COLUMNS,
    Decide,
    decision_differences,
    decisions_digest,
    other_ways,
    replay,
)
from assets.configure_behavior.releases.release_files import load_release
from assets.configure_behavior.releases.saved_release import (
    ReleaseError,
    SavedRelease,
    artefact_problems,
    read_release,
)
from desk.behavior import behavior_hash

if TYPE_CHECKING:
    import pandas as pd

    from assets.audit_tickets.vectors.encoder import Encoder


@dataclass(frozen=True)
class Verification:
    """``problems``: a sentence for everything that is not as it was built. ``notes``: what has changed around it without
    changing a decision, such as newer code. ``count_replayed``: frozen tickets that were decided again."""

    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()
    count_replayed: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether the release may be trusted to decide as it did when it was built."""
        return not self.problems


def verify_release(
    folder: Path,
    encoder: Encoder,
    decide: Decide | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Verification:
    """Compute every hash of a release again, load it, and decide its regression set anew.

    Args:
        folder: of the release.
        encoder: the desk's.
        decide: ``decisions.decide`` by default.
        on_progress: called with (regression tickets decided, in all).

    Returns:
        Problems rather than errors, whatever is wrong with the folder.
    """
    try:
        if problems := artefact_problems(folder):
            return Verification(tuple(problems))
        saved = read_release(folder)
    except ReleaseError as error:
        return Verification((str(error),))
    problems = _identity_problems(saved, folder)
    try:
        release = load_release(folder, encoder)
        problems += _recipe_problems(saved, release)
    except (ReleaseError, ValueError, TypeError, KeyError) as error:
        return Verification((*problems, str(error)))
    again = replay(_frozen(saved.regression), release, decide or the_decide(), on_progress)
    by = "" if saved.recipe["code"]["version"] == code_version() else " by today's code"
    differences = decision_differences(saved.regression, again)
    problems += [f"decided otherwise{by} than when it was built: {one}" for one in differences]
    if decisions_digest(saved.regression) != saved.decisions_digest:
        problems.append("the regression decisions do not have the digest in the manifest")
    notes = [*_notes(saved.recipe)]
    if others := other_ways(saved.regression, again):
        notes.append(f"{len(others)} replayed tickets are decided the same by other rules: {', '.join(others[:5])}")
    return Verification(tuple(problems), tuple(notes), len(again))


def _identity_problems(saved: SavedRelease, folder: Path) -> list[str]:
    problems = []
    computed = recipe_hash(saved.recipe)
    if computed != saved.release_id:
        problems.append(f"its recipe has the hash {computed[:12]}, not {saved.release_id[:12]}: the recipe was changed")
    if folder.name != saved.release_id:
        problems.append(f"its folder is called {folder.name[:12]}, not {saved.release_id[:12]}")
    return problems


def _recipe_problems(saved: SavedRelease, release: AgentRelease) -> list[str]:
    """What the files hold that the recipe, and with it every signature, does not say."""
    import pandas as pd

    recipe = saved.recipe
    made = make_recipe(
        desk_id=recipe["desk"]["desk_id"],
        company=release.company,
        as_of=pd.Timestamp(recipe["as_of"]),
        entries=release.entries.values(),
        categories=release.categories.values(),
        behavior_hash=behavior_hash(release.behavior),
        intents_version=release.intents.model_version,
        retrieval_version=retrieval_inputs(release.index),
        confidence_version=recipe["confidence"]["version"],
        thresholds=release.thresholds,
        encoder_name=recipe["encoder"]["name"],
        encoder_revision=release.index.encoder_revision or release.encoder_revision,
        regression_set=regression_digest(_frozen(saved.regression)),
        data=recipe["data"],
        settings=recipe["settings"],
        seeds=recipe["seeds"],
        code=recipe["code"],
    )
    words = {
        "categories": "categories.json",
        "roadmap": "categories.json",
        "entries": "entries.jsonl",
        "behavior": "behavior.json",
        "intents": "intents",
        "retrieval": "index",
        "confidence": "thresholds.json",
        "regression_set": "regression_set.jsonl",
        "encoder": "index",
    }
    return [
        f"{words.get(name, name)} holds something else than the recipe says ({name})"
        for name in made
        if made[name] != recipe.get(name)
    ]


def _notes(recipe: dict[str, Any]) -> Iterable[str]:
    then, now = str(recipe["code"]["version"]), code_version()
    if then != now:
        yield f"it was built by other code ({then[:12]}) than decides now ({now[:12]})"
    for name, installed in sorted(recipe["code"]["packages"].items()):
        here = package_versions([name])[name]
        if here != installed:
            yield f"{name} was {installed} when it was built and is {here} now"


def _frozen(rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame([{name: row[name] for name in COLUMNS} for row in rows], columns=list(COLUMNS))
