"""A simulated reviewer for the sample desk: judges whatever was found and drafted against the desk's answer key.

It stands in for the people a real desk has, so that the demo and the tests can go through reviews, and it is called
simulated wherever it leaves a trace: as a name in the ledger and in the entry files. Of each draft it asks what a
person would ask: is it right, for whom, and do we have it already? It corrects conditions, rejects what the key does
not support, writes by hand what nobody drafted, and sorts customers' wordings of training tickets to the entry that
answered them. It works at the desk's own time.

Does not belong here: anything a product may rely on. No asset may import this or read the answer key.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from assets.build_knowledge.conditions import dump_conditions, load_conditions, parse_conditions
from assets.build_knowledge.drafts.customer_questions import customer_questions
from assets.build_knowledge.drafts.sentences import content_stems
from assets.build_knowledge.entries.review import accept_draft, accept_entry, entry_file, sign_entries
from desk.knowledge import Entry, read_knowledge, write_entry
from desk.loading import Desk
from ledger.knowledge import dismiss_finding, reject_drafts, verify_article
from orchestration.lake import Lake
from orchestration.resources import DeskResource

ANSWER_KEY = Path(__file__).parent / "brindlebase" / "answer_key"
OWN_ANSWERS = Path(__file__).parent / "simulated_answers.yaml"
BY, ROLE = "Simulated reviewer", "knowledge owner"
OWNER = "Simulated owner"
TRAINED = ("automate", "hybrid")
SUGGESTED = ("cancelling",)
"""Reasons to hand over at which a person still wants the right entry beside the conversation."""

MIN_WORDS_SHARE = 0.4
"""Share of a right answer's content words that a draft must have to be taken for it."""
MIN_NUMBERS_SHARE = 0.5
"""The same for its numbers: a draft that leaves out most of them says too little, or something else."""
WRONG_DEFECTS = ("stale", "contradiction", "deprecated_price", "unsafe")
MAX_PHRASINGS = 20

_NUMBER = re.compile(r"\d[\d.,]*\d|\d")


@dataclass
class Review:
    """What one round came to."""

    verified_articles: int = 0
    dismissed_findings: int = 0
    accepted: int = 0
    corrected: int = 0
    written_by_hand: int = 0
    rejected: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        refused = ", ".join(f"{count} {why}" for why, count in self.rejected.most_common())
        return (
            f"{BY}: {self.verified_articles} articles verified, {self.dismissed_findings} findings dismissed; "
            f"{self.accepted} drafts accepted ({self.corrected} of them corrected), "
            f"{self.written_by_hand} entries written by hand, {self.rejected.total()} drafts rejected"
            + (f" ({refused})" if refused else "")
        )


@cache
def answer_key_entries() -> list[dict[str, Any]]:
    """The right answers: id, category, question, conditions, answer, articles."""
    return yaml.safe_load((ANSWER_KEY / "entries.yaml").read_text(encoding="utf-8"))["entries"]


def entry_id_of(truth: dict[str, Any]) -> str:
    """The id under which the reviewer keeps a right answer."""
    return str(truth["id"]).replace("_", "-")


@cache
def wrong_articles() -> set[str]:
    """Helpdesk ids of articles that say something wrong."""
    with (ANSWER_KEY / "knowledge_defects.csv").open(encoding="utf-8", newline="") as handle:
        return {row["article_ids"].split(";")[0] for row in csv.DictReader(handle) if row["defect"] in WRONG_DEFECTS}


def carries(answer: str, truth: dict[str, Any]) -> bool:
    """Whether an answer has the facts of a right one: enough of its words and of its numbers."""
    stems, numbers = set(content_stems(truth["answer"])), set(_NUMBER.findall(truth["answer"]))
    words = len(stems & set(content_stems(answer))) / len(stems)
    found = len(numbers & set(_NUMBER.findall(answer))) / len(numbers) if numbers else 1.0
    return words >= MIN_WORDS_SHARE and found >= MIN_NUMBERS_SHARE


def verify_right_articles(desk: Desk) -> Review:
    """Verify every article that the audit doubts and the key does not fault."""
    lake, review = Lake(desk.home), Review()
    findings, articles = lake.read("knowledge_findings"), lake.read("help_center_articles")
    doubted = findings[(findings["status"] == "open") & (findings["subject_kind"] == "article")]
    names = set(doubted["subject_id"]) | set(doubted.loc[doubted["type"] == "contradiction", "other_id"].dropna())
    wrong = wrong_articles()
    hashes = (
        articles[articles["retired_as_of"].isna()].drop_duplicates("article_id").set_index("article_id")["article_hash"]
    )
    with _ledger(desk) as ledger:
        for name in sorted(names & set(hashes.index)):
            if name.rpartition(":")[2] not in wrong:
                verify_article(ledger, name, hashes[name], note="simulated review", **_who(desk))
                review.verified_articles += 1
    return review


