"""Fixes that people accept or reject: change ids in the order of acceptance, one event a fix, and words that can go."""

import datetime as dt
import threading

import pytest

from desk.entry import content_hash
from ledger.corrections import category_corrections
from ledger.erasure import erase_actor, erase_payload
from ledger.errors import FixError, SignOffError
from ledger.fixes import FixDecidedError, FixToAccept, accept_fix, change_id_of, fix_decisions, reject_fix
from ledger.knowledge import EntryAcceptance, accepted_entries
from ledger.store import open_ledger
from ledger.verification import verify
from tests.ledger.conftest import START

WHO = {"by": "Mira Okafor", "role": "knowledge owner", "occurred_at": START, "known_roles": ["knowledge owner"]}
REST = {"conditions": {}, "phrasings": [], "category": "login", "valid_from": None, "valid_until": None}
ENTRY = EntryAcceptance("reset", {"question": "How?", "answer": "So.", **REST}, dt.date(2027, 1, 1))
HASH = content_hash(question="How?", answer="So.", conditions={}, phrasings=[], category="login")


def fix(number: int, **changes) -> FixToAccept:
    fields = {
        "fix_id": f"{number:016x}", "kind": "edit_entry", "title": f"Fix {number}", "proposal": f'{{"n": {number}}}',
        "pattern_id": "p1", "category_ids": ("login",), "source_ticket_ids": ("zd:1",), "target_ticket_ids": ("zd:2",),
    }  # fmt: skip
    return FixToAccept(**{**fields, **changes})


def test_an_accepted_fix_is_a_change_with_the_next_id_and_its_entries_are_signed(ledger):
    accept_fix(ledger, fix(1), entries=[ENTRY], note=" as discussed ", **WHO)
    second = accept_fix(ledger, fix(2, kind="category_examples", labels=(("zd:7", "login"),)), **WHO)
    assert change_id_of(second) == "C-002"
    found = fix_decisions(ledger).set_index("fix_id")
    one = found.loc[fix(1).fix_id]
    assert (one["status"], one["change_id"], one["decided_by"], one["note"]) == (
        "accepted", "C-001", "Mira Okafor", "as discussed",
    )  # fmt: skip
    assert (one["entry_ids"], one["entry_hashes"], one["category_ids"]) == (["reset"], [HASH], ["login"])
    assert (one["proposal"], one["source_ticket_ids"], one["is_urgent"]) == ('{"n": 1}', ["zd:1"], False)
    assert accepted_entries(ledger)[["entry_id", "content_hash", "note"]].values.tolist() == [
        ["reset", HASH, "as discussed"]
    ]
    assert found.loc[fix(2).fix_id, "labelled_ticket_ids"] == ["zd:7"]
    assert category_corrections(ledger)[["ticket_id", "category_id", "change_id"]].values.tolist() == [
        ["zd:7", "login", "C-002"]
    ]
    assert str(found["decided_at"].dtype) == "datetime64[us, UTC]"
    assert verify(ledger).first_break is None


def test_the_same_fix_twice_is_one_event_and_another_wording_is_refused(ledger):
    first = accept_fix(ledger, fix(1), entries=[ENTRY], **WHO)
    head = ledger.head()
    again = accept_fix(ledger, fix(1), entries=[ENTRY], **{**WHO, "by": "Ada Moreno"})
    assert again == first
    with pytest.raises(
        FixDecidedError, match="Mira Okafor has accepted this fix already, in another wording: it is change C-001"
    ) as refused:
        accept_fix(ledger, fix(1, proposal="{}"), **WHO)
    assert refused.value.change_id == "C-001"
    assert ledger.head() == head


def test_a_refused_acceptance_leaves_no_half_event(ledger):
    twice = fix(1, labels=(("zd:7", "login"), ("zd:7", "billing")))
    with pytest.raises(FixError, match="zd:7 is given two categories"):
        accept_fix(ledger, twice, entries=[ENTRY], **WHO)
    with pytest.raises(SignOffError, match="not a role that signs this fix"):
        accept_fix(ledger, fix(1), entries=[ENTRY], **{**WHO, "role": "visitor"})
    with pytest.raises(SignOffError):
        accept_fix(ledger, fix(1), **{**WHO, "by": " "})
    assert ledger.head().sequence == 0


def test_two_people_at_once_never_get_the_same_change_id(location):
    found, problems = [], []

    def work(number: int) -> None:
        try:
            with open_ledger(location) as mine:
                found.append(change_id_of(accept_fix(mine, fix(number % 6), **WHO)))
        except Exception as problem:
            problems.append(problem)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert problems == []
    assert sorted(set(found)) == [f"C-{number:03d}" for number in range(1, 7)], "six fixes, each accepted by two"
    with open_ledger(location) as ledger:
        assert fix_decisions(ledger)["change_id"].tolist() == sorted(set(found))


def test_the_latest_word_counts_but_an_accepted_fix_is_not_rejected_any_more(ledger):
    head = reject_fix(ledger, fix(1).fix_id, reason=" We  say it on purpose. ", **WHO)
    assert reject_fix(ledger, fix(1).fix_id, reason="We say it on purpose.", **WHO) == head
    row = fix_decisions(ledger).iloc[0]
    assert (row["status"], row["note"], row["category_ids"]) == ("rejected", "We say it on purpose.", [])
    accept_fix(ledger, fix(1), **WHO)
    assert fix_decisions(ledger)["status"].tolist() == ["accepted"]
    with pytest.raises(FixDecidedError, match=r"it is change C-001. To undo a change, roll the release back, or edit"):
        reject_fix(ledger, fix(1).fix_id, reason="No.", **WHO)
    assert fix_decisions(ledger)["status"].tolist() == ["accepted"]


def test_a_rejection_needs_a_reason_and_a_role(ledger):
    with pytest.raises(FixError, match="A reason is needed"):
        reject_fix(ledger, fix(1).fix_id, reason=" ", **WHO)
    with pytest.raises(SignOffError):
        reject_fix(ledger, fix(1).fix_id, reason="No.", **{**WHO, "role": "visitor"})
    assert fix_decisions(ledger).empty


def test_erased_words_leave_the_decision_and_the_change_id(ledger):
    event = accept_fix(ledger, fix(1), **WHO)
    who = {"by": "Ada Moreno", "role": "admin", "occurred_at": START}
    erase_payload(ledger, event.payload_digest, **who)
    erase_actor(ledger, "Mira Okafor", **who)
    row = fix_decisions(ledger).iloc[0]
    assert (row["status"], row["change_id"], row["source_ticket_ids"]) == ("accepted", "C-001", [])
    assert fix_decisions(ledger)[["proposal", "decided_by", "title"]].isna().all(axis=None)
    assert accept_fix(ledger, fix(1), **WHO) == event, "what is not known any more cannot contradict"
    assert change_id_of(accept_fix(ledger, fix(2), **WHO)) == "C-002"
