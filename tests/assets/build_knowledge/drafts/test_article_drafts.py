"""Sections: which may be used, how they are joined, and where they belong."""

import pandas as pd

from assets.build_knowledge.drafts.article_matching import match_units
from assets.build_knowledge.drafts.article_units import join_sections, join_units
from assets.build_knowledge.drafts.usable_sections import usable_sections
from tests.assets.build_knowledge.drafts.drafting_frames import articles, embed, findings, section

LONG = "Open the settings of your workspace and press the large button at the top of the page."
OTHER = "Look into the folder for unwanted mail and ask the people who run your mail server to let it pass."
IOS, ANDROID = '{"os": ["ios"]}', '{"os": ["android"]}'


def test_sections_under_one_heading_are_joined_and_others_are_not():
    rows = articles(
        section("a:1", LONG, headings=["Reset"], position=0),
        section("a:1", OTHER, headings=["Reset", "No mail?"], position=1),
        section("a:1", LONG + " Twice.", headings=["Company login"], position=2),
    )
    units = join_sections(rows)
    assert [unit.heading for unit in units] == ["Reset", "Company login"]
    assert units[0].text == f"{LONG}\n\n**No mail?**\n\n{OTHER}"
    assert len(units[0].sources) == 2


def test_a_short_lead_goes_with_the_first_part():
    rows = articles(section("a:1", "Read this first.", position=0), section("a:1", LONG, headings=["How"], position=1))
    assert [unit.text for unit in join_sections(rows)] == [f"Read this first.\n\n{LONG}"]


def test_text_for_some_readers_takes_the_text_for_all_with_it():
    rows = articles(
        section("a:1", LONG, headings=["Sync"], position=0),
        section("a:1", "Allow background refresh.", headings=["Sync"], conditions=IOS, position=1),
        section("a:1", "Choose unrestricted battery use.", headings=["Sync"], conditions=ANDROID, position=2),
    )
    units = {tuple(unit.conditions["os"]): unit for unit in join_sections(rows)}
    assert set(units) == {("ios",), ("android",)}
    assert units[("ios",)].text == f"{LONG}\n\nAllow background refresh."
    assert "background" not in units[("android",)].text


def test_joining_units_keeps_readers_apart():
    rows = articles(
        section("a:1", LONG, headings=["First"], position=0),
        section("a:1", OTHER, headings=["Second"], conditions=IOS, position=1),
    )
    joined = join_units(join_sections(rows))
    assert [unit.conditions for unit in joined] == [{"os": ["ios"]}]
    assert LONG in joined[0].text
    assert "**Second**" in joined[0].text


def test_open_findings_stop_sections_and_verified_ones_do_not():
    rows = articles(
        section("a:1", LONG), section("a:1", OTHER, position=1), section("a:2", LONG + " b"), section("a:3", LONG + " c"),
        section("a:4", LONG + " d"), section("a:5", LONG + " e", retired_as_of=pd.Timestamp("2026-01-01", tz="UTC")),
    )  # fmt: skip
    unsafe_section = rows["section_id"].iloc[0]
    found = usable_sections(
        rows,
        findings(
            {"type": "unsafe", "subject_id": unsafe_section},
            {"type": "contradiction", "subject_id": "a:2", "other_id": "a:3", "is_other_blocked": True},
            {"type": "not_customer_language", "subject_id": "a:4", "is_blocking": False},
            {"type": "stale", "subject_id": "a:4", "status": "verified"},
        ),
    ).set_index("section_id")
    by_article = found.groupby("article_id")["is_usable"].agg(list).to_dict()
    assert by_article == {"a:1": [False, True], "a:2": [False], "a:3": [False], "a:4": [True], "a:5": [False]}
    assert "unsafe" in found.loc[unsafe_section, "why_not"]


def test_of_a_contradiction_the_side_that_is_blocked_stops_and_without_any_both_do():
    rows = articles(section("a:1", LONG), section("a:2", LONG + " b"))

    def usable(**sides: bool) -> list[bool]:
        clash = {"type": "contradiction", "subject_id": "a:1", "other_id": "a:2", **sides}
        return usable_sections(rows, findings(clash))["is_usable"].tolist()

    assert usable(is_blocking=True, is_other_blocked=False) == [False, True]
    assert usable(is_blocking=False, is_other_blocked=True) == [True, False]
    assert usable(is_blocking=False, is_other_blocked=False) == [False, False]


def test_one_stale_section_puts_the_article_in_doubt():
    rows = articles(section("a:1", LONG), section("a:1", OTHER, position=1))
    found = usable_sections(rows, findings({"type": "stale", "subject_id": rows["section_id"].iloc[0]}))
    assert not found["is_usable"].any()


def test_parts_go_to_the_category_whose_customers_ask_it_or_whose_answers_link_it():
    rows = articles(
        section("a:1", "Press export to get all documents as a file.", title="Export documents", url="https://help.example/articles/1-export"),
        section("a:2", "Lorem ipsum dolor sit amet consectetur adipiscing elit sed.", title="Ipsum"),
    )  # fmt: skip
    units = join_sections(rows)
    asked = pd.DataFrame(
        {
            "question": ["export all documents", "how to export documents", "invoice copy", "copy of an invoice"],
            "category_id": ["export", "export", "invoice", "invoice"],
        }
    )
    none = pd.DataFrame(columns=["category_id", "link"])
    vectors = [
        embed([unit.title for unit in units]),
        embed([unit.text for unit in units]),
        asked,
        embed(asked["question"]),
    ]
    first, second = match_units(units, *vectors, none)
    assert first.category_id == "export"
    assert second.category_id is None
    links = pd.DataFrame(
        {"category_id": ["invoice"] * 3, "link": ["https://help.example/en-us/articles/1-old-name"] * 3}
    )
    linked = match_units(units, *vectors, links)[0]
    assert linked.category_id == "export"
    assert linked.count_links == 0
