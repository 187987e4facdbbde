"""The tables of the pilot's page: verdicts, conditions, tags, reasons, replay.

Belongs here: choosing and formatting rows of published frames. Does not belong here: metrics by cut (``metric_tables``),
sentences (``pilot_words``), judging.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from assets.audit_tickets.roadmap.roadmap_examples import shorten
from assets.pilot_agent.answers.answer_reviews import standing
from assets.pilot_agent.answers.frames import CONTROL, ROLLOUT, SHADOW
from assets.pilot_agent.answers.replay_metrics import replay_rates
from assets.pilot_agent.answers.tag_coverage import tag_coverage
from assets.pilot_agent.report import pilot_words
from assets.pilot_agent.report.pilot_findings import PilotFindings
from assets.pilot_agent.report.worth_reading import severest_reviews
from assets.pilot_agent.verdict.families import OVER_ALL, SMALL
from assets.pilot_agent.verdict.outcomes import REVIEWS
from assets.pilot_agent.verdict.pilot_metrics import AT_ONCE
from assets.pilot_agent.verdict.pilot_verdict import VERDICT_WORDS

REASONS_SHOWN = 8
_MAX_REASON_CHARS = 140
RESULTS = {
    "good": ("✓", "shown to be good enough"),
    "worse": ("✗", "shown to be worse"),
    "open": ("?", "not shown either way"),
    "untested": ("·", "not tested"),
}


def verdict_rows(found: PilotFindings) -> list[dict[str, Any]]:
    """Over all first, then the categories; each with its conditions' results, and its reason without their figures."""
    rows = []
    for one in found.verdict.to_dict("records"):
        own = found.conditions[found.conditions["group"] == one["group"]]
        lead = str(one["reason"])
        for sentence in own["sentence"]:
            lead = lead.replace(str(sentence), "")
        rows.append(
            {
                "group_id": str(one["group"]),
                "group": pilot_words.category_name(one["group"], found.category_names),
                "is_whole": one["group"] == OVER_ALL,
                "verdict": str(one["verdict"]),
                "word": VERDICT_WORDS[str(one["verdict"])],
                "mark": pilot_words.MARKS[str(one["verdict"])],
                "is_final": bool(one["is_final"]),
                "weeks": None if pd.isna(one["after_weeks"]) else int(one["after_weeks"]),
                "answered": int(one["count_answered"]),
                "lead": " ".join(lead.split()),
                "results": [_result(row) for row in own.to_dict("records") if one["cause"] != "recorded"],
                "would_decide": str(one["would_decide"] or ""),
            }
        )
    return sorted(rows, key=lambda row: not row["is_whole"])


def result_of(row: Mapping[Any, Any]) -> str:
    """good, worse, open or untested."""
    if not row["is_tested"]:
        return "untested"
    return "good" if row["holds"] else "worse" if row["is_broken"] else "open"


def _result(row: Mapping[Any, Any]) -> dict[str, str]:
    result = result_of(row)
    title = pilot_words.target_title(row["metric"], row["kind"])
    where = ", over all categories" if row["judged_as"] == OVER_ALL and row["group"] != OVER_ALL else ""
    if pd.isna(row["difference"]):
        figures = pilot_words.NOT_MEASURED
    elif row["against"] == "limit":
        figures = f"{pilot_words.rate(row['ai_rate'])} (limit {pilot_words.percent(row['reference_rate'])})"
    else:
        figures = (
            f"{pilot_words.points(row['difference'])} points ({pilot_words.points(row['low'])} to "
            f"{pilot_words.points(row['high'])}; margin {pilot_words.points(row['bar'])})"
        )
    return {
        "result": result,
        "mark": RESULTS[result][0],
        "says": RESULTS[result][1],
        "text": f"{title}{where} {figures}",
    }


def condition_groups(found: PilotFindings) -> list[dict[str, Any]]:
    """One group of rows a registered condition: what it says, and each judged group once, over all first.

    Conditions over all categories repeat in every category, and categories judged together share their figures: such
    rows appear once.
    """
    frame = found.conditions

    def name(group: object) -> str:
        return pilot_words.category_name(group, found.category_names)

    kept = frame[(frame["judged_as"] != OVER_ALL) | (frame["group"] == OVER_ALL)]
    together = kept["judged_as"] == SMALL
    members = [name(one) for one in dict.fromkeys(kept.loc[together, "group"])]
    kept = kept.assign(shown_as=kept["group"].where(~together, SMALL)).drop_duplicates(
        ["metric", "against", "shown_as"]
    )
    groups = []
    for (metric, against), rows in kept.groupby(["metric", "against"], sort=False):
        rows = rows.sort_values("shown_as", key=lambda names: names != OVER_ALL, kind="stable")
        rows = rows.assign(
            label=[name(one) for one in rows["shown_as"]], result=[result_of(row) for row in rows.to_dict("records")]
        )
        title = pilot_words.target_title(str(metric), rows["kind"].iloc[0])
        groups.append(
            {
                "title": f"{title} against {pilot_words.AGAINST[str(against)]}",
                "name": f"{metric}_against_{against}",
                "frame": rows,
                "rows": [_condition(row) for row in rows.to_dict("records")],
                "members": ", ".join(members) if (rows["shown_as"] == SMALL).any() else "",
            }
        )
    return groups


