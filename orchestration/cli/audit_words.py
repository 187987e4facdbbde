"""A quarter's audit list as lines to print: who has what to do, what to look at first, what can be confirmed in one go.

Does not belong here: reading the list (``people.audit_work``), arguments (``knowledge``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import groupby

from assets.build_knowledge.conditions import load_conditions
from assets.configure_behavior.triggers.scopes import conditions_in_words
from assets.sustain_learning.audit_work.audited import ARTICLE, CATEGORY, ENTRY, UNOWNED
from orchestration.people.audit_work import Item, Work

MINUTES_LOUD, MINUTES_QUIET = 4.0, 0.5
"""What a look is reckoned at: at something that speaks against an item, and at a short answer that nothing speaks against."""
FIRST = 5
"""Items shown where nobody is named."""
ANSWER_CHARS = 220


def overview_lines(work: Work) -> list[str]:
    """Everybody's share of a list, and what to look at first of all."""
    still = [one for one in work.items if not one.is_done]
    lines = [
        f"Audit of {work.quarter}: {len(work.items):,} items, {len(work.items) - len(still):,} done{_due(still, work)}.",
        "",
    ]
    by_owner = {owner: list(them) for owner, them in groupby(sorted(work.items, key=_owner), key=_owner)}
    for owner, them in sorted(by_owner.items(), key=lambda one: (one[0] == UNOWNED, -len(_still(one[1])), one[0])):
        lines.append(f"{'Nobody (unowned)' if owner == UNOWNED else owner}: {_share(them)}")
    loud = [one for one in still if not one.is_quiet]
    if loud:
        lines += ["", "Look at these first of all:"]
        lines += [f"  {_title(one)} ({one.row['owner']}): {_short(one.row['reasons'][0])}" for one in loud[:FIRST]]
    if still:
        lines += ["", f'One share, with what to do: understudy knowledge work --owner "{_owner(still[0])}"']
    return lines + _left_over(work)


def owner_lines(work: Work, owner: str) -> list[str]:
    """One owner's share: what speaks against something first, then what can be read and confirmed in one go."""
    mine = work.of(owner)
    name = mine[0].row["owner"]
    still = _still(mine)
    done = [one for one in mine if one.is_done]
    lines = [f"Audit of {work.quarter}, {name}: {_share(mine)}{_due(still, work)}."]
    if name == UNOWNED and still:
        lines.append("Nobody answers for these: name an owner in the entry, or in categories.yaml.")
    loud = [one for one in still if not one.is_quiet]
    wanting = [one for one in loud if one.row["subject_kind"] == CATEGORY]
    first = [one for one in loud if one.row["subject_kind"] != CATEGORY]
    quiet = [one for one in still if one.is_quiet]
    if first:
        lines += ["", f"LOOK AT THESE FIRST ({len(first)})"]
        for number, one in enumerate(first, start=1):
            lines += [
                "",
                f"{number}. {_title(one)}",
                *(f"   - {reason}" for reason in one.row["reasons"]),
                *_answer(one),
            ]
            lines.append(f"   To do: {_to_do(one)}")
    if quiet:
        lines += [
            "",
            f"NOTHING OF NOTE SPEAKS AGAINST THESE ({len(quiet)}): read them once more; those that are right can be confirmed in one go",
        ]
        by_category = sorted(quiet, key=lambda one: (str(one.row["category_id"]), one.row["rank"]))
        for category, them in groupby(by_category, key=lambda one: one.row["category_id"]):
            lines += ["", f"{category}"]
            for one in them:
                lines += [f"   {_title(one)}{_accepted(one)}", *_answer(one)]
        lines += [
            "",
            f'   Each in full, then one question: understudy knowledge confirm --quiet --owner "{name}" --by "…" --role "…"',
        ]
        lines.append("   All but some: confirm those that are right by name, and edit the others.")
    if wanting:
        lines += [
            "",
            f"CATEGORIES THAT LACK ENTRIES ({len(wanting)}): read drafts, write an entry, or confirm that it is enough",
        ]
        lines += [f"   {one.row['title']} ({one.row['subject_id']}): {' '.join(one.row['reasons'])}" for one in wanting]
        lines.append("   Drafts: understudy knowledge draft --category ID")
    if done:
        lines += ["", f"DONE ({len(done)})", *(f"   {_title(one)}: {one.row['done_how']}{_by(one)}" for one in done)]
    return lines


