"""One reviewer, and two at once, at the queue: over a real ledger and real claims."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.errors import LedgerError
from ledger.given_reviews import ReviewedMeanwhileError
from ledger.store import Ledger
from service.console.answers.filters import Filters
from service.console.answers.judging import Judgement
from service.console.answers.sitting import READING, BeforeSomebodyElse, NotBeforeYou, NothingToUndo, Sitting
from service.console.claims import Claims
from tests.orchestration.pilot_lakes import ledger_of
from tests.service.console.answer_desks import (
    ADA,
    NOOR,
    READER,
    Clock,
    review_desk,
    say_so,
    sitting_of,
    stands,
    take_back,
)

CORRECT = Judgement("correct")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return review_desk(tmp_path)


@pytest.fixture
def ledger(desk: Path) -> Iterator[Ledger]:
    with ledger_of(desk) as opened:
        yield opened


def shown(sitting: Sitting) -> str | None:
    return None if sitting.shown is None else sitting.shown.answer_id


def at_once(desk: Path, ledger: Ledger) -> tuple[Sitting, Sitting, Clock]:
    """Ada and Noor at one server."""
    clock = Clock()
    claims = Claims(dt.timedelta(minutes=5), clock)
    ada, noor = (sitting_of(desk, ledger, one, claims, clock) for one in (ADA, NOOR))
    ada.open(Filters())
    noor.open(Filters())
    return ada, noor, clock


def test_a_tag_is_in_the_ledger_at_once_and_the_next_one_comes(desk: Path, ledger: Ledger) -> None:
    sitting = sitting_of(desk, ledger)
    sitting.open(Filters())
    assert (shown(sitting), sitting.place, len(sitting.queue)) == ("a1", 0, 3)
    assert sitting.record("a1", CORRECT).is_new
    assert stands(desk, ["a1"], "Ada Moreno")["a1"].decision == "approve"
    sitting.forward()
    assert shown(sitting) == "a2"
    made = sitting.progress()
    assert (made.tagged, made.total, made.mine_today) == (1, 3, 1)


def test_a_key_for_an_answer_that_is_not_shown_any_more_is_refused(desk: Path, ledger: Ledger) -> None:
    sitting = sitting_of(desk, ledger)
    sitting.open(Filters())
    sitting.forward()
    with pytest.raises(NotBeforeYou):
        sitting.record("a1", CORRECT)
    with pytest.raises(NotBeforeYou):
        sitting.record("", CORRECT)
    assert ledger.head().sequence == 0


def test_nobody_has_read_an_answer_in_the_blink_of_an_eye(desk: Path, ledger: Ledger) -> None:
    clock = Clock()
    sitting = sitting_of(desk, ledger, clock=clock)
    sitting.open(Filters())
    clock.forward(READING.total_seconds() / 2)
    with pytest.raises(NotBeforeYou, match="slip"):
        sitting.require_shown("a1", is_read=True)
    clock.forward(READING.total_seconds() / 2)
    assert sitting.require_shown("a1", is_read=True).answer_id == "a1"


def test_two_at_once_never_have_the_same_one(desk: Path, ledger: Ledger) -> None:
    ada, noor, _ = at_once(desk, ledger)
    assert (shown(ada), shown(noor)) == ("a1", "a2")
    ada.record("a1", CORRECT)
    ada.forward()
    assert shown(ada) == "a3"
    noor.record("a2", CORRECT)
    noor.forward()
    assert shown(noor) is None
    assert (len(noor.left()), noor.others_have()) == (0, 1)


def test_one_opened_directly_says_who_has_it_and_takes_no_tag(desk: Path, ledger: Ledger) -> None:
    ada, noor, _ = at_once(desk, ledger)
    noor.go_to("a1")
    assert noor.held_by == "Ada Moreno"
    with pytest.raises(BeforeSomebodyElse, match="Ada Moreno"):
        noor.record("a1", CORRECT)
    assert ledger.head().sequence == 0
    ada.leave()
    assert noor.renew()
    assert noor.held_by is None
    assert noor.record("a1", CORRECT).is_new


def test_what_is_not_held_on_to_goes_to_others_and_is_not_tagged_twice(desk: Path, ledger: Ledger) -> None:
    ada, noor, clock = at_once(desk, ledger)
    clock.forward(301)
    noor.go_to("a1")
    assert noor.held_by is None
    with pytest.raises(BeforeSomebodyElse, match="Noor Haddad"):
        ada.record("a1", CORRECT)


def test_holding_on_to_it_keeps_it(desk: Path, ledger: Ledger) -> None:
    ada, noor, clock = at_once(desk, ledger)
    for _ in range(4):
        clock.forward(200)
        ada.renew()
    noor.go_to("a1")
    assert noor.held_by == "Ada Moreno"


def test_what_somebody_tagged_meanwhile_is_passed_over(desk: Path, ledger: Ledger) -> None:
    sitting = sitting_of(desk, ledger)
    sitting.open(Filters())
    say_so(ledger, "a2")
    sitting.forward()
    assert shown(sitting) == "a3"


def test_what_somebody_said_since_it_was_shown_is_not_spoken_over(desk: Path, ledger: Ledger) -> None:
    sitting = sitting_of(desk, ledger)
    sitting.open(Filters())
    say_so(ledger, "a1", "incorrect")
    with pytest.raises(ReviewedMeanwhileError, match="Noor Haddad") as problem:
        sitting.record("a1", CORRECT)
    assert stands(desk, ["a1"], "Ada Moreno") == {}
    sitting.has_seen("a1", [one.review_id for one in problem.value.given])
    assert sitting.record("a1", CORRECT).is_new
    assert stands(desk, ["a1"], "Ada Moreno")["a1"].tag == "correct"
    assert stands(desk, ["a1"], "Noor Haddad")["a1"].tag == "incorrect"


def test_agreeing_to_one_word_is_not_agreeing_to_the_next(desk: Path, ledger: Ledger) -> None:
    sitting = sitting_of(desk, ledger)
    sitting.open(Filters())
    say_so(ledger, "a1", "incorrect")
    with pytest.raises(ReviewedMeanwhileError) as problem:
        sitting.record("a1", CORRECT)
    say_so(ledger, "a1", "incorrect", by="Tomas Reyl")
    sitting.has_seen("a1", [one.review_id for one in problem.value.given])
    with pytest.raises(ReviewedMeanwhileError, match="Tomas Reyl"):
        sitting.record("a1", CORRECT)


def test_undo_takes_back_a_first_word_and_shows_it_again(desk: Path, ledger: Ledger) -> None:
    sitting = sitting_of(desk, ledger)
    sitting.open(Filters())
    sitting.record("a1", CORRECT)
    sitting.forward()
    assert sitting.undo().answer_id == "a1"
    assert shown(sitting) == "a1"
    assert stands(desk, ["a1"], "Ada Moreno") == {}
    with pytest.raises(NothingToUndo):
        sitting.undo()


def test_undo_restores_what_stood_before(desk: Path, ledger: Ledger) -> None:
    say_so(ledger, "a1", "incorrect", by="Ada Moreno", reason="tone", decision="reject")
    before = stands(desk, ["a1"], "Ada Moreno")["a1"]
    sitting = sitting_of(desk, ledger)
    sitting.open(Filters(who="mine"))
    done = sitting.record("a1", CORRECT)
    assert (done.before, done.review.tag) == (before, "correct")
    sitting.undo()
    assert stands(desk, ["a1"], "Ada Moreno")["a1"] == before


def test_undo_leaves_what_was_said_elsewhere_since(desk: Path, ledger: Ledger) -> None:
    sitting = sitting_of(desk, ledger)
    sitting.open(Filters())
    sitting.record("a1", CORRECT)
    say_so(ledger, "a1", "incorrect", by="Ada Moreno")
    with pytest.raises(NothingToUndo, match="something else"):
        sitting.undo()
    assert stands(desk, ["a1"], "Ada Moreno")["a1"].tag == "incorrect"


def test_saying_the_same_again_is_nothing_new_and_nothing_to_undo(desk: Path, ledger: Ledger) -> None:
    say_so(ledger, "a1", "correct", by="Ada Moreno", decision="approve")
    head = ledger.head()
    sitting = sitting_of(desk, ledger)
    sitting.open(Filters(who="mine"))
    assert not sitting.record("a1", CORRECT).is_new
    assert ledger.head() == head
    with pytest.raises(NothingToUndo):
        sitting.undo()


def test_back_and_forth_and_what_was_passed_over_comes_again(desk: Path, ledger: Ledger) -> None:
    sitting = sitting_of(desk, ledger)
    sitting.open(Filters())
    assert not sitting.back()
    sitting.forward()
    assert sitting.back()
    assert shown(sitting) == "a1"
    sitting.forward()
    sitting.record("a2", CORRECT)
    sitting.forward()
    sitting.forward()
    assert shown(sitting) is None
    assert [one.answer_id for one in sitting.left()] == ["a1", "a3"]
    sitting.forward()
    assert shown(sitting) == "a1"


def test_a_second_look_is_for_what_others_tagged_and_counts_once(desk: Path, ledger: Ledger) -> None:
    say_so(ledger, "a2", "incorrect")
    sitting = sitting_of(desk, ledger)
    sitting.open(Filters(who="second"))
    assert [one.answer_id for one in sitting.queue] == ["a2"]
    assert sitting.record("a2", CORRECT).is_new
    sitting.forward()
    assert shown(sitting) is None
    assert "1 answer" in sitting.stock.agreement()[0]


def test_an_address_of_one_answer_opens_it_whatever_the_filters(desk: Path, ledger: Ledger) -> None:
    say_so(ledger, "a2")
    sitting = sitting_of(desk, ledger)
    sitting.open(Filters(), "a2")
    assert (shown(sitting), sitting.place) == ("a2", None)
    sitting.open(Filters(), "nobody-knows")
    assert shown(sitting) == "a1"


def test_who_only_reads_holds_nothing_and_records_nothing(desk: Path, ledger: Ledger) -> None:
    clock = Clock()
    claims = Claims(dt.timedelta(minutes=5), clock)
    reader, ada = (sitting_of(desk, ledger, one, claims, clock) for one in (READER, ADA))
    reader.open(Filters())
    ada.open(Filters())
    assert (shown(reader), shown(ada)) == ("a1", "a1")
    assert ada.held_by is None
    with pytest.raises(LedgerError):
        reader.record("a1", CORRECT)


def test_figures_follow_the_ledger_without_reading_it_all(desk: Path, ledger: Ledger) -> None:
    sitting = sitting_of(desk, ledger)
    sitting.open(Filters())
    assert not sitting.stock.catch_up()
    say_so(ledger, "a2")
    assert sitting.stock.catch_up()
    assert sitting.progress().tagged == 1
    take_back(ledger, "a2")
    assert sitting.stock.catch_up()
    assert sitting.progress().tagged == 0
