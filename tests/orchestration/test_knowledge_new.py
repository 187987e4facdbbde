"""Entries from changed drafts and from corrections: what is offered, and that no measuring ticket ever teaches."""

import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import ANSWER, frame_of
from desk.knowledge import read_knowledge
from desk.loading import Desk, load_desk
from ledger.errors import SignOffError
from ledger.knowledge import accepted_entries, draft_decisions
from ledger.reviews import AnswerReview, record_reviews
from ledger.store import open_ledger
from orchestration.lake import Lake, write_parquet
from orchestration.people.knowledge_correction import NotForLearning, correction_of, corrections_that_may_teach
from orchestration.people.knowledge_desk import KnowledgeProblem, Reviewer
from orchestration.people.knowledge_files import open_entry
from orchestration.people.knowledge_new import (
    change_from_correction,
    draft_as_entry,
    entry_by_hand,
    entry_from_correction,
    entry_from_draft,
)
from orchestration.people.knowledge_review import accept, reject
from tests.orchestration.test_knowledge_files import CATEGORIES, DESK, ENTRY

AT = pd.Timestamp("2026-06-08 09:00", tz="UTC")
MIRA = Reviewer("Mira Okafor", "support lead", dt.datetime(2026, 6, 9, 9, tzinfo=dt.UTC))
REPLY = "Hi,\n\nPress *Reset*.\n\nBest wishes,\nBea"
RIGHT = "Open Settings > Security and press Reset; the link lives for 60 minutes."
QUESTION = "Hello team, how do I reset my pasword on the phone? [NAME]"


def answer(number: int, ticket: str, **changes) -> dict:
    return {
        **dict.fromkeys(ANSWER),
        "answer_id": f"{number:032x}",
        "ticket_id": ticket,
        "turn": 1,
        "mode": "shadow",
        "phase": "shadow",
        "asked_at": AT,
        "created_at": AT,
        "action": "draft",
        "category_id": "password_reset",
        "entry_ids": ["reset"],
        "entry_hashes": ["0" * 64],
        "steps": [],
        "tags_then": [],
        "reply": REPLY,
        "question": QUESTION,
        "context": json.dumps({"plan": "pro", "sso": "false", "page": "/login", "first_name": "Ida"}),
        **changes,
    }


def comment(ticket: str, role: str, text: str, minutes: int) -> dict:
    return {
        "comment_id": f"{ticket}#{minutes}",
        "ticket_id": ticket,
        "position": minutes,
        "author_role": role,
        "is_public": True,
        "created_at": AT + pd.Timedelta(minutes=minutes),
        "subject": "",
        "text": text,
        "language": "en",
        "text_hash": f"{role}-{ticket}",
    }


DRAFT = {
    "draft_id": "draft_00000000000a",
    "category_id": "billing",
    "question": "Where is my invoice?",
    "answer": "Under Billing.",
    "conditions": '{"plan": ["pro"]}',
    "phrasings": ["no invoice came"],
    "sources": json.dumps([{"kind": "article", "id": "zendesk:1", "hash": "ab"}]),
    "origin": "article_section",
    "why": "12 customers asked this",
    "suggested_owner": "Billing team",
    "score": 1.0,
    "status": "open",
}


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Desk:
    for name in ("UNDERSTUDY_DESK", "UNDERSTUDY_HOME"):
        monkeypatch.delenv(name, raising=False)
    signers = "signers: {roadmap: [support lead], knowledge: [knowledge owner, support lead], review: [support lead]}"
    (tmp_path / "desk.yaml").write_text(DESK.replace(DESK.splitlines()[3], signers))
    (tmp_path / "categories.yaml").write_text(CATEGORIES)
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "reset.md").write_text(ENTRY)
    loaded = load_desk(tmp_path)
    lake = Lake(loaded.home)
    lake.prepare()
    sides = {"zendesk:1": "train", "zendesk:2": "holdout", "zendesk:3": "calibration", "zendesk:4": "excluded"}
    publish(lake, "ticket_splits", [{"ticket_id": one, "split": side} for one, side in sides.items()])
    tickets = [*sides, "zendesk:5"]
    comments = [comment(one, "requester", QUESTION, 0) for one in tickets]
    publish(lake, "redacted_comments", [*comments, comment("zendesk:1", "assignee", RIGHT, 30)])
    publish(lake, "customer_questions", [{"ticket_id": "zendesk:9", "question": "?"}])
    publish(lake, "knowledge_drafts", [DRAFT])
    answers = [answer(number, one) for number, one in enumerate(tickets, start=1)]
    write_parquet(frame_of(answers, ANSWER), lake.folder / "shadow_answers.parquet")
    reviews = [AnswerReview(one["answer_id"], "incorrect", "missing_step", right_answer=f"{RIGHT}") for one in answers]
    with open_ledger(lake.ledger_file) as ledger:
        record_reviews(
            ledger, reviews, by="Noor Haddad", role="support lead", occurred_at=AT.to_pydatetime(),
            known_roles=["support lead"], source="console",
        )  # fmt: skip
    return loaded


