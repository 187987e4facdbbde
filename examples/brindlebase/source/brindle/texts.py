"""The hand-written texts and how a line becomes a message.

Belongs here: loading the YAML, choosing alternatives, filling slots, typing habits. Not here: what a thread looks like.
A filled slot that is personal data is wrapped in marks until :func:`finish`, so that it can be listed exactly.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

SOURCE = Path(__file__).resolve().parent.parent
_MARK = re.compile("\x01([a-z_]+)\x02([^\x03]*)\x03")
_SLOT = re.compile(r"%([a-z_0-9]+)%")
_CHOICE = re.compile(r"\{([^{}|]*\|[^{}]*)\}")
_CONDITION = re.compile(r"^\[([a-z_]+)=([a-z_0-9|-]+)\] ")
HOLD_OUT_EVERY = 4  # every fourth opening is kept for the pilot and never used in history


@dataclass(frozen=True)
class Opening:
    """One hand-written first message of a customer."""

    key: str
    group: str
    language: str
    text: str
    subject: str | None
    as_is: bool
    forces: dict[str, Any]
    since: str = ""  # not before this day


@dataclass
class Category:
    """One category with all its texts; ``raw`` is the YAML mapping."""

    id: str
    raw: dict[str, Any]
    openings: list[Opening] = field(default_factory=list)

    def lines(self, *path: str) -> list[str]:
        """Lines of a block such as ``details/en``; empty if there is none."""
        return block(self.raw, *path)


def block(tree: Any, *path: str) -> list[str]:
    """The non-empty lines of the text block at ``path`` of a YAML mapping."""
    for part in path:
        if not isinstance(tree, dict) or part not in tree:
            return []
        tree = tree[part]
    return [line.strip() for line in str(tree).splitlines() if line.strip()]


def value(word: str) -> Any:
    """``true``/``false`` as bool, all else as text."""
    return {"true": True, "false": False}.get(word, word)


def _openings(category_id: str, groups: list[dict[str, Any]]) -> list[Opening]:
    found = []
    for group in groups:
        for language in ("en", "de", "es"):
            for index, line in enumerate(block(group, language)):
                forces: dict[str, Any] = {}
                while match := _CONDITION.match(line):
                    forces[match[1]] = value(match[2])
                    line = line[match.end() :]
                since = str(forces.pop("since", ""))
                as_is = line.startswith("= ")
                line = line.removeprefix("= ")
                subject, _, text = line.rpartition(" :: ")
                key = f"{category_id}/{group['key']}/{language}/{index}"
                found.append(Opening(key, group["key"], language, text, subject or None, as_is, forces, since))
    return found


def load_categories() -> dict[str, Category]:
    """All categories by id, in the order of the files."""
    categories: dict[str, Category] = {}
    for path in sorted((SOURCE / "texts").glob("*.yaml")):
        for category_id, raw in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            categories[category_id] = Category(category_id, raw, _openings(category_id, raw["groups"]))
    return categories


def load_common(name: str) -> dict[str, Any]:
    """``common`` or ``noise``: texts that belong to no category."""
    path = SOURCE / "texts_common" / f"{name}.yaml"
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def split_openings(openings: list[Opening], *, pilot: bool) -> list[Opening]:
    """The openings for history, or (``pilot=True``) the quarter that history never uses."""
    return [o for o in openings if (int(o.key.rsplit("/", 1)[1]) % HOLD_OUT_EVERY == HOLD_OUT_EVERY - 1) == pilot]


def in_force(lines: list[str], day: str, asked: str = "") -> list[str]:
    """The lines that hold on ``day`` (ISO): ``[since=DATE]``, ``[until=DATE]`` in front are judged and removed.

    ``[if=word|word]`` marks an answer to questions with such a word; if ``asked`` holds one, only those are returned.
    """
    kept: list[str] = []
    fitting: list[str] = []
    for line in lines:
        holds, meant = True, None
        while match := _CONDITION.match(line):
            if match[1] == "if":
                meant = any(word.replace("_", " ") in asked.lower() for word in match[2].split("|"))
            else:
                holds = holds and (day >= match[2] if match[1] == "since" else day < match[2])
            line = line[match.end() :]
        if holds and meant is not False:
            (fitting if meant else kept).append(line)
    return fitting or kept


def mark(kind: str, text: str) -> str:
    """Wrap personal data so that typing habits leave it alone and :func:`finish` lists it."""
    return f"\x01{kind}\x02{text}\x03"


def spin(rng: random.Random, line: str) -> str:
    """Replace each ``{a|b}`` by one of its alternatives."""
    while match := _CHOICE.search(line):
        line = line[: match.start()] + rng.choice(match[1].split("|")) + line[match.end() :]
    return line


def fill(rng: random.Random, line: str, slots: dict[str, Any]) -> str:
    """Choose alternatives, then fill slots. A slot may be text or a function of ``rng``. Raises KeyError if unknown."""

    def one(match: re.Match[str]) -> str:
        if match[1] not in slots:
            raise KeyError(f"no slot %{match[1]}% for: {line}")
        given = slots[match[1]]
        return str(given(rng) if callable(given) else given)

    text = _SLOT.sub(one, spin(rng, line).replace("%APPDATA%", "\x04"))
    return text.replace("\x04", "%APPDATA%").replace(" // ", "\n")


def finish(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Remove the marks; return the plain text and the personal data in it as (type, exact string)."""
    found = [(m[1], m[2]) for m in _MARK.finditer(text)]
    return _MARK.sub(lambda m: m[2], text), found


def _between_marks(text: str, change: Any) -> str:
    out, last = [], 0
    for match in _MARK.finditer(text):
        out += [change(text[last : match.start()]), match[0]]
        last = match.end()
    return "".join([*out, change(text[last:])])


def _typo(rng: random.Random, text: str) -> str:
    words = list(re.finditer(r"[a-zäöüñáéíó']{5,}", text))
    if not words:
        return text
    word = rng.choice(words)
    letters, at = list(word[0]), rng.randrange(1, len(word[0]) - 2)
    how = rng.random()
    if how < 0.4:
        letters[at], letters[at + 1] = letters[at + 1], letters[at]
    elif how < 0.65:
        del letters[at]
    elif how < 0.8:
        letters.insert(at, letters[at])
    else:
        letters = [c for c in letters if c != "'"]
    return text[: word.start()] + "".join(letters) + text[word.end() :]


def type_like(rng: random.Random, text: str, habits: dict[str, Any]) -> str:
    """Apply how a person types: lower case, missing punctuation, slips. Marked data stays exact."""
    if habits["lower"]:
        text = _between_marks(text, str.lower)
    if habits["no_stop"]:
        text = re.sub(r"[.!](?=\s|$)", "", text)
    if habits["shout"]:
        text = _between_marks(text, str.upper)
    for _ in range(habits["typos"]):
        text = _between_marks(text, lambda part: _typo(rng, part) if len(part) > 12 else part)
    return text
