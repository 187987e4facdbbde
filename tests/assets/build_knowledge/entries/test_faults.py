"""Which accepted entries somebody must look at."""

import pandas as pd

from assets.build_knowledge.entries.faults import faults_of_accepted

ENTRIES = pd.DataFrame(
    {
        "entry_id": ["a", "b", "c"],
        "content_hash": ["h1", "h2", "h3"],
        "status": ["accepted", "accepted", "draft"],
        "is_accepted": [True, True, False],
    }
)


def finding(**given) -> dict:
    empty = dict.fromkeys(("other_kind", "other_id", "other_hash", "release_name"))
    return {
        "type": "stale", "reason": "ended_price", "subject_kind": "entry", "subject_id": "a", "subject_hash": "h1",
        "is_blocking": True, "is_other_blocked": False, "evidence": "EUR 9", "fix": "Say EUR 11.", "status": "open",
    } | empty | given  # fmt: skip


def faulty(*rows: dict, kind: str = "stale") -> list[str]:
    return faults_of_accepted(pd.DataFrame(rows), ENTRIES, kind)["subject_id"].tolist()


def test_an_open_blocking_finding_about_an_accepted_version_counts():
    assert faulty(finding()) == ["a"]
    assert faulty(finding(status="dismissed")) == []
    assert faulty(finding(is_blocking=False)) == []
    assert faulty(finding(type="duplicate")) == []
    assert faulty(finding(subject_hash="an older version")) == []
    assert faulty(finding(subject_id="c", subject_hash="h3")) == []
    assert faulty(finding(subject_kind="article")) == []


def test_both_sides_of_a_contradiction_are_named():
    clash = finding(type="contradiction", other_kind="entry", other_id="b", other_hash="h2", is_other_blocked=True)
    assert faulty(clash, kind="contradiction") == ["a", "b"]
    assert faulty(clash | {"is_blocking": False}, kind="contradiction") == ["b"]
