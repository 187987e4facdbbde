"""A desk of a few entries and judged answers about them, for the tests of failures; everybody in it is invented."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent.failures.known import Known
from assets.retrain_agent.failures.type_failures import type_failures
from assets.retrain_agent.frames import CASE
from desk.conditions import dump_conditions
from tests.behaviors import behavior
from tests.encoders import HashingEncoder

START = pd.Timestamp("2026-06-01T09:00Z")
encode = HashingEncoder().encode

RESET = "Open the login page, enter your e-mail address and choose Forgot password. The link in the mail works for 60 minutes."
COMPANY = (
    "Your workspace signs in through the identity provider of your company. Ask its IT department for a new password."
)
INVOICES = "Owners download every invoice as PDF under Settings > Billing > Invoices."
EXPORT = "Choose Export in the menu of the space; the archive is sent by mail and can be fetched for 7 days."
CALENDAR = "Remove the calendar under Settings > Calendar and connect it again, then press Sync now."

HOW_RESET = "How do I reset my password?"
HOW_INVOICE = "Where do I find my invoice?"
HOW_EXPORT = "How do I export my space?"
HOW_CALENDAR = "Why does my calendar not sync?"


def entry(entry_id: str, category_id: str, question: str, answer: str, **more: Any) -> dict[str, Any]:
    """A row of ``live_entries``, or with why_not_live of ``entries_set_aside``; conditions as a mapping."""
    conditions = more.pop("conditions", {})
    return {
        "entry_id": entry_id, "category_id": category_id, "question": question, "answer": answer, "phrasings": [],
        "conditions": dump_conditions(conditions), "content_hash": f"hash of {entry_id}", **more,
    }  # fmt: skip


STANDARD = entry("reset-standard", "passwords", HOW_RESET, RESET, conditions={"sso": ["false"]})
SSO = entry("reset-sso", "passwords", HOW_RESET, COMPANY, conditions={"sso": ["true"]})
INVOICE = entry("invoice", "invoices", HOW_INVOICE, INVOICES)
SPACE = entry("export", "exports", HOW_EXPORT, EXPORT)
SYNC = entry("calendar", "calendars", HOW_CALENDAR, CALENDAR)
ENTRIES = (STANDARD, SSO, INVOICE, SPACE, SYNC)


def known(*live: Mapping[str, Any], aside: Iterable[Mapping[str, Any]] = ()) -> Known:
    """What is on file: five entries, unless told otherwise."""
    columns = list(STANDARD)
    buckets = {
        "passwords": "automate",
        "invoices": "automate",
        "exports": "hybrid",
        "calendars": "hybrid",
        "legal": "escalate",
    }
    return Known(
        live=pd.DataFrame(list(live or ENTRIES), columns=columns),
        aside=pd.DataFrame(list(aside), columns=[*columns, "why_not_live"]),
        categories=pd.DataFrame({"category_id": list(buckets), "bucket": list(buckets.values())}),
        behavior=behavior(),
    )


def case(number: int, said: str | None = "reset-standard", **changes: Any) -> dict[str, Any]:
    """A judged answer, wrong unless told otherwise; context as a mapping, one requester and hour a number."""
    context = changes.pop("context", {})
    row: dict[str, Any] = {
        **dict.fromkeys(CASE), "case_id": f"{number:016x}", "source": "review", "answer_id": f"a{number}",
        "ticket_id": f"zd:{number}", "requester_id": f"p{number}", "occurred_at": START + pd.Timedelta(hours=number),
        "release_id": "one", "side": "train", "action": "answer", "category_id": "passwords",
        "entry_ids": [said] if said else [], "entry_hashes": [f"hash of {said}"] if said else [], "steps": [],
        "language": "en", "question": HOW_RESET, "context": json.dumps(context), "right_entry_ids": [], "is_wrong": True,
    }  # fmt: skip
    return {**row, **changes}


def right(number: int, said: str = "reset-standard", **changes: Any) -> dict[str, Any]:
    """A judged answer that was right."""
    return case(number, said, is_wrong=False, **changes)


def typed(*cases: Mapping[str, Any], on_file: Known | None = None) -> pd.DataFrame:
    """The failures of these cases, by case_id."""
    frame = frame_of([[one[name] for name in CASE] for one in cases], CASE)
    return type_failures(frame, on_file or known(), encode).set_index("failure_id", drop=False)


def only(*cases: Mapping[str, Any], on_file: Known | None = None) -> Any:
    """The first failure of these cases."""
    return typed(*cases, on_file=on_file).iloc[0]
