"""The frame of redacted comments: its shape, what is taken over, what is computed anew."""

import json

import pandas as pd
import pytest

from assets.audit_tickets.texts import redacted_comments as module
from assets.audit_tickets.texts.redacted_comments import COLUMNS, redact_comments


def comments(*rows: dict) -> pd.DataFrame:
    defaults = {
        "ticket_id": "desk:1", "author_role": "requester", "is_public": True, "channel": "email", "body_html": None,
        "body_text": None, "subject": None, "requester_name": "Annika Lindqvist",
        "requester_email": "annika@example.org",
        "author_name": None,
    }  # fmt: skip
    frame = pd.DataFrame([{**defaults, "comment_id": f"desk:c{n}", **row} for n, row in enumerate(rows)])
    frame["created_at"] = pd.to_datetime(
        [row.get("created_at", f"2025-01-01T0{n}:00:00Z") for n, row in enumerate(rows)], utc=True
    )
    frame["body_hash"] = [f"h{row.get('body_html')}{row.get('body_text')}" for row in rows]
    return frame


@pytest.fixture
def frame() -> pd.DataFrame:
    return comments(
        {
            "subject": "Annika cannot log in",
            "body_html": "<p>It fails since Monday for ann@example.org</p><p>Annika</p>",
        },
        {"author_role": "staff", "author_name": "Tomasz Kaur", "body_text": "Hi Annika,\nplease restart it.\n\nTomasz"},
        {"body_text": "ok\n\nOn 3 Feb 2025, Tomasz <t@example.org> wrote:\n> please restart it"},
    )


def test_the_contract(frame):
    result = redact_comments(frame)
    assert list(result.columns) == list(COLUMNS)
    assert result["position"].tolist() == [1, 2, 3]
    assert result["subject"].isna().tolist() == [False, True, True]
    assert result.loc[0, "subject"] == "[NAME] cannot log in"
    assert result.loc[0, "text"] == "It fails since Monday for [EMAIL]\n\n[NAME]"
    assert result.loc[1, "text"] == "Hi [NAME],\nplease restart it.\n\n[NAME]"
    assert result.loc[2, "text"] == "ok"
    assert json.loads(result.loc[0, "redactions"]) == {"EMAIL": 1, "NAME": 2}
    assert result.loc[0, "count_redactions"] == 3
    assert result["redactor_version"].nunique() == 1
    assert result.loc[2, "language"] == "en"


def test_quotes_stay_outside_of_email():
    result = redact_comments(comments({"channel": "web", "body_text": "> which?\nthis one\n--\nbye now"}))
    assert result.loc[0, "text"] == "> which?\nthis one\n--\nbye now"


def test_a_message_of_nothing_but_a_quote_is_kept():
    html = '<blockquote type="cite">the whole message</blockquote>'
    assert redact_comments(comments({"body_html": html})).loc[0, "text"] == "> the whole message"


def test_rows_are_taken_over(frame, monkeypatch):
    first = redact_comments(frame)
    cleaned = []
    real = module.clean_comment
    monkeypatch.setattr(module, "clean_comment", lambda one: cleaned.append(one) or real(one))
    assert redact_comments(frame, previous=first).equals(first)
    assert cleaned == []
    changed = frame.copy()
    changed.loc[1, ["body_text", "body_hash"]] = ["another answer", "new"]
    again = redact_comments(changed, previous=first)
    assert len(cleaned) == 1
    assert again.loc[1, "text"] == "another answer"


def test_a_new_name_is_redacted_in_old_comments(frame):
    first = redact_comments(frame)
    later = pd.concat([frame, comments({"comment_id": "desk:c9", "author_role": "staff",
     "author_name": "Monday Okonkwo",
                                        "body_text": "done", "created_at": "2025-02-01T00:00:00Z"})])  # fmt: skip
    again = redact_comments(later, previous=first)
    assert again.equals(redact_comments(later))
    assert len(again) == 4


def test_rows_of_other_rules_are_computed_anew(frame, monkeypatch):
    first = redact_comments(frame)
    first["text"] = "old rules"
    monkeypatch.setattr("assets.audit_tickets.texts.redaction.REDACTOR_VERSION", "0" * 16, raising=False)
    assert (redact_comments(frame, previous=first)["text"] != "old rules").all()


def test_an_earlier_frame_without_hashes_is_ignored(frame):
    assert len(redact_comments(frame, previous=pd.DataFrame({"comment_id": ["desk:c0"]}))) == 3


def test_workers_change_nothing(frame, monkeypatch):
    monkeypatch.setattr(module, "MIN_ROWS_FOR_WORKERS", 1)
    monkeypatch.setattr(module, "BATCH_ROWS", 1)
    seen = []
    result = redact_comments(frame, workers=2, on_progress=lambda done, total: seen.append((done, total)))
    assert result.equals(redact_comments(frame, workers=1))
    assert seen[-1] == (3, 3)


def test_the_locale_decides_for_texts_too_short():
    frame = comments({"body_text": "ok"})
    frame["locale"] = "de-DE"
    assert redact_comments(frame).loc[0, "language"] == "de"
    assert redact_comments(frame.drop(columns="locale")).loc[0, "language"] == "und"


def test_no_comments_and_missing_columns(frame):
    empty = redact_comments(frame.head(0))
    assert list(empty.columns) == list(COLUMNS)
    assert len(empty) == 0
    with pytest.raises(ValueError, match="body_hash"):
        redact_comments(frame.drop(columns="body_hash"))


def test_broken_text_is_survived():
    result = redact_comments(comments({"body_text": "bad\x00 \u202etext", "subject": "\u200b"}, {"body_text": None}))
    assert result["text"].tolist() == ["bad text", ""]


def test_a_real_month_keeps_its_rows(shared_data):
    import gzip

    rows = []
    with gzip.open(
        shared_data / "thunderbird" / "zendesk" / "tickets-2024-03.ndjson.gz", "rt", encoding="utf-8"
    ) as lines:
        for _, line in zip(range(150), lines, strict=False):
            ticket = json.loads(line)
            rows += [
                {"comment_id": f"f:{c['id']}:{n}", "ticket_id": f"f:{ticket['id']}",
                 "body_html": c["html_body"], "channel": "web",
                 "requester_name": ticket["requester"]["name"], "requester_email": None, "created_at": c["created_at"]}
                for n, c in enumerate(ticket["comments"])
            ]  # fmt: skip
    result = redact_comments(comments(*rows))
    assert len(result) == len(rows)
    assert not result["text"].str.contains(r"person\.[0-9a-f]{6}@example\.org").any()
