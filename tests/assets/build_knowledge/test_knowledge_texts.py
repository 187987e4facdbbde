"""What of an entry is searched, and that an edit touches only its own texts."""

import pandas as pd

from assets.build_knowledge.knowledge_texts import knowledge_texts, match_vectors


def live(*rows: tuple[str, str, str, list[str], str]) -> pd.DataFrame:
    columns = ["entry_id", "content_hash", "question", "phrasings", "answer"]
    return pd.DataFrame(rows, columns=columns).assign(category_id="login", conditions="{}")


RESET = (
    "reset",
    "h1",
    "How do I reset my password?",
    ["forgot my password", "forgot my password"],
    "Choose Forgot on the login page.",
)
INVITE = ("invite", "h2", "How do I invite people?", ["How do I invite people?"], "Open Members.\n\nChoose Invite.")


def test_question_phrasings_and_passages_each_stand_once():
    texts = knowledge_texts(live(RESET, INVITE))
    assert texts.groupby("entry_id")["kind"].agg(list).to_dict() == {
        "reset": ["passage", "phrasing", "question"],
        "invite": ["passage", "question"],
    }
    assert texts["vector_id"].is_unique
    assert any("Open Members." in text and "Choose Invite." in text for text in texts["text"])


def test_an_edited_entry_gets_new_ids_and_no_other_does():
    before = knowledge_texts(live(RESET, INVITE))
    after = knowledge_texts(live((*RESET[:1], "h1b", *RESET[2:4], "Choose Forgot password."), INVITE))
    kept = set(before["vector_id"]) & set(after["vector_id"])
    assert kept == set(before.loc[before["entry_id"] == "invite", "vector_id"])


def test_two_entries_with_one_question_have_texts_of_their_own():
    texts = knowledge_texts(live(RESET, ("reset-sso", "h3", RESET[2], [], "Ask your IT.")))
    assert len(texts[texts["kind"] == "question"]) == 2
    assert texts["vector_id"].is_unique


def test_no_entries_give_an_empty_frame_with_its_columns():
    texts = knowledge_texts(live())
    assert texts.empty
    assert "vector_id" in texts


def test_left_over_doubled_and_missing_vectors_are_seen():
    texts = pd.DataFrame(
        {"vector_id": ["a", "b", "c"], "entry_id": "reset", "kind": "phrasing", "encoder_revision": "r1"}
    )
    matched = match_vectors(texts, ["a", "b", "b", "ghost"]).set_index("vector_id")
    assert matched["count_vectors"].to_dict() == {"a": 1, "b": 2, "c": 0, "ghost": 1}
    assert matched["entry_id"].isna().to_dict() == {"a": False, "b": False, "c": False, "ghost": True}
