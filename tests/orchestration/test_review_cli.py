"""``understudy review`` and ``understudy outbox`` over small hand-made lakes."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import Any

import pandas as pd
import pytest
from rich.console import Console
from typer.testing import CliRunner

from assets.pilot_agent.answers.frames import ANSWER, REVIEW, frame_of
from ledger.deliveries import deliveries
from ledger.pilots import set_share
from ledger.reviews import answer_reviews
from ledger.store import open_ledger
from orchestration.cli.outbox import outbox
from orchestration.cli.review import review
from orchestration.cli.review_screen import show_answer
from orchestration.cli.review_session import Hands, review_queue
from orchestration.cli.spreadsheet_cells import escaped, unescaped
from orchestration.lake import Lake, write_parquet

DESK = """desk_id: acme
company: Acme (fictional)
helpdesks: [{name: zendesk, kind: zendesk, exports: "zendesk-*"}]
"""
CATEGORIES = "categories: [{id: login, name: Login, bucket: automate}, {id: refund, name: Refund, bucket: escalate}]\n"
WHO = ["--by", "Noor Haddad", "--role", "reviewer"]
START = pd.Timestamp("2026-03-02T09:00Z")
ESCAPES = "Hello \x1b[2J\x1b]0;owned\x07[bold]you[/bold] =1+1"


def answer(number: int, **changes: Any) -> dict[str, Any]:
    asked = START + pd.Timedelta(hours=number)
    return {
        **dict.fromkeys(ANSWER),
        "answer_id": f"a{number}", "pilot_id": "spring", "ticket_id": f"zendesk:{number}", "turn": 1,
        "requester_id": f"p{number}", "created_at": asked, "asked_at": asked, "decided_at": asked, "phase": "shadow",
        "mode": "shadow", "action": "answer", "category_id": "login", "confidence": 0.9, "threshold": 0.8,
        "reply": f"Reply {number}.", "is_suggestion": False, "entry_ids": ["log-in"], "entry_hashes": ["f"], "steps": [],
        "reasons": json.dumps([{"step": "threshold", "sentence": "Sure enough."}]), "context": '{"plan": "pro"}',
        "question": f"Question {number}?", "conversation": "[]", **changes,
    }  # fmt: skip


ANSWERS = [
    answer(1),
    answer(2, action="escalate", category_id="refund", reply=None, handoff_reason="A refund is for people."),
    answer(3, mode="rollout", reply="=HYPERLINK(1)", arm="ai"),
    answer(4, mode="control"),
    answer(5, question=ESCAPES, reply=ESCAPES, ticket_id="zendesk:1", turn=2, pilot_id="spring"),
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("UNDERSTUDY_DESK", "UNDERSTUDY_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "240")
    (tmp_path / "desk.yaml").write_text(DESK)
    (tmp_path / "categories.yaml").write_text(CATEGORIES)
    lake = Lake(tmp_path / ".understudy")
    lake.prepare()
    write_parquet(frame_of(ANSWERS, ANSWER), lake.folder / "shadow_answers.parquet")
    tickets = pd.DataFrame(
        [(f"zendesk:{number}", "zendesk", f"{number}") for number in range(1, 5)],
        columns=["ticket_id", "source", "helpdesk_ticket_id"],
    )
    write_parquet(tickets, lake.marts / "fct_tickets.parquet")
    return tmp_path


def run(folder, *arguments: str, code: int = 0) -> str:
    app = {"review": review, "outbox": outbox}[arguments[0]]
    done = CliRunner().invoke(app, [*arguments[1:], "--desk", str(folder)])
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    return done.output


def flat(text: str) -> str:
    return " ".join(text.split())


def ledger_of(folder):
    return open_ledger(Lake(folder / ".understudy").ledger_file)


def said(folder) -> list[tuple[str, str, str]]:
    with ledger_of(folder) as ledger:
        return [(row.answer_id, row.reviewer, row.tag) for row in answer_reviews(ledger).itertuples()]


def put_share(folder, share: float) -> None:
    with ledger_of(folder) as ledger:
        set_share(
            ledger, "spring", share, plan_hash="f" * 64, by="Ada Moreno", role="support lead",
            occurred_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), known_roles=["support lead"], reason="As planned.",
        )  # fmt: skip


def sheet(folder, text: str, name: str = "reviews.csv"):
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_untagged_answers_come_first_and_the_control_arm_never(folder):
    run(folder, "review", "tag", "a1", "--tag", "correct", *WHO)
    rows = [json.loads(line) for line in run(folder, "review", "list", "--format", "json").splitlines()]
    assert [row["answer_id"] for row in rows] == ["a2", "a3", "a5", "a1"]
    assert rows[-1]["tags"] == "Noor Haddad: correct"
    rows = [json.loads(line) for line in run(folder, "review", "list", "--untagged", "--format", "json").splitlines()]
    assert "a1" not in [row["answer_id"] for row in rows]
    only = run(folder, "review", "list", "--category", "refund", "--mode", "shadow", "--limit", "1")
    assert "a2" in only
    assert "a3" not in only


def test_tags_of_the_helpdesk_count_as_tags(folder):
    row = {
        **dict.fromkeys(REVIEW), "review_id": "r", "answer_id": "a2", "reviewer": "0f0f", "source": "helpdesk",
        "reviewed_at": START, "tag": "correct", "is_current": True,
    }  # fmt: skip
    write_parquet(frame_of([row], REVIEW), Lake(folder / ".understudy").folder / "answer_reviews.parquet")
    rows = [json.loads(line) for line in run(folder, "review", "list", "--untagged", "--format", "json").splitlines()]
    assert [row["answer_id"] for row in rows] == ["a1", "a3", "a5"]


def test_what_a_customer_wrote_does_not_steer_the_terminal_or_a_spreadsheet(folder):
    assert "\x1b" not in run(folder, "review", "list")
    printed = run(folder, "review", "list", "--format", "csv")
    rows = {row["answer_id"]: row for row in csv.DictReader(io.StringIO(printed))}
    assert rows["a3"]["reply"] == "'=HYPERLINK(1)"
    output = io.StringIO()
    for width in (80, 160):
        show_answer(frame_of(ANSWERS, ANSWER).to_dict("records")[4], {}, "1 of 1", Console(file=output, width=width))
    assert "\x1b" not in output.getvalue()
    assert "[bold]you[/bold]" in output.getvalue(), "shown as it was written"


def test_a_screen_shows_question_reply_entries_and_reasons(folder):
    output = io.StringIO()
    row = answer(1, conversation=json.dumps([{"author": "customer", "text": "It broke."}]))
    entries = {"log-in": {"question": "How do I log in at all?"}}
    show_answer(frame_of([row], ANSWER).to_dict("records")[0], entries, "3 of 40", Console(file=output, width=140))
    shown = flat(output.getvalue())
    for words in (
        "3 of 40",
        "It broke.",
        "Question 1?",
        "plan pro",
        "Reply 1.",
        "How do I log in at all?",
        "Sure enough.",
    ):
        assert words in shown


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a9", "--tag", "correct"], "there is no answer 'a9'"),
        (["a4", "--tag", "correct"], "shown to nobody"),
        (["a1", "--tag", "fine"], "there are correct, needs_improvement, incorrect"),
        (["a1", "--tag", "correct", "--decision", "edit"], "give the edited reply"),
        (["a1", "--tag", "correct", "--role", "intern"], "'intern' is not a role"),
    ],
)
def test_a_review_that_cannot_be_is_one_clear_error(folder, arguments, words):
    output = flat(run(folder, "review", "tag", *WHO, *arguments, code=1))
    assert words in output
    assert said(folder) == []


def test_a_changed_mind_must_be_said(folder):
    run(folder, "review", "tag", "a1", "--tag", "correct", *WHO)
    assert "nothing was recorded" in run(folder, "review", "tag", "a1", "--tag", "correct", *WHO)
    assert "--replaces" in run(folder, "review", "tag", "a1", "--tag", "incorrect", *WHO, code=1)
    run(folder, "review", "tag", "a1", "--tag", "incorrect", "--replaces", *WHO)
    assert said(folder) == [("a1", "Noor Haddad", "incorrect")]


def test_a_file_of_several_reviewers_is_recorded_whole(folder):
    file = sheet(
        folder,
        "\ufeffticket_id;answer_id;tag;reason;comment;reviewer;mood\n"
        "zendesk:1;;correct;;'=1+1;;x\n"
        ';a2;incorrect;needless_escalation;"two\nlines";Ada Moreno;\n'
        ";a3;;;;;\n",
    )
    output = run(folder, "review", "import", file, *WHO)
    assert "2 reviews recorded, by Ada Moreno, Noor Haddad." in output
    assert "1 rows say nothing" in output
    with ledger_of(folder) as ledger:
        frame = answer_reviews(ledger).set_index("answer_id")
    assert frame["reviewer"].to_dict() == {"a5": "Noor Haddad", "a2": "Ada Moreno"}, "a ticket means its last answer"
    assert frame["comment"].to_dict() == {"a5": "=1+1", "a2": "two\nlines"}
    assert set(frame["source"]) == {"csv"}
    assert "0 reviews recorded" in run(folder, "review", "import", file, *WHO), "the same file again says nothing new"


def test_every_bad_row_is_named_with_its_line_and_nothing_is_recorded(folder):
    run(folder, "review", "tag", "a3", "--tag", "correct", *WHO)
    file = sheet(
        folder,
        "answer_id,ticket_id,tag,decision,comment\n"
        'a1,,correct,,"a\nb"\n'
        "a9,,correct,,\n"
        "\n"
        ",zendesk:77,correct,,\n"
        "a2,,good,,\n"
        "a2,,,approve,\n"
        "a2,,correct,edit,\n"
        "a2,zendesk:1,correct,,\n"
        ",,correct,,\n"
        "a4,,correct,,\n"
        "a1,,incorrect,,\n"
        "a5,,correct\n",
    )
    output = flat(run(folder, "review", "import", file, *WHO, code=1))
    for line, words in (
        (4, "there is no answer 'a9'"), (6, "no answer to ticket 'zendesk:77'"), (7, "'good'"), (8, "gives no tag"),
        (9, "give the edited reply"), (10, "belongs to ticket zendesk:2"), (11, "names neither"), (12, "shown to nobody"),
        (13, "contradicts line 2"), (14, "has 3 cells"),
    ):  # fmt: skip
        assert f"reviews.csv:{line}: " in output
        assert words in output.split(f"reviews.csv:{line}: ")[1].split("reviews.csv:")[0]
    assert "10 rows are not right" in output
    assert said(folder) == [("a3", "Noor Haddad", "correct")]


def test_a_file_that_contradicts_the_ledger_says_where(folder):
    run(folder, "review", "tag", "a1", "--tag", "correct", *WHO)
    file = sheet(folder, "answer_id,tag\na2,correct\na1,incorrect\n")
    output = flat(run(folder, "review", "import", file, *WHO, code=1))
    assert "reviews.csv:3: Noor Haddad has reviewed answer a1 before" in output
    assert said(folder) == [("a1", "Noor Haddad", "correct")]
    run(folder, "review", "import", file, "--replaces", *WHO)
    assert sorted(said(folder)) == [("a1", "Noor Haddad", "incorrect"), ("a2", "Noor Haddad", "correct")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"answer_id,verdict\na1,correct\n", "needs the columns tag and answer_id"),
        (b"answer_id,tag,tag\na1,correct,incorrect\n", "names the column tag twice"),
        (b"answer_id,tag\na1,caf\xe9\n", "is not UTF-8"),
        (b'answer_id,tag\na1,correct\na2,"correct\n', "reviews.csv:3: the row that begins here is no CSV"),
    ],
)
def test_a_file_that_is_none_is_one_clear_error(folder, content, words):
    file = folder / "reviews.csv"
    file.write_bytes(content)
    assert words in flat(run(folder, "review", "import", str(file), *WHO, code=1))
    assert said(folder) == []


def test_a_sheet_that_was_listed_can_be_filled_in_and_imported(folder):
    listed = list(csv.DictReader(io.StringIO(run(folder, "review", "list", "--format", "csv"))))
    listed[0]["tag"], listed[0]["comment"] = "correct", "-fine"
    output = io.StringIO()
    writer = csv.DictWriter(output, list(listed[0]))
    writer.writeheader()
    writer.writerows(listed)
    assert "1 reviews recorded" in run(folder, "review", "import", sheet(folder, output.getvalue()), *WHO)


def test_nobody_at_the_terminal_is_a_clear_error(folder):
    assert "nobody is at this terminal" in flat(run(folder, "review", "next", *WHO, code=1))


def test_no_answers_yet_says_what_to_run(folder):
    (Lake(folder / ".understudy").folder / "shadow_answers.parquet").unlink()
    for arguments in (["review", "list"], ["outbox", "list"], ["review", "tag", "a1", "--tag", "correct", *WHO]):
        assert "understudy run pilot_agent" in flat(run(folder, *arguments, code=1))


def session(keys: list[str], rows: list[dict[str, Any]], edited: str | None = None, lines: str = "A word."):
    """What a session records, takes back and says, for these keys."""
    recorded: list[Any] = []
    taken_back: list[str] = []
    sentences: list[str] = []
    pressed = iter(keys)
    hands = Hands(
        key=lambda fresh: next(pressed, ""), line=lambda question: lines, edit=lambda text: edited,
        show=lambda answer, place: sentences.append(place), say=sentences.append, record=recorded.append,
        undo=taken_back.append,
    )  # fmt: skip
    count = review_queue(rows, hands)
    return recorded, taken_back, sentences, count


DRAFT, HANDOVER, SENT = answer(1), answer(2, action="escalate"), answer(3, mode="rollout")


def test_one_key_tags_and_another_decides_in_either_order():
    recorded, _, _, count = session(["1", "a", "r", "3", "5"], [DRAFT, answer(6)])
    assert count == 2
    assert [(one.answer_id, one.tag, one.reason, one.decision) for one in recorded] == [
        ("a1", "correct", None, "approve"), ("a6", "incorrect", "outdated", "reject"),
    ]  # fmt: skip


def test_what_was_sent_or_handed_over_needs_a_tag_only():
    recorded, _, _, _ = session(["1", "2", "\r"], [HANDOVER, SENT])
    assert [(one.answer_id, one.tag, one.decision) for one in recorded] == [
        ("a2", "correct", None), ("a3", "needs_improvement", None),
    ]  # fmt: skip


def test_enter_records_a_tag_without_a_decision_and_words_are_kept():
    (recorded,), _, _, _ = session(["c", "\r", "2", "6", "w", "\r"], [DRAFT])
    assert (recorded.tag, recorded.reason, recorded.decision) == ("needs_improvement", "tone", None)
    assert (recorded.comment, recorded.right_answer) == ("A word.", "A word.")


def test_an_edit_that_changes_nothing_is_none():
    recorded, _, _, _ = session(["1", "e"], [DRAFT], edited="Reply 1.")
    assert recorded == []
    (one,), _, _, _ = session(["1", "e"], [DRAFT], edited="Better.\n")
    assert (one.decision, one.edited_reply) == ("edit", "Better.")


def test_what_is_incorrect_is_not_approved_by_a_slip():
    recorded, _, sentences, _ = session(["3", "1", "a", "r"], [DRAFT])
    assert [(one.tag, one.decision) for one in recorded] == [("incorrect", "reject")]
    assert any("edit or reject it" in sentence for sentence in sentences)
    recorded, _, _, _ = session(["a", "3", "1", "r"], [DRAFT])
    assert [(one.tag, one.decision) for one in recorded] == [("incorrect", "reject")]


def test_skip_undo_and_quit():
    keys = ["u", "s", "1", "u", "3", "4", "q"]
    recorded, taken_back, sentences, count = session(keys, [DRAFT, SENT, HANDOVER])
    assert [(one.answer_id, one.tag) for one in recorded] == [("a3", "correct"), ("a3", "incorrect")]
    assert taken_back == ["a3"]
    assert count == 1
    assert any("nothing to undo" in sentence for sentence in sentences)
    assert sentences.count("2 of 3") == 2, "what was taken back is shown again"


@pytest.mark.parametrize("keys", [[""], ["3", ""], ["3", "q", "q"], ["3", "\x03", "\x03"], ["\x1b[A", "x", "12", ""]])
def test_breaking_off_records_nothing(keys):
    assert session(keys, [SENT])[0] == []


def test_the_queue_of_a_second_reviewer_holds_what_another_tagged(folder):
    from desk.loading import load_desk
    from orchestration.people.review_desk import queue

    run(folder, "review", "tag", "a1", "--tag", "correct", *WHO)
    desk = load_desk(folder)
    assert [row["answer_id"] for row in queue(desk, "Ada Moreno")] == ["a2", "a3", "a5"]
    assert [row["answer_id"] for row in queue(desk, "Ada Moreno", is_second=True)] == ["a1"]
    assert queue(desk, "noor haddad", is_second=True) == []


def test_a_session_undoes_in_the_ledger(folder):
    from desk.loading import load_desk
    from ledger.reviews import AnswerReview
    from orchestration.cli.review import _hands

    run(folder, "review", "tag", "a1", "--tag", "correct", *WHO)
    hands = _hands(load_desk(folder), "Noor Haddad", "reviewer")
    hands.record(AnswerReview("a1", "incorrect"))
    hands.record(AnswerReview("a2", "correct"))
    assert sorted(said(folder)) == [("a1", "Noor Haddad", "incorrect"), ("a2", "Noor Haddad", "correct")]
    hands.undo("a1")
    hands.undo("a2")
    assert said(folder) == [("a1", "Noor Haddad", "correct")]


def test_what_is_ready_is_exported_with_the_helpdesks_ids(folder):
    put_share(folder, 0.15)
    run(folder, "review", "tag", "a5", "--tag", "correct", "--decision", "approve", *WHO)
    for name in ("out.jsonl", "out.csv"):
        assert "2 replies ready" in run(folder, "outbox", "export", str(folder / name))
    rows = [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()]
    assert [(row["answer_id"], row["helpdesk"], row["helpdesk_ticket_id"]) for row in rows] == [
        ("a3", "zendesk", "3"), ("a5", "zendesk", "1"),
    ]  # fmt: skip
    assert rows[0]["reply"] == "=HYPERLINK(1)"
    assert rows[1]["reply"] == ESCAPES, "texts as they are"
    with (folder / "out.csv").open(newline="") as handle:
        assert next(csv.DictReader(handle))["reply"] == "'=HYPERLINK(1)"


def test_a_stopped_rollout_sends_nothing_whatever_was_published(folder):
    put_share(folder, 0.15)
    file = folder / "out.jsonl"
    assert "1 replies ready" in run(folder, "outbox", "export", str(file))
    put_share(folder, 0.0)
    output = run(folder, "outbox", "export", str(file))
    assert "0 replies ready" in output
    assert "1 replies are withheld" in output
    assert file.read_text() == ""
    rows = [json.loads(line) for line in run(folder, "outbox", "list", "--format", "json").splitlines()]
    assert [(row["answer_id"], row["status"]) for row in rows] == [("a3", "withheld")]


def test_a_rollout_nobody_started_sends_nothing(folder):
    assert "0 replies ready" in run(folder, "outbox", "export", str(folder / "out.csv"))


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv"])
def test_what_was_exported_is_delivered_in_its_own_words(folder, name):
    put_share(folder, 0.15)
    file = str(folder / name)
    run(folder, "outbox", "export", file)
    assert "1 deliveries recorded" in run(folder, "outbox", "delivered", file, *WHO)
    with ledger_of(folder) as ledger:
        assert deliveries(ledger)["reply"].tolist() == ["=HYPERLINK(1)"]
    assert "0 deliveries recorded. 1 were recorded before." in flat(run(folder, "outbox", "delivered", file, *WHO))
    assert "0 replies ready" in run(folder, "outbox", "export", file), "it does not go out twice"
    assert "a3" in run(folder, "outbox", "list", "--status", "delivered")


def test_what_was_sent_without_being_released_is_recorded_and_said(folder):
    output = run(folder, "outbox", "delivered", sheet(folder, "answer_id\na1\n"), *WHO)
    assert "although nothing had released them: a1" in flat(output)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("out.csv", "answer_id\na1\na9\n", "out.csv:3: there is no answer 'a9'"),
        ("out.csv", "answer_id\na4\n", "control arm"),
        ("out.csv", "id\na1\n", "lacks the column answer_id"),
        ("out.csv", "answer_id\n", "names no answer"),
        ("out.jsonl", '{"answer_id": "a1"}\n{"answer_id"\n', "out.jsonl:2: is no JSON"),
        ("out.jsonl", "[1]\n", "out.jsonl:1: names no answer_id"),
        ("out.txt", "a1", "names no format"),
    ],
)
def test_a_bad_file_of_deliveries_records_nothing(folder, name, content, words):
    assert words in flat(run(folder, "outbox", "delivered", sheet(folder, content, name), *WHO, code=1))
    with ledger_of(folder) as ledger:
        assert deliveries(ledger).empty


def test_an_export_needs_a_format_and_a_place(folder):
    assert "names no format" in run(folder, "outbox", "export", str(folder / "out.xlsx"), code=1)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "'=1", "''-", "it's", "'tis", "", "\t=", "plain"])
def test_an_escaped_cell_runs_nowhere_and_comes_back_as_it_was(text):
    assert escaped(text)[:1] not in tuple("=+-@\t")
    assert unescaped(escaped(text)) == text
