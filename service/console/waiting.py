"""What waits for a person, and how the desk stands: read cheaply, and put into words.

Belongs here: the counts behind the home page, and their order. Does not belong here: drawing (``home``), the pages that the
lines lead to.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desk.loading import Desk
from ledger.releases import current_release
from ledger.store import Ledger
from service.console.fixes.reading import count_open, count_unreleased
from service.console.learning import waits as learning
from service.console.learning.waits import LearningWaits, read_waits
from service.console.sign_offs.category_stops import PATH as STOPS_PATH
from service.console.sign_offs.category_stops import read_stops, taken_back_in_words
from service.console.sign_offs.plan_words import percent
from service.console.sign_offs.rollout import Rollout, read_rollout, share_in_words
from service.console.sign_offs.standing import day, is_waiting_for, listed
from service.console.sign_offs.subjects import TITLES, Subject, read_subjects
from service.identity.account import Account, Role

if TYPE_CHECKING:
    import pandas as pd

VERDICTS = {
    "expand": "it may be given more tickets",
    "hold": "it is neither shown to be good enough nor shown to be worse",
    "roll_back": "it is taken back",
    "keep_collecting": "nothing may be said yet",
}


@dataclass(frozen=True)
class Waiting:
    """One line of the list: what it is, how many (0: it is one thing), where it is done, and whether it is pressing."""

    words: str
    path: str
    action: str
    count: int = 0
    is_urgent: bool = False


@dataclass(frozen=True)
class Desks:
    """What the home page is made of. Counts are None where that stage has not been run yet."""

    subjects: tuple[Subject, ...]
    rollout: Rollout
    count_untagged: int | None = None
    waiting_since: dt.datetime | None = None
    count_drafts: int | None = None
    count_blocking: int | None = None
    count_fixes: int | None = None
    count_urgent_fixes: int = 0
    count_unreleased: int = 0
    """accepted changes that customers do not have yet"""
    current_id: str = ""
    current_since: str = ""
    refused: str = ""
    verdict: str = ""
    taken_back: tuple[str, ...] = ()
    """names of what the verdict takes back while the agent still answers it"""
    learning: LearningWaits = field(default_factory=LearningWaits)


def read_desk(desk: Desk, ledger: Ledger, refused: str | None = None) -> Desks:
    """Everything the home page shows of a desk, but its last runs."""
    untagged, since = _untagged(desk, ledger)
    current = current_release(ledger)
    rollout = read_rollout(desk, ledger)
    fixes = count_open(desk, ledger)
    return Desks(
        subjects=tuple(read_subjects(desk, ledger)),
        rollout=rollout,
        count_untagged=untagged,
        waiting_since=since,
        count_drafts=_drafts(desk),
        count_blocking=_blocking(desk),
        count_fixes=None if fixes is None else fixes[0],
        count_urgent_fixes=0 if fixes is None else fixes[1],
        count_unreleased=count_unreleased(desk),
        current_id=current.release_id if current else "",
        current_since=day(current.occurred_at) if current else "",
        refused=refused or "",
        verdict=_verdict(desk, rollout.plan.pilot_id if rollout.plan else ""),
        taken_back=read_stops(desk, ledger, rollout).taken_back,
        learning=read_waits(desk, ledger),
    )


def waiting_for(account: Account, desk: Desks) -> list[Waiting]:
    """What is this person's to do now, the most urgent first."""
    found: list[Waiting] = []
    if desk.taken_back and account.may(Role.APPROVER):
        action = "Stop it" if len(desk.taken_back) == 1 else "Stop them"
        found.append(Waiting(taken_back_in_words(desk.taken_back), STOPS_PATH, action, is_urgent=True))
    if desk.refused and account.may(Role.APPROVER):
        found.append(Waiting(desk.refused, "/sign-offs/release", "See the releases", is_urgent=True))
    if desk.count_blocking and account.may(Role.KNOWLEDGE_OWNER):
        one = desk.count_blocking == 1
        words = f"{'finding keeps' if one else 'findings keep'} knowledge from being used"
        found.append(Waiting(words, "/knowledge/findings", "Settle them", desk.count_blocking, is_urgent=True))
    if desk.count_urgent_fixes and account.may(Role.KNOWLEDGE_OWNER):
        one = desk.count_urgent_fixes == 1
        words = f"{'fix is' if one else 'fixes are'} urgent: customers are told what is wrong until then"
        found.append(Waiting(words, "/fixes", "Decide", desk.count_urgent_fixes, is_urgent=True))
    if desk.learning.overdue and account.may(Role.KNOWLEDGE_OWNER):
        words = f"{'item of the audit is' if desk.learning.overdue == 1 else 'items of the audit are'} overdue"
        found.append(Waiting(words, learning.AUDIT, "Look at them", desk.learning.overdue, is_urgent=True))
    found += [
        Waiting(_to_sign(account, one), f"/sign-offs/{one.kind}", "Read and sign", is_urgent=one.was_signed)
        for one in desk.subjects
        if is_waiting_for(account, one)
    ]
    if desk.count_untagged and account.may(Role.REVIEWER):
        since = f", the oldest since {desk.waiting_since:%-d %B}" if desk.waiting_since else ""
        words = f"{'answer waits' if desk.count_untagged == 1 else 'answers wait'} to be reviewed{since}"
        found.append(Waiting(words, "/answers", "Review them", desk.count_untagged))
    if desk.count_drafts and account.may(Role.KNOWLEDGE_OWNER):
        words = f"{'draft' if desk.count_drafts == 1 else 'drafts'} of new knowledge to accept, edit or reject"
        found.append(Waiting(words, "/knowledge/drafts", "Look at them", desk.count_drafts))
    calm = (desk.count_fixes or 0) - desk.count_urgent_fixes
    if calm > 0 and account.may(Role.KNOWLEDGE_OWNER):
        words = f"{'fix' if calm == 1 else 'fixes'} for what goes wrong to accept, edit or reject"
        found.append(Waiting(words, "/fixes", "Look at them", calm))
    if desk.count_unreleased and (account.may(Role.APPROVER) or account.may(Role.KNOWLEDGE_OWNER)):
        words = f"accepted {'change waits' if desk.count_unreleased == 1 else 'changes wait'} for the week's release"
        found.append(Waiting(words, "/fixes/week", "Build it", desk.count_unreleased))
    found += _learning(account, desk.learning)
    if account.may(Role.APPROVER) and (unused := _signed_and_unused(desk)):
        words = f"Release {unused.short} is signed and not used yet"
        found.append(Waiting(words, f"/sign-offs/release/{unused.digest}", "Make it current"))
    return found


