from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from assets.sustain_learning.audit_work.audited import Audited, category_hash
from assets.sustain_learning.audit_work.closing import content_now
from assets.sustain_learning.audit_work.knowledge_audit import knowledge_audit
from assets.sustain_learning.audit_work.quarter import Quarter, item_id
from assets.sustain_learning.frames import AUDIT_ITEM
from tests.assets.sustain_learning.audit_work.knowledge import (
    ADA,
    BEN,
    OPENED,
    article,
    aside,
    audited,
    category,
    day,
    drift,
    finding,
    rests_on,
    version,
)

Q2, Q3, Q4 = (Quarter.named(f"2026-Q{number}") for number in (2, 3, 4))
LATER = day("2026-07-10")


def audit(
    known: Audited, previous: pd.DataFrame | None = None, as_of: pd.Timestamp = OPENED, quarter: Quarter = Q3
) -> pd.DataFrame:
    frame = knowledge_audit(quarter, known, previous, as_of=as_of, audit_days=30)
    assert list(frame.columns) == list(AUDIT_ITEM)
    return frame


def by_subject(frame: pd.DataFrame, quarter: Quarter = Q3) -> dict[str, dict[str, Any]]:
    return {row["subject_id"]: row for row in frame[frame["quarter"] == quarter.name].to_dict("records")}


def closed(subject_id: str, content: str, kind: str = "entry", quarter: Quarter = Q3, at: pd.Timestamp = LATER):
    row = {
        "item_id": item_id(quarter.name, kind, subject_id),
        "content_hash": content,
        "closed_by": BEN,
        "closed_at": at,
    }
    return [row]


def test_an_audit_is_opened_with_owners_and_due_dates():
    frame = audit(audited(live=[version("reset"), version("sso", owner=BEN)]))
    rows = by_subject(frame)
    assert rows["reset"]["owner"] == ADA
    assert rows["sso"]["owner"] == BEN
    assert set(frame["status"]) == {"open"}
    assert set(frame["opened_at"]) == {OPENED}
    assert set(frame["due_at"]) == {OPENED + pd.Timedelta(days=30)}
    assert frame["rank"].tolist() == [1, 2]


def test_it_is_opened_once_and_grows_overdue():
    known = audited(live=[version("reset")])
    first = audit(known)
    again = audit(known, first, LATER)
    pd.testing.assert_frame_equal(first, again)
    assert by_subject(audit(known, again, day("2026-08-05")))["reset"]["status"] == "overdue"


def test_an_item_keeps_its_id_when_it_moves_to_another_owner_and_shows_what_came_up():
    first = audit(audited(live=[version("reset"), version("sso")]))
    moved = audit(
        audited(live=[version("reset"), version("sso", owner=BEN)], drift=[drift(1, entry_id="sso")]), first, LATER
    )
    rows = by_subject(moved)
    assert rows["sso"]["item_id"] == by_subject(first)["sso"]["item_id"]
    assert (rows["sso"]["owner"], rows["sso"]["rank"]) == (BEN, 1)
    assert rows["sso"]["reasons"] == ["Customers ask for something else here."]
    assert rows["sso"]["opened_at"] == OPENED


@pytest.mark.parametrize(
    ("now", "how"),
    [
        ({"live": [version("reset", "b", accepted_at=LATER, accepted_by=BEN)]}, "edited"),
        ({"live": [version("reset", accepted_at=LATER, accepted_by=BEN)]}, "accepted anew"),
        ({"set_aside": [aside("reset", "it is retired", status="retired")]}, "retired"),
        ({"live": [version("other")]}, "no longer there"),
        ({"live": [version("reset")], "closed": closed("reset", "a" * 64)}, "confirmed"),
    ],
)
def test_an_entry_is_done_by_what_happened_to_it(now, how):
    frame = audit(audited(**now), audit(audited(live=[version("reset")])), LATER)
    row = by_subject(frame)["reset"]
    assert (row["status"], row["done_how"], row["done_at"]) == ("done", how, LATER)
    assert pd.isna(row["done_by"]) == (how in ("retired", "no longer there"))
    after = audit(audited(**now), frame, day("2026-08-20"))
    assert by_subject(after)["reset"]["done_at"] == LATER, "done is done, at the same moment"


