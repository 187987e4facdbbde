"""Which past tickets have a known right answer, and how that is known.

Belongs here: labels from what people did, joining them with labels of other sources, and refusing tickets that must not
calibrate. Does not belong here: what the agent would have answered (``past_answers``), how a reply is compared with an
entry (``build_knowledge.retrieval.same_answers``).

A label says which live entries are right for a ticket. None at all is a label too: people answered with something that
no live entry says, so any answer of ours would be wrong. That is harsh where an entry says the same in other words (then
a right answer counts as wrong), and errs on the side of not answering; a review of just these tickets
(``reviewed_labels``) is the quickest way to more answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.audit_tickets.texts.language import MIN_CONFIDENCE, detect_language
from assets.build_knowledge.conditions import applies, load_conditions
from assets.build_knowledge.drafts.answer_conditions import customer_facts
from assets.build_knowledge.drafts.answer_groups import flat
from assets.build_knowledge.drafts.staff_answers import staff_answers
from assets.build_knowledge.entry_history import MAX_ANSWER_CHARS, find_answered_tickets
from assets.build_knowledge.retrieval.same_answers import answered_by_same_answer
from assets.build_knowledge.training_tickets import Side, training_tickets

Encode = Callable[[Sequence[str]], np.ndarray]
COLUMNS = ("ticket_id", "entry_ids", "label_source", "weight")
SAME_ANSWER, ARTICLE_LINK, OTHER_ANSWER, REVIEW = "same_answer", "article_link", "answer_of_no_entry", "review"
UNSURE = 0.5
"""Weight of a reply that no entry gives: about as often an entry said the same in other words."""
SOURCES = {
    REVIEW: "reviews of the answer",
    SAME_ANSWER: "replies that say what an entry says",
    ARTICLE_LINK: "links to the entry's article",
    OTHER_ANSWER: "replies that no live entry gives (counted as wrong)",
}
"""Where labels come from, in words; another source names itself."""


@dataclass(frozen=True)
class TicketLabels:
    """``frame`` [labelled ticket]: ticket_id, entry_ids (the right entries, empty: none is), label_source, weight (0..1,
    how sure it is; counts in teaching confidence, not in certifying).

    ``count_tickets`` are all tickets of the side; left out were ``count_unanswered``, to which nobody gave an answer
    that could be read, and ``count_other_language``, answered in a language that no entry is written in.
    """

    frame: pd.DataFrame
    count_tickets: int
    count_unanswered: int
    count_other_language: int


def label_tickets(
    live: pd.DataFrame,
    articles: pd.DataFrame,
    tickets: pd.DataFrame,
    intents: pd.DataFrame,
    splits: pd.DataFrame,
    comments: pd.DataFrame,
    encode: Encode,
    side: Side = "calibration",
    answered: pd.DataFrame | None = None,
) -> TicketLabels:
    """Read from people's replies which entry was right for each ticket of a side.

    Args:
        live: ``live_entries``. articles: ``help_center_articles``. tickets: ``fct_tickets``. intents:
            ``ticket_intents``. splits: ``ticket_splits``; only tickets of ``side`` are read. comments:
            ``redacted_comments``.
        encode: texts to unit vectors.
        side: of the split.
        answered: ``find_answered_tickets`` of that side, where it is known already.

    A reply is first compared with the entries of the ticket's category; where none says the same, with those of all
    categories: the category may be the model's guess, and a wrong guess must not make the label wrong.
    """
    mine, category_by_ticket = training_tickets(tickets, intents, splits, side)
    if answered is None:
        answered = find_answered_tickets(live, articles, tickets, intents, splits, comments, encode, side)
    answered = answered[~_is_for_others(answered, live, mine)]
    unknown = set(mine["ticket_id"]) - set(answered["ticket_id"])
    read = comments[comments["ticket_id"].isin(unknown)]
    said = staff_answers(read, mine, {ticket: category_by_ticket.get(ticket, "") for ticket in unknown})
    if len(said) and len(live):
        answered = pd.concat([answered, _of_any_category(said, live, mine, encode)], ignore_index=True)
    rows = [
        (str(ticket), sorted(found["entry_id"]), str(found["evidence"].iloc[0]), min(float(found["weight"].sum()), 1.0))
        for ticket, found in answered.groupby("ticket_id", sort=True)
    ]
    others = said[~said["ticket_id"].isin(set(answered["ticket_id"]))]
    is_foreign = ~others["language"].isin({*_languages(live), "und"})
    rows += [(str(ticket), [], OTHER_ANSWER, UNSURE) for ticket in others.loc[~is_foreign, "ticket_id"]]
    frame = labels_frame(rows)
    foreign = int(is_foreign.sum())
    return TicketLabels(frame, len(mine), len(mine) - len(frame) - foreign, foreign)


def reviewed_labels(reviews: pd.DataFrame) -> pd.DataFrame:
    """Labels from people who looked at the agent's answer to a ticket.

    Args:
        reviews: ticket_id, entry_id (what the agent answered with), is_right, and optionally right_entry_id (what would
            have been right; null: nothing on file).
    """
    rows = []
    for row in reviews.drop_duplicates("ticket_id", keep="last").to_dict("records"):
        right = row["entry_id"] if row["is_right"] else row.get("right_entry_id")
        rows.append((str(row["ticket_id"]), [] if pd.isna(right) else [str(right)], REVIEW, 1.0))
    return labels_frame(rows)


def named_labels(named: pd.DataFrame, live: pd.DataFrame, splits: pd.DataFrame) -> pd.DataFrame:
    """Labels from people who named the right entry of a past ticket.

    Args:
        named: ticket_id, entries (list of [entry id, content hash]; empty: nothing answers it).
        live: ``live_entries``; a word about an entry that has changed since, or left, counts no longer.
        splits: ``ticket_splits``; only calibration tickets are used.
    """
    versions = set(zip(live["entry_id"], live["content_hash"], strict=True))
    ours = set(splits.loc[splits["split"] == "calibration", "ticket_id"])
    rows = [
        (str(ticket), [str(name) for name, _ in entries], REVIEW, 1.0)
        for ticket, entries in zip(named["ticket_id"], named["entries"], strict=True)
        if ticket in ours and all((name, content) in versions for name, content in entries)
    ]
    return labels_frame(rows)


def join_labels(*frames: pd.DataFrame) -> pd.DataFrame:
    """One label a ticket out of several sources, the surest source first: where two know a ticket, the earlier one
    counts. Reviews go before what is read from old replies.

    Raises:
        ValueError: a frame lacks one of ``COLUMNS``.
    """
    for frame in frames:
        if absent := [name for name in COLUMNS if name not in frame]:
            raise ValueError(f"labels lack the columns {absent}")
    whole = pd.concat([frame[list(COLUMNS)] for frame in frames if len(frame)] or [labels_frame([])])
    return whole.drop_duplicates("ticket_id").sort_values("ticket_id", ignore_index=True)


def labels_frame(rows: Iterable[tuple[str, list[str], str, float]]) -> pd.DataFrame:
    """Labels with the columns' types, sorted by ticket."""
    frame = pd.DataFrame(list(rows), columns=list(COLUMNS))
    frame = frame.astype({"ticket_id": "str", "entry_ids": "object", "label_source": "str", "weight": "float64"})
    return frame.sort_values("ticket_id", ignore_index=True)


