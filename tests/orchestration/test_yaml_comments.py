"""What people wrote between the lines of a YAML file stays where it was, whatever is added or taken out beside it."""

import io
from typing import Any

import pytest
from ruamel.yaml import YAML

from orchestration.people.yaml_comments import commented, put_items, tail_kept

TEXT = """# head
rules:
  - id: a
    words:   # of a
      - one   # first
      - two

  # about b
  - id: b
    words: [x, y]   # short
# heading of the next block

limits:
  most: 3   # or fewer

  # nothing below
other: 1
"""


def changed(change) -> list[str]:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    document: Any = yaml.load(TEXT)
    change(document)
    written = io.StringIO()
    yaml.dump(document, written)
    return written.getvalue().splitlines()


def without(*gone: str) -> list[str]:
    return [line for line in TEXT.splitlines() if line not in gone]


def inserted(after: str, *new: str) -> list[str]:
    lines = TEXT.splitlines()
    at = lines.index(after) + 1
    return [*lines[:at], *new, *lines[at:]]


def add_rule(document):
    with tail_kept(document["rules"]):
        document["rules"].append(commented({"id": "c", "words": ["z"]}))


def add_limit(document):
    with tail_kept(document["limits"]):
        document["limits"]["least"] = commented({"a": 1})


def items(*now: str):
    def change(document):
        words = document["rules"][0]["words"]
        put_items(words, list(words), list(now), list(now))

    return change


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda document: None, TEXT.splitlines()),
        (add_rule, inserted("    words: [x, y]   # short", "  - id: c", "    words:", "      - z")),
        (add_limit, inserted("  most: 3   # or fewer", "  least:", "    a: 1")),
        (items("one", "two", "three"), inserted("      - two", "      - three")),
        (items("one"), without("      - two")),
        (items("two"), without("      - one   # first")),
        (items("zero", "one", "two"), inserted("    words:   # of a", "      - zero")),
    ],
    ids=["nothing", "a rule", "a setting", "one more", "the last out", "the first out", "one before"],
)
def test_only_what_was_asked_for_changes(change, expected):
    assert changed(change) == expected


def test_a_list_in_a_list_stands_on_one_line():
    assert changed(lambda document: document.update(commented({"pairs": [["a", "b"], "c"]})))[-2:] == [
        "  - [a, b]", "  - c",
    ]  # fmt: skip
