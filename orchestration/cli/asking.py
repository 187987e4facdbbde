"""``understudy ask``: a question against the index of live entries, with sources and reasons.

Does not belong here: finding entries (``assets.build_knowledge.retrieval``), whether an answer may be sent.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from desk.loading import Desk
from orchestration.lake import Lake, NotMaterialised

if TYPE_CHECKING:
    from assets.build_knowledge.retrieval.retrieve import Hit, RetrievalResult

SURE, UNSURE = 0.6, 0.3


class AskError(Exception):
    """The question cannot be asked; ``str()`` says why and what to do."""


@dataclass(frozen=True)
class Answer:
    """What was found, with the entries' own rows, and what a person should know about it."""

    result: RetrievalResult
    entries: dict[str, dict[str, Any]]
    notes: list[str]


def answer(desk: Desk, question: str, context: Sequence[str], k: int) -> Answer:
    """Find the entries for a question; entries that stopped being live since the index was built are left out.

    Raises:
        AskError: there is no index yet, the context is not ``field=value``, or the encoder is another one.
    """
    from assets.build_knowledge.retrieval.index_files import load_index
    from assets.build_knowledge.retrieval.retrieve import retrieve
    from orchestration.resources import DeskResource, EncoderResource

    lake = Lake(desk.home)
    try:
        built, live = lake.read("retrieval_index"), lake.read("live_entries")
    except NotMaterialised as error:
        raise AskError("there is no index of entries yet. Run: understudy run build_knowledge") from error
    if live.empty or built.empty:
        raise AskError(
            "no entry is live, so there is nothing to answer from. See: understudy knowledge list --not-live"
        )
    facts = read_context(context)
    index = load_index(lake.models / str(built["index_version"].iloc[0]))
    encoder = EncoderResource(desk=DeskResource(folder=str(desk.folder))).load()
    if encoder.revision != index.encoder_revision:
        raise AskError("the index was built with another encoder. Run: understudy run build_knowledge")
    records: list[Any] = live.to_dict("records")
    rows = {row["entry_id"]: row for row in records}
    indexed = set(zip(built["entry_id"], built["content_hash"], strict=True))
    current = {(name, row["content_hash"]) for name, row in rows.items()}
    notes = []
    if indexed != current:
        count = len(indexed ^ current)
        notes.append(f"{count} entries changed or left since the index was built; run: understudy run build_knowledge")
    result = retrieve(index, question, facts, k + len(indexed - current), encode=encoder.encode)
    usable = {name for name, _ in indexed & current}
    hits = [hit for hit in result.hits if hit.entry_id in usable][:k]
    kept = type(result)(result.question, hits, result.excluded, result.ask_for)
    return Answer(kept, rows, notes)


def read_context(pairs: Sequence[str]) -> dict[str, str]:
    """``["plan=pro"]`` as ``{"plan": "pro"}``.

    Raises:
        AskError: one is not ``field=value``.
    """
    facts = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator or not name.strip() or not value.strip():
            raise AskError(f"'{pair}' is no context; write field=value, such as plan=pro")
        facts[name.strip().casefold()] = value.strip()
    return facts


def show_answer(answer: Answer, console: Console) -> None:
    """Print the best entry in full, the others in a line or two, and the question that would decide."""
    for note in answer.notes:
        console.print(Text(f"note: {note}", style="yellow"), soft_wrap=True)
    result = answer.result
    if not result.hits:
        console.print("No live entry fits this question and this customer.", highlight=False)
    for hit in result.hits:
        entry = answer.entries[hit.entry_id]
        body = Text()
        body.append(f"{entry['answer']}\n\n" if hit.place == result.hits[0].place else "")
        for line in _reasons(hit, entry):
            body.append(f"{line}\n", style="dim")
        title = Text(f"{hit.entry_id}: {entry['question']}")
        style = "green" if hit.probability >= SURE else "yellow" if hit.probability >= UNSURE else "red"
        console.print(Panel(body, title=title, title_align="left", subtitle=_subtitle(hit), border_style=style))
    if result.ask_for:
        fields = " and ".join(result.ask_for)
        console.print(
            Text(f"Which of them holds depends on {fields}: ask the customer, or give --context.", style="bold")
        )
    if result.excluded:
        console.print(f"{len(result.excluded)} entries are for other customers and were left out.", highlight=False)


def _subtitle(hit: Hit) -> Text:
    holds = "for this customer" if hit.applies else "if it holds for this customer"
    return Text(f"{hit.probability:.0%} likely to answer, {holds}")


def _reasons(hit: Hit, entry: dict[str, Any]) -> list[str]:
    from assets.build_knowledge.retrieval.retrieval_settings import SIGNALS

    parts = sorted(hit.parts.items(), key=lambda part: -part[1])
    lines = [
        f"holds for: {_in_words(entry['conditions'])}; owner {entry['owner']}; review by {entry['review_by']:%Y-%m-%d}"
    ]
    sources = [f"{source['kind']} {source['id']}" for source in json.loads(entry["sources"])]
    lines.append(f"sources: {', '.join(sources[:6]) or 'written by hand'}" + (" …" if len(sources) > 6 else ""))
    if hit.match is not None:
        lines.append(f"nearest {hit.match.kind} ({hit.match.similarity:.2f}): {' '.join(hit.match.text.split())[:160]}")
    lines += [f"{value:+.2f} {SIGNALS[name]}" for name, value in parts if abs(value) >= 0.05]
    if hit.voters:
        voters = ", ".join(f"{one.ticket_id} ({one.similarity:.2f})" for one in hit.voters)
        lines.append(f"past tickets it answered: {voters}")
    return lines


def _in_words(conditions: str) -> str:
    held = json.loads(conditions)
    return "; ".join(f"{name} {' or '.join(values)}" for name, values in held.items()) or "everybody"