def refuse_other_sides(ticket_ids: Iterable[str], splits: pd.DataFrame) -> None:
    """Raise ValueError when a ticket is not free to calibrate: a holdout ticket judges the release later, and a
    training ticket has taught the scores that would be graded on it."""
    side = splits.set_index("ticket_id")["split"]
    asked = pd.Series(list(ticket_ids), dtype="object")
    found = asked.map(side)
    for name, why in (("holdout", "judge a release and touch no threshold"), ("train", "taught what is graded here")):
        if len(wrong := asked[found == name]):
            some = ", ".join(sorted(wrong)[:3])
            raise ValueError(
                f"{len(wrong)} {name} tickets among those to calibrate on ({some}): {name} tickets {why}; hand in "
                "calibration tickets only"
            )


def _of_any_category(said: pd.DataFrame, live: pd.DataFrame, mine: pd.DataFrame, encode: Encode) -> pd.DataFrame:
    vectors = [np.asarray(encode([flat(one)[:MAX_ANSWER_CHARS] for one in frame["answer"]])) for frame in (said, live)]
    facts = customer_facts(mine)
    return answered_by_same_answer(
        said.assign(category_id=""), vectors[0], live.assign(category_id=""), vectors[1], facts
    )


def _is_for_others(answered: pd.DataFrame, live: pd.DataFrame, mine: pd.DataFrame) -> np.ndarray:
    """Which rows name an entry that does not hold for the customer: people link the article that has both answers."""
    facts = customer_facts(mine)
    conditions = dict(zip(live["entry_id"], (load_conditions(str(one)) for one in live["conditions"]), strict=True))
    pairs = zip(answered["ticket_id"], answered["entry_id"], strict=True)
    return np.array([applies(conditions[entry], facts.get(ticket, {})) is False for ticket, entry in pairs], dtype=bool)


def _languages(live: pd.DataFrame) -> set[str]:
    """Languages that entries are written in."""
    found = [detect_language(answer) for answer in live["answer"]]
    return {language for language, sure in found if sure >= MIN_CONFIDENCE}
