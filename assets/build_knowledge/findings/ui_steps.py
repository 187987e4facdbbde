"""Where a text tells its reader to go: menu paths.

Belongs here: reading them. Does not belong here: which texts describe the same task (``contradictions``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.build_knowledge.findings.sentences import without_marks

_PART = r"\**[\"“'„«]?[^\W_][^<>›»→\n.;:!?,*\"”“\\/%=]{0,40}[\"”'“»]?\**"
_PATH = re.compile(rf"(?<![<>/\\%]){_PART}(?:\s*(?:>|›|→|->|»)\s*{_PART}){{1,6}}")
_ARROW = re.compile(r"\s*(?:->|[>›→»])\s*")
_VERB = (
    r"click(?: on)?|press|tap(?: on)?|select|choose|pick|hit|open|go to|use|under|klicken? (?:sie )?(?:auf)?|wählen? (?:sie )?|drücken? (?:sie )?(?:auf)?|öffnen? (?:sie )?|"
    r"tippen? (?:sie )?(?:auf)?|haz clic en|haga clic en|pulse|pulsa|selecciona|seleccione|elige|elija|abre|abra|ve a|vaya a"
)
_LEADING_WORDS = re.compile(
    rf"^(?:.*\b(?:{_VERB}|in|at|from|via|through|über|unter|en|desde)\s+)?(?:the |your |den |die |das |el |la )?(?P<name>.+)$",
    re.IGNORECASE,
)
_TRAILING_WORDS = re.compile(r"\s+(?:and|then|to|in|on|for|und|dann|um|y|para|where|which)\s.*$", re.IGNORECASE)


@dataclass(frozen=True)
class UiPath:
    """A way through menus, folded: ``("settings", "billing")``; ``text`` is how the article writes it."""

    parts: tuple[str, ...]
    text: str


def ui_paths(sentence: str) -> list[UiPath]:
    """The menu paths of a sentence ("Open Settings > Billing > Plan")."""
    found = []
    for match in _PATH.finditer(sentence):
        pieces = [_bare(piece) for piece in _ARROW.split(match[0])]
        leading = _LEADING_WORDS.match(pieces[0])
        first = leading["name"] if leading else pieces[0]
        pieces = [first, *pieces[1:-1], _TRAILING_WORDS.sub("", pieces[-1])]
        parts = tuple(fold(piece).strip() for piece in pieces)
        if all(parts):
            found.append(UiPath(parts, " > ".join(pieces)))
    return found


def _bare(piece: str) -> str:
    return without_marks(piece).strip(" \"“”„«»'.,:")
