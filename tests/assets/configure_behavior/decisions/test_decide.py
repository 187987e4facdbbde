"""The rules, one after the other: which wins, what is said, and what a person gets."""

import json
from dataclasses import replace

import pytest

from assets.configure_behavior.confidence.thresholds import Thresholds
from assets.configure_behavior.decisions.decide import decide
from assets.configure_behavior.decisions.decision import Turn
from assets.configure_behavior.releases.agent_release import ReleaseCategory
from tests.assets.configure_behavior.decisions.conftest import said, steps
from tests.assets.configure_behavior.decisions.small_release import ENTRIES, behavior, small_release, threshold

RESET, EXPORT = "How do I reset my password?", "How do I export all documents?"
ANSWERS = {name: answer for name, _, _, answer, _ in ENTRIES}


def test_a_sure_answer_goes_out_word_for_word(decided):
    decision = decided(EXPORT, context={"name": "Ada"})
    assert decision.action == "answer"
    assert decision.reply == f"Hi Ada,\n\n{ANSWERS['export-all']}\n\nBest wishes, Lin"
    assert (decision.category_id, decision.bucket, decision.risk, decision.threshold) == (
        "export_data",
        "automate",
        0.05,
        0.3,
    )
    assert decision.confidence >= decision.threshold
    assert decision.entries[0].entry_id == "export-all"
    assert decision.handoff is None
    assert steps(decision) == ["message", "triggers", "category", "bucket", "entries", "threshold"]


def test_the_context_chooses_between_variants(decided):
    for is_sso, entry in ((True, "password-sso"), (False, "password-standard")):
        decision = decided(RESET, context={"SSO": is_sso})
        assert (decision.action, decision.entries[0].entry_id) == ("answer", entry)
        assert decision.deciding_conditions == {"sso": [str(is_sso).lower()]}
        assert ANSWERS[entry] in decision.reply


def test_without_context_the_fact_that_decides_is_asked_for(decided):
    decision = decided(RESET)
    assert decision.action == "ask"
    assert decision.ask_for == ("sso",)
    assert behavior().clarify["sso"]["en"] in decision.reply
    assert not any(answer in decision.reply for answer in ANSWERS.values())
    assert {use.applies for use in decision.entries[:2]} == {None}


def test_a_short_reply_to_the_question_is_answered_with_what_was_asked_before(decided):
    asked = decided(RESET)
    conversation = [Turn("customer", RESET), Turn("ai_agent", asked.reply)]
    decision = decided("single sign-on, I think", conversation)
    assert (decision.action, decision.entries[0].entry_id) == ("answer", "password-sso")
    assert not decision.reply.startswith("Hi")
    assert "facts_in_words" in steps(decision)


def test_a_fact_is_asked_for_once(decided):
    conversation = [Turn("customer", RESET), Turn("ai_agent", decided(RESET).reply)]
    decision = decided("no idea", conversation)
    assert decision.action == "draft"
    assert "asked before" in decision.handoff.reason
    assert decision.handoff.attempted == (decided(RESET).reply,)


def test_a_long_reply_is_read_with_the_question_before(decided):
    conversation = [Turn("customer", RESET), Turn("ai_agent", decided(RESET).reply)]
    decision = decided("It goes through Okta since last year, for everybody here I think; we use Okta.", conversation)
    assert decision.category_id == "password_reset"
    assert decision.entries[0].entry_id == "password-sso"


def test_a_fact_that_no_question_asks_for_makes_a_draft():
    spec = behavior(clarify={})
    decision = decide(RESET, [], {}, small_release(spec))
    assert decision.action == "draft"
    assert "no question for sso" in decision.handoff.reason


def test_a_fact_in_words_counts_where_the_context_is_silent_and_never_against_it(decided):
    assert decided(f"We use SSO. {RESET}").entries[0].entry_id == "password-sso"
    assert decided(f"We use SSO. {RESET}", context={"sso": False}).entries[0].entry_id == "password-standard"


def test_a_trigger_beats_any_confidence_and_still_suggests_the_entry(decided):
    decision = decided("How do I cancel my subscription?")
    assert decision.action == "escalate"
    assert decision.reply == "A colleague takes over and answers here."
    assert decision.handoff.queue == "retention"
    assert decision.handoff.reason == "the customer wants to leave"
    assert ANSWERS["cancel-plan"] in decision.handoff.suggested_reply
    assert "category" not in steps(decision)


def test_an_urgent_trigger_makes_the_handoff_urgent(decided):
    decision = decided(f"{EXPORT} My lawyer will sue you.")
    assert decision.action == "escalate"
    assert decision.handoff.is_urgent
    assert decision.handoff.queue == "support"


def test_a_trigger_in_an_earlier_message_still_counts_until_a_person_has_answered(decided):
    turns = [Turn("customer", "I want to cancel my subscription"), Turn("ai_agent", "How can I help?")]
    assert decided(EXPORT, turns).action == "escalate"
    assert decided(EXPORT, [*turns, Turn("agent", "Done, it is cancelled.")]).action == "answer"


