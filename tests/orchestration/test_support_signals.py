"""New support signals are told once, in the log and to an address; what the address did not take is not lost."""

import json

import dagster as dg
import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import frame_of
from assets.sustain_learning.frames import SUPPORT_SIGNAL
from orchestration.lake import write_parquet
from orchestration.resources import DeskResource
from orchestration.support_signals import REMEMBERED, read_cursor, support_signal_sensor, write_cursor
from tests.assets.build_knowledge.language_model.fake_endpoint import endpoint
from tests.orchestration.pilot_lakes import lake_of, make

VARIABLE = "ACME_SIGNALS_WEBHOOK"
FOUND = pd.Timestamp("2024-03-02", tz="UTC")


def signal(name, status="new", **parts):
    row = dict.fromkeys(SUPPORT_SIGNAL) | {
        "signal_id": name, "change": "spike", "dimension": "page", "value": "/login", "started_at": FOUND, "found_at": FOUND,
        "diagnosis": "unknown", "is_explained": False, "sentence": f"Twice as many, says {name}", "status": status,
        "count_tickets": 12, "ratio": 2.0, "p": 0.001, "telling_words": ["login"], "example_ticket_ids": ["zd:1"],
    }  # fmt: skip
    return row | parts


@pytest.fixture
def instance():
    with dg.DagsterInstance.ephemeral() as made:
        yield made


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.delenv("UNDERSTUDY_HOME", raising=False)
    monkeypatch.delenv(VARIABLE, raising=False)
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    folder = make(tmp_path)
    with (folder / "desk.yaml").open("a", encoding="utf-8") as file:
        file.write(f"learning: {{signals_webhook_env: {VARIABLE}}}\n")
    return DeskResource(folder=str(folder))


def land(desk, *rows):
    write_parquet(frame_of(rows, SUPPORT_SIGNAL), lake_of(desk.desk.folder).file("support_signals"))


def look(desk, instance, cursor=None):
    """What one look gave: the ids that were told, the cursor after it, and what it said."""
    context = dg.build_sensor_context(instance=instance, cursor=cursor, resources={"desk": desk})
    found = support_signal_sensor(context)
    if isinstance(found, dg.SkipReason):
        return [], context.cursor or cursor, found.skip_message
    return [one.metadata["signal_id"].value for one in found.asset_events], found.cursor, ""


def test_each_signal_is_told_once_and_what_is_over_is_no_news(desk, instance):
    assert look(desk, instance)[0] == []
    land(desk, signal("aaaa"), signal("bbbb", status="over"))
    told, cursor, _ = look(desk, instance)
    assert told == ["aaaa"]
    told, cursor, said = look(desk, instance, cursor)
    assert told == []
    assert VARIABLE in said
    land(desk, signal("aaaa", status="ongoing"), signal("cccc"))
    assert look(desk, instance, cursor)[0] == ["cccc"]


def test_new_signals_are_posted_once_without_what_customers_said(desk, instance, monkeypatch):
    land(desk, signal("aaaa"), signal("cccc"))
    with endpoint() as server:
        monkeypatch.setenv(VARIABLE, server.url)
        told, cursor, _ = look(desk, instance)
        look(desk, instance, cursor)
        assert told == ["aaaa", "cccc"]
        (sent,) = server.requests
    assert sent["desk_id"] == "acme"
    assert [one["signal_id"] for one in sent["signals"]] == ["aaaa", "cccc"]
    first = sent["signals"][0]
    assert first["sentence"] == "Twice as many, says aaaa"
    assert first["found_at"].startswith("2024-03-02")
    assert first["ended_at"] is None
    assert first["release_name"] is None
    assert first["example_ticket_ids"] == ["zd:1"]
    assert "telling_words" not in first


def test_what_was_not_taken_is_sent_at_a_later_look_even_when_it_is_over_by_then(desk, instance, monkeypatch):
    land(desk, signal("aaaa"))
    monkeypatch.setenv(VARIABLE, "http://127.0.0.1:9/nobody-listens")
    told, cursor, _ = look(desk, instance)
    assert told == ["aaaa"]
    told, cursor, said = look(desk, instance, cursor)
    assert told == []
    assert "wait" in said
    assert "127.0.0.1" not in said
    land(desk, signal("aaaa", status="over"))
    with endpoint() as server:
        monkeypatch.setenv(VARIABLE, server.url)
        server.replies = [(503, {}), (302, {}), (200, {})]
        for _ in range(4):
            _, cursor, _ = look(desk, instance, cursor)
        assert len(server.requests) == 3
    assert read_cursor(cursor) == (["aaaa"], ["aaaa"])


@pytest.mark.parametrize(
    "address", ["ftp://127.0.0.1/x", "file:///etc/passwd", "no address", "http://user:word@127.0.0.1:9/"]
)
def test_an_address_that_is_none_stops_nothing_and_is_not_shown(desk, instance, monkeypatch, address):
    land(desk, signal("aaaa"))
    monkeypatch.setenv(VARIABLE, address)
    told, cursor, _ = look(desk, instance)
    assert told == ["aaaa"]
    assert address not in cursor
    assert address not in look(desk, instance, cursor)[2]


def test_an_answer_that_is_none_is_tried_again(desk, instance, monkeypatch):
    import socket
    import threading

    land(desk, signal("aaaa"))
    with socket.create_server(("127.0.0.1", 0)) as server:

        def rude():
            connection, _ = server.accept()
            with connection:
                connection.recv(100)
                connection.sendall(b"hello there\r\n\r\n")

        thread = threading.Thread(target=rude)
        thread.start()
        monkeypatch.setenv(VARIABLE, f"http://127.0.0.1:{server.getsockname()[1]}/")
        _, cursor, _ = look(desk, instance)
        thread.join()
    assert read_cursor(cursor) == (["aaaa"], [])


def test_a_flood_is_sent_in_parts_and_all_of_it_arrives(desk, instance, monkeypatch):
    land(desk, *(signal(f"{n:04d}") for n in range(50)))
    with endpoint() as server:
        monkeypatch.setenv(VARIABLE, server.url)
        cursor = None
        for _ in range(4):
            _, cursor, _ = look(desk, instance, cursor)
        sent = [one["signal_id"] for post in server.requests for one in post["signals"]]
    assert sent == [f"{n:04d}" for n in range(50)]
    assert len(server.requests) == 3


def test_a_desk_that_names_no_address_sends_nothing(desk, instance, monkeypatch):
    path = lake_of(desk.desk.folder).folder.parents[1] / "desk.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(f"signals_webhook_env: {VARIABLE}", ""), encoding="utf-8")
    land(desk, signal("aaaa"))
    with endpoint() as server:
        monkeypatch.setenv(VARIABLE, server.url)
        assert look(desk, instance)[0] == ["aaaa"]
        assert server.requests == []


def test_a_desk_with_a_mistake_and_a_cursor_nobody_can_read_stop_nothing(desk, instance):
    land(desk, signal("aaaa"))
    assert look(desk, instance, "not json")[0] == ["aaaa"]
    assert look(desk, instance, json.dumps([1]))[0] == ["aaaa"]
    (lake_of(desk.desk.folder).folder.parents[1] / "desk.yaml").write_text("company: [", encoding="utf-8")
    assert "mistake" in look(DeskResource(folder=desk.folder), instance)[2]


def test_the_cursor_does_not_grow_for_ever():
    ids = [f"{n:016x}" for n in range(REMEMBERED + 10)]
    logged, taken = read_cursor(write_cursor(ids, ids))
    assert logged == taken == ids[10:]
