"""Effects of every change, and bad weeks in which they must stay right. Invented outcomes, counted out by hand."""

import numpy as np
import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent.effects.training_effects import live_change, training_effects
from assets.retrain_agent.frames import EFFECT, REPLAYED
from tests.assets.retrain_agent.effects.live_outcomes import AS_OF, RELEASED, outcomes, steady
from tests.assets.retrain_agent.updates.small_frames import change, changes, replayed, replays

TARGET = {
    "category_ids": ["password_reset"], "title": "condition SSO added to password reset", "release_id": "a" * 64,
    "released_at": RELEASED, "status": "released", "accepted_at": RELEASED - pd.Timedelta(days=2),
}  # fmt: skip
MENDED = [replayed(number, False, True) for number in range(12)] + [replayed(20 + n, True, True) for n in range(8)]


def answers(frame: pd.DataFrame, column: str = "is_resolved", **others) -> pd.DataFrame:
    """``fct_ai_answers`` of tickets drawn for the agent, with one outcome known."""
    made = frame.rename(columns={"outcome": column}).assign(arm="ai", **others)
    for name in ("is_resolved", "csat_positive", "is_false_resolution"):
        if name not in made:
            made[name] = pd.Series(pd.NA, index=made.index, dtype="boolean")
    return made


def effects(*rows, frame=None, mended=(), as_of=AS_OF) -> pd.DataFrame:
    live = answers(steady((30, 30), (45, 15))) if frame is None else frame
    return training_effects(changes(*rows), replays(*mended), live, as_of)


def one(frame: pd.DataFrame, metric: str, method: str, change_id: str = "C-001") -> pd.Series:
    found = frame[(frame["change_id"] == change_id) & (frame["metric"] == metric) & (frame["method"] == method)]
    assert len(found) == 1
    return found.iloc[0]


def test_a_change_is_measured_in_replay_and_live_and_said_in_one_sentence():
    frame = effects(change(**TARGET), mended=MENDED)
    assert list(frame.columns) == list(EFFECT)
    assert not frame.duplicated(["change_id", "metric", "method"]).any()
    assert set(frame["month"]) == {"2026-03"}
    live, paired = one(frame, "resolution_rate", "live"), one(frame, "answer_quality", "paired")
    assert live["verdict"] == paired["verdict"] == "improvement"
    assert live["difference"] == pytest.approx(0.25)
    assert live["sentence"].startswith(
        "change C-001 (condition SSO added to password reset): resolution on `password_reset` +25 points ["
    )
    assert (paired["n"], paired["n_discordant"], paired["difference"]) == (20, 12, 0.6)
    assert one(frame, "involvement_rate", "paired")["verdict"] == "no_effect_shown"
    assert "no effect on" in one(frame, "involvement_rate", "paired")["sentence"]


def test_a_change_without_effect_is_said_to_have_none():
    same = [replayed(number, number % 2 == 0, number % 2 == 0) for number in range(30)]
    frame = effects(change(**TARGET), frame=answers(steady()), mended=same)
    assert one(frame, "resolution_rate", "live")["verdict"] == "no_effect_shown"
    assert "no effect shown on resolution" in one(frame, "resolution_rate", "live")["sentence"]
    assert "no effect on correct answers" in one(frame, "answer_quality", "paired")["sentence"]


def test_fewer_false_resolutions_are_better():
    frame = effects(change(**TARGET), frame=answers(steady((30, 30), (15, 45)), "is_false_resolution"))
    found = one(frame, "false_resolution_rate", "live")
    assert (found["verdict"], found["higher_is_better"]) == ("improvement", False)
    assert "an improvement" in found["sentence"]
    frame = effects(change(**TARGET), frame=answers(steady((30, 30), (15, 45)), "csat_positive"))
    assert one(frame, "csat", "live")["verdict"] == "worse"


def test_an_answer_that_needs_no_person_any_more_is_involvement():
    rows = [replayed(number, None, None, before_action="escalate") for number in range(12)]
    rows += [replayed(20 + number, None, None, after_action="ask") for number in range(6)]
    frame = effects(change(**TARGET), mended=rows)
    found = one(frame, "involvement_rate", "paired")
    assert (found["verdict"], found["n"], found["n_discordant"]) == ("improvement", 18, 12)
    assert one(frame, "answer_quality", "paired")["verdict"] == "not_measurable"


