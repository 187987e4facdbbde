"""The shapes in which helpdesks export articles."""

import gzip
import json
import zipfile

import pandas as pd
import pytest

from tests.assets.build_knowledge.articles.help_centers import freshdesk, intercom, read, write_lines, zendesk


def test_zendesk_pages_name_authors_and_sections(tmp_path):
    page = {
        "count": 1,
        "articles": [zendesk(1, label_names=["login"], edited_at="2026-03-01T09:00:00Z", outdated=True)],
        "sections": [{"id": 3, "name": "Account", "category_id": 1}],
        "categories": [{"id": 1, "name": "General"}],
        "users": [{"id": 7, "name": "Robin Falk"}],
        "next_page": None,
    }
    (tmp_path / "page1.json").write_text(json.dumps(page), encoding="utf-8")
    row = read(tmp_path).sections.iloc[0]
    assert (row["article_id"], row["source_kind"], row["source_file"]) == ("zendesk:1", "zendesk", "page1.json")
    assert (row["owner"], row["collection"], row["slug"]) == ("Robin Falk", "Account", "article-1")
    assert row["updated_at"] == pd.Timestamp("2026-03-01T09:00Z")
    assert list(row["labels"]) == ["login"]
    assert bool(row["is_marked_outdated"])


def test_names_in_another_file_are_found(tmp_path):
    write_lines(tmp_path / "articles.ndjson", [zendesk(1)])
    (tmp_path / "users.json").write_text(json.dumps({"users": [{"id": 7, "name": "Robin Falk"}]}), encoding="utf-8")
    assert read(tmp_path).sections["owner"].tolist() == ["Robin Falk"]


def test_an_author_without_a_name_is_still_an_owner(tmp_path):
    write_lines(tmp_path / "articles.ndjson", [zendesk(1), zendesk(2, author_id=None)])
    owners = read(tmp_path).sections["owner"]
    assert owners[0] == "zendesk user 7"
    assert pd.isna(owners[1])


def test_translations_are_articles_of_their_own(tmp_path):
    german = {"locale": "de", "title": "Artikel 1", "body": "<p>Öffnen.</p>", "draft": False}
    write_lines(tmp_path / "a.ndjson", [zendesk(1, translations=[{"locale": "en-us", "body": "<p>x</p>"}, german])])
    sections = read(tmp_path).sections
    assert sections["article_id"].tolist() == ["zendesk:1", "zendesk:1@de"]
    assert sections["locale"].tolist() == ["en-us", "de"]


def test_freshdesk_categories_hold_folders_that_hold_articles(tmp_path):
    category = {
        "id": 1,
        "name": "General",
        "folders": [
            {"id": 4, "name": "Login", "visibility": 1, "articles": [freshdesk(1), freshdesk(2, status=1)]},
            {"id": 5, "name": "For agents", "visibility": 3, "articles": [freshdesk(3)]},
        ],
    }
    (tmp_path / "solutions.json").write_text(json.dumps([{"category": category}]), encoding="utf-8")
    center = read(tmp_path)
    assert center.sections["article_id"].tolist() == ["freshdesk:1"]
    assert center.sections["collection"].tolist() == ["Login"]
    reasons = dict(zip(center.rejected["article_id"], center.rejected["reason"], strict=True))
    assert reasons == {"freshdesk:2": "not_published", "freshdesk:3": "not_public"}
    assert center.report.count_defects == 0


def test_intercom_lists_have_times_in_seconds_and_translations(tmp_path):
    german = {"type": "article_content", "title": "Antwort", "body": "<p>Öffnen.</p>", "state": "published"}
    page = {
        "type": "list",
        "data": [
            intercom(
                1, translated_content={"type": "article_translated_content", "de": german, "en": {"body": "<p>x</p>"}}
            ),
            intercom(2, state="draft"),
            {"type": "admin", "id": 9, "name": "Kim Varga"},
            {"type": "collection", "id": 5, "name": "Basics"},
        ],
    }
    (tmp_path / "articles.json").write_text(json.dumps(page), encoding="utf-8")
    center = read(tmp_path)
    assert center.sections["article_id"].tolist() == ["intercom:1", "intercom:1@de"]
    first = center.sections.iloc[0]
    assert (first["owner"], first["collection"]) == ("Kim Varga", "Basics")
    assert first["updated_at"] == pd.Timestamp("2026-01-02T09:00Z")
    assert center.rejected["reason"].tolist() == ["not_published"]


def test_drafts_and_restricted_articles_stay_out(tmp_path):
    page = {
        "articles": [zendesk(1, draft=True), zendesk(2, user_segment_id=5), zendesk(3, user_segment_id=6), zendesk(4)],
        "user_segments": [{"id": 6, "user_type": "signed_in_users"}],
    }
    (tmp_path / "page.json").write_text(json.dumps(page), encoding="utf-8")
    center = read(tmp_path)
    assert center.sections["article_id"].tolist() == ["zendesk:3", "zendesk:4"]
    assert sorted(center.rejected["reason"]) == ["not_public", "not_published"]


@pytest.mark.parametrize("packing", ["plain", "gz", "zip"])
def test_packed_or_not_is_the_same(tmp_path, packing):
    content = "\n".join(json.dumps(zendesk(n)) for n in (1, 2)).encode()
    if packing == "plain":
        (tmp_path / "articles.ndjson").write_bytes(content)
    elif packing == "gz":
        (tmp_path / "articles.ndjson.gz").write_bytes(gzip.compress(content))
    else:
        with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
            archive.writestr("articles.ndjson", content)
            archive.writestr("guide.md", "# Guide\n\nText\n")
    center = read(tmp_path)
    assert set(center.sections["article_id"]) >= {"zendesk:1", "zendesk:2"}
    assert center.report.articles_read == (3 if packing == "zip" else 2)


def test_one_file_alone_is_a_help_center(tmp_path):
    file = write_lines(tmp_path / "articles.ndjson", [zendesk(1)])
    assert read(file).sections["source_file"].tolist() == ["articles.ndjson"]


def test_the_newest_of_two_articles_with_one_id_is_used(tmp_path):
    newer = zendesk(1, "<p>New.</p>", updated_at="2026-05-01T09:00:00Z")
    write_lines(tmp_path / "a.ndjson", [zendesk(1, "<p>Old.</p>"), zendesk(2)])
    write_lines(tmp_path / "b.ndjson", [newer, zendesk(2)])
    center = read(tmp_path)
    assert sorted(center.sections["text"]) == ["New.", "Open the settings."]
    assert center.rejected["reason"].tolist() == ["duplicate_id", "duplicate_id"]
    details = dict(zip(center.rejected["article_id"], center.rejected["detail"], strict=True))
    assert "another version stands in b.ndjson, line 1" in details["zendesk:1"]
    assert "the same article stands in a.ndjson, line 2" in details["zendesk:2"]