def pilot_in_words(desk: Desks) -> str:
    """Where the pilot stands, in a sentence or two."""
    plan = desk.rollout.plan
    if plan is None:
        return share_in_words(desk.rollout) if desk.rollout.running else "No pilot is planned."
    share = desk.rollout.running.get(plan.pilot_id)
    stands = f"The agent answers {percent(share)} of customers now." if share else share_in_words(desk.rollout)
    said = f"Pilot “{plan.pilot_id}”: {stands[:1].lower()}{stands[1:]}"
    said = f"{said} Verdict over all so far: {desk.verdict}." if desk.verdict else f"{said} No verdict yet."
    return f"{said} {taken_back_in_words(desk.taken_back)}." if desk.taken_back else said


def release_in_words(desk: Desks) -> str:
    """Which release answers, and since when."""
    if not desk.current_id:
        return "No release is current yet, so nothing is decided for customers."
    return f"Release {desk.current_id[:12]} is current since {desk.current_since}."


def nothing_waits(account: Account, desk: Desks) -> str:
    """What to say where the list is empty: kind, and of use."""
    if not account.roles:
        return "You may read everything here. An admin can give you a role."
    others = [f"the {TITLES[one.kind].lower()} by {listed(one.state.missing_roles)}" for one in desk.subjects
              if one.state is not None and not one.is_signed and not one.problems]  # fmt: skip
    if others:
        return f"Nothing waits for you. Others have to sign {listed(others)}."
    if desk.count_untagged is None and desk.count_drafts is None:
        return "Nothing waits for you yet: drafts and answers appear here once the stages have been run."
    return "Nothing waits for you. Well done."


