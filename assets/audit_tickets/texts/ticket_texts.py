"""The text that stands for a ticket when it is embedded, compared or classified.

Belongs here: which words of a ticket its category should be judged by. Only redacted text comes in.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

MAX_TICKET_TEXT_CHARS = 2_000
COLUMNS = ("ticket_id", "text", "text_hash", "language")


def ticket_texts(redacted_comments: pd.DataFrame) -> pd.DataFrame:
    """Return one row a ticket: `ticket_id`, `text`, `text_hash` (sha256), `language`.

    The text is the subject and what the requester wrote in public before the first public reply of staff or a bot, so
    that an answer never tells the category. At most `MAX_TICKET_TEXT_CHARS` characters, cut at a word. Where the first
    words are staff's (a ticket opened for somebody), the requester's first message is used, else the opening one. The
    language is the one of most of these characters.
    """
    import pandas as pd

    ordered = redacted_comments.sort_values(["ticket_id", "position"], kind="stable")
    columns = ("ticket_id", "author_role", "is_public", "subject", "text", "language")
    tickets: dict[str, list[tuple[str, bool, str | None, str, str]]] = {}
    for ticket, role, public, subject, text, language in zip(
        *(ordered[name].tolist() for name in columns), strict=True
    ):
        tickets.setdefault(ticket, []).append(
            (role, bool(public), subject if isinstance(subject, str) else None, text or "", language)
        )
    rows = []
    for ticket, comments in tickets.items():
        subject = next((head for _, _, head, _, _ in comments if head), None)
        chosen = _requester_words(comments)
        text = _cut("\n".join(part for part in (subject, *(words for words, _ in chosen)) if part))
        rows.append(
            (ticket, text, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), _language(chosen))
        )
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype("str")


def _requester_words(comments: list[tuple[str, bool, str | None, str, str]]) -> list[tuple[str, str]]:
    """Return (text, language) of the requester's messages before the first answer."""
    public = [(role, text, language) for role, is_public, _, text, language in comments if is_public]
    chosen: list[tuple[str, str]] = []
    for role, text, language in public:
        if role in ("staff", "bot") and chosen:
            break
        if role == "requester" and text:
            chosen.append((text, language))
    return chosen or [(text, language) for _, text, language in public[:1]]


def _language(chosen: list[tuple[str, str]]) -> str:
    weights: dict[str, int] = {}
    for text, language in chosen:
        weights[language] = weights.get(language, 0) + len(text)
    known = {language: weight for language, weight in weights.items() if language != "und"} or weights
    return min(known, key=lambda language: (-known[language], language), default="und")


def _cut(text: str) -> str:
    if len(text) <= MAX_TICKET_TEXT_CHARS:
        return text
    cut = text[:MAX_TICKET_TEXT_CHARS]
    shorter = cut.rsplit(None, 1)[0]
    return shorter if len(shorter) > MAX_TICKET_TEXT_CHARS // 2 else cut