def publish(lake: Lake, name: str, rows: list[dict]) -> None:
    write_parquet(pd.DataFrame(rows), lake.folder / f"{name}.parquet")


def name_of(number: int) -> str:
    return f"{number:032x}"


def files_of(desk: Desk) -> list[str]:
    return sorted(file.relative_to(desk.knowledge).as_posix() for file in desk.knowledge.rglob("*.md"))


FIELDS = {
    "category": "password_reset",
    "question": "How do I reset my password on the phone?",
    "answer": RIGHT,
    "phrasings": ["how do I reset my pasword on the phone?"],
    "owner": "Identity team",
}


def test_a_correction_offers_the_customers_question_and_the_right_answer(desk):
    found = correction_of(desk, name_of(1))
    assert found.question == "How do I reset my pasword on the phone?", "the asking sentence, without greeting and name"
    assert found.answer == RIGHT
    assert found.asked == QUESTION
    assert found.context == {"plan": "pro", "sso": "false"}, "facts that answers depend on, no page and no name"
    assert found.entry_ids == ("reset",)
    assert (found.reviewer, found.tag) == ("Noor Haddad", "incorrect")
    assert found.source == {"kind": "ticket", "id": "zendesk:1", "hash": "assignee-zendesk:1"}


def test_an_edited_reply_is_offered_without_the_agents_greeting_and_closing(desk):
    with open_ledger(Lake(desk.home).ledger_file) as ledger:
        edited = REPLY.replace("Press *Reset*.", "Press Reset, then wait.")
        review = AnswerReview(name_of(1), "needs_improvement", decision="edit", edited_reply=edited)
        record_reviews(
            ledger, [review], by="Noor Haddad", role="support lead", occurred_at=AT.to_pydatetime(),
            known_roles=["support lead"], source="console", replaces=True,
        )  # fmt: skip
    assert correction_of(desk, name_of(1)).answer == "Press Reset, then wait."


def test_a_correction_that_says_what_an_entry_says_names_it(desk):
    entry_by_hand(desk, FIELDS, MIRA, accepts=False)
    assert correction_of(desk, name_of(1)).alike == ("how-do-i-reset-my-password-on-the-phone",)


@pytest.mark.parametrize(
    ("number", "says"),
    [(2, "measure how good"), (3, "how sure"), (4, "hangs together"), (5, "not decided yet")],
    ids=["holdout", "calibration", "excluded", "not in any split"],
)
def test_only_training_tickets_teach(desk, number, says):
    before = files_of(desk)
    with pytest.raises(NotForLearning, match=says):
        correction_of(desk, name_of(number))
    with pytest.raises(NotForLearning):
        entry_from_correction(desk, name_of(number), FIELDS, MIRA, accepts=True)
    with pytest.raises(NotForLearning):
        change_from_correction(desk, open_entry(desk, "reset"), name_of(number), {"answer": RIGHT})
    assert files_of(desk) == before
    assert "Press *Reset*." in (desk.knowledge / "reset.md").read_text()


def test_other_corrections_are_offered_of_training_tickets_alone(desk):
    found = corrections_that_may_teach(desk, "password_reset")
    assert found["answer_id"].tolist() == [name_of(1)]
    assert corrections_that_may_teach(desk, "billing").empty


def test_a_correction_becomes_an_entry_with_its_ticket_as_source_and_one_signature(desk):
    opened, _ = entry_from_correction(desk, name_of(1), FIELDS, MIRA, accepts=True, review_by=dt.date(2026, 9, 1))
    entry = open_entry(desk, opened.entry.id).entry
    assert entry.status == "accepted"
    assert [one.model_dump() for one in entry.sources] == [
        {"kind": "ticket", "id": "zendesk:1", "hash": "assignee-zendesk:1"}
    ]
    assert entry.review_by == dt.date(2026, 9, 1)
    with open_ledger(Lake(desk.home).ledger_file) as ledger:
        signed = accepted_entries(ledger)
    assert signed[["entry_id", "content_hash", "accepted_by"]].values.tolist() == [
        [entry.id, entry.content_hash, "Mira Okafor"]
    ]


