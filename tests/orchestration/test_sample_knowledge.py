"""The demo on the sample desk: reviewed knowledge is live and found, and stops by itself when a price changes."""

import csv
import json

import pytest
import yaml

from orchestration.lake import Lake
from tests.desks import SAMPLE, ask, copy_of, demo_desk, understudy

pytestmark = pytest.mark.graph
CHECKS = (
    "knowledge_is_fresh", "knowledge_does_not_contradict", "every_entry_has_an_owner", "knowledge_is_safe",
    "first_tier_is_covered",
)  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A copy: prices and entries are changed here."""
    return copy_of(demo_desk(tmp_path_factory), tmp_path_factory.mktemp("knowledge"))


def red_checks(desk) -> str:
    return understudy("status", desk=desk).stdout


def test_the_demo_says_what_was_simulated_and_what_is_live(desk):
    said = (desk / "said.txt").read_text()
    assert "Simulated reviewer" in said
    assert "Simulated support lead" in said
    assert "live entries" in said
    assert "is a fictional company" in said
    for file in (desk / "knowledge").rglob("*.md"):
        assert "owner:" in file.read_text(encoding="utf-8")


def test_after_reviews_every_knowledge_check_is_green(desk):
    status = red_checks(desk)
    assert "training_roadmap" in status
    for check in CHECKS:
        assert check not in status, status
    coverage = ask(
        desk, "select category_id, is_covered, count_live_entries from knowledge_coverage where is_first_tier"
    )
    assert coverage
    assert all(row["is_covered"] and row["count_live_entries"] >= 3 for row in coverage)


def test_who_accepted_what_is_in_the_ledger(desk):
    (row,) = ask(
        desk,
        "select count(*) entries, count(distinct accepted_by) people, min(accepted_by) who from live_entries",
    )
    assert row["entries"] > 40
    assert (row["people"], row["who"]) == (1, "Simulated reviewer")
    signed = ask(desk, "select count(*) n from ledger_events where event_type = 'knowledge_entry_accepted'")
    assert signed[0]["n"] >= row["entries"]
    assert understudy("ledger", "verify", desk=desk).returncode == 0


def test_no_draft_and_no_entry_knows_a_holdout_ticket(desk):
    for table in ("knowledge_drafts", "live_entries"):
        (row,) = ask(
            desk,
            f"select count(*) used, count(*) filter (where s.split is distinct from 'train') outside from "
            f'(select unnest(from_json(sources, \'[{{"kind": "varchar", "id": "varchar"}}]\')) one from {table}) '
            f"left join ticket_splits s on s.ticket_id = one.id where one.kind = 'ticket'",
        )
        assert row["used"] > 0
        assert row["outside"] == 0


def test_planted_questions_reach_their_entry_under_their_condition(desk):
    """Every wording of the key's pairs, a quarter of which no history ever held, with the context that decides."""
    from assets.audit_tickets.vectors.encoder import load_encoder
    from assets.build_knowledge.retrieval.index_files import load_index
    from assets.build_knowledge.retrieval.retrieve import retrieve

    lake = Lake(desk / ".understudy")
    built = lake.read("retrieval_index")
    index = load_index(lake.models / built["index_version"].iloc[0])
    encode = load_encoder("all-MiniLM-L6-v2", 256).encode
    live = set(built["entry_id"])
    asked, missed = {}, []
    with (SAMPLE / "answer_key" / "condition_pairs.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            for side in "ab":
                entry = row[f"entry_{side}"].replace("_", "-")
                context = {
                    name: str(values[0]).lower() for name, values in json.loads(row[f"conditions_{side}"]).items()
                }
                if entry in live:
                    asked |= {(entry, phrasing): context for phrasing in json.loads(row["phrasings"])}
    for (entry, phrasing), context in asked.items():
        hits = retrieve(index, phrasing, context, 1, encode=encode).hits
        if not hits or hits[0].entry_id != entry:
            missed.append((entry, phrasing, context))
    assert len(asked) > 200
    assert len(missed) <= 0.05 * len(asked), missed


def test_missing_context_keeps_both_answers_and_says_what_would_decide(desk):
    done = understudy("ask", "How do I reset my password?", "-k", "2", desk=desk)
    assert done.returncode == 0, done.stderr
    assert "password-reset-sso" in done.stdout
    assert "password-reset-standard" in done.stdout
    assert "depends on sso" in done.stdout
    decided = understudy("ask", "How do I reset my password?", "--context", "sso=true", "-k", "2", desk=desk)
    assert "password-reset-sso" in decided.stdout
    assert "password-reset-standard" not in decided.stdout
    wrong = understudy("ask", "How?", "--context", "sso", desk=desk)
    assert wrong.returncode == 1
    assert "field=value" in wrong.stderr


def test_an_edit_re_encodes_that_entry_alone_and_unsigns_it(desk):
    file = next((desk / "knowledge").rglob("invoice-standard.md"))
    text = file.read_text(encoding="utf-8")
    before = {
        row["vector_id"]: row["entry_id"] for row in ask(desk, "select vector_id, entry_id from knowledge_vectors")
    }
    file.write_text(text.replace("question: ", "question: Please tell me, ", 1), encoding="utf-8")
    try:
        unsigned = understudy("run", "build_knowledge", desk=desk)
        aside = ask(desk, "select entry_id from entries_set_aside")
        assert {"entry_id": "invoice-standard"} in aside, unsigned.stdout
        accepted = understudy(
            "knowledge", "accept", "invoice-standard", "--by", "Ada Moreno", "--role", "support lead", desk=desk
        )
        assert accepted.returncode == 0, accepted.stderr
        assert understudy("run", "build_knowledge", desk=desk).returncode == 0
        after = {
            row["vector_id"]: row["entry_id"] for row in ask(desk, "select vector_id, entry_id from knowledge_vectors")
        }
        assert {before[one] for one in before.keys() - after.keys()} == {"invoice-standard"}
        assert {after[one] for one in after.keys() - before.keys()} == {"invoice-standard"}
    finally:
        file.write_text(text, encoding="utf-8")
    assert understudy("run", "build_knowledge", desk=desk).returncode == 0


def test_a_broken_file_harms_no_other_entry(desk):
    broken = desk / "knowledge" / "password_reset" / "broken.md"
    broken.write_text("---\nid: broken\ncategory: nonsense\n---\nAn answer.\n", encoding="utf-8")
    try:
        done = understudy("run", "build_knowledge", desk=desk)
        assert done.returncode == 0, done.stderr
        (row,) = ask(desk, "select file, detail from rejected_entries")
        assert "broken.md" in row["file"]
        assert "nonsense" in row["detail"] or "question" in row["detail"]
        assert {"entry_id": "password-reset-sso"} in ask(desk, "select entry_id from live_entries")
    finally:
        broken.unlink()


def test_a_price_change_blocks_the_run_and_takes_the_entry_out(desk):
    """Last of this file: the desk is red afterwards."""
    priced = [
        entry for entry in yaml.safe_load((SAMPLE / "answer_key" / "entries.yaml").read_text(encoding="utf-8"))["entries"]
        if "EUR 11" in entry["answer"]
    ]  # fmt: skip
    live = {row["entry_id"] for row in ask(desk, "select entry_id from live_entries")}
    mine = {entry["id"].replace("_", "-") for entry in priced} & live
    assert mine, "no live entry names the price"
    with (desk / "releases.csv").open("a", encoding="utf-8") as handle:
        handle.write(
            '2026-06-10,price,Pro price June,,"Pro costs EUR 13 / USD 14 per seat and month (before: EUR 11 / USD 12)",pro price;pricing\n'
        )
    done = understudy("run", "build_knowledge", "--as-of", "2026-06-11", desk=desk)
    assert done.returncode == 1
    assert "knowledge_is_fresh" in done.stderr
    left = {row["entry_id"] for row in ask(desk, "select entry_id from live_entries")}
    assert not mine & left
    assert not mine & {row["entry_id"] for row in ask(desk, "select entry_id from knowledge_vectors")}
    (entry,) = sorted(mine)[:1]
    shown = understudy("ask", "How much does Pro cost per seat?", "-k", "10", desk=desk)
    assert shown.returncode == 0, shown.stderr
    assert f"{entry}:" not in shown.stdout