@pytest.mark.parametrize(
    "now",
    [
        {"live": [version("reset")]},
        {"live": [version("reset")], "closed": closed("reset", "b" * 64)},
        {"live": [version("reset")], "closed": closed("reset", "a" * 64, quarter=Q2)},
        {"set_aside": [aside("reset", "nobody has accepted this version", content_hash="b" * 64, is_accepted=False)]},
    ],
    ids=["nothing", "another content", "an earlier quarter's word", "edited and unsigned"],
)
def test_an_entry_is_open_until_somebody_has_looked_at_this_content(now):
    frame = audit(audited(**now), audit(audited(live=[version("reset")])), LATER)
    assert by_subject(frame)["reset"]["status"] == "open"


def test_a_changed_content_reopens_what_was_confirmed_while_the_quarter_lasts():
    word = closed("reset", "a" * 64)
    done = audit(audited(live=[version("reset")], closed=word), audit(audited(live=[version("reset")])), LATER)
    assert by_subject(done)["reset"]["done_how"] == "confirmed"
    edited = [aside("reset", "nobody has accepted this version", content_hash="b" * 64, is_accepted=False)]
    reopened = by_subject(audit(audited(set_aside=edited, closed=word), done, day("2026-07-20")))["reset"]
    assert reopened["status"] == "open"
    assert pd.isna(reopened["done_at"])
    assert pd.isna(reopened["done_how"])
    assert reopened["reasons"] == ["It is out of use: nobody has accepted this version."]
    late = by_subject(audit(audited(set_aside=edited, closed=word), done, day("2026-11-20")))["reset"]
    assert late["status"] == "done", "a rebuild after the quarter reopens nothing"


def test_an_entry_accepted_in_the_quarter_is_done_unless_something_was_found_since():
    june, fresh = day("2026-06-20"), day("2026-07-02")
    known = audited(
        live=[version("old"), version("new", accepted_at=fresh), version("wrong", accepted_at=fresh)],
        findings=[finding(1, "wrong", first_found_as_of=day("2026-07-04")), finding(2, "new", first_found_as_of=june)],
    )
    rows = by_subject(audit(known, as_of=day("2026-07-05")))
    assert {name: row["status"] for name, row in rows.items()} == {"old": "open", "new": "done", "wrong": "open"}
    assert (rows["new"]["done_how"], rows["new"]["done_at"], rows["new"]["done_by"]) == ("accepted anew", fresh, ADA)


def test_of_new_subjects_only_an_entry_that_was_not_accepted_in_the_quarter_joins_the_list():
    first = audit(audited(live=[version("reset")]))
    known = audited(
        live=[version("reset"), version("back"), version("new", accepted_at=LATER)], coverage=[category("billing", 1)]
    )
    rows = by_subject(audit(known, first, LATER))
    assert set(rows) == {"reset", "back"}
    assert rows["back"]["opened_at"] == LATER


def article_in(**changes: Any) -> Audited:
    frames: dict[str, Any] = {
        "live": [version("reset", sources=rests_on("zd:1"), accepted_at=OPENED)],
        "articles": [article("zd:1")],
        "findings": [finding(1, "zd:1", "article", "d")],
        **changes,
    }
    return audited(**frames)


def decision(kind: str, subject: str, at: pd.Timestamp = LATER) -> list[dict[str, Any]]:
    return [{"decision": kind, "subject_hash": subject, "decided_by": BEN, "decided_at": at}]


@pytest.mark.parametrize(
    ("changes", "how"),
    [
        ({}, None),
        ({"decisions": decision("article_verified", "d" * 64)}, "verified"),
        ({"decisions": decision("article_verified", "d" * 64, day("2026-06-01"))}, None),
        ({"decisions": decision("finding_dismissed", f"find_{1:012x}"), "findings": []}, "findings settled"),
        ({"articles": [article("zd:1", "e")], "findings": []}, "edited"),
        ({"articles": [article("zd:1", "e")], "findings": [finding(2, "zd:1", "article", "e")]}, None),
        ({"articles": [article("zd:1", retired_as_of=LATER)]}, "no longer there"),
        ({"closed": closed("zd:1", "d" * 64, "article")}, "confirmed"),
    ],
)
def test_an_article_is_done_when_nothing_is_open_about_it_or_somebody_vouches_for_it(changes, how):
    row = by_subject(audit(article_in(**changes), audit(article_in()), LATER))["zd:1"]
    assert row["status"] == ("open" if how is None else "done")
    assert how is None or row["done_how"] == how


