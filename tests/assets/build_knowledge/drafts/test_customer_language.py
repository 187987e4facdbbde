"""How near a written question is to customers."""

from assets.build_knowledge.drafts.customer_language import FAR, score_customer_language
from tests.assets.build_knowledge.drafts.drafting_frames import embed

ASKED = [
    "How do I get fewer mails?",
    "Too many mails, how do I turn mails off?",
    "Can I turn off the notification mails?",
    "Stop the notification mails",
    "How do I turn off notification mails?",
    "Fewer notification mails please, how?",
]


def score(question):
    return score_customer_language(question, embed([question])[0], ASKED, embed(ASKED))


def test_a_customers_wording_scores_high_and_needs_no_other():
    judged = score("How do I turn off notification mails?")
    assert judged.score == 1.0
    assert judged.suggested_question is None


def test_words_no_customer_uses_score_low_and_get_a_customers_wording():
    judged = score("Configuring asynchronous dispatch parameters")
    assert judged.score is not None
    assert judged.score < FAR
    assert judged.suggested_question in ASKED
    assert {"asynch", "dispat"} <= set(judged.foreign_words)


def test_half_in_their_words_lies_between():
    high, middle, low = (
        score(one).score
        for one in ("Turn off notification mails", "Suppress notification transmissions", "Suppress transmissions")
    )
    assert high > middle > low


def test_too_few_customers_say_nothing():
    judged = score_customer_language("How?", embed(["How?"])[0], ASKED[:3], embed(ASKED[:3]))
    assert judged.score is None
    assert judged.suggested_question is None
