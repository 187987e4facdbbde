"""The same pattern next week."""

from assets.retrain_agent.patterns.pattern_identity import Known, new_id, same_patterns
from tests.encoders import HashingEncoder


def known(ids, about=("stale_knowledge", "a"), by_matter=False, name=""):
    return Known(frozenset(ids), about, by_matter, name)


def same(earlier, now):
    return same_patterns(earlier, now, HashingEncoder().encode)


def test_a_pattern_that_grows_is_itself():
    assert same([known("abc"), known("xyz", ("t", "b"))], [known("xyzvw", ("t", "b")), known("abcdefghij")]) == {
        0: 1,
        1: 0,
    }


def test_a_split_keeps_the_larger_part():
    assert same([known("abcdefg")], [known("ab"), known("cdefg")]) == {1: 0}


def test_a_merge_keeps_the_larger_one():
    assert same([known("ab"), known("cdefg")], [known("abcdefg")]) == {0: 1}


def test_it_is_itself_when_its_failures_turn_out_to_be_of_another_type():
    assert same([known("abcd", ("knowledge_gap", ""))], [known("abcd", ("stale_knowledge", "a"))]) == {0: 0}


def test_a_few_shared_failures_do_not_make_it_the_same():
    assert same([known("abcdefghij", ("t", "a"))], [known("aklmnopqrs", ("t", "b"))]) == {}


def test_without_a_shared_failure_the_key_decides():
    assert same([known("abc")], [known("xyz")]) == {0: 0}
    assert same([known("abc")], [known("xyz", ("stale_knowledge", "b"))]) == {}


def test_what_is_held_together_by_meaning_needs_the_same_name_too():
    about = ("knowledge_gap", "")
    earlier = [
        known("abc", about, True, "No answer yet: do you offer student discounts?"),
        known("def", about, True, "No answer yet: can guests edit?"),
    ]
    now = [
        known("xyz", about, True, "No answer yet: can guests edit"),
        known("uvw", about, True, "No answer yet: is there an app for Linux?"),
    ]
    assert same(earlier, now) == {0: 1}


def test_nothing_before_and_nothing_now():
    assert same([], [known("a")]) == {}
    assert same([known("a")], []) == {}


def test_an_id_is_of_the_key_and_the_earliest_failure():
    assert new_id(["t", "a"], ["1", "2"], ()) == new_id(["t", "a"], ["1", "3"], ())
    assert len({new_id(["t", "a"], ["1"], ()), new_id(["t", "b"], ["1"], ()), new_id(["t", "a"], ["2"], ())}) == 3


def test_an_id_is_never_given_twice():
    taken = set()
    for _ in range(4):
        made = new_id(["t"], ["1", "2"], taken)
        assert made not in taken
        taken.add(made)
