"""A month of an invented desk, as a review session sees it."""

import pandas as pd

from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent.fixes.proposal import Proposal, ProposedEntry, ProposedLabel
from assets.retrain_agent.frames import CHANGE, EFFECT, FIX
from assets.retrain_agent.patterns.failure_patterns import failure_patterns
from assets.retrain_agent.review_session.session_page import SessionFrames
from tests.assets.retrain_agent.patterns.invented_failures import CATEGORIES, ENTRIES, cases, failure, failures
from tests.encoders import HashingEncoder

AS_OF = pd.Timestamp("2026-07-03 09:00", tz="UTC")
HOSTILE = '<script>alert("x")</script><img src=https://evil.example/x.png>'
INSIGHTS = ["insight_id", "text", "category_id", "month", "said_by", "said_at"]
NAMES = {"invoice_copy": "Invoice copy", "payment_method": "Payment method"}


def at(day):
    return pd.Timestamp(f"2026-{day} 10:00", tz="UTC")


def fix(number, **said):
    proposal = said.pop("proposal", Proposal())
    row = {
        **dict.fromkeys(FIX), "fix_id": f"{number:016x}", "kind": "note", "title": f"Fix {number}", "why": "It fails often.",
        "proposal": proposal.to_json(), "source_ticket_ids": [], "rank": number, "score": 1.0, "is_urgent": False,
        "status": "open",
    }  # fmt: skip
    return {**row, **said}


def edit(**said):
    return fix(
        1,
        kind="edit_entry",
        title="Change the entry “How do I download an invoice?”",
        is_urgent=True,
        tickets_per_month=12.0,
        minutes_per_month=60.0,
        proposal=Proposal(
            entries=(
                ProposedEntry(
                    "invoice-download",
                    "invoice_copy",
                    "How do I download an invoice?",
                    "In the payments portal.",
                    {"plan": ["pro"]},
                    ["where is my bill"],
                    base_hash="h",
                ),
            ),
            labels=(ProposedLabel("zendesk:1", "invoice_copy", "payment_method"),),
            triggers=({"id": "legal_steps", "reason": "Legal steps.", "signals": ["legal"], "phrases": ["my lawyer"]},),
            settings={"reply.max_words": 120},
            asks_for=("plan",),
        ),
        **said,
    )


def change(name, **said):
    return {
        **dict.fromkeys(CHANGE), "change_id": name, "title": f"Title of {name}", "accepted_by": "Ada Moreno",
        "status": "accepted", **said,
    }  # fmt: skip


def effect(name, sentence, verdict):
    return {**dict.fromkeys(EFFECT), "change_id": name, "sentence": sentence, "verdict": verdict, "metric": "csat"}


def insights(*rows):
    return pd.DataFrame(list(rows), columns=INSIGHTS).astype({"said_at": "datetime64[us, UTC]"})


def month(rows, count_right=0, right_at=None, fixes=(), changes=(), effects=(), said=()):
    """Frames of these failures, and of right answers beside them."""
    found = failures(*rows)
    return SessionFrames(
        cases=cases(rows, count_right, right_at or at("06-10")),
        failures=found,
        patterns=failure_patterns(found, None, CATEGORIES, AS_OF, HashingEncoder().encode, entries=ENTRIES),
        fixes=frame_of(fixes, FIX),
        changes=frame_of(changes, CHANGE),
        effects=frame_of(effects, EFFECT),
        insights=insights(*said),
        category_names=NAMES,
    )


def full():
    """A month with everything in it."""
    rows = [
        failure(
            number,
            occurred_at=at(f"06-{number + 1:02d}"),
            right_answer="In the portal.",
            question=f"where is bill {number}",
        )
        for number in range(1, 9)
    ]
    rows += [failure("old", occurred_at=at("05-20"), question="where is the old bill")]
    rows += [
        failure(
            "secret", occurred_at=at("06-25"), side="holdout", question="zebra holdout question", failure_type="unexplained",
            target_entry_id=None,
        ),
        failure("hostile", occurred_at=at("06-26"), failure_type="missed_escalation", question=HOSTILE, reply=HOSTILE),
        failure("replayed", occurred_at=at("06-27"), source="replay"),
    ]  # fmt: skip
    return month(
        rows,
        count_right=30,
        fixes=[edit(), fix(2, title=HOSTILE), fix(3, status="rejected", rank=None, decided_at=at("06-05"))],
        changes=[
            change("C-001", accepted_at=at("05-12"), released_at=at("05-13"), release_id="abcdef0123456789", status="released"),
            change("C-002", accepted_at=at("06-10"), released_at=at("06-11"), ended_at=at("06-18"), status="ended"),
            change("C-003", accepted_at=at("06-20")),
            change("C-000", accepted_at=at("03-01")),
        ],
        effects=[
            effect("C-001", "change C-001 (Title of C-001): CSAT on Invoice copy +12 points [5, 19]", "improvement"),
            effect("C-001", "change C-001 (Title of C-001): no effect on resolution on Invoice copy: nothing moved", "no_effect_shown"),
        ],
        said=[("i1", f"The portal is slow {HOSTILE}", None, "2026-06", "Ben Idris", at("06-30")), ("i2", "old", None, "2026-05", "x", at("05-30"))],
    )  # fmt: skip
