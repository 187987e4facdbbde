"""Is the right article found? `make bench-retrieval`.

Real questions and a real answer key: tickets of the Thunderbird forum in which a helper's public reply links one or
more of its 193 help articles (`support.mozilla.org/[locale/]kb/<slug>`). English tickets; articles are ranked from the
ticket's subject and first message alone, addresses removed, and the operating system the forum recorded as context;
a hit counts if any linked article is ranked. Learnt from: tickets before 2025-07 and links written before 2025-07.
Asked: tickets from 2025-07 on. The product's own `retrieve` with its defaults. Intervals: bootstrap over requesters.

Everything was chosen before 2025-07: the choice model on VALIDATION (learn before the first day, ask until the second;
four quarters, 1,253 questions, none asked twice; `--validate` repeats them), older settings on other cuts of the same
months. The test months were looked at LOOKS times:
once with the first working settings (R@1 0.494, R@5 0.774, MRR 0.620), once with those kept after validation (0.489,
0.772, 0.617), once with the choice model added (0.479, 0.776, 0.611). On validation the choice model gained 0.010,
0.005 and 0.008 (0.472, 0.777, 0.607 before); the test months do not confirm it, and nothing was changed after the look.

`new_…` leaves out test tickets whose requester, or nearly whose words, were learnt from. `only_…` are indexes with
fewer signals.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from benchmarks.results_file import write_results
from orchestration.cli.bench import (
    BenchError,
    bench_retrieval,
    moment,
    progress_bars,
    retrieval_figures,
    show_retrieval,
)

HERE = Path(__file__).resolve().parent
SHARED = HERE.parent.parent / "shared" / "data"
CUT = "2025-07-01"
VALIDATION = (
    ("2024-07-01", "2024-10-01"),
    ("2024-10-01", "2025-01-01"),
    ("2025-01-01", "2025-04-01"),
    ("2025-04-01", "2025-07-01"),
)
LOOKS = 3


def main() -> None:
    """Run, print a table, write benchmarks/results/retrieval.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--cache", type=Path, help="folder to keep vectors in; encoding takes minutes without")
    parser.add_argument("--validate", action="store_true", help="measure the validation cuts instead; writes nothing")
    options = parser.parse_args()
    forum = options.data / "thunderbird"
    tickets, articles = str(forum / "zendesk" / "*.ndjson.gz"), forum / "help_center" / "articles.ndjson.gz"
    if not articles.is_file():
        raise SystemExit(f"{options.data} does not hold the public data; give its folder with --data.")
    try:
        if options.validate:
            for cut, until in VALIDATION:
                with progress_bars() as tell:
                    report = bench_retrieval(
                        tickets, articles, moment(cut), moment(cut), moment(until), "en", options.cache, tell,
                        ablations={}, seed=options.seed,
                    )  # fmt: skip
                print(f"learnt before {cut}, asked until {until}")
                show_retrieval(report)
            return
        start = time.perf_counter()
        with progress_bars() as tell:
            report = bench_retrieval(
                tickets, articles, moment(CUT), moment(CUT), None, "en", options.cache, tell, seed=options.seed
            )
    except BenchError as error:
        raise SystemExit(str(error)) from error
    show_retrieval(report)
    record = {
        **retrieval_figures(report),
        "train_until": CUT,
        "test_from": CUT,
        "times_test_months_were_looked_at": LOOKS,
        "seconds": round(time.perf_counter() - start),
    }
    file = write_results(
        "retrieval", record, "scikit-learn", "scipy", "sentence-transformers", "numpy", seed=options.seed
    )
    print(f"written to {file}")


if __name__ == "__main__":
    main()
