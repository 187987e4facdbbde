"""Fixes of what the agent knows: new entries, changed ones, conditions, wordings."""

import pandas as pd

from assets.retrain_agent import frames
from assets.retrain_agent.fixes.proposal import EDIT_ENTRY, NEW_ENTRY, NOTE, PHRASINGS, SPLIT_ENTRY, Proposal
from tests.assets.retrain_agent.fixes.small_patterns import AS_OF, entry, failure, material, pattern, proposed

INVOICE = entry(
    "invoice-copy", "invoices", "Where do I get a copy of my invoice?",
    "Owners download every invoice as PDF under Settings > Billing > Invoices.",
)  # fmt: skip
PORTAL = (
    "Invoices are kept in the payments portal since June. Sign in there with the code mailed to the billing contact."
)
ASKED = [
    "Hello, where can I find the invoice for March? It is not in the settings.",
    "Where is my invoice for April, the page is empty?",
    "Our bookkeeper needs the invoices of last year, where are they?",
    "I cannot find any invoice on the billing page.",
]


def only(fixes: pd.DataFrame) -> tuple[dict, Proposal]:
    assert len(fixes) == 1
    row = fixes.to_dict("records")[0]
    return row, Proposal.from_json(row["proposal"])


def failures_of(questions: list[str], **more) -> list[dict]:
    return [failure(number, question, **more) for number, question in enumerate(questions)]


def test_a_gap_gets_an_entry_in_customers_words_with_the_answer_that_people_wrote():
    failures = failures_of(ASKED, right_answer=PORTAL, right_category_id="invoices")
    desk = material([entry("other", "passwords", "How do I reset it?", "Choose Forgot password.")], failures)

    row, proposal = only(
        proposed([pattern(frames.KNOWLEDGE_GAP, failures, right_category_id="invoices")], failures, desk)
    )

    assert row["kind"] == NEW_ENTRY
    (made,) = proposal.entries
    assert (made.category_id, made.answer, made.owner, made.base_hash) == ("invoices", PORTAL, "Ada Invented", None)
    assert made.conditions == {}
    assert "invoice" in made.question.lower()
    assert all(
        any(words.rstrip("?. ").lower() in text.lower() for text in ASKED) for words in [made.question, *made.phrasings]
    )
    assert {one["kind"] for one in made.sources} == {"ticket"}
    assert all(one["hash"] for one in made.sources)
    assert set(row["source_ticket_ids"]) <= {one["ticket_id"] for one in failures}
    assert row["source_ticket_ids"]
    assert "4 of 4 right answers" in row["why"]


def test_people_s_replies_answer_where_no_reviewer_did_and_two_must_say_the_same():
    failures = failures_of(ASKED[:3], right_category_id="invoices")
    reply = f"Hi Tom,\n\n{PORTAL}\n\nBest wishes,\nUma"
    found = pattern(frames.KNOWLEDGE_GAP, failures, right_category_id="invoices")
    desk = [entry("other", "passwords", "How do I reset it?", "Choose Forgot password.")]

    row, proposal = only(proposed([found], failures, material(desk, failures, replies={"t000": reply, "t001": reply})))
    alone, _ = only(proposed([found], failures, material(desk, failures, replies={"t000": reply})))

    assert proposal.entries[0].answer == PORTAL
    assert row["kind"] == NEW_ENTRY
    assert alone["kind"] == NOTE


def test_a_note_among_colleagues_is_no_answer():
    failures = failures_of(ASKED, right_answer="Thank the customer and pass it on; nothing to solve.")

    row, proposal = only(
        proposed(
            [pattern(frames.KNOWLEDGE_GAP, failures, right_category_id="invoices")],
            failures,
            material([INVOICE], failures),
        )
    )

    assert row["kind"] == NOTE
    assert proposal.is_empty
    assert "what colleagues should do" in row["why"]


def test_one_answer_in_another_language_is_no_entry_yet():
    german = (
        "Rechnungen liegen seit Juni im Zahlungsportal, bitte melden Sie sich dort mit dem Code aus der Nachricht an."
    )
    failures = failures_of(["Wo finde ich die Rechnung für März?"], right_answer=german, language="de")

    row, _ = only(
        proposed(
            [pattern(frames.KNOWLEDGE_GAP, failures, right_category_id="exports")],
            failures,
            material([INVOICE], failures),
        )
    )

    assert row["kind"] == NOTE


