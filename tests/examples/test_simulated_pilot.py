"""The simulated pilot: exports that land, and customers who react to what was really sent."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import random
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from upath import UPath

from assets.audit_tickets.landing.land_export import land_export
from assets.pilot_agent.answers.frames import ANSWER, frame_of
from desk.loading import Desk, load_desk
from examples import simulated_pilot, simulated_pilot_truth
from examples.brindlebase.source.pilot import (
    BAD,
    GOOD,
    NEW_TRUTH,
    TOO_SMALL,
    PilotCase,
    helpdesk_lines,
    helpdesk_ticket_id,
    pilot_cases,
)
from examples.simulated_pilot_stories import Sent, Story, Told
from examples.simulated_pilot_truth import cases_of, follow_up, plan_of, weeks_of
from ledger.pilots import set_share
from orchestration.resources import DeskResource

SAMPLE = Path(__file__).resolve().parents[2] / "examples" / "brindlebase"
END = 4_000_000_000
CALM: dict[str, Any] = {
    "confirms_if_right": False,
    "returns_in_days_if_right": None,
    "returns_in_days_if_wrong": None,
    "asks_for_person_if_wrong": False,
    "rates": False,
    "rating_if_right": "good",
    "rating_if_wrong": "bad",
    "person_answers_right": True,
    "person_first_reply_minutes": 30,
    "person_handle_minutes": 8.0,
}
RIGHT = Sent("answer-1", "Use the link on the login page.", by_agent=True, is_right=True)
WRONG = Sent("answer-1", "Use the link on the login page.", by_agent=True, is_right=False)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A copy of the sample desk without history, with a few tickets a week."""
    for name in ("desk.yaml", "categories.yaml", "behavior.yaml", "pilot.yaml"):
        shutil.copy2(SAMPLE / name, tmp_path / name)
    (tmp_path / "inbox").mkdir()
    monkeypatch.setattr(simulated_pilot_truth, "SHADOW_WEEK", {GOOD: 3, BAD: 3, TOO_SMALL: 1})
    monkeypatch.setattr(simulated_pilot_truth, "ROLLOUT_WEEK", {GOOD: 6, BAD: 6, TOO_SMALL: 1})
    monkeypatch.setattr(simulated_pilot_truth, "OTHERS_WEEK", 0)
    monkeypatch.delenv("UNDERSTUDY_HOME", raising=False)
    return load_desk(tmp_path)


def _case(chat: bool = False, category: str = GOOD, start: str = "2026-06-29", **reaction: Any) -> PilotCase:
    cases = pilot_cases("test", [(start, 1, {category: 12})])
    case = next(one for one in cases if (one.ticket.helpdesk == "intercom") == chat and one.ticket.language == "en")
    case.truth["reaction"] = CALM | reaction
    return case


def _told(case: PilotCase, sent: Sequence[Sent] = (), *, may_open_new: bool = False) -> Told:
    return Story(case, "test").tell(sent, may_open_new=may_open_new)


def _authors(case: PilotCase) -> list[str]:
    return [one.author for one in case.ticket.messages if one.public]


def _records(files: Sequence[Path]) -> list[dict[str, Any]]:
    return [json.loads(line) for file in files for line in gzip.decompress(file.read_bytes()).splitlines()]


def _decide(desk: Desk, case: PilotCase, action: str, mode: str, reply: str | None, turn: int = 1) -> dict[str, Any]:
    at = dt.datetime.fromtimestamp(case.ticket.created, dt.UTC)
    row: dict[str, Any] = dict.fromkeys(ANSWER) | {
        "answer_id": f"{case.number}-{turn}", "pilot_id": "june", "ticket_id": helpdesk_ticket_id(case.ticket),
        "turn": turn, "created_at": at, "asked_at": at, "decided_at": at, "mode": mode, "action": action, "reply": reply,
        "is_suggestion": action in ("draft", "escalate"), "category_id": case.truth["true_category"],
    }  # fmt: skip
    return row


def _publish(desk: Desk, answers: list[dict[str, Any]]) -> None:
    lake = DeskResource(folder=str(desk.folder)).lake
    frame_of(answers, ANSWER).to_parquet(lake.folder / "shadow_answers.parquet")


