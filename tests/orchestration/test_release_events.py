"""The lineage shows promotions and rollbacks, each once, and nobody's name."""

import datetime as dt
import json

import dagster as dg
import pytest

from ledger.releases import record_activation
from orchestration.release_events import release_events_sensor
from orchestration.resources import DeskResource
from tests.orchestration.pilot_lakes import ledger_of, make

ROLE = "support lead"
FIRST, SECOND = "a" * 64, "b" * 64


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.delenv("UNDERSTUDY_HOME", raising=False)
    return DeskResource(folder=str(make(tmp_path)))


@pytest.fixture
def instance():
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def activate(desk, release_id, *, is_rollback=False):
    with ledger_of(desk.desk.folder) as ledger:
        record_activation(
            ledger, release_id, by="Ada Moreno", role=ROLE, occurred_at=dt.datetime(2026, 7, 1, tzinfo=dt.UTC),
            known_roles=[ROLE], artefacts_digest="c" * 64, note="looks good to Ada", is_rollback=is_rollback,
        )  # fmt: skip


def look(desk, instance, cursor=None):
    context = dg.build_sensor_context(instance=instance, cursor=cursor, resources={"desk": desk})
    return release_events_sensor(context)


def test_activations_and_rollbacks_are_reported_in_order_and_once(desk, instance):
    assert isinstance(look(desk, instance), dg.SkipReason)

    activate(desk, FIRST)
    activate(desk, SECOND)
    found = look(desk, instance)
    assert [one.metadata["release_id"].value for one in found.asset_events] == [FIRST, SECOND]
    assert [one.metadata["event"].value for one in found.asset_events] == ["made current", "made current"]
    assert found.asset_events[1].metadata["replaces"].value == FIRST

    activate(desk, FIRST, is_rollback=True)
    after = look(desk, instance, found.cursor)
    assert [one.metadata["event"].value for one in after.asset_events] == ["rolled back to"]
    assert after.asset_events[0].metadata["replaces"].value == SECOND

    assert isinstance(look(desk, instance, after.cursor), dg.SkipReason)


def test_the_events_are_of_the_release_and_can_be_stored(desk, instance):
    activate(desk, FIRST)
    (event,) = look(desk, instance).asset_events
    instance.report_runless_asset_event(event)
    stored = instance.fetch_observations(dg.AssetKey("agent_release"), limit=5).records
    assert [one.asset_observation.metadata["release_id"].value for one in stored] == [FIRST]


def test_no_name_and_no_note_leave_the_ledger(desk, instance):
    activate(desk, FIRST)
    (event,) = look(desk, instance).asset_events
    said = json.dumps([event.description, {name: str(one.value) for name, one in event.metadata.items()}])
    assert "Ada" not in said
    assert ROLE in said


def test_a_desk_with_a_mistake_is_said_and_loses_nothing(desk, instance):
    activate(desk, FIRST)
    file = desk.desk.folder / "desk.yaml"
    whole = file.read_text()
    file.write_text("desk_id: [")
    assert isinstance(look(desk, instance), dg.SkipReason)
    file.write_text(whole)
    assert len(look(desk, instance).asset_events) == 1