def test_personal_data_in_a_reviewer_s_words_does_not_become_an_entry():
    words = f"{PORTAL} Write to jane.miller@private.example if the code is missing."
    failures = failures_of(ASKED, right_answer=words, right_category_id="invoices")

    _, proposal = only(
        proposed(
            [pattern(frames.KNOWLEDGE_GAP, failures, right_category_id="invoices")],
            failures,
            material([INVOICE], failures),
        )
    )

    assert proposal.entries[0].answer == PORTAL


def test_a_variant_for_customers_whom_the_live_one_leaves_out_asks_the_same_question():
    live = entry(
        "reset-standard", "passwords", "How do I reset my password?", "Choose Forgot password on the login page.",
        conditions={"sso": ["false"]}, phrasings=["I forgot my password", "my password does not work"],
    )  # fmt: skip
    answer = "Your company's sign-on holds the password: ask your own IT to change it there."
    texts = ["I forgot my password, help", "How do I reset my password here?", "my password does not work any more"]
    failures = failures_of(texts, right_answer=answer, right_category_id="passwords", context={"sso": True})

    row, proposal = only(
        proposed(
            [pattern(frames.KNOWLEDGE_GAP, failures, right_category_id="passwords")],
            failures,
            material([live], failures),
        )
    )

    (made,) = proposal.entries
    assert made.question == "How do I reset my password?"
    assert made.conditions == {"sso": ["true"]}
    assert proposal.asks_for == ("sso",)
    assert set(row["source_ticket_ids"]) == {"t000", "t001", "t002"}, "all three drew the line"


def test_an_entry_that_was_retired_comes_back_with_what_is_right_today():
    old = entry("invoice-copy", "invoices", "Where do I get a copy of my invoice?", "Ask support for a copy.")
    failures = failures_of(ASKED, right_answer=PORTAL, right_category_id="invoices")
    desk = material(
        [entry("other", "passwords", "How do I reset it?", "Choose Forgot password.")],
        failures,
        aside=[{**old, "why_not_live": ["it is retired"]}],
    )
    found = pattern(frames.KNOWLEDGE_GAP, failures, right_category_id="invoices", target_entry_id="invoice-copy")

    row, proposal = only(proposed([found], failures, desk))

    assert row["kind"] == EDIT_ENTRY
    assert proposal.entries[0].entry_id == "invoice-copy"
    assert proposal.entries[0].base_hash == old["content_hash"]
    assert proposal.entries[0].answer == PORTAL
    assert "it is retired" in row["why"]


def test_an_entry_whose_review_is_due_is_read_again_as_it_is_even_if_all_its_tickets_measure_the_agent():
    due = {**INVOICE, "why_not_live": ["its review was due by 2026-06-15"]}
    failures = failures_of(ASKED, side="holdout", right_answer=INVOICE["answer"], right_category_id="invoices")
    desk = material([entry("other", "passwords", "How do I reset it?", "Choose it.")], failures, aside=[due])
    found = pattern(frames.STALE_KNOWLEDGE, failures, right_category_id="invoices", target_entry_id="invoice-copy")

    row, proposal = only(proposed([found], failures, desk))

    assert row["kind"] == EDIT_ENTRY
    assert row["title"].startswith("Read it once more")
    assert proposal.entries[0].answer == INVOICE["answer"]
    assert row["source_ticket_ids"] == []


def test_a_stale_entry_says_what_people_say_and_its_base_is_named():
    failures = failures_of(
        ASKED, right_answer=PORTAL, category_id="invoices", entry_ids=["invoice-copy"],
        entry_hashes=[INVOICE["content_hash"]],
    )  # fmt: skip
    other = entry("invoice-mail", "invoices", "Can it be mailed?", "Yes, under Settings > Billing > Invoices.")
    found = pattern(frames.STALE_KNOWLEDGE, failures, category_id="invoices", target_entry_id="invoice-copy")

    row, proposal = only(proposed([found], failures, material([INVOICE, other], failures)))

    assert row["kind"] == EDIT_ENTRY
    assert (proposal.entries[0].answer, proposal.entries[0].base_hash) == (PORTAL, INVOICE["content_hash"])
    assert proposal.entries[0].question == INVOICE["question"]
    assert "invoice-mail" in row["why"], "the same place stands there as well"


