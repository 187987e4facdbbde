"""Reading again: what is taken over, what is retired, and what a broken file must not retire."""

import json

import pandas as pd
import pytest
from upath import UPath

from assets.audit_tickets.landing.records import UnreadableExport
from assets.build_knowledge.articles import read_help_center as module
from assets.build_knowledge.articles.article_records import SECTION_COLUMNS
from assets.build_knowledge.articles.read_help_center import read_help_center
from assets.build_knowledge.articles.vocabulary import learn_words
from tests.assets.build_knowledge.articles.help_centers import AS_OF, read, write_lines, zendesk


@pytest.fixture
def first(tmp_path):
    write_lines(tmp_path / "articles.ndjson", [zendesk(1, "<h2>A</h2><p>One</p>"), zendesk(2)])
    return read(tmp_path)


def through_parquet(frame: pd.DataFrame, tmp_path) -> pd.DataFrame:
    frame.to_parquet(tmp_path.parent / "previous.parquet")
    return pd.read_parquet(tmp_path.parent / "previous.parquet")


def test_the_columns_are_the_contract(first, tmp_path):
    assert list(first.sections.columns) == list(SECTION_COLUMNS)
    assert str(first.sections["updated_at"].dtype) == "datetime64[us, UTC]"
    (tmp_path / "empty").mkdir()
    nothing = read(tmp_path / "empty").sections
    assert nothing.dtypes.to_dict() == first.sections.dtypes.to_dict()


def test_unchanged_articles_are_taken_over_and_not_cut_again(first, tmp_path, monkeypatch):
    previous = through_parquet(first.sections, tmp_path)

    def fail(*arguments):
        raise AssertionError("cut again")

    monkeypatch.setattr(module, "cut_article", fail)
    again = read(tmp_path, previous)
    assert again.report.articles_taken_over == 2
    pd.testing.assert_frame_equal(again.sections.map(str), first.sections.map(str))


def test_new_facts_about_an_unchanged_article_are_taken_up(first, tmp_path):
    write_lines(
        tmp_path / "articles.ndjson",
        [zendesk(1, "<h2>A</h2><p>One</p>", owner="Kim Varga", updated_at="2026-05-05T09:00:00Z"), zendesk(2)],
    )
    again = read(tmp_path, through_parquet(first.sections, tmp_path))
    assert again.report.articles_taken_over == 2
    assert again.sections["owner"].tolist() == ["Kim Varga", "zendesk user 7"]
    assert again.sections["article_hash"].tolist() == first.sections["article_hash"].tolist()


def test_only_the_changed_article_is_cut_again(first, tmp_path):
    write_lines(tmp_path / "articles.ndjson", [zendesk(1, "<h2>A</h2><p>Other</p>"), zendesk(2)])
    again = read(tmp_path, through_parquet(first.sections, tmp_path))
    assert again.report.articles_taken_over == 1
    assert again.sections["text"].tolist() == ["Other", "Open the settings."]
    assert again.sections["section_id"][0] != first.sections["section_id"][0]
    assert again.sections["section_id"][1] == first.sections["section_id"][1]


def test_another_vocabulary_reads_everything_again(first, tmp_path):
    again = read(tmp_path, first.sections, learn_words({"plan": ["team"]}))
    assert again.report.articles_taken_over == 0


def test_an_article_that_disappears_keeps_its_rows_and_comes_back(first, tmp_path):
    write_lines(tmp_path / "articles.ndjson", [zendesk(2)])
    gone = read(tmp_path, through_parquet(first.sections, tmp_path))
    rows = gone.sections.set_index("article_id")
    assert rows.loc["zendesk:1", "retired_as_of"] == AS_OF
    assert rows.loc["zendesk:1", "text"] == "One"
    assert pd.isna(rows.loc["zendesk:2", "retired_as_of"])
    assert gone.report.articles_retired == 1

    later = read_help_center(tmp_path, gone.sections, AS_OF + pd.Timedelta(days=1))
    assert later.report.articles_retired == 0
    assert later.sections["retired_as_of"].dropna().tolist() == [AS_OF]

    write_lines(tmp_path / "articles.ndjson", [zendesk(1, "<h2>A</h2><p>One</p>"), zendesk(2)])
    back = read(tmp_path, through_parquet(gone.sections, tmp_path))
    assert back.sections["retired_as_of"].isna().all()
    assert sorted(back.sections["section_id"]) == sorted(first.sections["section_id"])


def test_an_article_that_becomes_a_draft_is_retired(first, tmp_path):
    write_lines(tmp_path / "articles.ndjson", [zendesk(1, draft=True), zendesk(2)])
    again = read(tmp_path, first.sections)
    assert again.report.articles_retired == 1


@pytest.mark.parametrize("broken", ['{"id": 1, "title": "Article 1", "body": "<p>x', json.dumps(zendesk(1, title=""))])
def test_a_broken_file_retires_nothing(first, tmp_path, broken):
    write_lines(tmp_path / "articles.ndjson", [broken, zendesk(2)])
    again = read(tmp_path, through_parquet(first.sections, tmp_path))
    assert again.report.articles_kept_unread == 1
    assert again.sections["retired_as_of"].isna().all()
    assert len(again.rejected) == 1


def test_a_help_center_that_is_gone_is_an_error_and_none_at_all_is_not(first, tmp_path):
    with pytest.raises(UnreadableExport, match="help_center"):
        read(tmp_path / "missing", first.sections)
    assert read(tmp_path / "missing").sections.empty


def test_other_storage_and_progress(first):
    root = UPath("memory://help/center")
    root.mkdir(parents=True, exist_ok=True)
    (root / "a.ndjson").write_text("\n".join(json.dumps(zendesk(n)) for n in range(3)))
    seen: list[tuple[int, int]] = []
    center = read_help_center(root, None, AS_OF, on_progress=lambda done, total: seen.append((done, total)))
    assert center.report.articles_read == 3
    assert seen
    assert seen[-1][0] == seen[-1][1] > 0


def test_counts_say_for_whom(tmp_path):
    body = "<p>All</p><p data-for='win'>W</p><p data-for='pro'>P</p>"
    write_lines(tmp_path / "a.ndjson", [zendesk(1, body, author_id=None, updated_at=None)])
    report = read(tmp_path).report
    assert (report.sections, report.sections_with_conditions) == (3, 2)
    assert report.sections_by_condition == {"os=windows": 1, "plan=pro": 1}
    assert (report.articles_without_owner, report.articles_of_unknown_age) == (1, 1)
