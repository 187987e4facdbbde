"""Folders of releases: whole or not there, and read back as what they were."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from assets.configure_behavior.decisions.decide import decide
from assets.configure_behavior.releases import release_files
from assets.configure_behavior.releases.release_files import load_release, save_release
from assets.configure_behavior.releases.saved_release import (
    ReleaseError,
    artefact_problems,
    file_facts,
    find_release,
    read_release,
    release_folders,
)
from tests.encoders import HashingEncoder

ASKED = [
    ("I forgot my password", {"sso": "true"}),
    ("I forgot my password", {}),
    ("please cancel our subscription", {}),
    ("how do I export all documents", {}),
    ("", {"page": "/pricing"}),
]


def correct_manifest(folder: Path, name: str) -> None:
    """What somebody does who wants a changed file to look untouched."""
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["artefacts"][name] = file_facts(folder / name)
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_what_was_saved_decides_the_same(built):
    loaded = load_release(built.folder, HashingEncoder())
    for message, context in ASKED:
        assert decide(message, [], context, loaded) == decide(message, [], context, built.release)
    assert loaded.entries.keys() == built.release.entries.keys()
    assert loaded.behavior == built.release.behavior


def test_a_missing_file_is_named(copy):
    (copy / "thresholds.json").unlink()
    with pytest.raises(ReleaseError, match=r"thresholds\.json is missing"):
        load_release(copy, HashingEncoder())
    with pytest.raises(ReleaseError, match=r"thresholds\.json is missing"):
        read_release(copy)


def test_a_changed_and_an_added_file_are_named(copy):
    with (copy / "index" / "retrieval_index.npz").open("ab") as file:
        file.write(b" ")
    (copy / "notes.txt").write_text("mine")
    assert artefact_problems(copy) == [
        "notes.txt was added",
        "index/retrieval_index.npz was changed: its digest is not the one in the manifest",
    ]
    with pytest.raises(ReleaseError, match="not what was built"):
        load_release(copy, HashingEncoder())


def test_an_answer_changed_together_with_the_manifest_is_not_loaded(copy):
    file = copy / "entries.jsonl"
    file.write_text(file.read_text().replace("Ask your IT team", "Ask anybody"))
    correct_manifest(copy, "entries.jsonl")
    assert artefact_problems(copy) == []
    with pytest.raises(ReleaseError, match="another text than was accepted for password-sso"):
        load_release(copy, HashingEncoder())


@pytest.mark.parametrize("manifest", ['{"format": 99}', "[]", "{", "\xff"])
def test_a_manifest_of_another_format_says_so(copy, manifest):
    (copy / "manifest.json").write_text(manifest, encoding="latin-1")
    with pytest.raises(ReleaseError, match=r"another format|damaged"):
        load_release(copy, HashingEncoder())


def test_a_model_that_is_no_model_any_more_says_so(copy):
    (copy / "intents" / "intent_model.npz").write_bytes(b"not a zip")
    correct_manifest(copy, "intents/intent_model.npz")
    with pytest.raises(ReleaseError, match="cannot be read by this version"):
        load_release(copy, HashingEncoder())


def test_another_encoder_is_refused(built):
    with pytest.raises(ReleaseError, match="built with the encoder hashing"):
        load_release(built.folder, HashingEncoder(seed=5))


def test_a_folder_that_was_damaged_is_not_built_over(built, copy):
    (copy / "behavior.json").write_text("{}")
    with pytest.raises(ReleaseError, match="was damaged since it was built"):
        save_release(built.release, built.recipe, built.regression, copy.parent)
    assert (copy / "behavior.json").read_text() == "{}"


def test_an_id_that_is_not_the_recipes_is_refused(built, tmp_path):
    with pytest.raises(ReleaseError, match="the recipe has the hash"):
        save_release(built.release, {**built.recipe, "as_of": "other"}, built.regression, tmp_path)


def test_releases_are_found_by_their_first_digits(copy):
    other = copy.parent / (("0" if copy.name[0] != "0" else "1") + "0" * 63)
    other.mkdir()
    (copy.parent / ".building-x").mkdir()
    (copy.parent / "notes").mkdir()
    assert sorted(release_folders(copy.parent)) == sorted([copy, other])
    assert find_release(copy.parent, copy.name[:12].upper()) == copy
    with pytest.raises(ReleaseError, match="no release 'ffff'"):
        find_release(copy.parent, "ffff")
    with pytest.raises(ReleaseError, match="no release ''"):
        find_release(copy.parent, "")
    (copy.parent / (copy.name[:-1] + ("0" if copy.name[-1] != "0" else "1"))).mkdir()
    with pytest.raises(ReleaseError, match="2 releases"):
        find_release(copy.parent, copy.name[:12])


@pytest.mark.parametrize("at", range(1, 14))
def test_a_kill_at_any_moment_leaves_none_or_a_whole_one(built, tmp_path, at):
    """The process is killed (SIGKILL) at its at-th step of writing, flushing and renaming; the next build is whole."""
    releases = tmp_path / "releases"
    child = os.fork()
    if child == 0:
        _die_at(at)
        save_release(built.release, built.recipe, built.regression, releases)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    left = release_folders(releases)
    assert [problem for folder in left for problem in artefact_problems(folder)] == []
    written = save_release(built.release, built.recipe, built.regression, releases)
    assert written.was_there == bool(left)
    assert artefact_problems(written.folder) == []
    assert [path.name for path in releases.iterdir() if path.name.startswith(".building")] == []


def _die_at(step: int) -> None:
    """Make this process kill itself at a step: half way through a file, before a flush, before or after the rename."""
    taken = 0

    def count(die) -> None:
        nonlocal taken
        taken += 1
        if taken == step:
            die()
            os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(60)

    write_text, flush, rename = Path.write_text, release_files._flush, Path.rename

    def write(self, text, *arguments, **options):
        count(lambda: write_text(self, text[: len(text) // 2], *arguments, **options))
        return write_text(self, text, *arguments, **options)

    def flushing(folder):
        count(lambda: None)
        flush(folder)
        count(lambda: None)

    def renaming(self, target):
        count(lambda: None)
        done = rename(self, target)
        count(lambda: None)
        return done

    Path.write_text, Path.rename, release_files._flush = write, renaming, flushing  # type: ignore[method-assign]
