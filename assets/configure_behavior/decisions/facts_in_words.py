"""Facts that customers state in words, such as "we're on the legacy plan", for fields that entries' conditions ask about.

Belongs here: what counts as a statement. Does not belong here: whether conditions hold (``build_knowledge.conditions``).

A mention is no statement: "how do I upgrade to the Pro plan" and "does SSO cost extra" say nothing about who asks. So a
fact is read only in wordings that speak of the customer's own account or device, only where one value of the field is
stated and none is denied, and never against what the context knows. Where the agent has just asked for the field, a
short reply need only name a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assets.audit_tickets.roadmap.risk_patterns import fold, is_negated
from assets.build_knowledge.conditions import NEGATION, Conditions
from desk.conditions import CLOSED_FIELDS

MAX_READ_CHARS = 2_000
MAX_REPLY_WORDS = 12
"""Words of a message that may be a mere reply to a question of the agent."""

_SPACES = re.compile(r"[ \t]+")
_I_AM = (
    r"(?:i am|i'm|im|we are|we're|my (?:team|company|workspace|account) is|our (?:team|company|workspace|account) is)"
)
_JUST = r"(?:currently |still |just |now |only |already |all )*"
_USE = rf"(?:i|we) {_JUST}(?:use|have|work with|work on|run|got)"
_SIGN_IN = r"(?:sign|log|logg?ing|signing|signed|logged) ?-?(?:in|on) (?:\w+ ){0,2}?(?:with|via|through|using|by)"
_SSO = r"(?:sso|single sign[- ]?on|saml|okta|azure ad|entra(?: id)?)"
_COMPANY_LOGIN = r"(?:(?:the|our|my|a) )?(?:company|corporate|work) (?:login|sign-?in|identity|account)"

_MY = r"(?:my|our|mein\w*|unser\w*|mi|nuestr[oa])"
_WHOSE = rf"(?:{_MY}|an?|the|el|un)"
_DEVICES = {
    "windows": r"windows(?: (?:pc|laptop|computer|machine))?",
    "mac": r"(?:i?mac(?: ?os|book(?: (?:air|pro))?)?|os ?x)",
    "linux": r"(?:linux|ubuntu|debian|fedora)",
    "ios": r"(?:iphone|ipad|ios)",
    "android": r"android(?: (?:phone|device|tablet))?",
}

_STATEMENTS: Mapping[str, Mapping[str, str]] = {
    "sso": {
        "true": rf"\b{_USE} {_SSO}\b|\b{_I_AM} {_JUST}(?:on|using|behind) {_SSO}\b|\b{_SIGN_IN} (?:our |the |my )?(?:{_SSO}|{_COMPANY_LOGIN})\b"
        rf"|\b{_SSO} is (?:on|enabled|active|enforced|required)\b"
        r"|\bwir (?:nutzen|benutzen|verwenden|haben) (?:sso|single sign-on)\b|\b(?:usamos|tenemos) (?:sso|inicio de sesion unico)\b",
        "false": rf"\b(?:i|we) (?:do not|don't|dont) {_JUST}(?:use|have) {_SSO}\b|\b(?:without|no) {_SSO}\b"
        r"|\b(?:standard|normal|regular|ordinary) login\b"
        rf"|\b{_SIGN_IN} (?:my |our |an |a |the )?(?:e-?mail(?: address)?|username|user name) and (?:a |my |our )?password\b"
        rf"|\b{_SSO} is (?:off|disabled|not (?:on|enabled|active))\b"
        r"|\b(?:ohne|kein) (?:sso|single sign-on)\b|\bsin sso\b",
    },
    "os": {
        value: rf"\b(?:(?:on|under|using|from|auf|unter|en|desde) (?:{_WHOSE} )?|{_MY} (?:new |old |work )?"
        rf"|{_USE} (?:{_WHOSE} )?(?:new |old )?){name}\b(?! address)|\b{name} \d+"
        for value, name in _DEVICES.items()
    },
}
_SHORT_NAMES: Mapping[str, Mapping[str, str]] = {
    "sso": {
        "true": rf"\b(?:{_SSO}|(?:company|corporate|work|firm)(?:'?s)?(?:'s)? (?:login|account|one)|my company|our company|firma|firmenlogin|empresa)\b",
        "false": r"\b(?:standard|normal|regular|ordinary|own|password|passwort|contrasena|e-?mail)\b",
    },
    "os": {value: rf"\b{name}\b" for value, name in _DEVICES.items()} | {"windows": r"\bwin(?:dows)?\b"},
}


@dataclass(frozen=True)
class FactInWords:
    """A fact, the words it was read in, and how many of the customer's messages ago (0: this one)."""

    field: str
    value: str
    phrase: str
    turn: int


