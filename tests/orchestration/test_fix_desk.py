"""Deciding about fixes: one signature for all of a fix, what was shown is what is accepted, and no measuring ticket teaches."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from assets.retrain_agent.fixes.apply_proposal import proposed_hash, with_behavior
from assets.retrain_agent.fixes.proposal import Proposal, ProposedLabel
from desk.behavior import behavior_hash
from desk.knowledge import read_knowledge
from desk.loading import BEHAVIOR_FILE, load_behavior
from ledger.corrections import category_corrections
from ledger.errors import LedgerError, SignOffError
from ledger.fixes import FixDecidedError, fix_decisions
from ledger.insights import insights
from ledger.knowledge import accepted_entries
from orchestration.changes import changes_now
from orchestration.lake import write_parquet
from orchestration.people import fix_desk
from orchestration.people.behavior_desk import changes as behavior_changes
from orchestration.people.fix_desk import FixChanged, FixProblem, accept, add_insight, fix_of, open_fixes, reject
from orchestration.people.knowledge_correction import NotForLearning
from orchestration.people.knowledge_desk import KnowledgeProblem
from orchestration.people.knowledge_files import WrongFields, open_entry
from tests.orchestration.fix_lakes import (
    ADA,
    KNOWLEDGE,
    MIRA,
    PROPOSALS,
    TRIGGER,
    edited,
    entry,
    id_of,
    ledger_of,
    make,
    new,
    publish_fixes,
    row,
)  # fmt: skip

SPLIT = id_of("split_entry")


@pytest.fixture
def desk(tmp_path, monkeypatch):
    return make(tmp_path, monkeypatch)


def state(desk) -> tuple:
    """Everything that accepting may touch."""
    with ledger_of(desk.folder) as ledger:
        head = ledger.head()
    files = {str(file): file.read_bytes() for file in desk.knowledge.rglob("*.md")}
    return head, files, (desk.folder / BEHAVIOR_FILE).read_bytes()


def test_open_fixes_come_in_the_order_of_the_ranking_without_decided_ones(desk):
    assert open_fixes(desk)["kind"].tolist() == list(PROPOSALS)
    accept(desk, SPLIT, MIRA)
    reject(desk, id_of("note"), MIRA, "Nothing to do.")
    assert open_fixes(desk)["kind"].tolist() == ["category_examples", "trigger"]


def test_accepting_writes_the_entries_signs_them_and_makes_a_change(desk):
    shown = fix_of(desk, SPLIT[:6])
    change, said = accept(
        desk, SPLIT[:6], replace(MIRA, note="as discussed"), shown=shown.mark, review_by=dt.date(2026, 12, 1)
    )
    assert change == "C-001"
    found = {one.id: one for one in read_knowledge(desk.knowledge, ["login", "billing"])[0]}
    assert found["reset"].answer == edited().answer
    assert (found["reset"].status, found["reset"].review_by) == ("accepted", dt.date(2026, 12, 1))
    assert [one.id for one in found["reset"].sources] == ["zendesk:1"]
    assert "# for all" in (desk.knowledge / "reset.md").read_text(), "what people wrote beside it stays"
    assert (found["reset-sso"].conditions, found["reset-sso"].owner) == ({"sso": ["true"]}, "Identity team")
    with ledger_of(desk.folder) as ledger:
        signed = accepted_entries(ledger)
        row = fix_decisions(ledger).iloc[0]
        kinds = [one.event_type for one in ledger.events()]
    assert set(zip(signed["entry_id"], signed["content_hash"], strict=True)) == {
        (one.id, one.content_hash) for one in found.values()
    }
    assert dict(zip(row["entry_ids"], row["entry_hashes"], strict=True)) == {
        one.id: one.content_hash for one in found.values()
    }
    assert kinds.count("fix_accepted") == 1
    assert (row["note"], row["category_ids"], row["is_urgent"]) == ("as discussed", ["login"], True)
    assert row["target_ticket_ids"] == ["zendesk:1", "zendesk:2", "zendesk:3"], "failures may be counted on any side"
    assert row["source_ticket_ids"] == ["zendesk:1", "zendesk:2"]
    assert "It works where this is known of a customer: sso." in said
    waiting = changes_now(desk).iloc[0]
    assert (waiting["change_id"], waiting["status"], waiting["accepted_by"]) == ("C-001", "accepted", "Mira Okafor")


def test_accepting_again_says_which_change_it_is_and_does_nothing(desk):
    accept(desk, SPLIT, MIRA)
    before = state(desk)
    change, said = accept(desk, SPLIT, ADA)
    assert (change, said) == ("C-001", ["Mira Okafor has accepted this fix already: it is change C-001."])
    with pytest.raises(FixDecidedError, match="in another wording: it is change C-001"):
        accept(desk, SPLIT, ADA, edited=replace(KNOWLEDGE, entries=(edited(answer="Otherwise."),)))
    with pytest.raises(FixDecidedError, match="roll the release back, or edit the entry"):
        reject(desk, SPLIT, ADA, "No.")
    assert state(desk) == before


@pytest.mark.parametrize("broken_off_at", ["write_entry", "write_behavior", "accept_fix"])
def test_killed_half_way_doing_it_again_finishes_it(desk, monkeypatch, broken_off_at):
    both = Proposal(entries=KNOWLEDGE.entries, triggers=(TRIGGER,))
    publish_fixes(desk.folder, row(1, "split_entry", both))
    (name,) = open_fixes(desk)["fix_id"]
    real, calls = getattr(fix_desk, broken_off_at), []

    def cut_off(*given, **named):
        calls.append(given)
        if len(calls) == (2 if broken_off_at == "write_entry" else 1):
            raise KeyboardInterrupt
        return real(*given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(fix_desk, broken_off_at, cut_off)
        with pytest.raises(KeyboardInterrupt):
            accept(desk, name, ADA)
    with ledger_of(desk.folder) as ledger:
        assert ledger.head().sequence == 0, "no half event"
    assert open_fixes(desk)["fix_id"].tolist() == [name]
    change, _ = accept(desk, name, replace(ADA, at=ADA.at + dt.timedelta(days=1)))
    assert change == "C-001"
    entries, rejected = read_knowledge(desk.knowledge, ["login", "billing"])
    assert (sorted(one.id for one in entries), rejected) == (["reset", "reset-sso"], []), "nothing is there twice"
    with ledger_of(desk.folder) as ledger:
        assert len(accepted_entries(ledger)) == 2
        assert fix_decisions(ledger)["behavior_hash"].tolist() == [behavior_hash(load_behavior(desk.folder))]


def test_what_was_cut_off_can_be_finished_though_the_next_run_withdrew_it(desk, monkeypatch):
    def cut_off(*_, **__):
        raise KeyboardInterrupt

    publish_fixes(desk.folder, row(1, "split_entry", KNOWLEDGE, status="withdrawn"))
    with pytest.raises(FixProblem, match="was withdrawn"):
        accept(desk, SPLIT, ADA)
    publish_fixes(desk.folder)
    with monkeypatch.context() as patched:
        patched.setattr(fix_desk, "accept_fix", cut_off)
        with pytest.raises(KeyboardInterrupt):
            accept(desk, SPLIT, ADA)
    publish_fixes(desk.folder, row(1, "split_entry", KNOWLEDGE, status="withdrawn"))
    assert accept(desk, SPLIT, ADA)[0] == "C-001"


def test_an_entry_that_is_not_what_the_fix_was_drawn_up_on_is_refused(desk):
    file = desk.knowledge / "reset.md"
    shown = fix_of(desk, SPLIT)
    file.write_text(file.read_text().replace("Then wait.", "Then wait a minute."))
    before = state(desk)
    with pytest.raises(FixChanged, match="not what you were shown"):
        accept(desk, SPLIT, MIRA, shown=shown.mark)
    with pytest.raises(FixChanged, match="somebody has changed the entry “How do I reset my password"):
        accept(desk, SPLIT, MIRA)
    assert fix_of(desk, SPLIT).parts.problems, "and the page says so before"
    forged = replace(KNOWLEDGE, entries=(edited(base_hash=open_entry(desk, "reset").entry.content_hash),))
    with pytest.raises(FixChanged, match="somebody has changed"):
        accept(desk, SPLIT, MIRA, edited=forged)
    file.unlink()
    with pytest.raises(FixChanged, match="not on file any more"):
        accept(desk, SPLIT, MIRA)
    assert state(desk)[0] == before[0]
    assert not (desk.knowledge / "login").exists()


def test_a_fix_that_rests_on_a_measuring_ticket_is_refused_however_it_got_there(desk):
    cases = {
        "drawn_from": row(1, "edit_entry", Proposal(entries=(edited(),)), source_ticket_ids=["zendesk:1", "zendesk:3"]),
        "source": row(2, "edit_entry", Proposal(entries=(edited(sources=[{"kind": "ticket", "id": "zendesk:4"}]),))),
        "label": row(3, "category_examples", Proposal(labels=(ProposedLabel("zendesk:3", "billing"),))),
        "unknown": row(4, "category_examples", Proposal(labels=(ProposedLabel("zendesk:99", "billing"),))),
    }
    publish_fixes(desk.folder, *cases.values())
    before = state(desk)
    for one in cases.values():
        with pytest.raises(NotForLearning, match="not for learning"):
            accept(desk, one["fix_id"], MIRA)
    publish_fixes(desk.folder)
    added = Proposal(labels=(*PROPOSALS["category_examples"].labels, ProposedLabel("zendesk:3", "billing")))
    with pytest.raises(NotForLearning, match="zendesk:3"):
        accept(desk, id_of("category_examples"), MIRA, edited=added)
    assert state(desk) == before


def test_what_a_person_made_of_it_is_accepted_and_its_ground_cannot_be_forged(desk):
    made = replace(
        KNOWLEDGE,
        entries=(
            edited(answer="Press *Reset* twice.", base_hash="0" * 64, sources=[{"kind": "ticket", "id": "zendesk:3"}]),
        ),
    )
    accept(desk, SPLIT, MIRA, edited=made, owner="Noor Haddad")
    found = open_entry(desk, "reset").entry
    assert (found.answer, found.owner) == ("Press *Reset* twice.", "Noor Haddad")
    assert [one.id for one in found.sources] == ["zendesk:1"]
    assert not (desk.knowledge / "login" / "reset-sso.md").exists(), "a part that was taken out is not written"
    assert fix_of(desk, SPLIT).parts.proposal.entries[0].answer == "Press *Reset* twice.", "shown as it was accepted"
    change, _ = accept(desk, SPLIT, MIRA)
    assert change == "C-001"


@pytest.mark.parametrize(
    ("proposed", "field"),
    [
        (edited(answer=" "), "answer"),
        (edited(category_id="nothing"), "category"),
        (new(question="x" * 501), "question"),
    ],
    ids=["answer", "category", "question"],
)
def test_what_is_no_entry_is_refused_by_field_and_nothing_is_written(desk, proposed, field):
    before = state(desk)
    with pytest.raises(WrongFields) as refused:
        accept(desk, SPLIT, MIRA, edited=Proposal(entries=(proposed,)))
    assert field in refused.value.fields
    assert state(desk) == before


def test_a_fix_that_is_no_entry_any_more_can_be_seen_edited_and_rejected(desk):
    publish_fixes(desk.folder, row(1, "new_entry", Proposal(entries=(new(category_id="gone"),))))
    (name,) = open_fixes(desk)["fix_id"]
    assert "no category 'gone'" in fix_of(desk, name).parts.problems[0]
    with pytest.raises(FixChanged, match="has to be edited"):
        accept(desk, name, MIRA)
    reject(desk, name, MIRA, "The category is gone.")
    assert accept(desk, name, MIRA, edited=Proposal(entries=(new(),)))[0] == "C-001"


def test_a_new_entry_whose_id_was_taken_meanwhile_gets_one_of_its_own(desk):
    (desk.knowledge / "reset-sso.md").write_text(
        "---\nid: reset-sso\ncategory: login\nquestion: Mine?\nowner: Me\n---\nMine.\n"
    )
    accept(desk, SPLIT, MIRA)
    name = f"reset-sso-{SPLIT[:6]}"
    assert open_entry(desk, name).entry.answer == "Ask your company."
    assert open_entry(desk, "reset-sso").entry.answer == "Mine."
    with ledger_of(desk.folder) as ledger:
        assert fix_decisions(ledger).iloc[0]["entry_ids"] == ["reset", name]
    assert accept(desk, SPLIT, MIRA)[0] == "C-001"


def test_behavior_is_written_where_people_wrote_it_and_is_to_be_signed(desk):
    before = (desk.folder / BEHAVIOR_FILE).read_text()
    with pytest.raises(SignOffError, match=r"not a role that signs this fix\. The roles that sign it: support lead"):
        accept(desk, id_of("trigger"), MIRA)
    assert (desk.folder / BEHAVIOR_FILE).read_text() == before
    change, said = accept(desk, id_of("trigger"), ADA)
    text, spec = (desk.folder / BEHAVIOR_FILE).read_text(), load_behavior(desk.folder)
    assert spec.reply.max_words == 150
    assert [one.id for one in spec.triggers if one.id == "outage"] == ["outage"]
    assert any("understudy sign-off behavior" in one for one in said)
    kept = [line for line in before.splitlines() if "max_words" not in line]
    assert [line for line in kept if line not in text.splitlines()] == [], (
        "comments and the rest stay as people wrote them"
    )
    with ledger_of(desk.folder) as ledger:
        assert fix_decisions(ledger).iloc[0]["behavior_hash"] == behavior_hash(spec)
    (desk.folder / "before.yaml").write_text(before)
    assert len(behavior_changes(desk, [desk.folder / "before.yaml"])[1]) == 2
    assert change == "C-001"


def test_a_trigger_that_is_there_is_changed_in_place(desk):
    file = desk.folder / BEHAVIOR_FILE
    text = file.read_text().replace("  - id: self_harm\n", "  - id: self_harm   # read every month\n")
    file.write_text(text)
    known = next(one for one in load_behavior(desk.folder).triggers if one.id == "self_harm")
    trigger = {
        **known.model_dump(mode="json", exclude_defaults=True),
        "id": "self_harm",
        "phrases": ["end it all"],
        "is_urgent": False,
    }
    publish_fixes(desk.folder, row(1, "trigger", Proposal(triggers=(trigger,))))
    (name,) = open_fixes(desk)["fix_id"]
    accept(desk, name, ADA)
    changed = next(one for one in load_behavior(desk.folder).triggers if one.id == "self_harm")
    assert (changed.phrases, changed.is_urgent, changed.fires_on) == (["end it all"], False, known.fires_on)
    assert "# read every month" in file.read_text()
    assert load_behavior(desk.folder).triggers[0].id == "self_harm"


@pytest.mark.parametrize(
    ("proposal", "says"),
    [
        (Proposal(settings={"reply.max_words": 3}), "max_words"),
        (Proposal(settings={"reply.max_wrods": 100}), "max_wrods"),
        (Proposal(settings={"persona.name.first": "Bea"}), "no place 'persona.name.first'"),
        (Proposal(triggers=({"id": "odd"},)), "the trigger 'odd' is none"),
        (Proposal(triggers=({**TRIGGER, "quiet_on": ["It is down for everyone again."]},)), "would not be complete"),
    ],
    ids=["out of range", "unknown setting", "no place", "no trigger", "breaks its own examples"],
)
def test_a_spec_that_would_be_none_is_not_written(desk, proposal, says):
    publish_fixes(desk.folder, row(1, "trigger", proposal))
    (name,) = open_fixes(desk)["fix_id"]
    before = state(desk)
    with pytest.raises(FixChanged, match=says):
        accept(desk, name, ADA)
    assert state(desk) == before


def test_of_a_changed_trigger_what_stays_is_written_as_it_was(desk):
    file = desk.folder / BEHAVIOR_FILE
    style = 'quiet_on:   # read every month\n      - "This export is killing me."   # a real one\n'
    before = file.read_text().replace('quiet_on: ["This export is killing me."]\n', style)
    file.write_text(before)
    known = next(one for one in load_behavior(desk.folder).triggers if one.id == "self_harm")
    there = known.model_dump(mode="json", exclude_defaults=True)
    more = {
        **there,
        "id": "self_harm",
        "quiet_on": [*there["quiet_on"], {"turns": ["This app kills my battery."]}, {"turns": ["a b", "c"]}],
    }
    publish_fixes(desk.folder, row(1, "trigger", Proposal(triggers=(more,))))
    accept(desk, open_fixes(desk)["fix_id"].iloc[0], ADA)
    lines, old = file.read_text().splitlines(), before.splitlines()
    assert [line for line in old if line not in lines] == []
    assert [line.strip() for line in lines if line not in old] == ["- This app kills my battery.", "- [a b, c]"]
    at = lines.index('      - "This export is killing me."   # a real one')
    assert lines[at + 3 : at + 5] == old[old.index(lines[at]) + 1 :][:2], "what stood after the block stands after it"
    assert load_behavior(desk.folder).triggers[0].quiet_on[-2].turns == ["This app kills my battery."]


@pytest.mark.parametrize("kind", ["split_entry", "trigger"])
def test_what_is_written_is_what_was_tried(desk, kind):
    """A fix is tried in memory before anybody sees it; what acceptance writes must have the same hashes."""
    proposal, parts = PROPOSALS[kind], fix_of(desk, id_of(kind)).parts
    tried = with_behavior(proposal, load_behavior(desk.folder))
    assert parts.behavior is None or parts.behavior.after == tried
    on_file = {one.id: one for one in read_knowledge(desk.knowledge, ["login", "billing"])[0]}
    bases = [on_file[one.entry_id].model_dump() if one.base_hash else None for one in proposal.entries]
    hashes = [proposed_hash(one, base) for one, base in zip(proposal.entries, bases, strict=True)]
    assert [one.after.content_hash for one in parts.entries] == hashes


def test_an_entry_whose_time_was_over_is_brought_back_for_good(desk):
    file = desk.knowledge / "reset.md"
    file.write_text(file.read_text().replace("owner: Id", "valid_until: 2026-01-31\nowner: Id"))
    old = open_entry(desk, "reset").entry
    aside = {"entry_id": "reset", "content_hash": old.content_hash, "is_in_date": False}
    write_parquet(pd.DataFrame([aside]), desk.home / "lake" / "entries_set_aside.parquet")
    publish_fixes(desk.folder, row(1, "edit_entry", Proposal(entries=(edited(base_hash=old.content_hash),))))
    accept(desk, open_fixes(desk)["fix_id"].iloc[0], MIRA)
    found = open_entry(desk, "reset").entry
    assert (found.valid_until, found.status) == (None, "accepted")
    assert found.content_hash == proposed_hash(
        edited(base_hash=old.content_hash), {**old.model_dump(), "is_in_date": False}
    )


def test_labels_become_corrections_of_training_tickets(desk):
    change, said = accept(desk, id_of("category_examples"), MIRA)
    with ledger_of(desk.folder) as ledger:
        found = category_corrections(ledger)
        decided = fix_decisions(ledger).iloc[0]
    assert found[["ticket_id", "category_id", "change_id"]].values.tolist() == [
        ["zendesk:1", "billing", change], ["zendesk:2", "billing", change],
    ]  # fmt: skip
    assert (decided["labelled_ticket_ids"], decided["category_ids"]) == (
        ["zendesk:1", "zendesk:2"],
        ["login", "billing"],
    )
    assert "2 tickets teach their right category" in said[1]
    assert decided["source_ticket_ids"] == ["zendesk:1", "zendesk:2"]
    publish_fixes(desk.folder, row(1, "category_examples", Proposal(labels=(ProposedLabel("zendesk:1", "nothing"),))))
    with pytest.raises(FixChanged, match="no category 'nothing'"):
        accept(desk, open_fixes(desk)["fix_id"].iloc[0], MIRA)


def test_a_ticket_that_a_person_added_measures_the_change_no_more(desk):
    drawn = row(
        1,
        "category_examples",
        Proposal(labels=(ProposedLabel("zendesk:1", "billing"),)),
        source_ticket_ids=["zendesk:1"],
    )
    publish_fixes(desk.folder, drawn)
    added = Proposal(labels=(ProposedLabel("zendesk:1", "billing"), ProposedLabel("zendesk:2", "billing")))
    accept(desk, drawn["fix_id"], MIRA, edited=added)
    assert changes_now(desk)["source_ticket_ids"].tolist() == [["zendesk:1", "zendesk:2"]]


def test_a_note_has_nothing_to_accept_until_a_person_says_what(desk):
    with pytest.raises(FixProblem, match="nothing in this fix to accept as it stands"):
        accept(desk, id_of("note"), MIRA)
    accept(desk, id_of("note"), MIRA, edited=Proposal(entries=(new(),)))
    with ledger_of(desk.folder) as ledger:
        assert fix_decisions(ledger).iloc[0]["kind"] == "new_entry"


def test_what_somebody_rejected_meanwhile_is_not_accepted_unknowingly(desk):
    shown = fix_of(desk, SPLIT)
    reject(desk, SPLIT, ADA, "We say so on purpose.")
    with pytest.raises(FixChanged, match="Ada Moreno has rejected this fix since you were shown it"):
        accept(desk, SPLIT, MIRA, shown=shown.mark)
    assert fix_of(desk, SPLIT).status == "rejected"
    assert accept(desk, SPLIT, MIRA)[0] == "C-001", "whoever decides anew, knowing it, may"


def test_names_of_fixes_and_desks_without_any(desk):
    with pytest.raises(FixProblem, match="there is no fix 'zz'"):
        fix_of(desk, "zz")
    publish_fixes(desk.folder, *(row(1, "note", Proposal(), fix_id=f"ab{number}") for number in range(2)))
    with pytest.raises(FixProblem, match="begins the ids of 2 fixes"):
        fix_of(desk, "ab")
    publish_fixes(desk.folder, row(1, "split_entry", KNOWLEDGE, status="withdrawn"))
    with pytest.raises(FixProblem, match="was withdrawn"):
        accept(desk, SPLIT, MIRA)
    assert open_fixes(desk).empty
    (desk.home / "lake" / "fix_queue.parquet").unlink()
    with pytest.raises(FixProblem, match="understudy run retrain_agent"):
        open_fixes(desk)


@pytest.mark.parametrize("who", [replace(MIRA, role="reviewer"), replace(MIRA, by=" ")], ids=["role", "name"])
def test_who_may_not_leaves_nothing_behind(desk, who):
    before = state(desk)
    with pytest.raises(LedgerError):
        accept(desk, SPLIT, who)
    with pytest.raises(LedgerError):
        reject(desk, SPLIT, who, "No.")
    assert state(desk) == before


def test_insights_are_recorded_with_a_category_that_exists(desk):
    at = dt.datetime(2026, 5, 31, 23, tzinfo=dt.UTC)
    add_insight(desk, "Calls about the portal doubled.", "billing", "Noor Haddad", "reviewer", at=at)
    with pytest.raises(KnowledgeProblem, match=r"no category 'biling'\. Did you mean billing"):
        add_insight(desk, "Other.", "biling", "Noor Haddad", "reviewer")
    with pytest.raises(SignOffError):
        add_insight(desk, "Other.", None, "Noor Haddad", "visitor")
    with ledger_of(desk.folder) as ledger:
        found = insights(ledger)
    assert found[["text", "category_id", "month", "said_by"]].values.tolist() == [
        ["Calls about the portal doubled.", "billing", "2026-05", "Noor Haddad"]
    ]
    assert found["said_at"].tolist() == [pd.Timestamp(at)]


def test_the_entry_of_the_tests_is_the_one_on_file(desk):
    assert open_entry(desk, "reset").entry.content_hash == entry().content_hash
