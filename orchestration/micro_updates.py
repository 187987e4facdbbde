"""The week's micro-update of a desk: the current release with what people accepted, built, replayed, never made current.

Belongs here: the order of steps, and what is read from lake, ledger and releases for them. Does not belong here: which
changes and entries are taken, what is right, what holds an update back (``assets.retrain_agent.updates``), signing and
activating (``releases``).

Everything of the current release that nobody changed stays as it is, models and thresholds included, so that a micro-update
never brings in a model that nobody judged. What keeps an update back stands beside its folder before the folder is there:
whoever is killed in between leaves a release that cannot be made current, and the next run says why again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.configure_behavior.releases.saved_release import ReleaseError, SavedRelease, find_release, read_release
from desk.behavior import BehaviorFile, behavior_hash
from ledger import releases as recorded
from ledger.sign_offs import sign_off_state
from orchestration.knowledge_index import index_over, known_encoding
from orchestration.release_building import build_parts, gather_update_parts, write_status
from orchestration.releases import releases_folder

if TYPE_CHECKING:
    import pandas as pd

    from assets.audit_tickets.vectors.encoder import Encoder
    from assets.configure_behavior.releases.agent_release import AgentRelease
    from assets.retrain_agent.updates.waiting_changes import Waiting
    from orchestration.resources import DeskResource

Progress = Callable[[int, int], None]
UNFINISHED = "its replay was not finished: run the week's micro-update again"


@dataclass(frozen=True)
class _Current:
    saved: SavedRelease
    release: AgentRelease


def run_micro_update(
    desk: DeskResource,
    encoder: Encoder,
    week: str,
    week_end: pd.Timestamp,
    changes: pd.DataFrame,
    cases: pd.DataFrame,
    red_checks: Iterable[str],
    on_progress: Progress | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Build and replay the week's release; changes that were released otherwise are replayed as well.

    Args:
        week: its Monday. week_end: nothing that was accepted from then on is read.
        changes: ``frames.CHANGE``. cases: ``frames.CASE``.
        red_checks: names of the blocking checks that are red now.

    Returns:
        ``frames.UPDATE`` and ``frames.REPLAYED`` as they then stand: the other weeks' rows are kept, and so is the row of a
        week whose changes have reached customers meanwhile.

    Raises:
        ReleaseError: a frame was never materialised, or the current release cannot be read.
    """
    from assets.pilot_agent.answers.frames import frame_of, typed
    from assets.retrain_agent.frames import REPLAYED, UPDATE
    from assets.retrain_agent.updates.judge_update import NOTHING, update_row

    lake = desk.lake
    as_of = min(desk.as_of(lake.read("fct_tickets")), week_end)
    updates, replays = (
        frame_of([], columns) if (found := lake.previous(name)) is None else typed(found, columns)
        for name, columns in (("micro_updates", UPDATE), ("change_replays", REPLAYED))
    )
    current = _current(desk, encoder)
    if current is None:
        row = update_row(week, None, as_of, notes=["no release is current yet: understudy release activate"])
        return _with_week(updates, row), replays
    waiting = _waiting(desk, current, changes, week_end)
    if waiting.taken.empty:
        row = update_row(
            week, current.saved.release_id, as_of, notes=["no accepted change can be taken up", *waiting.notes]
        )
        # What a week once built is no less true when it has reached customers; what nobody will get is not offered on.
        is_built = (updates["week"] == week) & (updates["status"] != NOTHING)
        met = set(changes.loc[changes["release_id"].notna(), "change_id"])
        is_met = any(met.intersection(one) for one in updates.loc[is_built, "change_ids"])
        updates = updates if is_met else _with_week(updates, row)
        mine = frame_of([], REPLAYED)
    else:
        row, mine = _update(
            desk, encoder, current, waiting, changes, cases, week, week_end, as_of, red_checks, on_progress
        )
        updates = _with_week(updates, row)
    accepted = changes[changes["accepted_at"] < week_end]
    replays = _with_changes(replays, mine)
    return updates, _with_changes(replays, replay_changes(desk, encoder, accepted, cases, replays, as_of, on_progress))


