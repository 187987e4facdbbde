"""``understudy scope`` as a person meets it, and the platform that takes autonomy back by itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assets.sustain_learning.scope.proposal_rows import proposal_id
from desk.loading import Desk, load_desk
from ledger.autonomy import category_holds, scope_decisions, withdrawn_categories
from ledger.decisions import decision_digest
from ledger.events import EventType
from orchestration.autonomy import withdraw_what_decays
from orchestration.cli import app
from orchestration.people.sign_offs import roadmap_decisions
from tests.assets.sustain_learning.scope.scope_cases import AS_OF, MASTERED, RULES, answers_to, frames
from tests.orchestration.scope_lakes import ledger_of, make, run_scope

LEAD = ["--by", "Ada Moreno", "--role", "support lead"]
HEAD = ["--by", "Tomas Reyl", "--role", "head of support"]
EXPORTS = proposal_id("widen", "exports", 2)
DECAYED = {"answers": [*answers_to("login", 90, 1), *answers_to("billing", 20, 20)]}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return make(_folder(tmp_path), monkeypatch, frames(**MASTERED))


@pytest.fixture
def decayed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return make(_folder(tmp_path), monkeypatch, frames(**{**MASTERED, **DECAYED}))


def _folder(tmp_path: Path) -> Path:
    (tmp_path / "desk").mkdir()
    return tmp_path / "desk"


def run(desk: Desk, *words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["scope", *words, "--desk", str(desk.folder)])
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    if code:
        assert done.output.count("error:") == 1
    return " ".join(done.output.split())


def test_proposals_are_listed_with_how_the_rest_stands_and_one_is_shown_with_its_way(desk: Desk):
    listed = run(desk, "list")
    assert EXPORTS[:8] in listed
    assert "2 of 2 automated categories are mastered" in listed
    assert "of the answers reviewed in the last 28 days are wrong" in listed
    shown = run(desk, "show", EXPORTS[:8])
    assert "done knowledge: 3 live entries" in shown
    assert f"open behavior: a threshold is certified only for what is decided as automate: accept this proposal first understudy scope accept {EXPORTS[:8]}" in shown  # fmt: skip
    assert "open verdict: no pilot has judged it" in shown
    assert run(desk, "show", "exports") == shown


def test_accepting_writes_the_decision_unsigns_the_roadmap_and_says_what_comes_next(desk: Desk):
    before = decision_digest(roadmap_decisions(desk))
    said = run(desk, "accept", EXPORTS[:8], *LEAD)
    assert "Wrote into categories.yaml: exports: automate, tier 2." in said
    assert "1. sign the roadmap again (support lead): understudy sign-off roadmap" in said
    assert "3. shadow: the agent has drafted nothing for it" in said
    text = (desk.folder / "categories.yaml").read_text()
    assert "# asked for every Monday" in text
    now = load_desk(desk.folder)
    one = next(one for one in now.categories if one.id == "exports")
    assert (one.bucket, one.tier) == ("automate", 2)
    assert decision_digest(roadmap_decisions(now)) != before
    assert "accepted" in run(desk, "list")
    again = run(desk, "accept", EXPORTS[:8], *HEAD[:2], *LEAD[2:])
    assert "Wrote into" not in again
    with ledger_of(desk) as ledger:
        assert scope_decisions(ledger)["decided_by"].tolist() == ["Ada Moreno"]


def test_what_was_cut_off_between_file_and_ledger_is_finished_by_accepting_again(desk: Desk):
    text = (desk.folder / "categories.yaml").read_text()
    changed = text.replace("bucket: hybrid\n    tier:", "bucket: automate\n    tier: 2")
    (desk.folder / "categories.yaml").write_text(changed)
    run(desk, "accept", "exports", *LEAD)
    assert (desk.folder / "categories.yaml").read_text() == changed
    with ledger_of(desk) as ledger:
        assert scope_decisions(ledger)["decision"].tolist() == ["accepted"]


def test_a_role_that_may_not_changes_nothing(desk: Desk):
    text = (desk.folder / "categories.yaml").read_text()
    assert "is not a role that signs" in run(desk, "accept", EXPORTS, "--by", "Ada", "--role", "visitor", code=1)
    assert "A name is needed" in run(desk, "accept", EXPORTS, "--by", " ", "--role", "support lead", code=1)
    assert (desk.folder / "categories.yaml").read_text() == text


def test_a_category_that_is_gone_from_the_file_is_not_accepted(desk: Desk):
    (desk.folder / "categories.yaml").write_text("categories: []\n")
    assert "has no category 'exports' any more" in run(desk, "accept", EXPORTS, *LEAD, code=1)
    with ledger_of(desk) as ledger:
        assert scope_decisions(ledger).empty


def test_rejecting_needs_a_reason_and_is_kept(desk: Desk):
    assert "A reason is needed" in run(desk, "reject", EXPORTS, *LEAD, "--reason", " ", code=1)
    assert "stays as it is" in run(desk, "reject", EXPORTS[:8], *LEAD, "--reason", "Prices change in May.")
    assert EXPORTS[:8] not in run(desk, "list")
    run_scope(desk, frames(**MASTERED))
    assert EXPORTS[:8] not in run(desk, "list")
    assert "rejected" in run(desk, "list", "--all")
    assert "Prices change in May." in run(desk, "show", EXPORTS[:8])


def test_what_decays_is_taken_back_by_itself_once_and_a_person_restores_it(decayed: Desk):
    with ledger_of(decayed) as ledger:
        assert list(withdrawn_categories(ledger)) == ["billing"]
    given = frames(**{**MASTERED, **DECAYED})
    assert run_scope(decayed, given) == []
    listed = run(decayed, "list")
    assert "Billing lost its autonomy on 2026-07-24: 50% (20 of 40" in listed
    assert "needs nobody's consent" in run(decayed, "accept", "billing", *LEAD, code=1)
    assert "taken back by itself" in run(decayed, "reject", "billing", *LEAD, "--reason", "No.", code=1)
    why = ["--reason", "The entry was mended."]
    assert "is not a role that signs" in run(decayed, "restore", "billing", *LEAD, *why, code=1)
    assert "Tomas Reyl restored 'billing'" in run(decayed, "restore", "billing", *HEAD, *why)
    assert "has not lost its autonomy" in run(decayed, "restore", "login", *HEAD, *why, code=1)
    assert "Did you mean billing" in run(decayed, "restore", "biling", *HEAD, *why, code=1)
    # The figures that took it back are from before the restoration.
    assert run_scope(decayed, given) == []
    with ledger_of(decayed) as ledger:
        assert category_holds(ledger, "spring") == {}
    assert "narrow" not in run(decayed, "list")


def test_two_daemons_at_once_take_back_once(desk: Desk):
    given = frames(**{**MASTERED, **DECAYED})
    with ledger_of(desk) as ledger, ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda _: withdraw_what_decays(ledger, given, RULES, AS_OF), range(4)))
        assert sum(len(one) for one in said) == 1
        assert len(list(ledger.events(event_types=[EventType.AUTONOMY_WITHDRAWN]))) == 1


def test_a_category_that_still_lacks_entries_is_not_restored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    desk = make(_folder(tmp_path), monkeypatch, frames(**MASTERED, covered={"billing": 1}))
    said = run(desk, "restore", "billing", *HEAD, "--reason", "Please.", code=1)
    assert "still needs 2 more live entries" in said
    with ledger_of(desk) as ledger:
        assert withdrawn_categories(ledger)["billing"].metric == "live_entries"


def test_a_return_is_accepted_by_whoever_signs_the_pilot(decayed: Desk):
    shadow = answers_to("billing", 40, 0, mode="shadow", days_ago=-1)
    later = frames(**{**MASTERED, "answers": [*DECAYED["answers"], *shadow]})
    run_scope(decayed, later, AS_OF.replace(day=27))
    back = run(decayed, "list", "--format", "json")
    assert '"kind":"back"' in back.replace(" ", "")
    assert "fits 2 proposals" in run(decayed, "show", "billing", code=1)
    with ledger_of(decayed) as ledger:
        name = proposal_id("back", "billing", withdrawn_categories(ledger)["billing"].sequence)
    assert "restored 'billing'" in run(decayed, "accept", name[:8], *HEAD)
    assert "accepted" in run(decayed, "show", name[:8])


def test_before_the_stage_ran_the_command_says_what_to_run(desk: Desk):
    for file in desk.home.glob("lake/scope_proposals.parquet"):
        file.unlink()
    assert "understudy run sustain_learning" in run(desk, "list", code=1)
    assert "there is no proposal" not in run(desk, "show", "x", code=1)


def test_a_name_that_means_nothing_is_said(desk: Desk):
    assert "there is no proposal 'zzzz'" in run(desk, "show", "zzzz", code=1)
