"""One answer as a reviewer sees it: what the customer wrote and what the agent made of it, side by side.

Belongs here: panels and tables of one row of ``shadow_answers``. Does not belong here: keys (``review_session``).

Customers' words, entries and replies are shown as text, bounded, never as markup of the terminal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from orchestration.cli.command import clean
from orchestration.cli.deciding import HEADLINES, MAX_SHOWN, STYLES
from orchestration.people.review_desk import needs_decision

SIDE_BY_SIDE = 100
"""Columns below which the two halves stand one below the other."""
MAX_TURNS, MAX_REASONS = 10, 30


def show_answer(
    answer: Mapping[str, Any], entries: Mapping[str, Mapping[str, Any]], place: str, console: Console
) -> None:
    """Print one answer.

    Args:
        answer: a row of ``frames.ANSWER``. entries: entry id to the row of ``live_entries``.
        place: "3 of 40".
    """
    left, right = _ticket(answer), _made(answer, entries)
    console.print()
    console.print(_headline(answer, place))
    if console.width < SIDE_BY_SIDE:
        console.print(Group(left, right))
        return
    grid = Table.grid(expand=True, padding=(0, 1))
    grid.add_column(ratio=1)
    grid.add_column(ratio=1)
    grid.add_row(left, right)
    console.print(grid)


def _headline(answer: Mapping[str, Any], place: str) -> Text:
    action = str(answer["action"])
    line = Text.assemble(
        (f"{place} · ", "dim"),
        (HEADLINES.get(action, action), f"bold {STYLES.get(action, '')}"),
        f" · {clean(_words(answer['category_id']) or 'no known category')}",
        f" · {answer['mode']} · turn {answer['turn']}",
    )
    if not pd.isna(answer["confidence"]):
        line.append(f" · {answer['confidence']:.1%} sure")
        line.append("" if pd.isna(answer["threshold"]) else f", {answer['threshold']:.1%} needed")
    line.append(f" · {clean(str(answer['answer_id']))}", style="dim")
    return line


def _ticket(answer: Mapping[str, Any]) -> RenderableType:
    parts: list[RenderableType] = []
    turns = _json(answer["conversation"])
    for turn in turns[-MAX_TURNS:] if isinstance(turns, list) else []:
        if isinstance(turn, dict):
            parts.append(
                Text.assemble((f"{_text(turn.get('author'), 40)}: ", "bold dim"), (_text(turn.get("text")), "dim"))
            )
    parts.append(Text(_text(answer["question"])))
    facts = _json(answer["context"])
    if isinstance(facts, dict) and facts:
        parts.append(Text(_text("; ".join(f"{name} {value}" for name, value in facts.items()), 400), style="dim"))
    title = Text(f"ticket {_text(answer['ticket_id'], 80)}")
    return Panel(Group(*parts), title=title, title_align="left")


def _made(answer: Mapping[str, Any], entries: Mapping[str, Mapping[str, Any]]) -> RenderableType:
    parts: list[RenderableType] = []
    if reply := _words(answer["reply"]):
        style = STYLES.get(str(answer["action"]), "")
        parts.append(Panel(Text(_text(reply)), title=_reply_title(answer), title_align="left", border_style=style))
    else:
        parts.append(Text("No reply.", style="dim"))
    if reason := _words(answer["handoff_reason"]):
        parts.append(Text(f"handed over because: {_text(reason, 400)}", style="bold"))
    names = [str(one) for one in answer["entry_ids"]]
    if names:
        table = Table("entry", "question", title="rests on, or was considered", title_justify="left")
        for name in names:
            table.add_row(Text(_text(name, 120)), Text(_text(entries.get(name, {}).get("question"), 300)))
        parts.append(table)
    reasons = _json(answer["reasons"])
    if isinstance(reasons, list) and reasons:
        table = Table("rule", "what it said", title="why", title_justify="left")
        for one in reasons[:MAX_REASONS]:
            if isinstance(one, dict):
                table.add_row(Text(_text(one.get("step"), 80)), Text(_text(one.get("sentence"), 400)))
        parts.append(table)
    return Group(*parts)


def _reply_title(answer: Mapping[str, Any]) -> str:
    if answer["action"] == "escalate":
        return "suggested to the person who takes over"
    return "sent if you approve it" if needs_decision(answer) else "what the customer reads"


def _text(value: Any, limit: int = MAX_SHOWN) -> str:
    text = _words(value)
    return clean(text[:limit]) + (" …" if len(text) > limit else "")


def _words(value: Any) -> str:
    return "" if value is None or (not isinstance(value, list | dict) and pd.isna(value)) else str(value).strip()


def _json(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else None
    except ValueError:
        return None
