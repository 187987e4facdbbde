"""What a trial release is made from, out of a desk's lake.

Belongs here: gathering the published frames. Does not belong here: trying anything (``assets.retrain_agent.trials``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.retrain_agent.trials.trial_release import Material

if TYPE_CHECKING:
    from orchestration.lake import Lake

FRAMES = {
    "live": "live_entries",
    "aside": "entries_set_aside",
    "articles": "help_center_articles",
    "tickets": "fct_tickets",
    "intents": "ticket_intents",
    "splits": "ticket_splits",
    "comments": "redacted_comments",
    "texts": "ticket_vectors",
    "categories": "accepted_categories",
}
"""Published frame by the part of the material that it is."""


def material_of(lake: Lake) -> Material:
    """The published frames that a release learns from, as they are now.

    Raises:
        NotMaterialised: one was never written.
    """
    return Material(**{part: lake.read(name) for part, name in FRAMES.items()})
