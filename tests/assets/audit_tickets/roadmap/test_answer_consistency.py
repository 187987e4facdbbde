"""Answers from a macro are alike, prose is not, and neither greetings nor language make them so."""

import math
import random

import pandas as pd
import pytest

from assets.audit_tickets.roadmap.account_context import asks_for_facts, find_account_context, refers_to_account
from assets.audit_tickets.roadmap.answer_consistency import (
    answers_by_ticket,
    find_context_differences,
    measure_answer_consistency,
    stems,
)
from tests.assets.audit_tickets.roadmap.roadmap_frames import WORDS

MACRO = "Open settings, choose security and press reset; the link in the mail is valid for one hour only."


def prose(draw: random.Random, count: int = 14) -> str:
    return " ".join(draw.sample(WORDS, count)) + "."


def answers(texts: dict[str, list[str]], language: str = "en") -> pd.DataFrame:
    rows = [(f"t:{c}-{i}", c, language, text) for c, many in texts.items() for i, text in enumerate(many)]
    return pd.DataFrame(rows, columns=["ticket_id", "category_id", "language", "text"])


def test_a_macro_is_alike_and_prose_is_not() -> None:
    draw = random.Random(1)
    frame = answers(
        {"macro": [f"{MACRO} {draw.choice(WORDS)}" for _ in range(30)], "prose": [prose(draw) for _ in range(30)]}
    )
    measured = measure_answer_consistency(frame).set_index("category_id")
    assert measured.loc["macro", "answer_consistency"] > 0.7
    assert measured.loc["macro", "answer_consistency_low"] > 0.6
    assert abs(measured.loc["prose", "answer_consistency"]) < 0.03
    assert measured.loc["prose", "count_answers"] == 30


def test_words_that_the_whole_desk_shares_do_not_make_answers_alike() -> None:
    draw = random.Random(2)
    shared = "thank you for contacting our friendly support team about your question today"
    frame = answers({c: [f"{shared} {prose(draw)}" for _ in range(25)] for c in "abcd"})
    assert measure_answer_consistency(frame)["answer_consistency"].abs().max() < 0.03


def test_few_answers_are_not_measured() -> None:
    measured = measure_answer_consistency(answers({"few": [MACRO] * 7, "many": [MACRO] * 8}))
    assert math.isnan(measured.set_index("category_id").loc["few", "answer_consistency"])


def test_a_category_answered_in_two_languages_is_compared_within_each() -> None:
    german = "Einstellungen öffnen, Sicherheit wählen und auf Zurücksetzen drücken, der Link gilt eine Stunde."
    draw = random.Random(3)
    frame = pd.concat(
        [
            answers({"reset": [MACRO] * 10, "other": [prose(draw) for _ in range(10)]}),
            answers({"reset": [german] * 10, "other": [prose(draw) for _ in range(10)]}, "de").assign(
                ticket_id=lambda f: f["ticket_id"] + "-de"
            ),
        ],
        ignore_index=True,
    )
    assert measure_answer_consistency(frame).set_index("category_id").loc["reset", "answer_consistency"] > 0.9


def test_no_answers_give_an_empty_frame() -> None:
    assert measure_answer_consistency(answers({"a": ["x"]}).iloc[:0]).empty


def test_the_measure_is_the_same_twice() -> None:
    draw = random.Random(4)
    frame = answers({"a": [prose(draw) for _ in range(20)], "b": [prose(draw) for _ in range(20)]})
    pd.testing.assert_frame_equal(measure_answer_consistency(frame), measure_answer_consistency(frame))


def test_answers_that_follow_the_plan_are_found_and_noise_is_not() -> None:
    draw = random.Random(5)
    other = "Your company keeps passwords itself; ask the administrator of your identity provider to change it."
    texts = [(MACRO if i % 2 else other) + " " + prose(draw, 3) for i in range(60)]
    frame = answers({"reset": texts})
    contexts = pd.DataFrame(
        {
            "sso": ["false" if i % 2 else "true" for i in range(60)],
            "plan": [draw.choice(["free", "pro"]) for _ in range(60)],
        },
        index=frame["ticket_id"],
    )
    found = find_context_differences(frame, contexts)
    assert found["field"].tolist() == ["sso"]
    assert found["p_value"].iloc[0] <= 0.01


