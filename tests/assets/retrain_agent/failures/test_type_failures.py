"""Each type against the types that look like it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent.failures.type_failures import type_failures
from assets.retrain_agent.frames import CASE, FAILURE, FAILURE_TYPES
from tests.assets.retrain_agent.failures.small_cases import (
    CALENDAR,
    COMPANY,
    EXPORT,
    HOW_CALENDAR,
    HOW_EXPORT,
    HOW_INVOICE,
    HOW_RESET,
    INVOICE,
    INVOICES,
    RESET,
    SPACE,
    SSO,
    STANDARD,
    SYNC,
    case,
    encode,
    entry,
    known,
    only,
    right,
    typed,
)

IN_OWN_WORDS = (
    "Please open the login page, enter your e-mail address, choose Forgot password; the link works for 60 minutes."
)
PORTAL = "Bills are kept in the payments portal now: sign in at pay.example.com with the code from the mail."


# A live entry says it.


def test_another_category_was_chosen():
    found = only(case(1, "invoice", category_id="invoices", right_answer=IN_OWN_WORDS))
    assert found["failure_type"] == "intent_misclassification"
    assert (found["right_category_id"], found["target_entry_id"]) == ("passwords", "reset-standard")
    assert found["type_confidence"] > 0.8


def test_a_draft_with_the_right_words_under_the_wrong_category_is_no_matter_of_tone():
    found = only(case(1, action="draft", category_id="invoices", right_answer=IN_OWN_WORDS, context={"sso": False}))
    assert found["failure_type"] == "intent_misclassification"


def test_another_entry_of_the_right_category_was_found():
    other = entry("change", "passwords", "How do I change the language?", "Pick a language under Profile > Language.")
    found = only(case(1, "change", right_answer=IN_OWN_WORDS, context={"sso": "false"}), on_file=known(STANDARD, other))
    assert (found["failure_type"], found["target_entry_id"]) == ("retrieval_miss", "reset-standard")


def test_a_variant_for_others_was_said():
    found = only(case(1, "reset-sso", right_answer=IN_OWN_WORDS, context={"plan": "pro"}))
    assert (found["failure_type"], found["target_entry_id"]) == ("edge_case_collision", "reset-standard")
    assert found["condition"] == '{"sso": ["false"]}'


def test_a_variant_that_lost_its_condition_is_still_a_variant():
    one, other = ({**row, "conditions": "{}"} for row in (STANDARD, SSO))
    cases = [case(n, "reset-standard", right_answer=COMPANY, context={"sso": "true"}) for n in range(4)]
    cases += [right(10 + n, context={"sso": "false"}) for n in range(6)]
    found = typed(*cases, on_file=known(one, other))
    assert set(found["failure_type"]) == {"edge_case_collision"}
    assert set(found["condition"]) == {'{"sso": ["true"]}'}
    assert set(found["target_entry_id"]) == {"reset-sso"}


def test_the_right_content_was_said_in_the_wrong_way():
    cases = [case(1, right_answer=IN_OWN_WORDS, context={"sso": "false"})]
    cases += [right(n, context={"sso": "false"}) for n in range(2, 8)]
    found = only(*cases)
    assert (found["failure_type"], found["target_entry_id"]) == ("tone_or_length", "reset-standard")


def test_a_value_that_differs_makes_it_no_matter_of_tone():
    other = IN_OWN_WORDS.replace("60 minutes", "15 minutes")
    cases = [case(1, right_answer=other, context={"sso": "false"})]
    found = only(*cases, *[right(n, context={"sso": "false"}) for n in range(2, 8)])
    assert (found["failure_type"], found["target_entry_id"]) == ("stale_knowledge", "reset-standard")
    assert "15 minutes" in " ".join(found["evidence"])


def test_what_was_said_has_been_replaced_since():
    found = only(case(1, right_answer=IN_OWN_WORDS, entry_hashes=["an older one"], context={"sso": "false"}))
    assert found["failure_type"] == "stale_knowledge"
    assert "Another version" in " ".join(found["evidence"])


def test_an_entry_named_by_a_person_is_believed_without_words():
    found = only(
        case(1, "export", category_id="invoices", question="invoice", right_entry_ids=["invoice"], source="replay")
    )
    assert (found["failure_type"], found["target_entry_id"]) == ("retrieval_miss", "invoice")


def test_a_link_in_a_past_ticket_is_less_than_a_name():
    row = case(1, "export", category_id="invoices", question="My screen is black", right_entry_ids=["invoice"])
    named, linked = only({**row, "source": "feedback"}), only({**row, "source": "replay"})
    assert {named["failure_type"], linked["failure_type"]} == {"retrieval_miss"}
    assert linked["type_confidence"] < named["type_confidence"] - 0.1


@pytest.mark.parametrize("source", ["replay", "reopened"])
def test_where_nobody_blames_it_an_answer_that_people_gave_too_is_no_matter_of_tone(source):
    found = only(case(1, right_answer=IN_OWN_WORDS, context={"sso": "false"}, source=source))
    assert found["failure_type"] == "unexplained"


def test_naming_the_entry_that_was_said_and_saying_something_else_means_that_it_is_wrong():
    other = "Open the login page and ask for a link under Settings > Access; it works for 15 minutes, until 18:00."
    found = only(case(1, right_answer=other, right_entry_ids=["reset-standard"], context={"sso": "false"}))
    assert (found["failure_type"], found["target_entry_id"]) == ("stale_knowledge", "reset-standard")


# No live entry says it.


def test_nothing_on_file_answers():
    cases = [case(n, "export", category_id="exports", question="Do you have a discount for schools?",
                  right_answer="Schools pay half: apply at example.com/schools with a proof of status.") for n in range(3)]  # fmt: skip
    found = typed(*cases)
    assert set(found["failure_type"]) == {"knowledge_gap"}
    assert found["target_entry_id"].isna().all()


def test_the_entry_for_the_question_says_what_is_no_longer_true():
    before = [right(n, "invoice", category_id="invoices", question=HOW_INVOICE) for n in range(6)]
    after = [
        case(50 + n, "invoice", category_id="invoices", question=HOW_INVOICE, right_answer=PORTAL) for n in range(6)
    ]
    found = typed(*before, *after)
    assert set(found["failure_type"]) == {"stale_knowledge"}
    assert set(found["target_entry_id"]) == {"invoice"}
    assert "2026-06-03" in found["evidence"].iloc[0][2]
    assert found["type_confidence"].min() > 0.85


def test_the_entry_for_the_question_is_right_for_some_customers_only():
    merged = {**STANDARD, "conditions": "{}"}
    good = [right(10 * n, context={"sso": "false", "plan": "pro" if n % 2 else "free"}) for n in range(8)]
    bad = [
        case(5 + 10 * n, right_answer=COMPANY, context={"sso": "true", "plan": "pro" if n % 2 else "free"})
        for n in range(1, 6)
    ]
    found = typed(*good, *bad, on_file=known(merged, INVOICE, SPACE, SYNC))
    assert set(found["failure_type"]) == {"edge_case_collision"}
    assert set(found["condition"]) == {'{"sso": ["true"]}'}
    assert set(found["target_entry_id"]) == {"reset-standard"}


def test_an_entry_that_took_the_place_of_several_is_seen_over_all_their_right_answers():
    """Two failures each would tell nothing by themselves."""
    one = entry("guests", "sharing", "May guests edit?", "On the old plan any number of guests may edit.")
    settings = {"category_id": "sharing", "question": "May guests edit?"}
    good = [right(10 * n, "guests", context={"plan": "legacy"}, **settings) for n in range(4)]
    bad = [case(3 + 10 * n, "guests", context={"plan": plan}, right_answer=words, **settings)
           for n, (plan, words) in enumerate([("free", "Up to five people may read and comment.")] * 2
                                             + [("pro", "Hundred outsiders look and write remarks; a member costs a seat.")] * 2)]  # fmt: skip
    found = typed(*good, *bad, on_file=known(one, STANDARD, INVOICE))
    assert set(found["failure_type"]) == {"edge_case_collision"}
    assert set(found["condition"]) == {'{"plan": ["free", "pro"]}'}


def test_customers_who_asked_alike_and_were_helped_before_show_that_it_is_the_entry_for_them():
    asked = "Unsere Buchhaltung braucht den Beleg vom letzten Monat"
    settings = {"category_id": "invoices", "question": asked, "language": "de"}
    before = [right(n, "invoice", **settings) for n in range(5)]
    after = [case(50 + n, "invoice", right_answer=PORTAL, **settings) for n in range(5)]
    assert set(typed(*before, *after)["failure_type"]) == {"stale_knowledge"}
    assert set(typed(*after)["failure_type"]) == {"knowledge_gap"}, "nothing shows what the entry is for"
    nameless = [{**one, "requester_id": None} for one in [*before, *after]]
    assert set(typed(*nameless)["failure_type"]) == {"stale_knowledge"}, "unknown requesters are not one requester"
    one_person = [{**one, "requester_id": "p1"} for one in [*before, *after]]
    assert set(typed(*one_person)["failure_type"]) == {"knowledge_gap"}, "one customer is no other customer"


def test_the_entry_that_is_asked_for_is_of_another_category_than_was_chosen():
    found = only(case(1, "invoice", category_id="calendars", question=HOW_INVOICE, right_answer=PORTAL, action="draft"))
    assert (found["failure_type"], found["right_category_id"]) == ("intent_misclassification", "invoices")


def test_a_neighbour_that_stood_in_for_a_missing_entry_is_not_taken_for_its_condition():
    """The customers share a fact, and yet ask something else than those whom the entry helped."""
    good = [right(n, "export", category_id="exports", question=HOW_EXPORT, context={"plan": "pro"}) for n in range(8)]
    bad = [case(20 + n, "export", category_id="exports", question="May children use the tablet app alone?",
                right_answer="From the age of sixteen, or with consent of a parent.", context={"plan": "free"})
           for n in range(5)]  # fmt: skip
    found = typed(*good, *bad)
    assert set(found["failure_type"]) == {"knowledge_gap"}


def test_a_variant_is_missing_where_nobody_knows_whether_the_other_holds():
    cases = [case(n, "reset-standard", action="draft", right_answer=COMPANY) for n in range(4)]
    found = typed(*cases, on_file=known(STANDARD, INVOICE, SPACE, SYNC))
    assert set(found["failure_type"]) == {"knowledge_gap"}


def test_an_entry_past_its_review_answers_it():
    late = {**INVOICE, "why_not_live": ["its review was due by 2026-05-01"]}
    cases = [case(n, "export", category_id="invoices", question=HOW_INVOICE, right_answer=INVOICES) for n in range(3)]
    found = typed(*cases, on_file=known(STANDARD, SSO, SPACE, SYNC, aside=[late]))
    assert set(found["failure_type"]) == {"stale_knowledge"}
    assert set(found["target_entry_id"]) == {"invoice"}


def test_entries_named_without_words_are_each_their_own_failure():
    late = {**INVOICE, "why_not_live": ["its review was due by 2026-05-01"]}
    other = {**SPACE, "why_not_live": ["it is retired"]}
    found = typed(case(1, right_entry_ids=["invoice"]), case(2, right_entry_ids=["export"]),
                  on_file=known(STANDARD, SSO, SYNC, aside=[late, other]))  # fmt: skip
    assert found["failure_type"].tolist() == ["stale_knowledge", "knowledge_gap"]
    assert found["target_entry_id"].tolist() == ["invoice", "export"]


def test_a_draft_that_nobody_accepted_is_a_gap_with_its_remedy_at_hand():
    draft = {**INVOICE, "why_not_live": ["its file says draft: it waits to be accepted"]}
    found = only(case(1, "export", category_id="invoices", question=HOW_INVOICE, right_answer=INVOICES),
                 on_file=known(STANDARD, SSO, SPACE, SYNC, aside=[draft]))  # fmt: skip
    assert (found["failure_type"], found["target_entry_id"]) == ("knowledge_gap", "invoice")


def test_one_odd_label_does_not_make_a_stale_entry_a_wrong_category():
    before = [right(n, "invoice", category_id="invoices", question=HOW_INVOICE) for n in range(6)]
    labels = ["invoices", "invoices", "invoices", "exports"]
    after = [case(50 + n, "invoice", category_id="invoices", question=HOW_INVOICE, right_answer=PORTAL, right_category_id=label)
             for n, label in enumerate(labels)]  # fmt: skip
    found = typed(*before, *after)
    assert set(found["failure_type"]) == {"stale_knowledge"}
    assert set(found["right_category_id"]) == {"invoices"}


# A person took over, or should have.


def test_somebody_should_have_taken_over():
    found = only(case(1, said_reason="should_have_escalated", should_escalate=True))
    assert (found["failure_type"], found["trigger_id"] is pd.NA) == ("missed_escalation", True)
    handed = case(2, action="escalate", said_reason="should_have_escalated", should_escalate=True)
    assert only(handed)["failure_type"] != "missed_escalation", "somebody was called"


def test_a_customer_who_called_for_a_person_because_the_answer_was_wrong_is_no_missed_escalation():
    called = case(
        1, "export", category_id="exports", source="feedback", should_escalate=True, right_answer=IN_OWN_WORDS
    )
    assert only(called)["failure_type"] == "intent_misclassification"
    assert only({**called, "right_answer": None})["failure_type"] == "missed_escalation"


def held(number=1, **changes):
    settings = {"action": "escalate", "said_reason": "needless_escalation", "should_escalate": False, **changes}
    return case(number, **settings)


def test_a_trigger_fired_without_need():
    found = only(held(steps=["message", "trigger:leaving"], right_answer=IN_OWN_WORDS))
    assert (found["failure_type"], found["trigger_id"]) == ("needless_escalation", "leaving")


def test_a_handover_because_nothing_was_recognised_is_not_the_triggers_doing():
    unknown = {"category_id": None, "steps": ["message", "triggers", "category"]}
    found = only(held(**unknown, right_answer=IN_OWN_WORDS, context={"sso": "false"}))
    assert (found["failure_type"], found["right_category_id"]) == ("intent_misclassification", "passwords")
    labelled = only(held(**unknown, right_category_id="invoices", question=None))
    assert (labelled["failure_type"], labelled["right_category_id"]) == ("intent_misclassification", "invoices")
    gap = only(held(**unknown, question="Do you have a discount for schools?", entry_ids=[],
                    right_answer="Schools pay half, with a proof of status."))  # fmt: skip
    assert gap["failure_type"] == "knowledge_gap"
    nothing = only(held(**unknown, question=None, entry_ids=[]))
    assert (nothing["failure_type"], nothing["trigger_id"] is pd.NA) == ("needless_escalation", True)
    assert nothing["type_confidence"] <= 0.6


def test_a_category_that_always_goes_to_a_person():
    taken = held(category_id="legal", steps=["message", "triggers", "category", "bucket"])
    assert only({**taken, "right_category_id": "legal"})["failure_type"] == "needless_escalation"
    other = only({**taken, "right_answer": IN_OWN_WORDS, "context": '{"sso": "false"}'})
    assert (other["failure_type"], other["right_category_id"]) == ("intent_misclassification", "passwords")


# Nobody says what would have been right.


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("tone", "tone_or_length"), ("too_long", "tone_or_length"), ("outdated", "stale_knowledge"),
        ("wrong_condition", "edge_case_collision"), ("wrong_category", "intent_misclassification"), ("other", "unexplained"),
        (None, "unexplained"),
    ],
)  # fmt: skip
def test_a_reason_is_taken_where_nothing_else_tells(reason, expected):
    assert only(case(1, said_reason=reason))["failure_type"] == expected


def test_a_reason_is_a_witness_and_not_the_judge():
    rows = [case(1, "reset-sso", right_answer=IN_OWN_WORDS, context={"plan": "pro"}, said_reason=reason)
            for reason in (None, "wrong_condition", "outdated")]  # fmt: skip
    plain, agreeing, contradicting = (only(row) for row in rows)
    assert {one["failure_type"] for one in (plain, agreeing, contradicting)} == {"edge_case_collision"}
    assert agreeing["type_confidence"] > plain["type_confidence"] > contradicting["type_confidence"]


def test_a_wrong_category_by_reason_alone_is_not_believed_against_the_helpdesk():
    found = only(case(1, said_reason="wrong_category", right_category_id="passwords"))
    assert found["failure_type"] == "unexplained"


def test_the_helpdesk_has_it_under_another_category():
    found = only(case(1, right_category_id="invoices", question="Rechnung"))
    assert (found["failure_type"], found["right_category_id"]) == ("intent_misclassification", "invoices")
    assert found["type_confidence"] < 0.8


def test_a_right_answer_in_another_language_is_told_by_those_like_it():
    german = "Öffnen Sie bitte die Anmeldeseite Ihres Unternehmens und melden Sie sich dort mit dem Firmenkonto an."
    merged = {**STANDARD, "conditions": "{}"}
    good = [right(10 * n, context={"sso": "false"}) for n in range(8)]
    bad = [case(5 + 10 * n, right_answer=COMPANY, context={"sso": "true"}) for n in range(5)]
    foreign = case(42, right_answer=german, context={"sso": "true"}, language="de", question="Passwort vergessen")
    found = typed(*good, *bad, foreign, on_file=known(merged, INVOICE, SPACE, SYNC))
    assert found.loc[foreign["case_id"], "failure_type"] == "edge_case_collision"
    alone = only(foreign)
    assert alone["failure_type"] == "unexplained"
    assert "language" in alone["evidence"][0]


def test_without_any_words_the_day_from_which_it_is_wrong_tells():
    before = [right(n, "invoice", category_id="invoices", question=HOW_INVOICE) for n in range(6)]
    after = [case(50 + n, "invoice", category_id="invoices", question=HOW_INVOICE, source="feedback") for n in range(6)]
    mixed = [
        case(3 * n, "invoice", category_id="invoices", question=HOW_INVOICE, source="feedback") for n in range(1, 4)
    ]
    assert set(typed(*before, *after)["failure_type"]) == {"stale_knowledge"}
    good = [right(100 + n, "invoice", category_id="invoices", question=HOW_INVOICE) for n in range(6)]
    assert set(typed(*before, *mixed, *good)["failure_type"]) == {"unexplained"}


def test_an_entry_that_a_person_named_is_gone():
    assert only(case(1, question=None, right_entry_ids=["gone"]))["failure_type"] == "knowledge_gap"


# Bad weeks.


def test_erased_words_leave_a_failure_that_counts():
    erased = case(1, None, question=None, reply=None, context=None, category_id=None, action=None, language=None)
    found = only(erased)
    assert (found["failure_type"], found["type_confidence"]) == ("unexplained", 0.3)
    assert "erased" in found["evidence"][0]


def test_no_wrong_answers_and_no_answers_at_all():
    for cases in ([], [right(1)]):
        found = type_failures(frame_of([[one[name] for name in CASE] for one in cases], CASE), known(), encode)
        assert found.empty
        assert list(found.columns) == list(FAILURE)


def test_a_desk_without_entries():
    nothing = known()
    nothing = type(nothing)(nothing.live.iloc[:0], nothing.aside, nothing.categories, nothing.behavior)
    found = only(case(1, None, right_answer=IN_OWN_WORDS, action="draft"), on_file=nothing)
    assert found["failure_type"] == "knowledge_gap"


def test_every_failure_has_one_type_with_evidence_whatever_the_order():
    cases = [
        case(1, "invoice", category_id="invoices", right_answer=IN_OWN_WORDS), held(2, steps=["trigger:leaving"]), case(3),
        right(4), case(5, "export", category_id="exports", question=HOW_EXPORT, right_answer=EXPORT),
        case(6, "calendar", category_id="calendars", question=HOW_CALENDAR, right_answer=CALENDAR + " Wait 5 minutes."),
        case(7, question=HOW_RESET, right_answer=RESET, side="holdout", context={"sso": "false"}),
    ]  # fmt: skip
    found = typed(*cases)
    assert len(found) == 6
    assert set(found["failure_type"]) <= set(FAILURE_TYPES)
    assert found["type_confidence"].between(0.05, 0.99).all()
    assert all(len(one) and all(text.endswith((".", "%).")) for text in one) for one in found["evidence"])
    turned = typed(*reversed(cases))
    pd.testing.assert_frame_equal(found, turned)
    assert np.array_equal(found["side"].eq("holdout"), found["failure_id"].eq(cases[-1]["case_id"]))
