"""Building: the same parts give the same bytes, and parts that do not belong together give none."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from assets.configure_behavior.releases.build_release import (
    build_release,
    part_problems,
    release_categories,
    release_entries,
    release_frame_row,
)
from assets.configure_behavior.releases.saved_release import ReleaseError, read_release
from tests.assets.configure_behavior.decisions.small_release import BUCKETS, ENTRIES
from tests.assets.configure_behavior.releases.small_parts import ACCEPTED_BY, accepted_categories, live_entries, parts
from tests.conftest import ROOT
from tests.encoders import HashingEncoder


def files_of(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_two_processes_in_two_folders_write_the_same_bytes(tmp_path):
    found, names = [], []
    for number, seed in enumerate(("1", "4242")):
        folder = tmp_path / f"home {number}" / "releases"
        environment = {**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": "1", "TZ": f"UTC+{number}"}
        worker = [sys.executable, "-m", "tests.assets.configure_behavior.releases.build_worker", str(folder)]
        done = subprocess.run(worker, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        found.append(files_of(folder / done.stdout.strip()))
        names.append(done.stdout.strip())
    assert names[0] == names[1]
    assert found[0].keys() == found[1].keys()
    assert len(found[0]) >= 10
    assert [name for name in found[0] if found[0][name] != found[1][name]] == []


def test_building_again_finds_it_there(built):
    before = {file: file.stat().st_mtime_ns for file in built.folder.rglob("*")}
    again = build_release(parts(), built.folder.parent)
    assert (again.release_id, again.was_there, again.differing) == (built.release_id, True, ())
    assert {file: file.stat().st_mtime_ns for file in built.folder.rglob("*")} == before
    assert [path.name for path in built.folder.parent.iterdir() if path.name.startswith(".building")] == []


def test_other_numbers_of_the_same_recipe_are_said_and_the_first_ones_stay(built):
    from tests.assets.configure_behavior.releases.small_parts import thresholds_at

    before = files_of(built.folder)
    again = build_release(parts(thresholds=thresholds_at(0.31)), built.folder.parent)
    assert again.was_there
    assert "thresholds.json" in again.differing
    assert files_of(built.folder) == before


def test_the_names_of_who_accepted_are_not_frozen(built):
    assert all(entry.accepted_by == ACCEPTED_BY for entry in built.release.entries.values())
    for name, content in files_of(built.folder).items():
        assert ACCEPTED_BY.encode() not in content, name


def test_only_decided_categories_are_released(built):
    assert set(built.release.categories) == set(BUCKETS)
    kept = release_categories(accepted_categories())
    assert [one.category_id for one in kept] == sorted(BUCKETS)
    assert kept[0].tier == 1


def test_validity_is_part_of_what_was_accepted():
    import pandas as pd

    live = live_entries(ENTRIES[:1])
    dated = live.assign(valid_from=pd.Timestamp("2026-01-01", tz="UTC"))
    assert release_entries(live)[0].own_hash == live["content_hash"][0]
    assert release_entries(dated)[0].valid_from == "2026-01-01"
    assert release_entries(dated)[0].own_hash != live["content_hash"][0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda base: {"entries": base.entries.iloc[1:]}, "other entries than those that are live"),
        (lambda base: {"encoder": HashingEncoder(seed=7)}, "understudy run audit_tickets"),
        (lambda base: {"encoder": HashingEncoder(seed=7)}, "understudy run build_knowledge"),
        (lambda base: {"entries": base.entries.assign(answer="Trust me.")}, "the text is not the one"),
    ],
)
def test_parts_that_do_not_belong_together_are_refused(change, message, tmp_path):
    base = parts()
    broken = replace(base, **change(base))
    assert any(message in problem for problem in part_problems(broken))
    with pytest.raises(ReleaseError, match=message):
        build_release(broken, tmp_path / "releases")
    assert not (tmp_path / "releases").exists()


def test_a_release_without_entries_can_be_built(tmp_path):
    from assets.configure_behavior.releases.verify import verify_release

    made = build_release(_without_entries(), tmp_path)
    assert made.release.entries == {}
    assert {row["decision"]["action"] for row in made.regression} <= {"escalate", "draft"}
    assert verify_release(made.folder, HashingEncoder()).is_sound


def _without_entries():
    import pandas as pd

    from assets.build_knowledge.retrieval.retrieval_index import DOCUMENT_COLUMNS, HISTORY_COLUMNS, build_index

    base, encoder = parts(), HashingEncoder()
    documents, past = (pd.DataFrame(columns=list(names)) for names in (DOCUMENT_COLUMNS, HISTORY_COLUMNS))
    index = build_index(documents, past, encoder.encode, encoder_revision=encoder.revision)
    return replace(base, entries=base.entries.iloc[:0], index=index)


def test_the_row_of_the_asset_says_what_was_built(built):
    row = release_frame_row(built, ["unsigned"], False)
    saved = read_release(built.folder)
    assert row["release_id"] == saved.release_id == row["folder"]
    assert (row["count_entries"], row["count_categories"]) == (len(ENTRIES), len(BUCKETS))
    assert row["count_regression_tickets"] == len(saved.regression)
    assert row["problems"] == ["unsigned"]
