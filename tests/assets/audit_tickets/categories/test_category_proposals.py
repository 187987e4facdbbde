import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from assets.audit_tickets.categories.candidate_frame import COLUMNS, empty_candidates
from assets.audit_tickets.categories.category_proposals import (
    accepted_members,
    proposal_id,
    with_decisions,
    with_proposals,
)
from desk.models import CategoriesFile

PEOPLE = """\
# Our categories. Do not touch!
categories:
  - id: password_reset   # the big one
    name: Password reset
    labels: ["login-password"]
    examples: ["I forgot my password"]
"""


def candidates(*rows: dict) -> pd.DataFrame:
    base = {
        "candidate_id": "cand_11111111", "name": "Import contacts", "key_terms": ["import", "contacts"],
        "examples": ["How do I import contacts?"], "example_ticket_ids": ["desk:1"], "count_tickets": 40,
        "share_of_unknown": 0.2, "status": "open", "is_present": True, "member_ticket_ids": ["desk:1", "desk:2"],
    }  # fmt: skip
    rest = {name: None for name in COLUMNS if name not in base}
    return pd.DataFrame([{**rest, **base, **row} for row in rows])


TWO = candidates({}, {"candidate_id": "cand_22222222", "name": "Drucker: leere Seiten", "count_tickets": 12})


def read(text: str) -> dict:
    return YAML(typ="safe").load(text)


def test_what_people_wrote_stays_byte_for_byte_and_proposals_follow():
    text = with_proposals(PEOPLE, TWO)
    assert text.startswith(PEOPLE)
    proposed = read(text)["proposed"]
    assert [entry["merged_from"] for entry in proposed] == [["cand_11111111"], ["cand_22222222"]]
    assert "# 40 tickets, 20% of the unknown ones" in text
    CategoriesFile.model_validate(read(text))


def test_writing_again_changes_nothing_and_a_closed_candidate_disappears():
    text = with_proposals(PEOPLE, TWO)
    assert with_proposals(text, TWO) == text
    assert with_proposals(text, TWO.assign(status=["accepted", "merged"])).rstrip() == PEOPLE.rstrip()
    assert "cand_22222222" not in with_proposals(text, TWO, at_most=1)
    assert "cand_11111111" not in with_proposals(text, TWO.assign(is_present=[False, True]))


def test_a_proposal_moved_up_is_a_valid_category_and_accepts_the_candidate():
    text = with_proposals(PEOPLE, TWO)
    at = text.index("  # 40 tickets")
    end = text.index("  # 12 tickets")
    entry = text[at:end]
    moved = (
        PEOPLE
        + entry.replace('name: "Import contacts"', "name: Moving an address book")
        + text[len(PEOPLE) : at]
        + text[end:]
    )
    accepted = CategoriesFile.model_validate(read(moved)).categories[1]
    assert (accepted.name, accepted.merged_from) == ("Moving an address book", ["cand_11111111"])
    decided = with_decisions(TWO, moved).set_index("candidate_id")
    assert decided["status"].to_dict() == {"cand_11111111": "accepted", "cand_22222222": "open"}
    assert decided.loc["cand_11111111", "merged_into"] == accepted.id
    again = with_proposals(moved, decided.reset_index())
    assert "Moving an address book" in again
    assert [entry["merged_from"] for entry in read(again)["proposed"]] == [["cand_22222222"]]


def test_merging_dismissing_and_taking_a_decision_back():
    merged = PEOPLE + "    merged_from: [cand_11111111]\n"
    assert with_decisions(TWO, merged)["status"].tolist() == ["merged", "open"]
    text = with_proposals(PEOPLE, TWO)
    dismissed = text.replace("      - cand_22222222\n", "      - cand_22222222\n    dismiss: true\n")
    decided = with_decisions(TWO, dismissed)
    assert decided["status"].tolist() == ["open", "dismissed"]
    again = with_proposals(dismissed, decided)
    assert with_decisions(decided, again)["status"].tolist() == ["open", "dismissed"]
    assert len(read(again)["proposed"]) == 2
    assert with_decisions(decided, text)["status"].tolist() == ["open", "open"]


def test_two_candidates_in_one_new_category_are_one_accepted_and_one_merged():
    text = PEOPLE + "  - id: moving\n    name: Moving\n    merged_from: [cand_22222222, cand_11111111]\n"
    assert with_decisions(TWO, text)["status"].tolist() == ["merged", "accepted"]


def test_tickets_go_to_the_category_that_took_their_candidate():
    accepted = pd.DataFrame({"category_id": ["moving", "other"], "merged_from": [["cand_11111111"], []]})
    members = accepted_members(TWO, accepted)
    assert members.to_dict("records") == [
        {"ticket_id": "desk:1", "category_id": "moving"},
        {"ticket_id": "desk:2", "category_id": "moving"},
    ]
    assert accepted_members(empty_candidates(), accepted).empty


def test_a_split_sends_each_ticket_to_the_nearest_example():
    accepted = pd.DataFrame({"category_id": ["a", "b"], "merged_from": [["cand_11111111"], ["cand_11111111"]]})
    tickets = pd.DataFrame({"ticket_id": ["desk:0", "desk:1", "desk:2"]})
    vectors = np.array([[1.0, 0.0], [0.9, 0.1], [0.1, 0.9]])
    phrases = pd.DataFrame({"category_id": ["c", "b", "a"]})
    told = accepted_members(
        TWO.head(1), accepted, tickets, vectors, phrases, np.array([[1.0, 0.0], [0.2, 1.0], [1.0, 0.1]])
    )
    assert dict(zip(told["ticket_id"], told["category_id"], strict=True)) == {"desk:1": "a", "desk:2": "b"}
    assert accepted_members(TWO.head(1), accepted).empty


@pytest.mark.parametrize(
    "hostile",
    [
        '"}]\nproposed: [',
        "# - id: x",
        "!!python/object:os.system x",
        "line\nbreak\u2028more\x1b[31m",
        "'quote' \"double\" \\n",
        "- a: &b *c",
    ],
)
def test_words_of_customers_cannot_break_out_of_their_place(hostile: str):
    frame = candidates(
        {"name": hostile, "examples": [hostile], "key_terms": [hostile], "looks_like_category_id": hostile}
    )
    document = read(with_proposals(PEOPLE, frame))
    assert list(document) == ["categories", "proposed"]
    assert len(document["categories"]) == len(document["proposed"]) == 1
    assert document["proposed"][0]["merged_from"] == ["cand_11111111"]
    assert not any(ord(char) < 32 for char in document["proposed"][0]["examples"][0])
    CategoriesFile.model_validate(document)


def test_an_empty_file_gets_both_lists():
    document = read(with_proposals("", TWO))
    assert document["categories"] == []
    assert len(document["proposed"]) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("categories: [", "not valid YAML"),
        ("- a\n- b\n", "must hold the lists"),
        ("categories: 5\n", "must hold the lists"),
        ("proposed: []\ncategories: []\n", "must be the last"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_unchanged(text: str, message: str):
    with pytest.raises(ValueError, match=message):
        with_proposals(text, TWO)


def test_ids_made_of_names_are_slugs_and_unlike_those_taken():
    assert proposal_id("Größe ändern: E-Mail!", []) == "grosse_andern_e_mail"
    assert proposal_id("Import contacts", ["import_contacts"]) == "import_contacts_2"
    assert proposal_id("新しい", []) == "category"
