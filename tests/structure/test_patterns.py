"""Regular expressions that every supported Python reads alike."""

import ast
import re._parser as parser  # type: ignore[import-not-found]

import pytest

from tests.conftest import ROOT

FILES = [
    file
    for name in ("assets", "desk", "expectations", "ledger", "orchestration")
    for file in (ROOT / name).rglob("*.py")
]
UNRELIABLE = {"POSSESSIVE_REPEAT", "ATOMIC_GROUP"}


def operations(parsed) -> set[str]:
    """Names of all operations in a parsed pattern, nested ones included."""
    found: set[str] = set()
    for operation, argument in parsed:
        found.add(str(operation))
        stack = [argument]
        while stack:
            part = stack.pop()
            if isinstance(part, parser.SubPattern):
                found |= operations(part)
            elif isinstance(part, tuple | list):
                stack.extend(part)
    return found


def patterns_in(source: str) -> set[str | bytes]:
    """Every constant in a call of ``re``: patterns, and harmlessly what else is a text there."""
    found: set[str | bytes] = set()
    for node in ast.walk(ast.parse(source)):
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if is_call and isinstance(node.func.value, ast.Name) and node.func.value.id == "re":
            found |= {
                one.value
                for one in ast.walk(node)
                if isinstance(one, ast.Constant) and isinstance(one.value, str | bytes)
            }
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_possessive_repeats(file):
    """Python before 3.11.5 loses matches of possessive repeats around groups (gh-106052): records went missing."""
    for pattern in patterns_in(file.read_text(encoding="utf-8")):
        try:
            parsed = parser.parse(pattern)
        except re_error():
            continue  # a part of a pattern that is put together, or a replacement
        assert not operations(parsed) & UNRELIABLE, pattern


def re_error() -> type[Exception]:
    import re

    return re.error


def test_the_search_finds_what_it_looks_for():
    assert operations(parser.parse(r"(?:a|b(?:c*+)d)*")) & UNRELIABLE
    assert patterns_in("import re\nX = re.compile(r'a++')") == {"a++"}
