"""What is wrong with a behavior spec beyond its form: examples that break it, names that mean nothing, gaps.

Belongs here: every check of a spec against itself and against the desk around it. Does not belong here: the form of the
file (``desk.behavior``), each single check's method (``trigger_suite``, ``tone_bounds``).
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from assets.configure_behavior.behavior.tone_bounds import tone_problems
from assets.configure_behavior.triggers.trigger_suite import run_suite, untried_triggers
from desk.behavior import BehaviorFile, Scope


@dataclass(frozen=True)
class KnownEntries:
    """The entries a spec may name: ids of all on file, and the fields that the conditions of live ones decide by.

    A desk without entries yet knows none; then nothing is said about entries.
    """

    ids: Collection[str] = ()
    condition_fields: Collection[str] = ()


def behavior_problems(
    behavior: BehaviorFile,
    *,
    categories: Collection[str],
    languages: Collection[str],
    entries: KnownEntries | None = None,
) -> list[str]:
    """Everything a person must correct, as sentences; empty where the spec is complete.

    Args:
        categories: ids in ``categories.yaml``. languages: the desk's, ISO 639-1.
        entries: what is on file, or None where there is no knowledge yet.
    """
    known = entries or KnownEntries()
    return [
        *untried_triggers(behavior),
        *(str(result) for result in run_suite(behavior) if not result.passed),
        *_examples(behavior),
        *_unknown_categories(behavior, categories),
        *_unknown_entries(behavior, known.ids),
        *_languages(behavior, languages),
        *_questions(behavior, known.condition_fields),
    ]


def condition_fields(conditions: Iterable[Mapping[str, object]]) -> list[str]:
    """The fields that conditions decide by: ``not_plan`` is about ``plan``."""
    return sorted({name.removeprefix("not_") for one in conditions for name in one})


def _examples(behavior: BehaviorFile) -> Iterator[str]:
    for number, example in enumerate(behavior.examples, start=1):
        for problem in tone_problems(example.reply, behavior, example.language):
            yield f"example {number} (“{example.situation}”) breaks the tone it is to set: {problem}"
        if example.language not in behavior.tone.languages:
            yield f"example {number} is in {example.language}, which is not under tone: languages"


def _unknown_categories(behavior: BehaviorFile, known: Collection[str]) -> Iterator[str]:
    named: dict[str, list[str]] = {}
    for trigger in behavior.triggers:
        scopes = [trigger.only_for, trigger.except_for or Scope()]
        samples = [one.category for one in (*trigger.fires_on, *trigger.quiet_on) if one.category]
        for category in {name for scope in scopes for name in scope.categories} | set(samples):
            named.setdefault(category, []).append(f"trigger '{trigger.id}'")
    for page in behavior.pages:
        for category in {*page.where.categories, *page.prefer_categories}:
            named.setdefault(category, []).append(f"page rule '{page.id}'")
    for where, ids in (("confidence", behavior.confidence.categories), ("handoff: queues", behavior.handoff.queues)):
        for category in ids:
            named.setdefault(category, []).append(where)
    for category, places in sorted(named.items()):
        if category not in known:
            yield f"{' and '.join(places)} names category '{category}', which is not in categories.yaml{_near(category, known)}"


def _unknown_entries(behavior: BehaviorFile, known: Collection[str]) -> Iterator[str]:
    for page in behavior.pages if known else ():
        for entry in page.offer_entries:
            if entry not in known:
                yield f"page rule '{page.id}' offers entry '{entry}', which is not on file{_near(entry, known)}"


def _languages(behavior: BehaviorFile, languages: Collection[str]) -> Iterator[str]:
    tone = behavior.tone
    for language in languages:
        if language not in tone.languages:
            yield f"the desk's language {language} is not under tone: languages, so nothing is answered in it; add it"
    for language in tone.languages:
        missing = [name for name in ("greeting", "closing") if language not in getattr(tone, name)]
        if missing:
            yield f"tone has no {' and no '.join(missing)} in {language}; write one"
        if behavior.handoff.message and language not in behavior.handoff.message:
            yield f"handoff: message is missing in {language}; write what the customer reads while a person takes over"
    if not behavior.handoff.message:
        yield "handoff: message is empty; write what the customer reads while a person takes over"
    for page in behavior.pages:
        missing = [language for language in tone.languages if page.opening and language not in page.opening]
        if missing:
            yield f"the opening of page rule '{page.id}' is missing in {', '.join(missing)}"


def _questions(behavior: BehaviorFile, fields: Collection[str]) -> Iterator[str]:
    for field in sorted(fields):
        if field not in behavior.clarify:
            yield f"live entries depend on {field}, and clarify has no question for it; add one under clarify: {field}"
    for field, texts in behavior.clarify.items():
        missing = [language for language in behavior.tone.languages if language not in texts]
        if missing:
            yield f"the question for {field} is missing in {', '.join(missing)}"


def _near(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f". Did you mean '{near[0]}'?" if near else "; correct or remove it"