def _learning(account: Account, waits: LearningWaits) -> list[Waiting]:
    """What the platform learnt by itself and people decide or look at, beside what is overdue."""
    found = []
    calm = waits.open_items - waits.overdue
    if calm > 0 and account.may(Role.KNOWLEDGE_OWNER):
        words = f"{'item' if calm == 1 else 'items'} of the quarter's audit of knowledge to look at"
        found.append(Waiting(words, learning.AUDIT, "Work them off", calm))
    if waits.proposals and account.may(Role.APPROVER):
        words = f"{'proposal' if waits.proposals == 1 else 'proposals'} on what the agent may answer by itself"
        found.append(Waiting(words, learning.SCOPE, "Decide", waits.proposals))
    if waits.without_autonomy and account.may(Role.APPROVER):
        one = waits.without_autonomy == 1
        words = f"{'category has' if one else 'categories have'} lost {'its' if one else 'their'} autonomy: people send every answer"
        found.append(Waiting(words, learning.SCOPE, "See why", waits.without_autonomy))
    if waits.new_signals and (account.may(Role.APPROVER) or account.may(Role.KNOWLEDGE_OWNER)):
        words = f"new {'signal' if waits.new_signals == 1 else 'signals'} from outside"
        found.append(Waiting(words, learning.SIGNALS, "Look at them", waits.new_signals))
    return found


def _to_sign(account: Account, subject: Subject) -> str:
    title = TITLES[subject.kind].lower()
    if subject.kind == "release":
        return f"Release {subject.short} waits for your signature"
    changed = "was changed since it was signed and " if subject.was_signed else ""
    return f"The {title} {changed}waits for your signature"


def _signed_and_unused(desk: Desks) -> Subject | None:
    """The last built release, where it is signed and was never made current."""
    newest = next((one for one in desk.subjects if one.kind == "release"), None)
    return newest if newest is not None and newest.is_signed and newest.digest != desk.current_id else None


def _untagged(desk: Desk, ledger: Ledger) -> tuple[int | None, dt.datetime | None]:
    """How many answers nobody has tagged, and since when the oldest waits; reads no more columns than that needs."""
    from assets.pilot_agent.answers.tag_coverage import untagged_answers
    from orchestration.lake import Lake, NotMaterialised
    from orchestration.pilots import standing_reviews

    try:
        columns = ["answer_id", "pilot_id", "ticket_id", "mode", "phase", "action", "category_id", "asked_at"]
        answers = Lake(desk.home).read("shadow_answers", columns)
    except NotMaterialised:
        return None, None
    left = untagged_answers(answers, standing_reviews(desk, ledger, answers))
    return len(left), None if left.empty else left["asked_at"].iloc[0].to_pydatetime()


def _drafts(desk: Desk) -> int | None:
    from orchestration.people.knowledge_desk import KnowledgeProblem
    from orchestration.people.knowledge_review import open_drafts

    try:
        return len(open_drafts(desk))
    except KnowledgeProblem:
        return None


def _blocking(desk: Desk) -> int | None:
    from orchestration.people.knowledge_audit import open_findings
    from orchestration.people.knowledge_desk import KnowledgeProblem

    try:
        findings: pd.DataFrame = open_findings(desk)
    except KnowledgeProblem:
        return None
    return int(findings["is_blocking"].sum())


def _verdict(desk: Desk, pilot_id: str) -> str:
    from assets.pilot_agent.verdict.families import OVER_ALL
    from orchestration.lake import Lake

    verdicts = Lake(desk.home).previous("pilot_verdict")
    if verdicts is None or not pilot_id:
        return ""
    mine = verdicts[(verdicts["pilot_id"] == pilot_id) & (verdicts["group"] == OVER_ALL)]
    if mine.empty:
        return ""
    name = str(mine["verdict"].iloc[0])
    return f"{name.replace('_', ' ')}, {VERDICTS[name]}" if name in VERDICTS else name.replace("_", " ")
