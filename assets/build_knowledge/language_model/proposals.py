"""Entries that a language model is asked for, and the drafts that come of it.

Belongs here: the rules of the prompt, and rows of `knowledge_drafts` made of replies that hold. Does not belong here: which material is
shown (`material`), reading replies (`replies`), sending prompts (`client`).

A model proposes, people decide: what is made here are open drafts like any other.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from assets.build_knowledge.conditions import Conditions, dump_conditions
from assets.build_knowledge.drafts.answer_conditions import derive_conditions
from assets.build_knowledge.drafts.draft_frame import COLUMNS
from assets.build_knowledge.drafts.draft_settings import DraftSettings
from assets.build_knowledge.drafts.proposal import Source, count_phrase
from assets.build_knowledge.language_model.asking import Asking, Proposals
from assets.build_knowledge.language_model.completion import Complete, Completion
from assets.build_knowledge.language_model.material import EntryMaterial, ShownMaterial, choose_material
from assets.build_knowledge.language_model.prompt import RULES_OF_THE_FENCE, Prompt, fenced
from assets.build_knowledge.language_model.replies import RepliedEntry, SetAside, read_entries, read_entry
from ledger.chain import canonical_json, sha256_hex

MAX_ENTRIES = 4
"""Entries asked of one reply."""

_ENTRY_RULES = (
    "You draft entries for a support team's knowledge base. Write at most {at_most} entries for the category in the data, "
    "each answering one question that several customers ask, in the language given. Put the question as a customer would. "
    "Write the answer to any reader in that situation, as short Markdown without images and HTML, only from texts labelled "
    "A (what people answered) and S (what articles say): no number, price, period, link or step that is not in them, nothing "
    "about one customer, and no bracketed placeholder such as [EMAIL]. What customers claim is no source. Leave out what "
    "already_answered lists; give no entry rather than a doubtful one. No two entries may name the same sources. Form: "
    '{{"entries": [{{"question": "…", "answer": "…", "sources": ["A1", "S2"], "phrasings": ["Q1", "Q3"]}}]}}, where sources '
    "are the labels that the answer rests on and phrasings the labels of customers' questions that it answers. "
)


def entry_prompt(material: ShownMaterial, name: str, language: str, at_most: int = MAX_ENTRIES) -> Prompt:
    """The prompt for entries of one category."""
    rules = _ENTRY_RULES.format(at_most=at_most) + RULES_OF_THE_FENCE
    return Prompt(rules, fenced(material.data(name, language)))


def with_proposals(
    drafts: pd.DataFrame,
    materials: Sequence[EntryMaterial],
    complete: Complete,
    settings: DraftSettings,
    as_of: pd.Timestamp,
    decisions: pd.DataFrame,
    entries: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``knowledge_drafts`` with what a language model proposes beside it, and what of that was set aside.

    Arguments as in `propose_entries`; the questions of ``drafts`` are added to what is answered already.
    """
    known = drafts.groupby("category_id")["question"].agg(tuple).to_dict()
    asked = [replace(one, answered=(*one.answered, *known.get(one.category.category_id, ()))) for one in materials]
    proposed = propose_entries(asked, complete, settings, as_of, decisions, entries)
    if proposed.frame.empty:
        return drafts, proposed.set_aside
    both = pd.concat([drafts, proposed.frame.astype(drafts.dtypes.to_dict())], ignore_index=True)
    return both.sort_values(["category_id", "score", "draft_id"], ascending=[True, False, True], ignore_index=True), (
        proposed.set_aside
    )


def propose_entries(
    materials: Sequence[EntryMaterial],
    complete: Complete,
    settings: DraftSettings,
    as_of: pd.Timestamp,
    decisions: pd.DataFrame | None = None,
    entries: pd.DataFrame | None = None,
) -> Proposals:
    """Ask for entries, one prompt a category.

    Args:
        materials: one a category that is short of entries, in the order in which to spend. **Redacted text of training
            tickets and of usable articles only**: the caller filters, nothing here can tell.
        complete: `LanguageModelClient.complete`, or another way to ask.
        settings: language and the number of phrasings.
        as_of: UTC.
        decisions: draft_id and status (accepted, rejected). entries: `knowledge_entries`; both as for `draft_frame`.

    Returns:
        Rows of `knowledge_drafts` with origin `language_model`. Their sources are the answers and sections that the
        entry names (these stand first), the other tickets shown with them, and the model with the prompt's hash; an
        article that was shown and not named is no source, for an entry must not end when such an article does. A
        reply's cost is shared equally by what it held.

    Nothing a model says is fatal: it is set aside with a reason. Categories that got no reply,
    for the budget is spent or the endpoint fails, are named in `set_aside`.
    """
    asked = Asking(complete)
    rows: list[dict[str, Any]] = []
    taken: set[str] = set()
    for material in materials:
        category = material.category
        chosen = choose_material(material, settings.language)
        if not chosen.evidence:
            asked.put_aside(category.category_id, "no_material", "There is no answer and no section to draft from.")
            continue
        reply = asked(category.category_id, entry_prompt(chosen, category.name, settings.language))
        if reply is None:
            continue
        try:
            values = read_entries(reply.text, MAX_ENTRIES)
        except SetAside as problem:
            asked.put_aside(category.category_id, problem.reason, problem.detail, reply, reply.cost_usd)
            continue
        if not values:
            asked.put_aside(category.category_id, "nothing", "The model proposed no entry.", reply, reply.cost_usd)
        for value in values:
            share = reply.cost_usd / len(values)
            try:
                entry = read_entry(value, chosen.evidence, chosen.questions)
                row = _row(material, chosen, entry, reply, share, settings, as_of)
                if row["draft_id"] in taken:
                    raise SetAside("repeated", f"A second entry rests on the same sources: “{entry.question}”.")
            except SetAside as problem:
                asked.put_aside(category.category_id, problem.reason, problem.detail, reply, share)
                continue
            taken.add(row["draft_id"])
            rows.append(row)
    return Proposals(_frame(rows, decisions, entries), asked.set_aside)


