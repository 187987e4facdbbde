"""Which tickets are answered, in which mode, once."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from assets.pilot_agent.answers.draft_answers import answer_id, kept_answers, mode_of
from assets.pilot_agent.answers.frames import ANSWER
from assets.pilot_agent.assignment.assign_rollout import rollout_points
from tests.assets.pilot_agent.answers.new_tickets import (
    AS_OF,
    BEGUN,
    DATA_CUT,
    DRAWN,
    EXPORT,
    HACKED,
    IN_ROLLOUT,
    IN_SHADOW,
    INVOICE,
    NOT_DRAWN,
    PASSWORD,
    PURPLE,
    SALT,
    START,
    drafted,
    frames,
    plan,
    release,
    shares,
    ticket,
)

SECOND = pd.Timedelta(seconds=1)


def modes(frame: pd.DataFrame) -> dict[str, tuple]:
    return {
        row.ticket_id.removeprefix("zd:"): (row.mode, None if pd.isna(row.arm) else row.arm)
        for row in frame.itertuples()
    }


def test_an_answer_carries_why_by_what_and_for_whom():
    frame = drafted(ticket("1", PASSWORD, sso="true"), ticket("2", PASSWORD, sso="false"))
    assert list(frame.columns) == list(ANSWER)
    row = frame.iloc[0]
    assert row["answer_id"] == answer_id("spring", "zd:1", "f" * 64, 1)
    assert (row["pilot_id"], row["turn"], row["requester_id"]) == ("spring", 1, DRAWN)
    assert (row["created_at"], row["asked_at"], row["decided_at"]) == (IN_SHADOW, IN_SHADOW, AS_OF)
    assert (row["phase"], row["mode"]) == ("shadow", "shadow")
    assert pd.isna(row["arm"])
    assert pd.isna(row["share"])
    assert (row["action"], row["category_id"], row["bucket"]) == ("answer", "password_reset", "automate")
    assert row["entry_ids"][0] == "password-sso"
    assert row["entry_hashes"][0] == "hash-password-sso"
    assert "Your company manages the password" in row["reply"]
    assert not row["is_suggestion"]
    assert row["steps"] == [one["step"] for one in json.loads(row["reasons"])]
    assert row["steps"][0] == "message"
    assert (row["release_id"], row["release_as_of"]) == ("f" * 64, DATA_CUT)
    assert row["encoder_revision"] == release().encoder_revision
    assert len(row["behavior_hash"]) == 64
    assert (row["language"], row["plan"], row["channel"]) == ("en", "pro", "email")
    assert json.loads(row["context"]) == {"sso": "true"}
    assert (row["question"], row["conversation"]) == (PASSWORD, "[]")
    assert "password-standard" in frame.iloc[1]["entry_ids"][0], "the other customer gets the other answer"


def test_a_draft_shows_what_a_person_is_handed_and_a_handover_its_reason():
    frame = drafted(ticket("1", INVOICE), ticket("2", HACKED, plan="legacy")).set_index("ticket_id")
    draft, handed = frame.loc["zd:1"], frame.loc["zd:2"]
    assert (draft["action"], draft["is_suggestion"], draft["handoff_queue"]) == ("draft", True, "billing")
    assert "Settings > Billing" in draft["reply"]
    assert "hybrid" in draft["handoff_reason"]
    assert (handed["action"], handed["is_suggestion"]) == ("escalate", True)
    assert handed["reply"] is pd.NA or "colleague" not in handed["reply"]


def test_only_tickets_after_the_pilots_start_and_the_data_cut_are_new():
    tickets = [
        ticket("before", EXPORT, START - SECOND),
        ticket("first", EXPORT, START),
        ticket("after", EXPORT, START + SECOND),
    ]
    assert set(drafted(*tickets)["ticket_id"]) == {"zd:first", "zd:after"}
    assert set(drafted(*tickets, release_as_of=START)["ticket_id"]) == {"zd:after"}, "the release may have seen it"
    assert drafted(*tickets, release_as_of=START + SECOND).empty


def test_spam_and_what_says_nothing_is_not_answered():
    frame = drafted(
        ticket("spam", EXPORT, is_in_audit=False), ticket("unsure", EXPORT, is_in_audit=None), ticket("empty", "  "),
        ticket("null", None), ticket("real", EXPORT),
    )  # fmt: skip
    assert frame["ticket_id"].tolist() == ["zd:real"]


def test_what_was_decided_stays_under_a_later_release_a_changed_share_and_a_corrected_ticket():
    first = drafted(ticket("1", EXPORT, IN_ROLLOUT), shares=shares(*BEGUN))
    later = replace(release(), release_id="e" * 64)
    again = drafted(
        ticket("1", PASSWORD, IN_ROLLOUT, requester_id=NOT_DRAWN, plan="free"), ticket("2", EXPORT, IN_ROLLOUT),
        previous=first, release=later, release_as_of=IN_ROLLOUT - SECOND, shares=shares(*BEGUN, (0.1, "2026-03-20")),
        as_of=AS_OF + pd.Timedelta(days=1),
    )  # fmt: skip
    pd.testing.assert_frame_equal(again.iloc[:1], first)
    assert again["ticket_id"].tolist() == ["zd:1", "zd:2"]
    assert again["release_id"].tolist() == ["f" * 64, "e" * 64]
    once_more = drafted(ticket("1", EXPORT, IN_ROLLOUT), ticket("2", EXPORT, IN_ROLLOUT), previous=again)
    pd.testing.assert_frame_equal(once_more, again)


def test_another_pilot_decides_a_ticket_anew_and_leaves_the_rows_of_the_first():
    first = drafted(ticket("1", EXPORT, IN_ROLLOUT))
    second = drafted(
        ticket("1", EXPORT, IN_ROLLOUT), previous=first, pilot=plan(pilot_id="summer", start=IN_ROLLOUT.date())
    )
    assert second["pilot_id"].tolist() == ["spring", "summer"]
    assert second["answer_id"].is_unique


def test_an_erased_ticket_takes_its_rows_along():
    first = drafted(ticket("1", EXPORT), ticket("2", EXPORT))
    left = drafted(ticket("2", EXPORT), previous=first)
    assert left["ticket_id"].tolist() == ["zd:2"]
    assert "zd:1" not in str(left.to_dict("records"))
    assert kept_answers(first, frames()["tickets"]).empty


def test_nothing_new_gives_a_frame_of_the_same_types():
    full, empty = drafted(ticket("1", EXPORT)), drafted()
    assert empty.empty
    assert dict(empty.dtypes) == dict(full.dtypes) == dict(kept_answers(None, frames()["tickets"]).dtypes)


def test_the_arm_is_what_the_hash_says_of_the_share_when_the_ticket_came():
    names = [f"person-{number}" for number in range(60)]
    at = [IN_SHADOW if number % 3 == 0 else IN_ROLLOUT if number % 3 == 1 else AS_OF for number in range(60)]
    tickets = [ticket(name, EXPORT, when, requester_id=name) for name, when in zip(names, at, strict=True)]
    frame = drafted(*tickets, shares=shares((0.3, "2026-03-16"), (0.6, "2026-03-25"))).set_index("requester_id")
    points = dict(zip(names, rollout_points(names, SALT), strict=True))
    for name, when in zip(names, at, strict=True):
        row, share = frame.loc[name], {IN_ROLLOUT: 0.3, AS_OF: 0.6}.get(when)
        if share is None:
            assert (row["phase"], row["mode"]) == ("shadow", "shadow")
            assert pd.isna(row["arm"])
        else:
            arm = "ai" if points[name] < share else "control"
            assert (row["phase"], row["arm"], row["share"]) == ("rollout", arm, share)
            assert row["mode"] == {"ai": "rollout", "control": "control"}[arm]
    assert frame["arm"].nunique() == 2


def test_a_stopped_rollout_leaves_every_new_ticket_to_people():
    frame = drafted(ticket("1", EXPORT, AS_OF), shares=shares(*BEGUN, (0, "2026-03-20")))
    assert modes(frame) == {"1": ("control", "control")}
    assert frame["share"].tolist() == [0]


def test_a_stopped_category_waits_for_people_and_stays_comparable():
    tickets = [
        ticket(f"{name}-{who}", text, IN_ROLLOUT, requester_id=who)
        for name, text in (("export", EXPORT), ("password", PASSWORD))
        for who in (DRAWN, NOT_DRAWN)
    ]
    frame = drafted(*tickets, shares=shares(*BEGUN), stopped={"export_data": "This category was stopped."})
    found = modes(frame)
    assert found[f"export-{DRAWN}"] == ("shadow", "ai")
    assert found[f"export-{NOT_DRAWN}"] == ("control", "control")
    assert found[f"password-{DRAWN}"] == ("rollout", "ai")
    says_why = frame["steps"].map(lambda steps: "autonomy" in steps)
    assert frame.loc[says_why, "mode"].tolist() == ["shadow"]
    assert "This category was stopped." in frame.loc[says_why, "reasons"].item()


def test_the_mode_goes_by_bucket_and_scope_in_both_arms():
    tickets = [
        ticket(f"{name}-{arm}", text, IN_ROLLOUT, requester_id=who)
        for name, text in (("export", EXPORT), ("password", PASSWORD), ("invoice", INVOICE), ("hacked", HACKED), ("purple", PURPLE))
        for arm, who in (("ai", DRAWN), ("control", NOT_DRAWN))
    ]  # fmt: skip
    everything = modes(drafted(*tickets, shares=shares(*BEGUN)))
    for name in ("export", "password"):
        assert everything[f"{name}-ai"] == ("rollout", "ai")
        assert everything[f"{name}-control"] == ("control", "control")
    for name in ("invoice", "hacked", "purple"):
        assert everything[f"{name}-ai"] == ("shadow", "ai")
        assert everything[f"{name}-control"] == ("shadow", "control")
    only = modes(
        drafted(*tickets, shares=shares(*BEGUN), pilot=plan(categories={"ids": ["export_data", "invoice_copy"]}))
    )
    assert only["export-ai"] == ("rollout", "ai")
    assert only["password-ai"] == ("shadow", "ai")
    assert only["invoice-ai"] == ("shadow", "ai"), "a plan cannot let the agent send what is hybrid"


@pytest.mark.parametrize(
    ("bucket", "category", "arm", "taken", "mode"),
    [
        ("automate", "a", None, False, "shadow"),
        ("automate", "a", "ai", False, "rollout"),
        ("automate", "a", "control", False, "control"),
        ("automate", "b", "ai", False, "shadow"),
        ("hybrid", "a", "ai", False, "shadow"),
        ("hybrid", "a", "control", False, "shadow"),
        (None, None, "ai", False, "shadow"),
        ("automate", "a", "ai", True, "shadow"),
        ("automate", "a", "control", True, "control"),
    ],
)
def test_modes(bucket, category, arm, taken, mode):
    assert mode_of(bucket, category, arm, ["a"], taken) == mode


@pytest.mark.parametrize("changes", [{"count_staff_replies": 1}, {"status": "solved"}, {"status": "closed"}])
def test_a_ticket_that_people_took_already_is_not_sent_and_keeps_its_arm(changes):
    tickets = [
        ticket("ai", EXPORT, IN_ROLLOUT, **changes),
        ticket("control", EXPORT, IN_ROLLOUT, requester_id=NOT_DRAWN, **changes),
    ]
    assert modes(drafted(*tickets, shares=shares(*BEGUN))) == {
        "ai": ("shadow", "ai"),
        "control": ("control", "control"),
    }


@pytest.mark.parametrize("unknown", [None, "", np.nan, pd.NA])
def test_a_requester_nobody_knows_stays_with_people(unknown):
    frame = drafted(
        ticket("1", EXPORT, IN_ROLLOUT, requester_id=unknown), shares=shares((1.0, "2026-03-16")), as_of=AS_OF
    )
    assert modes(frame) == {"1": ("control", "control")}
    assert frame["requester_id"].isna().all()


def test_the_salt_of_the_plan_draws():
    salt = next(one for one in map(str, range(99)) if rollout_points([DRAWN], one)[0] > 0.5)
    frame = drafted(ticket("1", EXPORT, IN_ROLLOUT), shares=shares(*BEGUN), pilot=plan(salt=salt))
    assert frame["arm"].tolist() == ["control"]
