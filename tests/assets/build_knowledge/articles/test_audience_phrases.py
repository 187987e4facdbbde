"""Which sentences and headings say for whom a text is, and which only sound like it."""

import time

import pytest

from assets.build_knowledge.articles.audience_phrases import PhraseReader
from assets.build_knowledge.articles.audiences import Audience, Universe
from tests.assets.build_knowledge.articles.help_centers import VOCABULARY

UNIVERSE = Universe.of(VOCABULARY.values, "Windows 7 Windows 10")
READER = PhraseReader(VOCABULARY, UNIVERSE)
PRO, LEGACY, FREE_AND_PRO = {"plan": ["pro"]}, {"plan": ["legacy"]}, {"plan": ["free", "pro"]}
WINDOWS, MAC, LINUX = {"os": ["windows"]}, {"os": ["mac"]}, {"os": ["linux"]}
SSO, NO_SSO = {"sso": ["true"]}, {"sso": ["false"]}


def said(audience: Audience) -> dict[str, list[str]]:
    found = UNIVERSE.to_conditions(audience)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On a Mac", MAC),
        ("If you are on a legacy plan", LEGACY),
        ("If your company uses single sign-on", SSO),
        ("If you sign in with an e-mail address and a password", NO_SSO),
        ("Create a shortcut on Windows", WINDOWS),
        ("Another way for Linux", LINUX),
        ("Guests on Pro", PRO),
        ("Export (Pro only)", PRO),
        ("Install on Windows or Mac", {"os": ["mac", "windows"]}),
        ("Unter Windows", WINDOWS),
        ("Für Pro-Kunden", PRO),
        ("En Windows", WINDOWS),
        # what only sounds like it
        ("Notes for Android", {}),
        ("What Pro gives you", {}),
        ("From Free to Pro", {}),
        ("How to upgrade to Pro", {}),
        ("Move from Legacy Studio to Pro", {}),
        ("End of Legacy Studio", {}),
        ("Free trial", {}),
        ("Import from Windows Mail", {}),
        ("Sign in with single sign-on (SSO)", {}),
        ("Why are the colours wrong, especially on Linux?", {}),
        ("Screenshot tools (free)", {}),
    ],
)
def test_headings(text, expected):
    audience, is_said = READER.heading(text)
    assert said(audience) == expected
    assert is_said is bool(expected)


@pytest.mark.parametrize(
    ("text", "expected"), [("Windows", WINDOWS), ("Free and Pro", FREE_AND_PRO), ("Legacy Studio", LEGACY)]
)
def test_a_bare_value_may_also_be_the_subject(text, expected):
    audience, is_said = READER.heading(text)
    assert said(audience) == expected
    assert not is_said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On Free, documents are exported one at a time.", {"plan": ["free"]}),
        ("On the Free plan a file may have up to 10 MB.", {"plan": ["free"]}),
        ("In workspaces with SSO nobody is invited by mail.", SSO),
        ("With SSO you sign in with your company account.", SSO),
        ("If you use Windows, press the key.", WINDOWS),
        ("If you are using Windows 7, open the panel.", {"os": ["windows"], "os_version": ["windows 7"]}),
        ("If you are not on Pro, ask an admin.", {"plan": ["free", "legacy"]}),
        ("As a Legacy Studio customer you keep your plan.", LEGACY),
        ("For Mac users, it is not possible.", MAC),
        ("Without SSO, use the form.", NO_SSO),
        ("For pro users, there is more.", PRO),
        ("Wenn Sie Windows verwenden, drücken Sie die Taste.", WINDOWS),
        ("Si usas Windows, pulsa la tecla.", WINDOWS),
        # what only sounds like it
        ("For free, you can do more.", {}),
        ("If you want to move from Free to Pro, write to us.", {}),
        ("If you upgrade to Pro, we charge at once.", {}),
        ("Pro starts at once.", {}),
        ("On Android 10 or older, you need the old app.", {}),
        ("If you are using Windows 7 or Vista, open the panel.", {}),
        ("In Windows Mail, open the menu.", {}),
        ("Windows hides the folder by default.", {}),
        ("Only here: see the table (Linux)", {}),
    ],
)
def test_leads(text, expected):
    assert said(READER.lead(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Windows: press the key", WINDOWS),
        ("iPhone, iPad: open the settings", {"os": ["ios"]}),
        ("Legacy Studio: seats", LEGACY),
        ("(Ubuntu) Click on Places", LINUX),
        ("Ctrl+K: search", {}),
        ("free: as in speech", {}),
    ],
)
def test_labels(text, expected):
    assert said(READER.label(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This article only applies to Windows.", WINDOWS),
        ("If you are on Legacy Studio, this page does not apply: see the other one.", FREE_AND_PRO),
        ("This page does not apply to Pro.", {"plan": ["free", "legacy"]}),
        ("This guide is about Windows.", {}),
    ],
)
def test_sentences_about_the_article(text, expected):
    assert said(READER.about_article(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pro only", PRO),
        ("Available on Pro.", PRO),
        ("This feature is only available on Pro and Legacy Studio.", {"plan": ["legacy", "pro"]}),
        ("Available on every plan", {}),
    ],
)
def test_notes(text, expected):
    assert said(READER.note(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "on a " * 4000,
        "if " + "you " * 6000 + "use windows",
        "windows, " * 5000,
        "this article is for " * 800,
        "a" * 200_000,
    ],
)
def test_no_text_is_slow(text):
    start = time.process_time()
    for method in (READER.heading, READER.lead, READER.label, READER.note, READER.about_article, READER.bare):
        method(text)
    assert time.process_time() - start < 2