def _begin_rollout(desk: Desk) -> None:
    plan = plan_of(desk)
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        set_share(
            ledger, plan.pilot_id, 0.2, plan_hash="0" * 64, by="Simulated lead", role="support lead",
            occurred_at=dt.datetime(2026, 6, 22, tzinfo=dt.UTC), known_roles=["support lead"], reason="test",
        )  # fmt: skip


def test_the_shipped_plan_names_what_is_planted() -> None:
    plan = plan_of(load_desk(SAMPLE))
    assert set(plan.categories.ids) == {GOOD, BAD, TOO_SMALL}
    assert plan.rollout_start == dt.date(2026, 6, 22)


def test_arrivals_land_as_new_tickets(desk: Desk) -> None:
    files = simulated_pilot.write_pilot_arrivals(desk, weeks_of(desk))
    assert {one.name.split("-")[0] for one in files} == {"zendesk", "intercom"}
    cases = cases_of(desk, weeks_of(desk))
    assert sum(_landed_tickets(file) for file in files) == len(cases) > 30
    assert all(time.time() - one.stat().st_mtime > 3600 for one in files)
    for record in _records(files):
        if "comments" in record:
            assert record["status"] == "new"
            assert len(record["comments"]) == 1
        else:
            assert record["open"]
            assert record["conversation_parts"]["total_count"] == 0


def _landed_tickets(file: Path) -> int:
    found: dict[str, list[dict[str, Any]]] = {}
    helpdesk = file.name.split("-")[0]
    land_export(
        UPath(file), export_id="e1", source=helpdesk, helpdesk_kind=helpdesk,
        on_batch=lambda table, rows: found.setdefault(table, []).extend(rows.to_pylist()),
    )  # fmt: skip
    assert not found.get("rejected_records")
    return sum(row["record_kind"] == "ticket" for row in found["raw_tickets"])


def test_arrivals_stop_where_they_are_told_and_are_not_written_twice(desk: Desk) -> None:
    until = dt.datetime(2026, 6, 12, tzinfo=dt.UTC)
    first = simulated_pilot.write_pilot_arrivals(desk, range(0, 2), until=until)
    made = [one.stat().st_mtime_ns for one in first]
    assert all(_created(one) <= until for one in _records(first))
    assert simulated_pilot.write_pilot_arrivals(desk, range(0, 2), until=until) == first
    assert [one.stat().st_mtime_ns for one in first] == made


def _created(record: dict[str, Any]) -> dt.datetime:
    at = record["created_at"]
    return dt.datetime.fromtimestamp(at, dt.UTC) if isinstance(at, int) else dt.datetime.fromisoformat(at)


def test_customers_of_history_keep_their_user_id() -> None:
    from examples.brindlebase.source import pilot

    case = _case()
    email, key = next(iter(pilot._known_people().items()))
    case.ticket.person.email = email
    record = helpdesk_lines([case.ticket], END)["zendesk"][0]
    assert record["requester"]["id"] == 9_170_000_000_000 + 17 * key


def test_nobody_seems_to_come_back_who_merely_writes_again() -> None:
    last: dict[str, int] = {}
    for case in pilot_cases("test", [("2026-06-08", 4, {GOOD: 400})]):
        person, at = case.truth["requester"], case.ticket.created
        assert at - last.get(person, 0) >= 10 * 24 * 3600
        last[person] = at


def test_right_answer_of_the_agent_solves_and_costs_nobody_time() -> None:
    case = _case()
    told = _told(case, [RIGHT])
    assert _authors(case) == ["requester", "bot"]
    assert case.ticket.status_at(END) == "closed"
    assert (case.ticket.reopens_at(END), case.ticket.handle_minutes, told.new_ticket_at) == (0, 0.0, None)
    assert told.delivered == {"answer-1": case.ticket.messages[1].at}


