"""How it is known what was right, and whose tickets may be asked."""

import pandas as pd
import pytest

from assets.configure_behavior.confidence.calibration_labels import (
    ARTICLE_LINK,
    OTHER_ANSWER,
    REVIEW,
    SAME_ANSWER,
    join_labels,
    label_tickets,
    labels_frame,
    refuse_other_sides,
    reviewed_labels,
)
from tests.assets.configure_behavior.confidence.small_desk import encode, whole


def label(desk, side="calibration"):
    return label_tickets(
        desk.live, desk.articles, desk.tickets, desk.ticket_intents, desk.splits, desk.comments, encode, side
    )


def asked(desk, labels, words):
    """The one label of calibration tickets that ask with these words."""
    ids = desk.ticket_texts.loc[desk.ticket_texts["text"].str.contains(words), "ticket_id"]
    (row,) = labels.frame[labels.frame["ticket_id"].isin(set(ids))].to_dict("records")
    return row


def test_replies_say_which_entry_was_right_and_of_variants_the_one_for_that_customer():
    desk = whole()
    labels = label(desk)
    frame = labels.frame.merge(desk.tickets[["ticket_id", "sso"]], on="ticket_id")
    frame = frame.merge(desk.ticket_intents[["ticket_id", "assigned_category_id"]], on="ticket_id")
    login = frame[frame["assigned_category_id"] == "login"]
    assert set(login["label_source"]) == {SAME_ANSWER}
    for row in login.to_dict("records"):
        assert row["entry_ids"] == ["reset-sso" if row["sso"] == "true" else "reset-own"]
    assert labels.count_unanswered == 1
    assert len(labels.frame) == labels.count_tickets - 1


def test_a_link_counts_and_another_answer_is_a_label_without_an_entry():
    desk = whole()
    labels = label(desk)
    assert asked(desk, labels, "by fax")["entry_ids"] == ["invoice-copy"]
    assert asked(desk, labels, "by fax")["label_source"] == ARTICLE_LINK
    other = asked(desk, labels, "with cash")
    assert (other["entry_ids"], other["label_source"]) == ([], OTHER_ANSWER)
    assert 0 < other["weight"] < 1


def test_a_link_to_an_entry_that_is_not_for_this_customer_is_no_label():
    desk = whole()
    fax = desk.ticket_texts.loc[desk.ticket_texts["text"].str.contains("by fax"), "ticket_id"]
    live = desk.live.copy()
    live.loc[live["entry_id"] == "invoice-copy", "conditions"] = '{"sso": ["false"]}'
    desk.live = live
    assert not set(fax) & set(label(desk).frame["ticket_id"])


def test_a_wrong_guess_of_the_category_does_not_make_the_label_wrong():
    desk = whole()
    guessed = desk.ticket_intents.copy()
    ids = desk.ticket_texts.loc[desk.ticket_texts["text"] == "need the invoice of march, case 1", "ticket_id"]
    guessed.loc[guessed["ticket_id"].isin(set(ids)), "assigned_category_id"] = "login"
    desk.ticket_intents = guessed
    assert asked(desk, label(desk), "invoice of march, case 1")["entry_ids"] == ["invoice-copy"]


def test_an_answer_in_a_language_no_entry_has_is_left_out():
    desk = whole()
    ids = desk.ticket_texts.loc[desk.ticket_texts["text"].str.contains("with cash"), "ticket_id"]
    comments = desk.comments.copy()
    comments.loc[comments["ticket_id"].isin(set(ids)) & (comments["author_role"] == "staff"), "language"] = "de"
    desk.comments = comments
    labels = label(desk)
    assert labels.count_other_language == 1
    assert OTHER_ANSWER not in set(labels.frame["label_source"])


def test_each_side_reads_its_own_tickets():
    desk = whole()
    side = desk.splits.set_index("ticket_id")["split"]
    for name in ("calibration", "train"):
        assert set(label(desk, name).frame["ticket_id"].map(side)) == {name}


def test_reviews_go_before_replies():
    from_replies = labels_frame([("t1", ["a"], SAME_ANSWER, 0.7), ("t2", [], OTHER_ANSWER, 0.5)])
    reviews = pd.DataFrame(
        [("t2", "b", True, None), ("t3", "c", False, None), ("t4", "c", False, "d"), ("t3", "c", False, None)],
        columns=["ticket_id", "entry_id", "is_right", "right_entry_id"],
    )
    joined = join_labels(reviewed_labels(reviews), from_replies)
    assert joined["ticket_id"].tolist() == ["t1", "t2", "t3", "t4"]
    assert joined["entry_ids"].tolist() == [["a"], ["b"], [], ["d"]]
    assert joined["label_source"].tolist() == [SAME_ANSWER, REVIEW, REVIEW, REVIEW]
    assert len(join_labels(labels_frame([]))) == 0
    with pytest.raises(ValueError, match="lack the columns"):
        join_labels(pd.DataFrame({"ticket_id": ["t1"]}))


def test_holdout_and_training_tickets_are_refused():
    splits = pd.DataFrame({"ticket_id": ["a", "b", "c"], "split": ["calibration", "holdout", "train"]})
    refuse_other_sides(["a", "new"], splits)
    with pytest.raises(ValueError, match="1 holdout tickets among those to calibrate on \\(b\\)"):
        refuse_other_sides(["a", "b"], splits)
    with pytest.raises(ValueError, match="train tickets taught"):
        refuse_other_sides(["c"], splits)
