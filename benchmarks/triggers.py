"""Do the sample desk's triggers hand over what they must? `make bench-triggers`, or `python -m benchmarks.triggers --help`.

Three measurements of `examples/brindlebase/behavior.yaml`, over the same code that decides:

1. The answer key's labelled conversations: 67 that must be handed over, 52 that look alike and must not. Context and
   category are not given. **This is not an honest estimate any more**: the conversations were read. First run, before
   anything was read but the first eleven rows, with the spec written from the desk's texts: 42 of 67 handed over, 3 of
   52 false alarms. The misses were then read, and spec and shared signals widened with general wording (verbs, word
   orders, the same in German and Spanish), never with a missed sentence. The answer key was not changed.
2. The sample desk's own tickets, by the reason the key gives, in two halves: `read` are training and calibration
   tickets, whose misses were read as above; `unread` are holdout tickets, which no rule was tuned on, although a part
   was seen in passing and the desk's openings recur in both. First run: 129 of 208 and 20 of 34. Category and context are
   the true ones. `identity_check` belongs to entries (`must_escalate`), not to triggers, and is counted apart. Of the
   false alarms, those of `asks_for_person` are chats in which the customer literally asks the old bot for a person
   ("agent", "talk to human"); the key calls them harmless because a person had the chat a moment later.
   Needs a desk that went through stage 1, such as the one `make demo` leaves.
3. 500 tickets of the Thunderbird forum, drawn with a seed, subject and first message: nobody there has a contract, so
   almost every hit is a false alarm. Hits and the next ones after the 500 are printed for reading; the first ten were
   read, and their judgements are in `READ`. First run: 9 of 500, five of them false, one of which
   ("I am not a robot") was mended in the shared rules.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assets.audit_tickets.roadmap.category_metrics import wilson_interval
from assets.configure_behavior.triggers.find_triggers import TriggerHit, find_triggers
from assets.configure_behavior.triggers.trigger_suite import run_suite
from benchmarks.results_file import write_results
from desk.behavior import BehaviorFile, behavior_hash
from desk.loading import load_behavior

HERE = Path(__file__).resolve().parent
SAMPLE = HERE.parent / "examples" / "brindlebase"
SHARED = HERE.parents[1] / "shared" / "data"
NOT_TRIGGERS = ("identity_check",)
COUNT_TICKETS = 500
COUNT_READ = 10
BLIND = {
    "conversations_handed_over": [42, 67],
    "conversations_false_alarms": [3, 52],
    "tickets_read_handed_over": [129, 208],
    "tickets_unread_handed_over": [20, 34],
    "tickets_read_false_alarms": [52, 676],
    "tickets_unread_false_alarms": [9, 91],
    "thunderbird_hits": [9, 500],
}
READ: dict[str, str] = {
    "1528377": "right: fears to have been hacked after mail folders vanished",
    "1460495": "arguable: asks whether the app was hacked, after an update failed",
    "1527645": "false: an 'old hacking hat' in a question about settings",
    "1508757": "right: asks whether the account was hacked",
    "1470045": "false: a provider was taken over by another company",
    "1460529": "arguable: fed up, asks whether to go to another provider",
    "1435975": "false there, where an account is a setting; right where it is a contract",
    "1473522": "false: a captcha that says 'I am not a robot'; the shared rule was mended after this reading",
    "1471291": "false: deletes and adds a mail account",
    "1444940": "right: furious, no mail for four days; drawn after the 500",
    "1447980": "right: asks to speak with a real person; drawn after the 500",
}
"""What a reader thought of a hit, by ticket."""


def conversations() -> Iterator[tuple[dict[str, str], list[str]]]:
    """The answer key's labelled conversations with the customer's turns."""
    with (SAMPLE / "answer_key" / "trigger_conversations.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            yield row, json.loads(row["turns"])


def measure_conversations(behavior: BehaviorFile) -> dict[str, Any]:
    """Handed over by reason, false alarms, and those that went wrong."""
    handed: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    false, count_false, wrong = 0, 0, []
    for row, turns in conversations():
        hits = find_triggers(turns[-1], turns[:-1], behavior, context={}, category_id=None, language=row["language"])
        if row["must_escalate"] == "true":
            handed[row["reason"]][0] += bool(hits)
            handed[row["reason"]][1] += 1
        else:
            false, count_false = false + bool(hits), count_false + 1
        if bool(hits) != (row["must_escalate"] == "true"):
            wrong.append(f"{row['id']} {row['reason']}: {turns} {[hit.trigger_id for hit in hits]}")
    return {"handed_over": dict(handed), "false_alarms": [false, count_false], "wrong": wrong}


def measure_tickets(behavior: BehaviorFile, home: Path) -> dict[str, dict[str, Any]]:
    """The same on the desk's own tickets, by half: `read` and `unread`."""
    import pandas as pd

    lake = home / "lake"
    comments = pd.read_parquet(lake / "redacted_comments.parquet")
    splits = pd.read_parquet(lake / "ticket_splits.parquet").set_index("ticket_id")["split"]
    is_mine = (comments["author_role"] == "requester") & comments["is_public"].fillna(False).astype(bool)
    mine = comments[is_mine].sort_values(["ticket_id", "position"], kind="stable")
    turns: dict[str, list[str]] = defaultdict(list)
    for ticket_id, subject, text in zip(mine["ticket_id"], mine["subject"], mine["text"], strict=True):
        parts = (subject if not turns[ticket_id] else None, text)
        turns[ticket_id].append("\n".join(part for part in parts if isinstance(part, str) and part))
    found: dict[str, dict[str, Any]] = {
        half: {
            "handed_over": defaultdict(lambda: [0, 0]),
            "any": [0, 0],
            "false_alarms": [0, 0],
            "false_by_trigger": Counter(),
        }
        for half in ("read", "unread")
    }
    for row in _keyed_tickets():
        name = f"{row['helpdesk']}:{row['ticket_id']}"
        said = turns.get(name)
        if not said:
            continue
        half = found["unread" if splits.get(name) == "holdout" else "read"]
        facts = json.loads(row["context"])
        hits = find_triggers(
            said[-1], said[:-1], behavior, context=facts, category_id=row["true_category"], language=row["language"]
        )
        reasons = [one for one in row["escalation_reasons"].split(";") if one]
        for reason in reasons:
            half["handed_over"][reason][0] += bool(hits)
            half["handed_over"][reason][1] += 1
        if any(reason not in NOT_TRIGGERS for reason in reasons):
            half["any"] = [half["any"][0] + bool(hits), half["any"][1] + 1]
        if not reasons:
            half["false_alarms"] = [half["false_alarms"][0] + bool(hits), half["false_alarms"][1] + 1]
            half["false_by_trigger"].update(hit.trigger_id for hit in hits[:1])
    return found


