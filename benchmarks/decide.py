"""How long does one decision take? `make bench-decide`.

A release of 1,000 entries: questions, phrasings, category model and past tickets from the public banking77 questions
(77 categories; training split), answers and conditions made up from seeded words, since those questions come without
answers. Where the data is absent, questions are made of seeded words too. Asked: questions of the test split, each with
a context; one in three with earlier turns. The product's own `decide`, encoding of the message included, one call at a
time in one process, after a few calls to warm up. Nothing is measured about whether answers are right.

`decide_cpu_p50_ms` is what all threads together worked: a machine that is doing other things too shows less in it.
`parts` are the steps timed by themselves on the same messages; they do not add up to the whole exactly.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from assets.audit_tickets.categories.intent_model import IntentModel
from assets.audit_tickets.vectors.encoder import load_encoder
from assets.build_knowledge.conditions import dump_conditions
from assets.build_knowledge.retrieval.documents import documents_of_entries
from assets.build_knowledge.retrieval.retrieval_index import build_index
from assets.build_knowledge.retrieval.retrieve import retrieve
from assets.build_knowledge.variants import share_phrasings
from assets.configure_behavior.confidence.confidence_model import ConfidenceModel
from assets.configure_behavior.confidence.evidence import EVIDENCE_HITS
from assets.configure_behavior.confidence.thresholds import Threshold, Thresholds
from assets.configure_behavior.decisions.case import as_learnt
from assets.configure_behavior.decisions.decide import decide
from assets.configure_behavior.decisions.decision import Turn
from assets.configure_behavior.decisions.handoff import sentiment
from assets.configure_behavior.decisions.reading import read_message
from assets.configure_behavior.releases.agent_release import AgentRelease, ReleaseCategory, ReleaseEntry
from assets.configure_behavior.triggers.find_triggers import find_triggers
from benchmarks.results_file import write_results
from desk.behavior import BehaviorFile

HERE = Path(__file__).resolve().parent
SHARED = HERE.parent.parent / "shared" / "data"
COUNT_ENTRIES, COUNT_HISTORY, COUNT_ASKED, WARM_UP = 1_000, 1_000, 300, 10
PHRASINGS = 4
SIGNALS = ["billing_dispute", "refund", "legal", "distress", "churn", "security_incident", "press", "asks_for_person"]
SYLLABLES = "ka lo mi ren tas vo du pel gri no sa bi tor lem fa qua zi ost ma ne ur dis kel po".split()  # noqa: SIM905
Labelled = list[tuple[str, str]]


def read_questions(folder: Path, rng: random.Random) -> tuple[Labelled, Labelled, str]:
    """Questions with their category to build from, others to ask, and where they come from."""
    train, test = (folder / "benchmarks" / "banking77" / f"{part}.csv.gz" for part in ("train", "test"))
    if train.is_file() and test.is_file():
        return _rows(train), _rows(test), "banking77"
    words = ["".join(rng.choices(SYLLABLES, k=rng.randint(2, 3))) for _ in range(3_000)]
    made: Labelled = []
    for number in range(77):
        own = rng.sample(words, 12)
        made += [(" ".join(rng.sample(own, 5) + rng.sample(words, 6)), f"category_{number:02d}") for _ in range(150)]
    rng.shuffle(made)
    return made[:-1_500], made[-1_500:], "seeded words"


def build_release(
    questions: Labelled, encode: Callable[[Sequence[str]], np.ndarray], revision: str, rng: random.Random
) -> AgentRelease:
    """A release over made-up entries; a fifth of them has a variant for another plan."""
    by_category: dict[str, list[str]] = {}
    for text, category in questions:
        by_category.setdefault(category, []).append(text)
    names = sorted(by_category)
    left = {name: rng.sample(texts, len(texts)) for name, texts in by_category.items()}
    rows: list[tuple[Any, ...]] = []
    while len(rows) < COUNT_ENTRIES:
        name = names[len(rows) % len(names)]
        texts = [left[name].pop() for _ in range(1 + PHRASINGS)] if len(left[name]) > PHRASINGS + 20 else []
        texts = texts or rng.sample(by_category[name], 1 + PHRASINGS)
        plans = [["free"], ["pro"]] if len(rows) % 5 == 0 else [None]
        for plan in plans:
            conditions = {} if plan is None else {"plan": plan}
            number = f"e{len(rows):04d}"
            rows.append((number, name, texts[0], _answer(texts, rng), dump_conditions(conditions), texts[1:]))
    rows = rows[:COUNT_ENTRIES]
    frame = pd.DataFrame(rows, columns=["entry_id", "category_id", "question", "answer", "conditions", "phrasings"])
    entries = {
        row.entry_id: ReleaseEntry(
            row.entry_id,
            row.entry_id,
            row.category_id,
            row.question,
            row.answer,
            json.loads(row.conditions),
            "x",
            [],
            "x",
        )
        for row in frame.itertuples()
    }
    own = {name: [row[0] for row in rows if row[1] == name] for name in names}
    past = [(text, name) for name in names for text in left[name]]
    history = pd.DataFrame(
        [(f"t{place}", text, rng.choice(own[name]), 1.0, pd.Timestamp("2026-01-01", tz="UTC"), f"r{place}")
         for place, (text, name) in enumerate(rng.sample(past, min(COUNT_HISTORY, len(past))))],
        columns=["ticket_id", "text", "entry_id", "weight", "answered_at", "requester_id"],
    )  # fmt: skip
    texts, labels = [text for text, _ in questions], [name for _, name in questions]
    held_out = np.array([rng.random() < 0.15 for _ in texts])
    vectors = encode(texts)
    intents = IntentModel(encoder_revision=revision).fit(
        [text for text, out in zip(texts, held_out, strict=True) if not out],
        vectors[~held_out],
        [name for name, out in zip(labels, held_out, strict=True) if not out],
    )
    intents.calibrate(
        [text for text, out in zip(texts, held_out, strict=True) if out],
        vectors[held_out],
        [name for name, out in zip(labels, held_out, strict=True) if out],
    )
    index = build_index(documents_of_entries(share_phrasings(frame)), history, encode, encoder_revision=revision)
    return AgentRelease(
        release_id="benchmark",
        company="Invented",
        behavior=_behavior(),
        categories={name: ReleaseCategory(name, name, "automate", 1, "x") for name in names},
        entries=entries,
        intents=intents,
        index=index,
        confidence=ConfidenceModel(),
        thresholds=Thresholds(
            tuple(
                Threshold(name, 0.05, 0.95, 0.3, "all", 900, 600, 8, 0.03, 0.6, "made up", "made up") for name in names
            )
        ),
        encoder_revision=revision,
        encode=encode,
    )


def measure(release: AgentRelease, asked: Sequence[str]) -> dict[str, Any]:
    """Milliseconds of whole decisions and of their parts, and what was decided."""
    from rich.progress import track
    from threadpoolctl import threadpool_limits

    spec, context = release.behavior, {"plan": "pro", "page": "/help", "name": "Ada", "days_as_customer": 300}
    earlier = [Turn("customer", asked[0]), Turn("ai_agent", "Which plan is it?"), Turn("customer", "I am not sure")]
    times: dict[str, list[float]] = {}
    busy: list[float] = []
    actions: dict[str, int] = {}

    def timed(name: str, call: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = call()
        times.setdefault(name, []).append((time.perf_counter() - start) * 1_000)
        return result

    said = {text: earlier if number % 3 == 0 else [] for number, text in enumerate(asked)}
    for text in asked[:WARM_UP]:
        decide(text, [], context, release)
    for text in track(asked, description="deciding"):
        begun = time.process_time()
        decision = timed("decide", lambda text=text: decide(text, said[text], context, release))
        busy.append((time.process_time() - begun) * 1_000)
        actions[decision.action] = actions.get(decision.action, 0) + 1
    # Afterwards and under the same limit as inside a decision: threads of other work would spin into what is timed.
    with threadpool_limits(limits=1, user_api="blas"):
        for text in track(asked, description="its parts"):
            reading = timed("read_message", lambda text=text: read_message(text, said[text], context, spec))
            question = timed("redact", lambda text=text: as_learnt(text))
            vector = timed("encode", lambda question=question: release.encode([question]))
            timed("predict", lambda question=question, vector=vector: release.intents.predict([question], vector))
            timed(
                "retrieve",
                lambda question=question, vector=vector: retrieve(
                    release.index, question, context, EVIDENCE_HITS, encode=lambda texts: vector
                ),
            )
            timed(
                "find_triggers",
                lambda text=text, reading=reading: find_triggers(
                    text, reading.earlier, spec, context=context, category_id=None, language="en"
                ),
            )
            timed("sentiment", lambda text=text, reading=reading: sentiment([*reading.earlier, text]))
    return {
        "milliseconds": {name: _spread(values) for name, values in times.items()},
        "cpu_milliseconds": _spread(busy),
        "actions": actions,
    }


def main() -> None:
    """Run, print a table, write benchmarks/results/decide.json."""
    from rich.console import Console
    from rich.table import Table

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    options = parser.parse_args()
    import torch

    rng = random.Random(options.seed)
    encoder = load_encoder()
    questions, others, source = read_questions(options.data, rng)
    console = Console()
    console.print(
        f"building a release of {COUNT_ENTRIES:,} entries from {source} (minutes: everything is encoded once)"
    )
    release = build_release(questions, encoder.encode, encoder.revision, rng)
    asked = [text for text, _ in rng.sample(others, COUNT_ASKED)]
    found = measure(release, asked)
    table = Table("step", "p50 ms", "p95 ms", "p99 ms")
    for name, one in found["milliseconds"].items():
        table.add_row(name, *(f"{one[key]:.1f}" for key in ("p50", "p95", "p99")))
    console.print(table)
    record = {
        "decide_p50_ms": found["milliseconds"]["decide"]["p50"],
        "decide_p95_ms": found["milliseconds"]["decide"]["p95"],
        "decide_p99_ms": found["milliseconds"]["decide"]["p99"],
        "decide_cpu_p50_ms": found["cpu_milliseconds"]["p50"],
        "parts": {name: one for name, one in found["milliseconds"].items() if name != "decide"},
        "actions": found["actions"],
        "entries": len(release.entries),
        "documents": len(release.index.documents.texts),
        "past_tickets": len(set(release.index.history_ids)),
        "categories": len(release.categories),
        "asked": len(asked),
        "questions_from": source,
        "encoder_threads": torch.get_num_threads(),
    }
    if not options.dry:
        packages = ("torch", "sentence-transformers", "scikit-learn", "numpy")
        console.print(f"written to {write_results('decide', record, *packages, seed=options.seed)}")


def _rows(path: Path) -> Labelled:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as handle:
        return [(row["text"], row["category"]) for row in csv.DictReader(handle)]


def _answer(texts: Sequence[str], rng: random.Random) -> str:
    words = sorted({word.strip("?.,!").lower() for text in texts for word in text.split() if len(word) > 3})
    steps = [" ".join(rng.choices(words, k=9)).capitalize() + "." for _ in range(6)]
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1))


def _behavior() -> BehaviorFile:
    example = {"situation": "any", "customer": "How?", "reply": "Open Settings and choose Start."}
    return BehaviorFile.model_validate(
        {
            "persona": {"name": "Ada"},
            "tone": {"greeting": "Hi {name},", "closing": "Best, {agent}", "avoid": ["guarantee"]},
            "examples": [example] * 3,
            "triggers": [{"id": signal, "reason": signal, "signals": [signal]} for signal in SIGNALS]
            + [{"id": "frustrated", "reason": "frustrated again", "frustration_above": 2}],
            "clarify": {"plan": "Which plan is your workspace on?"},
            "pages": [{"id": "pricing", "where": {"pages": ["/pricing*"]}, "means": "compares plans"}],
            "handoff": {"message": "A colleague takes over."},
        }
    )


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {f"p{share}": round(float(np.percentile(values, share)), 2) for share in (50, 95, 99)}


if __name__ == "__main__":
    main()
