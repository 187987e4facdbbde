"""The page holds everything it needs, runs nothing, shows the state of things in words, and survives hostile text."""

import base64
import datetime as dt
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest

from assets.audit_tickets.roadmap.build_roadmap import RoadmapResult, RoadmapSettings
from assets.audit_tickets.roadmap.roadmap_page import PageDesk, PageSignature, PageSignOff, render_roadmap_page
from assets.audit_tickets.roadmap.roadmap_words import minutes, next_steps, percent, rate
from tests.assets.audit_tickets.roadmap.roadmap_frames import invented_desk
from tests.assets.audit_tickets.roadmap.test_build_roadmap import build

HOSTILE = "<script>alert('x')</script><img src=https://evil.example/x onerror=alert(1)>{{ 7*7 }}\"' onload=1"


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.found[-1:] and self.found[-1][0] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def result() -> RoadmapResult:
    return build(invented_desk())


@pytest.fixture(scope="module")
def page(result: RoadmapResult) -> str:
    return render_roadmap_page(result, PageDesk("Example Works", fictional=True))


@pytest.fixture
def without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of words: drawing takes most of the time."""
    monkeypatch.setattr("assets.audit_tickets.roadmap.roadmap_page._pictures", lambda result: [])


def test_nothing_is_fetched_and_nothing_runs(page: str) -> None:
    tags = Tags(page).found
    assert not {tag for tag, _ in tags} & {"script", "link", "iframe", "object", "embed", "form", "svg"}
    for tag, attributes in tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (tag, attributes)
        for name in ("src", "srcset", "href"):
            assert (attributes.get(name) or "#").startswith(("data:image/svg+xml;base64,", "#"))


def test_the_policy_allows_only_pictures_and_this_style(page: str) -> None:
    [policy] = [a["content"] for t, a in Tags(page).found if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_hostile_names_and_texts_stay_text(result: RoadmapResult) -> None:
    frame = result.frame.assign(name=HOSTILE, owner=HOSTILE, category_id=lambda f: f["category_id"] + HOSTILE)
    examples = result.examples.assign(
        subject=HOSTILE, text=HOSTILE, ticket_id=HOSTILE, category_id=lambda f: f["category_id"] + HOSTILE
    )
    hostile = replace(result, frame=frame, examples=examples, totals=replace(result.totals, excluded={HOSTILE: 3}))
    signature = PageSignature(HOSTILE, HOSTILE, dt.datetime(2026, 4, 1, tzinfo=dt.UTC), HOSTILE)
    page = render_roadmap_page(hostile, PageDesk(HOSTILE), PageSignOff(3, (signature,), (HOSTILE,), HOSTILE))
    test_nothing_is_fetched_and_nothing_runs(page)
    assert "alert('x')" in Tags(page).text
    assert "49" not in re.findall(r"onerror=alert\(1\)&gt;(..)", page)


@pytest.mark.usefixtures("without_pictures")
def test_a_fictional_company_is_said_to_be_one(page: str, result: RoadmapResult) -> None:
    assert "Example Works is a fictional company." in Tags(page).text
    assert "fictional" not in Tags(render_roadmap_page(result, PageDesk("Example Works"))).text


def test_headline_buckets_reasons_and_examples_are_there(page: str, result: RoadmapResult) -> None:
    text = Tags(page).text
    assert f"{result.totals.count_audited} tickets were audited" in text
    assert "tickets a month" in text
    for row in result.frame.to_dict("records"):
        assert row["name"] in text
        assert row["reasons"][0] in text
    assert set(result.examples["ticket_id"]) <= set(re.findall(r"demo:[\w-]+", text))
    assert "Left out: spam" in text
    assert "A bot replied in" in text


@pytest.mark.parametrize(
    ("sign_off", "words"),
    [
        (None, "Nothing to sign yet"),
        (
            PageSignOff(3, (), ("support lead",)),
            "Nobody has signed the decisions as they stand. Still to sign: support lead",
        ),
        (
            PageSignOff(3, (PageSignature("Ada Moreno", "support lead", dt.datetime(2026, 4, 1, 9, 30)),), ("head",)),
            "Signed in part. Still to sign: head",
        ),
        (
            PageSignOff(3, (PageSignature("Ada Moreno", "support lead", dt.datetime(2026, 4, 1, 9, 30), "fine"),), ()),
            "The decisions are signed. Ada Moreno, support lead, 1 April 2026, 09:30 UTC: “fine”",
        ),
    ],
)
@pytest.mark.usefixtures("without_pictures")
def test_the_state_of_the_signatures_is_in_words(
    result: RoadmapResult, sign_off: PageSignOff | None, words: str
) -> None:
    assert words in Tags(render_roadmap_page(result, PageDesk("Example Works"), sign_off)).text


@pytest.mark.usefixtures("without_pictures")
def test_not_measured_is_said_and_never_nan_or_zero() -> None:
    page = render_roadmap_page(build(invented_desk(csat=False)), PageDesk("Example Works"))
    text = Tags(page).text
    assert "CSAT (good of rated) not measured" in text
    assert "Reopened not measured" in text
    assert not re.search(r"\b(?:nan|NaN|None|NaT|<NA>)\b", text)


@pytest.mark.usefixtures("without_pictures")
def test_a_contrary_proposal_is_shown_beside_the_decision(result: RoadmapResult) -> None:
    frame = result.frame.assign(decided_bucket="escalate", bucket="escalate")
    text = Tags(render_roadmap_page(replace(result, frame=frame), PageDesk("Example Works"))).text
    assert "decided by the desk; figures propose automate" in text


def test_an_empty_roadmap_is_still_a_page(result: RoadmapResult) -> None:
    desk = invented_desk()
    empty = build(type(desk)(*(getattr(desk, name).iloc[:0] for name in type(desk).__dataclass_fields__)))
    assert "nothing to plan yet" in Tags(render_roadmap_page(empty, PageDesk("Example Works"))).text


def test_links_inside_the_page_lead_somewhere(page: str) -> None:
    tags = Tags(page).found
    ids = {a["id"] for _, a in tags if "id" in a}
    links = {a["href"] for t, a in tags if t == "a"}
    assert links
    assert {link[1:] for link in links if link} <= ids


def test_every_picture_has_words_for_those_who_cannot_see_it(page: str) -> None:
    images = [a for t, a in Tags(page).found if t == "img"]
    assert len(images) == 3
    assert all(len(a["alt"] or "") > 20 for a in images)


def test_next_steps_name_what_is_open(result: RoadmapResult) -> None:
    steps = " ".join(next_steps(result, PageSignOff(1, (), ("support lead",))))
    assert "Decide: 5 of the top categories" in steps
    assert "support lead still to sign" in steps
    assert "Train first: “Password reset”" in steps
    assert "“webhook, 410, servers”" in steps
    assert "“Invoice copy”: fewer than 30" in steps


def test_numbers_read_like_numbers() -> None:
    assert [percent(x) for x in (0.0, 0.004, 0.5, float("nan"))] == ["0%", "0.4%", "50%", "not measured"]
    assert [minutes(x) for x in (12, 200, 5_000, float("nan"))] == ["12 min", "3.3 h", "3.5 days", "not measured"]
    row = {"x": 0.75, "x_numerator": 3, "x_denominator": 4, "x_low": 0.3, "x_high": 0.95}
    assert rate(row, "x") == "75% (3 of 4, 30–95%)"


@pytest.mark.usefixtures("without_pictures")
def test_settings_reach_the_page(result: RoadmapResult) -> None:
    small = build(invented_desk(), RoadmapSettings(top=2))
    text = Tags(render_roadmap_page(small, PageDesk("Example Works"))).text
    assert "The top 2" in text
    assert "The other categories" in text
    assert isinstance(small.frame, pd.DataFrame)
