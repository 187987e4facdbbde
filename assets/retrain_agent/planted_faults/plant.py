"""Planting faults: the frames, the behavior and the release as they would be with them.

Belongs here: what each kind of fault changes, and refusing what cannot be planted. Does not belong here: the form of
faults (``fault``), which failures come of them (``planted_failures``).
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd
from pydantic import ValidationError

from assets.build_knowledge.conditions import dump_conditions, load_conditions
from assets.configure_behavior.releases.agent_release import AgentRelease, Encode, ReleaseEntry
from assets.configure_behavior.releases.build_release import release_entries
from assets.retrain_agent.planted_faults.fault import (
    AgeEntry,
    BreakTrigger,
    Fault,
    FaultError,
    MergeConditions,
    RemoveEntry,
    SwapLabels,
)
from assets.retrain_agent.trials.trial_release import Material, labelled, learn_categories, learn_retrieval
from desk.behavior import BehaviorFile, behavior_hash

if TYPE_CHECKING:
    from assets.audit_tickets.categories.intent_model import IntentModel
    from assets.build_knowledge.retrieval.retrieval_index import RetrievalIndex

OVERDUE = "its review was due by {day}"


@dataclass(frozen=True)
class Planted:
    """A world with faults: what people see of it (``material``, ``behavior``) and the release that it makes."""

    faults: tuple[Fault, ...]
    material: Material
    behavior: BehaviorFile
    release: AgentRelease


class Planter:
    """Plants faults into one known release; what several sets of faults share is learnt once."""

    def __init__(self, release: AgentRelease, material: Material, encode: Encode, as_of: pd.Timestamp) -> None:
        """``release``: the known one; ``material``: what it learnt from; ``as_of``: its data cut."""
        self.base, self.material, self.encode, self.as_of = release, material, encode, as_of
        self._categories: dict[tuple[tuple[str, str], ...], tuple[IntentModel, pd.DataFrame]] = {
            (): (release.intents, material.intents)
        }
        self._indexes: dict[tuple[Any, ...], RetrievalIndex] = {}

    def intact(self) -> Planted:
        """The world without a fault: the release learnt anew from the material, as every broken one is."""
        return self.plant(())

    def forget(self) -> None:
        """Forget what earlier sets of faults shared; one world takes some hundred megabytes."""
        self._categories = dict(list(self._categories.items())[:1])
        self._indexes = {}

    def plant(self, faults: Sequence[Fault], moments: Sequence[pd.Timestamp] = ()) -> Planted:
        """The world with these faults.

        Args:
            moments: from when each fault is there; people's answers before the one of an aged entry say what it says.

        Raises:
            FaultError: a fault cannot be planted here.
        """
        require_plantable(faults, self.material, self.base.behavior)
        live, aside = self.material.live, self.material.aside
        comments, behavior = self.material.comments, self.base.behavior
        labels: dict[str, str] = {}
        for number, fault in enumerate(faults):
            if isinstance(fault, SwapLabels):
                labels |= swapped_labels(fault, self.material)
            elif isinstance(fault, BreakTrigger):
                behavior = with_trigger(behavior, fault)
            else:
                moment = moments[number] if moments else self.as_of
                live, aside = with_entries(fault, live, aside, moment)
                if isinstance(fault, AgeEntry) and fault.was and moments:
                    comments = aged_replies(comments, fault, moment, self._answered_with(fault.entry))
        model, intents = self._learnt(labels)
        material = labelled(self.material, labels) if labels else self.material
        material = replace(material, live=live, aside=aside, intents=intents, comments=comments)
        entries = {one.entry_id: one for one in release_entries(live)}
        index = self._index(material, entries, labels)
        parts = [self.base.release_id, model.model_version, behavior_hash(behavior), *_versions(entries)]
        named = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        release = replace(
            self.base, release_id=named, entries=entries, intents=model, index=index, behavior=behavior,
            encode=self.encode,
        )  # fmt: skip
        return Planted(tuple(faults), material, behavior, release)

    def _answered_with(self, entry: str) -> set[str]:
        """Tickets of the entry's category: whose replies may say what it says."""
        category = self.material.live.set_index("entry_id").loc[entry, "category_id"]
        intents = self.material.intents
        return set(intents.loc[intents["assigned_category_id"] == category, "ticket_id"])

    def _learnt(self, labels: dict[str, str]) -> tuple[IntentModel, pd.DataFrame]:
        key = tuple(sorted(labels.items()))
        if key not in self._categories:
            changed = labelled(self.material, labels)
            found = learn_categories(changed, self.encode, self.base.encoder_revision, as_of=self.as_of)
            frame = found.frame.assign(input_digest=None)
            self._categories[key] = (found.model, frame)
        return self._categories[key]

    def _index(self, material: Material, entries: Mapping[str, ReleaseEntry], labels: dict[str, str]) -> RetrievalIndex:
        aged = int(pd.util.hash_pandas_object(material.comments["text"], index=False).sum())
        key = (*_versions(entries), *sorted(labels.items()), aged)
        if key not in self._indexes:
            self._indexes[key] = learn_retrieval(material, self.encode, self.base.encoder_revision)
        return self._indexes[key]


