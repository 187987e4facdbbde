"""The form in which an entry is written: fields, conditions, a preview as text, and mistakes said at their field.

Belongs here: drawing the form and reading it. Does not belong here: what becomes of it (the pages), what an entry may hold
(``orchestration.people.knowledge_files``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nicegui import ui
from nicegui.elements.mixins.validation_element import ValidationElement

from desk.conditions import NEGATION
from desk.entry import MAX_QUESTION_CHARS
from service.console import looks
from service.console.knowledge import gathering, parts
from service.console.knowledge.words import bounded

if TYPE_CHECKING:
    from desk.entry import Entry
    from desk.loading import Desk

IS, IS_NOT = "is", "is not"
MAX_ANSWER_CHARS = 100_000


@dataclass(frozen=True)
class Choices:
    """What the form offers: categories by id, owners, and values by field of conditions."""

    categories: Mapping[str, str]
    owners: Sequence[str]
    conditions: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, desk: Desk, entries: Sequence[Entry]) -> Choices:
        """What a desk has."""
        return cls(
            gathering.category_names(desk),
            gathering.owners_of(desk, entries),
            gathering.known_conditions(entries),
        )


@dataclass
class _ConditionRow:
    box: ui.element
    field: ui.input
    kind: ui.select
    values: ui.input


class EntryForm:
    """The fields of one entry. Drawn where it is made; ``values`` reads it, ``show`` says mistakes where they are."""

    def __init__(self, choices: Choices, start: Mapping[str, Any], *, has_days: bool = True) -> None:
        """``start``: values by name, of ``knowledge_files.FIELD_NAMES``; what is left out is empty. has_days: ask from when
        and until when it is right, and when it is looked at again."""
        self._choices = choices
        self._rows: list[_ConditionRow] = []
        with ui.element("div").classes("form-two"):
            category = start.get("category")
            self._category = ui.select(
                dict(choices.categories), value=category if category in choices.categories else None, label="Category"
            )
            self._owner = ui.input("Owner", value=start.get("owner") or "", autocomplete=list(choices.owners))
        self._question = ui.textarea("Question, as a customer would ask it", value=start.get("question") or "")
        self._question.props["maxlength"] = MAX_QUESTION_CHARS
        self._answer = ui.textarea("Answer, as customers are told it", value=start.get("answer") or "")
        self._answer.props["maxlength"] = MAX_ANSWER_CHARS
        with parts.folded("How the answer reads"), ui.element("div").classes("quote ours"):
            self._preview = ui.label(bounded(self._answer.value)).classes("text")
        self._answer.on_value_change(lambda: self._preview.set_text(bounded(self._answer.value)))
        self._phrasings = ui.textarea(
            "Other ways customers ask it, one a line", value="\n".join(start.get("phrasings") or ())
        )
        looks.text("For whom the answer holds; without a condition it holds for everybody.", "muted small")
        self._conditions_problem = ui.label("").classes("alert small diff-gone")
        self._conditions_problem.props["role"] = "alert"
        self._conditions = ui.element("div").classes("plain-list")
        for name, given in (start.get("conditions") or {}).items():
            self.add_condition(name, given)
        ui.button("Add a condition", icon="add", on_click=lambda: self.add_condition()).props("flat dense").style("align-self:flex-start")  # fmt: skip
        with ui.element("div").classes("form-two") as days:
            self._valid_from = parts.date_field("Right from (empty: always)", start.get("valid_from"))
            self._valid_until = parts.date_field("Right until (empty: until further notice)", start.get("valid_until"))
            self._review_by = parts.date_field("To be looked at again by", start.get("review_by"))
        days.set_visibility(has_days)
        for one in (self._category, self._owner, self._question, self._answer, self._phrasings):
            one.props("outlined dense").classes("field")
        for area in (self._question, self._answer, self._phrasings):
            area.props("autogrow")

    def add_condition(self, name: str = "", values: Sequence[str] = ()) -> None:
        """One more condition, filled in or empty; one that is there already gets the values."""
        plain = name.removeprefix(NEGATION)
        for row in self._rows:
            if plain and row.field.value == plain and row.kind.value == (IS if plain == name else IS_NOT):
                row.values.value = ", ".join(dict.fromkeys([*_several(row.values.value), *values]))
                return
        with self._conditions, ui.element("div").classes("condition") as box:
            field = ui.input("What", value=plain, autocomplete=list(self._choices.conditions))
            kind = ui.select([IS, IS_NOT], value=IS if plain == name else IS_NOT, label="Is it")
            known = sorted({value for values in self._choices.conditions.values() for value in values})
            given = ui.input("One of these, separated by commas", value=", ".join(values), autocomplete=known)
            row = _ConditionRow(box, field, kind, given)
            parts.icon_button("delete", "Remove this condition", lambda: self._remove(row))
        for one in (field, kind, given):
            one.props("outlined dense")
        self._rows.append(row)

    def add_phrasing(self, words: str) -> None:
        """One more wording, unless it is there."""
        lines = _lines(self._phrasings.value)
        if words and words not in lines:
            self._phrasings.value = "\n".join([*lines, words])

    def set_answer(self, words: str) -> None:
        """Put other words in the place of the answer."""
        self._answer.value = words

    @property
    def review_by(self) -> dt.date | None:
        """The day of the next review. Raises ``KnowledgeProblem``."""
        return parts.day_of(self._review_by.value, "Next review")

    def values(self) -> dict[str, Any]:
        """What the form holds, by the names of an entry's fields; nothing of it is checked yet."""
        self._clear()
        return {
            "category": self._category.value or "",
            "question": self._question.value or "",
            "answer": self._answer.value or "",
            "conditions": self._given_conditions(),
            "phrasings": _lines(self._phrasings.value),
            "owner": (self._owner.value or "").strip() or None,
            "review_by": (self._review_by.value or "").strip() or None,
            "valid_from": (self._valid_from.value or "").strip() or None,
            "valid_until": (self._valid_until.value or "").strip() or None,
        }

    def show(self, problems: Mapping[str, str]) -> None:
        """Say each mistake at its field."""
        fields = self._fields()
        for name, sentence in problems.items():
            if name in fields:
                fields[name].error = sentence
            else:
                self._conditions_problem.set_text(sentence)

    def _given_conditions(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row in self._rows:
            name, values = (row.field.value or "").strip(), _several(row.values.value)
            if name or values:
                key = f"{NEGATION if row.kind.value == IS_NOT else ''}{name}"
                found[key] = [*found.get(key, []), *values]
        return found

    def _fields(self) -> dict[str, ValidationElement[Any]]:
        return {
            "category": self._category,
            "question": self._question,
            "answer": self._answer,
            "phrasings": self._phrasings,
            "owner": self._owner,
            "review_by": self._review_by,
            "valid_from": self._valid_from,
            "valid_until": self._valid_until,
        }

    def _clear(self) -> None:
        for field in self._fields().values():
            field.error = None
        self._conditions_problem.set_text("")

    def _remove(self, row: _ConditionRow) -> None:
        self._rows.remove(row)
        row.box.delete()


def fields_of(entry: Entry) -> dict[str, Any]:
    """What the form begins with, of an entry that is there."""
    from orchestration.people.knowledge_files import FIELD_NAMES

    return {name: getattr(entry, name) for name in FIELD_NAMES}


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").split("\n") if line.strip()]


def _several(text: str | None) -> list[str]:
    return [one.strip() for one in (text or "").split(",") if one.strip()]
