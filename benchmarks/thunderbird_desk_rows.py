"""The ten most telling rows of everything a desk publishes: what to look at first in each asset, and in which order.

Belongs here: one query a table. Does not belong here: running anything. Tables that hold personal data are counted alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.lake import PRIVATE, Lake

ROWS, WIDTH = 10, 60
FIRST = "select * from t"

TELLING: dict[str, str] = {
    "rejected_records": "select reason, count(*) as records, any_value(detail) as such_as from t group by 1 order by 2 desc",
    "fct_tickets": "select strftime(created_at, '%Y-%m') as month, count(*) as tickets, sum(is_in_audit::int) as in_audit, "
    "count(solved_at) as solved, median(first_reply_calendar_minutes)::int as first_reply_minutes from t group by 1 order by 1 desc",
    "fct_ticket_comments": "select author_role, is_public, count(*) as comments, count(distinct ticket_id) as tickets, "
    "sum(is_solution::int) as solutions from t group by all order by 3 desc",
    "dim_requesters": "select count_tickets, first_seen_at::date as first, last_seen_at::date as last, locale from t order by 1 desc",
    "dim_categories": "select category_id, bucket, tier, owner, count_labelled_tickets from t order by 5 desc",
    "redacted_comments": "select language, count(*) as comments, sum(count_redactions)::int as redactions from t group by 1 order by 2 desc",
    "ticket_vectors": "select language, count(*) as tickets, count(distinct text_hash) as texts from t group by 1 order by 2 desc",
    "ticket_splits": "select split, reason, count(*) as tickets from t group by 1, 2 order by 3 desc",
    "category_candidates": "select name, count_tickets, status, language, key_terms[:5] as terms from t order by 2 desc",
    "ticket_intents": "select assigned_category_id, assigned_by, count(*) as tickets, round(avg(confidence), 2) as confidence "
    "from t group by 1, 2 order by 3 desc",
    "training_roadmap": "select rank, name, count_tickets, bucket, tier, round(one_touch_rate, 2) as one_touch, reasons[1] as why from t order by 1",
    "customer_questions": "select category_id, question, round(strength, 2) as strength from t order by strength desc, ticket_id",
    "help_center_articles": "select title, count(*) as sections, count(distinct conditions) as kinds_of_readers from t group by 1 order by 2 desc",
    "rejected_articles": "select reason, count(*) as articles, any_value(detail) as such_as from t group by 1 order by 2 desc",
    "knowledge_findings": "select type, reason, subject_kind, status, count(*) as findings, any_value(evidence) as such_as from t group by 1, 2, 3, 4 order by 5 desc",
    "knowledge_drafts": "select category_id, question, origin, round(score, 2) as score, status from t order by status = 'open' desc, score desc",
    "drafting_report": "select name, reason, detail from t order by count_tickets desc",
    "knowledge_entries": "select category_id, question, conditions, is_accepted from t where is_current order by entry_id",
    "live_entries": "select category_id, question, conditions, len(phrasings) as phrasings from t order by len(phrasings) desc",
    "entries_set_aside": "select entry_id, why_not_live from t order by 1",
    "knowledge_coverage": "select name, bucket, tier, count_live_entries as live, entries_needed, is_covered, count_tickets from t order by rank",
    "answered_tickets": "select entry_id, evidence, count(*) as tickets from t group by 1, 2 order by 3 desc",
    "retrieval_index": "select index_version, count(*) as entries from t group by 1",
    "ledger_events": "select event_type, role, count(*) as events from t group by 1, 2 order by 3 desc",
    "behavior_spec": "select left(behavior_hash, 12) as spec, is_current, is_signed, missing_roles, count_triggers from t",
    "confidence_thresholds": "select name, risk, threshold, upper_bound, coverage, count_calibration, why from t "
    "order by threshold is null, coverage desc, count_calibration desc",
    "calibrated_answers": "select part, label_source, count(*) as answers, round(avg(is_wrong::int), 3) as wrong from t group by 1, 2 order by 3 desc",
    "risk_coverage": "select scope, count_answered, round(coverage, 3) as coverage, round(risk, 3) as risk, round(upper_bound, 3) as at_most "
    "from t where scope = 'all' order by count_answered",
    "regression_set": "select category_id, split, count(*) as tickets from t group by 1, 2 order by 3 desc",
    "agent_release": "select left(release_id, 12) as release, count_entries, count_categories, is_signed, len(problems) as problems, problems[1] as first_problem from t",
    "replay_answers": "select action, handoff_reason, count(*) as tickets, sum((judged_by <> 'none')::int) as judged, "
    "round(avg(is_entry_right::int), 2) as entry_right, round(avg(is_category_right::int), 2) as category_right from t group by 1, 2 order by 3 desc",
    "judged_answers": "select source, action, is_wrong, count(*) as answers from t group by 1, 2, 3 order by 4 desc",
    "failures": "select failure_type, count(*) as failures, round(avg(type_confidence), 2) as how_sure, any_value(evidence) as such_as from t group by 1 order by 2 desc",
    "failure_patterns": "select name, failure_type, count_failures, round(tickets_per_month, 1) as a_month, trend from t where status = 'open' order by 4 desc",
    "fix_queue": "select rank, title, kind, round(tickets_per_month, 1) as a_month, why from t where status = 'open' order by 1",
    "micro_updates": "select week, status, count_affected, count_mended, count_broken, why[1] as why from t order by 1 desc",
    "candidate_release": "select month, verdict, why[1] as why from t order by 1 desc",
    "training_effects": "select sentence from t",
}  # fmt: skip
"""SQL over one table, called t. A table without a query of its own shows its first rows."""


def telling_rows(lake: Lake, rows: int = ROWS) -> dict[str, tuple[int, list[dict[str, Any]]]]:
    """How many rows each published table has, and its most telling ones; none of a private table."""
    found: dict[str, tuple[int, list[dict[str, Any]]]] = {}
    for name, where in lake.published().items():
        with duckdb.connect() as engine:
            engine.execute("set timezone = 'UTC'")
            engine.execute(f"create view t as select * from read_parquet('{_quoted(where)}', union_by_name = true)")
            (count,) = engine.execute("select count(*) from t").fetchone() or (0,)
            if name in PRIVATE:
                found[name] = (count, [])
                continue
            try:
                table = engine.execute(f"select * from ({TELLING.get(name, FIRST)}) limit {rows}")
            except duckdb.BinderException:  # its columns changed: an hour's work is not lost over what is shown of it
                table = engine.execute(f"select * from ({FIRST}) limit {rows}")
            names = [column[0] for column in table.description or []]
            found[name] = (count, [dict(zip(names, row, strict=True)) for row in table.fetchall()])
    return found


def print_rows(found: dict[str, tuple[int, list[dict[str, Any]]]], console: Console) -> None:
    """A table for each; long words are cut."""
    for name, (count, rows) in found.items():
        console.print(f"\n[bold]{name}[/]: {count:,} rows", highlight=False)
        if not rows:
            continue
        table = Table(*list(rows[0])[:8], box=None, pad_edge=False)
        for row in rows:
            table.add_row(*[Text(_short(value)) for value in list(row.values())[:8]])
        console.print(table)


def _short(value: Any) -> str:
    said = "" if value is None else " ".join(str(value).split())
    return said if len(said) <= WIDTH else f"{said[: WIDTH - 1]}…"


def _quoted(where: str | Path) -> str:
    return str(where).replace("'", "''")
