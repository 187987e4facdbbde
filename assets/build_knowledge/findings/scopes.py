"""For whom or for what a sentence speaks, by its own words: a plan, a device, a billing period, a role, a way to pay.

Belongs here: the groups, and whether two sentences can be about the same. Does not belong here: structured conditions
(``conditions``), which are compared before this.

Two sentences that name different members of one group ("Pro" and "Free") do not contradict each other. One that names
a plan or device where the other names none is the usual way of writing a rule and its exception, and is left alone,
unless the other says that it holds for all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from assets.audit_tickets.roadmap.risk_patterns import fold

_GROUPS: dict[str, dict[str, str]] = {
    "plan": {
        "free": r"free(?=:| \d)|free (?:plan|tier|version|account|workspace|users?)|(?:on|with|in) free\b|kostenlose[nrs]? (?:tarif|version|plan)|plan gratuito",
        "trial": r"trials?|probezeit\w*|testphase\w*|testzeitraum\w*|periodo de prueba",
        "legacy": r"legacy|grandfathered|altvertrag\w*|old(?:er)? plans?",
        "enterprise": r"enterprise",
        "business": r"business plans?|on business\b",
        "team": r"teams? plans?|on teams?\b",
        "pro": r"pro\b|professional plans?",
        "basic": r"basic plans?|starter|on basic\b|essentials?\b",
        "premium": r"premium|plus plans?",
    },
    "device": {
        "windows": r"windows|pc\b",
        "mac": r"mac(?:os)?\b|macbook",
        "linux": r"linux|ubuntu",
        "android": r"android",
        "ios": r"ios\b|iphone|ipad",
        "mobile": r"(?:mobile|phone) ?apps?|(?:on|from|with) (?:a |your |the )?(?:mobile|phone)|smartphone",
        "desktop": r"desktop",
        "web": r"(?:web|browser) ?apps?|in (?:a |your |the )?(?:web )?browser|on the web",
    },
    "period": {
        "month": r"monthly|per month|a month|each month|every month|monatlich\w*|pro monat|mensual\w*|al mes",
        "year": r"annual\w*|yearly|per year|a year|each year|every year|jaehrlich\w*|pro jahr|jahres\w*|anual\w*|al ano",
    },
    "role": {
        "owner": r"owners?|inhaber\w*|propietari\w+",
        "admin": r"admins?|administrators?|administrator\w*|administrador\w*",
        "guest": r"guests?|gaeste\w*|gast\b|invitad\w+",
        "member": r"members?|mitglied\w*|miembros?",
    },
    "payment": {
        "card": r"cards?|kreditkarten?|tarjetas?",
        "paypal": r"paypal",
        "transfer": r"bank transfers?|wire transfers?|ueberweisung\w*|transferencias?",
        "debit": r"direct debit|sepa|lastschrift\w*",
        "invoice": r"(?:by|on|per) invoice|auf rechnung|purchase orders?",
    },
    "region": {
        "eu": r"\beu\b|europe\w*|europa|eur\b",
        "uk": r"\buk\b|united kingdom|britain",
        "us": r"\busa?\b|united states|america\w*",
    },
}
_PATTERNS = {
    group: {member: re.compile(rf"\b(?:{pattern})") for member, pattern in members.items()}
    for group, members in _GROUPS.items()
}
_UNIVERSAL = re.compile(
    r"\b(?:whatever (?:the|your)|no matter (?:what|which|how|when)|regardless of|every (?:customer|plan|user|workspace|account)|all (?:customers|plans|users|workspaces|accounts)|everyone|everybody|"
    r"on (?:any|every) plan|in (?:any|every) case|without exception|egal welche\w*|jede[rn]? (?:kunde|kundin|tarif)\w*|alle[nr]? (?:kunden|tarife)\w*|todos los (?:clientes|planes))\b"
)
BY_SENTENCE = ("plan", "device")
BY_TITLE = ("device",)
"""Groups that both sides must name or neither, within a sentence and with its titles: an article is often about one
product for one device, and seldom says so in every sentence."""

Scopes = dict[str, frozenset[str]]


def scopes_in(text: str, plan_names: Iterable[str] = ()) -> Scopes:
    """Group to the members a text names; ``plan_names`` are the desk's own plans, folded."""
    folded = fold(text)
    found = {
        group: frozenset(member for member, pattern in members.items() if pattern.search(folded))
        for group, members in _PATTERNS.items()
    }
    own = frozenset(
        name
        for name in plan_names
        if re.search(rf"\b{re.escape(name)}\b(?= (?:plan|tier|workspace|account)|\W|$)", folded)
    )
    found["plan"] |= own
    if _UNIVERSAL.search(folded):
        found["reach"] = frozenset(("all",))
    return {group: members for group, members in found.items() if members}


def may_be_the_same(
    one: Scopes, other: Scopes, *, ignore: Iterable[str] = (), both_or_neither: Collection[str] = BY_SENTENCE
) -> bool:
    """Whether two sentences with these scopes can speak of the same case."""
    for group in one.keys() | other.keys():
        left, right = one.get(group, frozenset()), other.get(group, frozenset())
        if group in ignore or group == "reach":
            continue
        if left and right and not left & right:
            return False
        if group in both_or_neither and bool(left) != bool(right) and "all" not in (one | other).get("reach", ()):
            return False
    return True
