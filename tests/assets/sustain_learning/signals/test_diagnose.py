"""A release explains a change where it came before and customers name it; what is merely near explains nothing."""

import pandas as pd
import pytest

from assets.sustain_learning.signals.diagnose import Evidence, diagnose
from assets.sustain_learning.signals.named_versions import named_versions, version_key, version_parts
from assets.sustain_learning.signals.telling_words import telling_words, words_of
from tests.assets.sustain_learning.signals.made_tickets import RELEASES

START = pd.Timestamp("2025-04-10", tz="UTC")


def releases(*rows):
    return pd.DataFrame(list(rows), columns=RELEASES).assign(date=lambda one: pd.to_datetime(one["date"], utc=True))


DESKTOP = ("2025-04-08", "product", "Desktop 7.2", "7.2", "Update with a new graphics engine", ["desktop app"])
OLD = ("2025-01-08", "product", "Desktop 7.0", "7.0", "New app", ["desktop app"])
PRICE = ("2025-04-01", "price", "Pro price change", "", "Pro costs EUR 11 per seat", ["pro price", "pricing"])


def evidence(**parts):
    given = {
        "dimension": "all", "value": "all", "start": START, "until": START + pd.Timedelta(days=9), "telling": [],
        "inside": ["How do I share a board"] * 60, "before": ["How do I share a board"] * 200, "new_inside": 0.2,
        "new_before": 0.2, "n_inside": 60, "n_before": 200,
    }  # fmt: skip
    return Evidence(**given | parts)


def test_a_release_that_customers_name_explains_and_one_they_do_not_name_is_only_mentioned():
    found = diagnose(evidence(telling=["7.2", "crash"]), releases(OLD, DESKTOP))
    assert (found.diagnosis, found.is_explained, found.release_name) == ("release", True, "Desktop 7.2")
    assert found.words == ("7.2",)
    silent = diagnose(evidence(telling=["board"]), releases(OLD, DESKTOP))
    assert (silent.diagnosis, silent.is_explained, silent.release_name, silent.near) == (
        "unknown",
        False,
        None,
        "Desktop 7.2",
    )


def test_a_release_still_to_come_or_long_gone_explains_nothing():
    later = ("2025-04-25", *DESKTOP[1:])
    assert diagnose(evidence(telling=["7.2"]), releases(OLD, later)).diagnosis == "unknown"
    gone = ("2025-02-01", *DESKTOP[1:])
    assert diagnose(evidence(telling=["7.2"]), releases(OLD, gone)).diagnosis == "unknown"


def test_a_price_is_a_policy_or_price():
    found = diagnose(evidence(telling=["pricing", "invoice"]), releases(PRICE))
    assert (found.diagnosis, found.release_name) == ("policy_or_price", "Pro price change")


def test_one_word_of_a_description_is_not_enough_and_two_are():
    listed = releases(DESKTOP)
    assert diagnose(evidence(telling=["graphics"]), listed).diagnosis == "unknown"
    assert diagnose(evidence(telling=["graphics", "engine"]), listed).diagnosis == "release"


def test_a_version_tells_its_release_and_one_that_nobody_listed_is_named():
    listed = releases(OLD, DESKTOP)
    assert diagnose(evidence(dimension="version", value="7.2"), listed).release_name == "Desktop 7.2"
    unlisted = diagnose(evidence(dimension="version", value="8.1"), listed)
    assert (unlisted.release_name, unlisted.release_date, unlisted.is_explained) == ("version 8.1", None, True)
    assert diagnose(evidence(dimension="version", value="2019"), listed).diagnosis == "unknown"


def test_failing_things_are_a_suspected_bug_and_new_customers_are_onboarding():
    fails = diagnose(evidence(inside=["Saving fails with an error"] * 60), releases())
    assert (fails.diagnosis, fails.is_explained) == ("suspected_bug", False)
    usual = ["Saving fails with an error"] * 100
    assert diagnose(evidence(inside=usual[:60], before=usual), releases()).diagnosis == "unknown"
    new = ["I just signed up, how do I get started"] * 60
    assert diagnose(evidence(inside=new, new_inside=0.9), releases()).diagnosis == "onboarding"
    assert diagnose(evidence(inside=new), releases()).diagnosis == "unknown"


def test_a_switch_of_helpdesks_is_counted_otherwise_not_trouble():
    assert diagnose(evidence(switch="zendesk"), releases()).diagnosis == "taxonomy_change"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Since Desktop 7.2.1 it crashes", ["7.2"]),
        ("I run version 7.0 on Windows 11", ["7"]),
        ("Windows version 10, Firefox 128.0", []),
        ("v7.2 and desktop 7.0", ["7.2", "7"]),
        ("Desktop costs 7 euro, call 555 0100", []),
        ("Nach dem Update 7.2 geht nichts", ["7.2"]),
    ],
)
def test_versions_are_read_as_releases_tell_them_apart(text, named):
    names, versions = [OLD[2], DESKTOP[2]], [OLD[3], DESKTOP[3]]
    assert named_versions([text], names, versions) == [named]


def test_yearly_versions_are_told_by_their_first_number():
    assert version_parts(["128.0", "131.0"]) == 1
    assert version_key("128.0.1", 1) == "128"
    assert named_versions(["Thunderbird 128.4.0esr (64-bit)"], ["Thunderbird 128"], ["128.0"]) == [["128"]]
    assert version_key("beta", 1) is None
    assert named_versions(["version 3.1"], [], []) == [["3"]]


def test_telling_words_are_those_that_grew():
    before = [words_of("How do I share a board with guests")] * 80
    inside = [words_of("Sharing a board fails since version 128.0.1")] * 20 + before[:20]
    found = telling_words(inside, before)
    assert {"128", "fails"} <= set(found)
    assert "board" not in found
    assert telling_words(before[:40], before) == []
    assert telling_words(before[:2], before) == []
