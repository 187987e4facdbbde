"""What an answer names that can be right or wrong: values, addresses, menus, names of buttons.

Belongs here: reading them, and which of them another text lacks. Does not belong here: likeness of whole texts
(``sight``).
"""

from __future__ import annotations

import re

from assets.build_knowledge.drafts.answer_groups import flat
from assets.build_knowledge.findings.fact_finders import facts_in

_ADDRESS = re.compile(r"\b(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?:/[\w./-]*)?|[\w.+-]+@[\w-]+\.[\w.]+", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“„«]([^\"“”»\n]{2,60})[\"“”»]")
_CODE = re.compile(r"`([^`\n]{2,60})`|(%\w+%[\\\w]*|~/[\w/.]+)")
_STEP = r"[A-Z…][\w&'’-]*(?: (?:[&\w'’-]+)){0,4}"
_PATH = re.compile(rf"{_STEP}(?: ?> ?(?:\.\.\.|…|[\w&'’\"-]+(?: [\w&'’-]+){{0,3}}))+")
_LAST_NAME = re.compile(r"[A-Z][\w'-]*(?: & [\w'-]+)?$")
_NUMBER = re.compile(r"(?<![\w.,/-])\d{2,}(?:[.,]\d+)?(?![\w/-])")
_NAMED = re.compile(r"(?<=[a-z,;:] )[A-Z][a-zA-Z]{3,}\b")


def particulars(text: str) -> frozenset[str]:
    """What a text names, folded; values with their unit, paths step by step."""
    plain = flat(text)
    found = {one.text.casefold() for one in facts_in(plain) if one.kind != "count" and any(map(str.isdigit, one.text))}
    found |= {one.rstrip("./") for one in map(str.casefold, _ADDRESS.findall(plain))}
    found |= {one.casefold().strip(" .,") for one in _QUOTED.findall(plain)}
    found |= {(one or other).casefold() for one, other in _CODE.findall(plain)}
    for path in _PATH.findall(plain):
        first, *steps = path.split(">")
        found |= {step.strip(' ."').casefold() for step in steps}
        found |= {one.casefold() for one in _LAST_NAME.findall(first.strip())}
    found |= {one.casefold() for one in _NAMED.findall(plain)}
    found |= set(_NUMBER.findall(plain))
    return frozenset(" ".join(one.split()) for one in found if len(one.strip()) > 1)


def missing_from(text: str, other: str) -> list[str]:
    """What ``text`` names and ``other`` does not, in order of the alphabet."""
    said = " ".join(flat(other).casefold().split())
    return sorted(one for one in particulars(text) if not _is_in(one, said))


def _is_in(one: str, said: str) -> bool:
    return one in said or all(re.search(rf"(?<!\w){re.escape(word)}", said) for word in re.findall(r"[\w%@.]+", one))
