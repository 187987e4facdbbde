"""What people do on a real desk, played for the Thunderbird benchmark: declared as simulated wherever it leaves a trace.

Belongs here: the decisions of a support lead who starts from nothing, taken by rule because there is no answer key.
Does not belong here: anything a product may rely on, and any judgement of whether an answer is right: nobody read these.

The rules, in order. Categories: the bucket that the roadmap proposes, for each topic of the forum as it stands. Articles:
every one is verified, since their age is unknown and doubted for it. Entries: every draft that rests on articles alone and
comes with the wordings a desk asks for is accepted. First tier: the trained categories that have the entries they need; the
others wait in the second. Nothing is signed: the release is one to measure, and can never be made current.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from ruamel.yaml import YAML

from assets.build_knowledge.entries.review import accept_draft, entry_file, sign_entries
from desk.knowledge import read_knowledge, write_entry
from desk.loading import Desk, load_desk
from ledger.knowledge import verify_article
from orchestration.lake import Lake, replacing
from orchestration.people.category_file import accept_proposed_buckets
from orchestration.people.knowledge_files import taken_ids
from orchestration.people.knowledge_review import open_drafts
from orchestration.resources import DeskResource

BY, OWNER = "Simulated reviewer", "Simulated owner"
NOTE = "simulated: accepted by rule, read by nobody"
TRAINED = ("automate", "hybrid")


def accept_categories(desk: Desk) -> str:
    """Write the roadmap's proposals into ``categories.yaml``, with an owner; returns what to tell.

    Raises:
        NotMaterialised: there is no roadmap yet.
    """
    accept_proposed_buckets(desk)
    with _categories(desk) as document:
        for one in document["categories"]:
            one.setdefault("owner", OWNER)
        buckets = [one.get("bucket") for one in document["categories"]]
    counts = ", ".join(f"{buckets.count(name)} {name}" for name in (*TRAINED, "escalate"))
    return f"{BY}: {len(buckets)} categories as proposed ({counts}); unsigned"


def verify_articles(desk: Desk) -> str:
    """Verify every article as it stands; returns what to tell."""
    articles = Lake(desk.home).read("help_center_articles", ["article_id", "article_hash", "retired_as_of"])
    articles = articles[articles["retired_as_of"].isna()].drop_duplicates("article_id").sort_values("article_id")
    with _resource(desk).ledger as ledger:
        for name, digest in zip(articles["article_id"], articles["article_hash"], strict=True):
            verify_article(ledger, name, digest, note=NOTE, **_who(desk))
    return f"{BY}: {len(articles)} articles verified, read by nobody"


def accept_drafts(desk: Desk) -> str:
    """Accept every open draft whose sources are articles alone and that has enough phrasings; returns what to tell."""
    drafts = open_drafts(desk)
    enough = desk.settings.knowledge.min_phrasings
    is_from_articles = [
        {one["kind"] for one in json.loads(sources)} == {"article"} and len(set(phrasings)) >= enough
        for sources, phrasings in zip(drafts["sources"], drafts["phrasings"], strict=True)
    ]
    today = _now(desk).date()
    until = today + dt.timedelta(days=desk.settings.knowledge.review_every_days)
    entries, rejected = read_knowledge(desk.knowledge, [one.id for one in desk.categories])
    taken = set(taken_ids(desk, entries, rejected))
    made = []
    for draft in drafts[is_from_articles].to_dict("records"):
        entry = accept_draft({str(name): value for name, value in draft.items()}, OWNER, today, until, taken=taken)
        taken.add(entry.id)
        write_entry(desk.knowledge / entry_file(entry), entry)
        made.append(entry)
    if made:
        with _resource(desk).ledger as ledger:
            sign_entries(ledger, made, note=NOTE, **_who(desk))
    return f"{BY}: {len(made)} of {len(drafts)} drafts accepted, those that rest on articles alone and have {enough} wordings"


def choose_first_tier(desk: Desk) -> str:
    """Tier 1 for trained categories with the entries they need, 2 for the others; returns what to tell.

    Where none has them, the tiers stay as proposed, and the coverage says what is missing.
    """
    entries, _ = read_knowledge(desk.knowledge, [one.id for one in desk.categories])
    counts: dict[str, int] = {}
    for one in entries:
        if one.status == "accepted" and len(one.phrasings) >= desk.settings.knowledge.min_phrasings:
            counts[one.category] = counts.get(one.category, 0) + 1
    first = {name for name, count in counts.items() if count >= desk.settings.knowledge.min_entries}
    if first:
        with _categories(desk) as document:
            for one in document["categories"]:
                if one.get("bucket") in TRAINED:
                    one["tier"] = 1 if one["id"] in first else 2
    return f"{BY}: first tier: {', '.join(sorted(first)) or 'as proposed'}"


class _categories:
    """``categories.yaml`` as a document that is written back at the end."""

    def __init__(self, desk: Desk) -> None:
        self._file = desk.folder / "categories.yaml"
        self._yaml = YAML(typ="rt")
        self._yaml.width = 120
        self._yaml.indent(mapping=2, sequence=4, offset=2)

    def __enter__(self) -> Any:
        self._document = self._yaml.load(self._file.read_text(encoding="utf-8"))
        return self._document

    def __exit__(self, kind: object, *others: object) -> None:
        if kind is None:
            with replacing(self._file) as temporary, temporary.open("w", encoding="utf-8") as handle:
                self._yaml.dump(self._document, handle)


def play(desk: Desk, *steps: Any) -> list[str]:
    """Several of the above one after the other, each on the desk as the one before left it; returns what to tell."""
    return [step(load_desk(desk.folder)) for step in steps]


def _who(desk: Desk) -> dict[str, Any]:
    roles = desk.settings.signers["knowledge"]
    return {"by": BY, "role": roles[0], "occurred_at": _now(desk), "known_roles": roles}


def _now(desk: Desk) -> dt.datetime:
    resource = _resource(desk)
    return resource.as_of(resource.lake.read("fct_tickets", ["created_at", "updated_at"])).to_pydatetime()


def _resource(desk: Desk) -> DeskResource:
    return DeskResource(folder=str(desk.folder))
