"""The simulated reviewer judges what the agent really said against the answer key."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import ANSWER, frame_of
from desk.loading import Desk, load_desk
from examples import simulated_answer_review
from examples.brindlebase.source.pilot import NEW_TRUTH
from examples.simulated_answer_review import FIRST, SECOND, Judge, review_answers
from examples.simulated_review import answer_key_entries
from ledger.reviews import answer_reviews
from orchestration.resources import DeskResource

SAMPLE = Path(__file__).resolve().parents[2] / "examples" / "brindlebase"
KEY = {one["id"]: one["answer"] for one in answer_key_entries()}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name in ("desk.yaml", "categories.yaml", "behavior.yaml", "pilot.yaml"):
        shutil.copy2(SAMPLE / name, tmp_path / name)
    text = (tmp_path / "categories.yaml").read_text(encoding="utf-8")
    (tmp_path / "categories.yaml").write_text(text.replace("bucket: null", "bucket: automate"), encoding="utf-8")
    (tmp_path / "knowledge").mkdir()
    monkeypatch.delenv("UNDERSTUDY_HOME", raising=False)
    return load_desk(tmp_path)


def _truth(entry: str = "password_reset_standard", category: str = "password_reset", **other: Any) -> dict[str, Any]:
    return {"true_entry": entry, "true_category": category, "true_condition": {}, "should_escalate": False} | other


def _said(action: str, reply: str | None, category: str = "password_reset") -> dict[str, Any]:
    return {"action": action, "reply": reply, "category_id": category}


@pytest.mark.parametrize(
    ("answer", "truth", "tag", "reason"),
    [
        (_said("answer", f"Hi Ada,\n\n{KEY['password_reset_standard']}"), _truth(), "correct", None),
        (_said("answer", KEY["password_reset_sso"]), _truth(), "incorrect", "wrong_condition"),
        (_said("answer", KEY["two_factor_member"]), _truth(), "incorrect", "wrong_category"),
        (_said("answer", "Please wait a day."), _truth(), "incorrect", "wrong_answer"),
        (_said("answer", KEY["password_reset_standard"]), _truth(should_escalate=True), "incorrect", "should_have_escalated"),
        (_said("answer", KEY["invoice_standard"]), _truth(NEW_TRUTH["id"], "invoice_copy"), "incorrect", "outdated"),
        (_said("answer", KEY["invoice_legacy"]), _truth(NEW_TRUTH["id"], "invoice_copy"), "incorrect", "outdated"),
        (_said("answer", NEW_TRUTH["answer"]), _truth(NEW_TRUTH["id"], "invoice_copy"), "correct", None),
        (_said("answer", KEY["invoice_standard"]), _truth("invoice_standard", "invoice_copy"), "correct", None),
        (_said("ask", "Which plan?"), _truth(true_condition={"sso": False}), "correct", None),
        (_said("ask", "Which plan?"), _truth(), "needs_improvement", "other"),
        (_said("ask", "Which plan?", "vat_id"), _truth(true_condition={"sso": False}), "incorrect", "wrong_category"),
        (_said("ask", "Which plan?"), _truth(should_escalate=True), "incorrect", "should_have_escalated"),
        (_said("escalate", None), _truth(should_escalate=True), "correct", None),
        (_said("escalate", None), _truth(), "needs_improvement", "needless_escalation"),
        (_said("draft", KEY["password_reset_standard"]), _truth(), "correct", None),
    ],
)  # fmt: skip
def test_judgement(desk: Desk, answer: dict[str, Any], truth: dict[str, Any], tag: str, reason: str | None) -> None:
    judgement = Judge(desk).of(answer, truth)
    assert (judgement.tag, judgement.reason) == (tag, reason)


def test_an_answer_in_another_language_is_known_by_the_reviewed_entrys_words(desk: Desk) -> None:
    folder = desk.knowledge / "password_reset"
    folder.mkdir()
    german = "Auf der Anmeldeseite die Adresse eingeben und den Link zum Zurücksetzen anfordern, er gilt eine Stunde."
    (folder / "password-reset-standard.md").write_text(
        "---\nid: password-reset-standard\ncategory: password_reset\nquestion: Wie setze ich mein Passwort zurück?\n"
        "conditions: {sso: [false]}\nphrasings: []\nowner: Priya\nreviewed_at: 2026-06-03\nreview_by: 2026-11-30\n"
        f"valid_from: null\nvalid_until: null\nsources: []\nstatus: accepted\n---\n{german}\n",
        encoding="utf-8",
    )
    said = _said("answer", f"Hallo,\n\n{german}\n\nViele Grüße")
    assert Judge(desk).of(said, _truth()).tag == "correct"
    assert Judge(desk).of(said, _truth("password_reset_sso")).reason == "wrong_condition"


def _row(number: int, mode: str, action: str, reply: str | None) -> dict[str, Any]:
    at = pd.Timestamp("2026-06-10", tz="UTC")
    return dict.fromkeys(ANSWER) | {
        "answer_id": f"a{number}", "ticket_id": f"zendesk:{number}", "turn": 1, "created_at": at, "asked_at": at,
        "decided_at": at, "mode": mode, "action": action, "reply": reply, "category_id": "password_reset",
    }  # fmt: skip


def test_reviews_are_recorded_and_drafts_decided(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    resource = DeskResource(folder=str(desk.folder))
    right, wrong = KEY["password_reset_standard"], KEY["password_reset_sso"]
    rows = [_row(1, "shadow", "answer", right), _row(2, "shadow", "draft", wrong), _row(3, "rollout", "answer", right)]
    rows += [_row(4, "control", "answer", right), _row(5, "shadow", "escalate", right)]
    rows += [_row(number, "rollout", "answer", right) for number in range(10, 310)]
    frame_of(rows, ANSWER).to_parquet(resource.lake.folder / "shadow_answers.parquet")
    when = pd.DataFrame({"created_at": [rows[0]["created_at"]], "updated_at": [rows[0]["created_at"]]})
    when.to_parquet(resource.lake.marts / "fct_tickets.parquet")
    monkeypatch.setattr(simulated_answer_review, "pilot_truths", lambda _: {row["ticket_id"]: _truth() for row in rows})
    done = review_answers(desk)
    with resource.ledger as ledger:
        found = answer_reviews(ledger)
    first = found[found["reviewer"] == FIRST].set_index("answer_id")
    assert (first.at["a1", "decision"], first.at["a2", "decision"]) == ("approve", "reject")
    assert first.loc[["a3", "a5"], "decision"].isna().all()
    assert "a4" not in first.index
    assert done.tags["correct"] == 302
    second = found[found["reviewer"] == SECOND].set_index("answer_id")
    assert 40 < len(second) == done.second < 85
    differs = (second["tag"] != first["tag"].reindex(second.index)).mean()
    assert 0 < differs < 0.25
    assert str(done).startswith("Simulated reviewer: 304 answers tagged")
