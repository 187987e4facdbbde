"""Who may decide about a fix, and what a person makes of a proposal before it is accepted."""

from __future__ import annotations

import dataclasses

import pytest

from assets.retrain_agent.fixes.proposal import Proposal
from desk.loading import load_desk
from service.console.fixes.deciding import WrongEntries, edited_proposal, refusal
from service.console.fixes.detail import read_fix
from service.identity.account import Account, Role
from service.service import Service
from tests.orchestration.pilot_lakes import ledger_of
from tests.service.console.fixes.fixes_desk import FIXES, LABELS, STALE, fixes_desk

TRIGGER = Proposal(settings={"reply.max_words": 120})
BOTH = dataclasses.replace(STALE, settings={"reply.max_words": 120})
OWNER = Account("a1", "ida", "Ida Brandt", frozenset({Role.KNOWLEDGE_OWNER}), ("knowledge owner",))
APPROVER = Account("a2", "tomas", "Tomas Reyl", frozenset({Role.APPROVER}), ("support lead",))
LEAD = Account("a3", "ada", "Ada Moreno", frozenset(Role), ("support lead",))
KNOWLEDGE, BEHAVIOR = ["knowledge owner", "support lead"], ["support lead"]


@pytest.mark.parametrize(
    ("account", "proposal", "known", "may"),
    [
        (OWNER, STALE, KNOWLEDGE, True), (OWNER, LABELS, KNOWLEDGE, True), (OWNER, TRIGGER, BEHAVIOR, False),
        (OWNER, Proposal(), KNOWLEDGE, True), (APPROVER, STALE, KNOWLEDGE, False), (APPROVER, TRIGGER, BEHAVIOR, True),
        (APPROVER, BOTH, BEHAVIOR, False), (OWNER, BOTH, BEHAVIOR, False), (LEAD, BOTH, BEHAVIOR, True), (LEAD, BOTH, [], False),
    ],
)  # fmt: skip
def test_knowledge_is_its_owner_s_and_behavior_is_who_signs_it(account, proposal, known, may):
    said = refusal(account, known, proposal)
    assert (said is None) == may
    assert may or said


@pytest.fixture
def view(tmp_path):
    folder = fixes_desk(tmp_path)
    with ledger_of(folder) as ledger:
        service = Service(folder, load_desk(folder).settings.service, ledger, None, None)
        yield service.desk, read_fix(service, FIXES["stale"])


def values(**changes):
    return {
        "category": "billing", "question": "Where are my invoices?", "answer": "At pay.example.", "conditions": {"plan": ["pro"]},
        "phrasings": ["invoice please"], "owner": "Noor Haddad", "review_by": None, "valid_from": None, "valid_until": None,
        **changes,
    }  # fmt: skip


def test_what_a_person_wrote_takes_the_place_of_what_was_proposed(view):
    desk, found = view
    edited = edited_proposal(desk, found.fix.proposal, found.edits, [values()])
    [entry] = edited.entries
    assert (entry.question, entry.answer, entry.conditions, entry.phrasings, entry.owner) == (
        "Where are my invoices?", "At pay.example.", {"plan": ["pro"]}, ["invoice please"], "Noor Haddad",
    )  # fmt: skip
    assert (entry.entry_id, entry.base_hash, entry.sources) == (
        STALE.entries[0].entry_id, STALE.entries[0].base_hash, STALE.entries[0].sources,
    )  # fmt: skip


def test_a_mistake_is_said_of_its_entry_and_field(view):
    desk, found = view
    with pytest.raises(WrongEntries) as problem:
        edited_proposal(desk, found.fix.proposal, found.edits, [values(answer="", category="nowhere")])
    assert set(problem.value.by_entry) == {0}
    assert "answer" in problem.value.by_entry[0]


def test_labels_that_were_taken_out_stay_out(view):
    desk, _ = view
    assert [one.ticket_id for one in edited_proposal(desk, LABELS, (), None, {"zd:1"}).labels] == ["zd:2"]
    assert edited_proposal(desk, LABELS, (), None) == LABELS