def test_a_page_may_hand_over_or_allow_drafts_only(decided):
    handed = decided(EXPORT, context={"page": "/billing/error/42"})
    assert (handed.action, handed.handoff.reason) == (
        "escalate",
        "the customer is where a person takes over (billing-error)",
    )
    drafted = decided(EXPORT, context={"page": "/admin/users"})
    assert (drafted.action, drafted.reply) == ("draft", None)
    assert ANSWERS["export-all"] in drafted.handoff.suggested_reply
    assert steps(drafted)[-1] == "threshold", "the rules after it are still asked, for the person to see"


def test_what_resembles_nothing_is_handed_over(decided):
    decision = decided("zebra quagga xylophone wombat kraken")
    assert decision.action == "escalate"
    assert decision.category_id is None
    assert decision.handoff.reason == "asks about something outside what is covered"
    assert decision.handoff.suggested_reply is None


def between(release, preferred=()):
    """A release in which nothing is likelier than not, and the login page's preference."""
    rule = {"id": "login", "where": {"pages": ["/login*"]}, "means": "cannot get in", "prefer_categories": preferred}
    spec = behavior(pages=[rule])
    intents = replace(release.intents, settings=replace(release.intents.settings, min_confidence=1.01))
    return replace(release, behavior=spec, intents=intents)


def test_what_stands_between_two_categories_is_handed_over(decided, release):
    decision = decided(EXPORT, by=between(release))
    assert (decision.action, decision.handoff.reason) == ("escalate", "it is unclear what the message is about")


def test_a_page_decides_between_two_categories_in_question_for_a_draft_at_most(decided, release):
    by = between(release, ["export_data"])
    decision = decided(EXPORT, context={"page": "/login"}, by=by)
    assert (decision.action, decision.category_id) == ("draft", "export_data")
    assert "no error bound" in decision.handoff.reason
    elsewhere = decided(EXPORT, context={"page": "/other"}, by=by)
    assert elsewhere.action == "escalate"
    unrelated = decided(EXPORT, context={"page": "/login"}, by=between(release, ["invoice_copy"]))
    assert unrelated.category_id in (None, "invoice_copy")


def test_buckets(decided, release):
    invoice = decided("Where is my invoice?", context={"plan": "pro"})
    assert (invoice.action, invoice.bucket, invoice.threshold) == ("draft", "hybrid", None)
    assert invoice.handoff.queue == "billing"
    assert ANSWERS["invoice-standard"] in invoice.handoff.suggested_reply
    hacked = decided("our account was broken into, hacked by a stranger")
    assert hacked.action == "escalate"
    odd = {**release.categories, "export_data": ReleaseCategory("export_data", "Export", "someday", None, None)}
    assert decided(EXPORT, by=replace(release, categories=odd)).action == "draft"
    gone = {name: one for name, one in release.categories.items() if name != "export_data"}
    assert decided(EXPORT, by=replace(release, categories=gone)).action == "draft"


def test_a_hybrid_category_with_an_open_condition_suggests_the_question(decided):
    decision = decided("Where is my invoice?")
    assert decision.action == "draft"
    assert behavior().clarify["plan"]["en"] in decision.handoff.suggested_reply


def test_no_entry_for_this_customer_is_a_draft_without_suggestion():
    only_sso = [entry for entry in ENTRIES if entry[0] == "password-sso"]
    decision = decide(RESET, [], {"sso": False}, small_release(entries=only_sso))
    assert (decision.action, decision.handoff.suggested_reply, decision.entries) == ("draft", None, ())


def test_a_release_without_entries_hands_over():
    decision = decide(RESET, [], {}, small_release(entries=[]))
    assert (decision.action, decision.handoff.reason) == ("escalate", "there is nothing to answer from")


def test_an_entry_of_another_category_is_never_an_answer(decided, release):
    moved = {**release.entries, "export-all": replace(release.entries["export-all"], category_id="mobile_sync")}
    decision = decided(EXPORT, by=replace(release, entries=moved))
    assert decision.action == "draft"
    assert "belongs to mobile_sync" in said(decision)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ((), "No threshold was sought"),
        ((threshold("export_data", None),), "only 12 calibration tickets"),
        ((threshold("export_data", 0.99999),), "Less sure"),
        ((threshold("export_data", 0.3, risk=0.02),), "No threshold was sought"),
    ],
)
def test_without_a_threshold_that_is_reached_it_is_a_draft(decided, release, rows, words):
    decision = decided(EXPORT, by=replace(release, thresholds=Thresholds(rows)))
    assert (decision.action, decision.risk) == ("draft", 0.05)
    assert words in decision.handoff.reason
    assert ANSWERS["export-all"] in decision.handoff.suggested_reply


