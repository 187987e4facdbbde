"""Who may import whom, and what an import may cost."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.stages import STAGES
from tests.conftest import ROOT

PACKAGES = ("assets", "benchmarks", "desk", "expectations", "ledger", "orchestration", "service")
HEAVY = (
    "torch",
    "sentence_transformers",
    "lancedb",
    "great_expectations",
    "transformers",
    "sklearn",
    "presidio_analyzer",
)
MAY_IMPORT = {
    "desk": {"desk"},
    "ledger": {"ledger"},
    "expectations": {"expectations"},
    "assets": {"assets", "desk", "ledger"},
    "orchestration": {"orchestration", "assets", "desk", "expectations", "ledger"},
    "service": {"service", "orchestration", "assets", "desk", "ledger"},
    "benchmarks": {"benchmarks", "service", "orchestration", "assets", "desk", "expectations", "ledger"},
}


def imported_modules(file: Path) -> set[str]:
    """Every module a file imports, inside functions too; relative imports are not used here."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            names.add(node.module or "")
    return names


def source_files(package: str) -> list[Path]:
    return sorted(file for file in (ROOT / package).rglob("*.py"))


def is_dagster_room(file: Path) -> bool:
    return file.name in ("assets.py", "checks.py") and file.parent.parent == ROOT / "assets"


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_import_only_what_lies_below_them(package):
    for file in source_files(package):
        ours = {name.split(".")[0] for name in imported_modules(file)} & set(PACKAGES)
        allowed = MAY_IMPORT[package] | ({"orchestration", "expectations"} if is_dagster_room(file) else set())
        # The command starts the server and keeps its accounts; nothing else beneath the live side knows it.
        allowed |= {"service"} if file.parent == ROOT / "orchestration" / "cli" else set()
        assert ours <= allowed, f"{file.relative_to(ROOT)} imports {sorted(ours - allowed)}"


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_imports_itself_and_earlier_stages_only(stage):
    later = {name for name in STAGES if name > stage}
    for file in source_files(f"assets/{stage}"):
        stages = {name.split(".")[1] for name in imported_modules(file) if name.startswith("assets.")}
        assert not stages & later, f"{file.relative_to(ROOT)} imports later stages {sorted(stages & later)}"


def test_stages_are_the_folders_of_assets():
    folders = {child.name for child in (ROOT / "assets").iterdir() if (child / "__init__.py").is_file()}
    assert folders == set(STAGES)
    assert list(STAGES) == sorted(STAGES)


def test_domain_modules_know_no_dagster():
    for package in ("assets", "desk", "ledger", "expectations", "benchmarks"):
        for file in source_files(package):
            if is_dagster_room(file):
                continue
            names = {name.split(".")[0] for name in imported_modules(file)}
            assert not names & {"dagster", "dagster_dbt", "dagster_postgres"}, file.relative_to(ROOT)


def test_definitions_import_without_heavy_libraries():
    probe = (
        "import sys, json, orchestration.definitions;"
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_every_package_and_module_says_what_it_is_for():
    for package in PACKAGES:
        for file in source_files(package):
            assert ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))), file.relative_to(ROOT)


def test_nothing_lives_in_a_utils_or_common():
    for package in PACKAGES:
        for file in source_files(package):
            assert not {"utils", "util", "common", "helpers"} & {*file.relative_to(ROOT).with_suffix("").parts}, file