def test_what_no_customer_has_met_yet_is_measured_in_replay_alone():
    waiting = change(**TARGET | {"released_at": None, "release_id": None, "status": "accepted"})
    frame = effects(waiting, mended=MENDED)
    assert set(frame["method"]) == {"paired"}
    assert "not released yet" in frame["sentence"].iloc[0]
    assert effects(waiting).empty


def test_no_change_no_answer_and_no_replay_are_empty_frames_of_the_same_columns():
    nothing = training_effects(changes(), frame_of([], REPLAYED), answers(steady().iloc[:0]), AS_OF)
    assert list(nothing.columns) == list(EFFECT)
    frame = effects(change(**TARGET), frame=answers(steady().iloc[:0]))
    assert set(frame["verdict"]) == {"not_measurable"}
    assert frame["why"].ne("").all()
    assert frame["difference"].isna().all()


def test_a_week_without_any_review_leaves_the_replay_open_and_the_live_effect_as_it_was():
    unjudged = [replayed(number, None, None) for number in range(30)]
    frame = effects(change(**TARGET), mended=unjudged)
    quality = one(frame, "answer_quality", "paired")
    assert quality["verdict"] == "not_measurable"
    assert "30 of 30 tickets could not be judged on both sides" in quality["sentence"]
    assert one(frame, "resolution_rate", "live")["verdict"] == "improvement"


def test_one_reviewer_who_judged_one_customer_proves_nothing():
    mine = [replayed(number, False, True, requester_id="same") for number in range(30)]
    found = one(effects(change(**TARGET), mended=mine), "answer_quality", "paired")
    assert found["verdict"] == "not_measurable"
    assert "1 requester; 6 requesters are needed" in found["why"]


def test_a_rollback_in_mid_month_ends_what_is_counted():
    back = RELEASED + pd.Timedelta(days=15)
    frame = steady((30, 30), (45, 15))
    # After the rollback everything is as bad as before: counted in, it would hide what the change did.
    late = (frame["created_at"] >= back) & (frame["category_id"] == "password_reset")
    frame["outcome"] = frame["outcome"].mask(late, other=False)
    whole = one(effects(change(**TARGET), frame=answers(frame)), "resolution_rate", "live")
    rolled = change(**TARGET | {"ended_at": back, "status": "ended"})
    cut = one(effects(rolled, frame=answers(frame)), "resolution_rate", "live")
    assert cut["difference"] == pytest.approx(0.25)
    assert whole["difference"] < 0.1
    assert "until 31 March 2026, 09:00 UTC" in cut["counted"]
    assert "taken back or replaced on 2026-03-31" in cut["sentence"]
    assert "taken back" not in whole["sentence"]


def test_the_next_change_to_the_category_ends_what_is_counted():
    after = change(2, **TARGET | {"released_at": RELEASED + pd.Timedelta(days=14)})
    first = one(effects(change(**TARGET), after), "resolution_rate", "live")
    assert "until 30 March 2026" in first["counted"]


def test_categories_that_another_change_touched_in_those_weeks_are_no_comparison():
    names = {"password_reset", "billing", "refunds"}
    mine = changes(change(**TARGET)).to_dict("records")[0]

    def untouched(**others):
        other = changes(change(2, **TARGET | others)).to_dict("records")[0]
        return live_change(mine, [mine, other], names).untouched

    assert untouched(category_ids=["billing"]) == {"refunds"}
    assert untouched(category_ids=["billing"], released_at=RELEASED - pd.Timedelta(days=200)) == {"billing", "refunds"}
    long_ago = {"released_at": RELEASED - pd.Timedelta(days=200), "ended_at": RELEASED - pd.Timedelta(days=20)}
    assert untouched(category_ids=["billing"], **long_ago) == {"refunds"}
    assert untouched(category_ids=[]) == frozenset()


def test_a_change_to_everything_has_nothing_to_be_compared_with():
    frame = effects(change(**TARGET), change(2, **TARGET | {"category_ids": []}))
    found = one(frame, "resolution_rate", "live")
    assert found["verdict"] == "not_measurable"
    assert "leaves no category untouched" in found["why"]
    assert "names no category" in one(frame, "resolution_rate", "live", "C-002")["why"]


def test_two_changes_released_together_say_that_their_live_figures_are_one():
    frame = effects(change(**TARGET), change(2, **TARGET))
    sentences = frame.loc[frame["method"] == "live", "sentence"]
    assert "released together with C-002" in sentences.iloc[0]
    assert "released together with C-001" in sentences.iloc[-1]