def review_drafts(desk: Desk, *, write_missing: bool) -> Review:
    """Judge all open drafts: accept what the key supports, corrected where needed; reject the rest.

    With ``write_missing`` the right answers that nothing drafted are written by hand, as a person would.
    """
    lake, review = Lake(desk.home), Review()
    drafts = lake.read("knowledge_drafts")
    buckets = {one.id: one.bucket for one in desk.categories}
    entries, _ = read_knowledge(desk.knowledge, buckets)
    known = {entry.id: entry for entry in entries}
    still_open = drafts[(drafts["status"] == "open") & drafts["category_id"].isin(buckets)]
    wordings = _wordings(desk)
    made: list[Entry] = []
    for truth in answer_key_entries():
        is_wanted = buckets.get(truth["category"]) in TRAINED or truth["must_escalate"] in SUGGESTED
        if entry_id_of(truth) in known or not is_wanted:
            continue
        mine = still_open[still_open["category_id"] == truth["category"]]
        best = _best_draft(mine[~mine["draft_id"].isin([one.draft_id for one in made])], truth)
        if best is None and not write_missing:
            continue
        fields = {
            "id": entry_id_of(truth),
            "question": truth["question"],
            "conditions": parse_conditions(truth["conditions"]),
            "phrasings": _phrasings(best, truth, wordings),
        }
        if best is None:
            made.append(_written(truth, fields, desk))
            review.written_by_hand += 1
        else:
            made.append(accept_draft(best, _owner(best, desk), *_days(desk), overrides=fields))
            review.accepted += 1
            review.corrected += load_conditions(best["conditions"]) != fields["conditions"]
    if write_missing:
        mine = [one for one in _own_answers() if one["id"] not in known and buckets.get(one["category"]) in TRAINED]
        made += [accept_entry(Entry(**one), _owner({}, desk, one["category"]), *_days(desk)) for one in mine]
        review.written_by_hand += len(mine)
    taken = {entry.draft_id for entry in made} | {entry.draft_id for entry in entries}
    spare = still_open[~still_open["draft_id"].isin(taken)]
    refused = {draft["draft_id"]: _why_rejected(draft) for draft in spare.to_dict("records")}
    review.rejected.update(refused.values())
    for entry in made:
        write_entry(desk.knowledge / entry_file(entry), entry)
    with _ledger(desk) as ledger:
        if made:
            sign_entries(ledger, made, note="simulated review", **_who(desk))
        for why in sorted(set(refused.values())):
            ids = [name for name, reason in refused.items() if reason == why]
            reject_drafts(ledger, ids, **_who(desk) | {"note": f"simulated review: {why}"})
    return review


def dismiss_false_findings(desk: Desk) -> Review:
    """Dismiss open blocking findings about accepted entries: what the reviewer accepted agrees with the key.

    Only findings that rest on two texts, neither of which the key faults; an ended price is never dismissed.
    """
    review, wrong = Review(), wrong_articles()
    findings = Lake(desk.home).read("knowledge_findings")
    pairs = findings[(findings["status"] == "open") & (findings["type"] == "contradiction")]
    with _ledger(desk) as ledger:
        for row in pairs.to_dict("records"):
            sides = [(row["subject_kind"], row["subject_id"]), (row["other_kind"], row["other_id"])]
            faulted = any(kind == "article" and str(name).rpartition(":")[2] in wrong for kind, name in sides)
            if not faulted and any(kind == "entry" for kind, _ in sides):
                note = "simulated review: both texts agree with the answer key"
                dismiss_finding(ledger, row["finding_id"], **_who(desk) | {"note": note})
                review.dismissed_findings += 1
    return review


def _own_answers() -> list[dict[str, Any]]:
    return yaml.safe_load(OWN_ANSWERS.read_text(encoding="utf-8"))["answers"]


