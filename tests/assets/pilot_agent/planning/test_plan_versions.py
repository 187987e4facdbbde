"""Which plan is on file, which was, which is signed, and under which one the rollout runs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pandas as pd

from assets.pilot_agent.answers.frames import PLAN
from assets.pilot_agent.planning.plan_versions import (
    plan_changes,
    plan_problem,
    plan_versions,
    registered_hash,
    registered_plan,
)
from desk.pilot import PilotFile, pilot_hash
from ledger.pilots import ShareChange
from ledger.sign_offs import Signature, SignOffState

MONDAY = pd.Timestamp("2026-02-02", tz="UTC")
NOW = dt.datetime(2026, 3, 16, tzinfo=dt.UTC)


def plan(**changes) -> PilotFile:
    document = {
        "pilot_id": "spring", "start": "2026-03-02", "rollout_share": 0.15,
        "primary": [
            {"metric": "resolution_rate", "kind": "confirmed", "margin": 0.05},
            {"metric": "missed_escalation_rate", "against": "limit", "limit": 0.03},
        ],
    }  # fmt: skip
    return PilotFile.model_validate({**document, **changes})


FIRST, SECOND = plan(), plan(rollout_share=0.2, alpha=0.04)


@dataclass
class Story:
    """A desk's plan over several runs: what is on file, who signed what, which shares were set."""

    signed: set[str] = field(default_factory=set)
    shares: list[ShareChange] = field(default_factory=list)
    frame: pd.DataFrame | None = None
    runs: int = 0

    def sign(self, *plans: PilotFile) -> Story:
        self.signed |= {pilot_hash(one) for one in plans}
        return self

    def share(self, share: float, under: PilotFile) -> Story:
        number = len(self.shares) + 1
        self.shares.append(
            ShareChange(under.pilot_id, share, pilot_hash(under), NOW, "Ada Moreno", "support lead", "Go.", number)
        )
        return self

    def run(self, on_file: PilotFile | None) -> pd.DataFrame:
        as_of = MONDAY + pd.Timedelta(days=self.runs)
        self.runs += 1
        self.frame = plan_versions(
            on_file, self.frame, self._state, lambda name: [one for one in self.shares if one.pilot_id == name], as_of
        )
        return self.frame

    def _state(self, digest: str) -> SignOffState:
        done = digest in self.signed
        signature = Signature(
            "support lead", None if digest == pilot_hash(SECOND) else "Ada Moreno", "1", NOW, None, "e", 1
        )
        return SignOffState(
            "pilot", digest, ("support lead",) if done else (), () if done else ("support lead",),
            (signature,) if done else (), True,
        )  # fmt: skip


def test_a_version_says_what_it_is_and_when():
    (row,) = Story().sign(FIRST).run(FIRST).to_dict("records")
    assert list(row) == list(PLAN)
    assert (row["pilot_id"], row["pilot_hash"], row["is_current"], row["is_signed"]) == (
        "spring", pilot_hash(FIRST), True, True,
    )  # fmt: skip
    assert PilotFile.model_validate_json(row["content"]) == FIRST
    assert (row["signed_by"], row["missing_roles"]) == (["Ada Moreno"], [])
    assert row["shadow_start"] == pd.Timestamp("2026-03-02", tz="UTC")
    assert row["rollout_start"] == pd.Timestamp("2026-03-16", tz="UTC")
    assert row["rollout_end"] == pd.Timestamp("2026-04-13", tz="UTC")
    assert (row["settle_days"], row["resolution_kind"]) == (7, "confirmed")
    assert row["registered_hash"] == pilot_hash(FIRST)
    assert pd.isna(row["share_now"])


def test_a_desk_without_a_plan_has_an_empty_frame_of_the_same_types():
    nothing, something = Story().run(None), Story().run(FIRST)
    assert nothing.empty
    assert dict(nothing.dtypes) == dict(something.dtypes)
    assert plan_problem(nothing) is None
    assert registered_plan(nothing) is None


def test_versions_are_kept_with_the_day_they_were_first_seen_and_one_is_current():
    story = Story()
    for on_file in (FIRST, SECOND, SECOND, FIRST, None):
        frame = story.run(on_file)
        current = None if on_file is None else pilot_hash(on_file)
        assert frame.loc[frame["is_current"], "pilot_hash"].tolist() == ([] if current is None else [current])
    assert frame["pilot_hash"].tolist() == [pilot_hash(FIRST), pilot_hash(SECOND)]
    assert frame["first_seen_as_of"].tolist() == [MONDAY, MONDAY + pd.Timedelta(days=1)]
    assert set(frame["as_of"]) == {MONDAY + pd.Timedelta(days=4)}


