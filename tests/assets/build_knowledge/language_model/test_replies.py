"""Replies that hold, and why others do not."""

import json

import pytest

from assets.build_knowledge.language_model.replies import SetAside, read_entries, read_entry, read_name

EVIDENCE = {"A1": "Open Settings and press Export. It takes 2 hours.", "S1": "Exports hold 30 days."}
QUESTIONS = {"Q1": "How do I export my boards?"}
GOOD = {
    "question": "How do I export my boards?",
    "answer": "Open Settings and press **Export**. It takes 2 hours.",
    "sources": ["A1"],
    "phrasings": ["Q1"],
}


def reason(read, *arguments):
    with pytest.raises(SetAside) as problem:
        read(*arguments)
    assert str(problem.value).endswith(".")
    return problem.value.reason


def test_a_good_entry_is_read():
    entry = read_entry(GOOD, EVIDENCE, QUESTIONS)
    assert (entry.question, entry.answer, entry.sources, entry.phrasings) == (
        *list(GOOD.values())[:2],
        ("A1",),
        ("Q1",),
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"answer": "Exports hold 30 days, as far as we know."}, "unsupported_number"),  # S1 says so, A1 is named
        ({"question": "How do I export 99 boards?"}, "unsupported_number"),
        ({"answer": "Open https://evil.example.net and press Export there."}, "foreign_link"),
        ({"question": "How do I export at evil.example.net?"}, "foreign_link"),
        ({"answer": "Write to [EMAIL] and ask us to press Export."}, "placeholder"),
        ({"answer": "Open [your account] and press the Export button."}, "placeholder"),
        ({"answer": "Open Settings <img src=x> and press Export there."}, "markup"),
        ({"answer": "Open Settings ![x](y) and press Export there."}, "markup"),
        ({"answer": "Press Export."}, "too_short"),
        ({"answer": "press export " * 300}, "too_long"),
        ({"question": "Export?"}, "too_short"),
        ({"question": "How do I\nexport?"}, "wrong_shape"),
        ({"answer": ["Open Settings"]}, "wrong_shape"),
        ({"sources": []}, "unknown_source"),
        ({"sources": ["A9"]}, "unknown_source"),
        ({"sources": ["Q1"]}, "unknown_source"),  # a customer's claim is no source
        ({"sources": "A1"}, "wrong_shape"),
        ({"sources": [{"A1": 1}]}, "wrong_shape"),
        ({"phrasings": ["A1"]}, "unknown_source"),
        ({"conditions": {}}, "wrong_shape"),
    ],
)
def test_an_entry_that_does_not_hold_is_set_aside(change, code):
    assert reason(read_entry, GOOD | change, EVIDENCE, QUESTIONS) == code


@pytest.mark.parametrize("value", [None, "text", 3, [], {}])
def test_what_is_no_entry_is_set_aside(value):
    assert reason(read_entry, value, EVIDENCE, QUESTIONS) == "wrong_shape"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_json"),
        ("Sure! Here you are: {}", "not_json"),
        ('{"entries": [}', "not_json"),
        ('{"entries": [], "entries": []}', "not_json"),
        ('{"entries": NaN}', "not_json"),
        ("[" * 100_000, "not_json"),
        ("[]", "not_json"),
        ('{"entries": {}}', "wrong_shape"),
        ('{"entries": [], "note": 1}', "wrong_shape"),
        ('{"entries": [1, 2, 3, 4, 5]}', "wrong_shape"),
        ("x" * 300_000, "too_long"),
    ],
)
def test_a_reply_of_another_form_is_set_aside(text, code):
    assert reason(read_entries, text, 4) == code


def test_one_code_fence_around_the_reply_is_read():
    assert read_entries('```json\n{"entries": [1]}\n```', 4) == [1]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("x", "too_short"),
        ("a b c d e f g", "too_long"),
        ("evil.example.net", "foreign_link"),
        ("[NAME] asks", "placeholder"),
        ("12345", "wrong_shape"),
        (None, "wrong_shape"),
    ],
)
def test_a_name_that_does_not_hold_is_set_aside(name, code):
    assert reason(read_name, json.dumps({"name": name})) == code


def test_a_name_is_read():
    assert read_name('{"name": " Export of boards "}') == "Export of boards"
