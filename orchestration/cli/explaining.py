"""``understudy explain``: the chain from source record to reply of one ticket, gathered and printed.

Belongs here: finding the ticket's records, redaction, acceptances and activations, and laying them out link by link.
Does not belong here: replaying the decision (``assets.configure_behavior.releases.explain``), how a decision looks
(``deciding``). Of source records only ids and hashes are shown: their words hold personal data.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from assets.configure_behavior.releases.explain import Explanation, TicketRecord, explain_decision
from assets.configure_behavior.releases.regression_set import Decide, frozen_contexts
from assets.configure_behavior.releases.release_files import load_release
from assets.configure_behavior.releases.saved_release import ReleaseError, SavedRelease, read_release
from desk.loading import Desk
from ledger.knowledge import accepted_entries
from ledger.releases import activations
from ledger.sign_offs import sign_off_state
from orchestration.cli.deciding import decision_parts
from orchestration.lake import PARTITIONED, Lake, NotMaterialised
from orchestration.releases import folder_of
from orchestration.resources import DeskResource

if TYPE_CHECKING:
    from assets.audit_tickets.vectors.encoder import Encoder

MAX_TEXT_CHARS = 1_200
RECORD_COLUMNS = ("export_id", "file", "line", "record_kind", "record_id", "record_hash")


@dataclass(frozen=True)
class Chain:
    """An explanation with what the ledger says: who accepted the entry, who signed, and when the release was current."""

    explanation: Explanation
    saved: SavedRelease
    accepted: dict[str, Any] | None
    approvals: list[dict[str, Any]]
    activations: list[dict[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, in the order of the chain."""
        return {
            **self.explanation.to_dict(),
            "accepted": self.accepted,
            "release": {"release_id": self.saved.release_id, "as_of": self.saved.recipe["as_of"]},
            "approvals": self.approvals,
            "activations": self.activations,
        }


def explain_ticket(desk: Desk, ticket_id: str, release: str, encoder: Encoder, decide: Decide | None = None) -> Chain:
    """Replay a ticket's decision by a release, and gather everything it rests on.

    Args:
        ticket_id: global id such as ``zendesk:1001``, or the helpdesk's own where only one helpdesk has it.
        release: first digits of its id, ``current`` or ``latest``.

    Raises:
        ReleaseError: there is no such release or ticket.
    """
    saved = read_release(folder_of(desk, release))
    frozen = {row["ticket_id"]: row for row in saved.regression}
    ticket = _ticket(Lake(desk.home), ticket_id)
    explanation = explain_decision(ticket, load_release(saved.folder, encoder), frozen.get(ticket.ticket_id), decide)
    entry = explanation.entry
    roles = desk.settings.signers
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        accepted = None
        if entry is not None:
            all_accepted = accepted_entries(ledger)
            mine = all_accepted[
                (all_accepted["entry_id"] == entry.entry_id) & (all_accepted["content_hash"] == entry.content_hash)
            ]
            accepted = next((_plain_row(row) for row in mine.to_dict("records")), None)
        approvals: list[dict[str, Any]] = []
        subjects = (
            ("roadmap", saved.recipe["roadmap"]),
            ("behavior", saved.recipe["behavior"]),
            ("release", saved.release_id),
        )
        for kind, digest in subjects:
            state = sign_off_state(ledger, kind, digest, roles.get(kind, []))  # type: ignore[call-overload]
            signed = [{"by": one.by, "role": one.role, "at": _when(one.occurred_at)} for one in state.signatures]
            approvals.append({"kind": kind, "hash": digest, "signed": signed, "missing": list(state.missing_roles)})
        history = activations(ledger)
    made_current = [
        {"at": _when(one.occurred_at), "by": one.by, "role": one.role, "is_rollback": one.is_rollback,
         "is_current": one is history[-1]}
        for one in history
        if one.release_id == saved.release_id
    ]  # fmt: skip
    return Chain(explanation, saved, accepted, approvals, made_current)


def show_chain(chain: Chain, console: Console) -> None:
    """Print the chain, from the record to the reply, and who stands behind it."""
    explanation = chain.explanation
    for title, lines in _links(chain):
        console.print(Text(title, style="bold"))
        for line in lines:
            console.print(Text(f"  {line}"), soft_wrap=True)
    console.print(Text("the decision", style="bold"))
    for part in decision_parts(explanation.decision):
        console.print(part)
    if explanation.hits:
        console.print(_hits_table(explanation))


