"""Links to articles that are not there; what cannot be known is not judged."""

import pytest

from assets.build_knowledge.findings.dead_links import find_dead_links
from tests.assets.build_knowledge.findings.audited import article, articles, entry, texts

BASE = "https://help.larkfield.example/hc/en-us/articles"


def known(*numbers, **given):
    return [
        article(f"zendesk:{number}", f"Article {number}", "Text.", url=f"{BASE}/{number}-title", **given)
        for number in numbers
    ]


def dead(link, *others, subject="zendesk:9000", text="See this."):
    rows = [article(subject, "Start", text, url=f"{BASE}/9000-start", links=[link]), *others]
    return [finding.evidence for finding in find_dead_links(texts(*rows), articles(*rows))]


WHOLE = known(*range(7001, 7010), links=[f"{BASE}/{number}" for number in range(7001, 7010)])


def test_a_link_to_an_article_that_is_not_there():
    (evidence,) = dead(f"{BASE}/7999-gone", *WHOLE)
    assert "/hc/en-us/articles/7999-gone" in evidence


@pytest.mark.parametrize(
    "link",
    [
        f"{BASE}/7001-renamed-since#part",
        "/hc/articles/7001",
        "/hc/de/articles/7001-titel?from=mail",
        "https://help.larkfield.example/hc/en-us/requests/new",
        "https://app.larkfield.example/login",
        "mailto:support@larkfield.example",
        "#below",
    ],
)
def test_known_articles_and_other_addresses_are_left_alone(link):
    assert dead(link, *WHOLE) == []


def test_an_export_of_a_part_says_nothing_about_the_rest():
    others = known(7001, links=[f"{BASE}/{number}" for number in range(8000, 8010)])
    assert dead(f"{BASE}/7999", *others) == []


def test_a_withdrawn_article_is_dead_in_any_export():
    others = [*known(7001, links=[f"{BASE}/{n}" for n in range(8000, 8010)]), *known(7002, retired_as_of="2026-05-01")]
    (evidence,) = dead(f"{BASE}/7002-title", *others)
    assert "withdrawn" in evidence


def test_a_document_on_the_own_host_is_for_a_person_to_check():
    (evidence,) = dead("https://help.larkfield.example/downloads/guide-2019.pdf", *WHOLE)
    assert "no export holds" in evidence
    assert dead("https://help.larkfield.example/hc/article_attachments/1/guide.pdf", *WHOLE) == []
    assert dead("https://elsewhere.example/guide.pdf", *WHOLE) == []


def test_a_wiki_links_by_title():
    assert dead("https://help.larkfield.example/hc/en-us/articles/Article 7001", *WHOLE) == []


def test_files_link_files():
    rows = [
        article("file:guides/a.md", "A", "See [B](b.md), [C](../c.md#part) and [D](missing.md).", links=["b.md"]),
        article("file:guides/b.md", "B", "[A](a.md)"),
        article("file:c.md", "C", "[A](guides/a.md) and [B](/guides/b.md)"),
    ]
    (finding,) = find_dead_links(texts(*rows), articles(*rows))
    assert finding.subject_id == "file:guides/a.md"
    assert "missing.md" in finding.evidence
    assert not finding.is_blocking


def test_an_entry_may_hold_a_dead_link_too():
    rows = [*WHOLE, entry("e1", answer=f"See [here]({BASE}/7999).")]
    (finding,) = find_dead_links(texts(*rows), articles(*WHOLE))
    assert (finding.subject_kind, finding.subject_id) == ("entry", "e1")
