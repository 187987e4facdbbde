"""Mining reads training and calibration tickets only, counts with intervals, and ranks what may have been missed."""

import pandas as pd
import pytest

from assets.configure_behavior.triggers.mine_triggers import mine_triggers
from tests.behaviors import behavior, trigger
from tests.encoders import HashingEncoder

SPEC = behavior(
    trigger(
        phrases=["end our contract"],
        fires_on=["please end our contract at the end of the month"],
        quiet_on=["where is the page about the contract"],
    )
)


def tickets(**texts):
    """Frames of comments and splits: ``t1="train: text / second"``."""
    rows, splits = [], []
    for name, given in texts.items():
        split, said = given.split(": ", 1)
        splits.append({"ticket_id": name, "split": split})
        for position, text in enumerate(said.split(" / ")):
            rows.append(
                {
                    "ticket_id": name, "position": position, "author_role": "requester", "is_public": True, "subject": None,
                    "created_at": pd.Timestamp("2026-03-01", tz="UTC"), "text": text, "language": "en",
                }
            )  # fmt: skip
    return pd.DataFrame(rows), pd.DataFrame(splits)


def test_holdout_tickets_are_never_read():
    comments, splits = tickets(
        a="holdout: please end our contract", b="train: hello", c="calibration: end our contract"
    )
    mined = mine_triggers(SPEC, comments, splits, encode=HashingEncoder().encode)
    assert mined.count_tickets == 2
    assert [hit.ticket_id for hit in mined.hits] == ["c"]
    encoder = HashingEncoder()
    mine_triggers(SPEC, comments, splits, encode=encoder.encode)
    assert not any(text == "please end our contract" for text in encoder.texts_encoded)


def test_only_what_the_requester_said_in_public_counts():
    comments, splits = tickets(a="train: end our contract", b="train: end our contract", c="train: end our contract")
    comments.loc[0, "author_role"] = "staff"
    comments.loc[1, "is_public"] = False
    mined = mine_triggers(SPEC, comments, splits)
    assert [hit.ticket_id for hit in mined.hits] == ["c"]


def test_hits_carry_the_turn_and_the_message():
    comments, splits = tickets(a="train: first / please end our contract / thanks")
    (hit,) = mine_triggers(SPEC, comments, splits).hits
    assert (hit.turn, hit.phrase, hit.text) == (1, "end our contract", "please end our contract")


def test_rates_have_counts_and_intervals():
    comments, splits = tickets(a="train: end our contract", b="train: hi", c="train: ho", d="train: hu")
    (rate,) = mine_triggers(SPEC, comments, splits).rates
    assert (rate.count_fired, rate.count_alone, rate.count_tickets, rate.rate) == (1, 1, 4, 0.25)
    assert rate.low == pytest.approx(0.0456, abs=1e-3)
    assert rate.high == pytest.approx(0.6994, abs=1e-3)


def test_near_misses_mean_what_must_fire_and_are_nearer_to_it_than_to_what_must_not():
    comments, splits = tickets(
        near="train: please finish the contract at the end of the month",
        opposite="train: where is the page about the contract please",
        far="train: my printer is on fire",
        caught="train: please end our contract at the end of the month",
    )
    mined = mine_triggers(SPEC, comments, splits, encode=HashingEncoder().encode)
    assert [one.ticket_id for one in mined.near_misses] == ["near"]
    assert mined.near_misses[0].trigger_id == "one"
    assert mined.near_misses[0].similarity > 0.45


def test_other_languages_are_not_compared_by_meaning():
    comments, splits = tickets(near="train: please finish the contract at the end of the month")
    comments["language"] = "es"
    assert not mine_triggers(SPEC, comments, splits, encode=HashingEncoder().encode).near_misses


def test_uncaught_tickets_of_categories_that_go_to_people_are_listed():
    comments, splits = tickets(a="train: hello", b="train: end our contract", c="train: good day")
    mined = mine_triggers(
        SPEC,
        comments,
        splits,
        ticket_categories={"a": "leaving", "b": "leaving", "c": "praise"},
        always_to_people=["leaving"],
    )
    (one,) = mined.near_misses
    assert (one.ticket_id, one.trigger_id, one.category_id) == ("a", None, "leaving")


def test_scopes_see_the_tickets_context_and_category():
    spec = behavior(trigger(only_for={"context": {"plan": ["legacy"]}, "categories": ["leaving"]}))
    comments, splits = tickets(a="train: hello", b="train: hello")
    mined = mine_triggers(
        spec,
        comments,
        splits,
        ticket_categories={"a": "leaving", "b": "leaving"},
        ticket_contexts={"a": {"plan": "legacy"}},
    )
    assert [hit.ticket_id for hit in mined.hits] == ["a"]


def test_a_desk_without_tickets_is_no_mistake():
    comments, splits = tickets(a="holdout: hello")
    mined = mine_triggers(SPEC, comments, splits, encode=HashingEncoder().encode)
    assert (mined.count_tickets, mined.hits, mined.near_misses) == (0, (), ())
