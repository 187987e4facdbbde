"""The digest of the code that decides: what imports reach, and nothing else."""

from pathlib import Path

import pytest

from assets.configure_behavior.releases.code_version import (
    ROOT,
    code_version,
    deciding_files,
    package_versions,
)


@pytest.fixture
def root(tmp_path) -> Path:
    folder = tmp_path / "assets" / "deciding"
    folder.mkdir(parents=True)
    (folder / "rule.py").write_text("from assets.deciding import words\nimport json\n")
    (folder / "words.py").write_text("def late():\n    from assets.deciding.late import x\n    return x\n")
    (folder / "late.py").write_text("x = 1\n")
    (folder / "other.py").write_text("y = 1\n")
    return tmp_path


def version(root: Path) -> str:
    code_version.__globals__["_digest"].cache_clear()
    return code_version(["assets.deciding.rule"], root)


def test_imports_are_followed_into_functions(root):
    names = [file.stem for file in deciding_files(["assets.deciding.rule"], root)]
    assert names == ["late", "rule", "words"]


def test_only_what_is_reached_counts(root):
    before = version(root)
    (root / "assets" / "deciding" / "other.py").write_text("y = 2\n")
    assert version(root) == before
    (root / "assets" / "deciding" / "late.py").write_text("x = 2\n")
    assert version(root) != before


def test_line_ends_do_not_count(root):
    before = version(root)
    (root / "assets" / "deciding" / "late.py").write_bytes(b"x = 1\r\n")
    assert version(root) == before


def test_a_module_that_is_gone_is_named(root):
    with pytest.raises(FileNotFoundError, match=r"assets\.deciding\.gone"):
        code_version(["assets.deciding.gone"], root)


def test_the_modules_that_decide_are_reached():
    names = {file.relative_to(ROOT).as_posix() for file in deciding_files()}
    assert {
        "assets/configure_behavior/decisions/decide.py",
        "assets/configure_behavior/triggers/find_triggers.py",
        "assets/configure_behavior/confidence/confidence_model.py",
        "assets/build_knowledge/retrieval/retrieve.py",
        "assets/build_knowledge/conditions.py",
        "assets/audit_tickets/categories/intent_model.py",
        "assets/audit_tickets/texts/redaction.py",
        "assets/audit_tickets/vectors/encoder.py",
        "desk/behavior.py",
    } <= names
    assert "assets/configure_behavior/releases/diff.py" not in names


def test_the_build_for_one_machine_is_no_part_of_a_version():
    assert "+" not in "".join(package_versions().values())
    assert package_versions(["no-such-library"]) == {"no-such-library": "not installed"}
