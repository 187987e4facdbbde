"""How many of the sample desk's right answers do the drafts reach? `make bench-drafts`, after `make demo`.

For every entry of the answer key in an `automate` or `hybrid` category: is there a draft of that category whose answer
carries its facts (at least 40 % of its content words and half of its numbers), and does it hold under its conditions
(every field that decides is there, with no value the entry does not have)? Drafts of a desk without entries are made
anew from the published frames; nothing is written to the desk. The thresholds were fixed before the first figure; the
drafting itself was improved while looking at this desk's drafts, so the figure is in sample.

`--verified-articles` ignores all findings, as after a review that found every article right.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pandas as pd

from assets.build_knowledge.conditions import load_conditions, overlap, parse_conditions
from assets.build_knowledge.drafts.draft_knowledge import draft_knowledge
from assets.build_knowledge.drafts.draft_settings import DRAFTED_BUCKETS, DraftSettings
from benchmarks.results_file import write_results
from examples.simulated_review import answer_key_entries, carries

HERE = Path(__file__).resolve().parent
NO_ENTRIES = pd.DataFrame(
    columns=["entry_id", "category_id", "question", "answer", "conditions", "sources", "is_current", "status"]
)
NO_FINDINGS = pd.DataFrame(
    columns=[
        "type",
        "reason",
        "subject_kind",
        "subject_id",
        "other_id",
        "is_blocking",
        "is_other_blocked",
        "evidence",
        "status",
    ]
)


def judge(drafts: pd.DataFrame, entries: list[dict[str, Any]], buckets: dict[str, str]) -> pd.DataFrame:
    """Frame [planted entry of a drafted category]: entry_id, category_id, has_answer, has_conditions, question."""
    rows = []
    for entry in entries:
        if buckets.get(entry["category"]) not in DRAFTED_BUCKETS:
            continue
        wanted = parse_conditions(entry["conditions"])
        best = (False, False, "")
        for draft in drafts[drafts["category_id"] == entry["category"]].itertuples():
            if not carries(draft.answer, entry):
                continue
            own = load_conditions(draft.conditions)
            holds = overlap(own, wanted) and all(
                field in own and set(own[field]) <= set(values) for field, values in wanted.items()
            )
            best = max(best, (True, holds, draft.question))
        rows.append((entry["id"], entry["category"], *best))
    return pd.DataFrame(rows, columns=["entry_id", "category_id", "has_answer", "has_conditions", "question"])


def main() -> None:
    """Make the drafts, judge them, write `results/drafts.json`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lake", type=Path, default=HERE.parent / "demo" / ".understudy" / "lake")
    parser.add_argument("--verified-articles", action="store_true")
    options = parser.parse_args()
    frames = {
        name: options.lake / f"{name}.parquet"
        for name in ("training_roadmap", "marts/fct_tickets", "ticket_intents", "ticket_splits", "redacted_comments",
                     "help_center_articles")
    }  # fmt: skip
    absent = [str(file) for file in frames.values() if not file.is_file()]
    if absent:
        raise SystemExit(f"{absent[0]} is missing; run 'make demo' first")
    roadmap, tickets, intents, splits, comments, articles = (pd.read_parquet(file) for file in frames.values())
    findings_file = options.lake / "knowledge_findings.parquet"
    findings = pd.read_parquet(findings_file) if findings_file.is_file() else NO_FINDINGS
    from assets.audit_tickets.vectors.encoder import load_encoder

    result = draft_knowledge(
        roadmap,
        tickets,
        intents,
        splits,
        comments,
        articles,
        findings.iloc[:0] if options.verified_articles else findings,
        NO_ENTRIES,
        pd.DataFrame(columns=["draft_id", "status"]),
        DraftSettings(),
        load_encoder().encode,
        tickets["updated_at"].max(),
    )
    judged = judge(
        result.drafts, answer_key_entries(), dict(zip(roadmap["category_id"], roadmap["bucket"], strict=True))
    )
    print(judged.to_string(index=False))
    summary = {
        "planted_entries": len(judged),
        "answer_reached": int(judged["has_answer"].sum()),
        "answer_and_conditions_reached": int(judged["has_conditions"].sum()),
        "drafts": len(result.drafts),
        "sections_used": int(result.sections["is_usable"].sum()),
        "sections": len(result.sections),
        **{f"refused_{reason}": int(count) for reason, count in result.report["reason"].value_counts().items()},
        "verified_articles": options.verified_articles,
    }
    print(json.dumps(summary, indent=2))
    write_results("drafts", summary, "sentence-transformers", seed=0)


if __name__ == "__main__":
    main()
