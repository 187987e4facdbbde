"""The walk must not see the future: what is written later is not learnt, and what carries no date never is."""

import numpy as np
import pandas as pd
import pytest

from assets.configure_behavior.confidence.evidence import Evidence
from benchmarks.compounding import coverage_in_hindsight, paired_gain, shares_of, with_places
from benchmarks.compounding_permission import decide, permit
from benchmarks.compounding_walk import FROZEN, LEARNING, Asked, forum_of, knowledge_at, lessons_of, walk
from tests.assets.build_knowledge.retrieval.shop_desk import HOST, at, encode, sections, tickets_and_comments

MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04")
CUT = at("2026-03-01")


def shop(late=None, **undated):
    """The bicycle shop's forum; ``late`` comments added, ``undated`` columns written to tickets and comments."""
    tickets, comments = of_half(*tickets_and_comments(MONTHS))
    if late is not None:
        comments = pd.concat([comments, late], ignore_index=True)
    return forum_of(tickets.assign(**undated), comments.assign(**undated), sections())


def of_half(tickets, comments):
    """Every other ticket: eight a subject and month are enough."""
    kept = tickets[tickets["ticket_id"].str[-1].isin(["0", "1"])]
    return kept, comments[comments["ticket_id"].isin(kept["ticket_id"])]


def links_to_refund(written_at):
    """A helper sends every January ticket to the wrong article."""
    _, comments = of_half(*tickets_and_comments(("2026-01",)))
    replies = comments[comments["author_role"] == "staff"]
    return replies.assign(created_at=written_at, text=f"Rather see {HOST}/kb/refund")


def test_a_link_is_learnt_once_it_was_written_and_not_before():
    moment_before, moment_after = CUT - pd.Timedelta(seconds=1), CUT
    plain = knowledge_at(shop(), CUT).history
    assert knowledge_at(shop(links_to_refund(moment_after)), CUT).history.equals(plain)
    taught = knowledge_at(shop(links_to_refund(moment_before)), CUT).history
    assert len(taught) > len(plain)
    assert len(knowledge_at(shop(links_to_refund(moment_after)), at("2026-04-01")).history) > 32 * 3


def test_thresholds_too_are_judged_by_links_written_before_the_moment():
    late = shop(links_to_refund(CUT))
    assert late.links(CUT) == shop().links(CUT)
    assert late.links(at("2026-04-01")) != shop().links(at("2026-04-01"))
    with pytest.raises(ValueError, match="had not been asked"):
        permit(CUT, [asked(0, CUT, is_right=True)], {"t0": {"a"}}, 0.1, 0.95)


def asked(number, created_at, is_right):
    """A ticket that the agent is sure of."""
    evidence = Evidence("a", 0.9, 0.5, -0.8, False, "a", "a", 0.9, 0.05, 0.8, 0.7, False)
    return Asked(f"t{number}", "p", created_at, frozenset("a" if is_right else "b"), evidence, 1.0)


def test_a_record_of_mistakes_permits_less():
    record = [asked(number, at("2026-01-01") + pd.Timedelta(hours=number), is_right=True) for number in range(200)]
    known = {"all right": {one.ticket_id: {"a"} for one in record}}
    known["half wrong"] = known["all right"] | {one.ticket_id: {"b"} for one in record[::2]}
    known["not judged"] = {}
    allowed = {}
    for name, links in known.items():
        found = permit(CUT, record, links, 0.1, 0.95)
        allowed[name] = [found.allows(record[0].evidence, at_least) for at_least in (found.estimated, found.certified)]
    assert allowed == {"all right": [True, True], "half wrong": [False, False], "not judged": [False, False]}


def test_acceptance_has_no_date_and_teaches_nothing_before_the_last_comment_or_after():
    plain = shop()
    # The last comments were written in January and February, and in March: before the first moment, and after it.
    for accepted in (shop(is_solution=True, status="solved"), shop(is_solution=False, status="open")):
        for moment in (CUT, at("2026-03-07")):
            known, expected = knowledge_at(accepted, moment), knowledge_at(plain, moment)
            assert known.history.equals(expected.history)
            assert known.asked.equals(expected.asked)


def test_a_month_is_asked_what_came_in_it_and_knows_only_what_came_before():
    known = knowledge_at(shop(), CUT)
    assert set(known.asked["created_at"].dt.strftime("%Y-%m")) == {"2026-03"}
    assert known.history["answered_at"].max() < CUT
    assert not set(known.asked["ticket_id"]) & set(known.history["ticket_id"])