def require_plantable(faults: Iterable[Fault], material: Material, behavior: BehaviorFile) -> None:
    """Refuse faults about what is not there, that change nothing, or that two of them touch.

    Raises:
        FaultError: every reason.
    """
    faults = list(faults)
    problems = [f"{fault.name}: {why}" for fault in faults for why in _problems(fault, material, behavior)]
    seen: dict[str, str] = {}
    for fault in faults:
        for thing in sorted(fault.touches):
            if thing in seen:
                problems.append(f"{fault.name}: {thing} is in '{seen[thing]}' already; one thing is broken once")
            seen[thing] = fault.name
    if problems:
        raise FaultError(problems)


def with_entries(
    fault: RemoveEntry | MergeConditions | AgeEntry, live: pd.DataFrame, aside: pd.DataFrame, moment: pd.Timestamp
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``live_entries`` and ``entries_set_aside`` with the fault; ``moment``: when a missed review was due."""
    if isinstance(fault, RemoveEntry):
        return live[live["entry_id"] != fault.entry].reset_index(drop=True), aside
    if isinstance(fault, MergeConditions):
        kept, *gone = fault.entries
        fields = _telling_fields(live, fault.entries)
        left = live[~live["entry_id"].isin(gone)].reset_index(drop=True)
        own = load_conditions(str(left.set_index("entry_id").loc[kept, "conditions"]))
        merged = dump_conditions({name: values for name, values in own.items() if name not in fields})
        return _rewritten(left, kept, conditions=merged), aside
    if fault.overdue:
        day = moment.normalize()
        row = live[live["entry_id"] == fault.entry].copy()
        if "review_by" in row:
            row["review_by"] = pd.Series([day], index=row.index).astype(live["review_by"].dtype)
        row["why_not_live"] = pd.Series([[OVERDUE.format(day=f"{day:%Y-%m-%d}")]], index=row.index, dtype="object")
        rest = live[live["entry_id"] != fault.entry].reset_index(drop=True)
        return rest, pd.concat([aside, row], ignore_index=True) if len(aside) else row.reset_index(drop=True)
    answer = str(live.set_index("entry_id").loc[fault.entry, "answer"])
    return _rewritten(live, fault.entry, answer=aged_text(answer, fault)), aside


def aged_text(text: str, fault: AgeEntry) -> str:
    """A text with what is true replaced by what was."""
    for true, old in fault.was.items():
        text = re.sub(rf"(?<!\w){re.escape(true)}(?!\w)", lambda _, old=old: old, text)  # type: ignore[misc]
    return text


def aged_replies(comments: pd.DataFrame, fault: AgeEntry, moment: pd.Timestamp, ticket_ids: set[str]) -> pd.DataFrame:
    """The comments with what staff said before the moment as it was true then."""
    is_old = (
        (comments["author_role"] == "staff")
        & (comments["created_at"] < moment)
        & comments["ticket_id"].isin(ticket_ids)
    )
    told = comments["text"].where(~is_old, [aged_text(str(one), fault) for one in comments["text"]])
    return comments.assign(text=told.astype(comments["text"].dtype))


def swapped_labels(fault: SwapLabels, material: Material) -> dict[str, str]:
    """The wrong category by the id of each training ticket that gets it."""
    drawn = random.Random(f"swap/{fault.seed}/{'/'.join(fault.categories)}")
    found: dict[str, str] = {}
    for category, other in (fault.categories, reversed(fault.categories)):
        mine = sorted(_taught(material, category))
        found |= dict.fromkeys(drawn.sample(mine, round(len(mine) * fault.share)), other)
    return found


def with_trigger(behavior: BehaviorFile, fault: BreakTrigger) -> BehaviorFile:
    """The spec with the trigger removed or changed.

    Raises:
        ValidationError: it would be no spec.
    """
    content = behavior.model_dump(mode="json")
    kept = []
    for trigger in content["triggers"]:
        if trigger["id"] != fault.trigger:
            kept.append(trigger)
        elif fault.how != "removed":
            kept.append({**trigger, **fault.change})
    return BehaviorFile.model_validate({**content, "triggers": kept})


def _problems(fault: Fault, material: Material, behavior: BehaviorFile) -> list[str]:
    live = material.live.set_index("entry_id")
    if isinstance(fault, SwapLabels):
        known = set(material.categories["category_id"])
        absent = [f"'{one}' is no accepted category" for one in fault.categories if one not in known]
        return absent or [
            f"'{one}' has no labelled training ticket" for one in fault.categories if not _taught(material, one)
        ]
    if isinstance(fault, BreakTrigger):
        if fault.trigger not in {one.id for one in behavior.triggers}:
            return [f"'{fault.trigger}' is no trigger of the behavior spec"]
        try:
            with_trigger(behavior, fault)
        except ValidationError as error:
            return [" ".join(str(one["msg"]).removeprefix("Value error, ").split()) for one in error.errors()]
        return []
    names = fault.entries if isinstance(fault, MergeConditions) else [fault.entry]
    if absent := [f"'{one}' is no live entry" for one in names if one not in live.index]:
        return absent
    if isinstance(fault, MergeConditions):
        if len({live.loc[one, "category_id"] for one in names}) > 1:
            return ["the entries are of different categories"]
        if not _telling_fields(material.live, names):
            return ["no condition tells these entries apart"]
    if isinstance(fault, AgeEntry):
        answer = str(live.loc[fault.entry, "answer"])
        absent = [true for true in fault.was if not re.search(rf"(?<!\w){re.escape(true)}(?!\w)", answer)]
        return [f"'{true}' does not stand in its answer" for true in absent]
    return []


def _telling_fields(live: pd.DataFrame, names: Sequence[str]) -> set[str]:
    """The condition fields by which the first entry is told from the others."""
    rows = live.set_index("entry_id")["conditions"]
    own, *others = (load_conditions(str(rows[one])) for one in names)
    return {name for name, values in own.items() if any(one.get(name) != values for one in others)}


def _taught(material: Material, category: str) -> list[str]:
    training = set(material.splits.loc[material.splits["split"] == "train", "ticket_id"])
    known = set(material.intents["ticket_id"]) & training
    tickets = material.tickets
    mine = tickets["ticket_id"].isin(known) & (tickets["label_category_id"] == category).fillna(False)
    return [str(one) for one in tickets.loc[mine, "ticket_id"]]


def _rewritten(live: pd.DataFrame, entry: str, **changes: str) -> pd.DataFrame:
    """The entries with one changed, under the content hash that it then has."""
    live = live.copy()
    place = live.index[live["entry_id"] == entry]
    for name, value in changes.items():
        live.loc[place, name] = value
    (changed,) = release_entries(live.loc[place])
    live.loc[place, "content_hash"] = changed.own_hash
    return live


def _versions(entries: Mapping[str, ReleaseEntry]) -> list[str]:
    return sorted(f"{name} {one.own_hash}" for name, one in entries.items())
