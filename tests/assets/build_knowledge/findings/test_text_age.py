"""Age, marks and sources: what nobody has looked after is suspect until someone has."""

import pytest

from assets.build_knowledge.findings.audit_settings import AuditSettings
from assets.build_knowledge.findings.text_age import find_aged_texts, find_lost_sources
from tests.assets.build_knowledge.findings.audited import NOW, article, articles, entry, reasons, texts


def aged(*rows):
    return reasons(find_aged_texts(texts(*rows), AuditSettings(), NOW))


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"updated_at": "2025-05-31"}, "untouched"),
        ({"updated_at": None}, "unknown_age"),
        ({"is_marked_outdated": True}, "marked_outdated"),
    ],
)
def test_an_article_is_suspect(given, reason):
    assert aged(article(**given)) == [(reason, "a1")]


def test_a_year_is_the_limit():
    assert aged(article(updated_at="2025-06-01")) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"review_by": "2026-05-31"}, [("past_review", "e1")]),
        ({"review_by": "2026-06-01"}, []),
        ({"review_by": None, "reviewed_at": "2025-11-01"}, [("past_review", "e1")]),
        ({"review_by": None, "reviewed_at": "2026-02-01"}, []),
        ({"review_by": None, "reviewed_at": None}, [("unknown_age", "e1")]),
    ],
)
def test_an_entry_is_good_until_its_review(given, expected):
    assert aged(entry(**given)) == expected


def test_one_finding_an_article_however_many_sections():
    assert aged(article(updated_at=None), article(updated_at=None, section_id="a1#1")) == [("unknown_age", "a1")]


def test_an_entry_whose_article_is_gone_or_changed():
    source = '[{"kind": "article", "id": "a1#0", "hash": "section-a1"}]'
    frame = texts(entry(sources=source))
    assert find_lost_sources(frame, articles(article("a1"))) == []
    (changed,) = find_lost_sources(frame, articles(article("a1", section_hash="edited")))
    assert (changed.reason, changed.is_blocking) == ("source_changed", False)
    (gone,) = find_lost_sources(frame, articles(article("a1", retired_as_of="2026-05-01")))
    assert (gone.reason, gone.is_blocking) == ("source_gone", True)
    (unknown,) = find_lost_sources(frame, articles(article("a2")))
    assert unknown.reason == "source_gone"


def test_retired_texts_are_not_audited():
    assert aged(article(updated_at=None, retired_as_of="2026-01-01")) == []
    assert (
        aged(entry(review_by="2020-01-01", status="retired"), entry("e2", review_by="2020-01-01", is_current=False))
        == []
    )
