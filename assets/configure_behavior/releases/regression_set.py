"""The regression set: tickets frozen once, which every release decides again, so that a change shows in its effects.

Belongs here: choosing and keeping the tickets, running a release over them, and comparing two runs. Does not belong
here: deciding (``decisions``), keeping what came out (``release_files``).

Tickets come from the calibration side, and where a category has none there from training; never from the holdout, which
is kept to measure a release with.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assets.build_knowledge.drafts.answer_conditions import customer_facts
from assets.configure_behavior.releases.recipe import digest_of

if TYPE_CHECKING:
    import pandas as pd

    from assets.configure_behavior.decisions.decision import Decision, Turn
    from assets.configure_behavior.releases.agent_release import AgentRelease

Decide = Callable[[str, "Sequence[Turn]", Mapping[str, object], "AgentRelease"], "Decision"]

COLUMNS = ("ticket_id", "text", "context", "category_id", "split")
SIDES = ("calibration", "train")
PER_CATEGORY = 6
MAX_TICKETS = 240
OUTCOME = ("action", "category_id", "bucket", "entry_id", "ask_for", "reply", "suggested_reply")
"""What customers and people notice of a decision; by which rules it came about may change with the code."""


def freeze_regression_set(
    tickets: pd.DataFrame,
    texts: pd.DataFrame,
    splits: pd.DataFrame,
    intents: pd.DataFrame,
    previous: pd.DataFrame | None = None,
    per_category: int = PER_CATEGORY,
    max_tickets: int = MAX_TICKETS,
) -> pd.DataFrame:
    """Choose the tickets, or add to those chosen before.

    Args:
        tickets: ``fct_tickets``; what the agent may know of the customer is read from it.
        texts: ``ticket_vectors``: ticket_id and text, redacted, as the agent reads it.
        splits: ``ticket_splits``: ticket_id, split.
        intents: ``ticket_intents``: ticket_id, assigned_category_id.
        previous: what this function returned the last time, if it did.
        per_category: tickets of a category, and of those without any.
        max_tickets: tickets in all; what was chosen before stays even where this is less.

    Returns:
        frame [frozen ticket] with ``COLUMNS``, sorted by ticket_id: ``context`` is JSON; ``category_id`` (null: none) and
        ``split`` are those of the moment of choosing. Which tickets of a category are taken depends on their ids alone.
        A chosen ticket stays for ever, with its context; it leaves when it is no longer there (it was erased), or no
        longer on one of its sides. Its text follows redaction: what is newly recognised as personal goes.
    """
    import pandas as pd

    side: dict[str, str] = dict(zip(splits["ticket_id"], splits["split"], strict=True))
    facts = frozen_contexts(tickets)
    text_of = dict(zip(texts["ticket_id"], texts["text"], strict=True))
    category_of = dict(zip(intents["ticket_id"], intents["assigned_category_id"], strict=True))
    kept = _kept(previous, text_of, side)
    taken = {row["ticket_id"] for row in kept}
    candidates = _candidates(tickets, text_of, side, category_of, taken)
    by_category: dict[str | None, int] = {}
    for row in kept:
        by_category[row["category_id"]] = by_category.get(row["category_id"], 0) + 1
    # A ticket of every category before a second one of any: where there is room for few, no category is forgotten.
    for _, category, ticket in sorted(candidates, key=lambda one: (one[0], one[1] or "")):
        if by_category.get(category, 0) >= per_category or len(kept) >= max_tickets:
            continue
        by_category[category] = by_category.get(category, 0) + 1
        context = json.dumps(facts.get(ticket, {}), sort_keys=True, ensure_ascii=False)
        kept.append({"ticket_id": ticket, "text": text_of[ticket], "context": context, "category_id": category,
                     "split": side[ticket]})  # fmt: skip
    frame = pd.DataFrame(kept, columns=list(COLUMNS)).sort_values("ticket_id", ignore_index=True)
    return frame.astype({name: "str" for name in COLUMNS if name != "category_id"} | {"category_id": "string"})


def frozen_contexts(tickets: pd.DataFrame) -> dict[str, dict[str, str]]:
    """What the agent may know of each ticket's customer: facts that many customers share, and the page.

    Facts with many values (a workspace's name) are left out, and so is what stands behind the path of a page.
    """
    known = {
        ticket: {name: str(value) for name, value in facts.items()} for ticket, facts in customer_facts(tickets).items()
    }
    if "page" in tickets:
        for ticket, page in zip(tickets["ticket_id"], tickets["page"], strict=True):
            path = re.split(r"[?#]", _plain(page) or "")[0]
            if path.startswith("/"):
                known.setdefault(str(ticket), {})["page"] = path
    return known


def replay(
    regression: pd.DataFrame,
    release: AgentRelease,
    decide: Decide,
    on_progress: Callable[[int, int], None] | None = None,
) -> list[dict[str, Any]]:
    """Decide every frozen ticket: the rows of ``regression`` as JSON-ready mappings with ``decision`` added."""
    rows: list[dict[str, Any]] = []
    for count, row in enumerate(regression.to_dict("records")):
        if on_progress is not None:
            on_progress(count, len(regression))
        frozen: dict[str, Any] = {str(name): _plain(value) for name, value in row.items() if name in COLUMNS}
        made = decide(frozen["text"], [], json.loads(frozen["context"]), release)
        rows.append({**frozen, "decision": decision_summary(made)})
    if on_progress is not None:
        on_progress(len(regression), len(regression))
    return rows


def decision_summary(decision: Decision) -> dict[str, Any]:
    """What must be equal wherever a release runs: no score, but what was done, on which entries, by which rules.

    ``threshold`` is reached, below, none (no safe one was found) or not_asked.
    """
    suggested = decision.handoff.suggested_reply if decision.handoff else None
    # Of a message handed over without a suggestion, which entry happens to be nearest decides nothing.
    is_used = decision.action != "escalate" or suggested is not None
    return {
        "action": decision.action,
        "category_id": decision.category_id,
        "bucket": decision.bucket,
        "entry_id": decision.entries[0].entry_id if decision.entries and is_used else None,
        "ask_for": list(decision.ask_for),
        "rules": [reason.step for reason in decision.reasons],
        "threshold": _threshold(decision),
        "reply": _digest(decision.reply),
        "suggested_reply": _digest(suggested),
    }


def decisions_digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over ticket and decision of every row; 64 hex digits."""
    return digest_of([[row["ticket_id"], row["decision"]] for row in rows])


def decision_differences(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> list[str]:
    """A sentence for every ticket in both runs with another outcome (``OUTCOME``), in the order of ``before``."""
    sentences = []
    for row, other in _in_both(before, after):
        names = [name for name in OUTCOME if row["decision"].get(name) != other["decision"].get(name)]
        if not names:
            continue
        text = " (its text is redacted otherwise)" if other["text"] != row["text"] else ""
        was, became = in_words(row["decision"]), in_words(other["decision"])
        if was == became:
            shown = " and ".join(name.replace("_", " ") for name in names)
            sentences.append(f"ticket {row['ticket_id']}{text}: {was}, with another {shown}")
        else:
            sentences.append(f"ticket {row['ticket_id']}{text}: {was} -> {became}")
    return sentences


def other_ways(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> list[str]:
    """Tickets in both runs that have the same outcome by other rules."""
    return [
        str(row["ticket_id"])
        for row, other in _in_both(before, after)
        if row["decision"] != other["decision"]
        and all(row["decision"].get(name) == other["decision"].get(name) for name in OUTCOME)
    ]


def in_words(decision: Mapping[str, Any]) -> str:
    """A decision's summary as a person says it: "answer from reset-password (password_reset)"."""
    action, entry = str(decision["action"]), decision["entry_id"]
    trigger = next((rule for rule in decision["rules"] if rule.startswith("trigger:")), None)
    words = {"answer": "answered", "ask": "asked back", "draft": "drafted for a person", "escalate": "handed over"}
    said = words.get(action, action)
    if action == "ask" and decision["ask_for"]:
        said += f" about {', '.join(decision['ask_for'])}"
    if action == "escalate" and trigger:
        said += f" by {trigger}"
    elif entry:
        said += f" from {entry}" if action in ("answer", "draft") else f" (nearest: {entry})"
    return f"{said} [{decision['category_id'] or 'no category'}]"


def _in_both(
    before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    now = {row["ticket_id"]: row for row in after}
    return [(row, now[row["ticket_id"]]) for row in before if row["ticket_id"] in now]


def _kept(previous: pd.DataFrame | None, text_of: Mapping[str, str], side: Mapping[str, str]) -> list[dict[str, Any]]:
    if previous is None:
        return []
    rows: list[dict[str, Any]] = [{name: _plain(row[name]) for name in COLUMNS} for row in previous.to_dict("records")]
    return [
        {**row, "text": text_of[row["ticket_id"]]}
        for row in rows
        if row["ticket_id"] in text_of and side.get(row["ticket_id"]) in SIDES
    ]


def _candidates(
    tickets: pd.DataFrame,
    text_of: Mapping[str, str],
    side: Mapping[str, str],
    category_of: Mapping[str, Any],
    taken: Collection[str],
) -> list[tuple[int, str | None, str]]:
    """(place within the category, category, ticket) of the tickets that may be chosen beside those that were."""
    audited = tickets.loc[tickets["is_in_audit"].fillna(False).astype(bool), "ticket_id"]
    found: dict[str | None, dict[str, list[str]]] = {}
    for ticket in audited:
        its_side = side.get(ticket)
        if its_side not in SIDES or not text_of.get(ticket, "").strip():
            continue
        category = _plain(category_of.get(ticket))
        found.setdefault(category, {name: [] for name in SIDES})[str(its_side)].append(str(ticket))
    chosen = []
    for category, by_side in found.items():
        pool = next(by_side[name] for name in SIDES if by_side[name])
        free = [ticket for ticket in pool if ticket not in taken]
        ordered = sorted(free, key=lambda ticket: hashlib.sha256(f"regression:{ticket}".encode()).hexdigest())
        chosen += [(place, category, ticket) for place, ticket in enumerate(ordered)]
    return chosen


def _threshold(decision: Decision) -> str:
    if decision.confidence is None or decision.risk is None:
        return "not_asked"
    if decision.threshold is None:
        return "none"
    return "reached" if decision.confidence >= decision.threshold else "below"


def _digest(text: str | None) -> str | None:
    return None if text is None else hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any) -> str | None:
    import pandas as pd

    return None if value is None or pd.isna(value) else str(value)
