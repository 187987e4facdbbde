"""An invented pilot in the frames that its page reads, made by the product's own code from seeded tickets.

Three categories: one where the agent is better than people, one where it is worse, one too small to judge. All people,
companies and texts are fictional.
"""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from typing import Literal

import numpy as np
import pandas as pd

from assets.audit_tickets.roadmap.roadmap_words import PageSignature, PageSignOff
from assets.pilot_agent.answers.frames import ANSWER, PLAN, REPLAY, REVIEW, frame_of
from assets.pilot_agent.assignment.assign_rollout import assign_rollout
from assets.pilot_agent.assignment.rollout_assignments import rollout_assignments
from assets.pilot_agent.report.pilot_findings import PilotFindings
from assets.pilot_agent.verdict.pilot_metrics import pilot_metrics
from assets.pilot_agent.verdict.published_verdict import publish_verdict
from desk.pilot import PilotFile, pilot_content, pilot_hash
from ledger.pilots import ShareChange

State = Literal["nothing", "planned", "signed", "shadow", "rollout", "judged"]
STATES: tuple[State, ...] = ("nothing", "planned", "signed", "shadow", "rollout", "judged")
START = pd.Timestamp("2026-03-02", tz="UTC")
ROLLOUT_START = START + pd.Timedelta(weeks=2)
CLOCK = {
    "planned": START - pd.Timedelta(days=6),
    "signed": START - pd.Timedelta(days=2),
    "shadow": START + pd.Timedelta(days=10),
    "rollout": ROLLOUT_START + pd.Timedelta(days=16),
    "judged": ROLLOUT_START + pd.Timedelta(days=37),
}
SHARE = 0.2
PER_WEEK = 1500
"""Enough that the two large categories are decided."""
CATEGORIES = {"password_reset": (0.5, 0.09), "invoice_copy": (0.46, -0.2), "data_export": (0.04, 0.05)}
"""Share of volume, and how much better or worse than people the agent resolves."""
NAMES = {"password_reset": "Password reset", "invoice_copy": "Copy of an invoice", "data_export": "Export of data"}
TEXTS = {
    "password_reset": (
        "Hello, I cannot sign in any more, the reset link never arrives. Could you help me?",
        "Open the sign-in page and choose “Forgot password”. The link is valid for an hour; look in the spam folder too.",
    ),
    "invoice_copy": (
        "I need the invoice of last month for our accountant, where do I find it? We are on the yearly plan.",
        "Open Settings, Billing and choose the month; the invoice is a PDF. Invoices go to the owner of the account only.",
    ),
    "data_export": (
        "How can I export all our projects, with attachments, before the contract ends?",
        "Open Settings, Data and choose “Export everything”. You get an e-mail when the archive is ready.",
    ),
}
COMMENTS = {
    "password_reset": "They sign in through their company; we cannot reset that.",
    "invoice_copy": "Invoices of the yearly plan come by e-mail.",
    "data_export": "Attachments are not in the archive.",
}
HANDOFFS = ("The customer disputes a charge.", "The customer asks for a person.", "No entry fits: below the threshold.")
REVIEWERS = (("Ada Moreno", "support lead"), ("Ravi Sandhu", "reviewer"))


def plan(**changes: object) -> PilotFile:
    """The registered plan of the invented pilot."""
    document: dict[str, object] = {
        "pilot_id": "spring",
        "start": START.date(),
        "rollout_share": SHARE,
        "primary": [
            {"metric": "resolution_rate", "kind": "assumed", "margin": 0.05},
            {"metric": "missed_escalation_rate", "against": "limit", "limit": 0.03},
            {"metric": "csat", "margin": 0.1},
        ],
        "baselines": [
            {
                "metric": "resolution_rate", "kind": "assumed", "numerator": 4100, "denominator": 5860,
                "window_start": "2025-12-01", "window_end": "2026-02-22", "design_effect": 1.4,
            }
        ],
        "categories": {"ids": sorted(CATEGORIES), "min_answered": 100},
    }  # fmt: skip
    return PilotFile.model_validate({**document, **changes})


