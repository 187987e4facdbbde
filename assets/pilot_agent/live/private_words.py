"""What of a live request must not reach the lake as it is: who asked, and what anybody wrote.

Belongs here: the pseudonym, and the names and addresses a request itself gives away. Does not belong here: the rules that
find personal data in text (``audit_tickets.texts.redaction``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assets.audit_tickets.texts.redaction import redact
from assets.configure_behavior.decisions.reading import plain_text

_NAME_FIELDS = frozenset(
    ("name", "first_name", "last_name", "full_name", "customer_name", "requester_name", "user_name", "username")
)
_EMAIL = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,190}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:#/-]{0,127}")
_MAX_CHARS, _MAX_KNOWN = 200, 20


def pseudonym(desk_id: str, requester_id: str | None) -> str | None:
    """16 hex digits that stand for a requester, the same as in ``fct_tickets`` where the client sends the e-mail address,
    or the helpdesk's own id as ``<helpdesk>:<id>`` of somebody without an address. None for nobody.
    """
    said = (requester_id or "").strip()
    if not said:
        return None
    said = said.lower() if _EMAIL.fullmatch(said) else said
    return hashlib.sha256(f"{desk_id}{said}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True)
class Redactor:
    """Takes personal data out of what was said about one decision. names, emails: of the requester, so that they go where
    they stand alone as well."""

    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()

    @classmethod
    def of(cls, request: Mapping[str, Any] | None) -> Redactor:
        """One that knows what a request says of its requester."""
        said = request or {}
        context = said.get("context")
        facts = context if isinstance(context, Mapping) else {}
        known = [
            (str(field).casefold(), value[:_MAX_CHARS]) for field, value in facts.items() if isinstance(value, str)
        ]
        names = [" ".join(value.split()) for field, value in known if field in _NAME_FIELDS and "@" not in value]
        addresses = _EMAIL.findall(" ".join([value for _, value in known] + [str(said.get("requester_id") or "")]))
        return cls(
            tuple(dict.fromkeys(name for name in names if name))[:_MAX_KNOWN],
            tuple(dict.fromkeys(one.lower() for one in addresses))[:_MAX_KNOWN],
        )

    def words(self, said: str | None) -> str | None:
        """A text as it may be stored: what people read of it, bounded, without personal data. None for no words."""
        plain = plain_text(said) if said else ""
        return self.line(plain) or None

    def line(self, ours: str) -> str:
        """Something we wrote, which may repeat what somebody said, without personal data; its lines are kept."""
        return redact(ours, names=self.names, emails=self.emails).text

    def identifier(self, said: str | None) -> str | None:
        """An id as it came, if it looks like one; else as any other words."""
        return said if said is None or _ID.fullmatch(said) else self.words(said[:_MAX_CHARS])
