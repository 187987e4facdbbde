"""How the files of one helpdesk are laid out: which lists a page holds, what a file's name says, what each record is.

Belongs here: the description of a layout and the choice of a record's kind. Does not belong here: the layouts
themselves (``zendesk_records`` and its siblings) or the checks (``record_shapes``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from assets.audit_tickets.landing.record_shapes import RecordShape, check_record
from assets.audit_tickets.landing.record_values import describe
from assets.audit_tickets.landing.records import BadRecord, CheckedRecord, ReadRecord, RejectReason


@dataclass(frozen=True)
class RecordFormat:
    """The layout of one helpdesk's exports.

    ``sections`` maps a page's lists to a record kind, None where the records say it themselves. ``file_words`` are
    words of file names that name a kind; the leftmost in the name counts, then the folder's. ``kind_of`` recognises
    a whole record by its keys and must not take a part nested in another record for one.
    """

    helpdesk: str
    shapes: Mapping[str, RecordShape]
    sections: Mapping[str, str | None]
    file_words: Mapping[str, str]
    kind_of: Callable[[dict[str, Any]], str | None]

    def kind_of_file(self, name: str) -> str | None:
        """The record kind that a file's name, or else its folder's, announces."""
        if not self.file_words:
            return None
        words = "|".join(sorted(map(re.escape, self.file_words), key=len, reverse=True))
        for part in reversed(name.lower().split("/")):
            match = re.search(rf"(?<![a-z])({words})(?![a-z])", part)
            if match:
                return self.file_words[match[1]]
        return None

    def choose_kind(self, record: ReadRecord, file_kind: str | None) -> str | None:
        """The kind of a record: its own keys say it, else the page's list, else the file's name; None: not used.

        Keys come first because after damage the reader may be in another list than it thinks.
        """
        if record.section is not None and record.section not in self.sections:
            return None
        own = self.kind_of(record.value) if isinstance(record.value, dict) else None
        return own or (self.sections[record.section] if record.section else None) or file_kind or "ticket"

    def check(self, record: ReadRecord, kind: str | None) -> CheckedRecord:
        """The record, checked.

        Raises:
            BadRecord: why it is set aside.
        """
        if kind is None or kind not in self.shapes:
            raise BadRecord(RejectReason.UNUSED_RECORD, "a list of records the platform has no use for")
        if not isinstance(record.value, dict):
            raise BadRecord(RejectReason.NOT_AN_OBJECT, f"expected an object, found {describe(record.value)}")
        return check_record(record.value, self.shapes[kind])