def test_an_entry_that_was_mended_since_its_failures_needs_nothing():
    mended = entry("invoice-copy", "invoices", INVOICE["question"], PORTAL)
    failures = failures_of(
        ASKED, right_answer=PORTAL, entry_ids=["invoice-copy"], entry_hashes=[INVOICE["content_hash"]]
    )
    found = pattern(frames.STALE_KNOWLEDGE, failures, target_entry_id="invoice-copy")

    assert proposed([found], failures, material([mended], failures)).empty


def test_an_entry_that_was_right_until_a_day_is_changed_even_if_its_failures_look_like_a_gap():
    failures = failures_of(
        ASKED, right_answer=PORTAL, right_category_id="invoices", category_id="invoices", entry_ids=["invoice-copy"]
    )
    before = [
        failure(
            60 + n, question, entry_ids=["invoice-copy"], category_id="invoices",
            occurred_at=AS_OF - pd.Timedelta(days=40 + n),
        )
        for n, question in enumerate(ASKED)
    ]  # fmt: skip
    found = pattern(frames.KNOWLEDGE_GAP, failures, right_category_id="invoices", entry_id="invoice-copy")
    desk = material([INVOICE], [*failures, *before])

    edited, proposal = only(proposed([found], failures, desk, before))
    drafted, _ = only(proposed([found], failures, desk))

    assert edited["kind"] == EDIT_ENTRY
    assert (proposal.entries[0].entry_id, proposal.entries[0].answer) == ("invoice-copy", PORTAL)
    assert "It was right until 2026-06-11" in edited["why"]
    assert drafted["kind"] == NEW_ENTRY, "nothing shows that the entry was ever the one for this question"


def test_variants_of_a_stale_entry_change_with_it():
    pro = entry("copy-pro", "invoices", INVOICE["question"], INVOICE["answer"], conditions={"plan": ["pro"]})
    legacy = entry(
        "copy-legacy", "invoices", INVOICE["question"], "We mail it once a year.", conditions={"plan": ["legacy"]}
    )
    failures = [
        failure(
            n, question, right_answer=PORTAL, right_category_id="invoices", category_id="invoices",
            entry_ids=["copy-legacy" if n > 1 else "copy-pro"], context={"plan": "legacy" if n > 1 else "pro"},
        )
        for n, question in enumerate(ASKED)
    ]  # fmt: skip
    found = pattern(frames.STALE_KNOWLEDGE, failures, right_category_id="invoices", target_entry_id="copy-pro")

    row, proposal = only(proposed([found], failures, material([pro, legacy], failures)))

    assert {one.entry_id: (one.answer, one.conditions) for one in proposal.entries} == {
        "copy-pro": (PORTAL, {"plan": ["pro"]}),
        "copy-legacy": (PORTAL, {"plan": ["legacy"]}),
    }
    assert "and copy-legacy" in row["title"]


def test_what_a_live_entry_says_already_is_not_written_twice():
    there = entry("portal", "invoices", "Since when is there a portal?", PORTAL)
    failures = failures_of(ASKED, right_answer=PORTAL, right_category_id="invoices", category_id="invoices")
    found = pattern(frames.KNOWLEDGE_GAP, failures, category_id="invoices", right_category_id="invoices")

    row, proposal = only(proposed([found], failures, material([there], failures)))

    assert row["kind"] == PHRASINGS
    assert [one.entry_id for one in proposal.entries] == ["portal"]


def test_the_category_that_people_called_wrong_gets_no_entry():
    failures = failures_of(ASKED, right_answer=PORTAL, category_id="exports", said_reason="wrong_category")

    row, _ = only(
        proposed(
            [pattern(frames.KNOWLEDGE_GAP, failures, category_id="exports")], failures, material([INVOICE], failures)
        )
    )

    assert row["kind"] == NOTE
    assert "category" in row["title"]


def test_nothing_is_said_where_nobody_wrote_what_is_right():
    failures = failures_of(ASKED, entry_ids=["invoice-copy"], entry_hashes=[INVOICE["content_hash"]])

    row, proposal = only(
        proposed(
            [pattern(frames.STALE_KNOWLEDGE, failures, target_entry_id="invoice-copy")],
            failures,
            material([INVOICE], failures),
        )
    )

    assert (row["kind"], proposal.is_empty) == (NOTE, True)
    assert "Nobody wrote what is right" in row["why"]


