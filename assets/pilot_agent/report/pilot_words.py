"""A pilot's state and figures in words: stages, headline, what must hold, number formats.

Belongs here: every sentence and number format of the page that depends on data. Does not belong here: HTML
(``templates/pilot.html.j2``), the verdict's own reasoning (``verdict.pilot_verdict``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import ROLLOUT, SHADOW
from assets.pilot_agent.answers.replay_metrics import IN_WORDS
from assets.pilot_agent.report.pilot_findings import PilotFindings, ShownPlan, Stage
from assets.pilot_agent.verdict.families import OVER_ALL, SMALL
from assets.pilot_agent.verdict.pilot_verdict import VERDICT_WORDS, WORDS
from desk.pilot import PilotFile
from desk.pilot_blocks import Baseline, Target
from ledger.pilots import ShareChange

NOT_MEASURED = "not measured"
STAGES: Mapping[Stage, str] = {
    "planned": "Plan written",
    "signed": "Plan signed",
    "shadow": "Shadow weeks",
    "rollout": "Rollout weeks",
    "judged": "Judged",
}
CAUSES = {
    "shown": "Every condition is shown.",
    "not_shown": "Not every condition is shown.",
    "harm": "Shown to be worse than its margin.",
    "safety": "A safety rule is broken.",
    "harm_over_all": "The whole agent is rolled back.",
    "nothing_left": "Every category is rolled back.",
    "gate": "A condition over all categories is not shown.",
    "others_rolled_back": "Good over all, but a category is rolled back.",
    "held_back": "Its group is good, its own figures fall short.",
    "sample": "Too little to judge yet.",
    "look": "The registered look has not come yet.",
    "recorded": "Decided at an earlier look.",
}
"""A verdict's cause in one line; its reason has the figures."""
VERDICT_MEANS = {
    "expand": "may be given more tickets",
    "hold": "is neither shown to be good enough nor shown to be worse",
    "roll_back": "is taken back",
    "keep_collecting": "goes on as it is; nothing may be said yet",
}
MARKS = {"expand": "▲", "hold": "■", "roll_back": "▼", "keep_collecting": "●"}
AGAINST = {"control": "people, both as assigned", "baseline": "the baseline", "limit": "the limit"}
REASONS = {
    "person_replied": "a person stepped in",
    "needs_approval": "only a person may approve such a reply",
    "rollout_stopped": "the rollout was stopped before it was sent",
    "draft": "not sure enough: a draft for a person",
    "escalate": "handed over, no reason given",
    "control": "not drawn for the agent",
}
"""Codes of ``fct_ai_answers.escalation_reason``; what is not here is the agent's own sentence."""
METRIC_TITLES = {
    "resolution_rate": "Resolution",
    "csat": "CSAT",
    "missed_escalation_rate": "Missed escalations",
    "false_resolution_rate": "False resolutions",
    "answer_quality": "Correct answers",
    "answer_incorrect_rate": "Incorrect answers",
    "escalation_rate": "Escalations",
    "handle_time": "Handle time",
}


def steps(stage: Stage) -> list[dict[str, str]]:
    """The stages in order, each done, now or not yet."""
    order = list(STAGES)
    # A written or a signed plan and a verdict are there at once; shadow and rollout go on for weeks.
    reached = -1 if stage == "nothing" else order.index(stage)
    is_going_on = stage in (SHADOW, ROLLOUT)
    states = [
        "not yet" if i > reached else "now" if i == reached and is_going_on else "done" for i in range(len(order))
    ]
    return [{"title": STAGES[name], "state": state} for name, state in zip(order, states, strict=True)]


def headline(found: PilotFindings, plan: ShownPlan | None, stage: Stage) -> list[str]:
    """What there is to know, in a few sentences; what has not happened yet is said as such."""
    if plan is None:
        return [
            "No pilot is planned: there is no pilot.yaml. Nothing is measured before one is written and signed. "
            "Start one with: understudy pilot init."
        ]
    if stage == "planned":
        missing = f" Still to sign: {', '.join(plan.missing_roles)}." if plan.missing_roles else ""
        late = (
            f" Shadow was to start on {day(plan.shadow_start)}: without signatures nothing has started."
            if plan.as_of >= plan.shadow_start
            else ""
        )
        return [f"The plan of pilot “{plan.pilot_id}” is written and not signed.{missing}{late}"]
    if stage == "signed":
        return [
            f"Pilot “{plan.pilot_id}” is planned and signed. Shadow starts on {day(plan.shadow_start)}; no ticket has "
            "been drafted yet."
        ]
    said = {"shadow": _shadow, "rollout": _rollout, "judged": _judged}[stage](found, plan)
    if plan.was_changed:
        said.append(
            f"pilot.yaml has been changed since it was signed (it now has the content {plan.current_hash[:12]}). The "
            f"pilot is judged by what was signed ({plan.pilot_hash[:12]})."
        )
    return said


