"""The conversation about categories between the platform and the people who own ``categories.yaml``.

Belongs here: writing proposals into that file's text without touching what people wrote, reading what they decided, and
handing the tickets of accepted candidates to their category. Does not belong here: finding candidates (``candidates``),
the shape of the file (``desk.models``), or reading and writing the file itself: texts go in, texts come out.

How it works. Each open candidate stands under ``proposed:`` at the end of the file, shaped exactly like a category,
with what is known about it in a comment. A person decides by moving lines:

- accept: move the entry up under ``categories:``; change its name, id or examples at will, keep ``merged_from``;
- merge: add the candidate's id to ``merged_from`` of any category, or put two ids into one new entry;
- split: write several categories that name the same candidate; each ticket goes to the one whose example phrases it is
  nearest to;
- dismiss: write ``dismiss: true`` into the entry and leave it; it is never proposed again.

The list under ``proposed:`` is the platform's and is rewritten on every run; everything above it is the people's.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from assets.audit_tickets.categories.text_features import unit_rows

HEADING = """\
# Proposed by the platform, and rewritten on every run. To accept one, move it up under 'categories:' (rename it as you
# like, keep merged_from). To merge it, add its id to a category's merged_from. To split it, name it in the merged_from
# of several categories with different examples. To dismiss it, add 'dismiss: true' to it.
"""
PROPOSED = re.compile(r"^proposed[ \t]*:", re.MULTILINE)


def with_proposals(categories_text: str, candidates: pd.DataFrame, at_most: int = 25) -> str:
    """The text of ``categories.yaml`` with its ``proposed:`` list brought up to date.

    Args:
        categories_text: the file's text; may be empty.
        candidates: the frame ``category_candidates``, statuses up to date (``with_decisions``); where there is a column
            named_by, it says who proposed the name.
        at_most: how many open candidates to propose, the largest first.

    Returns:
        The same text up to ``proposed:`` (with an empty ``categories:`` if it had none), then the open candidates and the dismissed ones. Every text
        that came from a ticket is quoted, and reads back as written.

    Raises:
        ValueError: the text is not YAML that holds lists ``categories`` and ``proposed``, or ``proposed:`` is not
            the file's last key.
    """
    document = _parse(categories_text)
    people = _people_part(categories_text, document)
    used = {str(entry.get("id")) for entry in _entries(document, "categories")}
    open_ = candidates[(candidates["status"] == "open") & candidates["is_present"].astype(bool)]
    open_ = open_.sort_values(["count_tickets", "candidate_id"], ascending=[False, True]).head(at_most)
    blocks = [_entry(row, used) for row in open_.to_dict("records")]
    dismissed = [_rendered(entry) for entry in _entries(document, "proposed") if entry.get("dismiss") is True]
    if "categories" not in document:
        people = f"{people.rstrip()}\ncategories: []\n".lstrip()
    if not blocks and not dismissed:
        return people
    return people.rstrip("\n") + "\n\n" + HEADING + "proposed:\n" + "".join([*blocks, *dismissed])


def with_decisions(candidates: pd.DataFrame, categories_text: str) -> pd.DataFrame:
    """Candidates with ``status`` and ``merged_into`` as people decided in ``categories.yaml``.

    accepted: first candidate of a category that has no helpdesk labels; merged: any other place in a ``merged_from``;
    dismissed: under ``proposed:`` with ``dismiss: true``; open: otherwise, also when a decision was taken back.
    """
    document = _parse(categories_text)
    accepted: dict[str, str] = {}
    merged: dict[str, str] = {}
    for category in _entries(document, "categories"):
        for position, candidate in enumerate(map(str, category.get("merged_from") or [])):
            fresh = position == 0 and not category.get("labels")
            (accepted if fresh else merged).setdefault(candidate, str(category.get("id")))
    dismissed = {
        str(candidate)
        for entry in _entries(document, "proposed")
        if entry.get("dismiss") is True
        for candidate in entry.get("merged_from") or []
    }
    ids = candidates["candidate_id"].astype(str)
    status = np.where(
        ids.isin(accepted),
        "accepted",
        np.where(ids.isin(merged), "merged", np.where(ids.isin(dismissed), "dismissed", "open")),
    )
    into = ids.map({**merged, **accepted})
    before = candidates["merged_into"].where(
        candidates["merged_into"].astype("string").str.startswith("cand_", na=False)
    )
    return candidates.assign(
        status=pd.array(status, dtype="string"), merged_into=into.where(into.notna(), before).astype("string")
    )


def accepted_members(
    candidates: pd.DataFrame,
    accepted_categories: pd.DataFrame,
    tickets: pd.DataFrame | None = None,
    vectors: np.ndarray | None = None,
    phrases: pd.DataFrame | None = None,
    phrase_vectors: np.ndarray | None = None,
) -> pd.DataFrame:
    """Tickets of candidates that people gave to a category: ticket_id, category_id, one row a ticket.

    A candidate named by several categories is split: each ticket goes to the category whose nearest example phrase is
    nearest to it. Without phrases and vectors to tell by, such tickets go to none.

    Args:
        candidates: ``category_candidates`` with ``member_ticket_ids``.
        accepted_categories: category_id, merged_from.
        tickets, vectors: ticket_id and sentence vectors (n, d), only needed for splits.
        phrases, phrase_vectors: category_id of example phrases and their vectors, only needed for splits.
    """
    takers: dict[str, list[str]] = {}
    for category in accepted_categories.to_dict("records"):
        for candidate_id in category["merged_from"]:
            takers.setdefault(str(candidate_id), []).append(str(category["category_id"]))
    rows: dict[str, str] = {}
    for candidate in candidates.sort_values("candidate_id").to_dict("records"):
        categories = takers.get(str(candidate["candidate_id"]), [])
        members = sorted(map(str, candidate["member_ticket_ids"]))
        if len(categories) == 1:
            rows.update({ticket: categories[0] for ticket in members if ticket not in rows})
        elif (
            categories
            and tickets is not None
            and vectors is not None
            and phrases is not None
            and phrase_vectors is not None
        ):
            nearest = _nearest(members, categories, tickets, vectors, phrases, phrase_vectors)
            rows.update({ticket: taker for ticket, taker in nearest.items() if ticket not in rows})
    return pd.DataFrame({"ticket_id": list(rows), "category_id": list(rows.values())}, dtype="str")


def proposal_id(name: str, taken: Iterable[str]) -> str:
    """A category id made of a name, unlike those taken: "Import contacts" gives ``import_contacts``."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_") or "category"
    used, number, found = set(taken), 2, slug
    while found in used:
        found, number = f"{slug}_{number}", number + 1
    return found