def collision(right_answer: str | None) -> tuple[list[dict], list[dict]]:
    texts = [f"How do I move our workspace to another plan, number {n}?" for n in range(6)]
    failures = [
        failure(
            n, text, right_answer=right_answer, context={"plan": "legacy"}, entry_ids=["move"], category_id="exports"
        )
        for n, text in enumerate(texts)
    ]
    fine = [
        failure(100 + n, f"May I change to the yearly plan, case {n}?", context={"plan": "pro"}, entry_ids=["move"])
        for n in range(8)
    ]
    return failures, fine


MOVE = entry("move", "exports", "How do I change the plan?", "Open Settings > Plan and choose Change plan.")


def test_a_collision_splits_the_entry_by_the_fact_that_tells_the_customers_apart():
    failures, fine = collision("Legacy contracts are moved by the contracts team, who writes to the owner.")
    found = pattern(frames.EDGE_CASE_COLLISION, failures, entry_id="move", category_id="exports")

    row, proposal = only(proposed([found], failures, material([MOVE], [*failures, *fine]), fine))

    assert row["kind"] == SPLIT_ENTRY
    narrowed, second = proposal.entries
    assert (narrowed.entry_id, narrowed.conditions) == ("move", {"not_plan": ["legacy"]})
    assert narrowed.answer == MOVE["answer"]
    assert second.entry_id == "move-legacy"
    assert (second.question, second.conditions) == (MOVE["question"], {"plan": ["legacy"]})
    assert second.answer.startswith("Legacy contracts")
    assert proposal.asks_for == ("plan",)
    assert set(row["source_ticket_ids"]) == {one["ticket_id"] for one in failures}


def test_two_live_variants_that_lost_their_conditions_get_them_back():
    legacy = entry("move-legacy", "exports", MOVE["question"], "Legacy contracts are moved by the contracts team.")
    failures, fine = collision("Legacy contracts are moved by the contracts team.")
    found = pattern(
        frames.EDGE_CASE_COLLISION, failures, entry_id="move", target_entry_id="move-legacy", category_id="exports",
        condition='{"plan": ["legacy"]}',
    )  # fmt: skip

    _, proposal = only(proposed([found], failures, material([MOVE, legacy], [*failures, *fine]), fine))

    assert {one.entry_id: one.conditions for one in proposal.entries} == {
        "move": {"not_plan": ["legacy"]},
        "move-legacy": {"plan": ["legacy"]},
    }


def test_a_variant_for_others_keeps_its_condition_and_gets_the_missing_one_beside_it():
    sso = entry(
        "reset-sso", "passwords", "How do I reset my password?", "Your company holds the password: ask its IT.",
        conditions={"sso": ["true"]},
    )  # fmt: skip
    change = entry("change", "passwords", "How do I change it while signed in?", "Open Settings > Profile > Password.")
    answer = "Choose Forgot password on the login page; the mail's link works once."
    failures = [
        failure(
            n, f"I forgot my password, attempt {n}", right_answer=answer, context={"sso": False}, entry_ids=["change"]
        )
        for n in range(4)
    ]
    found = pattern(
        frames.EDGE_CASE_COLLISION, failures, entry_id="change", target_entry_id="reset-sso",
        right_category_id="passwords", condition='{"sso": ["false"]}',
    )  # fmt: skip

    row, proposal = only(proposed([found], failures, material([sso, change], failures)))

    (made,) = proposal.entries
    assert row["kind"] == SPLIT_ENTRY
    assert (made.entry_id, made.conditions, made.answer) == ("reset-sso-no-sso", {"sso": ["false"]}, answer)
    assert (made.question, made.base_hash) == (sso["question"], None)


def test_the_entry_of_the_question_that_lost_its_condition_is_split_and_not_the_one_that_was_said():
    sso = entry("codes-sso", "passwords", "I lost my phone, what now?", "Your company's IT registers the new phone.")
    setup = entry(
        "codes-setup", "passwords", "How do I switch codes on?", "Open Settings > Security and scan the picture."
    )
    answer = "Use one of the ten recovery codes that were shown once, or ask an owner to reset the second step."
    failures = [
        failure(
            n,
            f"I lost my phone in the lake, day {n}",
            right_answer=answer,
            context={"sso": False},
            entry_ids=["codes-setup"],
        )
        for n in range(4)
    ]
    found = pattern(
        frames.EDGE_CASE_COLLISION, failures, entry_id="codes-setup", target_entry_id="codes-sso",
        right_category_id="passwords", condition='{"sso": ["false"]}',
    )  # fmt: skip

    _, proposal = only(proposed([found], failures, material([sso, setup], failures)))

    assert {one.entry_id: (one.conditions, one.question) for one in proposal.entries} == {
        "codes-sso": ({"sso": ["true"]}, sso["question"]),
        "codes-sso-no-sso": ({"sso": ["false"]}, sso["question"]),
    }


