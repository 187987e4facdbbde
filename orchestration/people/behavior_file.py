"""What an accepted fix writes into ``behavior.yaml``; comments, order and what nobody changed are kept.

Belongs here: triggers and settings put into the text people wrote. Does not belong here: signing the spec (``sign_offs``),
deciding about a fix (``fix_desk``).
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from desk.behavior import BehaviorFile, Trigger, behavior_content, behavior_hash
from desk.loading import BEHAVIOR_FILE, Desk, explain
from orchestration.lake import replacing
from orchestration.people.behavior_desk import BehaviorProblem, problems_of, required_behavior
from orchestration.people.yaml_comments import commented, put_items, tail_kept

_SAMPLES = ("fires_on", "quiet_on")


@dataclass(frozen=True)
class BehaviorChange:
    """The spec before and after. text: the file as it would be; problems: what the change breaks, as sentences."""

    before: BehaviorFile
    after: BehaviorFile
    text: str
    problems: tuple[str, ...]

    @property
    def hash(self) -> str:
        """The hash that is to be signed."""
        return behavior_hash(self.after)


def changed_behavior(desk: Desk, triggers: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]) -> BehaviorChange:
    """What ``behavior.yaml`` would be with these triggers and settings; nothing is written.

    Args:
        triggers: whole triggers as the file has them; one of an id that exists takes its place.
        settings: value by dotted path, such as ``reply.max_words``.

    Raises:
        BehaviorProblem: a path leads nowhere, or the result is no spec. DeskError: there is no spec, or it has a mistake.
    """
    before = required_behavior(desk)
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 4096  # lines stay as long as people made them
    yaml.indent(mapping=2, sequence=4, offset=2)
    document: Any = yaml.load((desk.folder / BEHAVIOR_FILE).read_text(encoding="utf-8"))
    for trigger in triggers:
        _put_trigger(document["triggers"], dict(trigger), before)
    for path, value in settings.items():
        _put_setting(document, path, value, before)
    written = io.StringIO()
    yaml.dump(document, written)
    try:
        after = BehaviorFile.model_validate(YAML(typ="safe").load(written.getvalue()))
    except ValidationError as error:
        said = "; ".join(explain(BehaviorFile, item)[1] for item in error.errors())
        raise BehaviorProblem(f"behavior.yaml would have a mistake: {said}") from error
    old = set(problems_of(desk, before))
    fresh = tuple(one for one in problems_of(desk, after) if one not in old)
    return BehaviorChange(before, after, written.getvalue(), fresh)


def write_behavior(desk: Desk, change: BehaviorChange) -> None:
    """Write the text of a change, as a whole; a spec that says the same already is left as people wrote it."""
    if change.before == change.after:
        return
    with replacing(desk.folder / BEHAVIOR_FILE) as temporary:
        temporary.write_text(change.text, encoding="utf-8")


def _put_trigger(triggers: Any, trigger: dict[str, Any], before: BehaviorFile) -> None:
    known = {one.id: one for one in before.triggers}
    try:
        after = Trigger.model_validate(trigger)
    except ValidationError as error:
        item = error.errors()[0]
        raise BehaviorProblem(
            f"the trigger '{trigger.get('id', '')}' is none: {explain(Trigger, item)[1].removesuffix(' Correct it there.')}"
        ) from error
    given = {name: _samples(value) if name in _SAMPLES else value for name, value in trigger.items()}
    usual = after.model_dump(exclude_defaults=True)
    if after.id not in known:
        with tail_kept(triggers):
            triggers.append(commented({name: value for name, value in given.items() if name in {"id", *usual}}))
        return
    place = next(one for one in triggers if one["id"] == after.id)
    was, now = known[after.id].model_dump(), after.model_dump()
    with tail_kept(place):
        for name in [name for name in now if was[name] != now[name]]:
            if name not in usual:
                place.pop(name, None)
            elif isinstance(place.get(name), CommentedSeq) and isinstance(given[name], list):
                put_items(place[name], was[name], now[name], given[name])
            else:
                place[name] = commented(given[name])


def _samples(value: Any) -> Any:
    """Messages to try a trigger on, in the shortest form that the file knows."""
    return [
        (one["turns"][0] if len(one["turns"]) == 1 else one["turns"])
        if isinstance(one, dict) and set(one) == {"turns"}
        else one
        for one in value
    ]


def _put_setting(document: Any, path: str, value: Any, before: BehaviorFile) -> None:
    *above, name = path.split(".")
    known: Any = behavior_content(before)
    places = [document]
    for part in above:
        known = known.get(part, {}) if isinstance(known, dict) else None
        if not isinstance(known, dict):
            raise BehaviorProblem(f"behavior.yaml has no place '{path}' for a setting")
        found = places[-1].get(part)
        if not isinstance(found, CommentedMap):
            break
        places.append(found)
    if known.get(name) == value and (len(places) <= len(above) or name not in places[-1]):
        return  # it is so by default
    missing = above[len(places) - 1 :]
    for part in reversed(missing):
        name, value = part, {name: value}
    with tail_kept(places[-1]):
        places[-1][name] = commented(value)
