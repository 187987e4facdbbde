"""What becomes of an accepted fix: released, rolled back, replaced, there again, whatever the clocks say."""

import datetime as dt

import pandas as pd
import pytest

from assets.retrain_agent.changes.changes import ReleaseContent, changes
from assets.retrain_agent.fixes.proposal import Proposal
from assets.retrain_agent.frames import CHANGE
from desk.behavior import BehaviorFile, behavior_content, behavior_hash
from ledger.fixes import FixToAccept, accept_fix, fix_decisions, reject_fix
from ledger.knowledge import EntryAcceptance
from ledger.releases import activations, record_activation
from ledger.store import Ledger, open_ledger

START = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
LEAD = {"by": "Ada Moreno", "role": "support lead", "known_roles": ["support lead"]}
REST = {"conditions": {}, "phrasings": [], "category": "login", "valid_from": None, "valid_until": None}


def entry(name: str, says: str) -> EntryAcceptance:
    return EntryAcceptance(name, {"question": name, "answer": says, **REST})


def version(one: EntryAcceptance) -> tuple[str, str]:
    name, _, content_hash = one.to_sign().subject_hash.rpartition(":")
    return name, content_hash


OLD, NEW, NEWER, OTHER = entry("reset", "old"), entry("reset", "new"), entry("reset", "newer"), entry("sso", "ask it")


def spec(max_words: int = 200, *more: dict) -> BehaviorFile:
    say = {"situation": "s", "customer": "c", "reply": "r"}
    triggers = [{"id": "legal", "reason": "Legal.", "signals": ["legal"]}, *more]
    return BehaviorFile.model_validate(
        {"persona": {"name": "Bea"}, "examples": [say] * 3, "triggers": triggers, "reply": {"max_words": max_words}}
    )


def holding(
    *entries: EntryAcceptance, behavior: BehaviorFile | None = None, corrections: tuple[str, ...] = ()
) -> ReleaseContent:
    file = behavior or spec()
    return ReleaseContent(
        frozenset(map(version, entries)), behavior_hash(file), behavior_content(file), frozenset(corrections)
    )


