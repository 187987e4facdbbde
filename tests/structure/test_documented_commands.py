"""Every command that README and docs name exists, with the options they give it."""

from __future__ import annotations

import functools
import re
import shlex
from pathlib import Path

import pytest
import typer

from orchestration.cli import app
from tests.conftest import ROOT

PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
INLINE = re.compile(r"`(understudy [^`]+)`")
BLOCK = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
LEAVES = ("…", "...", "|", ">")
"""What ends a command in a text: it goes on as one likes, or the shell takes over."""


@functools.cache
def tree():
    """Every command, as the command line knows it."""
    return typer.main.get_command(app)


def commands_of(page: Path) -> list[str]:
    """Commands that a page names, in code spans and at the beginning of lines of code blocks."""
    text = page.read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    lines = [line.strip() for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    spans = INLINE.findall(BLOCK.sub("", text))
    return [*spans, *(line for line in lines if line.startswith("understudy "))]


def words_of(command: str) -> list[str]:
    """A command's words, without comments and without what ends it."""
    words = shlex.split(command, comments=True)
    ends = [place for place, word in enumerate(words) if word in LEAVES or word.startswith("2>")]
    return words[: min(ends, default=len(words))]


def problem_of(command: str) -> str | None:
    """What is wrong with a command as it is written; None where nothing is."""
    node = tree()
    words = words_of(command)[1:]
    while hasattr(node, "commands") and words and not words[0].startswith("-"):
        found = node.commands.get(words[0])
        if found is None:
            return f"there is no '{words[0]}' in {node.name}: {', '.join(node.commands)}"
        node, words = found, words[1:]
    known = {name for one in node.params for name in (*one.opts, *one.secondary_opts)} | {"--help"}
    unknown = [word for word in words if word.startswith("--") and word.split("=")[0] not in known]
    return f"{node.name} has no {unknown}" if unknown else None


def test_a_command_that_is_not_there_is_noticed():
    assert problem_of("understudy fly --desk d")
    assert problem_of("understudy status --dsek d") == "status has no ['--dsek']"
    assert problem_of("understudy report roadmap --desk my-desk") is None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_of_a_page_exists(page):
    wrong = {command: problem_of(command) for command in commands_of(page)}
    assert {command: problem for command, problem in wrong.items() if problem} == {}


def test_the_readme_names_every_command():
    """Whoever looks for a command looks there."""
    named = {" ".join(words_of(one)[1:3]) for one in commands_of(ROOT / "README.md")}
    missing = []
    for name, node in tree().commands.items():
        inner = list(node.commands) if hasattr(node, "commands") else [""]
        missing += [
            f"{name} {one}".strip() for one in inner if not any(f"{name} {one}".strip() in each for each in named)
        ]
    assert missing == []
