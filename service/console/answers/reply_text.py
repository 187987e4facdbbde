"""A reply as the customer reads it: bold words bold, links with the address they lead to, all of it text.

Belongs here: the little markup that entries use. Does not belong here: HTML, and anything that could be clicked: a reply may
carry what a customer wrote.
"""

from __future__ import annotations

import re

from nicegui import ui

from service.console.answers.words import shown

_MARK = re.compile(r"\*\*(?P<bold>[^*\n]{1,400})\*\*|(?<!!)\[(?P<words>[^\]\n]{1,300})\]\((?P<target>[^)\s]{1,500})\)")


def draw_reply(text: str, classes: str) -> None:
    """Line by line; a line without markup is one label."""
    with ui.element("div").classes(classes):
        plain: list[str] = []
        for line in shown(text).split("\n"):
            if not _MARK.search(line):
                plain.append(line)
                continue
            _draw_plain(plain)
            plain = []
            with ui.element("div"):
                for words, style in parts(line):
                    ui.label(words).classes("in-line").classes(style)
        _draw_plain(plain)


def parts(line: str) -> list[tuple[str, str]]:
    """The pieces of a line, each with its class: strong, muted (the address of a link) or none."""
    found: list[tuple[str, str]] = []
    end = 0
    for mark in _MARK.finditer(line):
        found.append((line[end : mark.start()], ""))
        if mark["bold"] is not None:
            found.append((mark["bold"], "strong"))
        else:
            found += [(mark["words"], "linked"), (f" ({mark['target']})", "muted")]
        end = mark.end()
    return [one for one in [*found, (line[end:], "")] if one[0]]


def _draw_plain(lines: list[str]) -> None:
    if lines:
        # A line break at the very end would not be seen, and empty lines are part of how a reply reads.
        ui.label("\n".join(lines) + ("" if lines[-1] else "\u200b")).classes("lines")
