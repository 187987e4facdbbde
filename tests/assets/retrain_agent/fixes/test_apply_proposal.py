"""Proposals carried out in memory."""

import pandas as pd
import pytest

from assets.build_knowledge.retrieval.documents import documents_of_entries
from assets.build_knowledge.variants import share_phrasings
from assets.configure_behavior.releases.build_release import release_entries
from assets.retrain_agent.fixes.apply_proposal import CannotApply, apply_proposal
from assets.retrain_agent.fixes.proposal import Proposal, ProposedEntry, ProposedLabel
from assets.retrain_agent.fixes.whole_entries import as_proposed
from tests.assets.retrain_agent.fixes.small_patterns import entry, material
from tests.behaviors import behavior, trigger

ONE = entry("one", "invoices", "Where?", "There.", conditions={"plan": ["pro"]}, phrasings=["where is it"])
TWO = entry("two", "passwords", "How?", "So.")
LIVE = material([ONE, TWO]).live
SPEC = behavior(trigger(phrases=["stop"], fires_on=["Please stop."]))


def applied(*entries: ProposedEntry, live: pd.DataFrame = LIVE, aside: pd.DataFrame | None = None) -> pd.DataFrame:
    return apply_proposal(Proposal(entries=entries), live, SPEC, aside=aside)[0]


def test_nothing_proposed_changes_nothing():
    live, spec, labels = apply_proposal(Proposal(), LIVE, SPEC, {"t1": "invoices"})

    assert live is LIVE
    assert spec is SPEC
    assert labels == {"t1": "invoices"}


def test_an_entry_takes_the_place_of_the_version_it_was_drawn_up_on():
    before = LIVE.copy(deep=True)

    after = applied(as_proposed(ONE, answer="Over there.", phrasings=["where is it", "I cannot find it"]))

    pd.testing.assert_frame_equal(LIVE, before)
    assert after["entry_id"].tolist() == ["one", "two"]
    assert after["answer"].tolist() == ["Over there.", "So."]
    assert after.dtypes.tolist() == LIVE.dtypes.tolist()
    (made, _) = release_entries(after)
    assert made.own_hash == made.content_hash != ONE["content_hash"]
    assert made.conditions == {"plan": ["pro"]}
    documents = documents_of_entries(share_phrasings(after))
    assert "I cannot find it" in documents["text"].tolist()


def test_a_new_entry_comes_last_and_is_complete():
    new = ProposedEntry("three", "exports", "When?", "Soon.", phrasings=["when will it be"], owner="Ada Invented")

    after = applied(new)

    made = release_entries(after)[1]
    assert after["entry_id"].tolist() == ["one", "two", "three"]
    assert (made.entry_id, made.owner, made.accepted_by) == ("three", "Ada Invented", "trial")
    assert made.own_hash == made.content_hash
    assert after["is_accepted"].tolist() == [True, True, True]
    assert release_entries(applied(new, live=LIVE.iloc[:0]))[0].own_hash == made.own_hash


def test_a_proposal_about_another_version_is_refused():
    stale = as_proposed({**ONE, "content_hash": "0" * 64}, answer="Over there.")

    with pytest.raises(CannotApply, match="one was changed since"):
        applied(stale)
    with pytest.raises(CannotApply, match="already"):
        applied(ProposedEntry("one", "invoices", "Where?", "Here."))


def test_an_entry_that_reads_as_proposed_already_is_left_alone():
    stale = as_proposed({**ONE, "content_hash": "0" * 64})

    assert applied(stale) is LIVE


def test_an_entry_is_brought_back_from_those_set_aside():
    gone = entry("gone", "exports", "Who?", "We.", valid_until=pd.Timestamp("2026-05-01", tz="UTC"), is_in_date=False)
    aside = material([ONE], aside=[gone]).aside

    after = applied(as_proposed(gone, answer="You."), aside=aside)

    assert after["answer"].tolist() == ["There.", "So.", "You."]
    assert pd.isna(after["valid_until"].iloc[-1]), "its date had ended it"
    assert applied(as_proposed(gone))["entry_id"].tolist() == ["one", "two", "gone"]
    with pytest.raises(CannotApply, match="neither live nor set aside"):
        applied(as_proposed({**gone, "content_hash": "0" * 64}), aside=aside)


def test_what_is_no_entry_is_refused():
    with pytest.raises(CannotApply, match="no valid entry"):
        applied(ProposedEntry("three", "exports", "When?", "  "))


def test_triggers_settings_and_labels():
    proposal = Proposal(
        labels=(ProposedLabel("t1", "exports", "invoices"), ProposedLabel("t2", "exports")),
        triggers=(
            {"id": "one", "reason": "Other.", "phrases": ["halt"]},
            {"id": "new", "reason": "New.", "phrases": ["x"]},
        ),
        settings={"reply.max_words": 90, "confidence.categories.invoices.risk": 0.1},
    )

    live, spec, labels = apply_proposal(proposal, LIVE, SPEC, {"t1": "invoices", "t3": "legal"})

    assert live is LIVE
    assert [(one.id, one.phrases) for one in spec.triggers] == [("one", ["halt"]), ("new", ["x"])]
    assert spec.reply.max_words == 90
    assert spec.confidence.risk_of("invoices") == 0.1
    assert labels == {"t1": "exports", "t2": "exports", "t3": "legal"}
    assert SPEC.reply.max_words == 220


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"reply.most_words": 9}, "most_words"),
        ({"nowhere.at_all": 1}, "no setting nowhere.at_all"),
        ({"reply.max_words": 3}, "reply.max_words"),
        ({"reply.max_words.more": 3}, "no setting"),
    ],
)
def test_a_setting_that_is_none_is_refused(settings: dict, words: str):
    with pytest.raises(CannotApply, match=words):
        apply_proposal(Proposal(settings=settings), LIVE, SPEC)
