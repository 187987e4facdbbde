"""Which proposals there are, where they stand, and that they keep their names."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import typed
from assets.sustain_learning.frames import SCOPE
from assets.sustain_learning.scope.scope_frames import Autonomy
from assets.sustain_learning.scope.scope_proposals import scope_notes, scope_proposals
from assets.sustain_learning.scope.short_way import steps_of
from ledger.autonomy import COLUMNS
from tests.assets.sustain_learning.scope.scope_cases import (
    AS_OF,
    CATEGORIES,
    DAY,
    MASTERED,
    RULES,
    answers_to,
    ended,
    frames,
    turn,
)

AUTOMATED = [one if one[0] != "exports" else ("exports", "automate", 2, "automate", 90) for one in CATEGORIES]
SHADOW = [*MASTERED["answers"], *answers_to("exports", 40, 0, mode="shadow")]


def decisions(*rows: dict[str, Any]) -> pd.DataFrame:
    made = [{**dict.fromkeys(COLUMNS), "decided_by": "Ada Moreno", "decided_at": AS_OF - DAY, **row} for row in rows]
    return pd.DataFrame(made, columns=list(COLUMNS))


def made(
    autonomy: Autonomy | None = None, said: pd.DataFrame | None = None, previous: pd.DataFrame | None = None, **given: Any
) -> pd.DataFrame:  # fmt: skip
    frame = scope_proposals(
        frames(**{**MASTERED, **given}),
        autonomy or Autonomy(),
        decisions() if said is None else said,
        RULES,
        AS_OF,
        previous,
    )
    assert list(frame.columns) == list(SCOPE)
    assert frame.dtypes.to_dict() == typed(frame, SCOPE).dtypes.to_dict()
    assert frame["proposal_id"].is_unique
    return frame


def one(frame: pd.DataFrame) -> dict[str, Any]:
    (row,) = frame.to_dict("records")
    return {str(name): value for name, value in row.items()}


def accepted(name: str, **changes: Any) -> pd.DataFrame:
    row = {"proposal_id": name, "kind": "widen", "category_id": "exports", "decision": "accepted", "tier": 2, **changes}
    return decisions(row)


def test_the_next_category_is_proposed_once_what_is_automated_is_mastered():
    row = one(made())
    assert (row["kind"], row["category_id"], row["status"]) == ("widen", "exports", "proposed")
    assert (row["from_bucket"], row["to_bucket"], row["tier"]) == ("hybrid", "automate", 2)
    assert (row["metric"], row["numerator"], row["denominator"], row["bar"]) == ("resolution_rate", 170, 200, 0.6)
    assert row["low"] <= row["rate"] <= row["high"]
    assert row["step"] == "behavior"
    assert row["sentence"].startswith("Exports (30 tickets a month) may follow: 100% of the automated tickets")
    behavior_step = steps_of(row["steps"])[1]
    assert behavior_step.what_to_do == f"understudy scope accept {row['proposal_id'][:8]}"


def test_nothing_is_proposed_before_that_and_the_notes_say_why():
    weak = {"outcomes": ended("login", 50, 50)}
    assert made(**weak).empty
    said = scope_notes(frames(**{**MASTERED, **weak}), Autonomy(), RULES, AS_OF)
    assert said[0].endswith("Nothing follows before that.")
    assert any(line.startswith("Not mastered: Login: resolves 50%") for line in said)


def test_a_tier_that_somebody_gave_goes_before_what_the_figures_say_and_escalation_never_follows():
    categories = [*CATEGORIES[:3], ("sharing", "hybrid", 3, "hybrid", 80), ("refunds", "escalate", 2, "automate", 70)]
    row = one(made(categories=categories))
    assert (row["category_id"], row["tier"]) == ("sharing", 3)


def test_where_nothing_is_next_the_nearest_are_named():
    categories = [*CATEGORIES[:2], *CATEGORIES[3:]]
    assert made(categories=categories).empty
    said = scope_notes(frames(**MASTERED, categories=categories), Autonomy(), RULES, AS_OF)
    assert any("No category is next" in line and "Sharing (Too few examples)" in line for line in said)


def test_a_proposal_keeps_its_name_from_run_to_run():
    first = made()
    again = made(previous=first, covered={"exports": 0})
    assert first["proposal_id"].tolist() == again["proposal_id"].tolist()
    assert one(again)["step"] == "knowledge"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, "accepted"),
        ({"categories": AUTOMATED}, "walking"),
        ({"categories": AUTOMATED, "answers": SHADOW}, "ready"),
        ({"categories": AUTOMATED, "answers": SHADOW, "covered": {"exports": 1}}, "walking"),
        ({"categories": AUTOMATED, "answers": SHADOW, "verdicts": {"exports": "expand"}}, "in_force"),
        ({"categories": AUTOMATED, "answers": SHADOW, "verdicts": {"exports": "roll_back"}}, "ready"),
    ],
)
def test_an_accepted_proposal_walks_until_its_verdict(given: dict[str, Any], status: str):
    name = one(made())["proposal_id"]
    row = one(made(said=accepted(name), **given))
    assert (row["proposal_id"], row["status"], row["decided_by"]) == (name, status, "Ada Moreno")


def test_what_is_on_its_way_stays_there_when_the_first_tier_is_mastered_no_more():
    row = one(made(said=accepted("a" * 16), categories=AUTOMATED, outcomes=[]))
    assert row["status"] == "walking"


def test_a_rejected_proposal_is_kept_with_its_reason():
    name = one(made())["proposal_id"]
    row = one(made(said=accepted(name, decision="rejected", reason="Prices change in May.")))
    assert (row["status"], row["decided_by"]) == ("rejected", "Ada Moreno")
    assert row["sentence"].endswith("was not wanted: Prices change in May.")


def test_an_open_proposal_whose_ground_is_gone_is_withdrawn_and_stays():
    first = made()
    second = made(previous=first, outcomes=[])
    assert one(second)["status"] == "withdrawn"
    assert one(second)["sentence"].endswith("Since 2026-07-24 that holds no more.")
    assert one(made(previous=second, outcomes=[]))["sentence"] == one(second)["sentence"]
    assert one(made(previous=second))["status"] == "proposed"


def test_a_decaying_category_is_a_narrowing_and_in_force_once_it_is_withdrawn():
    answers = [*answers_to("login", 90, 1), *answers_to("billing", 20, 20)]
    row = one(made(answers=answers, outcomes=[]))
    assert (row["kind"], row["category_id"], row["status"]) == ("narrow", "billing", "proposed")
    assert (row["numerator"], row["denominator"], row["bar"]) == (20, 40, 0.15)
    withdrawn = Autonomy(withdrawn={"billing": turn("billing")})
    row = one(made(withdrawn, answers=answers, outcomes=[]))
    assert (row["kind"], row["status"]) == ("narrow", "in_force")
    assert (row["numerator"], row["denominator"], row["low"], row["metric"]) == (12, 30, 0.24, "wrong_of_reviewed")
    assert "lost its autonomy on 2026-07-14: 40% are wrong" in row["sentence"]


def test_an_erased_reason_leaves_the_narrowing():
    erased = turn("billing", reason=None, metric=None, figures={})
    row = one(made(Autonomy(withdrawn={"billing": erased}), answers=[], outcomes=[]))
    assert row["status"] == "in_force"
    assert "the reason was erased" in row["sentence"]


def test_what_recovered_may_come_back_and_what_is_not_shown_to_have_may_not():
    withdrawn = Autonomy(withdrawn={"billing": turn("billing", days_ago=20)})

    def kinds(right: int, wrong: int, **given: Any) -> list[str]:
        answers = answers_to("billing", right, wrong, mode="shadow")
        return made(withdrawn, answers=answers, outcomes=[], **given)["kind"].tolist()

    assert kinds(40, 0) == ["narrow", "back"]
    assert kinds(19, 0) == ["narrow"]
    assert kinds(36, 4) == ["narrow"]
    assert kinds(40, 0, covered={"billing": 2}) == ["narrow"]


def test_lacking_entries_come_back_with_the_entries():
    withdrawn = Autonomy(withdrawn={"billing": turn("billing", metric="live_entries")})
    assert made(withdrawn, answers=[], outcomes=[], covered={"billing": 2})["kind"].tolist() == ["narrow"]
    back = made(withdrawn, answers=[], outcomes=[])
    assert back["kind"].tolist() == ["narrow", "back"]
    assert "3 live entries" in back["sentence"].iloc[1]


def test_a_restored_category_closes_its_proposals_and_says_by_whom():
    answers = answers_to("billing", 40, 0, mode="shadow")
    before = made(Autonomy(withdrawn={"billing": turn("billing", days_ago=20)}), answers=answers, outcomes=[])
    restored = turn("billing", days_ago=1, by="Ada Moreno", role="support lead", sequence=9)
    after = made(Autonomy(restored={"billing": restored}), answers=answers, outcomes=[], previous=before)
    assert dict(zip(after["kind"], after["status"], strict=True)) == {"narrow": "withdrawn", "back": "accepted"}
    assert after["decided_by"].tolist() == ["Ada Moreno"] * 2
    assert after["sentence"].str.contains("Restored on 2026-07-23 by Ada Moreno").all()


def test_a_return_that_was_rejected_says_so():
    withdrawn = Autonomy(withdrawn={"billing": turn("billing", days_ago=20)})
    answers = answers_to("billing", 40, 0, mode="shadow")
    name = made(withdrawn, answers=answers, outcomes=[])["proposal_id"].iloc[1]
    said = decisions(
        {"proposal_id": name, "kind": "back", "category_id": "billing", "decision": "rejected", "reason": "Not yet."}
    )
    assert made(withdrawn, said, answers=answers, outcomes=[])["status"].tolist() == ["in_force", "rejected"]


def test_a_desk_where_nothing_was_answered_yet_gives_an_empty_frame():
    assert made(answers=[], outcomes=[]).empty
    assert made(answers=[], outcomes=[], categories=[]).empty
