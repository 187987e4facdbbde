"""The platform takes back the autonomy of what decays, by itself, and says so.

Belongs here: bringing together the rule, the frames and the ledger, for an asset to call. Does not belong here: the rule
(``assets.sustain_learning.scope.decay``), the record (``ledger.autonomy``), giving it back (``people.scope_desk``).

The live service obeys with the next decision and the outbox with its next run: both ask ``ledger.autonomy.category_holds``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.sustain_learning.scope.decay import standings
from assets.sustain_learning.scope.scope_frames import Autonomy, ScopeFrames
from ledger.autonomy import restored_categories, withdraw_autonomy, withdrawn_categories

if TYPE_CHECKING:
    import pandas as pd

    from desk.learning import Learning
    from ledger.store import Ledger


def autonomy_of(ledger: Ledger) -> Autonomy:
    """What the ledger says of autonomy this moment."""
    return Autonomy(withdrawn_categories(ledger), restored_categories(ledger))


def withdraw_what_decays(ledger: Ledger, frames: ScopeFrames, settings: Learning, as_of: pd.Timestamp) -> list[str]:
    """Take back the autonomy of every category that decays; returns a sentence for each that lost it by this call.

    Called again, or by two daemons at once, it records nothing twice. What a person restored after the figures were read stays
    restored: judged answers from before count for nothing then.

    Args:
        settings: ``desk.settings.learning``.
        as_of: the clock of the run, which is when the autonomy is lost.
    """
    autonomy = autonomy_of(ledger)
    said = []
    for one in standings(frames, autonomy, settings.decayed, as_of):
        if not one.is_decayed:
            continue
        restored = autonomy.restored.get(one.category_id)
        event = withdraw_autonomy(
            ledger, one.category_id, reason=one.sentence, metric=one.metric, figures=one.figures,
            occurred_at=as_of.to_pydatetime(), seen=0 if restored is None else restored.sequence,
        )  # fmt: skip
        if event is not None:
            said.append(
                f"{one.name} lost its autonomy: {one.sentence}. A person sends every answer until somebody restores it "
                f"(understudy scope restore {one.category_id})."
            )
    return said
