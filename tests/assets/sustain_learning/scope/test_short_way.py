"""The four steps, and what each asks for."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from assets.sustain_learning.scope.given_answers import given_answers
from assets.sustain_learning.scope.scope_frames import category_facts
from assets.sustain_learning.scope.short_way import (
    Step,
    next_step,
    short_way,
    steps_json,
    steps_of,
    verdicts_by_category,
)
from tests.assets.sustain_learning.scope.scope_cases import AS_OF, CATEGORIES, RULES, answers_to, frames

AUTOMATED = [one if one[0] != "exports" else ("exports", "automate", 2, "automate", 90) for one in CATEGORIES]
SHADOW = answers_to("exports", 40, 0, mode="shadow")


def way(category: str = "exports", **given: Any) -> dict[str, Step]:
    made = frames(**{"answers": SHADOW, "categories": AUTOMATED, "verdicts": {"exports": "expand"}, **given})
    one = next(one for one in category_facts(made.categories, made.roadmap) if one.category_id == category)
    said = verdicts_by_category(made.looks, made.verdicts)
    steps = short_way(one, made, given_answers(made, AS_OF), said, RULES.decayed, AS_OF)
    return {step.step: step for step in steps}


def test_a_category_that_has_walked_the_whole_way():
    steps = way()
    assert list(steps) == ["knowledge", "behavior", "shadow", "verdict"]
    assert all(step.is_done and not step.what_to_do for step in steps.values())
    assert next_step(list(steps.values())) is None
    assert steps["verdict"].why == "pilot 'spring' says expand"


@pytest.mark.parametrize(
    ("given", "step", "why", "to_do"),
    [
        ({"covered": {"exports": 1}}, "knowledge", "it needs 2 more live entries", "understudy knowledge draft --category exports --write"),
        ({"is_signed": False}, "behavior", "the behavior spec is unsigned: support lead", "understudy sign-off behavior"),
        ({"thresholds": {"exports": None}}, "behavior", "no safe threshold at 5% risk: it says why", "understudy run configure_behavior"),
        ({"answers": []}, "shadow", "the agent has drafted nothing for it", "understudy review list --category exports"),
        ({"answers": SHADOW[:19]}, "shadow", "19 of the 20 reviewed answers that are needed", "understudy review list"),
        ({"answers": answers_to("exports", 15, 9, mode="shadow")}, "shadow", "15% must be ruled out", "understudy review list"),
        ({"verdicts": {}}, "verdict", "no pilot has judged it", "pilot.yaml"),
        ({"verdicts": {"exports": "keep_collecting"}}, "verdict", "says keep collecting", "understudy pilot status"),
        ({"verdicts": {"exports": "roll_back"}}, "verdict", "says roll back", "pilot.yaml"),
    ],
)  # fmt: skip
def test_a_step_that_is_open_says_why_and_what_to_do(given: dict[str, Any], step: str, why: str, to_do: str):
    steps = way(**given)
    assert [name for name, one in steps.items() if not one.is_done] == [step]
    assert why in steps[step].why
    assert to_do in steps[step].what_to_do


def test_what_is_not_automate_yet_has_no_threshold_until_it_is_accepted():
    steps = way(categories=CATEGORIES)
    assert not steps["behavior"].is_done
    assert "accept this proposal first" in steps["behavior"].why


def test_what_was_never_counted_or_sought_is_open_with_the_run_that_does_it():
    made = frames(categories=AUTOMATED)
    one = next(one for one in category_facts(made.categories, made.roadmap) if one.category_id == "exports")
    bare = type(made)(**{**vars(made), "coverage": made.coverage.iloc[:0], "thresholds": made.thresholds.iloc[:0]})
    first, second, *_ = short_way(one, bare, given_answers(bare, AS_OF), {}, RULES.decayed, AS_OF)
    assert (first.is_done, first.what_to_do) == (False, "understudy run build_knowledge")
    assert (second.is_done, second.what_to_do) == (False, "understudy run configure_behavior")
    without = type(made)(**{**vars(made), "spec": made.spec.iloc[:0]})
    assert short_way(one, without, given_answers(without, AS_OF), {}, RULES.decayed, AS_OF)[1].what_to_do == (
        "understudy behavior init"
    )


def test_the_last_look_of_any_pilot_stands_when_its_plan_is_gone():
    looks = [
        ("winter", "look", None, {"over all": "hold", "exports": "hold"}),
        ("spring", "look", None, {"exports": "expand", "billing": "expand"}),
        ("spring", "stop", "billing", {}),
    ]
    made = frames(looks=looks)
    said = verdicts_by_category(made.looks, made.verdicts)
    assert said == {"exports": ("expand", "spring"), "billing": ("roll_back", "spring")}
    unsettled = frames(looks=looks, verdicts={"exports": "keep_collecting"})
    open_ = unsettled.verdicts.assign(is_final=False)
    assert verdicts_by_category(unsettled.looks, open_)["exports"] == ("expand", "spring")
    assert verdicts_by_category(pd.DataFrame(), pd.DataFrame(columns=made.verdicts.columns)) == {}


def test_steps_are_read_as_they_were_written():
    steps = list(way().values())
    assert steps_of(steps_json(steps)) == steps
