"""What fixes may be drawn from: the training side of the split, and nothing else.

Belongs here: leaving everything else out, once, in one place, and what is read from what remains (what customers ask, what
is known of them). Does not belong here: any kind of fix.

A failure on another side is counted in its pattern and typed like any other. Its words never come past here: what a fix is
measured on must not have written it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from assets.build_knowledge.drafts.answer_conditions import customer_facts
from assets.build_knowledge.drafts.customer_questions import customer_questions
from assets.build_knowledge.drafts.staff_answers import staff_answers
from assets.build_knowledge.training_tickets import MAX_ASKED, newest_of_each
from assets.retrain_agent.fixes.fix import is_known, text_or_none
from desk.behavior import BehaviorFile
from desk.conditions import canonical_value

if TYPE_CHECKING:
    from assets.retrain_agent.trials.trial_release import Material

TRAIN = "train"
MISFILED = "wrong_category"
MOST = 0.5
"""Share of a pattern's training failures from which their category is the pattern's."""
Encode = Callable[[Sequence[str]], np.ndarray]
_NOT_A_FACT = frozenset({"page", "first_name", "name", "customer_name", "language", "locale", "days_as_customer"})


@dataclass(frozen=True)
class Ground:
    """What may be drawn from. failures and cases: training alone; material: its tickets, comments and texts likewise."""

    failures: pd.DataFrame
    cases: pd.DataFrame
    material: Material
    behavior: BehaviorFile
    encode: Encode
    as_of: pd.Timestamp
    earlier_specs: tuple[BehaviorFile, ...] = ()

    @property
    def language(self) -> str:
        """The desk's main language."""
        return self.behavior.tone.languages[0]

    @cached_property
    def labels(self) -> dict[str, str]:
        """Category by training ticket, as the models learnt it."""
        intents = self.material.intents
        known = intents[intents["assigned_category_id"].notna()]
        return dict(zip(known["ticket_id"].astype(str), known["assigned_category_id"].astype(str), strict=True))

    @cached_property
    def categories(self) -> dict[str, dict[str, Any]]:
        """Rows of ``accepted_categories`` by id."""
        return {str(row["category_id"]): row for row in _records(self.material.categories)}

    @cached_property
    def entries(self) -> dict[str, dict[str, Any]]:
        """Live entries by id."""
        return {str(row["entry_id"]): row for row in _records(self.material.live)}

    @cached_property
    def aside(self) -> dict[str, dict[str, Any]]:
        """Entries that are not live, by id; of several versions the newest."""
        rows = self.material.aside
        if "is_current" in rows:
            rows = rows.sort_values("is_current", kind="stable")
        return {
            name: row
            for row in _records(rows)
            if (name := str(row["entry_id"])) not in self.entries and isinstance(row["answer"], str)
        }

    @cached_property
    def facts(self) -> dict[str, dict[str, str]]:
        """What is known of each customer, by ticket: of the judged answer where there is one, else of the ticket."""
        found: dict[str, dict[str, str]] = {}
        for ticket, given in customer_facts(self.material.tickets).items():
            found[ticket] = {name: str(value) for name, value in given.items()}
        for frame in (self.cases, self.failures):
            for ticket, context in zip(frame["ticket_id"], frame["context"], strict=True):
                found.setdefault(str(ticket), {}).update(read_context(context))
        return found

    @cached_property
    def asked(self) -> pd.DataFrame:
        """The sentence in which each customer asks, as ``customer_questions``: of failing tickets and the newest of each
        category."""
        category = {**self.labels}
        for row in _records(self.failures):
            right = text_or_none(row["right_category_id"]) or text_or_none(row["category_id"]) or "unknown"
            category[str(row["ticket_id"])] = right
        failing = set(self.failures["ticket_id"].astype(str))
        tickets = self.material.tickets
        newest = newest_of_each(tickets, {k: v for k, v in category.items() if k not in failing}, MAX_ASKED)
        kept = {ticket: category[ticket] for ticket in [*newest["ticket_id"].astype(str), *sorted(failing)]}
        comments = self.material.comments
        read = comments[comments["ticket_id"].isin(set(kept))]
        unread = self.failures[~self.failures["ticket_id"].isin(set(read["ticket_id"]))]
        return customer_questions(pd.concat([read, _as_comments(unread)], ignore_index=True), kept)

    @cached_property
    def replies(self) -> dict[str, pd.DataFrame]:
        """What people answered, as ``staff_answers``, by category: of the newest tickets of each."""
        newest = newest_of_each(self.material.tickets, self.labels, MAX_ASKED)
        kept = {ticket: self.labels[ticket] for ticket in newest["ticket_id"].astype(str)}
        comments = self.material.comments[self.material.comments["ticket_id"].isin(kept)]
        answers = staff_answers(comments, newest, kept)
        return {str(name): rows.reset_index(drop=True) for name, rows in answers.groupby("category_id")}

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """Unit rows, (n, d)."""
        if not len(texts):
            return np.zeros((0, 1), dtype=np.float32)
        return np.asarray(self.encode([one[:1_000] for one in texts]), dtype=np.float32)

    def name_of(self, category_id: str | None) -> str:
        """A category's name as people say it."""
        row = self.categories.get(category_id or "")
        return str(row["name"]) if row and is_known(row["name"]) else str(category_id or "no category")


