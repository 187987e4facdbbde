"""The sample desk as a known world: its current release, its past tickets, and what the answer key says of each.

Belongs here: gathering. Does not belong here: faults (``failures_faults``), measuring (``failures``).
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from assets.pilot_agent.answers.frames import typed
from assets.retrain_agent.planted_faults.known_tickets import KNOWN, agreed_with, asked_of, known_tickets
from assets.retrain_agent.planted_faults.known_wording import decide_known
from assets.retrain_agent.planted_faults.plant import Planter
from assets.retrain_agent.planted_faults.planted_failures import KnownWorld, know_world
from desk.loading import load_desk
from orchestration.planted_faults import planter_of

KEY = Path(__file__).resolve().parents[1] / "examples" / "brindlebase" / "answer_key" / "tickets.csv.gz"


@dataclass(frozen=True)
class SampleWorld:
    """planter: of the desk's current release; world: its tickets with the key's truth, as the release decides them."""

    planter: Planter
    world: KnownWorld


def sample_world(folder: Path) -> SampleWorld:
    """The world of a copy of the sample desk that has a release.

    Raises:
        ReleaseError: it has none. DeskError: it is no desk.
    """
    planter = planter_of(load_desk(folder))
    intact = planter.intact()
    known = with_key(known_tickets(planter.material, planter.encode), planter)
    decisions = decide_known(asked_of(known), intact.release)
    return SampleWorld(planter, know_world(planter, agreed_with(known, decisions), decisions, intact))


def with_key(known: pd.DataFrame, planter: Planter) -> pd.DataFrame:
    """Frame ``known_tickets.KNOWN`` with the key's truth instead of what is read from people's replies.

    A category that always goes to a person makes handing over right.
    """
    with gzip.open(KEY, "rt", encoding="utf-8", newline="") as handle:
        truth = {f"{row['helpdesk']}:{row['ticket_id']}": row for row in csv.DictReader(handle)}
    known = known[known["ticket_id"].isin(truth)].reset_index(drop=True)
    rows = [truth[one] for one in known["ticket_id"]]
    always = {name for name, one in planter.base.categories.items() if one.bucket == "escalate"}
    return typed(
        known.assign(
            right_category_id=[row["true_category"] or None for row in rows],
            # The simulated reviewer keeps a right answer of the key under its id with hyphens.
            right_entry_ids=[[row["true_entry"].replace("_", "-")] if row["true_entry"] else [] for row in rows],
            should_escalate=[row["should_escalate"] == "true" or row["true_category"] in always for row in rows],
        ),
        KNOWN,
    )
