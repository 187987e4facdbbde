"""How fast are tickets encoded, and what do shorter texts and coarser numbers cost? `make bench-encoding`.

1. Texts a second for 128 and 256 tokens, fp32 and bf16, through the vector store as in production, on a sample of
   Thunderbird tickets (subject and first messages, at most 2,000 characters; not redacted). A machine that is doing
   other things too shows in `texts_per_second` but hardly in `texts_per_cpu_second`.
2. The same vectors put to use: logistic regression on the forum's topics, trained on the older 70 % and scored on the
   newer 30 %. Tickets from 2025-07-10 on, when topics were last renamed.
3. Cosine of bf16 to fp32, time to load all vectors, near-duplicate groups and splits over the whole forum.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import tempfile
import time
from os import environ
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from assets.audit_tickets.splits.assign_splits import assign_splits
from assets.audit_tickets.splits.near_duplicates import near_duplicate_groups
from assets.audit_tickets.splits.split_checks import describe_splits, find_split_leaks
from assets.audit_tickets.vectors.encoder import Precision, has_fast_bf16, load_encoder
from assets.audit_tickets.vectors.vector_store import VectorStore
from benchmarks.results_file import write_results

HERE = Path(__file__).resolve().parent
THUNDERBIRD = HERE.parent.parent / "shared" / "data" / "thunderbird" / "zendesk"
RENAMED = pd.Timestamp("2025-07-10", tz="UTC")
SAYS_NOTHING = ("other", "undefined")
SETTINGS: list[tuple[Precision, int]] = [("fp32", 256), ("fp32", 128), ("bf16", 256), ("bf16", 128)]
Results = dict[str, Any]


def read_forum(folder: Path) -> pd.DataFrame:
    """All tickets: ticket_id, requester_id, created_at, text, text_hash, topic (or null)."""
    rows = []
    for path in sorted(folder.glob("tickets-*.ndjson.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for ticket in map(json.loads, lines):
                said = [ticket["subject"] or ""]
                for comment in ticket["comments"]:
                    if comment["author_id"] != ticket["requester"]["id"]:
                        break
                    said.append(comment["body"] or "")
                topic = next((field["value"] for field in ticket["custom_fields"] if field["title"] == "Topic"), None)
                asker, text = str(ticket["requester"]["id"]), "\n".join(said)[:2000]
                rows.append((f"forum:{ticket['id']}", asker, ticket["created_at"], text, topic))
    frame = pd.DataFrame(rows, columns=["ticket_id", "requester_id", "created_at", "text", "topic"])
    frame["created_at"] = pd.to_datetime(frame["created_at"], utc=True)
    frame["text_hash"] = [hashlib.sha256(text.encode()).hexdigest() for text in frame["text"]]
    return frame


def measure_encoding(sample: pd.DataFrame, precision: Precision, max_tokens: int) -> tuple[Results, np.ndarray]:
    """Parts 1 and 2 for one setting: its figures, and the vectors of ``sample`` in its order."""
    from rich.progress import Progress

    encoder = load_encoder(max_tokens=max_tokens, precision=precision)
    encoder.encode(sample["text"].head(8).tolist())
    count_tokens = int(encoder.count_tokens(sample["text"].drop_duplicates().tolist()).sum())
    with tempfile.TemporaryDirectory() as folder, Progress() as progress:
        bar = progress.add_task(f"{precision}, {max_tokens} tokens", total=None)
        store, cpu = VectorStore(folder), time.process_time()
        report = store.upsert_missing(
            sample, encoder, lambda done, total: progress.update(bar, completed=done, total=total)
        )
        cpu = time.process_time() - cpu
        vectors = store.load_vectors(sample["text_hash"], encoder.revision)
    figures = {
        "texts_per_second": round(report.texts_per_second, 1),
        "texts_per_cpu_second": round(report.encoded / cpu, 1),
        "tokens_per_cpu_second": round(count_tokens / cpu),
        "topic_accuracy": round(score_topics(sample, vectors), 4),
        "device": encoder.device,
    }
    return figures, vectors


def score_topics(sample: pd.DataFrame, vectors: np.ndarray) -> float:
    """Accuracy of logistic regression (C = 20) on the newer 30 % of ``sample``, which is sorted by time."""
    from sklearn.linear_model import LogisticRegression

    is_older = np.arange(len(sample)) < 0.7 * len(sample)
    counts = sample["topic"][is_older].value_counts()
    is_known = sample["topic"].isin(counts[counts >= 10].index).to_numpy()
    model = LogisticRegression(C=20, max_iter=400)
    model.fit(vectors[is_older & is_known], sample["topic"][is_older & is_known])
    return float(model.score(vectors[~is_older & is_known], sample["topic"][~is_older & is_known]))


def measure_store(count: int, dimensions: int, seed: int) -> Results:
    """Part 3: writing ``count`` ready vectors in pieces, and loading them all."""
    ready = np.random.default_rng(seed).standard_normal((count, dimensions)).astype(np.float32)
    ready /= np.linalg.norm(ready, axis=1, keepdims=True)

    class Ready:
        name, revision = "ready", "ready"

        def __init__(self) -> None:
            self.dimensions = dimensions

        def encode(self, texts: Any, on_progress: Any = None) -> np.ndarray:
            return ready[[int(text) for text in texts]]

    texts = pd.DataFrame({"text": [str(number) for number in range(count)]})
    texts["text_hash"] = [hashlib.sha256(text.encode()).hexdigest() for text in texts["text"]]
    with tempfile.TemporaryDirectory() as folder:
        store = VectorStore(folder)
        written = store.upsert_missing(texts, Ready()).seconds
        started = time.perf_counter()
        store.load_vectors(texts["text_hash"], "ready")
        loaded = time.perf_counter() - started
        started = time.perf_counter()
        store.prune(set(texts["text_hash"].iloc[1:]))
        pruned = time.perf_counter() - started
    return {
        "store_vectors": count,
        "store_write_seconds": round(written, 2),
        "store_load_seconds": round(loaded, 2),
        "store_prune_seconds": round(pruned, 2),
    }


def measure_splits(tickets: pd.DataFrame) -> Results:
    """Part 3: near-duplicates and splits of all tickets."""
    started, cpu = time.perf_counter(), time.process_time()
    groups = near_duplicate_groups(tickets)
    results: Results = {
        "near_duplicates_seconds": round(time.perf_counter() - started, 1),
        "near_duplicates_cpu_seconds": round(time.process_time() - cpu, 1),
        "near_duplicates_tickets": int((groups["count_tickets"] > 1).sum()),
        "near_duplicates_groups": int(groups.loc[groups["count_tickets"] > 1, "duplicate_group_id"].nunique()),
        "near_duplicates_largest_group": int(groups["count_tickets"].max()),
    }
    started = time.perf_counter()
    splits = assign_splits(tickets, groups, None, tickets["created_at"].max(), salt="benchmark")
    results["splits_seconds"] = round(time.perf_counter() - started, 1)
    report = describe_splits(splits, tickets, large_share=0)
    results |= {f"splits_share_{side}": round(share, 4) for side, share in report.shares.items()}
    results["splits_excluded"] = report.count_tickets["excluded"]
    results["splits_largest_group"] = int(report.largest_groups["count_tickets"].iloc[0])
    results["splits_leaks"] = len(find_split_leaks(splits, tickets, groups))
    return results


def show(results: Results, settings: list[tuple[Precision, int]]) -> None:
    """Print the results as two tables."""
    from rich.console import Console
    from rich.table import Table

    rows = ["texts_per_second", "texts_per_cpu_second", "tokens_per_cpu_second", "topic_accuracy"]
    table = Table("setting", *(row.replace("_", " ") for row in rows), title=f"Encoding {results['texts']} tickets")
    for precision, max_tokens in settings:
        key = f"{precision}_{max_tokens}"
        table.add_row(f"{precision}, {max_tokens} tokens", *(str(results[f"{row}_{key}"]) for row in rows))
    rest = Table("figure", "value", title="Beside it")
    for key, value in results.items():
        if key.startswith(("cosine", "store", "near", "splits", "tickets")):
            rest.add_row(key.replace("_", " "), str(value))
    Console().print(table, rest)


def main() -> None:
    """Run everything, print tables, write ``benchmarks/results/encoding.json``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=Path, default=THUNDERBIRD, help="folder of tickets-*.ndjson.gz")
    parser.add_argument("--texts", type=int, default=2000, help="size of the sample that is encoded")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if not list(options.tickets.glob("tickets-*.ndjson.gz")):
        parser.error(
            f"no tickets-*.ndjson.gz in {options.tickets}: this benchmark needs the public data beside the checkout"
        )
    environ.setdefault("HF_HUB_OFFLINE", "1")

    tickets = read_forum(options.tickets)
    fit = tickets[(tickets["created_at"] >= RENAMED) & tickets["topic"].notna() & ~tickets["topic"].isin(SAYS_NOTHING)]
    sample = fit.sample(min(options.texts, len(fit)), random_state=options.seed)
    sample = sample.sort_values("created_at", ignore_index=True)
    results: Results = {"tickets": len(tickets), "texts": int(sample["text_hash"].nunique())}
    results["has_fast_bf16"] = has_fast_bf16()
    settings = [one for one in SETTINGS if one[0] == "fp32" or has_fast_bf16()]
    vectors = {}
    for precision, max_tokens in settings:
        figures, vectors[precision, max_tokens] = measure_encoding(sample, precision, max_tokens)
        results |= {f"{name}_{precision}_{max_tokens}": value for name, value in figures.items()}
    for max_tokens in (256, 128):
        if ("bf16", max_tokens) in vectors:
            cosine = (vectors["bf16", max_tokens] * vectors["fp32", max_tokens]).sum(axis=1)
            results |= {
                f"cosine_bf16_minimum_{max_tokens}": round(float(cosine.min()), 6),
                f"cosine_bf16_mean_{max_tokens}": round(float(cosine.mean()), 6),
            }
    results |= measure_store(len(tickets), 384, options.seed)
    results |= measure_splits(tickets)
    show(results, settings)
    packages = ("torch", "sentence-transformers", "transformers", "lancedb", "numpy")
    print(f"written to {write_results('encoding', results, *packages, seed=options.seed)}")


if __name__ == "__main__":
    main()
