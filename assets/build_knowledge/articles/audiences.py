"""Who a piece of text is for, while an article is read: sets of readers, and conditions out of them.

An ``Audience`` allows, per field, a set of elements of a ``Universe``; an absent field allows all. Elements are finer
than conditions: where an article tells Windows 7 from Windows 10, each is an element, and between the version numbers
it names each stretch is one. So every "and" is an intersection and every "not" a complement.

Belongs here: the sets. Does not belong here: which words mean which set (``audience_marks``, ``audience_phrases``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from assets.build_knowledge.conditions import NEGATION, OS_VALUES, Conditions, parse_conditions
from assets.build_knowledge.version_ranges import Version, VersionRange

Audience = dict[str, frozenset[str]]
EVERYBODY: Audience = {}
OTHER = "*"
"""The element for readers whose value nobody named."""
UNNAMED_FIELD = "audience"
"""The field for marks whose words no vocabulary knows."""
_WINDOWS_VERSION = re.compile(r"\bwin(?:dows)?[ -]?(xp|vista|8\.1|7|8|10|11)\b", re.IGNORECASE)


@dataclass
class Universe:
    """All elements of every field, as far as one article needs to tell readers apart."""

    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    windows_versions: tuple[str, ...] = ()
    bounds: dict[str, tuple[Version, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, vocabulary: Mapping[str, Iterable[str]], text: str) -> Universe:
        """The universe of a vocabulary's values, and of the Windows versions that a text names."""
        versions = tuple(sorted({match.casefold() for match in _WINDOWS_VERSION.findall(text)}))
        return cls({name: tuple(values) for name, values in vocabulary.items()}, versions)

    def elements(self, name: str) -> frozenset[str]:
        """Every element of a field."""
        if name == "os":
            fine = {f"windows {one}" for one in self.windows_versions} | {f"windows {OTHER}"}
            known = {*OS_VALUES, *self.values.get("os", ())}
            return frozenset(known - {"windows"} | fine)
        if name in self.bounds:
            return frozenset(str(one) for one in self._stretches(name))
        values = set(self.values.get(name, ()))
        return frozenset(values if values == {"true", "false"} else values | {OTHER})

    def of_value(self, name: str, value: str) -> frozenset[str]:
        """The elements that a field's value takes in; a value not seen before becomes an element."""
        if name == "os":
            if value == "windows":
                return frozenset(one for one in self.elements("os") if one.startswith("windows "))
            if value.startswith("windows "):
                return frozenset((value,))
        if value not in self.values.get(name, ()) and value not in self.elements(name):
            self.values[name] = (*self.values.get(name, ()), value)
        return frozenset((value,))

    def from_version(self, name: str, low: Version | None, high: Version | None) -> frozenset[str]:
        """The stretches of versions from ``low`` to before ``high``; both must be among the field's bounds."""
        wanted = VersionRange(low, high)
        return frozenset(str(one) for one in self._stretches(name) if one.overlaps(wanted))

    def _stretches(self, name: str) -> list[VersionRange]:
        ends = [None, *sorted(set(self.bounds[name])), None]
        return [VersionRange(low, high) for low, high in pairwise(ends)]

    def complement(self, audience: Audience) -> Audience | None:
        """Everybody else; None where that cannot be said field by field, or nobody is left."""
        if len(audience) != 1:
            return None
        name, allowed = next(iter(audience.items()))
        rest = self.elements(name) - allowed
        return {name: rest} if rest else None

    def from_conditions(self, conditions: Conditions) -> Audience:
        """The audience of conditions that a person wrote, as far as they are about known kinds of fields."""
        found: Audience = {}
        for name, values in conditions.items():
            base = name.removeprefix(NEGATION)
            allowed: frozenset[str] = frozenset().union(*(self.of_value(base, value) for value in values))
            if name != base:
                allowed = self.elements(base) - allowed
            found = both(found, {base: allowed})
        return found

    def to_conditions(self, audience: Audience) -> list[Conditions]:
        """Conditions that say the same, as alternatives: one, or two where some versions of Windows are meant."""
        plain: dict[str, list[str]] = {}
        alternatives: list[dict[str, list[str]]] = [{}]
        for name, allowed in sorted(audience.items()):
            every = self.elements(name)
            if allowed >= every:
                continue
            if name == "os":
                alternatives = self._os_conditions(allowed, every)
            elif name in self.bounds:
                plain[name] = _joined(one for one in self._stretches(name) if str(one) in allowed)
            elif OTHER in allowed and name == UNNAMED_FIELD:
                plain[NEGATION + name] = sorted(every - allowed)
            elif named := sorted(allowed - {OTHER}):
                plain[name] = named
            else:
                plain[NEGATION + name] = sorted(every - {OTHER})
        return [parse_conditions({**plain, **one}) for one in alternatives]

    def _os_conditions(self, allowed: frozenset[str], every: frozenset[str]) -> list[dict[str, list[str]]]:
        fine = {one for one in every if one.startswith("windows ")}
        inside = allowed & fine
        others = sorted(allowed - fine)
        if not inside or inside == fine:
            return [{"os": [*others, *(["windows"] if inside else [])]}]
        versions: dict[str, list[str]] = {"os": ["windows"]}
        if f"windows {OTHER}" in inside:
            versions["not_os_version"] = sorted(fine - inside)
        else:
            versions["os_version"] = sorted(inside)
        return [{"os": others}, versions] if others else [versions]


def both(a: Audience, b: Audience) -> Audience:
    """Readers in both."""
    found = dict(a)
    for name, allowed in b.items():
        found[name] = found[name] & allowed if name in found else allowed
    return found


def is_nobody(audience: Audience) -> bool:
    """Whether no reader is left."""
    return any(not allowed for allowed in audience.values())


def is_within(a: Audience, b: Audience) -> bool:
    """Whether every reader of ``a`` is one of ``b``."""
    return all(name in a and a[name] <= allowed for name, allowed in b.items())


def _joined(stretches: Iterable[VersionRange]) -> list[str]:
    found: list[VersionRange] = []
    for one in stretches:
        if found and found[-1].high == one.low:
            found[-1] = VersionRange(found[-1].low, one.high)
        else:
            found.append(one)
    return [str(one) for one in found]
