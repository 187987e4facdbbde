"""What every ``understudy knowledge`` command works on: files, published frames, and who decides.

Does not belong here: what a command does (``knowledge_review``, ``knowledge_edit``, ``knowledge_audit``).
"""

import datetime as dt
import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from desk.knowledge import Entry, RejectedEntry, read_knowledge
from desk.loading import Desk
from ledger.knowledge import dismissed_findings
from ledger.store import Ledger, open_ledger
from orchestration.lake import Lake, NotMaterialised
from orchestration.resources import DeskResource

STAGE = "understudy run build_knowledge"


class KnowledgeProblem(Exception):
    """Something was asked for that cannot be done; ``str()`` says why and what to do."""


@dataclass(frozen=True)
class Reviewer:
    """Who decides, in which role, when, and what is worth remembering."""

    by: str
    role: str
    at: dt.datetime
    note: str = ""

    def as_words(self, desk: Desk) -> dict[str, Any]:
        """The arguments every decision in the ledger takes."""
        return {"by": self.by, "role": self.role, "occurred_at": self.at, "known_roles": knowledge_roles(desk)}


def knowledge_roles(desk: Desk) -> list[str]:
    """The roles any one of which may accept an entry."""
    return desk.settings.signers["knowledge"]


def read_entries(desk: Desk) -> tuple[list[Entry], list[RejectedEntry]]:
    """The entries on file now, and the files that are none; both name their file within the folder of entries."""
    return read_knowledge(desk.knowledge, [category.id for category in desk.categories])


def require_category(desk: Desk, category: str) -> None:
    """Refuse a category that is not in categories.yaml. Raises ``KnowledgeProblem``."""
    known = [one.id for one in desk.categories]
    if category not in known:
        raise KnowledgeProblem(
            nothing_called(category, "category", known) + " An entry belongs to a category in categories.yaml."
        )


def resource_of(desk: Desk) -> DeskResource:
    """The desk's lake and ledger."""
    return DeskResource(folder=str(desk.folder))


def ledger_of(desk: Desk) -> Ledger:
    """The desk's ledger, without reading its files anew."""
    return open_ledger(desk.postgres_url or resource_of(desk).lake.ledger_file)


def published(desk: Desk, name: str) -> pd.DataFrame:
    """A published frame of this stage. Raises ``KnowledgeProblem`` where there is none yet."""
    try:
        return Lake(desk.home).read(name)
    except NotMaterialised:
        raise KnowledgeProblem(f"'{name}' has not been materialised yet. Run: {STAGE}") from None


def undismissed(desk: Desk, findings: pd.DataFrame | None) -> pd.DataFrame | None:
    """Findings without those that someone dismissed since they were published."""
    if findings is None:
        return None
    with ledger_of(desk) as ledger:
        dismissed = set(dismissed_findings(ledger)["finding_id"])
    return findings[~findings["finding_id"].isin(dismissed)]


def records(frame: pd.DataFrame) -> list[Any]:
    """The rows as mappings from column to value."""
    return frame.to_dict("records")


def nothing_called(name: str, what: str, known: Iterable[str]) -> str:
    """The sentence for a name that means nothing here, with what may have been meant."""
    near = difflib.get_close_matches(name, [str(one) for one in known], n=3)
    return f"there is no {what} '{name}'." + (f" Did you mean {' or '.join(near)}?" if near else "")
