"""How the knowledge stood at a month's end, from what is on file now."""

import pandas as pd

from assets.build_knowledge.entries.entry_versions import build_entries
from assets.build_knowledge.entries.live_entries import live_entries
from assets.retrain_agent.review_session.session_month import SessionMonth
from assets.sustain_learning.report.knowledge_then import entries_at, findings_at, knowledge_figures
from assets.sustain_learning.report.learning_frames import LearningFrames, Span
from tests.assets.build_knowledge.entries.samples import AS_OF, entry, finding, signed
from tests.assets.sustain_learning.report.invented_months import CATEGORIES, audit, scope, two_months

DAY = pd.Timedelta(days=1)
LATER = AS_OF + 60 * DAY


def on_file(*entries, accepted=None, previous=None, as_of=AS_OF):
    return build_entries(entries, [], signed(*entries) if accepted is None else accepted, previous, as_of)


def figures(frames, month, as_of):
    return {(one.metric, one.cut): one for one in knowledge_figures(frames, Span(SessionMonth.read(month), as_of))}


def test_today_it_says_what_live_entries_says():
    frame = on_file(entry("good"), entry("draft", status="draft"), entry("late", review_by="2026-05-31"))
    live, _ = live_entries(frame, None)
    then, others = live_entries(entries_at(frame, AS_OF), None)
    assert then["entry_id"].tolist() == live["entry_id"].tolist() == ["good"]
    assert set(others["entry_id"]) == {"draft", "late"}


def test_an_entry_is_there_from_its_acceptance_on_and_not_before():
    frame = on_file(entry("good"))
    accepted = frame["accepted_at"].iloc[0]
    assert accepted < AS_OF
    assert entries_at(frame, accepted - DAY).empty
    assert live_entries(entries_at(frame, accepted), None)[0]["entry_id"].tolist() == ["good"]


def test_the_version_of_then_counts_and_not_the_one_of_now():
    old, new = entry("good"), entry("good", answer="Press it twice.")
    first = on_file(old)
    frame = on_file(new, accepted=signed(old), previous=first, as_of=LATER)
    assert len(frame) == 2
    assert live_entries(entries_at(frame, AS_OF), None)[0]["content_hash"].tolist() == [first["content_hash"].iloc[0]]
    assert live_entries(entries_at(frame, LATER), None)[0].empty, "nobody has accepted the new one"


def test_an_entry_that_left_the_desk_is_not_there_any_more():
    frame = on_file(entry("stays"), previous=on_file(entry("stays"), entry("left")), as_of=LATER)
    assert set(entries_at(frame, AS_OF)["entry_id"]) == {"stays", "left"}
    assert set(entries_at(frame, LATER)["entry_id"]) == {"stays"}


def test_entries_are_counted_once_each_where_they_stand():
    bad = entry("bad")
    frame = on_file(entry("good"), entry("draft", status="draft"), entry("late", review_by="2026-05-31"), bad)
    found = pd.DataFrame([finding(bad, first_found_as_of=AS_OF - DAY, status="open")])
    told = figures(LearningFrames(entries=frame, findings=found), f"{AS_OF:%Y-%m}", AS_OF)
    counted = {name: told[name, "all"].value for name in ("live_entries", "entries_overdue", "entries_set_aside", "entries_waiting")}  # fmt: skip
    assert counted == {"live_entries": 1, "entries_overdue": 1, "entries_set_aside": 1, "entries_waiting": 1}


def test_findings_of_a_past_month_are_at_least_those_still_open_and_that_is_said():
    rows = [
        {"finding_id": "1", "type": "stale", "status": "open", "first_found_as_of": AS_OF - DAY},
        {"finding_id": "2", "type": "stale", "status": "open", "first_found_as_of": LATER},
        {"finding_id": "3", "type": "stale", "status": "dismissed", "first_found_as_of": AS_OF - DAY},
    ]
    frame = pd.DataFrame(rows)
    assert findings_at(frame, AS_OF)["finding_id"].tolist() == ["1"]
    past = figures(LearningFrames(findings=frame), f"{AS_OF:%Y-%m}", LATER)["open_findings", "all"]
    assert past.value == 1
    assert "at least" in past.sentence
    assert (
        "at least"
        not in figures(LearningFrames(findings=frame), f"{LATER:%Y-%m}", LATER)["open_findings", "all"].sentence
    )


def test_audit_items_are_open_until_done_and_overdue_after_their_day():
    end = pd.Timestamp("2026-08-02", tz="UTC")
    assert figures(LearningFrames(audit=audit()), "2026-07", end)["audit_items_overdue", "all"].value == 1
    done = audit(done_at=pd.Timestamp("2026-07-20", tz="UTC"), status="done")
    assert figures(LearningFrames(audit=done), "2026-07", end)["audit_items_open", "all"].value == 0
    early = figures(LearningFrames(audit=done), "2026-07", pd.Timestamp("2026-07-10", tz="UTC"))
    assert early["audit_items_open", "all"].value == 1
    assert early["audit_items_overdue", "all"].value == 0


def test_buckets_of_the_last_month_are_the_desks_and_of_past_ones_the_answers():
    frames = LearningFrames(categories=CATEGORIES, answers=two_months(), scope=scope())
    now = figures(frames, "2026-07", pd.Timestamp("2026-08-02", tz="UTC"))
    assert now["categories", "bucket:automate"].value == 2
    assert now["categories", "bucket:hybrid"].value == 0
    assert now["categories_without_autonomy", "all"].value == 1
    past = figures(frames, "2026-06", pd.Timestamp("2026-08-02", tz="UTC"))
    assert ("categories", "bucket:automate") not in past
    assert past["categories_asked", "bucket:automate"].value == 1, "only logins were asked about"


def test_what_is_not_there_is_not_counted():
    assert not knowledge_figures(LearningFrames(), Span(SessionMonth.read("2026-07"), AS_OF))
