"""The quarter's audit as the page shows it, and a person's word on items, which is about what they were shown.

Belongs here: order and owners, what is confirmed in words, and refusing what changed meanwhile. Does not belong here: what is on
the list and what confirming does (``orchestration.people.audit_work``), drawing (``audit_page``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.sustain_learning.audit_work.audited import ARTICLE, CATEGORY, ENTRY, UNOWNED
from orchestration.lake import Lake
from orchestration.people.audit_work import Item, Work, confirm, work
from orchestration.people.knowledge_desk import KnowledgeProblem, Reviewer
from service.console.knowledge.words import bounded, for_whom
from service.console.learning import words

if TYPE_CHECKING:
    from desk.loading import Desk

KINDS = {ENTRY: "Entry", ARTICLE: "Help article", CATEGORY: "Category"}
NOBODY = "Nobody answers for it"


class ItemsChanged(KnowledgeProblem):
    """Something is not what the person was shown any more; ``str()`` says what, and nothing was recorded."""


@dataclass(frozen=True)
class AuditView:
    """A quarter's list. work: None where no audit was opened yet; quarters: that there are, the newest first; refusal: why
    this person may not confirm, None where they may."""

    work: Work | None
    quarters: tuple[str, ...]
    refusal: str | None
    names: dict[str, str]


@dataclass(frozen=True)
class Share:
    """What one owner has to do. quiet: what can be confirmed together."""

    owner: str
    count_overdue: int
    count_open: int
    count_done: int
    quiet: tuple[Item, ...]


def read_audit(desk: Desk, quarter: str, refusal: str | None) -> AuditView:
    """The list of a quarter, the newest where none or an unknown one is named."""
    lake = Lake(desk.home)
    quarters: tuple[str, ...] = ()
    if lake.file("knowledge_audit").is_file():
        known = lake.read("knowledge_audit", ["quarter"])["quarter"].dropna()
        quarters = tuple(sorted({str(one) for one in known}, reverse=True))
    names = {one.id: one.name for one in desk.categories}
    if not quarters:
        return AuditView(None, (), refusal, names)
    return AuditView(work(desk, quarter if quarter in quarters else quarters[0]), quarters, refusal, names)


def ordered(items: Sequence[Item]) -> list[Item]:
    """What is overdue first, then what is open by rank, and what is done last."""
    return sorted(items, key=lambda one: (one.is_done, not one.is_overdue, int(one.row["rank"])))


def shares(items: Sequence[Item]) -> list[Share]:
    """Who has how much to do: those with most overdue first, then with most open; what nobody owns is last."""
    found = []
    for owner in dict.fromkeys(str(one.row["owner"]) for one in items):
        mine = [one for one in items if str(one.row["owner"]) == owner]
        left = [one for one in mine if not one.is_done]
        late = sum(one.is_overdue for one in left)
        found.append(Share(owner, late, len(left), len(mine) - len(left), tuple(quiet(mine))))
    return sorted(found, key=lambda one: (one.owner == UNOWNED, -one.count_overdue, -one.count_open, one.owner))


def quiet(items: Sequence[Item]) -> list[Item]:
    """Those that nothing speaks against, are open, and can be confirmed."""
    return [one for one in items if one.is_quiet and not one.is_done and one.hindrance is None and one.content]


def whose(owner: str) -> str:
    """An owner's name as it is shown."""
    return NOBODY if owner == UNOWNED else bounded(owner)[:80]


def paths(one: Item) -> list[tuple[str, str]]:
    """Words and path of the pages that an item is worked off on."""
    kind, name = str(one.row["subject_kind"]), str(one.row["subject_id"])
    found = []
    if kind == ENTRY:
        found.append(("Open the entry", words.entry_path(name)))
    elif kind == CATEGORY:
        found += [("Its entries", words.category_path(name)), ("Drafts", "/knowledge/drafts")]
    findings = [str(each) for each in (one.row["finding_ids"] or [])]
    for place, each in enumerate(findings, 1):
        found.append((f"Finding {place}" if len(findings) > 1 else "The finding", words.finding_path(each)))
    return found


def what_is_confirmed(one: Item) -> str:
    """What a person says by confirming this item."""
    kind = str(one.row["subject_kind"])
    if kind == ENTRY:
        told = "You say that this entry is right as it stands here, word for word"
        return f"{told}, and its next review is set." if one.renews else f"{told}."
    if kind == ARTICLE:
        return "You say that you have looked at this article as it is in the help center now, and that it may stay so."
    return "You say that you have looked at this category's knowledge, and that it is enough as it is."


def wording(one: Item) -> tuple[str, str] | None:
    """For whom an entry is, and what customers are told; None for anything else."""
    if one.entry is None:
        return None
    import json

    given = one.entry["conditions"]
    try:
        conditions = json.loads(given) if isinstance(given, str) else dict(given or {})
    except ValueError:
        conditions = {}
    return for_whom(conditions), bounded(str(one.entry["answer"]))


def confirm_shown(desk: Desk, shown: Sequence[Item], reviewer: Reviewer) -> list[str]:
    """Confirm items as they were shown; all or none. Returns what to tell.

    Raises:
        ItemsChanged: one was done, or changed, or something new speaks against it since it was shown.
        KnowledgeProblem: one cannot be confirmed. LedgerError: the role may not.
    """
    quarters = {str(one.row["quarter"]) for one in shown}
    now = {str(one.row["item_id"]): one for quarter in quarters for one in work(desk, quarter).items}
    changed = [said for one in shown if (said := _changed(one, now.get(str(one.row["item_id"]))))]
    if changed:
        raise ItemsChanged("Nothing was recorded. " + " ".join(changed))
    return confirm(desk, shown, reviewer)


def _changed(shown: Item, now: Item | None) -> str | None:
    title = f"“{bounded(str(shown.row['title']))[:200]}”"
    if now is None:
        return f"{title} is not on the list any more."
    if now.is_done:
        by = now.row["done_by"]
        return f"{title} is done meanwhile: {now.row['done_how']}{f' by {by}' if by else ''}."
    if now.content != shown.content:
        return f"{title} says something else than you were shown. Look at it again."
    if list(now.row["reasons"] or []) != list(shown.row["reasons"] or []) or now.hindrance != shown.hindrance:
        return f"Something else speaks against {title} than you were shown. Look at it again."
    return None