def shown_before_confirming(items: Sequence[Item]) -> list[str]:
    """What a person is shown of items before saying that they are right."""
    lines: list[str] = []
    for one in items:
        lines += [f"{_title(one)}{_accepted(one)}", *_answer(one, None), ""]
    return lines


def _share(items: Sequence[Item]) -> str:
    still = _still(items)
    if not still:
        return f"all {len(items)} done"
    loud = [one for one in still if not one.is_quiet]
    late = sum(one.is_overdue for one in still)
    reckoned = MINUTES_LOUD * len(loud) + MINUTES_QUIET * (len(still) - len(loud))
    parts = [
        f"{len(still)} of {len(items)} to do",
        f"{len(loud)} with something against them",
        f"about {_time(reckoned)}",
    ]
    return ", ".join(parts[:1] + ([f"{late} overdue"] if late else []) + parts[1:])


def _time(minutes: float) -> str:
    if minutes <= 60:
        return f"{max(5, 5 * math.ceil(minutes / 5))} minutes"
    return f"{math.ceil(minutes / 30) / 2:g} hours"


def _due(still: Iterable[Item], work: Work) -> str:
    dates = [one.row["due_at"] for one in still]
    if not dates:
        return ""
    due = min(dates)
    days = (due.normalize() - work.as_of.normalize()).days
    when = (
        f"{days} days left"
        if days > 1
        else "1 day left"
        if days == 1
        else "today"
        if days == 0
        else f"{-days} days ago"
    )
    return f", due by {due:%Y-%m-%d} ({when})"


def _to_do(one: Item) -> str:
    name = one.row["subject_id"]
    if one.row["subject_kind"] == ARTICLE:
        return (
            f"correct the article in the help center, or understudy knowledge verify {name}; "
            f"where a finding is none: understudy knowledge dismiss {' (or '.join(one.row['finding_ids'])}"
            f"{')' * (len(one.row['finding_ids']) > 1)}"
        )
    if one.hindrance is not None:
        return f"understudy knowledge edit {name}, then understudy knowledge accept {name}"
    drawn_up = "; a fix may be drawn up already: understudy fix list" if one.row["weight"] else ""
    return f"understudy knowledge edit {name} and accept it{drawn_up}; where it is right: understudy knowledge confirm {name}"


def _title(one: Item) -> str:
    row = one.row
    if row["subject_kind"] == ENTRY:
        conditions = load_conditions(str(one.entry["conditions"])) if one.entry else {}
        return (
            f"“{row['title']}”{f' for {conditions_in_words(conditions)}' if conditions else ''} ({row['subject_id']})"
        )
    return f"{row['subject_kind'].capitalize()} “{row['title']}” ({row['subject_id']})"


def _answer(one: Item, limit: int | None = ANSWER_CHARS) -> list[str]:
    """The entry's answer, whole and line by line where no limit is given: nobody vouches for half an answer."""
    if one.entry is None:
        return []
    answer = str(one.entry["answer"])
    lines = answer.splitlines() if limit is None else [_short(answer, limit)]
    return [f"      {line}" for line in lines]


def _accepted(one: Item) -> str:
    """Since when it counts, and how its answers went: nobody should vouch for an entry without having seen that."""
    if one.entry is None or one.entry["accepted_at"] is None:
        return ""
    said = f", accepted {one.entry['accepted_at']:%Y-%m-%d}"
    if one.went_wrong is not None:
        wrong, answers = one.went_wrong
        said += f", {answers:,} {'answer' if answers == 1 else 'answers'} lately, {wrong or 'none'} went wrong"
    return said + (", confirming renews its review" if one.renews else "")


def _short(text: str, limit: int = 160) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 2].rstrip()} …"


def _still(items: Iterable[Item]) -> list[Item]:
    return [one for one in items if not one.is_done]


def _owner(one: Item) -> str:
    return str(one.row["owner"])


def _by(one: Item) -> str:
    return f" by {one.row['done_by']}" if one.row["done_by"] else ""


def _left_over(work: Work) -> list[str]:
    if not work.left_over:
        return []
    items = "1 item" if work.left_over == 1 else f"{work.left_over:,} items"
    return [f"{items} of earlier quarters are open, too: understudy knowledge work --quarter …"]