def test_the_agent_is_told_apart_in_both_helpdesks() -> None:
    mail, chat = _case(), _case(chat=True)
    _told(mail, [RIGHT])
    _told(chat, [RIGHT])
    lines = helpdesk_lines([mail.ticket, chat.ticket], END)
    settings = {one.name: one for one in load_desk(SAMPLE).settings.helpdesks}
    comment = lines["zendesk"][0]["comments"][1]
    assert str(comment["author_id"]) in settings["zendesk"].bots.author_ids
    part = lines["intercom"][0]["conversation_parts"]["conversation_parts"][0]
    assert part["author"]["name"] in settings["intercom"].bots.author_names
    assert part["author"]["name"] != "Brindle Helper"


def test_customer_confirms_a_right_answer() -> None:
    case = _case(confirms_if_right=True)
    _told(case, [RIGHT])
    assert _authors(case) == ["requester", "bot", "requester"]
    assert case.ticket.messages[1].is_accepted
    record = helpdesk_lines([case.ticket], END)["zendesk"][0]
    assert record["comments"][1]["metadata"]["custom"]["is_solution"]


@pytest.mark.parametrize("chat", [False, True])
def test_customer_comes_back_after_a_wrong_answer(chat: bool) -> None:
    case = _case(chat=chat, returns_in_days_if_wrong=2.0)
    _told(case, [WRONG])
    assert _authors(case)[:4] == ["requester", "bot", "requester", "staff"]
    assert case.ticket.reopens_at(END) == 1
    back = next(one for one in case.ticket.messages[2:] if one.author == "requester")
    assert back.at - case.ticket.messages[1].at == 2 * 24 * 3600
    assert case.ticket.handle_minutes == pytest.approx(0.6 * 8.0)


def test_customer_who_comes_back_may_open_a_new_ticket() -> None:
    for number in range(60):
        case = _case(returns_in_days_if_wrong=2.0)
        case.truth["ticket_id"] = f"pilot-{number:06d}"
        told = _told(case, [WRONG], may_open_new=True)
        if told.new_ticket_at is not None:
            break
    assert told.new_ticket_at == case.ticket.messages[1].at + 2 * 24 * 3600
    assert case.ticket.reopens_at(END) == 0
    again = follow_up(case, told.new_ticket_at)
    assert again.ticket.person is case.ticket.person
    assert case.ticket.messages[0].text in again.ticket.messages[0].text
    assert helpdesk_ticket_id(again.ticket) != helpdesk_ticket_id(case.ticket)


def test_customer_asks_for_a_person_only_instead_of_the_agent() -> None:
    case = _case(asks_for_person_if_wrong=True)
    _told(case, [WRONG])
    assert _authors(case) == ["requester", "bot", "requester", "staff"]
    assert case.ticket.reopens_at(END) == 0
    by_people = _case(asks_for_person_if_wrong=True, person_answers_right=False)
    _told(by_people)
    assert _authors(by_people) == ["requester", "staff"]


@pytest.mark.parametrize(("sent", "score"), [(RIGHT, "good"), (WRONG, "bad")])
def test_rating_follows_the_answer(sent: Sent, score: str) -> None:
    case = _case(rates=True)
    _told(case, [sent])
    assert case.ticket.csat is not None
    assert case.ticket.csat[1] == score


def test_people_answer_what_was_not_sent() -> None:
    case = _case(person_answers_right=True)
    _told(case, [Sent("answer-1", None, by_agent=True)])
    assert _authors(case) == ["requester", "staff"]
    assert case.ticket.handle_minutes == 8.0


def test_people_know_the_new_truth_of_the_bad_category() -> None:
    case = _case(category=BAD)
    _told(case)
    assert NEW_TRUTH["answer"] in case.ticket.messages[1].text
    wrong = _case(category=BAD, person_answers_right=False)
    _told(wrong)
    assert NEW_TRUTH["answer"] not in wrong.ticket.messages[1].text


def test_approved_draft_is_sent_by_a_person_in_part_of_the_time() -> None:
    case = _case()
    told = _told(case, [Sent("answer-1", "Use the link.", is_right=True)])
    assert [(one.author, one.text) for one in case.ticket.messages[1:2]] == [("staff", "Use the link.")]
    assert case.ticket.handle_minutes == pytest.approx(0.35 * 8.0)
    assert "answer-1" in told.delivered


