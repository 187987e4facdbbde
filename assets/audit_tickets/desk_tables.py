"""What people wrote in the desk, as tables that SQL can join.

Belongs here: flattening ``desk.yaml``, ``categories.yaml`` and ``releases.csv``. Does not belong here: reading the files (``desk``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from desk.models import Category, DeskFile, ReleaseEvent

if TYPE_CHECKING:
    import pandas as pd

DESK = "*"
"""The ``source`` of rows that are settings of the desk as a whole."""


def desk_fields(settings: DeskFile) -> pd.DataFrame:
    """One row per helpdesk and context field: ``source``, ``field``, ``key``; and the desk's own rows."""
    import pandas as pd

    rows = [
        (DESK, "_desk_id", settings.desk_id),
        (DESK, "_labels_from_tags", str(settings.labels.tags).lower()),
        *((DESK, "_labels_from", name) for name in settings.labels.fields),
        *((DESK, "_label_ignored", value) for value in settings.labels.ignore),
        *((helpdesk.name, name, key) for helpdesk in settings.helpdesks for name, key in helpdesk.fields.items()),
    ]
    return pd.DataFrame(rows, columns=["source", "field", "key"], dtype="str")


def desk_markers(settings: DeskFile) -> pd.DataFrame:
    """One row per helpdesk and marker: ``source``, ``kind``, ``value``."""
    import pandas as pd

    rows = []
    for helpdesk in settings.helpdesks:
        bots, markers = helpdesk.bots, helpdesk.markers
        for kind, values in (
            ("bot_author_id", bots.author_ids),
            ("bot_author_name", bots.author_names),
            ("bot_tag", bots.tags),
            ("spam_tag", markers.spam_tags),
            ("automated_tag", markers.automated_tags),
            ("automated_sender", markers.automated_senders),
            ("automated_subject", markers.automated_subjects),
            ("merged_tag", markers.merged_tags),
        ):
            rows += [(helpdesk.name, kind, value) for value in values]
    return pd.DataFrame(rows, columns=["source", "kind", "value"], dtype="str")


def accepted_categories(categories: Iterable[Category]) -> pd.DataFrame:
    """One row per accepted category, lists as lists, in the order of the file."""
    import pandas as pd

    names = ["name", "description", "bucket", "tier", "owner", "labels", "examples", "merged_from"]
    rows = [(category.id, *(getattr(category, name) for name in names)) for category in categories]
    frame = pd.DataFrame(rows, columns=["category_id", *names])
    for name in ("category_id", "name", "description", "bucket", "owner"):
        frame[name] = frame[name].astype("str")
    frame["tier"] = frame["tier"].astype("Int64")
    return frame


def release_events(releases: Iterable[ReleaseEvent]) -> pd.DataFrame:
    """One row per release, price or policy change: ``date`` (UTC midnight), ``affects`` as a list of terms."""
    import pandas as pd

    words = ["kind", "name", "version", "description"]
    rows = [
        (
            event.date,
            *(getattr(event, name) for name in words),
            [one.strip() for one in event.affects.split(";") if one],
        )
        for event in releases
    ]
    frame = pd.DataFrame(rows, columns=["date", *words, "affects"])
    frame["date"] = pd.to_datetime(frame["date"], utc=True).astype("datetime64[us, UTC]")
    return frame.astype(dict.fromkeys(words, "str"))
