"""The pilot's contracts hold for what the pilot really publishes, and for a lake in which nothing was published yet."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import ANSWER, REPLAY, frame_of
from assets.pilot_agent.verdict.pilot_metrics import pilot_metrics
from expectations.validation import validate
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


@pytest.mark.parametrize(
    ("contract", "made"),
    [
        ("shadow_answers_contract", conversations),
        ("replay_answers_contract", replayed),
        ("pilot_metrics_contract", rates_at_the_ends),
        ("shadow_answers_contract", lambda: frame_of([], ANSWER)),
        ("replay_answers_contract", lambda: frame_of([], REPLAY)),
        ("pilot_metrics_contract", lambda: pilot_metrics(fct())),
    ],
)
def test_what_is_published_keeps_its_contract(contract: str, made: Callable[[], pd.DataFrame], tmp_path):
    frame = made()
    result = validate(contract, frame, tmp_path)
    assert result.failures == []
    assert result.rows == len(frame)