def test_without_a_right_answer_the_condition_alone_keeps_the_wrong_one_away():
    failures, fine = collision(None)
    found = pattern(frames.EDGE_CASE_COLLISION, failures, entry_id="move", category_id="exports")

    row, proposal = only(proposed([found], failures, material([MOVE], [*failures, *fine]), fine))

    assert [one.conditions for one in proposal.entries] == [{"not_plan": ["legacy"]}]
    assert "a person instead of a wrong answer" in row["why"]


def test_a_collision_that_no_fact_explains_is_for_people_to_read():
    failures, fine = collision("Something else.")
    failures = [{**one, "context": None} for one in failures]
    found = pattern(frames.EDGE_CASE_COLLISION, failures, entry_id="move", category_id="exports")

    row, proposal = only(proposed([found], failures, material([MOVE], [*failures, *fine]), fine))

    assert (row["kind"], proposal.is_empty) == (NOTE, True)


def test_a_miss_adds_the_wordings_that_the_entry_lacks():
    failures = failures_of([*ASKED[:3], INVOICE["question"]], category_id="invoices")
    found = pattern(frames.RETRIEVAL_MISS, failures, category_id="invoices", target_entry_id="invoice-copy")

    row, proposal = only(proposed([found], failures, material([INVOICE], failures)))

    (made,) = proposal.entries
    assert row["kind"] == PHRASINGS
    assert made.answer == INVOICE["answer"]
    assert made.phrasings
    assert INVOICE["question"] not in made.phrasings
    assert "t003" not in row["source_ticket_ids"], "whose words are there already"


def test_no_word_of_a_ticket_that_measures_the_agent_stands_in_a_fix():
    train = failures_of(ASKED, right_answer=PORTAL, right_category_id="invoices")
    secret = [
        failure(
            50 + n, f"Where does the zephyr{n} invoice of quokka lie, please?", side=side, right_category_id="invoices",
            right_answer=f"{PORTAL} Mention walrus{n}.",
        )
        for n, side in enumerate(["holdout", "calibration", "excluded", "holdout"])
    ]  # fmt: skip
    failures = [*train, *secret]
    for kind, more in (
        (frames.KNOWLEDGE_GAP, {}),
        (frames.STALE_KNOWLEDGE, {"target_entry_id": "invoice-copy"}),
        (frames.RETRIEVAL_MISS, {"target_entry_id": "invoice-copy"}),
        (frames.EDGE_CASE_COLLISION, {"entry_id": "invoice-copy", "condition": '{"plan": ["legacy"]}'}),
        (frames.INTENT_MISCLASSIFICATION, {"category_id": "exports"}),
        (frames.MISSED_ESCALATION, {}),
        (frames.NEEDLESS_ESCALATION, {}),
        (frames.TONE_OR_LENGTH, {"entry_id": "invoice-copy"}),
        (frames.UNEXPLAINED, {}),
    ):
        live = [INVOICE] if kind != frames.KNOWLEDGE_GAP else [entry("x", "passwords", "How?", "So it is done.")]
        desk = material(
            live, failures, replies={"t050": "Look at walrus and quokka, then choose the third option there."}
        )

        row, _ = only(proposed([pattern(kind, failures, right_category_id="invoices", **more)], failures, desk))

        shown = " ".join(str(value) for value in row.values()).lower()
        assert not any(word in shown for word in ("zephyr", "quokka", "walrus", "t05")), kind
        assert set(row["source_ticket_ids"]) <= {one["ticket_id"] for one in train}


def test_a_split_that_says_otherwise_than_the_frame_keeps_a_ticket_out():
    failures = failures_of(ASKED, right_answer=PORTAL, right_category_id="invoices")
    desk = material([INVOICE], [{**one, "side": "holdout"} for one in failures])
    found = pattern(frames.KNOWLEDGE_GAP, failures, right_category_id="invoices")

    row, proposal = only(proposed([found], failures, desk))

    assert (row["kind"], proposal.is_empty, row["source_ticket_ids"]) == (NOTE, True, [])
