"""Two months of an invented desk, small enough to count by hand.

June: 20 tickets of the AI's arm (16 answered, 4 handed over at once), 10 of people's. July: the same customers again and 10
more answered tickets; what was right in June is wrong in July for invoices.
"""

import pandas as pd

from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent.frames import CASE, CHANGE, EFFECT, FIX
from assets.sustain_learning.frames import AUDIT_ITEM, DRIFT, SCOPE, SIGNAL, SUPPORT_SIGNAL
from assets.sustain_learning.report.learning_frames import LearningFrames
from tests.assets.pilot_agent.verdict.answered_tickets import answered, fct
from tests.assets.retrain_agent.patterns.invented_failures import failure, failures

AS_OF = pd.Timestamp("2026-08-02 12:00", tz="UTC")
HOSTILE = '<script>alert("x")</script><img src=https://evil.example/x.png>'
CATEGORIES = pd.DataFrame(
    {
        "category_id": ["login", "invoice_copy", "refund"],
        "name": ["Login", "Invoice copy", "Refund"],
        "bucket": ["automate", "automate", "escalate"],
    }
)


def at(day, month=6):
    return pd.Timestamp(year=2026, month=month, day=day, hour=10, tz="UTC")


def answers(*rows):
    """``fct_ai_answers``; steps and bucket may be given with a row."""
    more = [{"steps": row.pop("steps", ["threshold"]), "bucket": row.pop("bucket", "automate")} for row in rows]
    return fct(*rows).assign(steps=[one["steps"] for one in more], bucket=[one["bucket"] for one in more])


def june(number, **changes):
    return answered(number, created_at=at(1 + number % 28), requester_id=f"p{number}", **changes)


def july(number, who=None, **changes):
    who = f"p{number}" if who is None else who
    return answered(1000 + number, created_at=at(1 + number % 28, 7), requester_id=who, **changes)


def two_months():
    """June: 16 answered, 12 tagged correct and 4 incorrect. July: 26 answered, 13 correct and 13 incorrect."""
    rows = [
        june(
            n,
            review="correct" if n < 12 else "incorrect",
            should_escalate=False,
            csat_positive=n < 6 if n < 8 else None,
        )
        for n in range(16)
    ]
    trigger = {"steps": ["trigger:cancelling", "suggestion"], "escalation_reason": "The customer wants to leave"}
    unclear = {"steps": ["category"], "escalation_reason": "it is unclear what the message is about"}
    rows += [
        june(
            n,
            action="escalate",
            is_involved=False,
            is_escalated=True,
            is_resolved_assumed=False,
            category_id=None,
            **why,
        )
        for n, why in ((16, trigger), (17, trigger), (18, trigger), (19, unclear))
    ]
    rows += [answered(500 + n, "control", created_at=at(1 + n), requester_id=f"c{n}") for n in range(10)]
    rows += [
        july(n, category_id="invoice_copy" if n >= 13 else "login", review="correct" if n < 13 else "incorrect",
             should_escalate=False, is_resolved_confirmed=n < 3)
        for n in range(26)
    ]  # fmt: skip
    return answers(*rows)


def tickets(frame, extra=0, month=7):
    """``fct_tickets`` with every ticket of the answers, and more that nobody decided."""
    rows = frame[["ticket_id", "requester_id", "created_at"]].assign(is_in_audit=True)
    more = [{"ticket_id": f"x{n}", "requester_id": f"x{n}", "created_at": at(1 + n % 28, month), "is_in_audit": True} for n in range(extra)]  # fmt: skip
    return pd.concat([rows, pd.DataFrame(more, columns=list(rows.columns))], ignore_index=True).assign(
        created_at=lambda one: pd.to_datetime(one["created_at"], utc=True).astype("datetime64[us, UTC]"),
        is_in_audit=lambda one: one["is_in_audit"].astype(bool),
    )


def change(**said):
    row = {
        **dict.fromkeys(CHANGE), "change_id": "C-001", "kind": "edit_entry", "title": "Invoices are in the portal",
        "category_ids": ["invoice_copy"], "is_urgent": False, "accepted_by": "Ada Moreno", "accepted_at": at(3, 7),
        "released_at": at(5, 7), "release_id": "abc", "status": "released",
    }  # fmt: skip
    return frame_of([{**row, **said}], CHANGE)


