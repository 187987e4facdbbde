"""``understudy behavior`` as a person meets it: a starter, checks, explanations, differences, signatures, the page."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from desk.behavior import behavior_hash
from desk.loading import load_behavior, load_desk
from ledger.sign_offs import sign_off_state
from orchestration.cli import app
from orchestration.lake import Lake, write_parquet
from orchestration.people.behavior_mining import kept, mine
from orchestration.people.pages import write_behavior_page
from orchestration.people.sign_offs import NothingToSign, sign_behavior
from orchestration.resources import DeskResource
from tests.encoders import HashingEncoder

DESK = """desk_id: acme
company: Acme (fictional)
languages: [en, de]
helpdesks: [{name: zendesk, kind: zendesk, exports: "zendesk-*"}]
signers: {roadmap: [support lead], behavior: [support lead, head of support]}
"""
CATEGORIES = """categories:
  - {id: password_reset, name: Password reset, bucket: automate, tier: 1, owner: Identity team}
  - {id: leaving, name: Leaving, bucket: escalate}
"""
RUNNER = CliRunner()


@pytest.fixture
def desk(tmp_path, monkeypatch):
    for name in ("UNDERSTUDY_DESK", "UNDERSTUDY_HOME", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "300")
    (tmp_path / "desk.yaml").write_text(DESK, encoding="utf-8")
    (tmp_path / "categories.yaml").write_text(CATEGORIES, encoding="utf-8")
    said = run(tmp_path, "init")
    assert said.exit_code == 0, said.output
    return tmp_path


def run(folder, *arguments):
    return RUNNER.invoke(app, ["behavior", *arguments, "--desk", str(folder)])


def edit(folder, before, after):
    file = folder / "behavior.yaml"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")


def sign(folder, role="support lead", by="Mira Okafor"):
    return sign_behavior(load_desk(folder), by=by, role=role, note="")


def test_the_starter_speaks_the_desks_languages_and_passes_its_own_check(desk):
    spec = load_behavior(desk)
    assert spec.tone.languages == ["en", "de"]
    assert set(spec.tone.greeting) == {"en", "de"}
    said = run(desk, "check")
    assert said.exit_code == 0, said.output
    assert "Nothing is wrong with it" in said.output


def test_init_overwrites_nothing(desk):
    (desk / "behavior.yaml").write_text("mine", encoding="utf-8")
    assert "kept" in run(desk, "init").output
    assert (desk / "behavior.yaml").read_text(encoding="utf-8") == "mine"


def test_a_new_desk_gets_a_starter(tmp_path):
    done = RUNNER.invoke(app, ["init", str(tmp_path / "new"), "--company", 'Tea & "Toast": 1 # x'])
    assert done.exit_code == 0, done.output
    assert 'Tea & "Toast": 1 # x' in load_behavior(tmp_path / "new").persona.description


def test_check_names_what_is_wrong_and_exits_with_one(desk):
    edit(desk, 'quiet_on: ["How do I cancel a download?"]', 'quiet_on: ["How do I cancel?"]')
    edit(desk, "queues: {}", "queues: {leavin: contracts}")
    said = run(desk, "check")
    assert said.exit_code == 1
    assert "trigger 'cancelling' must not fire on “How do I cancel?”" in said.stderr
    assert "Did you mean 'leaving'?" in said.stderr
    assert "2 things to correct" in said.stderr


def test_a_mistake_in_the_file_names_the_line(desk):
    edit(desk, "formality: 0.5 ", "formality: 5 ")
    for command in ("check", "diff"):
        said = run(desk, command)
        assert said.exit_code == 1
        assert "behavior.yaml:12: 'tone.formality'" in said.stderr


def test_without_a_spec_it_says_how_to_make_one(desk):
    (desk / "behavior.yaml").unlink()
    for arguments in (["check"], ["explain", "hello"], ["diff"]):
        said = run(desk, *arguments)
        assert said.exit_code == 1
        assert "understudy behavior init" in said.stderr
    with pytest.raises(NothingToSign, match="behavior init"):
        sign(desk)


def test_explain_shows_what_holds_and_why_the_rest_does_not(desk):
    edit(desk, "pages: []", 'pages: [{id: pricing, where: {pages: ["/pricing*"]}, means: Compares plans.}]')
    said = run(
        desk,
        "explain",
        "ok",
        "--earlier",
        "I want a refund of 480 euros",
        "--context",
        "page=/pricing",
        "--category",
        "leaving",
    )
    assert said.exit_code == 0, said.output
    assert "1 of 10 triggers fire. A person takes over." in said.output
    assert (
        "fires  refund_above_limit → support: “want a refund”, and 480.00 is above 100.00, 1 message before"
        in said.output
    )
    assert "quiet  legal: nothing it listens for was found" in said.output
    assert "page   pricing: holds. Compares plans." in said.output
    assert "0 of 10 triggers fire." in run(desk, "explain", "Where is my invoice?").output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--context", "pro"], "field=value"), (["--category", "nothing"], "no category 'nothing'")],
)
def test_explain_refuses_what_means_nothing(desk, arguments, words):
    said = run(desk, "explain", "hello", *arguments)
    assert said.exit_code == 1
    assert words in said.stderr


def test_a_customers_words_do_not_steer_the_terminal(desk):
    said = run(desk, "explain", "\x1b[31mI want a refund of 480 euros\x1b]0;x\x07 [bold]")
    assert "\x1b" not in said.output
    assert "\x07" not in said.output


def test_a_signature_is_on_the_spec_as_it_stands_and_a_change_unsigns_it(desk):
    lines = sign(desk)
    digest = behavior_hash(load_behavior(desk))
    assert lines[-2:] == [
        f"Mira Okafor signed the behavior spec as support lead (content {digest[:12]}).",
        "Still to sign: head of support.",
    ]
    assert sign(desk, "head of support", "Ida Brandt")[-1].startswith("Fully signed by")
    edit(desk, "amount_above: 100", "amount_above: 90")
    with DeskResource(folder=str(desk)).ledger as ledger:
        changed = behavior_hash(load_behavior(desk))
        roles = ["support lead", "head of support"]
        assert sign_off_state(ledger, "behavior", digest, roles).is_complete
        assert sign_off_state(ledger, "behavior", changed, roles).missing_roles == tuple(roles)


def test_diff_says_what_changed_since_everybody_signed(desk):
    nothing = run(desk, "diff")
    assert nothing.exit_code == 1
    assert "nothing to compare with" in nothing.stderr
    sign(desk)
    assert run(desk, "diff").exit_code == 1, "one of two signatures is none"
    sign(desk, "head of support", "Ida Brandt")
    edit(desk, "amount_above: 100", "amount_above: 90")
    said = run(desk, "diff")
    assert said.exit_code == 0, said.output
    assert "trigger 'refund_above_limit', amount of money it fires above: 100.0 → 90.0" in said.output
    assert "  trigger 'refund_above_limit', amount of money it fires above: 100.0 → 90.0" in sign(desk)


def test_diff_compares_files(desk, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text((desk / "behavior.yaml").read_text(encoding="utf-8").replace("Robin", "Ada"), encoding="utf-8")
    assert "persona, name: “Ada” → “Robin”" in run(desk, "diff", str(other)).output
    assert "nothing changed" in run(desk, "diff", str(other), str(other)).output
    assert run(desk, "diff", str(tmp_path / "missing.yaml")).exit_code == 1
    assert "two can be compared" in run(desk, "diff", str(other), str(other), str(other)).stderr


def test_an_incomplete_spec_is_not_signed(desk):
    edit(desk, 'quiet_on: ["How do I cancel a download?"]', 'quiet_on: ["How do I cancel?"]')
    with pytest.raises(NothingToSign, match="must not fire on"):
        sign(desk)


def test_the_page_shows_signatures_and_what_changed(desk):
    sign(desk)
    sign(desk, "head of support", "Ida Brandt")
    page = write_behavior_page(load_desk(desk), None)
    assert page == Lake(load_desk(desk).home).reports / "behavior.html"
    assert "Ida Brandt" in page.read_text(encoding="utf-8")
    edit(desk, "Robin", "Bea")
    html = write_behavior_page(load_desk(desk), desk / "out.html").read_text(encoding="utf-8")
    assert "persona, name: “Robin” → “Bea”" in html
    assert "still to sign: support lead, head of support" in html


def lake_with_tickets(desk):
    lake = Lake(load_desk(desk).home)
    lake.prepare()
    texts = {"a": "How do I cancel?", "b": "please refund the 480 euros", "c": "hello", "d": "How do I cancel?"}
    comments = [
        {
            "ticket_id": name, "position": 0, "author_role": "requester", "is_public": True, "subject": None, "text": text,
            "created_at": pd.Timestamp("2026-03-01", tz="UTC"), "language": "en",
        }
        for name, text in texts.items()
    ]  # fmt: skip
    splits = [{"ticket_id": name, "split": "holdout" if name == "d" else "train"} for name in texts]
    facts = {"page": None, "os": None, "sso": None, "plan": "pro"}
    tickets = [{"ticket_id": name, "context": json.dumps({"plan": "Pro"}), **facts} for name in texts]
    intents = [{"ticket_id": "c", "assigned_category_id": "leaving"}]
    for name, rows in (("redacted_comments", comments), ("ticket_splits", splits), ("ticket_intents", intents)):
        write_parquet(pd.DataFrame(rows), lake.folder / f"{name}.parquet")
    write_parquet(pd.DataFrame(tickets), lake.marts / "fct_tickets.parquet")
    return lake


def test_mining_reads_the_past_without_holdout_and_is_kept_for_this_spec_only(desk, monkeypatch):
    lake = lake_with_tickets(desk)
    monkeypatch.setattr("orchestration.resources.EncoderResource.load", lambda self: HashingEncoder())
    spec = load_behavior(desk)
    mined = mine(load_desk(desk), spec)
    assert {(hit.trigger_id, hit.ticket_id) for hit in mined.hits} == {("cancelling", "a"), ("refund_above_limit", "b")}
    assert [one.ticket_id for one in mined.near_misses if one.trigger_id is None] == ["c"]
    assert kept(lake, spec) == mined
    said = run(desk, "check", "--mine")
    assert said.exit_code == 0, said.output
    assert "cancelling: 1 of 3 past tickets" in said.output
    assert "Fires on 1 of 3 past tickets" in write_behavior_page(load_desk(desk), None).read_text(encoding="utf-8")
    edit(desk, "Robin", "Bea")
    assert kept(lake, load_behavior(desk)) is None


def test_mining_needs_an_audit(desk):
    said = run(desk, "check", "--mine")
    assert said.exit_code == 1
    assert "understudy run" in said.stderr