def test_question_is_answered_with_the_customers_fact() -> None:
    case = _case()
    case.truth["context"]["sso"] = True
    ask = Sent("answer-1", "Do you use single sign-on?", by_agent=True, is_question=True, asks_for=("sso",))
    Story(case, "test").ask([ask])
    assert _authors(case) == ["requester", "bot", "requester"]
    assert "company login" in case.ticket.messages[2].text
    assert case.ticket.status_at(END) == "open"


def test_what_was_told_before_stays_when_the_story_goes_on() -> None:
    ask = Sent("answer-1", "Do you use single sign-on?", by_agent=True, is_question=True, asks_for=("sso",))
    first, whole = _case(), _case()
    Story(first, "test").ask([ask])
    _told(whole, [ask, Sent("answer-2", "Use the link.", by_agent=True, is_right=True)])
    assert [(one.at, one.text) for one in first.ticket.messages] == [
        (one.at, one.text) for one in whole.ticket.messages[:3]
    ]
    assert _authors(whole) == ["requester", "bot", "requester", "bot"]


def test_replies_and_outcomes_follow_the_published_frames(desk: Desk) -> None:
    question = "Do you sign in with a password of your own, or through your company's login (single sign-on)?"
    cases = [one for one in cases_of(desk, range(2, 4)) if one.truth["true_category"] == GOOD][:4]
    asked, answered, drafted, control = cases
    rows = [
        _decide(desk, asked, "ask", "rollout", question), _decide(desk, answered, "answer", "rollout", "Use the link."),
        _decide(desk, drafted, "draft", "rollout", "Use the link."), _decide(desk, control, "answer", "control", "No."),
    ]  # fmt: skip
    _begin_rollout(desk)
    _publish(desk, rows)
    assert simulated_pilot.write_pilot_replies(desk, range(2, 4)) == 1
    second = _decide(desk, asked, "draft", "rollout", None, turn=2)
    _publish(desk, [*rows, second])
    assert simulated_pilot.write_pilot_replies(desk, range(2, 4)) == 0
    files = simulated_pilot.write_pilot_outcomes(desk, range(2, 4))
    roles = {f"{'zendesk' if 'comments' in one else 'intercom'}:{one['id']}": _roles(one) for one in _records(files)}
    found = [roles[helpdesk_ticket_id(one.ticket)][:3] for one in cases]
    assert found[0] == ["customer", "agent", "customer"]
    assert [one[1] for one in found[1:]] == ["agent", "person", "person"]
    from ledger.deliveries import deliveries

    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        assert set(deliveries(ledger)["answer_id"]) == {rows[0]["answer_id"], rows[1]["answer_id"]}


def _roles(record: dict[str, Any]) -> list[str]:
    if "comments" in record:
        names = {record["requester"]["id"]: "customer", 9_160_000_000_090: "agent"}
        return [names.get(one["author_id"], "person") for one in record["comments"]]
    kinds = {"user": "customer", "lead": "customer", "bot": "agent", "admin": "person"}
    parts = [one for one in record["conversation_parts"]["conversation_parts"] if one["part_type"] == "comment"]
    return ["customer", *(kinds[one["author"]["type"]] for one in parts)]


def test_outcomes_until_a_day_know_nothing_later(desk: Desk) -> None:
    _publish(desk, [])
    until = dt.datetime(2026, 6, 16, tzinfo=dt.UTC)
    records = _records(simulated_pilot.write_pilot_outcomes(desk, range(0, 2), until=until))
    later = _records(simulated_pilot.write_pilot_outcomes(desk, range(0, 2)))
    assert 0 < len(records) < len(later)
    assert max(_changed(one) for one in records) <= until < max(_changed(one) for one in later)


def _changed(record: dict[str, Any]) -> dt.datetime:
    return _created({"created_at": record["updated_at"]})


def test_seeded(desk: Desk) -> None:
    random.seed(1)
    _publish(desk, [])
    first = simulated_pilot.write_pilot_outcomes(desk, range(0, 1))
    random.seed(2)
    assert simulated_pilot.write_pilot_outcomes(desk, range(0, 1)) == first