def effect(metric="answer_quality", **said):
    row = {
        **dict.fromkeys(EFFECT), "change_id": "C-001", "metric": metric, "method": "paired", "month": "2026-07", "n": 60,
        "n_discordant": 20, "difference": 0.25, "low": 0.1, "high": 0.4, "p": 0.001, "verdict": "improvement",
        "sentence": "change C-001 (Invoices are in the portal): correct answers on `invoice_copy` +25 points [10, 40]",
        "higher_is_better": True,
    }  # fmt: skip
    return {**row, **said}


def effects(*rows):
    return frame_of(rows, EFFECT)


def fixes(*titles):
    row = {
        **dict.fromkeys(FIX),
        "kind": "note",
        "why": "It fails.",
        "proposal": "{}",
        "status": "open",
        "is_urgent": False,
    }
    return frame_of(
        [{**row, "fix_id": f"{n:016x}", "title": title, "rank": n} for n, title in enumerate(titles, 1)], FIX
    )


def cases(count, wrong, month=6):
    row = {**dict.fromkeys(CASE), "source": "review", "action": "answer", "category_id": "login"}
    rows = [
        {
            **row,
            "case_id": f"{month}-{n}",
            "occurred_at": at(1 + n % 28, month),
            "requester_id": f"p{n}",
            "is_wrong": n < wrong,
        }
        for n in range(count)
    ]
    return frame_of(rows, CASE)


def failed(count, month=6, kind="stale_knowledge"):
    rows = [
        failure(n, failure_id=f"{month}-{n}", occurred_at=at(1 + n % 28, month), failure_type=kind)
        for n in range(count)
    ]
    return failures(*rows)


def drift(**said):
    row = {
        **dict.fromkeys(DRIFT), "drift_id": "d1", "kind": "answer_drift", "entry_id": "invoice-download", "is_drift": True,
        "p_adjusted": 0.01, "found_as_of": at(20, 7), "sentence": "People now send customers to the portal.",
    }  # fmt: skip
    return frame_of([{**row, **said}], DRIFT)


def support(**said):
    row = {
        **dict.fromkeys(SUPPORT_SIGNAL), "signal_id": "s1", "change": "spike", "diagnosis": "unknown", "dimension": "all",
        "found_at": at(10, 7), "started_at": at(8, 7), "is_explained": False, "status": "ongoing",
        "sentence": "Twice as many tickets as usual since 8 July.",
    }  # fmt: skip
    return frame_of([{**row, **said}], SUPPORT_SIGNAL)


def scope(**said):
    row = {
        **dict.fromkeys(SCOPE), "proposal_id": "beef0123beef0123", "kind": "narrow", "category_id": "invoice_copy",
        "status": "in_force", "proposed_as_of": at(25, 7), "sentence": "Invoice copy lost its autonomy on 25 July.",
        "tickets_per_month": 10.0,
    }  # fmt: skip
    return frame_of([{**row, **said}], SCOPE)


def audit(**said):
    row = {
        **dict.fromkeys(AUDIT_ITEM), "item_id": "i1", "quarter": "2026-Q3", "owner": "Ada Moreno", "subject_kind": "entry",
        "opened_at": at(1, 7), "due_at": at(31, 7), "status": "overdue",
    }  # fmt: skip
    return frame_of([{**row, **said}], AUDIT_ITEM)


def thumbs(*positive, month=7):
    row = {**dict.fromkeys(SIGNAL), "kind": "thumbs", "source": "live", "is_trouble": False}
    rows = [
        {**row, "signal_id": f"s{n}", "occurred_at": at(1 + n, month), "is_positive": one, "requester_id": f"p{n}",
         "is_trouble": not one}
        for n, one in enumerate(positive)
    ]  # fmt: skip
    return frame_of(rows, SIGNAL)


def full(**said):
    """Everything there, with something in every part."""
    told = two_months()
    parts = {
        "answers": told, "tickets": tickets(told, 28), "categories": CATEGORIES,
        "cases": pd.concat([cases(20, 5), cases(20, 10, 7)], ignore_index=True),
        "failures": pd.concat([failed(5), failed(10, 7)], ignore_index=True),
        "fixes": fixes("Change the entry on invoices"), "changes": change(),
        "effects": effects(effect(), effect("csat", verdict="not_measurable", difference=None, low=None, high=None)),
        "drift": drift(), "support": support(), "scope": scope(), "audit": audit(), "signals": thumbs(True, True, False),
    }  # fmt: skip
    return LearningFrames(**{**parts, **said})
