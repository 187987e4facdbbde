"""The small desk as a world whose tickets are known, to plant faults into. All of it is invented."""

import functools

import pandas as pd

from assets.retrain_agent.planted_faults.known_tickets import agreed_with, asked_of, known_tickets
from assets.retrain_agent.planted_faults.known_wording import decide_known
from assets.retrain_agent.planted_faults.plant import Planter
from assets.retrain_agent.planted_faults.planted_failures import KnownWorld, know_world
from tests.assets.retrain_agent.trials.small_material import base_release, encode, small_material

AS_OF = pd.Timestamp("2026-06-01", tz="UTC")


@functools.cache
def small_planter() -> Planter:
    return Planter(base_release(), small_material(), encode, AS_OF)


@functools.cache
def small_world() -> KnownWorld:
    planter = small_planter()
    intact = planter.intact()
    known = known_tickets(planter.material, encode)
    decisions = decide_known(asked_of(known), intact.release)
    return know_world(planter, agreed_with(known, decisions), decisions, intact)
