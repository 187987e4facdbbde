"""What would an agent have done with half a year of real tickets? `make bench-replay`.

An unsigned release that learnt from nothing on or after 2025-07-01 decides every English ticket of the Thunderbird forum
from 2025-07-01 to 2025-12-31 to which a helper replied in public, from its redacted subject and first message and the
operating system the forum recorded. Nothing is sent; what it would have done is laid beside what helpers did.

The release. Entries: one a help article, or one for each kind of reader the article tells apart; the reply begins
with the part nearest to what customers asked to whom it was linked, at most 150 words, with the address. Categories: the forum's
topics from 2024-12-10 to 2025-06-01, the longest stretch without a renaming; an entry's is the one that most tickets had
to which its article was linked (the topic, else what the category model says). All in bucket automate. Spec: the starter
of `understudy behavior`, in English, at risks of 5, 10, 15 and 20 %. Tickets are split by the product's own function,
70 % to teach and 30 % to certify; a certifying ticket whose requester or nearly whose words come again later is left out.

A label is an article a helper linked, in teaching, certifying and judging alike. So: a ticket without a link (nine of ten)
has no judged entry; it counts in involvement, escalations and drafts, and in no agreement. Certified is what holds for
tickets that helpers answer with an article, and these are the ones that an article answers; for all others nothing is
promised. Helpers also link one of several articles that would do, or an article beside the point. A right article is no
right answer: the reply is one part of it, the same for everybody. The articles' texts are of a later day than the tickets (their history is not
published), so that they may say what was not known then.

`open_…` answers whatever no rule holds back, however unsure: the most that any threshold could let through. `risk_…` uses
the certified thresholds. `uncertified_…` uses one threshold for all categories, the lowest at which of the certifying
tickets' answers no more than that share was wrong: no promise, only what was seen. `curve` is the risk against coverage
among judged tickets, most confident first. Intervals: 95 %, clustered by requester.

The test months were looked at three times before, for retrieval alone (`benchmarks.retrieval`), and LOOKS time for
decisions. Nothing was chosen on them: `--develop` (learn before 2025-04-01, answer April and May 2025) is where this file
was written, and there only how a reply is cut out of its article was changed after reading replies.

In that one look, ten of the 43 tickets answered at 20 % were drawn and read (`--show 10`): none of the replies was right, two
were right in part, eight were wrong. Only one of the ten tickets had a link, and by that it counted as right. Agreement with
links says little about tickets that nobody answers with a link: read replies before believing a figure here.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from assets.build_knowledge.articles.read_help_center import read_help_center
from assets.build_knowledge.retrieval.answered_tickets import answered_by_links, public_staff_replies
from assets.build_knowledge.retrieval.past_and_future import article_addresses
from assets.configure_behavior.confidence.choose_thresholds import thresholds_of
from assets.configure_behavior.decisions.decision import Decision
from assets.pilot_agent.answers.decide_many import Asked, decide_many
from assets.pilot_agent.answers.decision_rows import decision_row, release_facts
from assets.pilot_agent.answers.frames import REPLAY, SENT_ALONE, frame_of
from assets.pilot_agent.answers.replay_metrics import replay_curve, replay_rates
from assets.pilot_agent.verdict.clustered_rates import tally, wilson
from benchmarks.replay_release import (
    SPEC_RISKS,
    TOPICS_AGAIN,
    Built,
    build_release,
    familiar,
    forum_tickets,
    past,
    right_entries,
)
from benchmarks.results_file import write_results
from orchestration.cli.bench import moment, progress_bars
from orchestration.exported_tickets import ExportedTickets, read_exported_tickets

HERE = Path(__file__).resolve().parent
SHARED = HERE.parent.parent / "shared" / "data"
CUT, UNTIL = "2025-07-01", "2026-01-01"
DEVELOP = ("2025-04-01", "2025-06-02")
LOOKS = 1
STEPS = 20
SHOWN_CHARS = 1_500


def to_answer(
    tickets: pd.DataFrame, exported: ExportedTickets, since: pd.Timestamp, until: pd.Timestamp
) -> pd.DataFrame:
    """Tickets of the months in question to which somebody replied in public."""
    replied = set(public_staff_replies(exported.comments)["ticket_id"])
    created = tickets["created_at"]
    mine = tickets[(created >= since) & (created < until) & tickets["ticket_id"].isin(replied)]
    return mine[mine["text"] != ""].sort_values("ticket_id", ignore_index=True)


def lay_beside(
    asked: pd.DataFrame, made: list[Decision], built: Built, links: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    """``frames.REPLAY`` of the decisions.

    Args:
        asked: of ``to_answer``. links: ticket_id and article_id helpers linked.

    A forum shows no handing over, so that nothing is said of it.
    """
    right = right_entries(links, built.entries, dict(zip(asked["ticket_id"], asked["facts"], strict=True)))
    versions = release_facts(built.release, as_of)
    rows = []
    for ticket, decision in zip(asked.to_dict("records"), made, strict=True):
        row, name, label = decision_row(decision, versions), ticket["ticket_id"], ticket["label_category_id"]
        label = label if label in built.release.categories else None
        linked = right.get(name)
        rows.append(
            {
                **row,
                "ticket_id": name,
                "created_at": ticket["created_at"],
                "requester_id": ticket["requester_id"],
                "question": ticket["text"],
                "language": decision.language,
                "label_category_id": label,
                "linked_entry_ids": linked or [],
                "same_answer_ids": [],
                "was_escalated": None,
                "is_category_right": None if label is None else row["category_id"] == label,
                "is_entry_right": None if linked is None else bool(row["entry_ids"]) and row["entry_ids"][0] in linked,
                "judged_by": "none" if linked is None else "link",
            }
        )
    return frame_of(rows, REPLAY)


def at_thresholds(replay: pd.DataFrame, least: Mapping[str, float | None]) -> pd.DataFrame:
    """What an open release decided, under thresholds: what does not reach its category's becomes a draft.

    Args:
        replay: decided with every threshold reached, so that nothing else holds an answer back.
        least: threshold by category; None, or no entry: nothing is answered there.
    """
    threshold = pd.to_numeric(replay["category_id"].map(dict(least)), errors="coerce")
    goes_out = replay["action"].isin(SENT_ALONE)
    falls_short = goes_out & ~(replay["confidence"].astype("float64") >= threshold.astype("float64"))
    return replay.assign(
        action=replay["action"].where(~falls_short, "draft"),
        threshold=threshold.where(goes_out).astype("float64"),
        is_suggestion=replay["is_suggestion"] | falls_short,
    )


def rates_of(replay: pd.DataFrame) -> dict[str, Any]:
    """Shares of each action and ``replay_rates``: value, low, high, of."""
    rows = {
        f"{action}_share": _rate(replay["action"] == action, replay["requester_id"])
        for action in ("answer", "ask", "draft", "escalate")
    }
    rates = replay_rates(replay)
    for row in rates[rates["rate"] != "answer_agreement"].to_dict("records"):  # the link is the only answer known
        rows[str(row["rate"])] = _figures(row["value"], row["low"], row["high"], row["denominator"])
    return rows


def curve_of(replay: pd.DataFrame) -> list[dict[str, float]]:
    """``replay_curve`` in few steps; of an open release, so that only what no rule holds back is covered."""
    curve = replay_curve(replay, STEPS).rename(columns={"count_answered": "answered"}).round(4)
    return [{str(name): value for name, value in row.items()} for row in curve.to_dict("records")]


def uncertified(certifying: pd.DataFrame, risk: float) -> float | None:
    """The lowest confidence down to which no more than ``risk`` of the certifying answers was wrong; None without."""
    mine = certifying[certifying["may_answer"]].sort_values("confidence", ascending=False, kind="stable")
    wrong = mine["is_wrong"].to_numpy(dtype=float).cumsum() / np.arange(1, len(mine) + 1)
    below = np.flatnonzero(wrong <= risk)
    return float(mine["confidence"].iloc[below[-1]]) if len(below) else None


def measure(replay: pd.DataFrame, built: Built, known: set[str]) -> tuple[dict[str, Any], pd.DataFrame]:
    """All figures, and the replay at the largest risk sought."""
    names = list(built.release.categories)
    figures: dict[str, Any] = {"open": rates_of(replay)}
    frame = replay
    for risk in SPEC_RISKS:
        rows = built.thresholds[np.isclose(built.thresholds["risk"], risk)]
        least = {one.category_id: one.threshold for one in thresholds_of(rows).rows}
        frame = at_thresholds(replay, least)
        found = sorted({one for one in least.values() if one is not None})
        why = "" if found else str(rows["why"].iloc[0])
        figures[f"risk_{risk:g}"] = {
            "categories_with_a_threshold": sum(one is not None for one in least.values()),
            "thresholds": found, "why_not": why, **rates_of(frame),
        }  # fmt: skip
        one = uncertified(built.certifying, risk)
        figures[f"uncertified_{risk:g}"] = {
            "threshold": one,
            **rates_of(at_thresholds(replay, dict.fromkeys(names, one))),
        }
    unfamiliar = replay[~replay["ticket_id"].isin(known)]
    figures["new"] = {"tickets": len(unfamiliar), **rates_of(unfamiliar)}
    figures["curve"] = curve_of(replay)
    return figures, frame


def held_by(made: list[Decision]) -> dict[str, int]:
    """How many decisions end in what, and by which rule first."""
    found: dict[str, int] = {}
    for one in made:
        step: str = one.action
        if one.action == "draft" and one.handoff is not None:
            step = next((f"draft: {r.step}" for r in one.reasons if r.sentence == one.handoff.reason), "draft")
        elif one.action == "escalate":
            last = [r.step for r in one.reasons if r.step.startswith(("trigger:", "category", "bucket", "page:"))]
            step = f"escalate: {next((name for name in last if name.startswith('trigger:')), last[-1] if last else '')}"
            if step == "escalate: category" and one.handoff is not None:
                step = f"escalate: {one.handoff.reason}"
        found[step] = found.get(step, 0) + 1
    return dict(sorted(found.items(), key=lambda row: -row[1]))


def chosen_to_show(frame: pd.DataFrame, replay: pd.DataFrame, count: int, seed: int) -> pd.DataFrame:
    """Tickets drawn from those answered; where they are too few, the most confident drafts that no rule holds back."""
    answered = sorted(frame.loc[frame["action"] == "answer", "ticket_id"])
    drawn = random.Random(seed).sample(answered, min(count, len(answered)))
    rest = replay[(replay["action"] == "answer") & ~replay["ticket_id"].isin(answered)]
    rest = rest.sort_values(["confidence", "ticket_id"], ascending=[False, True])
    drawn += rest["ticket_id"].head(count - len(drawn)).tolist()
    return frame.set_index("ticket_id").loc[drawn].reset_index()


def show(shown: pd.DataFrame, built: Built, exported: ExportedTickets) -> None:
    """Print ticket, reply and what helpers wrote, for a person to judge."""
    said = public_staff_replies(exported.comments)
    for number, row in enumerate(shown.to_dict("records"), start=1):
        first = row["entry_ids"][0] if row["entry_ids"] else None
        entry = built.release.entries.get(str(first))
        theirs = said.loc[said["ticket_id"] == row["ticket_id"], "text"].head(2).tolist()
        print(f"\n{'=' * 100}\n{number}. {row['ticket_id']} — {row['action']}, confidence {row['confidence']:.3f}, "
              f"category {row['category_id']} (topic {row['label_category_id']})")  # fmt: skip
        print(f"--- customer\n{row['question'][:SHOWN_CHARS]}")
        print(f"--- entry {first}: {entry.question if entry else ''}\n--- reply\n{row['reply']}")
        print(f"--- helpers linked {row['linked_entry_ids']} (right: {row['is_entry_right']}), and wrote")
        print("\n…\n".join(str(text)[:SHOWN_CHARS] for text in theirs))


def main() -> None:
    """Run, print a table, write benchmarks/results/replay.json."""
    from assets.audit_tickets.vectors.encoder import load_encoder
    from assets.audit_tickets.vectors.remembered_vectors import RememberedVectors
    from assets.audit_tickets.vectors.vector_store import VectorStore

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--cache", type=Path, help="folder to keep vectors in; encoding takes half an hour without")
    parser.add_argument("--develop", action="store_true", help="an earlier cut, to work on; writes nothing")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N replies in full")
    options = parser.parse_args()
    forum = options.data / "thunderbird"
    articles = forum / "help_center" / "articles.ndjson.gz"
    if not articles.is_file():
        raise SystemExit(f"{options.data} does not hold the public data; give its folder with --data.")
    since, until = (moment(day) for day in (DEVELOP if options.develop else (CUT, UNTIL)))
    start, encoder = time.perf_counter(), load_encoder()
    sections = read_help_center(str(articles), None, since).sections
    with progress_bars() as tell:
        exported = read_exported_tickets(str(forum / "zendesk" / "*.ndjson.gz"), tell)
        store = VectorStore(options.cache, "bench_vectors") if options.cache else None
        encode = RememberedVectors(encoder, store, lambda done, total: tell("encoding", done, total))
        tickets = forum_tickets(exported)
        asked = to_answer(tickets, exported, since, until)
        before = past(exported, since)
        built = build_release(before, sections, asked, encode, encoder.revision, since, options.seed)
        encode(asked["text"].tolist())
        messages = [Asked(text, facts) for text, facts in zip(asked["text"], asked["facts"], strict=True)]
        made = decide_many(messages, built.release, lambda done, total: tell("deciding", done, total))
    urls, slugs = article_addresses(sections)
    read = exported.comments[exported.comments["ticket_id"].isin(set(asked["ticket_id"]))]
    links = answered_by_links(read, urls, slugs)
    replay = lay_beside(asked, made, built, links.rename(columns={"entry_id": "article_id"}), since)
    known, _ = familiar(tickets[tickets["created_at"] < since], asked)
    figures, frame = measure(replay, built, known)
    possible = built.certifying[built.certifying["may_answer"]]
    figures |= {
        "decided_by": held_by(made),
        "learnt": built.counts,
        "certifying_share_wrong": round(float(possible["is_wrong"].mean()), 4),
        "tickets": len(replay),
        "requesters": replay["requester_id"].nunique(),
        "tickets_with_a_link": int((replay["judged_by"] == "link").sum()),
        "tickets_with_a_known_topic": int(replay["label_category_id"].notna().sum()),
        "learnt_before": f"{since:%Y-%m-%d}",
        "answered_until": f"{until:%Y-%m-%d}",
        "topics_judged_from": f"{max(since, TOPICS_AGAIN) if not options.develop else since:%Y-%m-%d}",
        "times_test_months_were_looked_at_for_decisions": LOOKS,
        "seconds": round(time.perf_counter() - start),
    }
    _print(figures)
    if options.show:
        show(chosen_to_show(frame, replay, options.show, options.seed), built, exported)
    if not options.develop:
        packages = ("scikit-learn", "scipy", "sentence-transformers", "numpy")
        print(f"written to {write_results('replay', figures, *packages, seed=options.seed)}")


def _print(figures: Mapping[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    shown = [name for name, one in figures.items() if isinstance(one, dict) and "answer_share" in one]
    rows = list(dict.fromkeys(rate for name in shown for rate, one in figures[name].items() if isinstance(one, dict)))
    for part in (shown[:5], shown[5:]):
        table = Table("", *part, title="Replay")
        for rate in rows:
            cells = [figures[name].get(rate) for name in part]
            table.add_row(
                rate,
                *("" if one is None else f"{one['value']:.3f} ({one['low']:.3f}–{one['high']:.3f})" for one in cells),
            )
        console.print(table)
    for name, one in figures.items():
        if name not in shown:
            console.print(name, one)


def _rate(hits: pd.Series, requesters: pd.Series) -> dict[str, float]:
    one = tally(hits.to_numpy(dtype=bool), pd.factorize(requesters)[0])
    return _figures(one.rate, *wilson(one), one.denominator)


def _figures(value: float, low: float, high: float, of: int) -> dict[str, float]:
    return {"value": round(value, 4), "low": round(low, 4), "high": round(high, 4), "of": of}


if __name__ == "__main__":
    main()