@dataclass(frozen=True)
class PatternGround:
    """One pattern with its training failures, the newest first, one a ticket."""

    pattern: Mapping[str, Any]
    mine: pd.DataFrame
    ground: Ground

    def cell(self, name: str) -> str | None:
        """A text of the pattern, None where it has none."""
        return text_or_none(self.pattern[name])

    @property
    def tickets(self) -> list[str]:
        """Ids of its training tickets."""
        return [str(one) for one in self.mine["ticket_id"]]

    @cached_property
    def condition(self) -> dict[str, list[str]]:
        """What the failing customers share, as the pattern says."""
        text = self.cell("condition")
        return {name: [str(one) for one in values] for name, values in json.loads(text).items()} if text else {}

    @property
    def right_category(self) -> str | None:
        """The category these tickets belong to: as the pattern says, or as most of its training failures do."""
        if said := self.cell("right_category_id"):
            return said
        target = self.ground.entries.get(self.cell("target_entry_id") or "")
        if target is not None:
            return str(target["category_id"])
        for column in ("right_category_id", "category_id"):
            # The category that was chosen is no guess where people called just that wrong.
            rows = (
                self.mine
                if column == "right_category_id"
                else self.mine[self.mine["said_reason"].fillna("") != MISFILED]
            )
            known = rows[column].dropna().value_counts()
            if len(known) and known.iloc[0] >= MOST * len(self.mine):
                return str(known.index[0])
        return self.cell("category_id") if not len(self.mine) else None


def ground_of(
    failures: pd.DataFrame,
    cases: pd.DataFrame,
    material: Material,
    behavior: BehaviorFile,
    encode: Encode,
    as_of: pd.Timestamp,
    earlier_specs: Sequence[BehaviorFile] = (),
) -> Ground:
    """The training side of all that is handed in.

    Both the frames' ``side`` and the published split must say train: a ticket that one of them holds back stays out.
    """
    from dataclasses import replace

    splits = material.splits
    training = set(splits.loc[splits["split"] == TRAIN, "ticket_id"].astype(str))

    def ours(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["ticket_id"].astype(str).isin(training)].reset_index(drop=True)

    def judged(frame: pd.DataFrame) -> pd.DataFrame:
        is_train = (frame["side"] == TRAIN).fillna(False).astype(bool)
        early = (frame["occurred_at"] <= as_of).fillna(False).astype(bool)
        return ours(frame[is_train & early])

    kept = replace(
        material,
        tickets=ours(material.tickets),
        intents=ours(material.intents),
        comments=ours(material.comments[material.comments["created_at"] <= as_of]),
        texts=ours(material.texts),
    )
    return Ground(judged(failures), judged(cases), kept, behavior, encode, as_of, tuple(earlier_specs))


def pattern_ground(pattern: Mapping[str, Any], ground: Ground) -> PatternGround:
    """The pattern with its training failures: of a ticket that failed twice the one that says most."""
    names = {str(one) for one in pattern["failure_ids"]}
    mine = ground.failures[ground.failures["failure_id"].astype(str).isin(names)]
    says = mine["right_answer"].notna().astype(int)
    ordered = mine.assign(says=says).sort_values(["says", "occurred_at", "failure_id"], ascending=[False, False, True])
    one = ordered.drop_duplicates("ticket_id").drop(columns="says")
    one = one.sort_values(["occurred_at", "failure_id"], ascending=[False, True])
    return PatternGround(pattern, one.reset_index(drop=True), ground)


def read_context(context: object) -> dict[str, str]:
    """Facts of a customer out of the JSON of a judged answer, in the one form of conditions."""
    text = text_or_none(context)
    value = json.loads(text) if text else {}
    return {
        str(name): canonical_value(str(name), one)
        for name, one in (value.items() if isinstance(value, dict) else ())
        if str(name) not in _NOT_A_FACT and isinstance(one, str | bool | int | float) and str(one).strip()
    }


def _as_comments(failures: pd.DataFrame) -> pd.DataFrame:
    """The messages of judged answers as comments, for tickets of which no comment is at hand."""
    once = failures.drop_duplicates("ticket_id")
    return pd.DataFrame(
        {
            "ticket_id": once["ticket_id"],
            "position": 0,
            "author_role": "requester",
            "is_public": True,
            "created_at": once["occurred_at"],
            "subject": None,
            "text": once["question"],
            "language": once["language"],
        }
    )


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
