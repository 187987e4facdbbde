"""Promotions and rollbacks as events in the lineage: what people decided about releases, seen on ``agent_release``.

Belongs here: reading activations off the ledger and reporting each once. Does not belong here: making a release current
(``releases``), other sensors (``sensors``).

What is reported is who may not be named for: ids, the role and the time. Names and notes stay in the ledger, where they can
be erased; nothing is ever taken out of the event log.
"""

import dagster as dg

from desk.loading import DeskError
from ledger.releases import Activation, activations
from orchestration.resources import DeskResource

RELEASES = dg.AssetKey("agent_release")
ACTIVATED, ROLLED_BACK = "made current", "rolled back to"


@dg.sensor(
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Shows on agent_release that a release was made current, or that people went back to one.",
)
def release_events_sensor(context: dg.SensorEvaluationContext, desk: DeskResource) -> dg.SensorResult | dg.SkipReason:
    """One observation an activation, oldest first; the cursor holds the ledger's sequence as last reported."""
    seen = int(context.cursor or 0)
    try:
        with desk.ledger as ledger:
            new = [one for one in activations(ledger) if one.sequence > seen]
    except DeskError as error:
        return dg.SkipReason(f"the desk has a mistake and is not read: {error}")
    if not new:
        return dg.SkipReason("no release was made current since the last look")
    return dg.SensorResult(asset_events=[observation_of(one) for one in new], cursor=str(new[-1].sequence))


def observation_of(activation: Activation) -> dg.AssetObservation:
    """An activation as an event of ``agent_release``."""
    what = ROLLED_BACK if activation.is_rollback else ACTIVATED
    before = activation.replaces
    return dg.AssetObservation(
        asset_key=RELEASES,
        description=f"{what} {activation.release_id[:12]}" + (f", instead of {before[:12]}" if before else ""),
        metadata={
            "event": what,
            "release_id": activation.release_id,
            "replaces": before or "none",
            "role": activation.role,
            "occurred_at": dg.MetadataValue.timestamp(activation.occurred_at),
            "ledger_event": activation.event_id,
            "ledger_sequence": activation.sequence,
        },
    )