def fields_and_values(conditions: Iterable[Conditions]) -> dict[str, frozenset[str]]:
    """The fields that conditions ask about with every value they name."""
    found: dict[str, set[str]] = {}
    for one in conditions:
        for name, values in one.items():
            found.setdefault(name.removeprefix(NEGATION), set()).update(values)
    return {field: frozenset(values) for field, values in sorted(found.items())}


def facts_in_words(
    messages: Sequence[tuple[str, frozenset[str]]],
    context: Mapping[str, object],
    fields: Mapping[str, frozenset[str]],
) -> list[FactInWords]:
    """Read facts that the context lacks.

    Args:
        messages: the customer's messages, newest first, each with the fields that the agent had just asked for.
        context: what is known; its fields are not read.
        fields: by ``fields_and_values``.

    Returns:
        At most one fact a field, from the newest message that says something about it; none where that message is of
        two minds.
    """
    found = []
    for field, values in fields.items():
        if field in context:
            continue
        patterns = _patterns(field, tuple(sorted(values)))
        for turn, (text, asked) in enumerate(messages):
            folded = _SPACES.sub(" ", fold(text[:MAX_READ_CHARS]))
            is_reply = field in asked and len(folded.split()) <= MAX_REPLY_WORDS
            stated = _stated(folded, patterns, is_reply)
            if not stated:
                continue
            if len({value for value, _, _ in stated}) == 1 and not any(denied for _, _, denied in stated):
                value, phrase, _ = stated[0]
                found.append(FactInWords(field, value, phrase, turn))
            break
    return found


def with_facts_in_words(
    text: str, context: Mapping[str, object], fields: Mapping[str, frozenset[str]]
) -> dict[str, object]:
    """The context of a first message with the facts it states; for calibration, which has to see what ``decide`` sees."""
    facts = facts_in_words([(text, frozenset())], context, fields)
    return {**context, **{fact.field: fact.value for fact in facts}}


@dataclass(frozen=True)
class _ValuePatterns:
    value: str
    statement: re.Pattern[str]
    name: re.Pattern[str]
    may_be_denied: bool


def _stated(folded: str, patterns: Sequence[_ValuePatterns], is_reply: bool) -> list[tuple[str, str, bool]]:
    """(value, words, whether it is denied) of everything said about a field."""
    found = []
    for one in patterns:
        match = one.statement.search(folded) or (one.name.search(folded) if is_reply else None)
        if match is not None:
            denied = one.may_be_denied and is_negated(folded, match.start())
            found.append((one.value, match.group(), denied))
    return found


@lru_cache(maxsize=512)
def _patterns(field: str, values: tuple[str, ...]) -> tuple[_ValuePatterns, ...]:
    known = _STATEMENTS.get(field, {})
    names = _SHORT_NAMES.get(field, {})
    every = sorted({*values, *CLOSED_FIELDS.get(field, ())})
    found = []
    for value in every:
        word = re.escape(fold(value)).replace(r"\ ", " ")
        if field not in _STATEMENTS and not re.fullmatch(r"[^\W_][\w +.-]{0,40}", fold(value)):
            continue
        if value in ("true", "false") and value not in known:
            continue
        statement = known.get(value) or _statement(field.replace("_", " "), word)
        name = names.get(value) or rf"(?<![\w-]){word}(?![\w-])"
        found.append(_ValuePatterns(value, re.compile(statement), re.compile(name), (field, value) != ("sso", "false")))
    return tuple(found)


def _statement(field: str, value: str) -> str:
    """Wordings in which a customer says which ``field`` is theirs."""
    name, one = re.escape(field).replace(r"\ ", "[ _-]"), r"(?:a |an |the |our |my )?"
    ways = [
        rf"{_I_AM} {_JUST}(?:on|using) {one}{value}\b",
        rf"{_I_AM} {_JUST}{one}(?:only )?{value} (?:{name}|user|customer)s?\b",
        rf"(?:my|our) (?:current )?{name} is {_JUST}(?:the )?{value}\b",
        rf"(?:my|our) (?:current )?{value} {name}\b",
        rf"{_USE} {one}{value} {name}\b",
        rf"{name} ?[:=] ?{value}\b",
    ]
    if field == "role":
        ways.append(rf"{_I_AM} {_JUST}{one}(?:only |sole |single )?(?:workspace |account )?{value}\b(?! of (?:a|an)\b)")
        ways.append(rf"\bas (?:an?|the) (?:only |sole )?(?:workspace |account )?{value}\b")
    if field == "billing":
        ways.append(rf"(?:we|i) (?:pay|are billed|am billed) {value}\b")
    return r"\b(?:" + "|".join(ways) + ")"
