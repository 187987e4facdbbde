"""Fixes of one day that change the same entry."""

from assets.retrain_agent import frames
from assets.retrain_agent.fixes.apply_proposal import apply_proposal
from assets.retrain_agent.fixes.proposal import EDIT_ENTRY, NOTE, PHRASINGS, SPLIT_ENTRY, Proposal
from tests.assets.retrain_agent.fixes.small_patterns import entry, failure, material, pattern, proposed
from tests.behaviors import behavior

INVOICE = entry(
    "invoice-copy", "invoices", "Where do I get a copy of my invoice?", "Under Settings > Billing > Invoices."
)
PORTAL = "Invoices are kept in the payments portal since June. Sign in there with the code from the mail."
SEEN = {"entry_ids": ["invoice-copy"], "entry_hashes": [INVOICE["content_hash"]], "category_id": "invoices"}


def stale(first: int, right_answer: str, count: int = 3) -> list[dict]:
    return [
        failure(first + n, f"Where can I find the invoice of month {first + n}?", right_answer=right_answer, **SEEN)
        for n in range(count)
    ]


def missing() -> list[dict]:
    return [failure(50 + n, f"Our bookkeeper wants the bill of quarter {n}, where is it?") for n in range(3)]


def test_changes_of_other_parts_come_together_in_both_and_can_be_accepted_in_any_order():
    old, missed = stale(0, PORTAL), missing()
    patterns = [
        pattern(frames.STALE_KNOWLEDGE, old, target_entry_id="invoice-copy"),
        pattern(frames.RETRIEVAL_MISS, missed, target_entry_id="invoice-copy"),
    ]
    desk = material([INVOICE], [*old, *missed])

    fixes = proposed(patterns, [*old, *missed], desk).set_index("kind")

    first, second = (Proposal.from_json(fixes.loc[kind, "proposal"]) for kind in (EDIT_ENTRY, PHRASINGS))
    assert first.entries == second.entries
    assert first.entries[0].answer == PORTAL
    assert any("bookkeeper" in one for one in first.entries[0].phrasings)
    assert "both changes" in fixes.loc[EDIT_ENTRY, "why"]
    assert {one[:3] for one in fixes.loc[PHRASINGS, "source_ticket_ids"]} == {"t00", "t05"}
    live = desk.live
    for one in (second, first):
        live, _, _ = apply_proposal(one, live, behavior())
    assert live["answer"].tolist() == [PORTAL]


def test_of_two_that_change_the_same_part_the_heavier_stands_and_the_other_waits():
    many, few = stale(0, PORTAL, 4), stale(20, "Ask the accounts team, who mails a copy within two days, by name.", 2)
    patterns = [pattern(frames.STALE_KNOWLEDGE, rows, target_entry_id="invoice-copy") for rows in (few, many)]

    fixes = proposed(patterns, [*many, *few], material([INVOICE], [*many, *few]))

    by_score = fixes.sort_values("score", ascending=False)
    assert by_score["kind"].tolist() == [EDIT_ENTRY, NOTE]
    assert by_score["title"].iloc[1].startswith("Decide first: Change the entry")


def test_two_patterns_that_miss_the_same_entry_propose_it_once():
    one, two = stale(0, PORTAL, 4), stale(20, PORTAL, 3)
    rows = [{**row, "entry_ids": [], "entry_hashes": [], "right_category_id": "invoices"} for row in (*one, *two)]
    patterns = [pattern(frames.KNOWLEDGE_GAP, part, right_category_id="invoices") for part in (rows[:4], rows[4:])]
    desk = material([entry("x", "passwords", "How?", "So it is done.")], rows)

    fixes = proposed(patterns, rows, desk)

    first, second = (Proposal.from_json(one) for one in fixes["proposal"])
    assert first.entries == second.entries
    live, _, _ = apply_proposal(first, desk.live, behavior())
    assert apply_proposal(second, live, behavior())[0] is live


def test_the_same_answer_in_other_words_is_no_second_entry():
    other = (
        "Since June invoices are kept in the payments portal. Sign in there with the code from the mail to the contact."
    )
    one, two = stale(0, PORTAL, 4), stale(20, other, 2)
    rows = [{**row, "entry_ids": [], "entry_hashes": [], "right_category_id": "invoices"} for row in (*one, *two)]
    patterns = [pattern(frames.KNOWLEDGE_GAP, part, right_category_id="invoices") for part in (rows[:4], rows[4:])]

    fixes = proposed(patterns, rows, material([entry("x", "passwords", "How?", "So it is done.")], rows))

    assert {Proposal.from_json(text).entries[0].answer for text in fixes["proposal"]} == {PORTAL}
    lighter = fixes.sort_values("score")["why"].iloc[0]
    assert "accept one of them and both are mended" in lighter


def test_an_entry_that_is_not_meant_for_these_customers_is_left_alone():
    mac = entry(
        "crash-mac", "exports", "The app crashes, what now?", "Open the Library folder and throw the cache away.",
        conditions={"os": ["mac"]},
    )  # fmt: skip
    answer = "Press Windows+R, enter %APPDATA% and delete the folder GPUCache, then start it again."
    rows = [
        failure(
            n,
            f"The app crashes at start number {n}",
            right_answer=answer,
            context={"os": "windows"},
            category_id="exports",
        )
        for n in range(4)
    ]
    found = pattern(
        frames.STALE_KNOWLEDGE, rows, target_entry_id="crash-mac", entry_id="crash-mac", category_id="exports"
    )

    (row,) = proposed([found], rows, material([mac], rows)).to_dict("records")

    assert row["kind"] == SPLIT_ENTRY
    (made,) = Proposal.from_json(row["proposal"]).entries
    assert (made.entry_id, made.conditions, made.answer) == ("crash-mac-windows", {"os": ["windows"]}, answer)
    assert made.question == mac["question"]
