"""Plain text written piece by piece, with the breaks and spaces that a document owes between its pieces.

Belongs here: line breaks, paragraphs, list marks, quote marks, table rows as text. Does not belong here: HTML
(`html_text` reads it and calls this).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_COLLAPSIBLE = re.compile(r"[ \t\n\r\f]+")


@dataclass
class TextWriter:
    """Text so far. Breaks and spaces are owed until a word follows, so that none lead, trail or pile up."""

    parts: list[str] = field(default_factory=list)
    breaks: int = 0
    space: bool = False
    quote: int = 0
    written_quote: int = 0
    list_numbers: list[int | None] = field(default_factory=list)  # per open list: its last number, None for bullets
    row_cells: list[bool] = field(default_factory=list)  # per open data table: a cell of the row was written
    mark: str = ""

    def line(self, count: int) -> None:
        """End the line (1) or the paragraph (2); in a table row a space."""
        if self.row_cells:
            self.space = True
            return
        self.breaks = max(self.breaks, count)

    def hard_break(self) -> None:
        """Add one line break, as `<br>` does."""
        if self.row_cells:
            self.space = True
            return
        self.breaks = min(self.breaks + 1, 2) if self.parts else 0

    def verbatim(self, text: str) -> None:
        """Add preformatted text, in which line breaks and inner spaces count."""
        for number, row in enumerate(text.replace("\r\n", "\n").split("\n")):
            if number:
                self.hard_break()
            if row.strip():
                self.words(row.rstrip())

    def words(self, text: str) -> None:
        """Add words after whatever break, list mark or space is owed."""
        if not text:
            return
        if self.breaks or not self.parts:
            lead = "> " * self.quote
            if self.parts:
                blank = ("> " * min(self.quote, self.written_quote)).rstrip()
                self.parts.append("\n" + f"{blank}\n" * (self.breaks - 1))
            self.parts.append(lead + ("" if self.mark else "  " * min(len(self.list_numbers), 6)))
            self.written_quote = self.quote
            self.breaks = 0
        elif self.space and not self.mark:
            self.parts.append(" ")
        self.space = False
        if self.mark:
            self.parts.append(self.mark)
            self.mark = ""
        self.parts.append(text)

    def flow(self, text: str) -> None:
        """Add running text, in which white space only separates words."""
        folded = _COLLAPSIBLE.sub(" ", text)
        if folded[:1] == " ":
            self.space = True
        if stripped := folded.strip(" "):
            self.words(stripped)
            self.space = folded[-1] == " "
