"""What was shown is what is signed, whatever the file says by then."""

import pytest

from desk.loading import load_desk
from ledger.sign_offs import sign_off_state
from orchestration.people.review_desk import open_ledger_of
from orchestration.people.sign_offs import NothingToSign
from service.console.sign_offs import signing
from service.console.sign_offs.pages import history
from service.console.sign_offs.signing import ChangedSinceShown, Shown, sign_shown
from service.console.sign_offs.standing import standing
from service.console.sign_offs.subjects import read_subject, read_subjects
from service.identity.account import Account, NotAllowed, Role
from tests.desks import SAMPLE, copy_sample_desk

ADA = Account("a1", "ada", "Ada Moreno", frozenset({Role.APPROVER}), ("support lead",))
BEN = Account("a2", "ben", "Ben Okafor", frozenset({Role.APPROVER}), ("head of support",))
IVO = Account("a3", "ivo", "Ivo Lind", frozenset({Role.REVIEWER}), ("support lead",))
DECIDED = """categories:
  - {id: password_reset, name: "Password <b>reset</b>", bucket: automate, tier: 1, owner: Ada Moreno}
  - {id: vat_id, name: VAT number, bucket: hybrid}
"""


BASELINES = """baselines:
- {metric: resolution_rate, kind: assumed, numerator: 9, denominator: 10, window_start: 2026-03-12, window_end: 2026-06-03}
- {metric: false_resolution_rate, numerator: 1, denominator: 10, window_start: 2026-03-12, window_end: 2026-06-03}
- {metric: csat, numerator: 7, denominator: 10, window_start: 2026-03-12, window_end: 2026-06-03}
"""


@pytest.fixture
def desk(tmp_path):
    folder = copy_sample_desk(tmp_path, "freshdesk*")
    (folder / "categories.yaml").write_text(DECIDED, encoding="utf-8")
    return load_desk(folder)


@pytest.fixture
def ledger(desk):
    from orchestration.lake import Lake

    Lake(desk.home).prepare()
    with open_ledger_of(desk) as opened:
        yield opened


def change(desk, was, now):
    file = desk.folder / "categories.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(was, now), encoding="utf-8")


def signed_by(desk, ledger, digest):
    return [one.by for one in sign_off_state(ledger, "roadmap", digest, desk.settings.signers["roadmap"]).signatures]


def test_two_people_sign_what_they_were_shown(desk, ledger):
    subject = read_subject(desk, ledger, "roadmap")
    shown = Shown.of(subject)
    sign_shown(desk.folder, ledger, shown, ADA, "support lead", "as agreed on Monday")
    half = read_subject(desk, ledger, "roadmap")
    assert standing(half).word == "partly signed"
    sign_shown(desk.folder, ledger, shown, BEN, "head of support", "")
    whole = read_subject(desk, ledger, "roadmap")
    assert whole.is_signed
    assert whole.digest == subject.digest
    assert whole.state.signatures[0].note == "as agreed on Monday"
    assert [row[0] for row in history(ledger, "roadmap")] == ["Ben Okafor", "Ada Moreno"]


def test_a_file_that_changed_after_it_was_shown_is_not_signed(desk, ledger):
    shown = Shown.of(read_subject(desk, ledger, "roadmap"))
    change(desk, "bucket: automate", "bucket: escalate")
    with pytest.raises(ChangedSinceShown, match="Nothing was signed"):
        sign_shown(desk.folder, ledger, shown, ADA, "support lead", "")
    now = read_subject(load_desk(desk.folder), ledger, "roadmap")
    assert now.digest != shown.digest
    assert signed_by(desk, ledger, shown.digest) == signed_by(desk, ledger, now.digest) == []


def test_a_file_that_changes_between_looking_and_signing_is_not_signed(desk, ledger, monkeypatch):
    """The ledger itself refuses a content that is not the shown hash's."""
    plan = desk.folder / "pilot.yaml"
    plan.write_text(
        (SAMPLE / "pilot.yaml").read_text(encoding="utf-8").replace("baselines: []", BASELINES), encoding="utf-8"
    )
    shown = Shown.of(read_subject(desk, ledger, "pilot"))
    look = signing.read_subject

    def look_and_then_somebody_edits(*arguments):
        found = look(*arguments)
        plan.write_text(plan.read_text(encoding="utf-8").replace("rollout_share: 20 %", "rollout_share: 15 %"))
        return found

    monkeypatch.setattr(signing, "read_subject", look_and_then_somebody_edits)
    with pytest.raises(ChangedSinceShown):
        sign_shown(desk.folder, ledger, shown, ADA, "support lead", "")
    assert sign_off_state(ledger, "pilot", shown.digest, ["support lead"]).signatures == ()
    assert history(ledger, "pilot") == ()


def test_a_name_or_an_example_does_not_change_what_is_signed(desk, ledger):
    shown = Shown.of(read_subject(desk, ledger, "roadmap"))
    change(desk, "VAT number", "VAT and tax numbers")
    sign_shown(desk.folder, ledger, shown, ADA, "support lead", "")
    assert signed_by(desk, ledger, shown.digest) == ["Ada Moreno"]


def test_nobody_signs_in_a_role_that_is_not_theirs(desk, ledger):
    shown = Shown.of(read_subject(desk, ledger, "roadmap"))
    with pytest.raises(NotAllowed, match="as head of support"):
        sign_shown(desk.folder, ledger, shown, ADA, "head of support", "")
    with pytest.raises(NotAllowed, match="approver"):
        sign_shown(desk.folder, ledger, shown, IVO, "support lead", "")
    assert signed_by(desk, ledger, shown.digest) == []


def test_what_changed_since_it_was_signed_is_told(desk, ledger):
    shown = Shown.of(read_subject(desk, ledger, "roadmap"))
    sign_shown(desk.folder, ledger, shown, ADA, "support lead", "")
    sign_shown(desk.folder, ledger, shown, BEN, "head of support", "")
    change(desk, "bucket: hybrid", "bucket: escalate")
    now = read_subject(load_desk(desk.folder), ledger, "roadmap")
    assert standing(now).word == "changed"
    assert now.before == shown.digest
    assert now.changes == ("vat_id: bucket hybrid → escalate",)


def test_an_undecided_desk_says_what_to_do_for_each_kind(desk, ledger):
    (desk.folder / "categories.yaml").write_text("categories: []\n", encoding="utf-8")
    (desk.folder / "behavior.yaml").unlink()
    subjects = read_subjects(load_desk(desk.folder), ledger)
    assert [one.kind for one in subjects] == ["roadmap", "behavior", "pilot", "release"]
    assert all(one.digest is None and len(one.nothing) > 20 for one in subjects)
    with pytest.raises(NothingToSign):
        Shown.of(subjects[0])


def test_a_file_with_a_mistake_is_said_and_the_others_go_on(desk, ledger):
    (desk.folder / "behavior.yaml").write_text("persona: {name: Bea}\n", encoding="utf-8")
    subjects = {one.kind: one for one in read_subjects(desk, ledger)}
    assert subjects["behavior"].digest is None
    assert "behavior.yaml" in subjects["behavior"].nothing
    assert subjects["roadmap"].digest is not None


def test_an_edited_behavior_is_read_anew(desk, ledger):
    """Parsed files are remembered: an edit must be noticed all the same."""
    before = read_subject(desk, ledger, "behavior")
    file = desk.folder / "behavior.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("max_words: 190", "max_words: 191"), encoding="utf-8")
    after = read_subject(desk, ledger, "behavior")
    assert before.content.reply.max_words == 190
    assert after.content.reply.max_words == 191
    assert before.digest != after.digest
