"""Near-duplicates are found by wording, exactly, and groups never drift."""

import os
import random
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from assets.audit_tickets.splits import near_duplicates
from assets.audit_tickets.splits.near_duplicates import jaccard, near_duplicate_groups, normalize_wording
from tests.conftest import ROOT

WORDS = """invoice printer calendar password account window folder message attachment server update cannot open send
receive since yesterday after every time error shows please help button page report export customer""".split()  # noqa: SIM905


def sentence(seed, length=30):
    chosen = random.Random(seed)
    return " ".join(chosen.choice(WORDS) for _ in range(length))


def changed(text, count, seed=0):
    words, chosen = text.split(), random.Random(seed)
    for place in chosen.sample(range(len(words)), count):
        words[place] = f"other{place}"
    return " ".join(words)


def groups_of(texts):
    """Ticket id → the first ticket of its group."""
    frame = pd.DataFrame({"ticket_id": list(texts), "text": list(texts.values())})
    groups = near_duplicate_groups(frame)
    return dict(zip(groups["ticket_id"], groups["duplicate_group_id"].str.removeprefix("dup_"), strict=True))


def test_copies_with_small_changes_are_grouped_and_others_are_not():
    text = sentence(1)
    found = groups_of({"a": text, "b": changed(text, 1), "c": f"{text.upper()}!!!", "d": sentence(2)})
    assert found == {"a": "a", "b": "a", "c": "a", "d": "d"}


def test_a_text_with_half_its_words_changed_is_another_text():
    text = sentence(1)
    assert groups_of({"a": text, "b": changed(text, 15)}) == {"a": "a", "b": "b"}


def test_short_texts_are_grouped_only_when_equal():
    found = groups_of({"a": "Reset my password", "b": "reset my  password!", "c": "Reset our password"})
    assert found == {"a": "a", "b": "a", "c": "c"}


@pytest.mark.parametrize("text", ["", "Hi", "help please", "???"])
def test_texts_that_say_nothing_are_nobodys_copy(text):
    assert groups_of({"a": text, "b": text}) == {"a": "a", "b": "b"}


def test_languages_without_spaces_work():
    text = (
        "メールを送信するとサーバーに接続できないというエラーが表示されます。"
        "昨日までは問題なく使えていました。どうすればよいですか"
    )
    found = groups_of({"a": text, "b": text.replace("昨日", "先週"), "c": text[::-1]})
    assert found == {"a": "a", "b": "a", "c": "c"}


def test_a_chain_of_small_changes_does_not_become_one_group():
    words = sentence(3, 60).split()
    chain = {}
    for step in range(30):
        words[2 * step : 2 * step + 2] = [f"new{step}", f"word{step}"]
        chain[f"t{step:02}"] = " ".join(words)
    found = groups_of(chain)
    assert found["t00"] == found["t01"] == "t00"
    assert found["t29"] != "t00"
    sizes = pd.Series(found).value_counts()
    assert 2 <= sizes.max() <= 15


def test_no_pair_is_missed_and_none_invented():
    """Against comparing all pairs: a text joins one it is alike to, and stays alone only without one."""
    chosen = random.Random(5)
    texts = {}
    for family in range(25):
        base = sentence(100 + family, chosen.randint(10, 60))
        for member in range(4):
            texts[f"{family:02}-{member}"] = changed(base, chosen.randint(0, 3), seed=member)
    ids = sorted(texts)
    found = groups_of(texts)
    grams = dict(zip(ids, near_duplicates._rank_grams([normalize_wording(texts[one]) for one in ids]), strict=True))
    alike = {one: {two for two in ids if jaccard(grams[one], grams[two]) >= 0.8} for one in ids}
    assert any(len(alike[one]) > 1 for one in ids)
    for place, one in enumerate(ids):
        earlier = set(ids[:place])
        if found[one] != one:
            assert alike[one] & earlier & {two for two in ids if found[two] == found[one]}
        else:
            assert all(jaccard(grams[one], grams[found[two]]) < 0.6 for two in alike[one] & earlier)


def test_exactly_four_fifths_in_common_counts():
    """The rounding of 0.8 × n must not cost the pair that is exactly on the threshold."""
    for count in range(50, 130, 5):
        own = np.arange(count, dtype=np.int32)
        other = own[count // 5 :]  # the rarest fifth is missing
        assert jaccard(own, other) == pytest.approx(0.8)
        first, similarity = near_duplicates._lead([own, other], None)
        assert (first.tolist(), similarity[1]) == ([0, 0], pytest.approx(0.8))


def test_later_tickets_never_change_earlier_groups():
    texts = [changed(sentence(n % 7), n % 4, seed=n) for n in range(60)]
    frame = pd.DataFrame({"ticket_id": [f"t{n:02}" for n in range(60)], "text": texts})
    frame["created_at"] = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(np.arange(60), unit="h")
    columns = ["ticket_id", "duplicate_group_id", "similarity"]
    whole = near_duplicate_groups(frame)
    for size in (1, 20, 45):
        part = near_duplicate_groups(frame.iloc[:size])
        pd.testing.assert_frame_equal(part[columns], whole.iloc[:size][columns])


def test_an_older_ticket_that_arrives_later_does_not_merge_settled_groups():
    middle = sentence(8, 40)
    left, right = changed(middle, 2, seed=1), changed(middle, 2, seed=2)
    frame = pd.DataFrame({"ticket_id": ["left", "right", "middle"], "text": [left, right, middle]})
    frame["created_at"] = pd.to_datetime(["2026-01-02", "2026-01-03", "2026-01-01"], utc=True)
    frame["assigned_as_of"] = pd.to_datetime(["2026-02-01", "2026-02-01", None], utc=True)
    settled = near_duplicate_groups(frame.iloc[:2]).set_index("ticket_id")["duplicate_group_id"]
    whole = near_duplicate_groups(frame).set_index("ticket_id")["duplicate_group_id"]
    assert whole[["left", "right"]].equals(settled[["left", "right"]])


def test_blocks_do_not_show(monkeypatch):
    frame = pd.DataFrame({"text": [changed(sentence(n % 9), n % 3, seed=n) for n in range(50)]})
    frame["ticket_id"] = [f"t{n:02}" for n in range(50)]
    whole = near_duplicate_groups(frame)
    monkeypatch.setattr(near_duplicates, "_BLOCK", 7)
    pd.testing.assert_frame_equal(near_duplicate_groups(frame), whole)


def test_the_same_groups_in_another_process():
    code = (
        "import pandas as pd; from tests.assets.audit_tickets.splits.test_near_duplicates import *;"
        "print(groups_of({f't{n}': changed(sentence(n % 5), n % 3, seed=n) for n in range(20)}))"
    )
    here = groups_of({f"t{n}": changed(sentence(n % 5), n % 3, seed=n) for n in range(20)})
    environment = {**os.environ, "PYTHONHASHSEED": "77"}
    there = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert there.stdout.strip() == str(here)


def test_no_texts_give_no_groups():
    groups = near_duplicate_groups(pd.DataFrame({"ticket_id": [], "text": []}))
    assert groups.empty
    assert groups.columns.tolist() == ["ticket_id", "duplicate_group_id", "is_first", "similarity", "count_tickets"]


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="occurs twice"):
        near_duplicate_groups(pd.DataFrame({"ticket_id": ["a", "a"], "text": ["x", "y"]}))
    with pytest.raises(ValueError, match="text"):
        near_duplicate_groups(pd.DataFrame({"ticket_id": ["a"]}))
