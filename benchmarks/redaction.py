"""How much personal data does redaction find, and how much else does it take? `make bench-redaction`.

Three measurements, from the most flattering to the most honest:

1. Invented messages (`redaction_messages`), seeded: recall and precision by kind, and what survives of things that only
   look like personal data. Rules and sentences share an author and the misses of the first run were mended (recall was
   0.93 for e-mail, 0.87 for addresses, 0.78 for passwords, 0.98 to 1.00 elsewhere), so this is an upper bound.
2. The sample desk's answer key, written by people who had not seen the rules: recall by type over the comments of a run
   on that desk. A few of its strings (names, an address, a phone number) were seen while mending a run; of its first figures (invoice numbers 0.30, order numbers 0.53, staff
   names 0.88) the first and last led to two general rules, numbers with a prefix such as INV- and a name alone in the
   last line. Names of third persons (`other_name`) are not looked for.
3. The Thunderbird forum, when present: findings by kind per 1,000 comments, and speed.

With `--presidio`, the stock pattern recognisers of presidio-analyzer (no language model) are run on 1 for comparison;
its e-mail rule wants a registered top-level domain, so invented `.example` addresses count against it unfairly.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from assets.audit_tickets.texts import redaction
from assets.audit_tickets.texts.html_text import body_to_text
from assets.audit_tickets.texts.personal_data import PLACEHOLDER
from assets.audit_tickets.texts.redaction import redact
from benchmarks.redaction_messages import Message, labelled_messages, negative_messages
from benchmarks.results_file import write_results

HERE = Path(__file__).resolve().parent
SAMPLE_DESK = HERE.parent / "examples" / "brindlebase"
KIND_OF = {"KEY": "SECRET", "URL_TOKEN": "SECRET"}
Redactor = Callable[[str, tuple[str, ...]], str]


def is_gone(value: str, before: str, after: str) -> bool:
    """Tell whether no piece of a value (three letters or digits and more) is left of those that stood only in it."""
    rest = before.replace(value, " ")
    pieces = {piece for piece in re.split(r"[^\w]+|_", value) if len(piece) >= 3}
    bare = PLACEHOLDER.sub(" ", after)
    return all(bare.count(piece) <= rest.count(piece) for piece in pieces or {value})


def measure_labelled(messages: Iterable[Message], redactor: Redactor) -> dict[str, dict[str, int]]:
    """Count by kind: labelled values, those gone, those gone under the right kind, placeholders, right placeholders."""
    counts: dict[str, dict[str, int]] = {}

    def row(kind: str) -> dict[str, int]:
        return counts.setdefault(kind, {"labelled": 0, "gone": 0, "placeholders": 0, "right": 0})

    for message in messages:
        after = redactor(message.text, message.names)
        put = Counter(found.strip("[]") for found in PLACEHOLDER.findall(after))
        wanted = Counter(KIND_OF.get(kind, kind) for kind, _ in message.values)
        for kind, value in message.values:
            row(kind)["labelled"] += 1
            row(kind)["gone"] += is_gone(value, message.text, after)
        for kind, number in put.items():
            row(kind)["placeholders"] += number
            row(kind)["right"] += min(number, wanted[kind])
    return counts


def measure_negatives(messages: Iterable[Message], redactor: Redactor) -> tuple[int, int, Counter[str]]:
    """Return (kept, all, what was lost) for values that must survive."""
    kept, total, lost = 0, 0, Counter[str]()
    for message in messages:
        value = message.values[0][1]
        survives = value in redactor(message.text, message.names)
        kept += survives
        total += 1
        lost.update([] if survives else [value])
    return kept, total, lost


def measure_answer_key(key: Path, sources: Path) -> dict[str, tuple[int, int]]:
    """Return (strings gone, strings) by type of a sample desk's answer key, over the texts of its published comments.

    `sources` is the Parquet file of `int_comment_texts` that a run over the sample desk leaves in its lake.
    """
    import pandas as pd

    from assets.audit_tickets.texts.redacted_comments import redact_comments

    comments = pd.read_parquet(sources)
    cleaned = redact_comments(comments, workers=1).set_index("comment_id")
    raw: dict[str, str] = {}
    after: dict[str, str] = {}
    for comment_id, html, text, subject in zip(
        *(comments[name].tolist() for name in ("comment_id", "body_html", "body_text", "subject")), strict=True
    ):
        own = cleaned.loc[comment_id]
        own_subject = own["subject"] if isinstance(own["subject"], str) else ""
        ticket = str(own["ticket_id"]).partition(":")[2]
        body = body_to_text(html if isinstance(html, str) else None, text if isinstance(text, str) else None)
        own_id = str(comment_id).partition(":")[2]
        for name in (ticket, f"{ticket}/{'description' if own_id.endswith('#opening') else own_id}"):
            raw[name] = raw.get(name, "") + f"\n{subject if isinstance(subject, str) else ''}\n{body}"
            after[name] = after.get(name, "") + f"\n{own_subject}\n{own['text']}"
    counts: dict[str, tuple[int, int]] = {}
    with gzip.open(key, "rt", encoding="utf-8", newline="") as lines:
        for record in csv.DictReader(lines):
            ticket = record["ticket_id"]
            name = f"{ticket}/{record['comment_id']}" if f"{ticket}/{record['comment_id']}" in raw else ticket
            if record["string"] not in raw.get(name, ""):
                continue
            gone, total = counts.get(record["type"], (0, 0))
            is_left = re.search(rf"(?<!\w){re.escape(record['string'])}(?!\w)", after[name]) is not None
            counts[record["type"]] = (gone + (not is_left), total + 1)
    return counts


def measure_forum(folder: Path, months: int) -> dict[str, float]:
    """Return findings per 1,000 comments by kind, and comments a second, over the first months of the forum."""
    texts, counts = [], Counter[str]()
    for path in sorted(folder.glob("tickets-*.ndjson.gz"))[:months]:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                ticket = json.loads(line)
                names = tuple(sorted({user["name"] for user in ticket["users"]}))
                texts += [(body_to_text(c["html_body"], c["body"]), names) for c in ticket["comments"]]
    start = time.perf_counter()
    for text, names in texts:
        counts.update(redact(text, names=names).counts)
    seconds = time.perf_counter() - start
    rates = {f"forum_{kind.lower()}_per_1000": round(count / len(texts) * 1000, 2) for kind, count in counts.items()}
    return {"forum_comments": len(texts), "forum_comments_per_second": round(len(texts) / seconds), **rates}


def presidio_redactor() -> Redactor:
    """Return redaction by presidio's stock pattern recognisers behind an engine without a language model."""
    import tldextract
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry, predefined_recognizers
    from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

    class NoEngine(NlpEngine):
        def load(self) -> None: ...
        def is_loaded(self) -> bool:
            return True

        def process_text(self, text: str, language: str) -> NlpArtifacts:
            return NlpArtifacts([], [], [], [], self, language)  # type: ignore[arg-type]

        def process_batch(self, texts, language, batch_size=1, n_process=1, **kwargs):  # type: ignore[no-untyped-def]
            return ((text, self.process_text(text, language)) for text in texts)

        def is_stopword(self, word: str, language: str) -> bool:
            return False

        def is_punct(self, word: str, language: str) -> bool:
            return False

        def get_supported_entities(self) -> list[str]:
            return []

        def get_supported_languages(self) -> list[str]:
            return ["en"]

    vars(tldextract)["extract"] = tldextract.TLDExtract(suffix_list_urls=())  # the list in the package: no download
    names = {"EmailRecognizer": "EMAIL", "PhoneRecognizer": "PHONE", "CreditCardRecognizer": "CARD",
     "IbanRecognizer": "IBAN",
             "IpRecognizer": "IP", "UsSsnRecognizer": "ID", "UsPassportRecognizer": "ID",
             "EsNifRecognizer": "ID"}  # fmt: skip
    recognizers = [getattr(predefined_recognizers, name)(supported_language="en") for name in names]
    kinds = {entity: names[type(one).__name__] for one in recognizers for entity in one.supported_entities}
    engine = AnalyzerEngine(registry=RecognizerRegistry(recognizers), nlp_engine=NoEngine(), supported_languages=["en"])

    def run(text: str, _: tuple[str, ...]) -> str:
        found = sorted(engine.analyze(text, "en", score_threshold=0.35), key=lambda hit: (-hit.score, hit.start))
        chosen: list[tuple[int, int, str]] = []
        for hit in found:
            if all(hit.end <= start or hit.start >= end for start, end, _ in chosen):
                chosen.append((hit.start, hit.end, kinds[hit.entity_type]))
        for start, end, kind in sorted(chosen, reverse=True):
            text = f"{text[:start]}[{kind}]{text[end:]}"
        return text

    return run


