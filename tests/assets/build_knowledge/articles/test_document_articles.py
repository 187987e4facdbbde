"""Markdown and HTML files as articles."""

import pandas as pd
import pytest

from tests.assets.build_knowledge.articles.help_centers import read, write_lines, zendesk

GUIDE = """---
title: Reset your password
owner: Robin Falk
updated: 2026-03-01
tags: [login, account]
lang: en
url: https://help.example.org/reset
conditions: {plan: [Pro]}
---

# Reset your password

Intro with [a link](other.md) and `code`.

## Steps

1. Open the page.
2. Click <span data-for="mac">Cmd</span><span data-for="win">Ctrl</span>.

| Plan | Price |
|------|-------|
| Pro  | 12    |
"""


def test_markdown_with_front_matter(tmp_path):
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "reset.md").write_text(GUIDE, encoding="utf-8")
    sections = read(tmp_path).sections
    first = sections.iloc[0]
    assert (first["article_id"], first["source_kind"]) == ("file:guides/reset.md", "file")
    assert (first["title"], first["owner"], first["collection"], first["slug"]) == (
        "Reset your password",
        "Robin Falk",
        "guides",
        "reset",
    )
    assert first["updated_at"] == pd.Timestamp("2026-03-01", tz="UTC")
    assert list(first["labels"]) == ["login", "account"]
    assert first["text"] == "Intro with [a link](https://help.example.org/other.md) and `code`."
    assert first["conditions"] == '{"plan": ["pro"]}'
    assert sections["conditions"].tolist()[1:] == [
        '{"os": ["mac"], "plan": ["pro"]}',
        '{"os": ["windows"], "plan": ["pro"]}',
    ]
    assert sections["text"][2] == "1. Open the page.\n2. Click Ctrl.\n\nPlan | Price\nPro | 12"


def test_markdown_without_front_matter_takes_its_title_from_the_heading_or_the_name(tmp_path):
    (tmp_path / "with-heading.md").write_text("# The heading\n\nText\n", encoding="utf-8")
    (tmp_path / "without_heading.md").write_text("Text\n\n---\n\nMore\n", encoding="utf-8")
    sections = read(tmp_path).sections
    assert sections["title"].tolist() == ["The heading", "Without heading"]
    assert sections["headings"].map(list).tolist() == [[], []]


def test_an_html_page_is_read_without_its_frame(tmp_path):
    page = """<!doctype html><html lang="de"><head><title>Seite – Hilfe</title>
    <meta name="author" content="Kim Varga"><meta property="article:modified_time" content="2026-02-01T10:00:00Z">
    <link rel="canonical" href="https://help.example.org/de/seite"><style>.x{display:none}</style></head>
    <body><nav>Menü</nav><main><h1>Die Seite</h1><p>Text</p><p class="x">versteckt</p></main><footer>Ende</footer></body></html>"""
    (tmp_path / "seite.html").write_text(page, encoding="utf-8")
    row = read(tmp_path).sections.iloc[0]
    assert (row["title"], row["text"], row["locale"], row["owner"]) == ("Die Seite", "Text", "de", "Kim Varga")
    assert row["url"] == "https://help.example.org/de/seite"
    assert row["updated_at"] == pd.Timestamp("2026-02-01T10:00Z")


def test_a_declared_encoding_is_used(tmp_path):
    page = '<html><head><meta charset="iso-8859-1"></head><body><p>Größe</p></body></html>'
    (tmp_path / "a.html").write_bytes(page.encode("latin-1"))
    (tmp_path / "b.md").write_bytes("# Größe\n\nText\n".encode("utf-16"))
    assert read(tmp_path).sections["text"].tolist() == ["Größe", "Text"]


def test_exports_and_documents_mix(tmp_path):
    write_lines(tmp_path / "articles.ndjson", [zendesk(1)])
    (tmp_path / "guide.md").write_text("# Guide\n\nText\n", encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n")
    (tmp_path / "README.md").write_text("For the team.", encoding="utf-8")
    center = read(tmp_path)
    assert sorted(center.sections["article_id"]) == ["file:guide.md", "zendesk:1"]
    assert center.rejected[["source_file", "reason"]].to_dict("records") == [
        {"source_file": "README.md", "reason": "unused_file"},
        {"source_file": "picture.png", "reason": "unused_file"},
    ]
    assert center.report.count_defects == 0


@pytest.mark.parametrize(
    ("front_matter", "reason", "words"),
    [
        ("title: [unclosed\nowner: x", "broken_front_matter", "line 3"),
        ("- a\n- list", "broken_front_matter", "name: value"),
        ("updated: 2026-02-30", "broken_front_matter", "impossible date"),
        ("updated: yesterday", "impossible_date", "updated is not a possible time"),
        ("conditions: [pro]", "broken_front_matter", "must be a mapping"),
        ("conditions: {plan: []}", "broken_front_matter", "names no value"),
        ("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\ntitle: *c", None, ""),
        ("draft: true", "not_published", "not published"),
        ("a: " + "x" * 30_000, "broken_front_matter", "no closing"),
    ],
)
def test_broken_front_matter_is_one_clear_error(tmp_path, front_matter, reason, words):
    (tmp_path / "bad.md").write_text(f"---\n{front_matter}\n---\n\nText\n", encoding="utf-8")
    (tmp_path / "good.md").write_text("Text\n", encoding="utf-8")
    center = read(tmp_path)
    assert "file:good.md" in set(center.sections["article_id"])
    assert center.rejected["reason"].tolist() == ([reason] if reason else [])
    assert all(words in detail for detail in center.rejected["detail"])


def test_front_matter_that_never_ends_is_one_clear_error(tmp_path):
    (tmp_path / "bad.md").write_text("---\ntitle: x\n\nText\n", encoding="utf-8")
    center = read(tmp_path)
    assert center.rejected[["article_id", "reason"]].to_dict("records") == [
        {"article_id": "file:bad.md", "reason": "broken_front_matter"}
    ]