def replay_changes(
    desk: DeskResource,
    encoder: Encoder,
    changes: pd.DataFrame,
    cases: pd.DataFrame,
    known: pd.DataFrame,
    as_of: pd.Timestamp,
    on_progress: Progress | None = None,
) -> pd.DataFrame:
    """Replay changes that reached customers with a release that no micro-update replayed, such as a full build.

    Args:
        changes: ``frames.CHANGE``. cases: ``frames.CASE``.
        known: ``frames.REPLAYED`` that are there: a change that was replayed with the release that took it to customers is
            not replayed again.

    Returns:
        ``frames.REPLAYED`` of the changes replayed now; those whose release, or the one before it, is gone have no rows.
    """
    import pandas as pd

    from assets.configure_behavior.releases.release_files import load_release
    from assets.pilot_agent.answers.frames import frame_of
    from assets.retrain_agent.frames import REPLAYED
    from assets.retrain_agent.updates.replay_cases import Step, replay_step

    released = changes[changes["release_id"].notna()]
    done = set(zip(known["change_id"], known["after_release_id"], strict=True))
    is_left = [pair not in done for pair in zip(released["change_id"], released["release_id"], strict=True)]
    with desk.ledger as ledger:
        before: dict[str, str] = {}
        for one in recorded.activations(ledger):
            if one.replaces is not None and not one.is_rollback:
                before.setdefault(one.release_id, one.replaces)
    found = [frame_of([], REPLAYED)]
    for release_id, mine in released[pd.Series(is_left, index=released.index, dtype="bool")].groupby(
        "release_id", sort=True
    ):
        try:
            sides = [
                find_release(releases_folder(desk.desk), one) for one in (before[str(release_id)], str(release_id))
            ]
            step = Step(*(load_release(one, encoder) for one in sides))
        except (KeyError, ReleaseError):
            continue
        encode = known_encoding(desk.lake, encoder, cases["ticket_id"])
        found.append(replay_step(step, mine, cases, encode, as_of, on_progress))
    return pd.concat([one for one in found if len(one)] or found[:1], ignore_index=True)