def _shadow(found: PilotFindings, plan: ShownPlan) -> list[str]:
    drafts = int((found.answers["mode"] == SHADOW).sum())
    return [
        f"Pilot “{plan.pilot_id}” is in its shadow weeks since {day(plan.shadow_start)}: the agent drafts, and nothing "
        f"is sent before a person approves it. {count(drafts, 'new ticket message')} got a draft or a decision so far.",
        (
            f"The rollout starts on {day(plan.rollout_start)}. "
            if plan.as_of < plan.rollout_start
            else f"The rollout may start since {day(plan.rollout_start)}; no share of requesters has been given to the agent yet. "
        )
        + "There is no verdict before outcomes of the rollout are known.",
    ]


def _rollout(found: PilotFindings, plan: ShownPlan) -> list[str]:
    said = [f"Pilot “{plan.pilot_id}” is in its rollout since {day(plan.rollout_start)}. {share_sentence(plan)}"]
    if len(found.verdict):
        row = found.verdict.iloc[0]
        said.append(f"{OVER_ALL.capitalize()}: {VERDICT_WORDS[str(row['verdict'])]}. {row['reason']}")
    else:
        said.append("No verdict has been computed yet.")
    return said


def _judged(found: PilotFindings, plan: ShownPlan) -> list[str]:
    whole = found.verdict[found.verdict["group"] == OVER_ALL].iloc[0]
    verdict = str(whole["verdict"])
    said = [
        f"Verdict over all: {VERDICT_WORDS[verdict]}. The agent {VERDICT_MEANS[verdict]}. "
        f"{CAUSES.get(str(whole['cause']), '')}".strip()
    ]
    others = found.verdict[found.verdict["group"] != OVER_ALL]
    by_verdict = {
        name: [category_name(one, found.category_names) for one in others.loc[others["verdict"] == name, "group"]]
        for name in VERDICT_WORDS
    }
    parts = [f"{VERDICT_WORDS[name]}: {', '.join(names)}" for name, names in by_verdict.items() if names]
    if parts:
        said.append(f"By category: {'; '.join(parts)}.")
    said.append(share_sentence(plan))
    if names := still_answered(found, plan):
        said.append(
            f"{', '.join(names)}: rolled back, and still answered until somebody stops that category (understudy pilot stop --category) "
            "or the whole rollout."
        )
    return said


def still_answered(found: PilotFindings, plan: ShownPlan) -> list[str]:
    """Names of the categories that the verdict takes back and that nobody has stopped, while the rollout runs."""
    if not plan.share_now:
        return []
    taken_back = found.verdict[(found.verdict["verdict"] == "roll_back") & (found.verdict["group"] != OVER_ALL)]
    open_ = [str(one) for one in taken_back["group"] if str(one) not in found.stopped_categories]
    return [category_name(one, found.category_names) for one in open_]


def share_sentence(plan: ShownPlan) -> str:
    """Which share of requesters the agent answers now."""
    if plan.share_now is None:
        return "No share of requesters has been given to the agent yet."
    if plan.share_now == 0:
        return "The rollout is stopped: the agent answers nobody now."
    return f"The agent answers {percent(plan.share_now)} of requesters now."


def reason_in_words(code: str) -> str:
    """Why a ticket went to a person; the agent's own reasons are sentences already."""
    return REASONS.get(code, code.replace("_", " ") if code.islower() and " " not in code else code)


def replay_in_words(name: str) -> tuple[str, str]:
    """A rate of the replay: title and what it counts."""
    return name.replace("_", " ").capitalize(), IN_WORDS.get(name, "")


def share_changes(changes: Sequence[ShareChange]) -> list[dict[str, Any]]:
    """Each change of the share: when, from, to, who and why."""
    rows, before = [], None
    for one in changes:
        what = (
            "started" if before is None else "stopped" if one.share == 0
            else "raised" if one.share > before else "lowered" if one.share < before else "confirmed"
        )  # fmt: skip
        rows.append(
            {
                "at": moment(one.occurred_at),
                "what": what,
                "share": percent(one.share),
                "before": "–" if before is None else percent(before),
                "by": f"{one.by or 'an erased person'}, {one.role}",
                "reason": one.reason or "",
            }
        )
        before = one.share
    return rows


