"""Which HTML elements a person looking at the message would not see.

Belongs here: reading `style`, legacy attributes and simple style-sheet rules. Does not belong here: walking the
document (`html_text`).

Hidden text is a way to instruct a language model behind the reader's back, and otherwise only e-mail preheaders and
tracking; both are dropped. `aria-hidden` is not a sign: such content is visible to people who see.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_DECLARATION = re.compile(r"([\w-]+)\s*:\s*([^;]*)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}@;]{1,500})\{([^{}]{0,2000})\}")
_AT_BLOCK = re.compile(r"@[^{};]{0,500}\{(?:[^{}]{0,5000}\{[^{}]{0,5000}\}){0,200}[^{}]{0,5000}\}")
_SIMPLE_SELECTOR = re.compile(r"(?:[a-z][\w-]*)?([.#][\w-]+)", re.IGNORECASE)
_LENGTH = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|em|rem|%|in|cm|mm|vw|vh)?\s*(?:!important)?", re.IGNORECASE)
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]+%?))?\s*\)")
_NAMED_COLOURS = {"white": (255, 255, 255), "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240),
                  "whitesmoke": (245, 245, 245), "ghostwhite": (248, 248, 255)}  # fmt: skip

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)


@dataclass(frozen=True)
class Shade:
    """Text colour and background in force at an element; None is unknown (an image, a named or computed colour)."""

    text: Colour | None = (0, 0, 0)
    background: Colour | None = WHITE


@dataclass(frozen=True)
class StyleSheet:
    """Class and id selectors (`.name`, `#name`) whose rule hides the element."""

    hiding: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def read(cls, css: str) -> StyleSheet:
        """Read the rules that hold on every screen; rules inside `@media` and other blocks are left out."""
        css = _AT_BLOCK.sub("", _COMMENT.sub("", css[:200_000]))
        found: set[str] = set()
        for selectors, declarations in _RULE.findall(css):
            if _hides(_declarations(declarations)):
                simple = (_SIMPLE_SELECTOR.fullmatch(part.strip()) for part in selectors.split(","))
                found.update(match.group(1) for match in simple if match)
        return cls(frozenset(found))

    def hides(self, attributes: Mapping[str, str | None]) -> bool:
        """Tell whether a rule of this sheet hides an element with these attributes."""
        if not self.hiding:
            return False
        names = [f".{name}" for name in (attributes.get("class") or "").split()]
        return not self.hiding.isdisjoint([*names, f"#{attributes.get('id')}"])


def is_hidden(attributes: Mapping[str, str | None], shade: Shade, sheet: StyleSheet) -> tuple[bool, Shade]:
    """Return whether the element is invisible, and the shade that its children inherit.

    `shade` is the one in force at the parent. Colour hides only where colour or background is set on an element
    itself, by attribute or inline style.
    """
    if "hidden" in attributes or sheet.hides(attributes):
        return True, shade
    style = _declarations(attributes.get("style") or "")
    if style and _hides(style):
        return True, shade
    if _is_zero(attributes.get("width")) or _is_zero(attributes.get("height")):
        return True, shade
    colour = style.get("color") or attributes.get("color")
    background = style.get("background-color") or style.get("background") or attributes.get("bgcolor")
    if style.get("background-image") or attributes.get("background"):
        background = "image"
    if colour is None and background is None:
        return False, shade
    text_colour = _colour(colour) if colour else shade.text
    ground = shade.background
    if background and background not in ("transparent", "none", "inherit", "initial"):
        ground = _colour(background)
    shade = Shade(text_colour, ground)
    if text_colour is None or ground is None:
        return False, shade
    return max(abs(a - b) for a, b in zip(text_colour, ground, strict=True)) <= 6, shade


def _declarations(style: str) -> dict[str, str]:
    return {name.lower(): value.strip().lower() for name, value in _DECLARATION.findall(style[:4000])}


def _hides(style: Mapping[str, str]) -> bool:
    value = {name: text.removesuffix("!important").strip() for name, text in style.items()}
    if value.get("display") == "none" or value.get("visibility") in ("hidden", "collapse"):
        return True
    if value.get("mso-hide") == "all" or value.get("color") == "transparent":
        return True
    if _is_zero(value.get("opacity"), at_most=0.05) or _is_zero(value.get("font-size"), at_most=1):
        return True
    clipped = value.get("overflow", value.get("overflow-x", "")) in ("hidden", "clip")
    if _is_zero(value.get("max-height")) or _is_zero(value.get("max-width")):
        return True
    if clipped and (_is_zero(value.get("height"), at_most=1) or _is_zero(value.get("width"), at_most=1)):
        return True
    if value.get("position") in ("absolute", "fixed") and (
        any(_is_far_off(value.get(side)) for side in ("left", "top", "right", "bottom"))
        or value.get("clip", "").replace(" ", "").startswith(("rect(0,0,0,0", "rect(0px,0px,0px,0px", "rect(1px,1px"))
    ):
        return True
    return _is_far_off(value.get("text-indent")) or value.get("clip-path", "").startswith(("inset(50%", "inset(100%"))


def _is_zero(length: str | None, *, at_most: float = 0.0) -> bool:
    match = _LENGTH.fullmatch(length.strip()) if length else None
    if not match:
        return False
    limit = at_most if match.group(2) in (None, "px", "pt") else min(at_most, 0.05)
    return 0 <= float(match.group(1)) <= limit


def _is_far_off(length: str | None) -> bool:
    match = _LENGTH.fullmatch(length.strip()) if length else None
    return bool(match) and float(match.group(1)) <= -500  # type: ignore[union-attr]


def _colour(value: str) -> Colour | None:
    value = value.replace("!important", "").strip().lower()
    if value in _NAMED_COLOURS:
        return _NAMED_COLOURS[value]
    digits = value.removeprefix("#")
    if len(digits) in (3, 4) and all(c in "0123456789abcdef" for c in digits):
        digits = "".join(c * 2 for c in digits)
    if len(digits) in (6, 8) and all(c in "0123456789abcdef" for c in digits):
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    match = _RGB.fullmatch(value)
    if match and match.group(4) is None:
        return int(match.group(1)), int(match.group(2)), int(match.group(3))
    return None
