"""Tickets that get no answer however sure the agent is: triggers, buckets, languages."""

import pandas as pd

from assets.configure_behavior.confidence.thresholds import Thresholds
from assets.configure_behavior.decisions.kept_from_answering import kept_from_answering
from tests.assets.configure_behavior.decisions.small_release import small_release


def test_thresholds_are_not_looked_at_and_everything_else_is(decided, release):
    asked = "How do I reset my password?"
    assert decided(asked, context={"sso": "false"}).action == "answer"
    messages = {"answered": asked, "trigger": "I want to cancel my subscription", "foreign": "zxcv qwer uiop"}
    tickets = pd.DataFrame({"ticket_id": list(messages), "text": list(messages.values())})
    contexts = {ticket: {"sso": "false"} for ticket in messages}
    unsure = small_release(at=None)
    assert unsure.thresholds != Thresholds(())
    assert decided(asked, context={"sso": "false"}, by=unsure).action == "draft"
    assert kept_from_answering(unsure, tickets, contexts) == {"trigger", "foreign"}


def test_progress_is_told(release):
    told = []
    tickets = pd.DataFrame({"ticket_id": ["a", "b"], "text": ["", None]})
    kept_from_answering(release, tickets, {}, lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]