def test_without_acceptance_it_waits_as_a_draft(desk):
    opened, said = entry_from_correction(desk, name_of(1), FIELDS, MIRA, accepts=False)
    assert open_entry(desk, opened.entry.id).entry.status == "draft"
    assert said[-1] == "It waits to be accepted."


def test_a_source_cannot_be_claimed_by_hand_over_the_ticket(desk):
    forged = {**FIELDS, "sources": [{"kind": "ticket", "id": "zendesk:2", "hash": "x"}]}
    opened, _ = entry_from_correction(desk, name_of(1), forged, MIRA, accepts=False)
    assert [one.id for one in opened.entry.sources] == ["zendesk:1"]


def test_an_entry_can_be_changed_instead_and_names_the_ticket_once(desk):
    opened, _ = change_from_correction(desk, open_entry(desk, "reset"), name_of(1), {"answer": RIGHT})
    assert opened.entry.answer == RIGHT
    again, _ = change_from_correction(desk, opened, name_of(1), {"phrasings": ["locked out", "no link"]})
    assert [one.id for one in again.entry.sources] == ["zendesk:1"]


def test_a_role_that_may_not_accept_leaves_a_draft_at_most(desk):
    wrong = Reviewer("Noor Haddad", "reviewer", MIRA.at)
    with pytest.raises(SignOffError):
        entry_by_hand(desk, FIELDS, wrong, accepts=True)
    entries, _ = read_knowledge(desk.knowledge, ["password_reset", "billing"])
    assert all(entry.status == "draft" for entry in entries)


def test_a_changed_draft_keeps_where_it_came_from(desk):
    proposed = draft_as_entry(desk, DRAFT["draft_id"])
    fields = {"question": "Where do I find my invoice?", "answer": "Under Plan & billing.", "owner": "Billing team"}
    opened, _ = entry_from_draft(
        desk, DRAFT["draft_id"], fields, MIRA, shown=proposed.content_hash, accepts=True
    )  # fmt: skip
    entry = open_entry(desk, opened.entry.id).entry
    assert (entry.draft_id, entry.conditions, entry.status) == (DRAFT["draft_id"], {"plan": ["pro"]}, "accepted")
    assert [one.kind for one in entry.sources] == ["article"]
    with open_ledger(Lake(desk.home).ledger_file) as ledger:
        decided = draft_decisions(ledger)
    assert decided[["draft_id", "status"]].values.tolist() == [[DRAFT["draft_id"], "accepted"]]
    with pytest.raises(KnowledgeProblem, match="not open any more"):
        entry_from_draft(desk, DRAFT["draft_id"], fields, MIRA, shown=proposed.content_hash, accepts=True)


def test_what_one_person_decided_is_not_decided_over_unknowingly_by_another(desk):
    name = DRAFT["draft_id"]
    shown = draft_as_entry(desk, name).content_hash
    dele = Reviewer("Dele Akinfold", "support lead", MIRA.at, "nobody needs it")
    reject(desk, name, dele)
    with pytest.raises(KnowledgeProblem, match="Dele Akinfold has rejected this draft since you were shown it"):
        accept(desk, name, MIRA, owner="Mira Okafor", shown=shown)
    assert files_of(desk) == ["reset.md"]
    accept(desk, name, MIRA, owner="Mira Okafor")  # whoever decides anew, knowing it, may
    with pytest.raises(KnowledgeProblem, match="accepted this draft already: it is the entry “Where is my invoice"):
        reject(desk, name, dele)


def test_a_draft_that_is_another_one_now_is_refused(desk):
    with pytest.raises(KnowledgeProblem, match="not what you were shown"):
        entry_from_draft(desk, DRAFT["draft_id"], {}, MIRA, shown="0" * 64, accepts=True)


def test_an_answer_nobody_knows_is_refused(desk):
    with pytest.raises(KnowledgeProblem, match="there is no answer"):
        correction_of(desk, "<script>")


def test_a_desk_without_answers_says_so(desk):
    Path(Lake(desk.home).file("shadow_answers")).unlink()
    with pytest.raises(KnowledgeProblem, match="no answers"):
        correction_of(desk, name_of(1))
