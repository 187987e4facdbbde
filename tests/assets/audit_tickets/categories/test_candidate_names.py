import numpy as np
import pytest

from assets.audit_tickets.categories.candidate_names import EXAMPLE_CHARS, example_phrase, name_groups, typical_examples
from tests.assets.audit_tickets.categories.ticket_topics import make_tickets, vectors_of


def texts_about(*subjects: str, times: int = 6) -> list[str]:
    return [f"{subject}\nHello, please help me with this. Kind regards" for subject in subjects for _ in range(times)]


BACKGROUND = texts_about(
    "Printer is broken", "Where is my parcel", "App is slow on Android", "Change the delivery date", times=8
)


def name_of(texts: list[str], language: str = "en") -> str:
    labels = np.array([0] * len(texts) + [-1] * len(BACKGROUND))
    return name_groups([*texts, *BACKGROUND], labels, [language] * len(texts) + ["en"] * len(BACKGROUND))[0].name


@pytest.mark.parametrize(
    ("subjects", "language", "expected"),
    [
        (
            ["Import contacts from Outlook", "How do I import contacts from Outlook?"],
            "en",
            "Import contacts from Outlook",
        ),
        (["Hallo, Rechnung herunterladen", "Wie kann ich die Rechnung herunterladen?"], "de", "Rechnung herunterladen"),
        (
            ["Hola, restablecer la contraseña", "¿Cómo puedo restablecer la contraseña?"],
            "es",
            "Restablecer la contraseña",
        ),
        (["I cannot send messages", "Unable to send messages"], "en", "Cannot send messages"),
        (["IMPORT CALENDAR FILE", "import calendar file"], "en", "Import calendar file"),
    ],
)
def test_names_read_as_a_customer_would_say_it(subjects: list[str], language: str, expected: str):
    assert name_of(texts_about(*subjects), language) == expected


def test_greetings_requests_and_redacted_data_never_make_a_name():
    texts = texts_about(
        "Hello please help, urgent question", "Thanks, mail from [EMAIL] and [PHONE] about the broken invoice total"
    )
    name = name_of([*texts, *texts_about("broken invoice total")])
    assert not {"hello", "please", "help", "urgent", "question", "thanks", "email", "phone"} & set(name.lower().split())
    assert "invoice" in name.lower()


def test_a_word_of_one_or_two_tickets_is_no_key_term():
    texts = [*texts_about("Export invoice list", times=20), "Zanzibar export invoice\n", "Zanzibar invoice list\n"]
    labels = np.array([0] * len(texts) + [-1] * len(BACKGROUND))
    terms = name_groups([*texts, *BACKGROUND], labels)[0].key_terms
    assert "invoice" in [term.lower() for term in terms]
    assert "zanzibar" not in [term.lower() for term in terms]


def test_no_two_groups_share_a_name_and_taken_names_are_kept_free():
    texts = texts_about("Export the invoice", times=12)
    labels = np.array([0] * 4 + [1] * 4 + [2] * 4 + [-1] * len(BACKGROUND))
    names = name_groups([*texts, *BACKGROUND], labels, taken=["Invoices, exported"])
    shown = [name.name.lower() for name in names.values()]
    assert len(set(shown)) == 3
    assert "export invoice" not in shown


def test_naming_ends_when_nothing_is_left_to_tell_groups_apart():
    names = name_groups(["ok\n"] * 9, np.repeat([0, 1, 2], 3))
    assert len({name.name for name in names.values()}) == 3


def test_the_example_is_the_question_without_the_greeting():
    assert example_phrase("Hi\nHello there! I hope you are well. How do I export my invoices as a list?") == (
        "How do I export my invoices as a list?"
    )
    assert example_phrase("Cannot export invoices as list\nHello") == "Cannot export invoices as list"
    assert (
        example_phrase("Rechnung\nGuten Tag, wie kann ich meine Rechnung herunterladen?")
        == "wie kann ich meine Rechnung herunterladen?"
    )
    assert example_phrase("Delete account\nHow do I do this?") == "Delete account"
    assert example_phrase("") == ""


def test_a_long_example_is_cut_at_a_word():
    phrase = example_phrase("invoice export " * 40)
    assert len(phrase) <= EXAMPLE_CHARS
    assert phrase.endswith(("invoice…", "export…"))


def test_typical_examples_differ_and_speak_of_the_topic():
    tickets = make_tickets(["password", "invoice"], 20)
    texts = [*tickets["text"], tickets["text"].iloc[0], "Please read\nWhat should I do about all of this now?"]
    space = np.vstack([vectors_of(tickets), vectors_of(tickets)[:1], vectors_of(tickets)[:1]])
    chosen = typical_examples(texts, space, key_terms=["password", "invoice"], count=5)
    assert len(chosen) == len({example_phrase(texts[i]) for i in chosen}) == 5
    assert len(texts) - 1 not in chosen
    spoken = " ".join(example_phrase(texts[i]).lower() for i in chosen)
    assert "password" in spoken
    assert "invoice" in spoken