def comments(rows: list[tuple[str, int, str, bool, str]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["ticket_id", "position", "author_role", "is_public", "text"])
    return frame.assign(language="en")


def test_the_answer_is_the_first_reply_that_says_something() -> None:
    frame = comments(
        [
            ("t:1", 1, "requester", True, "It is broken"),
            ("t:1", 2, "staff", True, "Looking into it."),
            ("t:1", 3, "staff", False, "internal note with plenty of words that nobody outside may read"),
            ("t:1", 4, "staff", True, "Please clear the cache of the browser and then open the report once more."),
            ("t:1", 5, "staff", True, "A later message that has nothing to do with the answer that was given before."),
        ]
    )
    [text] = answers_by_ticket(frame, pd.Series({"t:1": "a"}))["text"]
    assert "clear the cache" in text
    assert "internal note" not in text
    assert "later message" not in text


def test_greetings_go_and_macros_stay() -> None:
    rows = []
    for number in range(24):
        category = "abc"[number % 3]
        macro = f"The macro sentence of category {category} explains every step that has to be taken here."
        rows.append((f"t:{category}{number}", 1, "staff", True, f"Thanks for reaching out to our team! {macro}"))
    frame = comments(rows)
    texts = answers_by_ticket(frame, pd.Series({t: t[2] for t in frame["ticket_id"]}))["text"]
    assert not texts.str.contains("Thanks").any()
    assert texts.str.contains("macro sentence").all()


def test_stems_join_inflected_words() -> None:
    assert stems("Kündigungen")[0] == stems("kuendigung")[0]
    assert stems("passwords, password")[0] == stems("password")[0]


@pytest.mark.parametrize(
    "text",
    [
        "I've checked your account and the trial has ended.",
        "We have reset the payment method on your subscription.",
        "Your plan was downgraded last week.",
        "According to our records the invoice was paid.",
        "Ich habe Ihr Konto geprüft.",
        "Der Vertrag wurde storniert.",
        "He revisado su cuenta y ya está activa.",
    ],
)
def test_a_look_into_the_account_is_recognised(text: str) -> None:
    assert refers_to_account(text)


@pytest.mark.parametrize(
    "text",
    [
        "Could you send us a screenshot of the error?",
        "Which e-mail address did you use? Please tell me the account email.",
        "Please share the invoice number.",
        "Bitte senden Sie uns Ihre Kundennummer.",
        "¿Podría enviarnos una captura de pantalla?",
    ],
)
def test_a_question_for_facts_is_recognised(text: str) -> None:
    assert asks_for_facts(text)


@pytest.mark.parametrize(
    "text",
    [
        "Open Settings and choose Export.",
        "An account can have five seats.",
        "Klicken Sie auf Einstellungen und dann auf Export.",
        "Abra los ajustes y elija exportar.",
        "We have released a new version with a fix.",
    ],
)
def test_general_advice_needs_no_account(text: str) -> None:
    assert not refers_to_account(text)
    assert not asks_for_facts(text)


def test_account_context_is_by_ticket_and_from_public_staff_replies() -> None:
    frame = comments(
        [
            ("t:1", 1, "staff", True, "Open Settings and choose Export."),
            ("t:1", 2, "staff", True, "I have now updated your subscription."),
            ("t:2", 1, "staff", True, "Open Settings and choose Export."),
            ("t:2", 2, "staff", False, "I've checked your account."),
            ("t:3", 1, "requester", True, "I've checked your account page, please send a screenshot"),
        ]
    )
    found = find_account_context(frame).set_index("ticket_id")
    assert found["needs_account_facts"].to_dict() == {"t:1": True, "t:2": False}
    assert bool(found.loc["t:1", "is_account_question"]) is False