def test_an_unsigned_plan_says_who_must_sign_and_judges_nothing():
    frame = Story().run(FIRST)
    assert plan_problem(frame) == "pilot.yaml is not signed; missing: support lead. Sign it: understudy sign-off pilot"
    assert registered_plan(frame) is None
    assert frame["registered_hash"].isna().all()


def test_a_signed_plan_is_registered():
    frame = Story().sign(FIRST).run(FIRST)
    assert plan_problem(frame) is None
    assert registered_plan(frame) == FIRST


def test_a_plan_changed_after_signing_is_one_sentence_with_what_changed():
    story = Story().sign(FIRST)
    story.run(FIRST)
    problem = plan_problem(frame := story.run(SECOND))
    assert problem is not None
    assert "\n" not in problem
    assert problem.startswith("pilot.yaml was changed after it was signed")
    assert f"signed {pilot_hash(FIRST)[:12]}, now {pilot_hash(SECOND)[:12]}" in problem
    assert "alpha: 0.05 -> 0.04, rollout_share: 0.15 -> 0.2" in problem
    assert registered_plan(frame) is None


def test_before_the_rollout_a_changed_plan_may_be_signed_again_or_put_back():
    story = Story().sign(FIRST)
    story.run(FIRST)
    story.run(SECOND)
    frame = story.run(FIRST)
    assert (plan_problem(frame), registered_plan(frame)) == (None, FIRST)
    frame = story.sign(SECOND).run(SECOND)
    assert (plan_problem(frame), registered_plan(frame)) == (None, SECOND)
    assert frame.set_index("pilot_hash").at[pilot_hash(SECOND), "signed_by"] == ["an erased person"]


def test_once_the_rollout_runs_another_plan_is_refused_even_signed():
    story = Story().sign(FIRST, SECOND)
    story.run(FIRST)
    story.share(0.15, FIRST)
    frame = story.run(SECOND)
    problem = plan_problem(frame)
    assert problem is not None
    assert "\n" not in problem
    assert f"after the rollout of 'spring' began under the plan {pilot_hash(FIRST)[:12]}" in problem
    assert "rollout_share: 0.15 -> 0.2" in problem
    assert "register the new one under another pilot_id" in problem
    assert registered_plan(frame) is None
    assert set(frame["registered_hash"]) == {pilot_hash(FIRST)}
    back = story.run(FIRST)
    assert (plan_problem(back), registered_plan(back)) == (None, FIRST)


def test_a_stop_and_a_new_beginning_do_not_free_the_plan():
    story = Story().sign(FIRST, SECOND).share(0.15, FIRST).share(0, FIRST)
    frame = story.run(SECOND)
    assert "Put the registered plan back" in str(plan_problem(frame))
    assert frame["share_now"].tolist() == [0]
    assert registered_hash(story.shares) == pilot_hash(FIRST)


def test_a_stop_before_anything_ran_registers_nothing_and_is_no_share():
    story = Story().sign(FIRST, SECOND).share(0, FIRST)
    frame = story.run(SECOND)
    assert registered_hash(story.shares) is None
    assert (plan_problem(frame), registered_plan(frame)) == (None, SECOND)
    assert frame["share_now"].isna().all()


def test_a_registered_plan_that_was_never_on_file_is_named_by_its_hash_alone():
    frame = Story().sign(SECOND).share(0.15, FIRST).run(SECOND)
    problem = plan_problem(frame)
    assert problem is not None
    assert f"(now {pilot_hash(SECOND)[:12]})" in problem


def test_another_pilot_is_free():
    story = Story().sign(FIRST).share(0.15, FIRST)
    story.run(FIRST)
    other = plan(pilot_id="summer", start="2026-06-01")
    frame = story.run(other)
    assert "not signed" in str(plan_problem(frame))
    frame = story.sign(other).run(other)
    assert (plan_problem(frame), registered_plan(frame)) == (None, other)
    by_name = frame.set_index("pilot_id")["share_now"]
    assert by_name["spring"] == 0.15
    assert pd.isna(by_name["summer"])


def test_changes_are_named_by_their_path():
    after = plan(
        categories={"ids": ["login"]},
        safety={"rules": [{"metric": "answer_incorrect_rate", "limit": 0.1}]},
        baselines=[
            {"metric": "resolution_rate", "kind": "confirmed", "numerator": 7, "denominator": 10,
             "window_start": "2026-01-01", "window_end": "2026-02-01"}
        ],
    )  # fmt: skip
    found = plan_changes(FIRST, after)
    assert "categories.ids: [] -> ['login']" in found
    assert "safety.rules[0].limit: 0.05 -> 0.1" in found
    assert "safety.rules[1].metric: missed_escalation_rate -> nothing" in found
    assert "baselines[0].numerator: nothing -> 7.0" in found
    assert plan_changes(FIRST, plan()) == []