def _links(chain: Chain) -> Iterator[tuple[str, list[str]]]:
    explanation, saved = chain.explanation, chain.saved
    ticket = explanation.ticket
    records = [
        f"export {row['export_id']}, {row['file']} line {row['line']}: {row['record_kind']} {row['record_id']}, "
        f"sha256 {str(row['record_hash'])[:12]}"
        for row in ticket.records
    ]
    yield f"ticket {ticket.ticket_id}: the source records", records or ["no record of it is in the lake any more"]
    taken = ", ".join(f"{count} {kind}" for kind, count in sorted(ticket.redactions.items())) or "nothing"
    said = ticket.text[:MAX_TEXT_CHARS] + (" …" if len(ticket.text) > MAX_TEXT_CHARS else "")
    known = ", ".join(f"{name} = {value}" for name, value in sorted(ticket.context.items())) or "nothing"
    yield (
        "as the agent read it",
        [
            f"redacted: {taken}",
            *(f"| {line}" for line in said.splitlines()),
            f"known of the customer: {known}",
        ],
    )
    sides = {
        "train": "taught the models",
        "calibration": "calibrates thresholds",
        "holdout": "judges, and teaches nothing",
    }
    yield "its side of the split", [f"{ticket.split or 'none'}: {sides.get(ticket.split or '', 'touches nothing')}"]
    yield "category", list(_category_lines(explanation))
    if explanation.threshold is not None:
        row = explanation.threshold
        yield (
            "threshold",
            [
                f"{row.category_id} at {row.risk:.0%} risk: "
                + ("no safe one" if row.threshold is None else f"{row.threshold:.3f}"),
                f"{row.count_wrong} of {row.count_answered} answered calibration tickets were wrong "
                f"({row.count_calibration} in all); labels: {row.label_source}",
                row.why,
            ],
        )
    if explanation.entry is not None:
        yield "entry", list(_entry_lines(chain))
    behavior = [f"spec {saved.recipe['behavior'][:12]}"]
    behavior += [f"trigger {one['trigger_id']}: {one['reason']}" for one in explanation.triggers]
    yield "behavior", behavior
    yield f"release {saved.release_id[:12]}, data until {saved.recipe['as_of']}", list(_approval_lines(chain))
    if explanation.frozen is not None:
        yield "replayed", [explanation.frozen]


def _category_lines(explanation: Explanation) -> Iterator[str]:
    scores, ticket = explanation.scores, explanation.ticket
    if not scores:
        yield "the message says nothing, so nothing was looked up"
        return
    yield (
        f"{scores['predicted'] or 'none'} with {scores['confidence']:.1%}, then {scores['runner_up'] or 'none'}; "
        f"unknown score {scores['unknown_score']:.3f}"
        + (f" ({scores['unknown_reason']})" if scores["unknown_reason"] else "")
    )
    if ticket.assigned_category_id:
        yield f"in the audit it counts as {ticket.assigned_category_id}"


def _entry_lines(chain: Chain) -> Iterator[str]:
    entry, accepted = chain.explanation.entry, chain.accepted
    assert entry is not None
    yield f"{entry.entry_id} “{entry.question}” (content {entry.content_hash[:12]}), owner {entry.owner or 'nobody'}"
    if accepted is None:
        yield "nobody's acceptance of this version stands in the ledger"
    else:
        yield (
            f"accepted by {accepted['accepted_by'] or 'an erased person'} as {accepted['accepted_role']} on "
            f"{accepted['accepted_at'][:10]}"
        )
    for source in entry.sources:
        digest = f", sha256 {str(source['hash'])[:12]}" if source.get("hash") else ""
        yield f"source: {source['kind']} {source['id']}{digest}"


def _approval_lines(chain: Chain) -> Iterator[str]:
    for one in chain.approvals:
        names = ", ".join(
            f"{who['by'] or 'an erased person'} ({who['role']}, {who['at'][:10]})" for who in one["signed"]
        )
        missing = f"; missing: {', '.join(one['missing'])}" if one["missing"] else ""
        yield f"{one['kind']} {one['hash'][:12]}: {'signed by ' + names if names else 'not signed'}{missing}"
    for one in chain.activations:
        how = "rolled back to" if one["is_rollback"] else "activated"
        yield f"{how} by {one['by'] or 'an erased person'} on {one['at'][:16]}" + (
            ", current" if one["is_current"] else ""
        )
    if not chain.activations:
        yield "never activated"