def test_a_ticket_with_several_links_teaches_the_one_written_first():
    history = pd.DataFrame(
        [("t1", "late", at("2026-01-03")), ("t1", "early", at("2026-01-02")), ("t2", "rare", at("2026-01-02")),
         ("t2", "often", at("2026-01-02")), ("t3", "often", at("2026-01-02"))],
        columns=["ticket_id", "entry_id", "answered_at"],
    ).assign(message=0)  # fmt: skip
    history = pd.concat([history, *[history.iloc[[3]].assign(entry_id="rare", message=number) for number in (1, 2)]])
    assert lessons_of(history)["entry_id"].tolist() == ["early", "often", "often"]


@pytest.fixture(scope="module")
def walked():
    return walk_shop(shop())


def walk_shop(forum):
    months = list(walk(forum, at("2026-02-01"), at("2026-03-01"), at("2026-05-01"), encode))
    return decide(months, forum.links, 0.1, 0.95)


def test_one_agent_goes_on_learning_and_the_other_stops(walked):
    known = walked.months.pivot(index="month", columns="agent", values="tickets_known")
    assert known[FROZEN].tolist() == [64, 64]
    assert known[LEARNING].tolist() == [64, 96]
    march = walked.answers[walked.answers["month"] == "2026-03"]
    one, other = (
        march[march["agent"] == name].drop(columns="agent").reset_index(drop=True) for name in (LEARNING, FROZEN)
    )
    assert one.equals(other)


def test_a_link_of_late_march_changes_no_answer_but_those_of_the_learning_agent_in_april(walked):
    poisoned = walk_shop(shop(links_to_refund(at("2026-03-31"))))
    before, after = (one.answers.set_index(["agent", "month"]).sort_index() for one in (walked, poisoned))
    for unchanged in ((LEARNING, "2026-03"), (FROZEN, "2026-03"), (FROZEN, "2026-04")):
        assert before.loc[[unchanged]].equals(after.loc[[unchanged]])
    assert not before.loc[[(LEARNING, "2026-04")]].equals(after.loc[[(LEARNING, "2026-04")]])


def answers(learning, frozen, requesters):
    rows = [
        (agent, f"t{number}", requester, right)
        for agent, side in ((LEARNING, learning), (FROZEN, frozen))
        for number, (right, requester) in enumerate(zip(side, requesters, strict=True))
    ]
    return pd.DataFrame(rows, columns=["agent", "ticket_id", "requester_id", "right"])


def test_the_gain_is_paired_and_one_requester_is_one_draw():
    learning, frozen = [True] * 30 + [False] * 10, [True] * 20 + [False] * 20
    many = [f"p{n}" for n in range(40)]
    value, low, high = paired_gain(answers(learning, frozen, many), "right")
    assert value == pytest.approx(0.25)
    assert 0 < low < value < high
    # The ten tickets gained are one person's: without that person nothing is gained.
    few = [*many[:20], *["the same"] * 10, *many[30:]]
    assert paired_gain(answers(learning, frozen, few), "right")[1] == 0


def test_agents_that_were_asked_different_tickets_are_not_compared():
    frame = answers([True, False], [True, False], ["p0", "p1"])
    with pytest.raises(ValueError, match="the same tickets"):
        paired_gain(frame.iloc[:3], "right")


def test_shares_count_wrong_among_answered_only(walked):
    mine = with_places(walked.answers[walked.answers["agent"] == LEARNING])
    found = shares_of(mine.assign(is_answered=np.arange(len(mine)) < 20, is_first_right=np.arange(len(mine)) % 4 > 0))
    assert (found["answered"], found["answered_wrong"], found["wrong"]) == (20, 5, 0.25)
    assert found["coverage"] == pytest.approx(20 / 64, abs=1e-4)
    nothing = shares_of(mine.assign(is_answered=False))
    assert nothing["wrong"] is None
    assert nothing["coverage"] == 0


def test_hindsight_answers_the_surest_as_long_as_few_are_wrong():
    frame = pd.DataFrame(
        {
            "confidence": [0.9] * 10 + [0.8] * 2 + [0.7] * 8,
            "is_first_right": [True] * 9 + [False] + [True, False] + [True] * 8,
            "may_answer": [True] * 19 + [False],
        }
    )
    assert coverage_in_hindsight(frame) == 10 / 20
    assert coverage_in_hindsight(frame, risk=0.11) == 19 / 20
    assert coverage_in_hindsight(frame, risk=0.05) == 0