def _condition(row: Mapping[Any, Any]) -> dict[str, Any]:
    result = result_of(row)
    is_limit = row["against"] == "limit"
    return {
        "label": row["label"],
        "result": result,
        "mark": RESULTS[result][0],
        "says": RESULTS[result][1],
        "ai": cell(row["ai_rate"], row["ai_numerator"], row["ai_denominator"], row["ai_low"], row["ai_high"]),
        "reference": {"rate": pilot_words.rate(row["reference_rate"]), "count": "", "interval": "the limit"}
        if is_limit
        else cell(
            row["reference_rate"], row["reference_numerator"], row["reference_denominator"],
            row["reference_low"], row["reference_high"],
        ),
        "difference": pilot_words.points(row["difference"]),
        "interval": ""
        if pd.isna(row["difference"])
        else f"{pilot_words.points(row['low'])} to {pilot_words.points(row['high'])}",
        "bar": "none" if is_limit else pilot_words.points(row["bar"]),
        "p_value": _p(row["p_value"]),
        "p_needed": _p(row["p_needed"]),
        "sentence": str(row["sentence"]),
    }  # fmt: skip


def cell(value: Any, numerator: Any, denominator: Any, low: Any, high: Any) -> dict[str, str]:
    """A rate with its counts and interval, each as text."""
    if pd.isna(value) or not denominator:
        return {"rate": pilot_words.NOT_MEASURED, "count": "", "interval": ""}
    return {
        "rate": pilot_words.rate(value),
        "count": f"{int(numerator):,} of {int(denominator):,}",
        "interval": "" if pd.isna(low) else f"{100 * low:.1f}–{100 * high:.1f}%",
    }


def _p(value: Any) -> str:
    if pd.isna(value):
        return "–"
    return "< 0.0001" if value < 1e-4 else "> 0.99" if value > 0.99 else f"{value:.2g}"


def tag_rows(found: PilotFindings) -> list[dict[str, Any]]:
    """How much of what people are to tag is tagged and how, and what they decided, by mode."""
    tags = severest_reviews(found.reviews)["tag"]
    decided = (
        standing(found.reviews, "decision")
        .sort_values("reviewed_at", kind="stable")
        .drop_duplicates("answer_id", keep="last")
    )
    decision = decided.set_index("answer_id")["decision"]
    coverage = tag_coverage(found.answers, found.reviews, [("mode",)]).set_index("mode")
    rows = []
    for mode, title in ((SHADOW, "Shadow: a person approves"), (ROLLOUT, "Rollout: sent, or handed over")):
        if mode not in coverage.index:
            continue
        mine = found.answers.loc[found.answers["mode"] == mode, "answer_id"]
        said, chosen = mine.map(tags).value_counts(), mine.map(decision).value_counts()
        covered = coverage.loc[mode]
        rows.append(
            {
                "title": title,
                "tagged": cell(*(covered[name] for name in ("rate", "numerator", "denominator", "low", "high"))),
                "tags": [f"{int(said.get(tag, 0)):,}" for tag in REVIEWS],
                # Nobody is asked to decide on what is sent at once.
                "decisions": [
                    f"{int(chosen.get(one, 0)):,}" if len(chosen) else "–" for one in ("approve", "edit", "reject")
                ],
            }
        )
    return rows


def escalation_reasons(metrics: pd.DataFrame) -> list[dict[str, Any]]:
    """Why tickets of the agent's arm went to a person: after it had replied, and at once; the most frequent first."""
    tables = []
    for metric, title in (
        ("escalation_rate", "After the agent had replied, of tickets it was involved in"),
        (AT_ONCE, "At once, of all tickets of its arm"),
    ):
        mine = metrics[(metrics["cut"] == "reason") & (metrics["metric"] == metric)]
        mine = mine.sort_values(["numerator", "value"], ascending=[False, True], kind="stable")
        rows = [
            {
                "name": shorten(pilot_words.reason_in_words(str(row["value"])), _MAX_REASON_CHARS),
                **cell(row["rate"], row["numerator"], row["denominator"], row["low"], row["high"]),
            }
            for row in mine.head(REASONS_SHOWN).to_dict("records")
        ]
        if rows:
            tables.append({"title": title, "rows": rows, "others": max(0, len(mine) - REASONS_SHOWN)})
    return tables


