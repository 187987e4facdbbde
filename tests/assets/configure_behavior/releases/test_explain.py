"""One decision, explained: the replayed decision is the stored one, and every link names what it rests on."""

import json

from assets.configure_behavior.releases.explain import TicketRecord, explain_decision
from assets.configure_behavior.releases.release_files import load_release
from assets.configure_behavior.releases.saved_release import read_release
from tests.encoders import HashingEncoder

RECORD = {"export_id": "0a1b", "file": "zendesk.ndjson", "line": 3, "record_kind": "ticket", "record_id": "97",
          "record_hash": "e" * 64}  # fmt: skip


def explained(built, ticket_id: str, text: str, **fields):
    frozen = {row["ticket_id"]: row for row in read_release(built.folder).regression}
    ticket = TicketRecord(ticket_id, text, fields.pop("context", {}), "calibration", [RECORD], {"NAME": 1})
    return explain_decision(ticket, load_release(built.folder, HashingEncoder()), frozen.get(ticket_id), **fields)


def test_a_frozen_ticket_is_replayed_as_it_was_frozen(built):
    found = explained(built, "zendesk:97", "another text by now")
    assert found.ticket.text == "I forgot my password"
    assert found.ticket.context == {"sso": "true"}
    assert found.frozen == "the same decision as was stored when the release was built"
    assert found.decision.action == "answer"
    assert found.decision.release_id == built.release_id


def test_the_chain_names_category_hits_threshold_and_entry(built):
    found = explained(built, "zendesk:97", "")
    assert found.scores["predicted"] == "password_reset"
    assert found.hits[0]["entry_id"] == "password-sso"
    assert found.hits[0]["match"]["kind"] in ("question", "phrasing", "passage")
    assert any(hit["voters"] for hit in found.hits)
    assert (found.threshold.category_id, found.threshold.threshold) == ("password_reset", 0.3)
    assert found.entry.content_hash == found.decision.entries[0].content_hash
    assert found.entry.sources[0]["id"] == "help:password-sso"
    assert found.ticket.records == [RECORD]
    json.dumps(found.to_dict(), default=str)


def test_a_trigger_is_in_the_chain_and_no_threshold_was_asked(built):
    found = explained(built, "zendesk:500", "I will sue you, my lawyer writes to you")
    assert [one["trigger_id"] for one in found.triggers] == ["legal"]
    assert found.threshold is None
    assert found.frozen is None


def test_a_ticket_without_words_has_no_scores(built):
    found = explained(built, "zendesk:501", " ")
    assert (found.scores, found.hits, found.triggers) == ({}, [], [])


def test_a_decision_that_comes_out_otherwise_is_said(built):
    from dataclasses import replace

    from assets.configure_behavior.decisions.decide import decide

    def other(message, conversation, context, release):
        return replace(decide(message, conversation, context, release), action="draft")

    found = explained(built, "zendesk:97", "", decide=other)
    assert "another decision than was stored" in found.frozen
    assert "answered from password-sso [password_reset] -> drafted for a person from password-sso" in found.frozen