class Told:
    """A ledger to which things happen, an hour apart."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.contents, self.hours = ledger, {}, 0

    def at(self, hours: int | None = None) -> dt.datetime:
        self.hours += 1
        return START + dt.timedelta(hours=self.hours if hours is None else hours)

    def accepts(self, *entries: EntryAcceptance, hours: int | None = None, **fields) -> None:
        number = len(fix_decisions(self.ledger)) + 1
        fix = FixToAccept(
            f"{number:016x}",
            fields.pop("kind", "edit_entry"),
            "t",
            fields.pop("proposal", Proposal()).to_json(),
            **fields,
        )
        accept_fix(self.ledger, fix, entries=entries, occurred_at=self.at(hours), **LEAD)

    def activates(
        self, name: str, content: ReleaseContent | None = None, hours: int | None = None, back: bool = False
    ) -> None:
        if content is not None:
            self.contents[name] = content
        record_activation(
            self.ledger, name, occurred_at=self.at(hours), artefacts_digest="f" * 64, is_rollback=back, **LEAD
        )

    def changes(self, as_of: str | None = None) -> pd.DataFrame:
        when = None if as_of is None else pd.Timestamp(as_of, tz="UTC")
        return changes(fix_decisions(self.ledger), activations(self.ledger), self.contents, when)

    def row(self, change: str = "C-001", as_of: str | None = None) -> dict:
        return self.changes(as_of).set_index("change_id").loc[change].to_dict()


@pytest.fixture
def told(tmp_path):
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        yield Told(ledger)


def hour(number: int) -> pd.Timestamp:
    return pd.Timestamp(START) + pd.Timedelta(hours=number)


def test_a_change_is_released_with_the_first_release_that_holds_all_of_it(told):
    told.activates("r1", holding(OLD))
    told.accepts(NEW, OTHER)
    assert told.row()["status"] == "accepted"
    told.activates("r2", holding(NEW))
    assert told.row()["status"] == "accepted", "half of it is not it"
    told.activates("r3", holding(NEW, OTHER))
    told.activates("r4", holding(NEW, OTHER))
    row = told.row()
    assert (row["status"], row["release_id"], row["released_at"]) == ("released", "r3", hour(4))
    assert pd.isna(row["ended_at"])
    assert (row["accepted_by"], row["accepted_at"]) == ("Ada Moreno", hour(2))
    assert (row["entry_ids"], len(row["entry_hashes"])) == (["reset", "sso"], 2)


def test_a_release_that_was_built_before_and_lacks_it_does_not_count(told):
    told.accepts(NEW)
    told.activates("r1", holding(OLD))
    assert told.row()["status"] == "accepted"
    assert pd.isna(told.row()["release_id"])


def test_a_rollback_in_mid_month_ends_it_and_activating_again_brings_it_back(told):
    told.activates("r1", holding(OLD))
    told.accepts(NEW)
    told.activates("r2", holding(NEW), hours=24 * 7)
    told.activates("r1", hours=24 * 14, back=True)
    row = told.row()
    assert (row["status"], row["release_id"], row["ended_at"]) == ("ended", "r2", hour(24 * 14))
    assert row["released_at"] == hour(24 * 7)
    told.activates("r2", hours=24 * 20)
    row = told.row()
    assert (row["status"], row["released_at"]) == ("released", hour(24 * 20))
    assert pd.isna(row["ended_at"])
    assert told.row(as_of="2026-06-16")["status"] == "ended", "as it stood then"
    assert told.row(as_of="2026-06-09")["status"] == "released"


def test_a_later_change_of_the_same_entry_ends_the_earlier_one_when_it_is_released(told):
    told.accepts(NEW)
    told.activates("r1", holding(NEW))
    told.accepts(NEWER)
    assert told.row("C-001")["status"] == "released", "what is only accepted ends nothing"
    told.activates("r2", holding(NEWER))
    assert (told.row("C-001")["status"], told.row("C-001")["ended_at"]) == ("ended", hour(4))
    assert told.row("C-002")["status"] == "released"
    told.activates("r1", back=True)
    assert [told.row(name)["status"] for name in ("C-001", "C-002")] == ["released", "ended"]


def test_what_is_current_already_is_released_with_its_acceptance(told):
    told.activates("r1", holding(NEW))
    told.accepts(NEW)
    assert (told.row()["status"], told.row()["released_at"]) == ("released", hour(2))


def test_a_clock_that_goes_back_changes_no_order(told):
    told.activates("r1", holding(OLD), hours=5)
    told.accepts(NEW, hours=6)
    told.activates("r2", holding(NEW), hours=4)
    row = told.row()
    assert (row["status"], row["released_at"]) == ("released", hour(6)), "not before it was accepted"
    told.activates("r1", hours=3, back=True)
    row = told.row()
    assert (row["status"], row["ended_at"]) == ("ended", hour(6)), "and it does not end before it began"


def test_a_spec_holds_a_change_whatever_else_was_changed_in_it(told):
    trigger = {"id": "press", "reason": "Press.", "signals": ["press"]}
    one, both = spec(200, trigger), spec(150, trigger)
    told.accepts(kind="trigger", proposal=Proposal(triggers=(trigger,)), behavior_hash=behavior_hash(one))
    told.accepts(
        kind="threshold", proposal=Proposal(settings={"reply.max_words": 150}), behavior_hash=behavior_hash(both)
    )
    told.activates("r1", holding(behavior=spec()))
    assert told.changes()["status"].tolist() == ["accepted", "accepted"]
    told.activates("r2", holding(behavior=both))
    assert told.changes()["status"].tolist() == ["released", "released"]
    told.activates("r3", holding(behavior=spec(150, {**trigger, "reason": "Otherwise."})))
    assert told.changes()["status"].tolist() == ["ended", "released"]


def test_labels_are_released_with_a_model_that_learnt_them(told):
    told.activates("r1", holding())
    told.accepts(kind="category_examples", labels=(("zd:1", "login"),))
    told.activates("r2", holding(NEW))
    assert told.row()["status"] == "accepted"
    told.activates("r3", holding(NEW, corrections=("C-001",)))
    assert (told.row()["status"], told.row()["labelled_ticket_ids"]) == ("released", ["zd:1"])


def test_a_release_whose_folder_is_gone_changes_nothing(told):
    told.accepts(NEW)
    told.activates("r1", holding(NEW))
    told.activates("r2")
    assert told.row()["status"] == "released"
    told.activates("r3", holding(OLD))
    assert told.row()["ended_at"] == hour(4)


def test_rejected_fixes_are_no_changes_and_no_fix_is_an_empty_frame(told):
    reject_fix(told.ledger, "ab", reason="No.", occurred_at=START, **LEAD)
    assert told.changes().empty
    assert list(told.changes().columns) == list(CHANGE)
    told.accepts(NEW)
    assert told.changes(as_of="2026-05-01").empty
    assert told.changes()["change_id"].tolist() == ["C-001"]