def _nearest(
    members: list[str], categories: list[str], tickets: pd.DataFrame, vectors: np.ndarray, phrases: pd.DataFrame,
    phrase_vectors: np.ndarray,
) -> dict[str, str]:  # fmt: skip
    owners = phrases["category_id"].astype(str)
    mine = owners.isin(categories).to_numpy(dtype=bool)
    rows = np.flatnonzero(tickets["ticket_id"].astype(str).isin(members))
    if not mine.any() or not len(rows):
        return {}
    likeness = unit_rows(vectors[rows]) @ unit_rows(phrase_vectors[mine]).T
    names = owners[mine].to_numpy(dtype=object)
    return {
        str(tickets["ticket_id"].iloc[row]): str(names[best])
        for row, best in zip(rows, likeness.argmax(axis=1), strict=True)
    }


def _entry(row: dict[Any, Any], used: set[str]) -> str:
    slug = proposal_id(str(row["name"]), used)
    used.add(slug)
    count = int(row["count_tickets"])
    facts = [f"{count} ticket{'' if count == 1 else 's'}, {float(row['share_of_unknown']):.0%} of the unknown ones"]
    if len(row["key_terms"]):
        facts.append("words: " + ", ".join(map(_one_line, row["key_terms"])))
    if isinstance(row.get("named_by"), str):
        facts.append(f"name proposed by {_one_line(row['named_by'])}")
    if isinstance(row.get("looks_like_category_id"), str):
        likely = _one_line(row["looks_like_category_id"])
        facts.append(f"looks like {likely}: to add it there, put {row['candidate_id']} into its merged_from")
    entry = {
        "id": slug, "name": str(row["name"]), "description": "", "labels": [], "examples": [str(e) for e in row["examples"]],
        "bucket": None, "tier": None, "owner": None, "merged_from": [str(row["candidate_id"])],
    }  # fmt: skip
    return "".join(f"  # {fact}\n" for fact in facts) + _rendered(entry)


def _rendered(entry: Mapping[str, Any]) -> str:
    from ruamel.yaml import YAML
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString as Quoted

    yaml = YAML()
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.add_representer(type(None), lambda r, _: r.represent_scalar("tag:yaml.org,2002:null", "null"))
    plain: dict[str, Any] = {}
    for key, value in entry.items():
        if isinstance(value, list):
            plain[str(key)] = [Quoted(_one_line(item)) if key != "merged_from" else str(item) for item in value]
        else:
            plain[str(key)] = Quoted(_one_line(value)) if isinstance(value, str) and key != "id" else value
    out = io.StringIO()
    yaml.dump([plain], out)
    return out.getvalue()


def _one_line(text: Any) -> str:
    """Text of a customer on one line, without characters that a terminal or editor would act on."""
    shown = "".join(" " if unicodedata.category(char).startswith(("C", "Zl", "Zp")) else char for char in str(text))
    return " ".join(shown.split())


def _parse(text: str) -> dict[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        document = YAML(typ="safe", pure=True).load(text) or {}
    except YAMLError as error:
        raise ValueError(f"categories.yaml is not valid YAML: {error}. Correct it; nothing was changed.") from error
    if not isinstance(document, dict) or any(
        not isinstance(document.get(key) or [], list) for key in ("categories", "proposed")
    ):
        raise ValueError("categories.yaml must hold the lists 'categories:' and 'proposed:'. Nothing was changed.")
    return document


def _entries(document: dict[str, Any], key: str) -> list[dict[str, Any]]:
    return [entry for entry in document.get(key) or [] if isinstance(entry, dict)]


def _people_part(text: str, document: dict[str, Any]) -> str:
    """The text before the platform's own list, its heading left out."""
    found = PROPOSED.search(text)
    if found is None:
        return text
    if list(document)[-1] != "proposed":
        raise ValueError(
            "'proposed:' must be the last list of categories.yaml. Move what follows above it; nothing was changed."
        )
    lines = text[: found.start()].splitlines(keepends=True)
    ours = set(HEADING.splitlines())
    while lines and lines[-1].rstrip() in ours:
        lines.pop()
    return "".join(lines)