def test_weeks_are_as_long_when_the_clocks_change():
    # Summer time began in Europe on 29 March 2026, within the weeks after the release.
    local = answers(steady((30, 30), (45, 15)))
    local["created_at"] = local["created_at"].dt.tz_convert("Europe/Berlin")
    in_berlin = change(**TARGET | {"released_at": RELEASED.tz_convert("Europe/Berlin")})
    first, second = effects(change(**TARGET)), effects(in_berlin, frame=local)
    pd.testing.assert_frame_equal(first, second)
    at_midnight = pd.Timestamp("2026-04-01 00:30", tz="Europe/Berlin")
    months = effects(change(**TARGET | {"released_at": at_midnight}))["month"]
    assert set(months) == {"2026-03"}


def test_late_ratings_wait_and_do_not_tilt_what_is_counted():
    frame = answers(steady((30, 30), (45, 15)), "csat_positive")
    as_of = RELEASED + pd.Timedelta(days=21)
    # Happy customers rate at once, the others have not yet: the young tickets would look like an improvement.
    young = (frame["created_at"] > as_of - pd.Timedelta(days=7)) & ~frame["csat_positive"]
    early = frame.assign(csat_positive=frame["csat_positive"].mask(young))
    found = one(effects(change(**TARGET), frame=early, as_of=as_of), "csat", "live")
    assert "were too young to be judged" in found["counted"]
    assert found["difference"] == pytest.approx(0.25)


def test_an_outcome_that_is_not_known_yet_is_no_failure():
    frame = answers(steady((30, 30), (45, 15)))
    place = frame.groupby(["category_id", "created_at", "is_resolved"]).cumcount()
    frame.loc[place % 3 == 0, "is_resolved"] = pd.NA
    found = one(effects(change(**TARGET), frame=frame), "resolution_rate", "live")
    assert "have no known outcome" in found["counted"]
    assert found["difference"] == pytest.approx(0.25)


def test_a_re_export_of_old_tickets_counts_none_twice():
    frame = answers(steady((30, 30), (45, 15)))
    old = frame[frame["created_at"] < RELEASED].sample(frac=0.5, random_state=1).assign(is_resolved=pd.NA)
    first, again = effects(change(**TARGET)), effects(change(**TARGET), frame=pd.concat([frame, old.astype({"is_resolved": "boolean"})]))  # fmt: skip
    columns = ["n", "difference", "low", "high", "p"]
    pd.testing.assert_series_equal(
        one(first, "resolution_rate", "live")[columns], one(again, "resolution_rate", "live")[columns]
    )
    twice = one(effects(change(**TARGET), mended=[*MENDED, *MENDED]), "answer_quality", "paired")
    assert (twice["n"], twice["n_discordant"]) == (20, 12)


def test_shadow_tickets_and_the_other_arm_tell_nothing_about_what_customers_met():
    frame = answers(steady((30, 30), (45, 15)))
    others = answers(outcomes([("password_reset", 0.5, 0, 400)], first=50_000)).assign(arm="control")
    shadow = answers(outcomes([("password_reset", 1.5, 0, 400)], first=60_000)).assign(arm=None)
    mixed = pd.concat([frame, others, shadow], ignore_index=True)
    first, second = effects(change(**TARGET)), effects(change(**TARGET), frame=mixed)
    assert np.allclose(first["difference"].dropna(), second["difference"].dropna())
    assert first["n"].tolist() == second["n"].tolist()


def test_verdicts_of_a_month_are_given_side_by_side():
    # One p-value of a few per cent passes alone, and not among twenty that show nothing.
    close = [replayed(number, False, True) for number in range(6)] + [replayed(9, True, True)]
    alone = effects(change(**TARGET | {"released_at": None}), mended=close)
    assert one(alone, "answer_quality", "paired")["p"] == pytest.approx(1 / 32)
    others = [change(number, **TARGET | {"released_at": None}) for number in range(2, 12)]
    same = [
        replayed(number, True, True, change_id=f"C-{place:03d}") for place in range(2, 12) for number in range(30, 40)
    ]
    among = effects(change(**TARGET | {"released_at": None}), *others, mended=[*close, *same])
    found = one(among, "answer_quality", "paired")
    assert found["verdict"] == "no_effect_shown"
    assert "effects looked at" in found["why"]
    earlier = [change(number, **TARGET | {"released_at": None, "accepted_at": RELEASED - pd.Timedelta(days=60)}) for number in range(2, 12)]  # fmt: skip
    apart = one(effects(change(**TARGET | {"released_at": None}), *earlier, mended=[*close, *same]), "answer_quality", "paired")  # fmt: skip
    assert "22 effects" not in apart["why"]
