"""What is written must be true: commands that exist, files that are where they are said to be."""

import re

import pytest
from typer.main import get_command

from orchestration.cli import app
from tests.conftest import ROOT

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMAND = re.compile(r"(?:^|[`\s])understudy ((?:[a-z][a-z-]+)(?: [a-z][a-z-]+)?)((?:\s+[^\n`|#;&]+)?)", re.MULTILINE)


def commands() -> dict[str, set[str]]:
    """Every command with its options, such as ``sign-off roadmap`` to ``{--by, --role, …}``."""
    found: dict[str, set[str]] = {}

    def walk(command, path: str) -> None:
        children = getattr(command, "commands", None)
        if children:
            for name, child in children.items():
                walk(child, f"{path} {name}".strip())
        else:
            found[path] = {option for parameter in command.params for option in parameter.opts} | {"--help"}

    walk(get_command(app), "")
    return found


def code_in(text: str) -> str:
    """Only what stands in code blocks and inline code."""
    return "\n".join(re.findall(r"```[a-z]*\n(.*?)```", text, re.DOTALL) + re.findall(r"`([^`\n]+)`", text))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_documented_command_exists_with_its_options(document):
    known = commands()
    for words, rest in COMMAND.findall(code_in(document.read_text(encoding="utf-8"))):
        first = words.split()[0]
        name = words if words in known else first
        assert name in known or any(path.startswith(f"{name} ") for path in known), f"understudy {words}"
        if name in known:
            for option in re.findall(r"(--[a-z-]+)", rest):
                assert option in known[name], f"understudy {name} has no {option}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_documented_make_target_exists(document):
    targets = set(re.findall(r"^([a-z%-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for target in re.findall(r"\bmake ([a-z][a-z-]+)", code_in(document.read_text(encoding="utf-8"))):
        if target.endswith("-"):
            continue  # a placeholder such as bench-<name>
        if target.startswith("bench-"):
            assert (ROOT / "benchmarks" / f"{target.removeprefix('bench-').replace('-', '_')}.py").is_file(), target
        else:
            assert target in targets, f"make {target}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(document):
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target


def test_every_command_has_help_with_an_example():
    root = get_command(app)
    for path in commands():
        command = root
        for part in path.split():
            command = command.commands[part]
        assert command.help, path
        assert "Example" in (command.epilog or ""), f"{path} has no example"


def test_readme_names_every_command():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in commands():
        assert f"understudy {path}" in readme, path


def test_nothing_tracked_names_one_machine():
    pattern = re.compile(r"(?:^|[^A-Za-z0-9_.])/(?:work|farm|root|home/[a-z]+)/")
    folders = (
        "assets",
        "benchmarks",
        "dbt_project",
        "desk",
        "docs",
        "examples",
        "expectations",
        "ledger",
        "orchestration",
        "tests",
    )
    for folder in folders:
        for file in (ROOT / folder).rglob("*"):
            inside = file.relative_to(ROOT).parts
            if file.suffix in (".py", ".md", ".sql", ".yml", ".yaml", ".toml") and not {
                ".understudy",
                "target",
                "logs",
            } & set(inside):
                assert not pattern.search(file.read_text(encoding="utf-8").replace("(?:work|farm|root|", "")), file
