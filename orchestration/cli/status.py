"""``understudy status``, and the last words of ``understudy run``: where things stand, and where to look."""

import datetime as dt

import dagster as dg
from rich.console import Console
from rich.table import Table
from rich.text import Text

from desk.loading import Desk
from orchestration.check_states import check_states
from orchestration.instance import prepare_environment
from orchestration.lake import Lake, NotMaterialised
from orchestration.people.sign_offs import roadmap_signatures, signatures_in_words
from orchestration.resources import DeskResource


def show_status(desk: Desk, console: Console) -> None:
    """Print exports, assets with their rows and age, red checks, and signatures."""
    prepare_environment(desk)
    lake = Lake(desk.home)
    lake.prepare()
    console.print(Text(f"{desk.settings.company}  ({desk.folder})", style="bold"))
    console.print(f"home {desk.home}", markup=False, highlight=False, soft_wrap=True)
    from orchestration.definitions import defs

    with dg.DagsterInstance.get() as instance:
        console.print(f"{len(list(lake.manifests.glob('*.json')))} exports landed\n", highlight=False)
        table = Table("asset", "rows", "materialised", "checks", box=None)
        graph = defs.resolve_asset_graph()
        checks = check_states(instance, graph)
        for key in graph.toposorted_asset_keys:
            event = instance.get_latest_materialization_event(key)
            name = key.to_user_string()
            green, red = checks.get(key, (0, []))
            state = (
                Text(f"{len(red)} red: {', '.join(red)}", style="red")
                if red
                else Text(f"{green} green" if green else "")
            )
            if event is None:
                table.add_row(name, "", Text("never", style="yellow"), state)
            else:
                when = dt.datetime.fromtimestamp(event.timestamp, dt.UTC)
                table.add_row(name, _rows(event), f"{when:%Y-%m-%d %H:%M} UTC", state)
        console.print(table)
    console.print()
    console.print(_signature_line(desk), markup=False, highlight=False, soft_wrap=True)


def summarise(desk: Desk, console: Console) -> None:
    """Print what a run found: tickets, rejects, buckets, the first rows of the roadmap, and what to do next."""
    lake = Lake(desk.home)
    try:
        roadmap = lake.read("training_roadmap")
        tickets = lake.read("fct_tickets", ["ticket_id", "is_in_audit", "exclusion_reason"])
    except NotMaterialised:
        return
    rejected = _rejected(lake)
    audited = int(tickets["is_in_audit"].sum())
    excluded = ", ".join(f"{count:,} {reason}" for reason, count in tickets["exclusion_reason"].value_counts().items())
    console.print()
    if desk.settings.fictional:
        console.print(f"{desk.settings.company} is a fictional company.", style="italic")
    console.print(
        f"[bold]{len(tickets):,} tickets[/], {audited:,} in the audit"
        + (f" (left out: {excluded})" if excluded else "")
        + (f"; {rejected:,} records set aside with a reason (rejected_records)" if rejected else ""),
        highlight=False,
        soft_wrap=True,
    )
    table = Table("#", "category", "tickets", "bucket", title="Training roadmap: the first rows", title_justify="left")
    table.add_column("why")
    room = max(24, console.width - 62)  # one line a row: the page has the reasons in full
    styles = {"automate": "green", "hybrid": "yellow", "escalate": "red"}
    for row in roadmap.sort_values("rank").head(10).to_dict("records"):
        bucket = Text(row["bucket"], style=styles.get(row["bucket"], ""))
        reason = row["reasons"][0] if row["reasons"] else ""
        table.add_row(
            str(row["rank"]),
            Text(_shortened(row["name"], 28)),
            f"{row['count_tickets']:,}",
            bucket,
            Text(_shortened(reason, room)),
        )
    console.print(table)
    console.print(_signature_line(desk), markup=False, highlight=False, soft_wrap=True)
    is_built = _knowledge_lines(lake, console)
    if line := _agent_line(desk, lake):
        console.print(line, highlight=False, soft_wrap=True)
    if pilot := _pilot_line(lake):
        console.print(pilot, markup=False, highlight=False, soft_wrap=True)
    suffix = f" --desk {desk.folder}"
    commands = [
        ('understudy ask "How do I reset my password?"', "which entry answers, and why"),
        ("understudy knowledge audit", "what is wrong with articles and entries"),
    ]
    for command, purpose in (
        *(commands if is_built else []),
        *((('understudy decide "How do I cancel?"', "what the agent would do, and every reason"),) if line else ()),
        ("understudy report roadmap", "the whole roadmap as one page"),
        *((("understudy report pilot", "the pilot's verdict, and every figure behind it"),) if pilot else ()),
        ('understudy query "select * from training_roadmap"', "any asset, in SQL"),
        ("understudy dev", "lineage, runs and checks in the browser"),
    ):
        console.print(f"  {command}{suffix}", style="cyan", highlight=False, soft_wrap=True)
        console.print(f"      {purpose}", highlight=False)


