"""Plain text to the HTML that mail programs and helpdesks write, quoted replies included."""

from __future__ import annotations

import html
import random
import re
from datetime import UTC, datetime
from typing import Any

from brindle.people import MONTHS, Person
from brindle.texts import mark

_URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,)!?]")
_ITEM = re.compile(r"^(\d+\.|-) ")


def _inline(line: str) -> str:
    return _URL.sub(lambda m: f'<a href="{m[0]}">{m[0]}</a>', html.escape(line, quote=False))


def to_html(text: str, style: str = "plain") -> str:
    """HTML of ``text``: blank lines part blocks, "- " and "1. " lines become lists. Styles: plain, gmail, outlook."""
    blocks: list[str] = []
    tag = '<p class="MsoNormal">' if style == "outlook" else "<p>"
    for part in text.split("\n\n"):
        lines = part.split("\n")
        if len(lines) > 1 and all(_ITEM.match(line) for line in lines):
            kind = "ol" if lines[0][0].isdigit() else "ul"
            items = "".join(f"<li>{_inline(_ITEM.sub('', line))}</li>" for line in lines)
            blocks.append(f"<{kind}>{items}</{kind}>")
        else:
            blocks.append(tag + "<br>".join(_inline(line) for line in lines) + "</p>")
    if style == "gmail":
        return (
            '<div dir="ltr">' + "".join(b.replace("<p>", "<div>").replace("</p>", "</div>") for b in blocks) + "</div>"
        )
    if style == "outlook":
        return '<div class="WordSection1">' + "<o:p></o:p>".join(blocks) + "</div>"
    return "".join(blocks)


def hidden(text: str) -> str:
    """A part of an HTML mail that no reader sees, such as a preheader."""
    return f'<div style="display:none;max-height:0;overflow:hidden">{html.escape(text)}</div>'


def quote_of(
    common: dict[str, Any], person: Person, staff: str, at: int, text: str, subject: str, style: str
) -> tuple[str, str]:
    """The quoted earlier message as a mail program adds it, plain and HTML, both with the marks of ``text``."""
    moment = datetime.fromtimestamp(at, UTC)
    who, mail = mark("staff_name", staff), mark("email", "support@brindlebase.example")
    day_en = f"{moment:%a}, {moment.day} {MONTHS['en'][moment.month - 1][:3]} {moment.year}"
    header = common["quotes"][style].format(
        day_en=day_en,
        when_en=f"{moment:%H:%M}",
        who=who,
        mail=mail,
        when_long=f"{moment:%A}, {moment.day} {moment:%B %Y %H:%M}",
        to=mark("email", person.email),
        subject=subject,
        day_de=f"{moment.day}. {MONTHS['de'][moment.month - 1]} {moment.year}",
        when_de=f"{moment:%H:%M} Uhr",
        when_es=f"{moment.day} {MONTHS['es'][moment.month - 1][:3]} {moment.year}, a las {moment:%H:%M}",
    )
    if style == "outlook":
        plain = f"________________________________\n{header}\n\n{text}"
        marked = (
            '<hr><div id="divRplyFwdMsg">'
            + "<br>".join(_inline(line) for line in header.split("\n"))
            + "</div>"
            + to_html(text)
        )
        return plain, marked
    plain = header + "\n\n" + "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
    attribution = f'<div class="gmail_attr">{_inline(header)}<br></div>'
    marked = f'<div class="gmail_quote">{attribution}<blockquote class="gmail_quote">{to_html(text)}</blockquote></div>'
    return plain, marked


def as_list(rng: random.Random, text: str, intro: str) -> str:
    """Turn the sentences of a staff answer into steps now and then, as people with macros do."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    if len(sentences) < 3:
        return text
    numbered = rng.random() < 0.5
    lines = [f"{i}. {s}" if numbered else f"- {s}" for i, s in enumerate(sentences, 1)]
    return f"{intro}\n\n" + "\n".join(lines)