def _update(
    desk: DeskResource,
    encoder: Encoder,
    current: _Current,
    waiting: Waiting,
    changes: pd.DataFrame,
    cases: pd.DataFrame,
    week: str,
    week_end: pd.Timestamp,
    as_of: pd.Timestamp,
    red_checks: Iterable[str],
    on_progress: Progress | None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    from assets.configure_behavior.releases.release_files import load_release
    from assets.retrain_agent.updates.judge_update import changed_triggers, judge_update, update_row
    from assets.retrain_agent.updates.replay_cases import Step, replay_step
    from assets.retrain_agent.updates.update_entries import update_entries

    red = sorted(red_checks)
    chosen = update_entries(_versions(current.saved), desk.lake.read("live_entries"), waiting.taken, changes, week_end)
    rows = _entry_rows(desk, chosen.versions)
    behavior = current.release.behavior if waiting.behavior_hash is None else _spec(desk, waiting.behavior_hash)
    encode = known_encoding(desk.lake, encoder, cases["ticket_id"])
    index = index_over(desk, encoder, rows, current.release)
    parts = gather_update_parts(desk, encoder, current.release, current.saved.recipe, rows, index, behavior)
    releases, about = releases_folder(desk.desk), f"micro-update of {week}"
    report = build_parts(desk, parts, red, unsigned=True, held=[f"{about}: {UNFINISHED}"], on_progress=on_progress)
    built = report.built
    # What lies in the folder is what would answer: whoever runs this again replays the same.
    after = load_release(built.folder, encoder)
    replayed = replay_step(Step(current.release, after), waiting.taken, cases, encode, as_of, on_progress)
    judged = judge_update(
        waiting.taken,
        replayed,
        (current.saved.regression, read_release(built.folder).regression),
        red,
        beside=chosen.beside,
        changed_triggers=changed_triggers(current.release.behavior, behavior),
    )
    # Red checks stand there by themselves.
    held = judged.held[len(red) :]
    write_status(releases, built.release_id, red, [f"{about}: {one}" for one in held])
    row = update_row(
        week,
        current.saved.release_id,
        as_of,
        release_id=built.release_id,
        change_ids=waiting.taken["change_id"].tolist(),
        judged=judged,
        notes=[*chosen.notes, *waiting.notes],
    )
    return row, replayed


def _current(desk: DeskResource, encoder: Encoder) -> _Current | None:
    from assets.configure_behavior.releases.release_files import load_release

    with desk.ledger as ledger:
        current = recorded.current_release(ledger)
    if current is None:
        return None
    folder = find_release(releases_folder(desk.desk), current.release_id)
    return _Current(read_release(folder), load_release(folder, encoder))


def _waiting(desk: DeskResource, current: _Current, changes: pd.DataFrame, week_end: pd.Timestamp) -> Waiting:
    from assets.retrain_agent.updates.waiting_changes import Incumbent, waiting_changes

    live = desk.lake.read("live_entries")
    incumbent = Incumbent(
        _versions(current.saved), set(current.release.categories), behavior_hash(current.release.behavior)
    )
    contents, categories = (
        dict(zip(live["entry_id"], live[name], strict=True)) for name in ("content_hash", "category_id")
    )
    signed = _signed_before(desk, sorted(set(changes["behavior_hash"].dropna())), week_end)
    return waiting_changes(changes, incumbent, contents, categories, signed, week_end)


def _signed_before(desk: DeskResource, hashes: list[str], moment: pd.Timestamp) -> set[str]:
    """Specs whose every required signature was given before a moment and stands."""
    roles = desk.desk.settings.signers["behavior"]
    with desk.ledger as ledger:
        states = {one: sign_off_state(ledger, "behavior", one, roles) for one in hashes}
    required = {role.casefold() for role in roles}
    return {
        name
        for name, state in states.items()
        if state.is_complete
        and required <= {one.role.casefold() for one in state.signatures if one.occurred_at < moment.to_pydatetime()}
    }


def _spec(desk: DeskResource, name: str) -> BehaviorFile:
    specs = desk.lake.read("behavior_spec")
    found = specs.loc[specs["behavior_hash"] == name, "content"]
    if found.empty:
        raise ReleaseError(f"the behavior spec {name[:12]} was never read. Run: understudy run configure_behavior")
    return BehaviorFile.model_validate_json(found.iloc[0])


def _versions(saved: SavedRelease) -> set[tuple[str, str]]:
    return {(name, str(row["content_hash"])) for name, row in saved.entries.items()}


def _entry_rows(desk: DeskResource, versions: dict[str, str]) -> pd.DataFrame:
    """The chosen versions as rows of ``live_entries``; one that is live no more comes from what is kept of it."""
    import pandas as pd

    live, every = desk.lake.read("live_entries"), desk.lake.read("knowledge_entries")
    both = pd.concat([live, every[list(live.columns)]], ignore_index=True)
    is_chosen = [versions.get(a) == b for a, b in zip(both["entry_id"], both["content_hash"], strict=True)]
    return both[is_chosen].drop_duplicates("entry_id").sort_values("entry_id", ignore_index=True)


def _with_week(updates: pd.DataFrame, row: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    others = updates[updates["week"] != row["week"].iloc[0]]
    frame = pd.concat([others, row], ignore_index=True) if len(others) else row
    return frame.sort_values("week", ignore_index=True)


def _with_changes(replays: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """The replays with those of some changes replaced."""
    import pandas as pd

    if new.empty:
        return replays
    others = replays[~replays["change_id"].isin(set(new["change_id"]))]
    frame = pd.concat([others, new], ignore_index=True) if len(others) else new
    return frame.sort_values(["change_id", "ticket_id"], ignore_index=True)
