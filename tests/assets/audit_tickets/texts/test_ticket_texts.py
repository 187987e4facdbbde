"""Which words stand for a ticket."""

import pandas as pd

from assets.audit_tickets.texts.ticket_texts import COLUMNS, MAX_TICKET_TEXT_CHARS, ticket_texts


def comments(*rows: tuple) -> pd.DataFrame:
    names = ("ticket_id", "position", "author_role", "is_public", "subject", "text", "language")
    return pd.DataFrame(rows, columns=list(names))


def test_the_requesters_words_before_the_first_answer():
    result = ticket_texts(
        comments(
            ("t1", 1, "requester", True, "Login", "It fails", "en"),
            ("t1", 2, "staff", False, None, "internal note", "en"),
            ("t1", 3, "requester", True, None, "since Monday", "en"),
            ("t1", 4, "staff", True, None, "Reset it", "en"),
            ("t1", 5, "requester", True, None, "thanks, and my invoice?", "en"),
        )
    )
    assert list(result.columns) == list(COLUMNS)
    assert result["text"].tolist() == ["Login\nIt fails\nsince Monday"]
    assert len(result.loc[0, "text_hash"]) == 64


def test_a_ticket_opened_by_staff():
    result = ticket_texts(
        comments(("t1", 1, "staff", True, "Call", "Customer called", "en"),
         ("t1", 2, "requester", True, None, "Hallo", "de"),
                 ("t2", 1, "staff", True, "Call", "Customer called", "en"))
    )  # fmt: skip
    assert result.set_index("ticket_id")["text"].to_dict() == {"t1": "Call\nHallo", "t2": "Call\nCustomer called"}
    assert result["language"].tolist() == ["de", "en"]


def test_length_and_equal_texts():
    long = "word " * 1000
    result = ticket_texts(
        comments(("a", 1, "requester", True, None, long, "en"), ("b", 1, "requester", True, None, long, "en"),
                 ("c", 1, "requester", True, None, "x" * 5000, "und"))
    )  # fmt: skip
    assert (result["text"].str.len() <= MAX_TICKET_TEXT_CHARS).all()
    assert result.loc[0, "text"].endswith("word")
    assert result.loc[0, "text_hash"] == result.loc[1, "text_hash"] != result.loc[2, "text_hash"]


def test_no_tickets():
    assert list(ticket_texts(comments()).columns) == list(COLUMNS)