def main() -> None:
    """Run, print tables, write benchmarks/results/redaction.json."""
    from rich.console import Console
    from rich.table import Table

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--per-kind", type=int, default=300)
    parser.add_argument("--months", type=int, default=3, help="months of the forum to read")
    parser.add_argument("--presidio", action="store_true", help="also measure presidio's stock recognisers")
    parser.add_argument("--examples", action="store_true", help="print messages that were missed")
    parser.add_argument("--key", type=Path, default=SAMPLE_DESK / "answer_key" / "personal_data.csv.gz")
    parser.add_argument(
        "--comments",
        type=Path,
        default=SAMPLE_DESK / ".understudy" / "lake" / "private" / "int_comment_texts.parquet",
        help="int_comment_texts of a run over the answer key's desk",
    )
    options = parser.parse_args()
    console = Console()
    rng = random.Random(options.seed)
    positives, negatives = labelled_messages(rng, options.per_kind), negative_messages(rng, 10 * options.per_kind)
    result: dict[str, object] = {}
    redactors: dict[str, Redactor] = {"": lambda text, names: redact(text, names=names).text}
    if options.presidio:
        redactors["presidio_"] = presidio_redactor()
    for prefix, redactor in redactors.items():
        table = Table("kind", "labelled", "recall", "precision", title=f"{prefix or 'rules_'}{len(positives)} messages")
        counts = measure_labelled(positives, redactor)
        for kind, row in counts.items():
            recall = row["gone"] / row["labelled"] if row["labelled"] else None
            precision = row["right"] / row["placeholders"] if row["placeholders"] else None
            table.add_row(kind, str(row["labelled"]), *("" if n is None else f"{n:.3f}" for n in (recall, precision)))
            if row["labelled"]:
                result[f"{prefix}recall_{kind.lower()}"] = round(recall or 0.0, 4)
            if precision is not None:
                result[f"{prefix}precision_{kind.lower()}"] = round(precision, 4)
        kept, total, lost = measure_negatives(negatives, redactor)
        result[f"{prefix}recall_all"] = round(
            sum(row["gone"] for row in counts.values()) / sum(row["labelled"] for row in counts.values()), 4
        )
        result[f"{prefix}hard_negatives_kept"] = round(kept / total, 4)
        console.print(table)
        console.print(f"hard negatives kept: {kept} of {total}; most often lost: {lost.most_common(6)}")
    if options.examples:
        for message in positives:
            after = redact(message.text, names=message.names).text
            missed = [(kind, value) for kind, value in message.values if not is_gone(value, message.text, after)]
            if missed:
                console.print(missed, repr(message.text), "→", repr(after), markup=False)
    if options.key.is_file() and options.comments.is_file():
        table = Table("type", "strings", "recall", title="sample desk's answer key")
        for kind, (gone, all_strings) in sorted(measure_answer_key(options.key, options.comments).items()):
            table.add_row(kind, str(all_strings), f"{gone / all_strings:.3f}")
            result[f"answer_key_recall_{kind}"] = round(gone / all_strings, 4)
            result[f"answer_key_strings_{kind}"] = all_strings
        console.print(table)
    else:
        console.print("answer key not measured: run `understudy run audit_tickets` on the sample desk first")
    forum = HERE.parents[1] / "shared" / "data" / "thunderbird" / "zendesk"
    if forum.is_dir() and options.months:
        result.update(measure_forum(forum, options.months))
        console.print({name: value for name, value in result.items() if name.startswith("forum")})
    packages = ["phonenumbers", "selectolax", *(["presidio-analyzer"] if options.presidio else [])]
    result |= {
        "messages_per_kind": options.per_kind,
        "redactor_version": redaction.REDACTOR_VERSION,
    }
    write_results("redaction", result, *packages, seed=options.seed)


if __name__ == "__main__":
    main()
