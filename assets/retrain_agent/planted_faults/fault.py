"""What can be broken on purpose, as people write it down, and reading it from YAML or JSON.

Belongs here: the form of a fault and what is wrong with a list of them. Does not belong here: breaking anything
(``plant``), drawing faults by chance (``benchmarks.failures_faults``).

A file of faults is a list, or a mapping with the list under ``faults``::

    faults:
      - {kind: remove_entry, entry: invoice-copy}
      - {kind: swap_labels, categories: [invoice_copy, payment_method], share: 0.5, seed: 3}
      - {kind: merge_conditions, entries: [password-reset, password-reset-sso]}   # the first one's answer stays
      - {kind: age_entry, entry: invite-people, was: {"7 days": "3 days"}}        # what is true: what it says instead
      - {kind: age_entry, entry: export-all, overdue: true}                       # its review was missed; not live any more
      - {kind: break_trigger, trigger: cancelling, how: removed}
      - {kind: break_trigger, trigger: legal, how: narrowed, change: {only_for: {languages: [en]}}}
      - {kind: break_trigger, trigger: press, how: too_broad, change: {phrases: [invoice]}}
        since: 2026-03-20        # any fault: the day from which it is there; default early in the tickets' time
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, TypeAdapter, ValidationError, field_validator, model_validator

from assets.retrain_agent.frames import (
    EDGE_CASE_COLLISION,
    INTENT_MISCLASSIFICATION,
    KNOWLEDGE_GAP,
    MISSED_ESCALATION,
    NEEDLESS_ESCALATION,
    STALE_KNOWLEDGE,
)
from desk.models import Block

MAX_FAULTS = 100


class FaultError(Exception):
    """A list of faults that cannot be planted; ``str()`` says which fault and why, one a line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Fault(Block):
    """since: the day from which the fault is there."""

    since: dt.date | None = None


class RemoveEntry(_Fault):
    """An entry is deleted."""

    kind: Literal["remove_entry"]
    entry: str

    @property
    def name(self) -> str:
        return f"remove_entry {self.entry}"

    @property
    def expected(self) -> str:
        return KNOWLEDGE_GAP

    @property
    def touches(self) -> frozenset[str]:
        return frozenset({f"entry {self.entry}"})


class SwapLabels(_Fault):
    """Of a share of the training tickets of two categories the labels are swapped; seed: which ones."""

    kind: Literal["swap_labels"]
    categories: list[str] = Field(min_length=2, max_length=2)
    share: float = Field(default=0.5, gt=0, le=1)
    seed: int = 0

    @field_validator("categories", mode="after")
    @classmethod
    def _differ(cls, value: list[str]) -> list[str]:
        if value[0] == value[1]:
            raise ValueError(f"'{value[0]}' cannot be swapped with itself; name two categories")
        return value

    @property
    def name(self) -> str:
        return f"swap_labels {self.categories[0]} {self.categories[1]}"

    @property
    def expected(self) -> str:
        return INTENT_MISCLASSIFICATION

    @property
    def touches(self) -> frozenset[str]:
        return frozenset(f"category {one}" for one in self.categories)


class MergeConditions(_Fault):
    """Entries for different customers become one without these conditions: the first one's answer stays."""

    kind: Literal["merge_conditions"]
    entries: list[str] = Field(min_length=2)

    @field_validator("entries", mode="after")
    @classmethod
    def _differ(cls, value: list[str]) -> list[str]:
        if len(set(value)) < len(value):
            raise ValueError("an entry is named twice; name entries that differ")
        return value

    @property
    def name(self) -> str:
        return f"merge_conditions {' '.join(self.entries)}"

    @property
    def expected(self) -> str:
        return EDGE_CASE_COLLISION

    @property
    def touches(self) -> frozenset[str]:
        return frozenset(f"entry {one}" for one in self.entries)