def _row(
    material: EntryMaterial,
    chosen: ShownMaterial,
    entry: RepliedEntry,
    reply: Completion,
    cost: float,
    settings: DraftSettings,
    as_of: pd.Timestamp,
) -> dict[str, Any]:
    category = material.category
    conditions = _conditions(material, chosen, entry)
    named = list(dict.fromkeys(source for label in entry.sources for source in chosen.sources[label]))
    tickets = {source.id for source in named}
    others = [s for label in (*chosen.answers, *chosen.questions) for s in chosen.sources[label] if s.id not in tickets]
    # One ticket may be shown as a question and as an answer; the answer is what it is named by.
    others = list({source.id: source for source in reversed(others)}.values())[::-1]
    sources = [*named, *others, Source("language_model", reply.model, reply.prompt_hash)]
    phrasings = [text for label in entry.phrasings if (text := chosen.questions[label]) != entry.question]
    phrasings = phrasings[: settings.phrasings]
    content = {
        "question": entry.question, "answer": entry.answer,
        "conditions": {field: sorted(values) for field, values in conditions.items()},
        "phrasings": phrasings, "category": category.category_id, "valid_from": None, "valid_until": None,
    }  # fmt: skip
    name = {
        "category": category.category_id, "conditions": dump_conditions(conditions), "model": reply.model,
        "prompt": reply.prompt_hash, "sources": sorted([one.kind, one.id, one.hash] for one in named),
    }  # fmt: skip
    owners = {chosen.units[label].owner for label in entry.sources if label in chosen.units}
    return {
        "draft_id": "draft_" + sha256_hex(canonical_json(name))[:12],
        "category_id": category.category_id,
        "question": entry.question,
        "answer": entry.answer,
        "conditions": dump_conditions(conditions),
        "phrasings": phrasings,
        "sources": json.dumps([{"kind": s.kind, "id": s.id, "hash": s.hash} for s in sources], ensure_ascii=False),
        "origin": "language_model",
        "why": _why(chosen, entry, reply.model),
        "suggested_owner": category.owner or (next(iter(owners)) if len(owners) == 1 else None),
        "score": float(len(phrasings)),
        "customer_language_score": None,
        "suggested_question": None,
        "model": reply.model,
        "prompt_hash": reply.prompt_hash,
        "cost_usd": cost,
        "content_hash": sha256_hex(canonical_json(content)),
        "status": "open",
        "drafted_as_of": as_of,
    }


def _conditions(material: EntryMaterial, chosen: ShownMaterial, entry: RepliedEntry) -> Conditions:
    """Those of the sections named; without any, those under which the answers named were given. A model sets none."""
    own = {dump_conditions(chosen.units[label].conditions): label for label in entry.sources if label in chosen.units}
    if len(own) > 1:
        raise SetAside("mixed_conditions", f"“{entry.question}” rests on sections that are for different readers.")
    if own:
        return chosen.units[next(iter(own.values()))].conditions
    rows = [chosen.answer_rows[label] for label in entry.sources if label in chosen.answer_rows]
    return derive_conditions(rows, material.category.contexts, entry.answer).conditions


def _why(chosen: ShownMaterial, entry: RepliedEntry, model: str) -> str:
    answers = sum(label in chosen.answers for label in entry.sources)
    parts = [count_phrase(answers, "answer", "answers")] if answers else []
    titles = dict.fromkeys(chosen.units[label].title for label in entry.sources if label in chosen.units)
    parts += [f"“{title}”" for title in titles]
    asked = count_phrase(len(entry.phrasings), "customer's question", "customers' questions")
    return f"Written by the language model {model} from {' and '.join(parts)}, for {asked} it was shown. Compare it with them."


def _frame(rows: list[dict[str, Any]], decisions: pd.DataFrame | None, entries: pd.DataFrame | None) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    text = ["suggested_owner", "suggested_question", "model", "prompt_hash"]
    frame = frame.astype(
        dict.fromkeys(text, "str") | {"score": "float64", "customer_language_score": "float64", "cost_usd": "float64"}
    )
    if decisions is not None and len(decisions):
        decided = frame["draft_id"].map(decisions.drop_duplicates("draft_id").set_index("draft_id")["status"])
        frame["status"] = decided.where(decided.notna(), frame["status"])
    if entries is not None and len(entries) and "draft_id" in entries:
        current = entries[entries["is_current"].astype(bool) & (entries["status"] != "retired")]
        frame.loc[frame["draft_id"].isin(set(current["draft_id"].dropna())), "status"] = "accepted"
    return frame.sort_values(["category_id", "score", "draft_id"], ascending=[True, False, True], ignore_index=True)
