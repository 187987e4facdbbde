from __future__ import annotations

import pytest

from assets.sustain_learning.audit_work.audited import Audited
from assets.sustain_learning.audit_work.subjects import GRAVE, OUT_OF_USE, QUIET, SLIGHT, subjects_of
from tests.assets.sustain_learning.audit_work.knowledge import (
    ADA,
    BEN,
    article,
    aside,
    audited,
    category,
    day,
    drift,
    finding,
    rests_on,
    trouble,
    version,
)


def listed(*, over_at=None, **rows):
    return {one.subject_id: one for one in subjects_of(audited(**rows), over_at)}


def test_every_live_entry_is_listed_and_what_is_pressing_comes_first():
    found = listed(
        live=[version("quiet"), version("wordy"), version("wrong"), version("moving"), version("much"), version("asked")],
        set_aside=[aside("late", "its review was due by 2026-06-01"), aside("new", "it waits", status="draft"),
                   aside("gone", "it is retired", status="retired")],
        findings=[finding(1, "wrong"), finding(2, "wordy", type="not_customer_language")],
        drift=[drift(1, entry_id="moving")],
        trouble=[trouble("much", 9, 20), trouble("asked", 0, 20)],
    )  # fmt: skip
    assert list(found) == ["late", "much", "moving", "wrong", "wordy", "asked", "quiet"]
    pressing = [found[name].pressing for name in ("late", "much", "moving", "wrong", "wordy", "quiet")]
    assert pressing == [OUT_OF_USE, GRAVE, GRAVE, GRAVE, SLIGHT, QUIET]
    assert found["late"].reasons == ("It is out of use: its review was due by 2026-06-01.",)
    assert found["moving"].reasons == ("Customers ask for something else here.",)
    assert found["wrong"].reasons == ("It says 9 €. Say 11 €.",)
    assert found["wrong"].finding_ids == ("find_000000000001",)
    assert found["quiet"].reasons == ()
    assert found["much"].weight == 9.0


def test_a_finding_about_an_earlier_text_is_no_reason_and_a_blocking_one_is_said_once():
    blocking = finding(1, "out", is_blocking=True)
    found = listed(
        live=[version("edited", "b")],
        set_aside=[aside("out", "stale (ended_price): Say 11 €.")],
        findings=[finding(2, "edited", letter="a"), blocking],
    )
    assert found["edited"].pressing == QUIET
    assert found["out"].pressing == OUT_OF_USE
    assert found["out"].reasons == ("It says 9 €. Say 11 €.",)


def test_an_entry_that_an_article_contradicts_must_be_looked_at():
    against = finding(1, "zd:1", "article", "d", type="contradiction", is_blocking=True,
                      other_kind="entry", other_id="reset", other_hash="a" * 64)  # fmt: skip
    found = listed(live=[version("reset")], findings=[against], articles=[article("zd:1")])
    assert found["reset"].pressing == GRAVE
    assert "zd:1" not in found, "nothing rests on it"


def test_articles_are_listed_where_something_rests_on_them_and_something_is_open():
    drafts = [{"status": "open", "sources": rests_on("zd:2", "zd:4"), "category_id": "login"},
              {"status": "rejected", "sources": rests_on("zd:3"), "category_id": "login"}]  # fmt: skip
    found = listed(
        live=[
            version("reset", sources=rests_on("zd:1", "zd:5")),
            version("other", sources=rests_on("zd:1"), owner=BEN),
        ],
        articles=[
            *(article(f"zd:{number}") for number in (1, 2, 3, 5)),
            article("zd:4", retired_as_of=day("2026-06-01")),
        ],
        findings=[finding(number, f"zd:{number}", "article", "d") for number in (1, 2, 3, 4)],
        drafts=drafts,
    )
    assert {name for name in found if name.startswith("zd:")} == {"zd:1", "zd:2"}
    assert found["zd:1"].reasons[-1] == "On it rests: “How do I reset?”, “How do I other?”."
    assert found["zd:2"].reasons[-1] == "On it rests: 1 draft."
    assert found["zd:1"].owner == ADA, "who owns what rests on it answers for it"
    assert found["zd:2"].owner == "unowned"


def test_categories_that_lack_entries_and_those_whose_customers_nobody_understands():
    found = listed(
        coverage=[
            category("login", 3),
            category("billing", 1),
            category("first", 0, is_first_tier=True),
            category("sso", 3),
        ],
        drift=[drift(1, kind="new_phrasings", category_id="sso"), drift(2, kind="share_moved", category_id="login")],
        drafts=[{"status": "open", "sources": "[]", "category_id": "billing"}],
        categories=[{"category_id": "billing", "owner": BEN}],
    )
    assert list(found) == ["first", "billing", "sso"]
    assert found["first"].pressing == OUT_OF_USE
    assert found["billing"].owner == BEN
    assert found["billing"].reasons == (
        "Not enough is known: 2 more live entries (1 of 3). Some 10 tickets a month are about it.",
        "1 draft waits to be read.",
    )
    assert found["sso"].reasons == ("Customers ask for something else here.",)


def test_a_quarter_that_is_over_is_about_what_was_in_use_then():
    early = day("2026-02-01")
    found = listed(
        entries=[
            version("old", "a", accepted_at=early, is_current=False, last_seen_as_of=day("2026-02-20")),
            version("old", "b", accepted_at=day("2026-05-01")),
            version("young", accepted_at=day("2026-04-02")),
            version("run_out", accepted_at=early, review_by=day("2026-03-01")),
            version("long_gone", accepted_at=day("2025-06-01"), is_current=False, last_seen_as_of=day("2025-09-01")),
            version("never", is_accepted=False),
        ],
        findings=[
            finding(1, "old", first_found_as_of=day("2026-03-10")),
            finding(2, "old", first_found_as_of=day("2026-04-10")),
        ],
        coverage=[category("billing", 1)],
        trouble=[trouble("old", 9, 10)],
        over_at=day("2026-04-01"),
    )
    assert list(found) == ["old"]
    assert found["old"].content_hash == "a" * 64
    assert found["old"].finding_ids == ("find_000000000001",), "what was found later was not known"
    assert found["old"].weight == 0.0


@pytest.mark.parametrize("over_at", [None, day("2026-04-01")])
def test_nothing_to_audit_is_an_empty_list(over_at):
    assert subjects_of(Audited(), over_at) == []
