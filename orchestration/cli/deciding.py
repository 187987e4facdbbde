"""``understudy decide`` and ``understudy explain``: a decision as people read it, and earlier turns as they write them.

Belongs here: reading ``--earlier``, and tables of one decision. Does not belong here: deciding
(``assets.configure_behavior.decisions``), which release decides.

Customers' words and entries are shown as text, never as markup of the terminal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from assets.configure_behavior.decisions.decision import Decision, Turn

STYLES = {"answer": "green", "ask": "cyan", "draft": "yellow", "escalate": "red"}
HEADLINES = {
    "answer": "answered",
    "ask": "asked back",
    "draft": "drafted for a person",
    "escalate": "handed over to a person",
}
AUTHORS = {"customer": "customer", "ai": "ai_agent", "ai_agent": "ai_agent", "agent": "agent", "person": "agent"}
MAX_SHOWN = 4_000


class DecidingError(Exception):
    """A decision cannot be asked for; ``str()`` says why and what to do."""


def read_turns(earlier: Sequence[str]) -> list[Turn]:
    """Earlier turns, oldest first: ``"I cannot log in"`` is the customer's, ``"ai: Do you use SSO?"`` the agent's and
    ``"agent: I am looking into it"`` a person's.

    Raises:
        DecidingError: a turn says nothing.
    """
    from assets.configure_behavior.decisions.decision import Turn

    turns = []
    for text in earlier:
        head, separator, rest = text.partition(":")
        author = AUTHORS.get(head.strip().casefold()) if separator else None
        said = rest.strip() if author else text.strip()
        if not said:
            raise DecidingError(f"'{text}' says nothing; write what was said, such as 'ai: Which plan are you on?'")
        turns.append(Turn(author or "customer", said))  # type: ignore[arg-type]
    return turns


def show_decision(decision: Decision, console: Console) -> None:
    """Print a decision: what is done, what the customer reads, the entries, why, and what a person gets."""
    for part in decision_parts(decision):
        console.print(part)


def decision_parts(decision: Decision) -> list[RenderableType]:
    """What ``show_decision`` prints, part by part."""
    parts: list[RenderableType] = [_headline(decision), reply_panel(decision)]
    if decision.entries:
        parts.append(entries_table(decision))
    parts.append(reasons_table(decision))
    if decision.handoff is not None:
        parts.append(handoff_table(decision))
    return parts


def reply_panel(decision: Decision) -> RenderableType:
    """What the customer reads, or what is suggested to a person."""
    style = STYLES[decision.action]
    shown: list[RenderableType] = []
    if decision.reply:
        shown.append(Panel(_text(decision.reply), title="the customer reads", title_align="left", border_style=style))
    elif decision.action != "draft":
        shown.append(Text("The customer reads nothing yet: the spec has no text for this.", style="dim"))
    suggested = decision.handoff.suggested_reply if decision.handoff is not None else None
    if suggested:
        shown.append(Panel(_text(suggested), title="suggested to a person", title_align="left", border_style="dim"))
    return Group(*shown)


def entries_table(decision: Decision) -> Table:
    """The entries considered, best first, with for whom they hold."""
    table = Table(
        "entry", "question", "holds for", "this customer", "probability", title="entries", title_justify="left"
    )
    chosen = decision.deciding_conditions
    for place, use in enumerate(decision.entries):
        meant = {True: "yes", False: "no", None: "open"}[use.applies]
        is_used = place == 0 and decision.action == "answer"
        table.add_row(
            _text(use.entry_id, bold=is_used),
            _text(use.question),
            _text(conditions_in_words(use.conditions)),
            meant,
            f"{use.probability:.0%}" if use.probability else "",
        )
    if chosen:
        table.caption = f"told from its variants by: {conditions_in_words(chosen)}"
    return table


def reasons_table(decision: Decision) -> Table:
    """Every reason in the order in which the rules were asked."""
    table = Table("", "rule", "what it said", "score", "needed", title="why", title_justify="left")
    for number, reason in enumerate(decision.reasons, start=1):
        table.add_row(
            str(number), _text(reason.step), _text(reason.sentence), _number(reason.score), _number(reason.threshold)
        )
    return table


def handoff_table(decision: Decision) -> Table:
    """What travels to the person."""
    packet = decision.handoff
    table = Table("part", "", title="for the person", title_justify="left", show_header=False)
    if packet is None:
        return table
    table.add_row("queue", _text(packet.queue + (", urgent" if packet.is_urgent else "")))
    if packet.reason:
        table.add_row("reason", _text(packet.reason))
    if packet.sentiment:
        signals = packet.sentiment.get("signals") or {}
        said = "; ".join(f"{name} (“{phrase}”)" for name, phrase in signals.items())
        table.add_row("sentiment", _text(f"frustration {packet.sentiment.get('frustration', 0):.2f}. {said}".strip()))
    for number, text in enumerate(packet.attempted, start=1):
        table.add_row(f"said before {number}", _text(text))
    if packet.history:
        table.add_row("history", _text("\n".join(f"{turn.author}: {turn.text[:300]}" for turn in packet.history)))
    return table


def conditions_in_words(conditions: Mapping[str, Sequence[str]]) -> str:
    """``plan pro or team; sso true``, or ``everybody``."""
    return "; ".join(f"{name} {' or '.join(values)}" for name, values in conditions.items()) or "everybody"


def _headline(decision: Decision) -> Text:
    about = decision.category_id or "no known category"
    line = Text.assemble((HEADLINES[decision.action], f"bold {STYLES[decision.action]}"), f" · {about}")
    if decision.bucket:
        line.append(f" ({decision.bucket})")
    if decision.confidence is not None:
        line.append(f" · {decision.confidence:.1%} sure")
        if decision.threshold is not None:
            line.append(f", {decision.threshold:.1%} needed")
            line.append(f" for {100 * decision.risk:g} % risk" if decision.risk is not None else "")
    if decision.ask_for:
        line.append(f" · open: {', '.join(decision.ask_for)}")
    line.append(f" · release {decision.release_id[:12]}", style="dim")
    return line


def _text(value: str, *, bold: bool = False) -> Text:
    return Text(value[:MAX_SHOWN], style="bold" if bold else "")


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
