"""Are the labels right that confidence is calibrated on? `make bench-labels`, after `make demo`.

Labels are read from what people replied. The sample desk has an answer key, so that they can be judged: of the
calibration and training tickets labelled by each source, for how many is the key's entry the label's? And is what is
counted as wrong (`answer_of_no_entry`) really without a live entry? Then calibration as the product does it, and the true
share wrong among what would be answered. Twice: with labels from replies alone, and with every calibration ticket
reviewed, the key standing in for the reviewer. Nothing is written to the desk; no asset reads the key.

The desk is small (131 calibration tickets) and was looked at while the labels were made: the figures are in sample.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from assets.build_knowledge.decided_categories import decided_roadmap
from assets.configure_behavior.confidence.calibrate_confidence import (
    CERTIFIES,
    CalibrationOutcome,
    calibrate_confidence,
)
from assets.configure_behavior.confidence.calibration_labels import OTHER_ANSWER, REVIEW, label_tickets, labels_frame
from assets.configure_behavior.confidence.choose_thresholds import AUTOMATE
from assets.configure_behavior.confidence.evidence import encode_once
from benchmarks.results_file import write_results
from desk.behavior import Confidence
from examples.simulated_review import ANSWER_KEY, entry_id_of
from orchestration.lake import Lake

HERE = Path(__file__).resolve().parent
SPECS = ((0.05, 0.95), (0.1, 0.95), (0.15, 0.95), (0.1, 0.9), (0.2, 0.95))


def right_entries() -> dict[str, str]:
    """Id of the right entry by ticket_id, as the key says; tickets without one are left out."""
    with gzip.open(ANSWER_KEY / "tickets.csv.gz", "rt", encoding="utf-8", newline="") as handle:
        return {
            f"{row['helpdesk']}:{row['ticket_id']}": entry_id_of({"id": row["true_entry"]})
            for row in csv.DictReader(handle)
            if row["true_entry"]
        }


def judge_labels(labels: pd.DataFrame, right: dict[str, str], live: set[str]) -> dict[str, dict[str, int]]:
    """By source: labelled tickets, and those whose label the key agrees with."""
    found: dict[str, dict[str, int]] = {}
    for source, mine in labels.groupby("label_source", sort=True):
        truth = [right.get(ticket) for ticket in mine["ticket_id"]]
        if source == OTHER_ANSWER:
            agreed = sum(one not in live for one in truth)
        else:
            agreed = sum(one in names for one, names in zip(truth, mine["entry_ids"], strict=True))
        found[str(source)] = {"tickets": len(mine), "agree_with_key": agreed}
    return found


def judge_answers(outcome: CalibrationOutcome, right: dict[str, str], automated: set[str]) -> dict[str, Any]:
    """What the thresholds answer of the calibration tickets, and how much of it the key calls wrong, by risk."""
    answers = outcome.answers[outcome.answers["part"] == CERTIFIES]
    answers = answers[answers["category_id"].isin(automated)]
    is_truly_wrong = np.array(
        [right.get(ticket) != entry for ticket, entry in zip(answers["ticket_id"], answers["entry_id"], strict=True)]
    )
    found: dict[str, Any] = {}
    for risk, rows in outcome.thresholds.groupby("risk"):
        least = answers["category_id"].map(rows.set_index("category_id")["threshold"])
        is_answered = (answers["may_answer"] & (answers["confidence"] >= least)).to_numpy()
        certified = rows[rows["threshold"].notna()]
        found[f"{risk:g}"] = {
            "threshold": None if certified.empty else float(certified["threshold"].min()),
            "categories_with_a_threshold": len(certified),
            "answered": int(is_answered.sum()),
            "wrong_by_label": int(answers["is_wrong"].to_numpy()[is_answered].sum()),
            "wrong_by_key": int(is_truly_wrong[is_answered].sum()),
            "bound": None if certified.empty else round(float(certified["upper_bound"].max()), 4),
        }
    return found


def main() -> None:
    """Run, print, write benchmarks/results/labels.json."""
    from rich.console import Console

    from assets.audit_tickets.categories.intent_model import IntentModel
    from assets.audit_tickets.vectors.encoder import load_encoder
    from assets.build_knowledge.retrieval.index_files import load_index

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, default=HERE.parent / "demo" / ".understudy")
    lake, console, start = Lake(parser.parse_args().home), Console(), time.perf_counter()
    if not lake.file("answered_tickets").is_file():
        raise SystemExit(f"{lake.home} holds no answered tickets: run `make demo`, or name a home with --home.")
    frames: dict[str, Any] = {
        "live": lake.read("live_entries"), "articles": lake.read("help_center_articles"),
        "tickets": lake.read("fct_tickets"), "ticket_intents": lake.read("ticket_intents"),
        "splits": lake.read("ticket_splits"), "comments": lake.read("redacted_comments"),
    }  # fmt: skip
    categories = decided_roadmap(lake.read("training_roadmap"), lake.read("accepted_categories"))
    models: dict[str, Any] = {
        "intents": IntentModel.load(lake.models / frames["ticket_intents"]["model_version"].iloc[0]),
        "index": load_index(lake.models / lake.read("retrieval_index")["index_version"].iloc[0]),
    }
    encode, right, live = encode_once([], load_encoder().encode), right_entries(), set(frames["live"]["entry_id"])
    record: dict[str, Any] = {}
    for side in ("calibration", "train"):
        labels = label_tickets(
            frames["live"], frames["articles"], frames["tickets"], frames["ticket_intents"], frames["splits"],
            frames["comments"], encode, side,
        )  # fmt: skip
        record[side] = {
            "tickets": labels.count_tickets,
            "unanswered": labels.count_unanswered,
            "other_language": labels.count_other_language,
            **judge_labels(labels.frame, right, live),
        }
        console.print(side, record[side])
    calibration = frames["splits"].loc[frames["splits"]["split"] == "calibration", "ticket_id"]
    reviews = [(ticket, [right[ticket]] if right.get(ticket) in live else [], REVIEW, 1.0) for ticket in calibration]
    automated = set(categories.loc[categories["bucket"] == AUTOMATE, "category_id"])
    for name, reviewed in (("labels_from_replies", None), ("every_ticket_reviewed", labels_frame(reviews))):
        for certainty in sorted({certainty for _, certainty in SPECS}, reverse=True):
            outcome = calibrate_confidence(
                **frames, **models, answered=lake.read("answered_tickets"), ticket_texts=lake.read("ticket_vectors"),
                categories=categories, encode=encode, reviewed=reviewed,
                confidence=Confidence(risk_levels=[risk for risk, sure in SPECS if sure == certainty], certainty=certainty),
            )  # fmt: skip
            record.setdefault(name, {})[f"certainty {certainty:g}"] = judge_answers(outcome, right, automated)
        console.print(name, record[name])
    record |= {
        "seconds": round(time.perf_counter() - start),
    }
    file = write_results("labels", record, "scikit-learn", "scipy", "sentence-transformers", "numpy", seed=None)
    console.print(f"written to {file}")


if __name__ == "__main__":
    main()
