"""The public help center and the sample desk's: read whole, and a few sections looked at closely."""

import gzip
import json
import re
from collections import Counter

import pytest

from assets.audit_tickets.texts.html_text import html_to_text
from assets.build_knowledge.articles.vocabulary import learn_words
from tests.assets.build_knowledge.articles.help_centers import read
from tests.conftest import ROOT


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]{2,}", text)


@pytest.fixture(scope="module")
def public(shared_data):
    return read(shared_data / "thunderbird" / "help_center")


def test_every_public_article_is_read(public):
    assert public.report.articles_read == 193
    assert public.report.articles_rejected == 0
    assert 1_400 < public.report.sections < 1_600
    assert public.report.articles_of_unknown_age == 193


def test_conditions_of_public_articles(public):
    sections = public.sections

    def texts(slug: str, heading: str) -> dict[str, str]:
        chosen = sections[(sections["slug"] == slug) & sections["headings"].map(lambda path: heading in list(path))]
        return dict(zip(chosen["conditions"], chosen["text"], strict=True))

    attach = texts("how-use-virtual-card-vcard", "How to attach your vCard to a message")
    assert attach.keys() == {'{"os": ["mac", "windows"]}', '{"os": ["linux"]}'}
    assert "1. Go to the Tools > Account Settings menu." in attach['{"os": ["mac", "windows"]}']
    assert "1. Go to the Edit > Account Settings menu." in attach['{"os": ["linux"]}']
    install = sections[sections["slug"] == "installing-thunderbird-windows"]
    assert (
        install["conditions"].str.contains('"windows"').sum() == len(install) - 1
    )  # and one row that says it is not for others


def test_hardly_a_visible_word_is_lost(public, shared_data):
    """Words joined across a mark ("ToolsEdit") and texts alike for two kinds of readers count as lost here, too."""
    shown = {
        article_id: Counter(
            words(" ".join(group["text"]) + " " + " ".join(" ".join(path) for path in group["headings"]))
        )
        for article_id, group in public.sections.groupby("article_id")
    }
    total = lost = 0
    with gzip.open(shared_data / "thunderbird" / "help_center" / "articles.ndjson.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            body = re.sub(r"&lt;!--.*?--&gt;", "", article["body"], flags=re.DOTALL)
            visible = Counter(words(re.sub(r"\(\S+\)", "", html_to_text(body))))
            total += visible.total()
            lost += (visible - shown[f"zendesk:{article['id']}"]).total()
    assert total > 100_000
    assert lost / total < 0.006


def test_no_markup_and_no_place_marks_are_left(public):
    assert not public.sections["text"].str.contains("[\ue000-\uf8ff]|data-for|</(?:p|span|div|li)>").any()
    assert (public.sections["text"].str.len() < 20_000).all()


def test_the_sample_desk(tmp_path):
    words = learn_words({"plan": ["pro", "free", "legacy"]})
    center = read(ROOT / "examples" / "brindlebase" / "help_center", words=words)
    assert center.report.articles_read == 44
    assert center.report.articles_without_owner == 3
    by_id = {
        (row["article_id"], " / ".join(row["headings"]), row["conditions"])
        for row in center.sections.to_dict("records")
    }
    assert ("zendesk:360001013", "If you are on a legacy plan", '{"plan": ["legacy"]}') in by_id
    assert ("zendesk:360001013", "Free and Pro", '{"plan": ["free", "pro"]}') in by_id
    assert ("zendesk:360001010", "From Free to Pro", '{"plan": ["free", "pro"]}') in by_id
    assert ("zendesk:360001027", "Let it work in the background", '{"os": ["ios"]}') in by_id
    assert ("zendesk:360001008", "Pro", "{}") in by_id
