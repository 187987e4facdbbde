"""What calibrating confidence needs of a desk beside its frames: the agent as it would be, and where the model is kept.

Belongs here: gathering from the lake, saving the model. Does not belong here: calibrating
(``assets.configure_behavior.confidence``).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from assets.configure_behavior.releases.build_release import assemble, confidence_inputs
from orchestration.lake import replacing
from orchestration.release_building import SEEDS, gather_parts

if TYPE_CHECKING:
    import pandas as pd

    from assets.audit_tickets.vectors.encoder import Encoder
    from assets.configure_behavior.confidence.calibrate_confidence import CalibrationOutcome
    from assets.configure_behavior.releases.agent_release import AgentRelease
    from orchestration.resources import DeskResource

MODEL_FILE = "confidence_model.json"
CALIBRATION = "calibration"


def uncalibrated_release(desk: DeskResource, encoder: Encoder) -> AgentRelease:
    """The agent of what lies in the lake, without thresholds: nothing is answered by it.

    Raises:
        ReleaseError: something was never materialised.
    """
    return assemble(gather_parts(desk, encoder, is_calibrated=False))[0]


def unanswerable_tickets(
    release: AgentRelease,
    tickets: pd.DataFrame,
    splits: pd.DataFrame,
    texts: pd.DataFrame,
    on_progress: Callable[[int, int], None] | None = None,
) -> set[str]:
    """Calibration tickets that the agent leaves to a person however sure it is.

    What is encoded of them is asked for at once: an encoder that remembers has each of them then, and in batches.

    Args:
        tickets: ``fct_tickets``. splits: ``ticket_splits``. texts: ``ticket_vectors``.
    """
    from assets.build_knowledge.drafts.answer_conditions import customer_facts
    from assets.configure_behavior.decisions.case import readings
    from assets.configure_behavior.decisions.kept_from_answering import kept_from_answering

    calibration = set(splits.loc[splits["split"] == CALIBRATION, "ticket_id"])
    facts = customer_facts(tickets[tickets["ticket_id"].isin(calibration)])
    mine = texts[texts["ticket_id"].isin(calibration)]
    release.encode([one for text in mine["text"].fillna("") for one in readings(str(text))])
    return kept_from_answering(release, mine, facts, on_progress)


def save_confidence(found: CalibrationOutcome, release: AgentRelease, models: Path) -> str:
    """Write the confidence model below ``models`` under its version, which is returned."""
    version = confidence_inputs(found.labels.frame, release.intents, release.index, release.behavior, SEEDS)
    file = models / version / MODEL_FILE
    with replacing(file) as temporary:
        temporary.write_text(json.dumps(found.model.to_json(), sort_keys=True) + "\n", encoding="utf-8")
    return version
