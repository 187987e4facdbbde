"""For whom a rule holds: categories, languages, pages, what is known of the customer, and how long they have been one.

Belongs here: whether a scope fits, and in words what keeps it from fitting. Does not belong here: what follows from it
(``find_triggers``, page rules in ``decisions``).

A scope fits only what is known to fit. A rule for the Pro plan does not hold for somebody whose plan nobody knows, and
neither does an exception.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase

from assets.build_knowledge.conditions import applies
from desk.behavior import Scope, Tenure

_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]*://[^/?#]*", re.IGNORECASE)
_ASKED = re.compile(r"[?#].*$", re.DOTALL)


def in_scope(scope: Scope, *, context: Mapping[str, object], category_id: str | None, language: str | None) -> bool:
    """Whether all that the scope names is known to fit; a scope that names nothing fits everybody."""
    return why_outside(scope, context=context, category_id=category_id, language=language) is None


def why_outside(
    scope: Scope, *, context: Mapping[str, object], category_id: str | None, language: str | None
) -> str | None:
    """What keeps a scope from fitting, as the rest of a sentence ("the plan is not known"); None where it fits.

    Args:
        context: facts by field. ``page`` is read by ``pages``, ``days_as_customer`` by ``tenure``, all by ``context``.
        category_id: the message's category, None where it is not known.
        language: ISO 639-1 of the message, None where it is not known.
    """
    facts = _by_field(context)
    if scope.categories and category_id not in scope.categories:
        given = f"is {category_id}" if category_id else "is not known"
        return f"the category {given}, not {_one_of(scope.categories)}"
    if scope.languages and language not in scope.languages:
        given = f"is {language}" if language else "is not known"
        return f"the language {given}, not {_one_of(scope.languages)}"
    if scope.pages:
        page = str(facts.get("page") or "")
        if not page:
            return f"the page is not known; it holds on {_one_of(scope.pages)}"
        if not on_page(page, scope.pages):
            return f"the page is {page[:80]}, not {_one_of(scope.pages)}"
    if scope.context:
        held = applies(scope.context, context)
        if held is None:
            known = [name for name in scope.context if name.removeprefix("not_") in facts]
            missing = [name.removeprefix("not_") for name in scope.context if name not in known]
            return f"it is not known which {' and '.join(missing)} the customer has"
        if not held:
            return f"it is for customers with {conditions_in_words(scope.context)}"
    return _tenure_problem(scope.tenure, facts) if scope.tenure else None


def on_page(page: str, patterns: list[str]) -> bool:
    """Whether a page, given as a path or a whole address, fits one of the patterns (``*`` stands for anything)."""
    shown = page[:2_000].casefold().strip()
    path = _ASKED.sub("", _ADDRESS.sub("", shown)) or "/"
    trimmed = path.rstrip("/") or "/"
    return any(fnmatchcase(one, pattern.casefold()) for pattern in patterns for one in (shown, path, trimmed))


def conditions_in_words(conditions: Mapping[str, list[str]]) -> str:
    """``plan pro or team, sso true``."""
    return ", ".join(
        f"{'not ' if name.startswith('not_') else ''}{name.removeprefix('not_')} {' or '.join(values)}"
        for name, values in conditions.items()
    )


def _tenure_problem(tenure: Tenure, facts: Mapping[str, object]) -> str | None:
    try:
        days = float(str(facts.get("days_as_customer")))
    except ValueError:
        return "it is not known for how many days they have been a customer"
    if tenure.at_least is not None and not days >= tenure.at_least:
        return f"they have been a customer for {days:.0f} days, not for {tenure.at_least} or more"
    if tenure.below is not None and not days < tenure.below:
        return f"they have been a customer for {days:.0f} days, not for fewer than {tenure.below}"
    return None


def _by_field(context: Mapping[str, object]) -> dict[str, object]:
    return {
        re.sub(r"[\s-]+", "_", str(name).casefold().strip()): value
        for name, value in context.items()
        if value is not None and value == value
    }


def _one_of(values: list[str]) -> str:
    return " or ".join(values)
