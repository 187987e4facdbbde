"""Reading which article a link leads to."""

import pytest

from assets.build_knowledge.retrieval.article_links import ArticleLinks, article_key, linked_addresses, strip_links

URLS = {
    "a": "https://support.forum.example/en-US/kb/manual-setup",
    "b": "https://acme.zendesk.example/hc/en-us/articles/360001001-reset-your-password",
    "c": "https://acme.freshdesk.example/support/solutions/articles/5000012",
    "d": "https://intercom.example/acme/en/articles/7001-billing",
}


@pytest.mark.parametrize(
    ("written", "article"),
    [
        ("https://support.forum.example/kb/manual-setup", "a"),
        ("http://www.support.forum.example/de/kb/Manual-Setup#w_imap?x=1", "a"),
        ("see (https://support.forum.example/en-US/kb/manual-setup).", "a"),
        ("support.forum.example/kb/manual-setup", "a"),
        ('<a href="https://support.forum.example/en-US/kb/manual%2Dsetup">here</a>', "a"),
        ("<a href='/kb/manual-setup'>here</a>", "a"),
        ("[setup](/en-US/kb/manual-setup)", "a"),
        ("https://acme.zendesk.example/hc/de/articles/360001001-Passwort-vergessen?a=b&amp;c", "b"),
        ("https://acme.zendesk.example/hc/articles/360001001", "b"),
        ("https://acme.freshdesk.example/en/support/solutions/articles/5000012-plans", "c"),
        ("https://intercom.example/acme/fr/articles/7001-facturation", "d"),
    ],
)
def test_every_way_to_write_an_address_leads_to_its_article(written, article):
    assert ArticleLinks(URLS).articles_in(written) == [article]


@pytest.mark.parametrize(
    "written",
    [
        "https://support.forum.example/kb/manual-setup-2",
        "https://elsewhere.example/kb/manual-setup",
        "https://acme.zendesk.example/hc/en-us/articles/360001002",
        "manual-setup",
        "https://[broken",
        "https://support.forum.example/",
    ],
)
def test_other_addresses_lead_nowhere(written):
    assert ArticleLinks(URLS).articles_in(written) == []


def test_a_slug_counts_on_the_help_centers_own_hosts_only():
    links = ArticleLinks({"a": URLS["a"]}, {"a": "manual-setup", "e": "old-name"})
    assert links.articles_in("https://support.forum.example/en-US/questions/kb/old-name") == ["e"]
    assert links.articles_in("https://evil.example/kb/old-name") == []


def test_articles_come_once_and_in_order():
    text = f"{URLS['b']} then {URLS['a']} and {URLS['b']}"
    assert ArticleLinks(URLS).articles_in(text) == ["b", "a"]


def test_nothing_of_an_address_is_left_in_a_question():
    text = (
        "I read https://support.forum.example/kb/manual-setup and forum.example/kb/imap-help, no luck (www.x.example/y)"
    )
    left = strip_links(text)
    assert "manual" not in left
    assert "imap" not in left
    assert "no luck" in left


def test_version_numbers_and_sentences_are_no_addresses():
    assert strip_links("since 128.5.1 it fails. and/or not") == "since 128.5.1 it fails. and/or not"
    assert linked_addresses("see https://a.example/x_(y), ok") == ["https://a.example/x_(y)"]


def test_keys_forget_locale_host_prefix_and_title():
    assert article_key("https://www.a.example/pt-BR/kb/x") == article_key("a.example/kb/x") == ("a.example", "kb/x")
    assert article_key("mailto:") is None
