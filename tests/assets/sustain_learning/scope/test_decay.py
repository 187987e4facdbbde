"""When a category decays, and when it has recovered."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from assets.sustain_learning.scope.decay import decaying, recovered, standings
from assets.sustain_learning.scope.given_answers import given_answers
from assets.sustain_learning.scope.scope_frames import Autonomy
from tests.assets.sustain_learning.scope.scope_cases import AS_OF, DAY, RULES, answers_to, frames, turn

NOTHING = Autonomy()
RULE = RULES.decayed


def lost(*answers, autonomy: Autonomy = NOTHING, **given) -> dict[str, str]:
    found = standings(frames([one for part in answers for one in part], **given), autonomy, RULE, AS_OF)
    return {one.category_id: one.metric for one in decaying(found)}


def only(*answers, **given):
    (one,) = standings(frames([one for part in answers for one in part], **given), NOTHING, RULE, AS_OF)
    return one


def test_a_category_that_is_shown_to_be_wrong_too_often_decays():
    assert lost(answers_to("billing", 18, 12), answers_to("login", 28, 2)) == {"billing": "wrong_of_reviewed"}


def test_what_chance_explains_is_no_decay():
    # 7 of 30 is 23 %, and its interval reaches down to 12 %.
    one = only(answers_to("billing", 23, 7))
    assert not one.is_decayed
    assert one.is_enough
    assert "does not show more than 15%" in one.sentence


def test_too_few_judged_answers_prove_nothing_and_say_so():
    one = only(answers_to("billing", 0, 19))
    assert (one.is_decayed, one.is_enough, one.metric) == (False, False, "wrong_of_reviewed")
    assert one.sentence == "19 answers reviewed in the last 28 days; 20 are needed to say whether it decays"


def test_one_requester_with_many_answers_is_one_voice():
    assert lost(answers_to("billing", 18, 12)) == {"billing": "wrong_of_reviewed"}
    assert lost(answers_to("billing", 18, 12, each=12)) == {}


def test_what_could_be_friendlier_costs_no_autonomy():
    assert lost(answers_to("billing", 10, 20, tag="needs_improvement")) == {}


def test_what_a_person_sends_anyway_costs_no_autonomy():
    assert lost(answers_to("billing", 0, 30, action="draft"), answers_to("billing", 30, 0)) == {}


def test_a_category_that_never_answered_by_itself_cannot_lose_it():
    assert lost(answers_to("billing", 10, 20, mode="shadow")) == {}
    assert lost(answers_to("exports", 10, 20)) == {}


def test_the_control_arm_was_shown_to_nobody():
    assert lost(answers_to("billing", 0, 40, mode="control"), answers_to("billing", 25, 0)) == {}


def test_what_is_older_than_the_window_counts_no_more_and_what_comes_later_not_yet():
    assert lost(answers_to("billing", 0, 40, days_ago=29), answers_to("billing", 25, 0)) == {}
    assert lost(answers_to("billing", 0, 40, days_ago=-1), answers_to("billing", 25, 0)) == {}


def test_a_review_that_is_given_later_is_not_known_yet():
    given = frames(answers_to("billing", 0, 40, unreviewed=1))
    late = given.reviews.assign(reviewed_at=AS_OF + DAY)
    found = standings(type(given)(**{**vars(given), "reviews": late}), NOTHING, RULE, AS_OF)
    assert not found[0].is_decayed


def test_complaints_count_against_all_that_was_sent_and_not_against_those_who_complained():
    sent = answers_to("billing", 0, 0, unreviewed=100)

    def complaints(count: int) -> list[dict]:
        return [{"answer_id": one["answer_id"], "source": "feedback", "is_wrong": True} for one in sent[:count]]

    assert lost(sent, judged=complaints(15)) == {}
    assert lost(sent, judged=complaints(40)) == {"billing": "wrong_of_sent"}


def test_live_answers_count_like_those_of_exports():
    live = [
        {"decision_id": f"d{place}", "category_id": "billing", "requester_id": f"p{place}", "decided_at": AS_OF - DAY,
         "mode": "rollout", "action": "answer", "sends": True}
        for place in range(40)
    ]  # fmt: skip
    judged = [{"answer_id": f"d{place}", "source": "feedback", "is_wrong": True} for place in range(20)]
    assert lost(live=live, judged=judged) == {"billing": "wrong_of_sent"}
    assert lost(live=[{**one, "sends": False} for one in live], judged=judged) == {}


def test_too_few_live_entries_cost_the_autonomy_whatever_was_judged():
    one = only(answers_to("billing", 40, 0), covered={"billing": 2})
    assert (one.is_decayed, one.metric, one.have, one.needs) == (True, "live_entries", 2, 3)
    assert one.sentence == "2 live entries left, and 3 are needed"


def test_what_was_judged_before_a_restoration_counts_for_nothing():
    answers = answers_to("billing", 0, 40, days_ago=5)
    assert lost(answers) == {"billing": "wrong_of_reviewed"}
    assert lost(answers, autonomy=Autonomy(restored={"billing": turn("billing", days_ago=4)})) == {}
    again = answers_to("billing", 0, 40, days_ago=2)
    assert lost(answers, again, autonomy=Autonomy(restored={"billing": turn("billing", days_ago=4)}))


def test_what_is_withdrawn_is_not_withdrawn_again():
    assert lost(answers_to("billing", 0, 40), autonomy=Autonomy(withdrawn={"billing": turn("billing")})) == {}


def test_a_desk_where_nothing_was_answered_has_no_standing():
    assert standings(frames(), NOTHING, RULE, AS_OF) == []
    assert standings(frames(categories=[]), NOTHING, RULE, AS_OF) == []


def test_recovery_must_rule_out_what_cost_the_autonomy():
    def back(right: int, wrong: int) -> bool:
        given = given_answers(frames(answers_to("billing", right, wrong, mode="shadow")), AS_OF)
        return recovered(given, AS_OF - 20 * DAY, AS_OF, RULE)[0]

    assert not back(19, 0)
    assert not back(20, 1)
    assert back(30, 0)
    assert not back(30, 4)


def test_daily_looks_hardly_ever_take_back_what_is_good_enough_and_soon_what_is_not():
    """A year of one to two reviews a day, looked at each week, over and over."""
    rng = np.random.default_rng(20)
    shown = cache(lambda wrong, judged: bool(lost(answers_to("billing", judged - wrong, wrong))))

    def taken_back(rate: float) -> float:
        years = []
        for _ in range(40):
            weeks = rng.binomial(10, rate, size=52)
            years.append(any(shown(int(weeks[week - 4 : week].sum()), 40) for week in range(4, 53)))
        return float(np.mean(years))

    assert taken_back(0.1) <= 0.05
    assert taken_back(0.35) >= 0.95


def test_unknown_requesters_are_one_each():
    answers = [{**one, "requester_id": None} for one in answers_to("billing", 18, 12)]
    assert lost(answers) == {"billing": "wrong_of_reviewed"}
    assert pd.isna(frames(answers).answers["requester_id"]).all()
