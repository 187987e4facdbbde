"""Planting faults into a desk's current release: gathering what that takes, and one list of faults tried.

Belongs here: what comes from the lake and the ledger. Does not belong here: planting and measuring
(``assets.retrain_agent.planted_faults``), printing (``cli.bench_failures``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assets.configure_behavior.releases.saved_release import ReleaseError
from desk.loading import Desk
from orchestration.pilots import release_in_charge
from orchestration.resources import DeskResource, EncoderResource
from orchestration.trials import material_of

if TYPE_CHECKING:
    from assets.retrain_agent.planted_faults.fault import Fault
    from assets.retrain_agent.planted_faults.plant import Planter
    from assets.retrain_agent.planted_faults.planted_failures import Progress
    from assets.retrain_agent.planted_faults.try_detectors import Found


def planter_of(desk: Desk) -> Planter:
    """What plants faults into the current release of a desk. Nothing of the desk is changed, nothing is written.

    Raises:
        ReleaseError: no release is current, or what it learnt from is not there.
    """
    from assets.retrain_agent.planted_faults.plant import Planter
    from assets.retrain_agent.trials.remembered_encoding import remembering

    resource = DeskResource(folder=str(desk.folder))
    encoders = EncoderResource(desk=resource)
    found = release_in_charge(desk, encoders.load())
    if found is None:
        raise ReleaseError("no release is current yet. Make one so: understudy release activate")
    release, as_of = found
    material = material_of(resource.lake)
    encode = remembering(encoders.knowing(material.texts))
    return Planter(replace(release, encode=encode), material, encode, as_of)


def try_faults(desk: Desk, faults: Sequence[Fault], on_progress: Progress | None = None) -> Found:
    """Plant faults into a desk's current release, show the failures to the stage, and say what it found.

    Truth is what people did, where the release without faults agrees with it.

    Raises:
        FaultError: a fault cannot be planted in this desk. ReleaseError: there is no current release.
    """
    from assets.configure_behavior.confidence.calibration_labels import named_labels
    from assets.retrain_agent.planted_faults.known_tickets import agreed_with, asked_of, known_tickets
    from assets.retrain_agent.planted_faults.known_wording import decide_known
    from assets.retrain_agent.planted_faults.plant import require_plantable
    from assets.retrain_agent.planted_faults.planted_failures import break_world, know_world
    from assets.retrain_agent.planted_faults.try_detectors import try_detectors
    from ledger.labels import right_entries

    tell = on_progress or (lambda label, done, total: None)
    planter = planter_of(desk)
    require_plantable(faults, planter.material, planter.base.behavior)
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        named = right_entries(ledger)
    reviewed = named_labels(named, planter.material.live, planter.material.splits)
    known = known_tickets(planter.material, planter.encode, reviewed[reviewed["entry_ids"].str.len() > 0])
    intact = planter.intact()
    decisions = decide_known(
        asked_of(known), intact.release, lambda done, total: tell("deciding without faults", done, total)
    )
    world = know_world(planter, agreed_with(known, decisions), decisions, intact)
    return try_detectors(planter, world, break_world(planter, world, faults, on_progress))
