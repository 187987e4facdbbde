"""How many answers are tagged, which wait, and whether two people agree."""

from __future__ import annotations

import pandas as pd
import pytest

from assets.pilot_agent.answers.reviewer_agreement import reviewer_agreement
from assets.pilot_agent.answers.tag_coverage import CUTS, tag_coverage, untagged_answers
from tests.assets.pilot_agent.answers.review_frames import MONDAY, answer, answers, review, reviews

ANSWERS = answers(
    answer("a1"),
    answer("a2", category_id=None, action="escalate", reply=None),
    answer("a3", mode="rollout", asked_at=MONDAY + pd.Timedelta(days=7)),
    answer("a4", mode="rollout", category_id="billing", asked_at=MONDAY + pd.Timedelta(days=8)),
    answer("a5", mode="control"),
)
SAID = reviews(
    review("a1"), review("a1", "incorrect", "Ada Moreno"), review("a3", None, decision="approve"),
    review("a4", is_current=False), review("a5"),
)  # fmt: skip


def rate(frame: pd.DataFrame, cut: str, **where: object) -> tuple[int, int]:
    part = frame[frame["cut"] == cut]
    for name, value in where.items():
        part = part[part[name].isna() if value is None else part[name] == value]
    ((numerator, denominator),) = part[["numerator", "denominator"]].to_numpy().tolist()
    return numerator, denominator


def test_every_answer_but_the_control_arms_is_to_be_tagged_once():
    frame = tag_coverage(ANSWERS, SAID)
    assert rate(frame, "all") == (1, 4), (
        "two tags are one answer; an approval, a replaced tag and control count nothing"
    )
    assert rate(frame, "mode", mode="shadow") == (1, 2)
    assert rate(frame, "mode", mode="rollout") == (0, 2)
    assert rate(frame, "mode category_id", mode="shadow", category_id=None) == (0, 1), "handing over is judged too"
    assert rate(frame, "mode week", mode="rollout", week=pd.Timestamp("2026-03-09", tz="UTC")) == (0, 2)
    for cut in CUTS:
        assert frame.loc[frame["cut"] == (" ".join(cut) or "all"), "denominator"].sum() == 4, "each cut holds them all"


def test_the_interval_is_wilsons_and_knows_that_one_requester_is_one():
    many = answers(*(answer(f"a{number}") for number in range(1, 11)))
    said = reviews(*(review(f"a{number}") for number in range(1, 6)))
    row = tag_coverage(many, said, [()]).iloc[0]
    # Plain Wilson of 5 in 10; ten requesters leave some doubt about the design effect, so it is a little wider.
    assert (row["low"], row["high"]) == pytest.approx((0.2366, 0.7634), abs=0.04)
    of_one = many.assign(requester_id=["p1"] * 9 + ["p2"])
    wide = tag_coverage(of_one, said, [()]).iloc[0]
    assert wide["high"] - wide["low"] > row["high"] - row["low"]
    nobody = many.assign(requester_id=pd.Series([None] * 10, dtype="string"))
    assert tag_coverage(nobody, said, [()]).iloc[0]["count_requesters"] == 10


def test_the_longest_waiting_comes_first_and_nothing_is_no_failure():
    assert untagged_answers(ANSWERS, SAID)["answer_id"].tolist() == ["a2", "a3", "a4"]
    empty = tag_coverage(answers(), reviews())
    assert empty.empty
    assert dict(empty.dtypes) == dict(tag_coverage(ANSWERS, SAID).dtypes)


def test_agreement_of_every_pair_that_tagged_the_same():
    said = []
    for number in range(1, 9):
        said += [review(f"a{number}", "correct" if number < 5 else "incorrect", "Noor Haddad")]
        said += [review(f"a{number}", "correct" if number < 6 else "incorrect", "Ada Moreno")]
    said += [review("a1", "correct", "Ines Falk"), review("a1", "incorrect", "Ines Falk", is_current=False)]
    frame, sentences = reviewer_agreement(reviews(*said))
    top = frame.iloc[0]
    assert (top["first"], top["second"], top["count_answers"]) == ("Ada Moreno", "Noor Haddad", 8)
    # 7 of 8 alike; by habit 5/8 x 4/8 + 3/8 x 4/8 = 0.5.
    assert top["observed"] == pytest.approx(0.875)
    assert top["kappa"] == pytest.approx(0.75)
    assert frame["count_answers"].tolist() == [8, 1, 1]
    assert sentences[0].startswith("Ada Moreno and Noor Haddad: 8 answers")
    assert "kappa says nothing" in sentences[1]


def test_no_answer_tagged_twice_is_said():
    frame, (sentence,) = reviewer_agreement(reviews(review("a1"), review("a2", by="Ada Moreno")))
    assert frame.empty
    assert "tagged by two" in sentence