def plan_frame(pilot: PilotFile, state: State, registered: str | None = None) -> pd.DataFrame:
    """``pilot_plan`` with one version."""
    signed = state not in ("nothing", "planned")
    digest = pilot_hash(pilot)
    row = {
        "pilot_id": pilot.pilot_id, "pilot_hash": digest, "content": json.dumps(pilot_content(pilot)),
        "is_current": True, "is_signed": signed, "signed_by": ["Ada Moreno"] if signed else [],
        "missing_roles": [] if signed else ["support lead"], "first_seen_as_of": CLOCK["planned"],
        "as_of": CLOCK[state], "shadow_start": START, "rollout_start": ROLLOUT_START,
        "rollout_end": ROLLOUT_START + pd.Timedelta(weeks=4), "settle_days": 7, "resolution_kind": "assumed",
        "registered_hash": registered or (digest if signed else None),
        "share_now": SHARE if state in ("rollout", "judged") else None,
    }  # fmt: skip
    return frame_of([row], PLAN)


@cache
def findings(state: State) -> PilotFindings:
    """What the lake holds in a state of the pilot; the same object each time, not to be changed."""
    if state == "nothing":
        return PilotFindings()
    pilot = plan()
    plans = plan_frame(pilot, state)
    names = {"category_names": NAMES, "sign_off": sign_off(pilot, state)}
    if state in ("planned", "signed"):
        return PilotFindings(plan=plans, replay=replay(), **names)
    tickets = _tickets(pilot, PER_WEEK if state == "judged" else PER_WEEK // 5)
    tickets = tickets[tickets["created_at"] < CLOCK[state]].reset_index(drop=True)
    changes = shares(pilot) if state in ("rollout", "judged") else []
    answers, reviews = _answers(tickets, pilot), _reviews(tickets)
    outcomes = _outcomes(tickets, pilot, CLOCK[state])
    found = publish_verdict(plans, outcomes, answers, reviews, automated=sorted(CATEGORIES), looks=None)
    return PilotFindings(
        plan=plans,
        verdict=found.verdicts,
        conditions=found.conditions,
        notes=found.notes,
        metrics=pilot_metrics(outcomes),
        answers=answers,
        reviews=reviews,
        assignments=rollout_assignments(answers, pilot, changes),
        replay=replay(),
        share_changes=changes,
        **names,
    )


def sign_off(pilot: PilotFile, state: State) -> PageSignOff:
    """Signed by the support lead, except while only planned."""
    signature = PageSignature(
        "Ada Moreno", "support lead", dt.datetime(2026, 2, 26, 9, 30, tzinfo=dt.UTC), "margins as agreed"
    )
    digest = pilot_hash(pilot)
    if state == "planned":
        return PageSignOff(1, (), ("support lead",), digest)
    return PageSignOff(1, (signature,), (), digest)


def shares(pilot: PilotFile) -> list[ShareChange]:
    """Started with the rollout."""
    digest = pilot_hash(pilot)
    at = ROLLOUT_START.to_pydatetime()
    return [ShareChange(pilot.pilot_id, SHARE, digest, at, "Ada Moreno", "support lead", "as registered", 1)]


def _tickets(pilot: PilotFile, per_week: int) -> pd.DataFrame:
    """Tickets of two shadow weeks and five rollout weeks, with everything that will become of them."""
    rng = np.random.default_rng(7)
    n = per_week * 7
    requester = np.char.add("customer:", rng.integers(0, int(n * 0.8), n).astype(str))
    created = START + pd.to_timedelta(np.sort(rng.random(n)) * 7 * 7 * 86400, unit="s").floor("s")
    is_rollout = np.asarray(created >= ROLLOUT_START)
    in_arm = assign_rollout(requester.tolist(), pilot.assignment_salt, SHARE)
    names = np.array(list(CATEGORIES))
    category = rng.choice(names, size=n, p=[share for share, _ in CATEGORIES.values()])
    better = np.array([CATEGORIES[name][1] for name in category])
    is_ai = is_rollout & in_arm
    escalates = rng.random(n) < 0.14
    attempted = ~escalates & (rng.random(n) < 0.93)
    wrong = rng.random(n) < np.where(category == "invoice_copy", 0.035, 0.015)
    missed = attempted & (rng.random(n) < 0.004)
    return pd.DataFrame(
        {
            "ticket_id": [f"invented:{place + 1000}" for place in range(n)],
            "answer_id": [f"a{place + 1000:05d}" for place in range(n)],
            "requester_id": requester,
            "created_at": created,
            "phase": np.where(is_rollout, "rollout", "shadow"),
            "mode": np.where(is_rollout, np.where(in_arm, "rollout", "control"), "shadow"),
            "arm": np.where(is_rollout, np.where(in_arm, "ai", "control"), None),
            "category_id": category,
            "action": np.where(attempted, "answer", np.where(escalates, "escalate", "draft")),
            "is_involved": is_ai & attempted,
            "person_replied": is_ai & attempted & (rng.random(n) < 0.06),
            "is_resolved": rng.random(n) < 0.7 + np.where(is_ai, better, 0.0),
            "is_confirmed": rng.random(n) < 0.22,
            "is_back": rng.random(n) < 0.06,
            "rated": rng.random(n) < 0.16,
            "positive": rng.random(n) < np.where(is_ai, 0.84, 0.81),
            "minutes": np.round(rng.gamma(2.0, 7.0, n) * np.where(is_ai & attempted, 0.15, 1.0), 1),
            "tag": np.where(
                missed | wrong, "incorrect", np.where(rng.random(n) < 0.09, "needs_improvement", "correct")
            ),
            "is_missed": missed,
            "is_tagged": rng.random(n) < np.where(is_rollout, 0.9, 0.97),
            "is_tagged_twice": rng.random(n) < 0.05,
            "handoff": rng.choice(HANDOFFS, size=n),
            "plan": rng.choice(["free", "pro", "enterprise"], size=n, p=[0.5, 0.4, 0.1]),
            "language": rng.choice(["en", "de"], size=n, p=[0.8, 0.2]),
            "channel": rng.choice(["email", "web form", "chat"], size=n, p=[0.6, 0.3, 0.1]),
        }
    )


def _answers(tickets: pd.DataFrame, pilot: PilotFile) -> pd.DataFrame:
    rows = [
        {
            **dict.fromkeys(ANSWER),
            **{
                name: row[name]
                for name in ("answer_id", "ticket_id", "requester_id", "created_at", "phase", "mode", "arm", "category_id",
                             "action", "plan", "language", "channel")
            },
            "pilot_id": pilot.pilot_id, "turn": 1, "asked_at": row["created_at"], "decided_at": row["created_at"],
            "share": SHARE if row["arm"] else None, "question": TEXTS[row["category_id"]][0],
            "reply": TEXTS[row["category_id"]][1] if row["action"] != "escalate" else None,
            "handoff_reason": None if row["action"] == "answer" else row["handoff"],
            "entry_ids": [row["category_id"].replace("_", "-")], "entry_hashes": [], "steps": [],
            "release_id": "5f1d0c77aa20c4be", "release_as_of": START - pd.Timedelta(days=5), "confidence": 0.8,
        }
        for row in tickets.to_dict("records")
    ]  # fmt: skip
    return frame_of(rows, ANSWER)


def _reviews(tickets: pd.DataFrame) -> pd.DataFrame:
    rows = []
    reviewed = tickets[tickets["is_tagged"] & (tickets["mode"] != "control")]
    for row in reviewed.to_dict("records"):
        for place in range(2 if row["is_tagged_twice"] else 1):
            by, role = REVIEWERS[place]
            # The second reviewer is milder now and then.
            tag = "correct" if place and row["tag"] == "needs_improvement" and row["is_back"] else row["tag"]
            reason = {"incorrect": "should_have_escalated" if row["is_missed"] else "wrong_answer", "correct": None}
            rows.append(
                {
                    "review_id": f"r{row['answer_id']}{place}", "answer_id": row["answer_id"],
                    "ticket_id": row["ticket_id"], "reviewer": by, "role": role, "source": "terminal",
                    "reviewed_at": row["created_at"] + pd.Timedelta(hours=5 + place), "tag": tag,
                    "reason": reason.get(tag, "missing_step"),
                    "comment": COMMENTS[row["category_id"]] if tag == "incorrect" else None,
                    "right_answer": "Ask who owns the account first." if tag == "incorrect" else None,
                    "decision": {"correct": "approve", "needs_improvement": "edit"}.get(tag, "reject")
                    if row["mode"] == "shadow" else None,
                    "edited_reply": None, "is_current": True,
                }
            )  # fmt: skip
    return frame_of(rows, REVIEW)


def _outcomes(tickets: pd.DataFrame, pilot: PilotFile, as_of: pd.Timestamp) -> pd.DataFrame:
    """``fct_ai_answers``, the columns that are read."""
    is_ai, attempted = tickets["arm"] == "ai", tickets["is_involved"]
    settled = tickets["created_at"] + pd.Timedelta(days=7) <= as_of
    reviewed = tickets["is_tagged"] & (is_ai | (tickets["phase"] == "shadow"))
    reason = pd.Series(
        np.select(
            [tickets["arm"] == "control", tickets["action"] != "answer", tickets["person_replied"]],
            ["control", tickets["handoff"], "person_replied"],
            default="",
        )
    ).replace("", None)
    week = (tickets["created_at"] - ROLLOUT_START).dt.days // 7

    def known(values: pd.Series, where: pd.Series) -> pd.Series:
        return values.astype("boolean").where(where, pd.NA)

    return pd.DataFrame(
        {
            "pilot_id": pilot.pilot_id,
            "release_id": "5f1d0c77aa20c4be",
            "share": pd.Series(SHARE, index=tickets.index).where(tickets["arm"].notna()),
            **{
                name: tickets[name]
                for name in ("ticket_id", "requester_id", "category_id", "arm", "phase", "mode", "created_at", "plan",
                             "language", "channel", "action")
            },
            "is_involved": attempted,
            "is_escalated": reason.notna(),
            "escalation_reason": reason,
            "is_resolved": known(tickets["is_resolved"], settled),
            "is_resolved_assumed": known(tickets["is_resolved"], settled),
            "is_resolved_confirmed": known(tickets["is_confirmed"] & tickets["is_resolved"], settled),
            "is_resolved_verified": known(tickets["tag"] == "correct", reviewed),
            "is_false_resolution": known(tickets["is_back"], settled & tickets["is_resolved"]),
            "csat_positive": known(tickets["positive"], tickets["rated"]),
            "should_escalate": known(tickets["is_missed"] | (tickets["action"] == "escalate"), reviewed),
            "review": tickets["tag"].where(reviewed, None),
            "handle_time_minutes": np.nan,
            "handle_time_proxy_minutes": tickets["minutes"],
            "week": week.where(week >= 0).astype("Int64"),
            "shadow_week": (week + 2).where(week < 0).astype("Int64"),
            "day": tickets["created_at"].dt.strftime("%Y-%m-%d"),
        }
    )  # fmt: skip


@cache
def replay() -> pd.DataFrame:
    """``replay_answers``: past tickets, more confident where right."""
    rng = np.random.default_rng(11)
    rows = []
    for place in range(320):
        right = bool(rng.random() < 0.83)
        confidence = float(np.clip(rng.normal(0.8 if right else 0.6, 0.12), 0.05, 0.99))
        judged = rng.random() < 0.75
        passed_on = bool(rng.random() < 0.12)
        rows.append(
            {
                **dict.fromkeys(REPLAY), "ticket_id": f"past:{place}", "requester_id": f"customer:{place % 250}",
                "created_at": START - pd.Timedelta(days=100 - place / 4),
                "action": "escalate" if passed_on and rng.random() < 0.8 else "answer" if confidence > 0.6 else "draft",
                "category_id": "password_reset", "label_category_id": "password_reset", "confidence": confidence,
                "entry_ids": [], "entry_hashes": [], "steps": [], "linked_entry_ids": [], "same_answer_ids": [],
                "was_escalated": passed_on, "is_category_right": bool(rng.random() < 0.92),
                "is_entry_right": right if judged else None, "judged_by": "link" if judged else "none",
            }
        )  # fmt: skip
    return frame_of(rows, REPLAY)
