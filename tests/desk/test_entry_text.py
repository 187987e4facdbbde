"""A person's hand stays: what is written back differs only where the entry does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.entry import Entry
from desk.entry_text import EntryTextError, entry_text, take_apart

WRITTEN = """---
# Checked with the identity team.
category: password_reset          # see categories.yaml
id: "reset"

question: 'How do I reset my password?'
conditions: {sso: [true], os: [macOS]}
phrasings:
    - I can't get in
    - "Help: locked out"

# to be decided
status: draft   # waits for legal
---

Do *this*.\x20\x20
* a
  * b


"""


def read(text: str) -> Entry:
    parts = take_apart(text)
    return Entry.model_validate({**parts.values, "answer": parts.body})


def test_an_unchanged_entry_is_written_as_it_stands():
    assert entry_text(read(WRITTEN), WRITTEN) == WRITTEN
    crlf = WRITTEN.replace("\n", "\r\n")
    assert entry_text(read(crlf), crlf) == crlf
    assert read(crlf) == read(WRITTEN)


def test_only_the_settings_that_differ_are_rewritten():
    accepted = read(WRITTEN).changed(status="accepted", owner="Ada: Moreno", reviewed_at="2026-05-20")
    expected = WRITTEN.replace("status: draft   # waits", "status: accepted   # waits").replace(
        "\n\n# to be decided", "\n\n# to be decided"
    )
    lines = entry_text(accepted, WRITTEN).splitlines()
    assert [line for line in lines if line not in expected.splitlines()] == [
        "owner: 'Ada: Moreno'",
        "reviewed_at: 2026-05-20",
    ]
    assert [line for line in expected.splitlines() if line not in lines] == []
    assert lines.index("owner: 'Ada: Moreno'") + 1 == lines.index("reviewed_at: 2026-05-20")


def test_a_changed_list_and_a_changed_answer_leave_the_rest():
    changed = read(WRITTEN).changed(phrasings=["x: y"], answer="New.\n\n- a")
    text = entry_text(changed, WRITTEN)
    assert "phrasings:\n  - 'x: y'\n\n# to be decided\nstatus: draft   # waits for legal\n---\n\nNew.\n\n- a\n" in text
    assert text.startswith(WRITTEN[: WRITTEN.index("phrasings")])


def test_line_ends_of_windows_stay_when_something_changes():
    crlf = WRITTEN.replace("\n", "\r\n")
    text = entry_text(read(crlf).changed(status="accepted", answer="One.\nTwo."), crlf)
    assert text.count("\n") == text.count("\r\n")
    assert "One.\r\nTwo.\r\n" in text


def test_a_list_that_becomes_empty_is_written_as_such():
    assert "phrasings: []\n" in entry_text(read(WRITTEN).changed(phrasings=[]), WRITTEN)


@pytest.mark.parametrize("broken", ["no front matter", "---\nid: [\n---\nx", "---\n{id: a}\n---\nx", ""])
def test_what_cannot_be_changed_in_place_is_written_anew(broken):
    entry = read(WRITTEN)
    assert read(entry_text(entry, broken)) == entry


def test_a_new_file_reads_like_the_documented_one():
    entry = Entry(
        id="password-reset-sso",
        category="password_reset",
        question="How do I reset my password?",
        conditions={"sso": ["true"]},
        phrasings=["I can't get in, where do I reset the password"],
        owner="Identity team",
        reviewed_at="2026-05-20",
        review_by="2026-11-20",
        valid_from="2026-03-24",
        sources=[{"kind": "article", "id": "zendesk:360001002", "hash": "1f0c"}],
        status="accepted",
        answer="The answer, in Markdown.",
    )
    assert (
        entry_text(entry)
        == """---
id: password-reset-sso
category: password_reset
question: How do I reset my password?
conditions: {sso: [true]}
phrasings:
  - I can't get in, where do I reset the password
owner: Identity team
reviewed_at: 2026-05-20
review_by: 2026-11-20
valid_from: 2026-03-24
valid_until: null
sources:
  - {kind: article, id: 'zendesk:360001002', hash: 1f0c}
status: accepted
---
The answer, in Markdown.
"""
    )


WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).filter(lambda text: text.strip() != "")
ENTRIES = st.builds(
    lambda **fields: fields,
    question=WORDS,
    answer=st.text(st.characters(codec="utf-8"), max_size=120).map(lambda text: f"{text}x"),
    phrasings=st.lists(WORDS, max_size=3),
    owner=st.none() | WORDS,
    conditions=st.dictionaries(st.sampled_from(["plan", "os"]), st.lists(WORDS, min_size=1, max_size=2), max_size=2),
    sources=st.lists(st.fixed_dictionaries({"kind": st.just("ticket"), "id": WORDS}), max_size=2),
    valid_from=st.none() | st.dates(),
)


def made(fields) -> Entry:
    return Entry.model_validate({"id": "some-id", "category": "some_category", **fields})


@given(ENTRIES, ENTRIES)
@settings(max_examples=150, deadline=None)
def test_whatever_words_an_entry_holds_they_come_back(first, second):
    before, after = made(first), made(second)
    text = entry_text(before)
    assert read(text) == before
    assert entry_text(before, text) == text
    assert read(entry_text(after, text)) == after
    assert read(entry_text(after, text.replace("\n", "\r\n"))) == after


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("id: x\n", 1, "does not begin with a line '---'"),
        ("---\nid: x\n", 1, "not closed"),
        ("---\nid: x\nquestion: a: b\n---\nx", 3, "quotes"),
        ("---\nid: x\nowner: 'Ada\nstatus: draft\n---\nx", 3, "not valid YAML"),
        ("---\nid: x\nid: y\n---\nx", 3, "set twice"),
        ("---\nid: &a x\nowner: *a\n---\nx", 2, "put the text in quotes"),
        ("---\n- a\n---\nx", 2, "key: value"),
        ("---\nowner: " + "[" * 5_000 + "\n---\nx", 2, "nested"),
        ("---\n" + "- " * 40_000 + "\n---\nx", 2, "nested"),
        ("---\nowner: a\x07b\n---\nx", 2, "retype"),
        ("---\n? [a]\n: b\n---\nx", 2, "one word"),
    ],
)
def test_a_broken_front_matter_names_line_and_fix(text, line, words):
    with pytest.raises(EntryTextError, match=words) as caught:
        take_apart(text)
    assert caught.value.line == line


def test_a_bom_and_rules_in_the_answer_are_no_harm():
    entry = read("\ufeff---\nid: a\ncategory: b\nquestion: c\n---\none\n\n---\n\ntwo")
    assert entry.answer == "one\n\n---\n\ntwo"


def test_numbers_dates_and_yes_stay_text():
    text = "---\nid: a\ncategory: b\nquestion: yes\nowner: 007\nconditions: {version: [7.10, on]}\n---\nx"
    entry = read(text)
    assert (entry.question, entry.owner, entry.conditions) == ("yes", "007", {"version": ["7.10", "on"]})
