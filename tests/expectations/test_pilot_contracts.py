"""The pilot's contracts hold for what the pilot really publishes, and for a lake in which nothing was published yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import ANSWER, REPLAY, frame_of
from assets.pilot_agent.live.frames import LIVE_DECISION, LIVE_FEEDBACK
from assets.pilot_agent.live.live_events import Landed
from assets.pilot_agent.verdict.pilot_metrics import pilot_metrics
from expectations.validation import validate
from ledger.erasure import erase_payload
from ledger.live import close_handoff, record_feedback
from tests.assets.configure_behavior.decisions.small_release import PHRASINGS
from tests.assets.pilot_agent.answers.new_tickets import (
    BEGUN,
    DRAWN,
    IN_ROLLOUT,
    NOT_DRAWN,
    comments,
    drafted,
    shares,
    ticket,
)
from tests.assets.pilot_agent.answers.test_follow_ups import FOR_PEOPLE, OTHER_MATTER
from tests.assets.pilot_agent.answers.test_replay_answers import replayed
from tests.assets.pilot_agent.live.recorded import BEGUN as SERVED
from tests.assets.pilot_agent.live.recorded import WIDGET, decision, decision_id, landed, new_ledger, record
from tests.assets.pilot_agent.verdict.answered_tickets import answered, fct


def conversations() -> pd.DataFrame:
    """Every kind of message in both arms, and customers who answered the agent's question with something else."""
    said = [text for category in sorted(PHRASINGS) for text in PHRASINGS[category]] + [
        "hello",
        "do you sell purple chairs",
    ]
    tickets = [
        ticket(f"{place}-{who}", text, IN_ROLLOUT, requester_id=who)
        for place, text in enumerate(said) for who in (DRAWN, NOT_DRAWN)
    ]  # fmt: skip
    first = drafted(*tickets, shares=shares(*BEGUN))
    asked = first[(first["mode"] == "rollout") & (first["action"] == "ask")]["ticket_id"].str.removeprefix("zd:")
    replies = ["an iPhone", FOR_PEOPLE, OTHER_MATTER, "I will take legal action, my lawyer will sue you", "no idea"]
    wrote = [(name, 2, "requester", 1, replies[place % len(replies)]) for place, name in enumerate(asked)]
    both = drafted(*tickets, shares=shares(*BEGUN), comments=comments(*wrote), previous=first)
    assert set(both.loc[both["turn"] == 2, "action"]) == {"answer", "draft", "escalate"}
    return both


def rates_at_the_ends() -> pd.DataFrame:
    """Rates of 0, of 1 and between, over one to sixty tickets of one and of many requesters."""
    rows = [
        answered(
            100 * size + place, "ai" if place % 2 else "control", category_id=f"c{size}",
            requester_id=f"p{place % max(1, size // 3)}", review=("correct", "incorrect")[place % 3 == 0] if place % 2 else None,
            csat_positive=(True, False, None, size > 20)[place % 4],
        )
        for size in (1, 2, 3, 7, 20, 60) for place in range(size)
    ]  # fmt: skip
    return pilot_metrics(fct(*rows, answered(9_000, None, review="correct")))


def recorded_live(folder: Path) -> Landed:
    """Decisions of every kind, all that may be said of them, and some of it erased."""
    with new_ledger(folder) as ledger:
        actions = ("answer", "ask", "draft", "escalate")
        for number, action in enumerate((*actions, *actions)):
            is_sent = action in ("answer", "ask")
            mode = "rollout" if is_sent and number < 4 else "shadow"
            name = record(ledger, number, made=decision(action), mode=mode, sends=mode == "rollout")
            at = SERVED + timedelta(hours=number)
            client = {"by": WIDGET, "role": "client", "occurred_at": at}
            for kind, words in (
                ("thumbs", {"thumbs": "down"}), ("csat", {"score": 1 + number % 5, "comment": "well"}),
                ("csat", {"rating": "good"}), ("escalation", {"reason": "a person, please"}),
                ("correction", {"right_answer": "So.", "right_entry_id": "e1"}),
            ):  # fmt: skip
                record_feedback(ledger, name, kind=kind, words=words, **client)
            if not is_sent:
                close_handoff(ledger, name, resolved_by="Tomas Reyl", outcome="resolved", handle_minutes=3, **client)
        for event in list(ledger.events(subject_hash=decision_id(3))):
            erase_payload(ledger, event.payload_digest, by="Noor Haddad", role="privacy officer", occurred_at=SERVED)
        return landed(ledger)


@pytest.mark.parametrize(
    ("contract", "name"), [("live_decisions_contract", "decisions"), ("live_feedback_contract", "feedback")]
)
def test_what_is_landed_of_the_live_side_keeps_its_contract(contract: str, name: str, tmp_path: Path):
    made = recorded_live(tmp_path)
    assert made.rejected.empty
    frame = getattr(made, name)
    assert frame["is_erased"].any()
    result = validate(contract, frame, tmp_path)
    assert result.failures == []
    assert result.rows == len(frame) >= 8


@pytest.mark.parametrize(
    ("contract", "made"),
    [
        ("shadow_answers_contract", conversations),
        ("replay_answers_contract", replayed),
        ("pilot_metrics_contract", rates_at_the_ends),
        ("shadow_answers_contract", lambda: frame_of([], ANSWER)),
        ("replay_answers_contract", lambda: frame_of([], REPLAY)),
        ("pilot_metrics_contract", lambda: pilot_metrics(fct())),
        ("live_decisions_contract", lambda: frame_of([], LIVE_DECISION)),
        ("live_feedback_contract", lambda: frame_of([], LIVE_FEEDBACK)),
    ],
)
def test_what_is_published_keeps_its_contract(contract: str, made: Callable[[], pd.DataFrame], tmp_path):
    frame = made()
    result = validate(contract, frame, tmp_path)
    assert result.failures == []
    assert result.rows == len(frame)