def _keyed_tickets() -> Iterator[dict[str, str]]:
    with gzip.open(SAMPLE / "answer_key" / "tickets.csv.gz", "rt", encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            if row["is_spam"].lower() != "true" and row["is_automated"].lower() != "true":
                yield row


def measure_forum(
    behavior: BehaviorFile, folder: Path, seed: int
) -> tuple[int, Counter[str], list[tuple[str, TriggerHit, str]]]:
    """Tickets with a hit among the first 500 drawn, hits by trigger, and the first ten hits of the whole draw."""
    tickets = []
    for path in sorted(folder.glob("tickets-*.ndjson.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                ticket = json.loads(line)
                first = ticket["comments"][0]["body"] if ticket["comments"] else ""
                tickets.append((str(ticket["id"]), f"{ticket['subject']}\n{first}", ticket["requester"]["locale"][:2]))
    drawn = random.Random(seed).sample(sorted(tickets), len(tickets))
    count, by_trigger, read = 0, Counter[str](), list[tuple[str, TriggerHit, str]]()
    for place, (name, text, language) in enumerate(drawn):
        if place >= COUNT_TICKETS and len(read) >= COUNT_READ:
            break
        hits = find_triggers(text, [], behavior, context={}, category_id=None, language=language)
        if hits and place < COUNT_TICKETS:
            count += 1
            by_trigger.update(hit.trigger_id for hit in hits)
        if hits and len(read) < COUNT_READ:
            read.append((name, hits[0], text))
    return count, by_trigger, read


def main(arguments: list[str] | None = None) -> int:
    """Run what the data at hand allows, print it, write `results/triggers.json`."""
    parser = argparse.ArgumentParser(description="Measure the sample desk's triggers.")
    parser.add_argument("--desk", type=Path, default=Path("demo"), help="a copy of the sample desk after stage 1")
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder with thunderbird/")
    parser.add_argument("--seed", type=int, default=20260601)
    options = parser.parse_args(arguments)
    behavior = load_behavior(SAMPLE)
    assert behavior is not None
    suite = run_suite(behavior)
    result: dict[str, Any] = {
        "behavior_hash": behavior_hash(behavior),
        "triggers": len(behavior.triggers),
        "suite_passed": [sum(one.passed for one in suite), len(suite)],
        "blind": BLIND,
    }
    labelled = measure_conversations(behavior)
    print("labelled conversations")
    result |= {"conversations": labelled, **_totals("conversations", labelled["handed_over"], labelled["false_alarms"])}
    for line in labelled["wrong"]:
        print(f"  wrong: {line}")
    home = options.desk / ".understudy"
    if (home / "lake" / "redacted_comments.parquet").is_file():
        for half, found in measure_tickets(behavior, home).items():
            print(f"tickets of the sample desk, {half}")
            result[f"tickets_{half}"] = found
            wanted = {name: counts for name, counts in found["handed_over"].items() if name not in NOT_TRIGGERS}
            result |= _totals(f"tickets_{half}", wanted, found["false_alarms"], found["any"])
            print(f"  false alarms by trigger: {dict(found['false_by_trigger'])}")
    else:
        print(f"tickets of the sample desk: skipped, {home} has no lake; run make demo, or give --desk")
    forum = options.shared / "thunderbird" / "zendesk"
    if forum.is_dir():
        count, by_trigger, read = measure_forum(behavior, forum, options.seed)
        low, high = wilson_interval(count, COUNT_TICKETS)
        print(f"thunderbird: {count} of {COUNT_TICKETS} ({low:.1%} to {high:.1%}) {dict(by_trigger)}")
        result |= {"thunderbird_hits": [count, COUNT_TICKETS], "thunderbird_by_trigger": dict(by_trigger)}
        result["thunderbird_read"] = [
            {"ticket": name, "trigger": hit.trigger_id, "phrase": hit.phrase, "judgement": READ.get(name, "not read")}
            for name, hit, _ in read
        ]
        for name, hit, text in read:
            at = max(0, text.find(hit.phrase) - 120)
            print(f"  {name} {hit.trigger_id} [{hit.phrase}] … {' '.join(text[at : at + 300].split())}")
    write_results("triggers", result, "pandas", seed=options.seed)
    return 0


def _totals(
    name: str, handed: dict[str, list[int]], false: list[int], total: list[int] | None = None
) -> dict[str, list[int]]:
    for reason, (found, count) in sorted(handed.items()):
        print(f"  {reason:22} {found:4} of {count:4}")
    total = total or [sum(found for found, _ in handed.values()), sum(count for _, count in handed.values())]
    for words, (found, count) in (("handed over", total), ("false alarms", false)):
        low, high = wilson_interval(found, count)
        print(f"  {words:22} {found:4} of {count:4}  ({low:.1%} to {high:.1%})")
    return {f"{name}_handed_over": total, f"{name}_false_alarms": false}


if __name__ == "__main__":
    sys.exit(main())
