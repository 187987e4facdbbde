"""Thresholds, the wording of replies, and what only people can decide."""

import pytest

from assets.retrain_agent import frames
from assets.retrain_agent.fixes.proposal import EDIT_ENTRY, NOTE, REPLY_STYLE, THRESHOLD, Proposal
from tests.assets.retrain_agent.fixes.small_patterns import AS_OF, entry, failure, material, pattern, proposed

SHORT = "On the login page choose Forgot password; the link in the mail works once and for sixty minutes."
LONG = entry(
    "reset", "passwords", "How do I reset my password?", f"{SHORT} Read all remarks about the link before you go on, please.",
)  # fmt: skip


def row_of(failures: list[dict], failure_type: str, right: list[dict] = (), **more) -> dict:  # type: ignore[assignment]
    desk = material([LONG], [*failures, *right])
    (row,) = proposed([pattern(failure_type, failures, **more)], failures, desk, right).to_dict("records")
    return row


def test_an_entry_is_shortened_to_what_people_said_in_fewer_words():
    failures = [
        failure(n, f"Forgot my password {n}", said_reason="too_long", right_answer=SHORT, reply=LONG["answer"])
        for n in range(3)
    ]

    row = row_of(failures, frames.TONE_OR_LENGTH, entry_id="reset")

    assert row["kind"] == EDIT_ENTRY
    assert Proposal.from_json(row["proposal"]).entries[0].answer == SHORT


def test_a_limit_of_words_is_proposed_where_it_tells_long_replies_from_good_ones():
    failures = [failure(n, f"Question {n}", said_reason="too_long", reply="word " * (120 + n)) for n in range(4)]
    fine = [failure(100 + n, f"Other {n}", reply="word " * (40 + n)) for n in range(6)]

    row = row_of(failures, frames.TONE_OR_LENGTH, fine)

    assert row["kind"] == REPLY_STYLE
    assert Proposal.from_json(row["proposal"]).settings == {"reply.max_words": 119}


def test_no_limit_where_good_replies_are_as_long():
    failures = [failure(n, f"Question {n}", said_reason="too_long", reply="word " * (50 + n)) for n in range(4)]
    fine = [failure(100 + n, f"Other {n}", reply="word " * (50 + n)) for n in range(6)]

    assert row_of(failures, frames.TONE_OR_LENGTH, fine)["kind"] == NOTE


def held(reason: str, count: int = 3, **more) -> list[dict]:
    return [
        failure(n, f"Question {n}", action="draft", category_id="passwords", handoff_reason=reason, **more)
        for n in range(count)
    ]


def judged(right: int, wrong: int) -> tuple[list[dict], list[dict]]:
    fine = [failure(100 + n, f"Fine {n}", action="draft", category_id="passwords") for n in range(right)]
    bad = [
        failure(300 + n, f"Bad {n}", action="answer", category_id="passwords", said_reason="wrong_answer")
        for n in range(wrong)
    ]
    return fine, bad


@pytest.mark.parametrize(("right", "wrong", "kind"), [(60, 0, THRESHOLD), (60, 9, NOTE), (5, 0, NOTE)])
def test_a_higher_risk_is_proposed_only_where_judged_answers_bear_it(right: int, wrong: int, kind: str):
    failures = held("Less sure than 5 % risk allows.")
    fine, bad = judged(right, wrong)
    desk = material([LONG], [*failures, *fine, *bad])
    found = pattern(frames.NEEDLESS_ESCALATION, failures, category_id="passwords")

    (row,) = proposed([found], [*failures, *bad], desk, fine).to_dict("records")

    assert row["kind"] == kind
    if kind == THRESHOLD:
        assert Proposal.from_json(row["proposal"]).settings == {"confidence.categories.passwords.risk": 0.1}


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("Passwords always goes to a person", "bucket"),
        ("The customer writes de and the entry is in en; nothing is translated.", "language"),
        ("Which of a, b holds depends on sso, which the context does not say", "clarify"),
    ],
)
def test_what_no_fix_can_decide_is_said(reason: str, word: str):
    row = row_of(held(reason), frames.NEEDLESS_ESCALATION, category_id="passwords")

    assert row["kind"] == NOTE
    assert word in row["why"]


def test_unexplained_failures_ask_to_be_read():
    row = row_of(held("?"), frames.UNEXPLAINED)

    assert (row["kind"], row["proposed_as_of"], row["status"]) == (NOTE, AS_OF, "open")


def test_the_same_pattern_gives_the_same_fix_and_a_gone_one_none():
    failures = [failure(n, f"Forgot my password {n}", right_answer=SHORT) for n in range(3)]
    found = pattern(frames.TONE_OR_LENGTH, failures, entry_id="reset")
    desk = material([LONG], failures)

    first, second = proposed([found], failures, desk), proposed([found], failures[::-1], desk)

    assert first["fix_id"].tolist() == second["fix_id"].tolist()
    assert first["score"].tolist() == [pytest.approx(3 * 0.8)]
    assert proposed([{**found, "status": "gone"}], failures, desk).empty


def test_the_present_has_a_time_zone():
    from assets.pilot_agent.answers.frames import frame_of
    from assets.retrain_agent.fixes.propose_fixes import propose_fixes
    from tests.assets.retrain_agent.fixes.small_patterns import encode
    from tests.behaviors import behavior

    nothing = [frame_of([], columns) for columns in (frames.PATTERN, frames.FAILURE, frames.CASE)]
    with pytest.raises(ValueError, match="time zone"):
        propose_fixes(*nothing, material([LONG]), behavior(), encode, AS_OF.tz_localize(None))
    assert propose_fixes(*nothing, material([LONG]), behavior(), encode, AS_OF).empty
