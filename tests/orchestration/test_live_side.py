"""The service's events reach the lake through the graph, in a run of their own that rebuilds nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from assets.pilot_agent.live.live_types import AT_THE_DOOR
from ledger.erasure import erase_payload
from ledger.events import EventType, NewEvent
from ledger.live import record_feedback
from ledger.store import open_ledger
from orchestration.definitions import build_defs
from orchestration.io_managers import LakeIOManager
from orchestration.jobs import LIVE_SIDE
from orchestration.lake import Lake, write_parquet
from orchestration.resources import DeskResource
from orchestration.sensors import changed_knowledge_sensor, new_live_events_sensor
from tests.assets.pilot_agent.live.recorded import BEGUN, WIDGET, decision_id, exported, record
from tests.desks import copy_sample_desk

SERVED = {"by": WIDGET, "role": "client", "occurred_at": BEGUN + timedelta(days=1)}


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.delenv("UNDERSTUDY_HOME", raising=False)
    folder = copy_sample_desk(tmp_path, exports="nothing")
    lake = Lake(folder / ".understudy")
    lake.prepare()
    write_parquet(pd.DataFrame({"ticket_id": ["zd:1"]}), lake.file("fct_tickets"))
    export(folder)
    return folder


def ledger_of(folder: Path):
    return open_ledger(Lake(folder / ".understudy").ledger_file)


def export(folder: Path) -> None:
    """Write ``ledger_events`` as its asset does."""
    with ledger_of(folder) as ledger:
        write_parquet(exported(ledger), Lake(folder / ".understudy").file("ledger_events"))


def land(folder: Path) -> dg.ExecuteInProcessResult:
    """Run the job of the live side, with its checks."""
    desk = DeskResource(folder=str(folder))
    defs = build_defs({"desk": desk, "io_manager": LakeIOManager(desk=desk)})
    with dg.DagsterInstance.ephemeral() as instance:
        return defs.resolve_job_def("live_side_job").execute_in_process(instance=instance, raise_on_error=False)


def checks(result: dg.ExecuteInProcessResult) -> dict[str, bool]:
    return {one.check_name: one.passed for one in result.get_asset_check_evaluations()}


def read(folder: Path, name: str) -> pd.DataFrame:
    return Lake(folder / ".understudy").read(name)


def test_a_desk_without_a_service_publishes_empty_frames_and_green_checks(desk):
    result = land(desk)
    assert result.success
    assert [len(read(desk, name)) for name in LIVE_SIDE] == [0, 0, 0]
    assert len(checks(result)) == 5
    assert all(checks(result).values())
    assert land(desk).success, "what was read back is empty and typed too"


def test_what_the_service_recorded_is_landed_and_what_was_erased_leaves_the_files(desk):
    with ledger_of(desk) as ledger:
        record(ledger, 1, message="my cat is called Mirabelle")
        record(ledger, 2)
        words = {"score": 5, "comment": "Mirabelle says thanks"}
        record_feedback(ledger, decision_id(1), kind="csat", words=words, **SERVED)
    result = land(desk)
    assert result.success
    assert all(checks(result).values())
    assert read(desk, "live_decisions")["question"].tolist()[0] == "my cat is called Mirabelle"
    assert read(desk, "live_feedback")["is_positive"].tolist() == [True]
    with ledger_of(desk) as ledger:
        for event in list(ledger.events(subject_hash=decision_id(1))):
            erase_payload(ledger, event.payload_digest, by="Noor Haddad", role="privacy officer", occurred_at=BEGUN)
    export(desk)
    result = land(desk)
    assert result.success
    assert all(checks(result).values())
    assert read(desk, "live_decisions")["is_erased"].tolist() == [True, False]
    for name in LIVE_SIDE:
        assert "Mirabelle" not in read(desk, name).to_csv()
    lake = desk / ".understudy" / "lake"
    assert not [file for file in lake.rglob("*") if file.is_file() and b"Mirabelle" in file.read_bytes()]


def test_an_event_that_was_lost_turns_the_check_red(desk):
    with ledger_of(desk) as ledger:
        for number in (1, 2, 3):
            record(ledger, number)
    export(desk)
    assert land(desk).success
    lake = Lake(desk / ".understudy")
    held = lake.read("live_decisions")
    write_parquet(held[held["sequence"] != 2], lake.file("live_decisions"))
    result = land(desk)
    assert not result.success
    assert not checks(result)["every_live_event_is_landed_or_set_aside"]


def test_an_event_that_cannot_be_read_warns_and_stops_nothing(desk):
    with ledger_of(desk) as ledger:
        words = {"poem": "Mirabelle"}
        ledger.append(
            NewEvent(EventType.DECISION_MADE, "decision", decision_id(1), WIDGET, "client", BEGUN, payload=words)
        )
        record(ledger, 2)
    result = land(desk)
    assert result.success
    assert not checks(result)["live_events_can_be_read"]
    assert read(desk, "rejected_live_events")["decision_id"].tolist() == [decision_id(1)]
    assert read(desk, "live_decisions")["decision_id"].tolist() == [decision_id(2)]


def ticks(folder: Path):
    """A function that lets one sensor look again, with the cursor it left."""
    cursors: dict[str, str | None] = {}
    resources = {"desk": DeskResource(folder=str(folder))}

    def look(sensor) -> dg.RunRequest | dg.SkipReason:
        context = dg.build_sensor_context(cursor=cursors.get(sensor.name), resources=resources, sensor_name=sensor.name)
        found = sensor(context)
        cursors[sensor.name] = context.cursor
        return found

    return look


def test_live_events_set_off_their_own_landing_and_no_reading_of_knowledge(desk):
    look = ticks(desk)
    assert isinstance(look(changed_knowledge_sensor), dg.RunRequest), "at first everything is read"
    assert isinstance(look(new_live_events_sensor), dg.SkipReason)
    with ledger_of(desk) as ledger:
        record(ledger, 1)
        at_the_door = [NewEvent(one, "account", "a1", "Ada Moreno", "admin", BEGUN) for one in AT_THE_DOOR]
        ledger.append_all(at_the_door)
    assert isinstance(look(changed_knowledge_sensor), dg.SkipReason)
    assert isinstance(look(new_live_events_sensor), dg.RunRequest)
    assert isinstance(look(new_live_events_sensor), dg.SkipReason)
    with ledger_of(desk) as ledger:
        ledger.append(NewEvent(EventType.FINDING_DISMISSED, "knowledge_finding", "f1", "Ada Moreno", "owner", BEGUN))
    assert isinstance(look(changed_knowledge_sensor), dg.RunRequest)
    assert isinstance(look(changed_knowledge_sensor), dg.SkipReason)
    assert isinstance(look(new_live_events_sensor), dg.SkipReason)


def test_a_ledger_that_was_never_exported_is_left_to_the_first_run(desk):
    Lake(desk / ".understudy").file("ledger_events").unlink()
    with ledger_of(desk) as ledger:
        record(ledger, 1)
    assert isinstance(ticks(desk)(new_live_events_sensor), dg.SkipReason)


def test_only_the_live_side_is_in_its_job():
    job = build_defs().resolve_job_def("live_side_job")
    assert {key.to_user_string() for key in job.asset_layer.executable_asset_keys} == set(LIVE_SIDE)
