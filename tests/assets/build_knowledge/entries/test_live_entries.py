"""An entry that lacks something stops being live by itself, and says what it lacks."""

import pandas as pd
import pytest

from assets.build_knowledge.entries.entry_versions import build_entries
from assets.build_knowledge.entries.live_entries import live_entries
from desk.knowledge import RejectedEntry
from tests.assets.build_knowledge.entries.samples import AS_OF, entry, finding, signed

GOOD = entry("good")


def split(*entries, accepted=None, findings=None, rejected=(), previous=None):
    frame = build_entries(entries, rejected, signed(*entries) if accepted is None else accepted, previous, AS_OF)
    return live_entries(frame, None if findings is None else pd.DataFrame(findings))


def test_what_is_accepted_in_date_and_owned_is_live():
    live, not_live = split(GOOD)
    assert live["entry_id"].tolist() == ["good"]
    assert list(live.columns) == [name for name in not_live.columns if name != "why_not_live"]
    assert not_live.empty


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (entry(status="draft"), "its file says draft"),
        (entry(status="retired"), "it is retired"),
        (entry(owner=None), "it has no owner"),
        (entry(review_by="2026-05-31"), "its review was due by 2026-05-31"),
        (entry(valid_from="2026-07-01"), "right only from 2026-07-01"),
        (entry(valid_until="2026-05-25"), "right until 2026-05-25"),
    ],
)
def test_one_that_lacks_something_is_not(bad, words):
    live, not_live = split(GOOD, bad)
    assert live["entry_id"].tolist() == ["good"]
    (why,) = not_live["why_not_live"]
    assert len(why) == 1
    assert words in why[0]


def test_an_edited_entry_is_not_live_until_it_is_accepted_anew():
    edited = entry("good", answer="Press it twice.")
    live, not_live = split(edited, accepted=signed(GOOD))
    assert live.empty
    assert "unsigned" in not_live["why_not_live"][0][0]
    assert len(split(edited, accepted=signed(GOOD, edited))[0]) == 1


def test_only_an_open_blocking_finding_about_this_version_blocks():
    other = entry("other")
    harmless = [
        finding(GOOD, status="dismissed"),
        finding(GOOD, status="verified"),
        finding(GOOD, is_blocking=False),
        finding(GOOD, subject_hash="an older version"),
        finding(GOOD, subject_kind="article"),
        finding(other, other_kind="entry", other_id="good", other_hash=GOOD.content_hash, is_blocking=False),
    ]
    assert len(split(GOOD, other, findings=harmless)[0]) == 2
    live, not_live = split(GOOD, other, findings=[*harmless, finding(GOOD)])
    assert live["entry_id"].tolist() == ["other"]
    assert not_live["why_not_live"][0] == ["stale (ended_price): Write the new price."]
    both = finding(other, other_kind="entry", other_id="good", other_hash=GOOD.content_hash, is_other_blocked=True)
    assert split(GOOD, other, findings=[both])[0].empty


def test_an_entry_lacks_all_that_it_lacks():
    _, not_live = split(entry(owner=None, valid_until="2026-05-25"), findings=[finding(entry(owner=None))])
    assert len(not_live["why_not_live"][0]) == 2


def test_old_versions_are_neither_and_a_broken_file_is_named():
    before = build_entries([GOOD], [], signed(GOOD), None, AS_OF)
    live, not_live = split(entry("other"), previous=before, accepted=signed(GOOD, entry("other")))
    assert (live["entry_id"].tolist(), len(not_live)) == (["other"], 0)
    mistake = RejectedEntry(GOOD.file, 1, "too_large", "has 900 kB")
    live, not_live = split(previous=before, accepted=signed(GOOD), rejected=[mistake])
    assert live.empty
    assert "cannot be read" in not_live["why_not_live"][0][0]
