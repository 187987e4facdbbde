"""A proposal as a file that people edit: written from a fix, read again with every mistake named.

Belongs here: the file's form, both ways. Does not belong here: what the proposal rests on, which no file may change
(``fix_parts``), deciding (``fix_desk``).
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.scalarstring import LiteralScalarString

from assets.retrain_agent.fixes.proposal import Proposal, ProposedEntry, ProposedLabel
from orchestration.people.knowledge_desk import KnowledgeProblem

MAX_BYTES = 1024 * 1024
_PARTS = ("entries", "labels", "triggers", "settings", "asks_for")
_ENTRY = ("entry_id", "category_id", "question", "answer", "conditions", "phrasings", "owner")
_LABEL = ("ticket_id", "category_id")
_HEAD = """# The fix {fix_id}: {title}
# Change what you like, take out what is not wanted, then: understudy fix accept {fix_id} --file <this file> --by "…" --role "…"
# Sources, and the versions of entries that it was drawn up on, stay those of the fix.
"""


class WrongFixFile(KnowledgeProblem):
    """A file is no proposal; ``str()`` says where and what to do."""


def proposal_text(fix_id: str, title: str, proposal: Proposal) -> str:
    """A proposal as YAML for a person to edit."""
    entries = [
        {name: _shown(getattr(one, name)) for name in _ENTRY if name != "owner" or one.owner is not None}
        for one in proposal.entries
    ]
    parts: dict[str, Any] = {
        "entries": entries,
        "labels": [{name: getattr(one, name) for name in _LABEL} for one in proposal.labels],
        "triggers": [dict(one) for one in proposal.triggers],
        "settings": dict(proposal.settings),
        "asks_for": list(proposal.asks_for),
    }
    yaml = YAML()
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    written = io.StringIO()
    yaml.dump({name: value for name, value in parts.items() if value or name == "entries"}, written)
    return _HEAD.format(fix_id=fix_id, title=" ".join(title.split())) + written.getvalue()


def read_proposal(file: Path) -> Proposal:
    """The proposal that a file holds.

    Raises:
        WrongFixFile: it cannot be read, or is none; names place and fix.
    """
    try:
        if file.stat().st_size > MAX_BYTES:
            raise WrongFixFile(f"{file}: is larger than {MAX_BYTES:,} bytes, which no fix is.")
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise WrongFixFile(f"{file}: is not UTF-8 text (byte {error.start}). Save it as UTF-8.") from error
    except OSError as error:
        raise WrongFixFile(f"{file}: cannot be read: {error.strerror}.") from error
    try:
        document = YAML(typ="safe").load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise WrongFixFile(
            f"{file}:{line}: not valid YAML: {error.problem}. Check indentation, quotes and colons."
        ) from error
    except YAMLError as error:
        raise WrongFixFile(f"{file}: not valid YAML: {error}") from error
    try:
        return _proposal(document)
    except _Wrong as problem:
        raise WrongFixFile(f"{file}: {problem}") from problem


class _Wrong(ValueError):
    """Something in a document is not what it should be."""


def _proposal(document: Any) -> Proposal:
    parts = _mapping(document, "the file", _PARTS)
    entries = [_entry(one, place) for place, one in enumerate(_list(parts, "entries"), start=1)]
    labels = [_mapping(one, f"label {place}", _LABEL) for place, one in enumerate(_list(parts, "labels"), start=1)]
    triggers = [_mapping(one, f"trigger {place}") for place, one in enumerate(_list(parts, "triggers"), start=1)]
    settings = _mapping(parts.get("settings") or {}, "settings")
    return Proposal(
        entries=tuple(entries),
        labels=tuple(
            ProposedLabel(_text(one, "ticket_id", "a label"), _text(one, "category_id", "a label")) for one in labels
        ),
        triggers=tuple(triggers),
        settings=settings,
        asks_for=tuple(_texts(parts, "asks_for", "the file")),
    )


def _entry(value: Any, place: int) -> ProposedEntry:
    where = f"entry {place}"
    fields = _mapping(value, where, _ENTRY)
    conditions = _mapping(fields.get("conditions") or {}, f"conditions of {where}")
    owner = fields.get("owner")
    return ProposedEntry(
        entry_id=_text(fields, "entry_id", where),
        category_id=_text(fields, "category_id", where),
        question=_text(fields, "question", where),
        answer=_text(fields, "answer", where),
        conditions={name: allowed if isinstance(allowed, list) else [allowed] for name, allowed in conditions.items()},
        phrasings=_texts(fields, "phrasings", where),
        owner=None if owner is None else str(owner),
    )


def _mapping(value: Any, where: str, known: tuple[str, ...] | None = None) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _Wrong(f"{where} must be 'name: value' lines, not {_kind(value)}")
    strange = [str(name) for name in value if known is not None and name not in known]
    if strange:
        raise _Wrong(f"'{strange[0]}' is nothing that {where} has; it has {', '.join(known or ())}")
    return {str(name): one for name, one in value.items()}


def _list(fields: Mapping[str, Any], name: str) -> list[Any]:
    value = fields.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise _Wrong(f"{name} must be a list, not {_kind(value)}")
    return value


def _text(fields: Mapping[str, Any], name: str, where: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _Wrong(
            f"{name} of {where} must be words" + (", and is missing" if value is None else f", not {_kind(value)}")
        )
    return value


def _texts(fields: Mapping[str, Any], name: str, where: str) -> list[str]:
    found = _list(fields, name)
    if any(not isinstance(one, str) for one in found):
        raise _Wrong(f"{name} of {where} must be a list of words; put them in quotes")
    return found


def _kind(value: Any) -> str:
    names: dict[type, str] = {dict: "a mapping", list: "a list", str: "words", type(None): "nothing"}
    return names.get(type(value), f"'{value}'"[:60])


def _shown(value: Any) -> Any:
    return LiteralScalarString(value) if isinstance(value, str) and "\n" in value else value