def _knowledge_lines(lake: Lake, console: Console) -> bool:
    """Print what is live, what is covered and what the audit found; whether there is anything yet."""
    try:
        live, aside = lake.read("live_entries", ["entry_id"]), lake.read("entries_set_aside", ["entry_id"])
        coverage = lake.read("knowledge_coverage", ["is_first_tier", "is_covered"])
        findings = lake.read("knowledge_findings", ["status", "subject_kind"])
        drafts = lake.read("knowledge_drafts", ["status"])
    except NotMaterialised:
        return False
    first = coverage[coverage["is_first_tier"]]
    open_findings = findings[findings["status"] == "open"]["subject_kind"].value_counts()
    console.print(
        f"Knowledge: {len(live)} live entries ({len(aside)} set aside), {int(first['is_covered'].sum())} of {len(first)} "
        f"first-tier categories covered, {int((drafts['status'] == 'open').sum())} drafts to review; open findings: "
        f"{open_findings.get('article', 0)} on articles, {open_findings.get('entry', 0)} on entries.",
        highlight=False,
        soft_wrap=True,
    )
    return True


def _agent_line(desk: Desk, lake: Lake) -> str | None:
    """Which release decides, and in how many categories it may answer; None before stage 3 was run."""
    from ledger.releases import current_release

    try:
        releases = lake.read("agent_release", ["release_id", "count_entries"])
        thresholds = lake.read("confidence_thresholds", ["category_id", "bucket", "threshold"])
    except NotMaterialised:
        return None
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        current = current_release(ledger)
    which = f"release {current.release_id[:12]} is current" if current else "no release is current yet"
    mine = thresholds[thresholds["bucket"] == "automate"]
    certified = mine.loc[mine["threshold"].notna(), "category_id"].nunique()
    return (
        f"Agent: {which} ({len(releases)} built); a threshold is certified in {certified} of "
        f"{mine['category_id'].nunique()} categories that may be answered."
    )


def _pilot_line(lake: Lake) -> str | None:
    """Where the pilot stands: the verdict, else how many answers wait for a tag; None without a plan."""
    from assets.pilot_agent.answers.tag_coverage import untagged_answers
    from assets.pilot_agent.verdict.families import OVER_ALL

    try:
        plans, verdicts = lake.read("pilot_plan", ["pilot_id", "is_current", "is_signed"]), lake.read("pilot_verdict")
        answers, reviews = lake.read("shadow_answers"), lake.read("answer_reviews")
    except NotMaterialised:
        return None
    plans = plans[plans["is_current"]]
    if plans.empty:
        return None
    name = str(plans["pilot_id"].iloc[0])
    mine = answers[answers["pilot_id"] == name]
    left = len(untagged_answers(mine, reviews))
    said = f"Pilot '{name}': {len(mine):,} answers, {left:,} of them wait for a tag"
    if not plans["is_signed"].iloc[0]:
        return f"{said}; the plan is not signed (understudy sign-off pilot)."
    whole = verdicts[(verdicts["pilot_id"] == name) & (verdicts["group"] == OVER_ALL)]
    if whole.empty:
        return f"{said}; nothing to judge yet."
    others = verdicts[(verdicts["pilot_id"] == name) & (verdicts["group"] != OVER_ALL)]
    by_category = ", ".join(f"{row.group} {str(row.verdict).replace('_', ' ')}" for row in others.itertuples())
    return f"{said}. Verdict over all: {str(whole['verdict'].iloc[0]).replace('_', ' ')} ({by_category})."


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _signature_line(desk: Desk) -> str:
    if not any(category.bucket for category in desk.categories):
        roles = ", ".join(desk.settings.signers.get("roadmap", []))
        return f"Roadmap: nothing decided yet; {roles} must sign it (understudy sign-off roadmap)."
    return f"Roadmap: {signatures_in_words(roadmap_signatures(desk))}"


def _rejected(lake: Lake) -> int:
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(file).num_rows for file in (lake.folder / "rejected_records").glob("*.parquet"))


def _rows(event: dg.EventLogEntry) -> str:
    materialisation = event.asset_materialization
    value = materialisation.metadata.get("dagster/row_count") if materialisation else None
    return f"{value.value:,}" if value is not None and isinstance(value.value, int) else ""
