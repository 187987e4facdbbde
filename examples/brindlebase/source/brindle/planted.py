"""Answer-key tables made from the texts: entries told apart by a condition, and conversations labelled for triggers."""

from __future__ import annotations

import itertools
import json
import random
from typing import Any

from brindle.texts import SOURCE, load_categories, spin, split_openings

PHRASINGS = 8


def condition_pairs() -> list[list[Any]]:
    """Rows: category, question, deciding keys, entry and conditions of each side, phrasings that fit both sides."""
    rows = []
    for category in load_categories().values():
        entries = {e["id"]: e for e in category.raw["entries"]}
        for group in category.raw["groups"]:
            for a, b in itertools.combinations(group["entries"], 2):
                one, two = entries[a], entries[b]
                keys = sorted(
                    k
                    for k in {*one["conditions"], *two["conditions"]}
                    if one["conditions"].get(k) != two["conditions"].get(k)
                )
                neutral = [
                    o
                    for o in split_openings(category.openings, pilot=False)
                    if o.group == group["key"]
                    and o.language == "en"
                    and not o.forces
                    and not o.since
                    and "%" not in o.text
                ]
                phrasings = [spin(random.Random(o.key), o.text) for o in neutral[:PHRASINGS]]
                rows.append(
                    [
                        category.id,
                        one["question"],
                        ";".join(keys),
                        a,
                        json.dumps(one["conditions"], sort_keys=True),
                        b,
                        json.dumps(two["conditions"], sort_keys=True),
                        json.dumps(phrasings, ensure_ascii=False),
                    ]
                )
    return rows


def trigger_conversations() -> list[list[Any]]:
    """Rows: id, reason, must_escalate, language, turns (JSON list of the customer's messages)."""
    rows: list[list[Any]] = []
    for line in (SOURCE / "triggers.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            reason, must, language, turns = line.split(" | ", 3)
            rows.append(
                [
                    f"trigger-{len(rows) + 1:03d}",
                    reason.strip(),
                    str(must == "yes").lower(),
                    language,
                    json.dumps([t.strip() for t in turns.split("||")], ensure_ascii=False),
                ]
            )
    return rows