def target_in_words(target: Target) -> str:
    """One condition as registered: “resolution (assumed) at most 5 points below people”."""
    name = target_title(target.metric, target.kind)
    if target.against == "limit":
        return f"{name}: {'at least' if target.higher_is_better else 'at most'} {percent(float(target.limit or 0))}"
    worse = "below" if target.higher_is_better else "above"
    other = "people at the same time" if target.against == "control" else "the baseline"
    return f"{name}: less than {100 * float(target.margin or 0):g} points {worse} {other}"


def target_title(metric: str, kind: Any = None) -> str:
    """“Resolution (assumed)”."""
    title = METRIC_TITLES.get(metric, metric.replace("_", " ").capitalize())
    return f"{title} ({kind})" if isinstance(kind, str) else title


def registered(pilot: PilotFile, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """The plan's settings as name and value."""
    sample, looks = pilot.minimum_sample, pilot.look_weeks
    after = f"after {', '.join(map(str, looks))} weeks of rollout"
    small = {"pool": "judged together", "shrink": "judged together, and held back where their own figures fall short"}
    return [
        ("Shadow", f"{pilot.start:%-d %B %Y}, {pilot.shadow_weeks} weeks"),
        ("Rollout", f"{pilot.rollout_start:%-d %B %Y}, {pilot.rollout_weeks} weeks"),
        (
            "Share of requesters",
            f"{percent(pilot.rollout_share)} (may be {percent(pilot.share_range.low)} to {percent(pilot.share_range.high)})",
        ),
        (
            "Categories",
            ", ".join(category_name(one, names) for one in pilot.categories.ids) or "all that the release automates",
        ),
        ("Looks at the data", f"{'once, ' if len(looks) == 1 else ''}{after}, no other day"),
        ("Chance that something worse is expanded", f"{percent(pilot.alpha)} at most"),
        ("Outcome of a ticket known", f"after {count(pilot.settle_days, 'day')}"),
        (
            "Least sample",
            f"{sample.answered:,} answered, {sample.rated:,} rated, {sample.reviewed:,} tagged; "
            f"{percent(sample.review_share)} of answers tagged, {percent(sample.known_share)} of outcomes known",
        ),
        (
            "Small categories",
            f"below {pilot.categories.min_answered:,} answered tickets: {small[pilot.categories.small]}",
        ),
        (
            "Stopped at once",
            "; ".join(f"{WORDS[one.metric]} shown to be above {percent(one.limit)}" for one in pilot.safety.rules),
        ),
    ]


def baseline_in_words(one: Baseline, names: Mapping[str, str]) -> str:
    """A frozen number from history."""
    where = category_name(one.category_id, names) if one.category_id else "all categories"
    window = f"{one.window_start:%-d %b %Y} to {one.window_end:%-d %b %Y}"
    title = target_title(one.metric, one.kind)
    if one.metric == "handle_time":
        return f"{title}, {where}: {one.rate:.1f} minutes ({one.denominator:,} tickets, {window})"
    return f"{title}, {where}: {percent(one.rate)} ({one.numerator:,.0f} of {one.denominator:,}, {window})"


def category_name(group: Any, names: Mapping[str, str]) -> str:
    """A group for people: the category's name where the desk gives one."""
    if group == OVER_ALL:
        return "Over all"
    return "Small categories" if group == SMALL else names.get(str(group), str(group))


def day(value: Any) -> str:
    """“2 March 2026”."""
    return "not set" if pd.isna(value) else f"{value:%-d %B %Y}"


def moment(value: Any) -> str:
    """“2 March 2026, 09:30 UTC”."""
    return f"{value:%-d %B %Y, %H:%M} UTC"


def count(number: int, word: str) -> str:
    """“1 week”, “2 weeks”."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def percent(value: float) -> str:
    """“71.2%”, without a decimal that says nothing: “15%”."""
    if math.isnan(value):
        return NOT_MEASURED
    shown = f"{100 * value:.1f}"
    return f"{shown.removesuffix('.0')}%"


def rate(value: float) -> str:
    """“71.2%”, always with one decimal: for tables."""
    return NOT_MEASURED if pd.isna(value) else f"{value:.1%}"


def points(value: float) -> str:
    """“+4.1” points; a true minus sign."""
    return "–" if pd.isna(value) else f"{100 * value:+.1f}".replace("-", "−")
