"""The inbox as the instance sees it: which exports there are, which have been landed, which must wait.

Belongs here: joining the inbox with what lies in the lake. Does not belong here: finding and identifying exports
(``assets.audit_tickets.landing.exports``), reading them (``landing``).
"""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from assets.audit_tickets.landing.exports import (
    ExportObservation,
    FoundExport,
    find_exports,
    identify_export,
    is_complete,
    observe_export,
)
from desk.loading import Desk
from desk.models import Helpdesk
from orchestration.lake import PARTITIONED, Lake, replacing

OnProgress = Callable[[int, int], None]
NOT_LANDED = "not landed: "
"""How the observation of an export begins that could not be landed, so that the command can tell a person."""


@dataclass(frozen=True)
class IdentifiedExport:
    """An export of the inbox with its identity, and whether the lake already holds it."""

    export_id: str
    found: FoundExport
    is_landed: bool


@dataclass
class InboxView:
    """What lies in the inbox: ``complete`` may be landed; ``notes`` are sentences about what may not."""

    complete: list[IdentifiedExport] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    observations: dict[str, dict] = field(default_factory=dict)

    @property
    def new(self) -> list[IdentifiedExport]:
        """Complete exports that are not in the lake yet, each content once."""
        return list({export.export_id: export for export in reversed(self.complete) if not export.is_landed}.values())[
            ::-1
        ]


def reading_of(helpdesk: Helpdesk) -> str:
    """Digest of how a helpdesk's exports are read: a corrected mapping means landing them again."""
    mapping = helpdesk.mapping.model_dump_json() if helpdesk.mapping else ""
    return hashlib.sha256(f"{helpdesk.name}|{helpdesk.kind}|{mapping}".encode()).hexdigest()[:16]


def is_landed(lake: Lake, export_id: str, reading: str) -> bool:
    """Whether an export's records, rejects and manifest are all in place, as read now; a killed landing is not landed."""
    files = [lake.partition_file(name, export_id) for name in PARTITIONED]
    manifest = lake.manifests / f"{export_id}.json"
    return (
        all(file.is_file() for file in [*files, manifest])
        and json.loads(manifest.read_text()).get("reading") == reading
    )


def view_inbox(
    desk: Desk, lake: Lake, previous: dict[str, dict] | None = None, on_progress: OnProgress | None = None
) -> InboxView:
    """Look at the inbox once.

    Args:
        previous: ``observations`` of an earlier look; an export that changed since then waits.
        on_progress: called with (exports looked at, exports in all).

    Raises:
        UnreadableExport: the inbox cannot be listed.
    """
    inbox = find_exports(desk.inbox, desk.settings.helpdesks)
    readings = {helpdesk.name: reading_of(helpdesk) for helpdesk in desk.settings.helpdesks}
    view = InboxView(notes=[f"{entry.name} was left alone: it {entry.reason}" for entry in inbox.unmatched])
    cache_file = lake.home / "cache" / "export_hashes.json"
    cache: dict[str, str] = json.loads(cache_file.read_text()) if cache_file.is_file() else {}
    known = dict(cache)
    for count, found in enumerate(inbox.exports):
        if on_progress is not None:
            on_progress(count, len(inbox.exports))
        now = observe_export(found.path, time.time_ns())
        earlier = (previous or {}).get(found.name)
        state = is_complete(now, ExportObservation.from_dict(earlier) if earlier else None)
        view.observations[found.name] = now.to_dict()
        if state.is_complete:
            export_id = identify_export(found.path, cache)
            view.complete.append(IdentifiedExport(export_id, found, is_landed(lake, export_id, readings[found.source])))
        else:
            view.notes.append(f"{found.name} waits: {state.reason}")
    if on_progress is not None:
        on_progress(len(inbox.exports), len(inbox.exports))
    if cache != known:
        with replacing(cache_file) as temporary:
            temporary.write_text(json.dumps(cache))
    return view


def view_settled_inbox(
    desk: Desk, lake: Lake, on_progress: OnProgress | None = None, wait_seconds: float = 2.0
) -> InboxView:
    """Look at the inbox and, where something was changed only just now, look again a little later."""
    first = view_inbox(desk, lake, on_progress=on_progress)
    if len(first.complete) == len(first.observations):
        return first
    time.sleep(wait_seconds)
    return view_inbox(desk, lake, previous=first.observations, on_progress=on_progress)