class AgeEntry(_Fault):
    """An entry says what is no longer true (``was``: the true words, and those it says instead), or its review was
    missed (``overdue``), so that it is on file and not live."""

    kind: Literal["age_entry"]
    entry: str
    was: dict[str, str] = Field(default={})
    overdue: bool = False

    @model_validator(mode="after")
    def _is_one_of_two(self) -> AgeEntry:
        if bool(self.was) == self.overdue:
            raise ValueError(
                "say either 'was' (the true words and what it says instead), or 'overdue: true', and not both"
            )
        for true, old in self.was.items():
            if not true.strip() or not old.strip() or true.strip() == old.strip():
                raise ValueError(f"'{true}' and '{old}' must be words that differ")
        return self

    @property
    def name(self) -> str:
        return f"age_entry {self.entry}"

    @property
    def expected(self) -> str:
        return STALE_KNOWLEDGE

    @property
    def touches(self) -> frozenset[str]:
        return frozenset({f"entry {self.entry}"})


class BreakTrigger(_Fault):
    """A trigger is gone, fires for fewer than it should, or for too many; change: its fields as they are then."""

    kind: Literal["break_trigger"]
    trigger: str
    how: Literal["removed", "narrowed", "too_broad"]
    change: dict[str, Any] = Field(default={})

    @model_validator(mode="after")
    def _says_how(self) -> BreakTrigger:
        if self.how == "removed" and self.change:
            raise ValueError("a trigger that is removed has nothing to change; leave 'change' out")
        if self.how != "removed" and not self.change:
            raise ValueError(
                f"a trigger that is {self.how.replace('_', ' ')} needs 'change': the fields as they are then"
            )
        if "id" in self.change:
            raise ValueError("'change' must not name an id: the trigger keeps its own")
        return self

    @property
    def name(self) -> str:
        return f"break_trigger {self.trigger} {self.how}"

    @property
    def expected(self) -> str:
        return NEEDLESS_ESCALATION if self.how == "too_broad" else MISSED_ESCALATION

    @property
    def touches(self) -> frozenset[str]:
        return frozenset({f"trigger {self.trigger}"})


Fault: TypeAlias = RemoveEntry | SwapLabels | MergeConditions | AgeEntry | BreakTrigger
KINDS = ("remove_entry", "swap_labels", "merge_conditions", "age_entry", "break_trigger")
_FAULT: Any = TypeAdapter(Annotated[Fault, Field(discriminator="kind")])  # type: ignore[maybe-unrecognized-str-typeform, arg-type]


def read_faults(text: str, name: str = "the faults") -> tuple[Fault, ...]:
    """Faults from the text of a YAML or JSON file; ``name`` is the file's, for errors.

    Raises:
        FaultError: it is no such list, or a fault is wrong; every mistake is named.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        found = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        raise FaultError([f"{name} cannot be read as YAML or JSON: {' '.join(str(error).split())}"]) from None
    if isinstance(found, dict) and set(found) == {"faults"}:
        found = found["faults"]
    if not isinstance(found, list) or not found:
        raise FaultError([f"{name} must hold a list of faults, or 'faults:' with one; kinds are {', '.join(KINDS)}"])
    if len(found) > MAX_FAULTS:
        raise FaultError([f"{name} holds {len(found)} faults; at most {MAX_FAULTS} can be told apart"])
    faults: list[Fault] = []
    problems: list[str] = []
    for number, one in enumerate(found, start=1):
        try:
            faults.append(_FAULT.validate_python(one))
        except ValidationError as error:
            problems += [f"{name}, fault {number}: {_in_words(dict(detail), one)}" for detail in error.errors()]
    if problems:
        raise FaultError(problems)
    return tuple(faults)


def _in_words(error: dict[str, Any], given: Any) -> str:
    if error["type"] in ("union_tag_invalid", "union_tag_not_found", "model_attributes_type", "dict_type"):
        said = f"'{given.get('kind')}' is no kind of fault" if isinstance(given, dict) else "it is no mapping"
        return f"{said}; write kind: one of {', '.join(KINDS)}"
    place = ".".join(str(part) for part in error["loc"] if part not in KINDS)
    if error["type"] == "extra_forbidden":
        return f"'{place}' is not known here"
    if error["type"] == "missing":
        return f"'{place}' is missing"
    said = str(error["msg"]).removeprefix("Value error, ")
    return f"{place}: {said}" if place else said
