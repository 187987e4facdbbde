"""What a review makes: the entry that results from accepting a draft or an entry, and the signature on it.

Belongs here: pure steps from draft to entry, for the command line and for a simulated reviewer alike. Does not belong
here: where files lie, who may review (the desk), how a signature is kept (``ledger``).
"""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pandas as pd

from assets.build_knowledge.conditions import load_conditions
from desk.entry import MAX_ID_CHARS
from desk.knowledge import Entry
from ledger.events import Event
from ledger.knowledge import EntryAcceptance, accept_entries
from ledger.store import Ledger

_SLUG_CHARS = 48


class ReviewError(ValueError):
    """A draft or an entry cannot be accepted as asked; the message says what is missing."""


def draft_entry(
    draft: Mapping[str, Any], *, overrides: Mapping[str, Any] | None = None, taken: Collection[str] = ()
) -> Entry:
    """The entry that a draft proposes, with status draft.

    Args:
        draft: a row of ``knowledge_drafts``.
        overrides: fields of ``Entry`` to set otherwise, such as ``question`` or ``id``.
        taken: ids of other entries; the new id is none of them.

    Raises:
        pydantic.ValidationError: draft and overrides together are no entry.
    """
    sources = draft.get("sources")
    owner = draft.get("suggested_owner")
    conditions = draft.get("conditions")
    fields: dict[str, Any] = {
        "category": draft["category_id"],
        "question": draft["question"],
        "conditions": load_conditions(conditions) if isinstance(conditions, str) else conditions,
        "phrasings": [one for one in draft["phrasings"] if one] if _is_given(draft.get("phrasings")) else [],
        "owner": owner if _is_given(owner) else None,
        "sources": json.loads(sources) if isinstance(sources, str) else list(sources or []),
        "status": "draft",
        "draft_id": draft["draft_id"],
        "answer": draft["answer"],
        **(overrides or {}),
    }
    fields.setdefault("id", entry_id_for(fields["question"], fields["conditions"] or {}, draft["draft_id"], taken))
    return Entry.model_validate(fields)


def accept_entry(entry: Entry, owner: str | None, reviewed_at: dt.date, review_by: dt.date) -> Entry:
    """The entry as it stands once accepted: status, review dates, and the owner if one is named.

    Raises:
        ReviewError: nobody owns it, or the next review does not lie after this one.
    """
    if review_by <= reviewed_at:
        raise ReviewError(f"the next review ({review_by}) must lie after this one ({reviewed_at})")
    accepted = entry.changed(
        owner=owner or entry.owner, status="accepted", reviewed_at=reviewed_at, review_by=review_by
    )
    if accepted.owner is None:
        raise ReviewError(f"'{entry.id}' has no owner, and an entry nobody owns is never live; name one")
    return accepted


def accept_draft(
    draft: Mapping[str, Any],
    owner: str | None,
    reviewed_at: dt.date,
    review_by: dt.date,
    overrides: Mapping[str, Any] | None = None,
    taken: Collection[str] = (),
) -> Entry:
    """The entry that results from accepting a draft; without ``owner`` the suggested one answers for it.

    Arguments and errors as in ``draft_entry`` and ``accept_entry``.
    """
    return accept_entry(draft_entry(draft, overrides=overrides, taken=taken), owner, reviewed_at, review_by)


def entry_file(entry: Entry) -> str:
    """Where an entry's file belongs, within the folder of entries: ``<category>/<id>.md``."""
    return entry.file or f"{entry.category}/{entry.id}.md"


def sign_entries(
    ledger: Ledger,
    entries: Iterable[Entry],
    *,
    by: str,
    role: str,
    occurred_at: dt.datetime,
    known_roles: Iterable[str],
    note: str | None = None,
) -> list[Event]:
    """Record the acceptance of entries, each bound to its content hash, in one transaction.

    Raises:
        LedgerError: the role may not, or a name is missing; nothing is recorded then.
    """
    accepted = [EntryAcceptance(one.id, one.semantic_fields(), one.review_by, one.draft_id) for one in entries]
    return accept_entries(
        ledger, accepted, by=by, role=role, occurred_at=occurred_at, known_roles=known_roles, note=note
    )


def entry_id_for(question: str, conditions: Mapping[str, Iterable[str]], salt: str, taken: Collection[str]) -> str:
    """A readable id for a question under its conditions, such as ``how-do-i-reset-my-password-sso``.

    Where it is taken, or no letter of the question can stand in an id, six characters made of ``salt`` end it.
    """
    words = [
        _slug(question)[:_SLUG_CHARS].rpartition("-")[0] if len(_slug(question)) > _SLUG_CHARS else _slug(question)
    ]
    for field, values in sorted(conditions.items()):
        shown = sorted(values)
        words.append({"true": field, "false": f"no-{field}"}.get("-".join(shown), "-".join(shown)))
    found = _slug("-".join(words))[:MAX_ID_CHARS].strip("-")
    if found and found not in taken:
        return found
    end = (re.sub(r"[^a-z0-9]", "", salt.rpartition("_")[2].lower()) or "entry")[:6]
    return f"{found[: MAX_ID_CHARS - 7].strip('-') or 'entry'}-{end}"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")


def _is_given(value: Any) -> bool:
    return value is not None and not (pd.api.types.is_scalar(value) and pd.isna(value))