def _hits_table(explanation: Explanation) -> Table:
    from assets.build_knowledge.retrieval.retrieval_settings import SIGNALS

    table = Table("entry", "probability", "nearest text", "why", title="what retrieval found", title_justify="left")
    for hit in explanation.hits:
        parts = sorted(hit["parts"].items(), key=lambda part: -abs(part[1]))[:4]
        why = [f"{value:+.2f} {SIGNALS.get(name, name)}" for name, value in parts if abs(value) >= 0.05]
        if hit["voters"]:
            why.append("past tickets: " + ", ".join(one["ticket_id"] for one in hit["voters"]))
        match = hit["match"]
        near = f"{match['kind']} ({match['similarity']:.2f}): {' '.join(match['text'].split())[:120]}" if match else ""
        table.add_row(Text(hit["entry_id"]), f"{hit['probability']:.1%}", Text(near), Text("\n".join(why)))
    return table


def _ticket(lake: Lake, ticket_id: str) -> TicketRecord:
    try:
        tickets, texts = lake.read("fct_tickets"), lake.read("ticket_vectors", ["ticket_id", "text"])
        comments = lake.read("redacted_comments", ["ticket_id", "position", "redactions"])
        splits, intents = lake.read("ticket_splits"), lake.read("ticket_intents", ["ticket_id", "assigned_category_id"])
    except NotMaterialised as error:
        raise ReleaseError(str(error)) from error
    rows: list[Any] = tickets[
        (tickets["ticket_id"] == ticket_id) | (tickets["helpdesk_ticket_id"] == ticket_id)
    ].to_dict("records")
    if len(rows) > 1:
        raise ReleaseError(
            f"several helpdesks have a ticket '{ticket_id}': give {' or '.join(row['ticket_id'] for row in rows)}"
        )
    if not rows:
        raise ReleaseError(
            f"there is no ticket '{ticket_id}'; ids are such as zendesk:1001 (understudy query \"select ticket_id from fct_tickets\")"
        )
    row = rows[0]
    name = row["ticket_id"]

    def of(frame: Any, column: str) -> str | None:
        found = frame.loc[frame["ticket_id"] == name, column].dropna()
        return None if found.empty else str(found.iloc[0])

    redactions: dict[str, int] = {}
    for counted in comments.loc[comments["ticket_id"] == name, "redactions"].dropna():
        for kind, count in json.loads(counted).items():
            redactions[kind] = redactions.get(kind, 0) + int(count)
    return TicketRecord(
        ticket_id=name,
        text=of(texts, "text") or "",
        context=frozen_contexts(tickets).get(name, {}),
        split=of(splits, "split"),
        records=source_records(lake.folder / PARTITIONED[0], row["source"], row["helpdesk_ticket_id"]),
        redactions=redactions,
        assigned_category_id=of(intents, "assigned_category_id"),
    )


def source_records(folder: Path, source: str, helpdesk_ticket_id: str) -> list[dict[str, Any]]:
    """The records a ticket was read from, oldest first, by ids and hashes alone (``RECORD_COLUMNS``)."""
    import pyarrow.parquet as pq

    found: list[dict[str, Any]] = []
    for file in sorted(folder.glob("*.parquet")):
        table = pq.read_table(
            file,
            columns=[*RECORD_COLUMNS, "record_updated_at"],
            filters=[("source", "=", source), ("ticket_id", "=", helpdesk_ticket_id)],
            partitioning=None,
        )
        found += table.to_pylist()
    found.sort(key=lambda row: (str(row["record_updated_at"] or ""), row["export_id"], row["line"]))
    return [{name: row[name] for name in RECORD_COLUMNS} for row in found]


def _plain_row(row: Mapping[Any, Any]) -> dict[str, Any]:
    import pandas as pd

    return {
        str(name): None if pd.isna(value) else _when(value) if isinstance(value, dt.datetime) else value
        for name, value in row.items()
    }


def _when(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