def test_a_category_is_done_when_it_is_covered_or_enough_is_said_to_be_known():
    lacking = category("billing", 1)
    first = audit(audited(live=[version("x")], coverage=[lacking]))
    assert by_subject(first)["billing"]["status"] == "open"
    enough = closed("billing", category_hash(lacking), "category")
    for now, how in (
        ({"coverage": [category("billing", 3)]}, "covered"),
        ({"coverage": []}, "no longer there"),
        ({"coverage": [lacking], "closed": enough}, "confirmed"),
        ({"coverage": [category("billing", 0)], "closed": enough}, None),
    ):
        row = by_subject(audit(audited(live=[version("x")], **now), first, LATER))["billing"]
        assert row["done_how"] == how if how else row["status"] == "open"


def test_one_look_closes_the_lists_of_earlier_quarters_too():
    known = audited(live=[version("reset", accepted_at=day("2026-02-01"))])
    frame = audit(known, as_of=day("2026-04-02"), quarter=Q2)
    frame = audit(known, frame, day("2026-07-02"), Q3)
    assert by_subject(frame, Q2)["reset"]["status"] == "overdue"
    assert by_subject(frame, Q3)["reset"]["status"] == "open"
    confirmed = audited(live=[version("reset", accepted_at=day("2026-02-01"))], closed=closed("reset", "a" * 64))
    frame = audit(confirmed, frame, LATER, Q3)
    assert frame["status"].tolist() == ["done", "done"]
    assert frame["quarter"].tolist() == ["2026-Q3", "2026-Q2"], "the newest first"


def test_a_quarter_made_late_is_about_what_was_in_use_then_and_not_overdue_at_once():
    known = audited(
        entries=[
            version("reset", "a", accepted_at=day("2026-02-01"), is_current=False, last_seen_as_of=day("2026-05-01")),
            version("reset", "b", accepted_at=day("2026-05-02"), accepted_by=BEN),
            version("sso", accepted_at=day("2026-01-20")),
            version("old", accepted_at=day("2025-11-20")),
        ],
        live=[
            version("reset", "b", accepted_at=day("2026-05-02"), accepted_by=BEN),
            version("sso", accepted_at=day("2026-01-20")),
            version("old", accepted_at=day("2025-11-20")),
        ],
    )
    q1 = Quarter.named("2026-Q1")
    rows = by_subject(audit(known, None, LATER, q1), q1)
    assert (rows["reset"]["done_how"], rows["reset"]["done_by"]) == ("accepted anew", ADA)
    assert rows["sso"]["done_how"] == "accepted anew"
    assert (rows["old"]["status"], rows["old"]["due_at"]) == ("open", LATER + pd.Timedelta(days=30))
    again = by_subject(audit(audited(live=[], entries=[]), audit(known, None, LATER, q1), day("2026-09-01"), q1), q1)
    assert again["reset"]["done_how"] == "accepted anew", "what was done stays done"


def test_an_audit_made_before_its_quarter_by_the_desks_clock_begins_with_the_quarter():
    row = by_subject(audit(audited(live=[version("reset")]), as_of=day("2026-09-30 20:00"), quarter=Q4), Q4)["reset"]
    assert row["opened_at"] == day("2026-10-01")
    assert row["status"] == "open"


def test_nothing_known_yet_is_an_empty_audit():
    assert audit(Audited()).empty


def test_the_content_a_word_is_about():
    known = audited(live=[version("reset")], articles=[article("zd:1", "d"), article("zd:1", "e")])
    assert content_now("entry", "reset", known) == "a" * 64
    assert content_now("entry", "gone", known) is None
    both = content_now("article", "zd:1", known)
    assert both not in (None, "d" * 64, "e" * 64), "an article in two languages is both of them"
