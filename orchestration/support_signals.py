"""New support signals told: in the log, and as JSON to an address the desk names.

Belongs here: telling each signal once. Does not belong here: finding signals (``assets.sustain_learning.signals``), other sensors
(``sensors``).

What is posted holds no customer's words or ids: the figures, the sentence (redacted words of training tickets, as people read
them in the console) and ids of example tickets. A signal counts as told when it was logged and, where an address is named,
taken by it; what was not taken is tried again at every look until it is. The address itself never enters log or cursor, since
it usually holds a secret.
"""

from __future__ import annotations

import http.client
import json
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import dagster as dg
import pandas as pd

from desk.loading import DeskError
from orchestration.resources import DeskResource

SIGNALS = dg.AssetKey("support_signals")
TIMEOUT_SECONDS = 10
AT_ONCE = 20
"""Signals of one post; the rest follows at the next look."""
REMEMBERED = 2_000
"""Ids in the cursor; no desk has so many signals that are not over."""
FIELDS = (
    "signal_id", "change", "dimension", "value", "status", "diagnosis", "is_explained", "release_name", "started_at", "found_at",
    "ended_at", "expected_per_day", "observed_per_day", "ratio", "count_tickets", "sentence", "example_ticket_ids",
)  # fmt: skip


class NotTaken(Exception):
    """The address did not take the signals; ``str()`` says why, without the address."""


@dg.sensor(
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Tells new support signals: in its log, and as JSON to the address in the variable that "
    "learning.signals_webhook_env names.",
)
def support_signal_sensor(context: dg.SensorEvaluationContext, desk: DeskResource) -> dg.SensorResult | dg.SkipReason:
    """The cursor holds the ids that were logged, and of these the ones the address took."""
    try:
        loaded = desk.desk
    except DeskError as error:
        return dg.SkipReason(f"the desk has a mistake and is not read: {error}")
    signals = desk.lake.previous("support_signals")
    if signals is None or not len(signals):
        return dg.SkipReason("there is no support signal yet")
    logged, taken = read_cursor(context.cursor)
    new = signals[signals["status"] != "over"].sort_values(["found_at", "signal_id"])
    to_log = new[~new["signal_id"].isin(logged)]
    for row in to_log.to_dict("records"):
        context.log.info(f"{row['change']} ({row['diagnosis']}): {row['sentence']}")
    logged = [*logged, *to_log["signal_id"].astype(str)]
    # A signal that ended before the address could be reached is still told to it.
    due = signals[signals["signal_id"].isin(logged) & ~signals["signal_id"].isin(taken)]
    due = due.sort_values(["found_at", "signal_id"]).head(AT_ONCE)
    variable = loaded.settings.learning.signals_webhook_env
    address = os.environ.get(variable, "") if variable else ""
    said = f"{len(to_log)} new support signals" if len(to_log) else "no new support signal"
    if address and len(due):
        try:
            post(address, loaded.settings.desk_id, due)
            taken = [*taken, *due["signal_id"].astype(str)]
            said += f"; {len(due)} sent to the address in {variable}"
        except NotTaken as error:
            context.log.warning(
                f"The address in {variable} did not take {len(due)} support signals: {error}. They are tried again."
            )
            said += f"; {len(due)} wait for the address in {variable}"
    elif variable and not address and len(due):
        said += f"; {variable} is not set, so that nothing is sent"
    events = [observation_of(row) for row in to_log.to_dict("records")]
    if events:
        return dg.SensorResult(asset_events=events, cursor=write_cursor(logged, taken))
    context.update_cursor(write_cursor(logged, taken))
    return dg.SkipReason(said)


def post(address: str, desk_id: str, signals: pd.DataFrame) -> None:
    """Send signals as one JSON document {"desk_id", "signals": [...]}.

    Raises:
        NotTaken: the address is none, cannot be reached in time, or answers with anything but success.
    """
    body = json.dumps({"desk_id": desk_id, "signals": [payload_of(row) for row in signals.to_dict("records")]}).encode()
    if urlsplit(address).scheme not in ("http", "https"):
        raise NotTaken("it does not begin with http:// or https://")
    try:
        request = urllib.request.Request(
            address, data=body, headers={"Content-Type": "application/json"}, method="POST"
        )
        with _opener().open(request, timeout=TIMEOUT_SECONDS):
            pass  # that it succeeded is all there is to know; what it says is not read
    except urllib.error.HTTPError as error:
        error.close()
        raise NotTaken(f"it answered {error.code}") from None
    except (urllib.error.URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", None)
        raise NotTaken(f"it cannot be reached ({type(reason or error).__name__})") from None
    except http.client.HTTPException as error:
        raise NotTaken(f"its answer is none ({type(error).__name__})") from None


def payload_of(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A signal as it is posted; times as ISO 8601, what is not known as null."""
    found: dict[str, Any] = {}
    for name in FIELDS:
        value = row.get(name)
        if isinstance(value, (list, tuple)):
            found[name] = [str(one) for one in value]
        elif value is None or value is pd.NA or value is pd.NaT or value != value:
            found[name] = None
        elif isinstance(value, pd.Timestamp):
            found[name] = value.isoformat()
        elif isinstance(value, bool | int | float | str):
            found[name] = value
        else:
            found[name] = value.item() if hasattr(value, "item") else str(value)
    return found


def observation_of(row: Mapping[Any, Any]) -> dg.AssetObservation:
    """A signal as an event of ``support_signals``."""
    return dg.AssetObservation(
        asset_key=SIGNALS,
        description=str(row["sentence"]),
        metadata={"signal_id": str(row["signal_id"]), "change": str(row["change"]), "diagnosis": str(row["diagnosis"])},
    )


def read_cursor(cursor: str | None) -> tuple[list[str], list[str]]:
    """Ids logged and ids taken by the address; a cursor that cannot be read counts as none, so that signals are told again."""
    try:
        held = json.loads(cursor or "{}")
        return [str(one) for one in held.get("logged", [])], [str(one) for one in held.get("taken", [])]
    except (ValueError, AttributeError, TypeError):
        return [], []


def write_cursor(logged: list[str], taken: list[str]) -> str:
    """The cursor, the oldest ids forgotten beyond ``REMEMBERED``."""
    return json.dumps({"logged": logged[-REMEMBERED:], "taken": taken[-REMEMBERED:]})


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Signals go where the desk says and nowhere else."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_NoRedirect)