def test_a_category_of_its_own_risk_has_its_own_threshold(decided, release):
    spec = behavior(confidence={"categories": {"export_data": {"risk": 0.02}}})
    rows = Thresholds((threshold("export_data", 0.1, risk=0.02), threshold("export_data", 0.99999)))
    decision = decided(EXPORT, by=replace(release, behavior=spec, thresholds=rows))
    assert (decision.action, decision.risk, decision.threshold) == ("answer", 0.02, 0.1)


def test_nothing_is_translated(decided):
    german = decided("Wie kann ich alle unsere Dokumente exportieren? export all documents")
    assert (german.language, german.action) == ("de", "draft")
    assert "nothing is translated" in said(german)
    french = decided("Bonjour, comment puis-je exporter tous nos documents, export all documents?")
    assert (french.language, french.action) == ("fr", "draft")
    assert "in which the agent does not answer" in said(french)


def test_short_messages_are_in_the_language_of_the_conversation(decided):
    german = [Turn("customer", "Guten Tag, ich habe schon gestern eine Frage zu unserem Konto gestellt.")]
    assert decided("export", german).language == "de"
    assert decided("export").language == "en"
    assert decided("export", context={"locale": "de-AT"}).language == "de"


def test_the_same_answer_is_not_given_twice(decided):
    turns = [Turn("customer", EXPORT), Turn("ai_agent", decided(EXPORT).reply)]
    decision = decided("I still cannot export all documents", turns)
    assert (decision.action, decision.entries[0].entry_id) == ("draft", "export-all")
    assert "given in this conversation already" in decision.handoff.reason
    assert decided(EXPORT, [Turn("ai_agent", "Open Settings.")]).action == "answer"


def test_a_reply_that_breaks_the_spec_is_a_draft():
    short = behavior(reply={"min_words": 1, "max_words": 12})
    decision = decide(EXPORT, [], {}, small_release(short))
    assert (decision.action, "the spec allows 12" in decision.handoff.reason) == ("draft", True)
    avoiding = behavior(tone={**behavior().tone.model_dump(), "avoid": ["zip  FILE"]})
    decision = decide(EXPORT, [], {}, small_release(avoiding))
    assert (decision.action, "zip  FILE" in decision.handoff.reason) == ("draft", True)


@pytest.mark.parametrize("message", ["hi", "Hello there!", "ok, thank you very much!", "Danke!", "👍"])
def test_small_talk_gets_an_opening(decided, message):
    decision = decided(message, context={"page": "/pricing", "name": "Ada"})
    assert (decision.action, decision.reply) == ("ask", "Hello Ada, shall I explain how the plans differ?")
    assert "small_talk" in steps(decision)


@pytest.mark.parametrize("message", ["", "   \n\t", "\x00\u200b\ufeff", "<p hidden>cancel</p>", "...", "<!-- hi -->"])
def test_an_empty_message_gets_the_opening_of_the_page_and_its_live_entries(decided, message):
    decision = decided(message, context={"page": "/pricing/pro", "plan": "legacy"})
    assert (decision.action, decision.reply) == ("ask", "Hello, shall I explain how the plans differ?")
    assert [use.entry_id for use in decision.entries] == ["invoice-legacy"]
    assert decision.handoff is None
    assert (decision.category_id, decision.confidence) == (None, None)
    assert steps(decision) == ["message", "empty", "page:pricing"]


def test_an_empty_message_elsewhere_gets_the_greeting_once(decided):
    assert decided("").reply == "Hi,"
    assert decided("", [Turn("ai_agent", "Hi,")]).reply is None


def test_the_handoff_has_the_parts_that_the_spec_names(decided, release):
    turns = [Turn("customer", f"message {number}") for number in range(9)] + [Turn("ai_agent", "Which plan is it?")]
    full = decided("This is ridiculous!!! I want a real person now.", turns).handoff
    assert [turn.text for turn in full.history] == [
        "message 6",
        "message 7",
        "message 8",
        "Which plan is it?",
        "This is ridiculous!!! I want a real person now.",
    ]
    assert full.attempted == ("Which plan is it?",)
    assert full.sentiment["frustration"] > 0.3
    assert "asks_for_person" in full.sentiment["signals"]
    spec = behavior(handoff={"parts": ["reason"], "default_queue": "second line"})
    bare = decided("I want a real person now.", turns, by=replace(release, behavior=spec)).handoff
    assert (bare.history, bare.attempted, bare.entries, bare.suggested_reply, dict(bare.sentiment)) == (
        (),
        (),
        (),
        None,
        {},
    )
    assert (bare.queue, bare.reason) == ("second line", "the customer asks for a person")


def test_a_decision_is_the_same_every_time_and_fits_into_json(decided):
    for message in (RESET, EXPORT, "How do I cancel my subscription?", "", "zebra"):
        first, second = decided(message), decided(message)
        assert first == second
        assert json.loads(json.dumps(first.to_dict()))["action"] == first.action
