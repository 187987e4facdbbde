"""The short way that a category walks before the agent answers it alone: knowledge, behavior, shadow, verdict.

Belongs here: whether each step is done, why, and what a person does next. Does not belong here: which categories set out
(``scope_proposals``), what a step itself measures (the stages before).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import pandas as pd

from assets.configure_behavior.behavior.spec_versions import current_spec
from assets.pilot_agent.answers.frames import as_list
from assets.pilot_agent.verdict.families import OVER_ALL
from assets.pilot_agent.verdict.looks_kept import LOOK, STOP
from assets.sustain_learning.scope.decay import recovered
from assets.sustain_learning.scope.scope_frames import AUTOMATE, CategoryFacts, ScopeFrames, coverage_of
from desk.learning import Decayed

KNOWLEDGE, BEHAVIOR, SHADOW, VERDICT = "knowledge", "behavior", "shadow", "verdict"
GO = "expand"
BEGINNING = pd.Timestamp("1970-01-01", tz="UTC")


@dataclass(frozen=True)
class Step:
    """One step. what_to_do: a command or a page; empty where the step is done."""

    step: str
    is_done: bool
    why: str
    what_to_do: str


def steps_json(steps: Sequence[Step]) -> str:
    """The column ``steps``."""
    return json.dumps([asdict(one) for one in steps], ensure_ascii=False)


def steps_of(text: str) -> list[Step]:
    """The column ``steps``, read."""
    return [Step(**one) for one in json.loads(text)]


def next_step(steps: Sequence[Step]) -> Step | None:
    """The first that is not done; None once all are."""
    return next((one for one in steps if not one.is_done), None)


def short_way(
    one: CategoryFacts,
    frames: ScopeFrames,
    given: pd.DataFrame,
    verdicts: Mapping[str, tuple[str, str]],
    rule: Decayed,
    as_of: pd.Timestamp,
) -> list[Step]:
    """The four steps of a category, in order.

    Args:
        given: ``given_answers``. verdicts: ``verdicts_by_category``.
        rule: ``desk.settings.learning.decayed``: what would cost the category its autonomy must be ruled out in shadow.
    """
    return [
        knowledge_step(one, frames.coverage),
        _behavior(one, frames.spec, frames.thresholds),
        shadow_step(one, given, BEGINNING, rule, as_of),
        _verdict(one, verdicts),
    ]


def knowledge_step(one: CategoryFacts, coverage: pd.DataFrame) -> Step:
    """Whether the category has the live entries it needs."""
    row = coverage_of(coverage, one.category_id)
    to_do = f"understudy knowledge draft --category {one.category_id} --write"
    if row is None:
        return Step(KNOWLEDGE, False, "its knowledge has not been counted yet", "understudy run build_knowledge")
    if bool(row["is_covered"]):
        return Step(KNOWLEDGE, True, f"{row['count_live_entries']} live entries, owned, with enough phrasings", "")
    missing = "; ".join(str(part) for part in as_list(row["missing"]))
    if not int(str(row["entries_needed"])):
        to_do = f"understudy knowledge list --category {one.category_id}"
    return Step(KNOWLEDGE, False, f"it needs {missing}" if missing else "it is not covered", to_do)


def shadow_step(
    one: CategoryFacts, given: pd.DataFrame, since: pd.Timestamp, rule: Decayed, as_of: pd.Timestamp
) -> Step:
    """Whether what the agent would have sent since a moment was reviewed and found good enough."""
    is_done, rate, why = recovered(given[given["category_id"] == one.category_id], since, as_of, rule)
    if is_done:
        return Step(SHADOW, True, why, "")
    if not len(given[given["category_id"] == one.category_id]) and not rate.count.denominator:
        why = f"the agent has drafted nothing for it that could be sent; {rule.at_least} reviewed answers are needed"
    return Step(SHADOW, False, why, f"understudy review list --category {one.category_id}")


def verdicts_by_category(looks: pd.DataFrame, verdicts: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """The last word of a pilot on each category: (verdict, pilot).

    Args:
        looks: ``pilot_looks``: what was decided at a look of any pilot stands. verdicts: ``pilot_verdict`` of the pilot on file,
            which also says what is not decided yet.
    """
    found: dict[str, tuple[str, str]] = {}
    if len(looks):
        for row in looks.sort_values(["made_as_of", "week"], kind="stable").to_dict("records"):
            if row["kind"] == LOOK:
                said = {str(name): str(word) for name, word in json.loads(row["verdicts"]).items()}
                found |= {name: (word, str(row["pilot_id"])) for name, word in said.items() if name != OVER_ALL}
            elif row["kind"] == STOP and not pd.isna(row["group"]):
                found[str(row["group"])] = ("roll_back", str(row["pilot_id"]))
    for row in verdicts.to_dict("records"):
        name = str(row["group"])
        if name != OVER_ALL and (name not in found or bool(row["is_final"])):
            found[name] = (str(row["verdict"]), str(row["pilot_id"]))
    return found


def _behavior(one: CategoryFacts, spec: pd.DataFrame, thresholds: pd.DataFrame) -> Step:
    current = spec[spec["is_current"].fillna(False).astype(bool)] if len(spec) else spec
    if current.empty:
        return Step(BEHAVIOR, False, "there is no behavior spec yet", "understudy behavior init")
    row = current.iloc[0]
    if not bool(row["is_signed"]):
        missing = ", ".join(str(role) for role in as_list(row["missing_roles"])) or "somebody"
        return Step(BEHAVIOR, False, f"the behavior spec is unsigned: {missing}", "understudy sign-off behavior")
    if one.bucket != AUTOMATE:
        why = "a threshold is certified only for what is decided as automate: accept this proposal first"
        return Step(BEHAVIOR, False, why, "understudy scope accept")
    risk = current_spec(spec).confidence.risk_of(one.category_id)
    mine = thresholds[(thresholds["category_id"] == one.category_id) & ((thresholds["risk"] - risk).abs() < 1e-9)]
    sought = mine[mine["bucket"] == AUTOMATE] if len(mine) else mine
    if sought.empty:
        return Step(
            BEHAVIOR,
            False,
            f"no threshold was sought for it yet at {risk:.0%} risk",
            "understudy run configure_behavior",
        )
    if pd.isna(sought.iloc[0]["threshold"]):
        why = str(sought.iloc[0]["why"]).rstrip(".")
        why = f"no safe threshold at {risk:.0%} risk: {why[:1].lower()}{why[1:]}"
        return Step(BEHAVIOR, False, why, "understudy run configure_behavior")
    why = f"signed, with a certified threshold of {float(sought.iloc[0]['threshold']):g} at {risk:.0%} risk"
    return Step(BEHAVIOR, True, why, "")


def _verdict(one: CategoryFacts, verdicts: Mapping[str, tuple[str, str]]) -> Step:
    found = verdicts.get(one.category_id)
    to_do = (
        f"name {one.category_id} under 'categories: ids' in the pilot.yaml of a new pilot, then: understudy pilot plan"
    )
    if found is None:
        return Step(VERDICT, False, "no pilot has judged it", to_do)
    word, pilot = found
    if word == GO:
        return Step(VERDICT, True, f"pilot '{pilot}' says expand", "")
    return Step(
        VERDICT, False, f"pilot '{pilot}' says {word.replace('_', ' ')}",
        "understudy pilot status" if word == "keep_collecting" else to_do,
    )  # fmt: skip
