"""Deciding calibration tickets asks the encoder for all that is new of them, at once."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from assets.audit_tickets.vectors.remembered_vectors import RememberedVectors
from orchestration.calibration import unanswerable_tickets
from tests.assets.configure_behavior.decisions.small_release import PHRASINGS
from tests.assets.pilot_agent.answers.new_tickets import HACKED, release
from tests.encoders import HashingEncoder


def test_tickets_whose_vectors_lie_around_are_not_encoded_one_by_one():
    said = ["Sign in\n\nhello,\n" + text for category in sorted(PHRASINGS) for text in PHRASINGS[category]] + [HACKED]
    ids = [f"zendesk:{number}" for number in range(len(said))]
    texts = pd.DataFrame({"ticket_id": ids, "text": said})
    tickets = pd.DataFrame({"ticket_id": ids, "requester_id": ids, "context": "{}"})
    splits = pd.DataFrame({"ticket_id": ids, "split": ["calibration"] * len(ids)})
    encoder, calls = HashingEncoder(), []

    class Counting(HashingEncoder):
        def encode(self, wanted, on_progress=None):
            calls.append(list(wanted))
            return super().encode(wanted, on_progress)

    known = dict(zip(said, encoder.encode(said), strict=True))
    encode = RememberedVectors(Counting(), given=known)
    kept = unanswerable_tickets(replace(release(), encode=encode), tickets, splits, texts)
    assert kept == unanswerable_tickets(release(), tickets, splits, texts)
    assert ids[-1] in kept
    assert len(calls) <= 1
    assert not set(said) & {one for call in calls for one in call}