def _best_draft(drafts: pd.DataFrame, truth: dict[str, Any]) -> dict[str, Any] | None:
    """The open draft that carries this answer, one with its very conditions first."""
    wanted = dump_conditions(parse_conditions(truth["conditions"]))
    fitting = [one for one in drafts.to_dict("records") if carries(one["answer"], truth) and not _is_wrong(one)]
    return min(fitting, key=lambda one: (one["conditions"] != wanted, -one["score"], one["draft_id"]), default=None)


def _is_wrong(draft: dict[str, Any]) -> bool:
    return any(f":{article}" in draft["sources"] for article in wrong_articles())


def _why_rejected(draft: dict[str, Any]) -> str:
    if _is_wrong(draft):
        return "rest on an article that is wrong"
    rights = [one for one in answer_key_entries() if one["category"] == draft["category_id"]]
    return (
        "say what we have already" if any(carries(draft["answer"], one) for one in rights) else "not in the answer key"
    )


def _phrasings(best: dict[str, Any] | None, truth: dict[str, Any], wordings: dict[str, list[str]]) -> list[str]:
    """Customers' wordings: the draft's own, what customers wrote whom this very answer helped, and what those wrote
    who asked the same under other conditions.
    """
    own = [] if best is None else [best["question"], *best["phrasings"]]
    variants = _variants(truth)
    mine = [one for name in sorted(variants, key=lambda name: name != truth["id"]) for one in wordings.get(name, [])]
    others = {one for name, found in wordings.items() if name not in variants for one in found}
    kept = [one for one in own if one not in others]
    return [one for one in dict.fromkeys([*kept, *mine]) if one != truth["question"]][:MAX_PHRASINGS]


def _variants(truth: dict[str, Any]) -> set[str]:
    """Ids of the right answers to the same question under other conditions, this one among them."""
    found = {one["id"] for one in answer_key_entries() if one["question"] == truth["question"]}
    with (ANSWER_KEY / "condition_pairs.csv").open(encoding="utf-8", newline="") as handle:
        pairs = [{row["entry_a"], row["entry_b"]} for row in csv.DictReader(handle)]
    return found.union(*(pair for pair in pairs if truth["id"] in pair))


def _wordings(desk: Desk) -> dict[str, list[str]]:
    """The sentences in which customers asked, by the right answer; training tickets only, the clearest first."""
    lake = Lake(desk.home)
    splits, comments = lake.read("ticket_splits"), lake.read("redacted_comments")
    train = set(splits.loc[splits["split"] == "train", "ticket_id"])
    with gzip.open(ANSWER_KEY / "tickets.csv.gz", "rt", encoding="utf-8", newline="") as handle:
        answered = {
            f"{row['helpdesk']}:{row['ticket_id']}": (row["true_category"], row["true_entry"])
            for row in csv.DictReader(handle)
            if row["true_entry"]
        }
    known = {ticket: category for ticket, (category, _) in answered.items() if ticket in train}
    asked = customer_questions(comments[comments["ticket_id"].isin(known)], known)
    asked = asked[asked["language"] == desk.settings.languages[0]]
    found: dict[str, list[str]] = {}
    for row in asked.sort_values(["strength", "ticket_id"], ascending=[False, True]).to_dict("records"):
        mine = found.setdefault(answered[row["ticket_id"]][1], [])
        if row["question"] not in mine:
            mine.append(row["question"])
    return found


def _written(truth: dict[str, Any], fields: dict[str, Any], desk: Desk) -> Entry:
    entry = Entry(category=truth["category"], answer=truth["answer"], **fields)
    return accept_entry(entry, _owner({}, desk, truth["category"]), *_days(desk))


def _owner(draft: dict[str, Any], desk: Desk, category: str | None = None) -> str:
    wanted = category or draft["category_id"]
    return next((one.owner for one in desk.categories if one.id == wanted and one.owner), OWNER)


def _who(desk: Desk) -> dict[str, Any]:
    roles = desk.settings.signers["knowledge"]
    return {"by": BY, "role": ROLE if ROLE in roles else roles[0], "occurred_at": _now(desk), "known_roles": roles}


def _days(desk: Desk) -> tuple[dt.date, dt.date]:
    today = _now(desk).date()
    return today, today + dt.timedelta(days=desk.settings.knowledge.review_every_days)


def _now(desk: Desk) -> dt.datetime:
    resource = DeskResource(folder=str(desk.folder))
    return resource.as_of(resource.lake.read("fct_tickets", ["created_at", "updated_at"])).to_pydatetime()


def _ledger(desk: Desk) -> Any:
    return DeskResource(folder=str(desk.folder)).ledger