def review_reasons(found: PilotFindings) -> list[dict[str, str]]:
    """What reviewers found fault with: the reason of the most severe current tag of each answer."""
    severest = severest_reviews(found.reviews)
    shown = set(found.answers.loc[found.answers["mode"] != CONTROL, "answer_id"])
    faulty = severest[severest.index.isin(shown) & (severest["severity"] > 0)]
    return counted(
        faulty["reason"].fillna("no reason given").map(lambda text: shorten(str(text).replace("_", " "), 60))
    )


def counted(values: pd.Series) -> list[dict[str, str]]:
    """The most frequent values with their counts, the rest as one; ties in alphabetical order."""
    counts = values.value_counts()
    total = int(counts.sum())
    ordered = sorted(counts.items(), key=lambda pair: (-int(pair[1]), str(pair[0])))
    rows = [{"name": str(name), "count": f"{int(n):,} of {total:,}"} for name, n in ordered[:REASONS_SHOWN]]
    if rest := sum(int(n) for _, n in ordered[REASONS_SHOWN:]):
        rows.append({"name": f"{len(ordered) - REASONS_SHOWN:,} other reasons", "count": f"{rest:,} of {total:,}"})
    return rows


def draw_rows(assignments: pd.DataFrame) -> list[dict[str, str]]:
    """Requesters and their tickets by arm, newest assignment."""
    rows = []
    for arm, title in (("ai", "drawn for the agent"), ("control", "staying with people")):
        mine = assignments["arm"] == arm
        tickets, all_tickets = (
            int(assignments.loc[mine, "count_tickets"].sum()),
            int(assignments["count_tickets"].sum()),
        )
        rows.append(
            {
                "title": title,
                "requesters": f"{int(mine.sum()):,} of {len(mine):,}",
                "requester_share": pilot_words.rate(mine.mean()),
                "tickets": f"{tickets:,} of {all_tickets:,}",
                "ticket_share": pilot_words.rate(tickets / all_tickets if all_tickets else float("nan")),
            }
        )
    return rows if len(assignments) else []


def replay_rows(replay: pd.DataFrame) -> list[dict[str, Any]]:
    """What the release would have done with past tickets, and whether people did the same."""
    rows = []
    for row in replay_rates(replay).to_dict("records"):
        title, means = pilot_words.replay_in_words(str(row["rate"]))
        figures = cell(row["value"], row["numerator"], row["denominator"], row["low"], row["high"])
        rows.append({"title": title, "means": means, **figures})
    return rows


def coverage_rows(curve: pd.DataFrame, shown: int = 8) -> list[dict[str, str]]:
    """Some evenly spaced steps of the replay's curve: answered, wrong among these, and the confidence it takes."""
    places = sorted({round(one * (len(curve) - 1) / max(shown - 1, 1)) for one in range(shown)}) if len(curve) else []
    return [
        {
            "coverage": pilot_words.rate(row["coverage"]),
            "answered": f"{int(row['count_answered']):,}",
            "risk": pilot_words.rate(row["risk"]),
            "interval": f"{100 * row['low']:.1f}–{100 * row['high']:.1f}%",
            "threshold": f"{row['threshold']:.2f}",
        }
        for row in curve.iloc[places].to_dict("records")
    ]


def releases(answers: pd.DataFrame) -> list[dict[str, str]]:
    """Which releases decided, how much, and from when to when."""
    rows = []
    for release, part in answers.groupby("release_id", sort=False):
        rows.append(
            {
                "release": str(release)[:12],
                "count": f"{len(part):,}",
                "from": pilot_words.day(part["created_at"].min()),
                "to": pilot_words.day(part["created_at"].max()),
            }
        )
    return rows


def sentences(notes: pd.DataFrame, *kinds: str) -> list[str]:
    """Published sentences of these kinds, in their order."""
    mine = notes[notes["kind"].isin(kinds)]
    # A balance begins with the name of a column.
    return [
        f"{one[:1].upper()}{one[1:]}" if kind == "balance" else one
        for kind, one in zip(mine["kind"].astype(str), mine["sentence"].astype(str), strict=True)
    ]
