"""Every version is kept, and only exactly what was signed is accepted."""

import json

import pandas as pd
import pytest

from assets.build_knowledge.entries.entry_versions import ENTRY_COLUMNS, build_entries, rejected_entries
from desk.entry import content_hash
from desk.knowledge import RejectedEntry
from orchestration.lake import read_parquet, write_parquet
from tests.assets.build_knowledge.entries.samples import AS_OF, entry, signed

NEXT = AS_OF + pd.Timedelta(days=7)


def test_an_entry_on_file_is_one_current_version():
    one = entry()
    (row,) = build_entries([one], [], signed(one), None, AS_OF).to_dict("records")
    assert row["content_hash"] == one.content_hash
    assert row["is_current"]
    assert row["is_accepted"]
    assert row["is_in_date"]
    assert row["accepted_by"] == "Mira Okafor"
    assert row["first_seen_as_of"] == row["last_seen_as_of"] == AS_OF
    assert json.loads(row["conditions"]) == {"sso": ["true"]}
    assert json.loads(row["sources"]) == [{"kind": "article", "id": "zendesk:1", "hash": "ab"}]


def test_the_hash_can_be_made_again_from_the_row():
    one = entry(valid_from="2026-01-01", conditions={"os": ["macOS"], "plan": ["Pro"]})
    (row,) = build_entries([one], [], signed(), None, AS_OF).to_dict("records")
    again = content_hash(
        question=row["question"],
        answer=row["answer"],
        conditions=json.loads(row["conditions"]),
        phrasings=row["phrasings"],
        category=row["category_id"],
        valid_from=row["valid_from"].date(),
    )
    assert again == row["content_hash"]


def test_an_entry_accepted_once_and_edited_is_unsigned_again_and_both_versions_are_kept():
    first, second = entry(), entry(answer="Press it twice.")
    before = build_entries([first], [], signed(first), None, AS_OF)
    after = build_entries([second], [], signed(first), before, NEXT)
    assert after["is_current"].tolist() == [False, True]
    assert after["is_accepted"].tolist() == [True, False]
    assert after["answer"].tolist() == ["Press *Reset*.", "Press it twice."]
    assert after["last_seen_as_of"].tolist() == [AS_OF, NEXT]
    back = build_entries([first], [], signed(first), after, NEXT + pd.Timedelta(days=1))
    assert back["is_current"].tolist() == [True, False], "going back is that version again, not a third"
    assert back["first_seen_as_of"].tolist() == [AS_OF, NEXT]


def test_owner_dates_and_status_may_change_without_a_new_version():
    before = build_entries([entry()], [], signed(entry()), None, AS_OF)
    (row,) = build_entries([entry(owner="Ada", status="retired")], [], signed(entry()), before, NEXT).to_dict("records")
    assert (row["owner"], row["status"], row["is_accepted"]) == ("Ada", "retired", True)
    assert (row["first_seen_as_of"], row["last_seen_as_of"]) == (AS_OF, NEXT)


def test_an_entry_that_is_gone_keeps_its_versions():
    before = build_entries([entry(), entry("other")], [], signed(), None, AS_OF)
    after = build_entries([entry("other")], [], signed(), before, NEXT).set_index("entry_id")
    assert after["is_current"].to_dict() == {"reset": False, "other": True}
    assert after.loc["reset", "last_seen_as_of"] == AS_OF


def test_the_same_again_is_the_same_and_survives_the_lake(tmp_path):
    one = entry(valid_from="2026-01-01", owner=None)
    frame = build_entries([one], [], signed(one), None, AS_OF)
    write_parquet(frame, tmp_path / "entries.parquet")
    published = read_parquet(tmp_path / "entries.parquet")
    pd.testing.assert_frame_equal(build_entries([one], [], signed(one), published, AS_OF), frame)
    empty = build_entries([], [], signed(), None, AS_OF)
    assert list(empty.columns) == list(ENTRY_COLUMNS)
    assert empty.dtypes.to_dict() == frame.dtypes.to_dict()
    write_parquet(empty, tmp_path / "empty.parquet")
    assert len(build_entries([one], [], signed(one), read_parquet(tmp_path / "empty.parquet"), AS_OF)) == 1


def test_a_file_that_breaks_is_known_to_be_broken_until_it_is_mended():
    before = build_entries([entry()], [], signed(entry()), None, AS_OF)
    mistake = RejectedEntry("password_reset/reset.md", 3, "broken_front_matter", "not valid YAML")
    broken = build_entries([], [mistake], signed(entry()), before, NEXT)
    assert broken[["is_current", "is_file_broken"]].to_numpy().tolist() == [[False, True]]
    still = build_entries([], [mistake], signed(entry()), broken, NEXT)
    assert still["is_file_broken"].tolist() == [True]
    mended = build_entries([entry()], [], signed(entry()), still, NEXT)
    assert mended[["is_current", "is_file_broken"]].to_numpy().tolist() == [[True, False]]
    gone = build_entries([], [], signed(entry()), still, NEXT)
    assert gone["is_file_broken"].tolist() == [False]


@pytest.mark.parametrize(
    ("dates", "signed_until", "in_date"),
    [
        ({"review_by": "2026-06-01"}, None, True),
        ({"review_by": "2026-05-31"}, None, False),
        ({"valid_from": "2026-06-01"}, None, True),
        ({"valid_from": "2026-06-02"}, None, False),
        ({"valid_until": "2026-06-01"}, None, True),
        ({"valid_until": "2026-05-31"}, None, False),
        ({"review_by": "2030-01-01"}, "2026-05-31", False),  # moved back in the file, not by a reviewer
        ({"review_by": "2026-05-31"}, "2030-01-01", False),
        ({"review_by": None}, "2026-06-01", True),
        ({"review_by": None}, None, True),  # 180 days from 2026-05-20
        ({"review_by": None, "reviewed_at": "2025-11-01"}, None, False),
        ({"review_by": None, "reviewed_at": None}, None, True),  # from the acceptance
    ],
)
def test_dates_decide_by_the_day(dates, signed_until, in_date):
    one = entry(**dates)
    frame = build_entries([one], [], signed(one, review_by=signed_until), None, AS_OF)
    assert frame["is_in_date"].tolist() == [in_date]


def test_a_file_alone_cannot_claim_a_review():
    one = entry(reviewed_at="2026-05-31")
    for accepted, expected in ((signed(one), "2026-05-20"), (signed(), "2026-05-31")):
        frame = build_entries([one], [], accepted, None, AS_OF)
        assert frame["reviewed_at"].dt.strftime("%Y-%m-%d").tolist() == [expected]
    unsaid = entry(reviewed_at=None)
    frame = build_entries([unsaid], [], signed(unsaid), None, AS_OF)
    assert frame["reviewed_at"].dt.strftime("%Y-%m-%d").tolist() == ["2026-05-20"]


def test_an_earlier_clock_does_not_rewind_what_was_seen():
    before = build_entries([entry()], [], signed(), None, NEXT)
    assert build_entries([entry()], [], signed(), before, AS_OF)["last_seen_as_of"].tolist() == [NEXT]


def test_rejected_files_are_a_frame():
    frame = rejected_entries(
        [RejectedEntry("a.md", 3, "bad_date", "Correct it.", "a"), RejectedEntry("b.md", 1, "x", "y")]
    )
    assert frame["line"].tolist() == [3, 1]
    assert frame.dtypes.to_dict() == rejected_entries([]).dtypes.to_dict()
