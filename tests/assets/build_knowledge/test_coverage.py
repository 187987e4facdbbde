"""Coverage: enough live entries, each with phrasings and an owner."""

import pandas as pd

from assets.build_knowledge.coverage import knowledge_coverage
from assets.build_knowledge.drafts.draft_settings import DraftSettings
from tests.assets.build_knowledge.drafts.drafting_frames import entries, roadmap

WAYS = ["How do I export?", "Export all", "Where is export?"]


def coverage(live, plan=None):
    plan = roadmap(export="automate", invoice="hybrid", dispute="escalate") if plan is None else plan
    return knowledge_coverage(plan, live, DraftSettings())


def full(category, count=3, **more):
    return [{"entry_id": f"{category}-{n}", "category_id": category, "phrasings": WAYS} | more for n in range(count)]


def test_three_full_entries_cover_a_category_and_what_lacks_comes_first():
    frame = coverage(entries(*full("export")))
    assert frame["category_id"].tolist() == ["invoice", "export"]
    assert frame["is_covered"].tolist() == [False, True]
    assert frame["missing"].tolist() == [["3 more live entries (0 of 3)"], []]
    assert frame["rank"].tolist() == [1, 2]


def test_escalate_and_candidates_need_no_entries():
    plan = roadmap(export="hybrid", dispute="escalate", found="hybrid")
    plan.loc[2, "kind"] = "candidate"
    assert coverage(entries(), plan)["category_id"].tolist() == ["export"]


def test_phrasings_that_repeat_and_missing_owners_are_named():
    rows = [
        *full("export", 1),
        *full("export", 1, phrasings=["Export?", "export? ", "EXPORT?"]),
        *full("export", 1, owner=None),
    ]
    line = coverage(entries(*rows)).set_index("category_id").loc["export"]
    assert not line["is_covered"]
    assert line["missing"] == ["1 live entry with fewer than 3 phrasings", "1 live entry without an owner"]
    assert (line["count_live_entries"], line["count_entries_with_enough_phrasings"], line["count_owned"]) == (3, 2, 2)


def test_what_is_missing_is_ranked_first_tier_first_then_by_volume():
    plan = roadmap(small="hybrid", large="hybrid", first="automate").assign(
        tier=pd.array([None, 2, 1], dtype="Int64"), count_tickets=[5, 500, 50]
    )
    frame = coverage(entries(), plan)
    assert frame["category_id"].tolist() == ["first", "large", "small"]
    assert frame["is_first_tier"].tolist() == [True, False, False]


def test_without_tiers_the_training_order_says_what_comes_first():
    plan = roadmap(export="hybrid", invoice="automate").assign(training_order=[None, 1])
    assert coverage(entries(), plan).set_index("category_id")["is_first_tier"].to_dict() == {
        "export": False,
        "invoice": True,
    }


def test_an_empty_roadmap_gives_an_empty_frame():
    frame = coverage(entries(), roadmap(dispute="escalate"))
    assert frame.empty
    assert frame["missing"].tolist() == []
