"""What the platform writes into ``categories.yaml`` when a person asks for it; comments and order of theirs are kept.

Does not belong here: what is proposed (``assets.audit_tickets``), what the file may hold (``desk.models``).
"""

import io
from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

from desk.loading import Desk
from orchestration.lake import replacing
from orchestration.resources import DeskResource


def propose_categories(desk: Desk) -> list[str]:
    """Bring the ``proposed:`` list of ``categories.yaml`` up to date with the candidates; returns what to tell.

    Raises:
        NotMaterialised: no candidates were looked for yet.
    """
    from assets.audit_tickets.categories.category_proposals import with_decisions, with_proposals

    resource = DeskResource(folder=str(desk.folder))
    text = resource.categories_text
    candidates = with_decisions(resource.lake.read("category_candidates"), text)
    candidates, told = _with_model_names(desk, candidates)
    file = desk.folder / "categories.yaml"
    with replacing(file) as temporary:
        temporary.write_text(with_proposals(text, candidates), encoding="utf-8")
    is_open = candidates[candidates["status"] == "open"].sort_values("count_tickets", ascending=False)
    if is_open.empty:
        return [f"Nothing to propose: every ticket found a category. {file} is up to date."]
    lines = [f"  {row['name']} ({row['count_tickets']} tickets)" for row in is_open.head(25).to_dict("records")]
    return [f"Wrote these proposals into {file}, under 'proposed:'; move up what you accept:", *lines, *told]


def _with_model_names(desk: Desk, candidates: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Open candidates by the names a language model proposes, where the desk names one; and what to tell of it.

    The name is written beside the model that gave it, and counts once a person moves it up, like any other.
    """
    from assets.build_knowledge.language_model.category_names import propose_category_names
    from assets.build_knowledge.language_model.client import LanguageModelClient

    model = desk.settings.language_model
    if not model.is_on:
        return candidates, []
    client = LanguageModelClient.of(model, desk.home / "language_model_replies")
    found = propose_category_names(candidates, client.complete, [one.name for one in desk.categories])
    by_candidate = found.frame.set_index("candidate_id")
    named = candidates["candidate_id"].map(by_candidate["name"])
    source = by_candidate["model"] + ", prompt " + by_candidate["prompt_hash"].str[:12]
    told = [f"{len(found.frame)} names by {model.model}, for {client.budget.spent_usd:.4f} USD."]
    told += [f"  not named by it: {row['subject_id']}: {row['detail']}" for row in found.set_aside.to_dict("records")]
    return (
        candidates.assign(
            name=named.where(named.notna(), candidates["name"]), named_by=candidates["candidate_id"].map(source)
        ),
        told,
    )


def accept_proposed_buckets(desk: Desk) -> list[str]:
    """Write the roadmap's bucket and tier for every category that has no bucket yet; returns what was written.

    Categories that so far exist only as a label of the helpdesk are added by that label. Candidates are left to
    ``understudy categories propose``.

    Raises:
        NotMaterialised: there is no roadmap to accept.
    """
    roadmap = DeskResource(folder=str(desk.folder)).lake.read("training_roadmap")
    rows = roadmap[(roadmap["kind"] == "category") & (roadmap["count_tickets"] > 0)].sort_values("rank")
    file = desk.folder / "categories.yaml"
    document = _read(file)
    known = {entry["id"]: entry for entry in document.get("categories") or []}
    if "categories" not in document and document:
        document.insert(0, "categories", [])  # 'proposed' stays the last key
    elif not document.get("categories"):
        document["categories"] = []
    said = []
    for row in rows.to_dict("records"):
        entry = known.get(row["category_id"])
        if entry is None:
            entry = {"id": row["category_id"], "name": row["name"], "labels": [row["category_id"]]}
            document["categories"].append(entry)
        if entry.get("bucket"):
            continue
        entry["bucket"] = row["proposed_bucket"]
        if not pd.isna(row["training_order"]):
            entry["tier"] = 1 if row["is_top"] else 2
        said.append(f"{entry['id']}: {entry['bucket']}" + (f", tier {entry['tier']}" if entry.get("tier") else ""))
    if said:
        _write(file, document)
        said = [f"Wrote {len(said)} proposed decisions into {file}:", *(f"  {line}" for line in said)]
    return said


def decide_category(desk: Desk, category_id: str, *, bucket: str, tier: int | None) -> bool:
    """Write bucket and tier of one category; whether the file had to change. Any change unsigns the roadmap.

    Raises:
        KeyError: the file has no such category.
    """
    file = desk.folder / "categories.yaml"
    document = _read(file)
    entry = next((one for one in document.get("categories") or [] if one["id"] == category_id), None)
    if entry is None:
        raise KeyError(category_id)
    wanted = {"bucket": bucket, **({} if tier is None else {"tier": tier})}
    if all(entry.get(name) == value for name, value in wanted.items()):
        return False
    entry.update(wanted)
    _write(file, document)
    return True


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _read(file: Path) -> Any:
    return (_yaml().load(file.read_text(encoding="utf-8")) if file.is_file() else None) or {}


def _write(file: Path, document: Any) -> None:
    text = io.StringIO()
    _yaml().dump(document, text)
    with replacing(file) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8")
