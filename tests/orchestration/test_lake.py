"""Readers never see half a file, and nothing of a killed write is left in the way."""

import pandas as pd
import pytest

from orchestration.lake import Lake, NotMaterialised, read_parquet, replacing, write_parquet


def test_a_frame_comes_back_as_it_went_in(tmp_path):
    frame = pd.DataFrame(
        {
            "id": ["a", "b"],
            "tags": [["x", "y"], []],
            "at": pd.to_datetime(["2026-01-01", None], utc=True),
            "tier": pd.array([1, None], dtype="Int64"),
        }
    )
    file = tmp_path / "deep" / "frame.parquet"
    assert write_parquet(frame, file) == file.stat().st_size
    back = read_parquet(file)
    assert back["tags"].tolist() == [["x", "y"], []]
    assert back["at"].iloc[0] == pd.Timestamp("2026-01-01", tz="UTC")
    assert read_parquet(file, ["id"]).columns.tolist() == ["id"]


def test_a_failed_write_leaves_the_old_file_and_no_rubbish(tmp_path):
    file = tmp_path / "frame.parquet"
    write_parquet(pd.DataFrame({"a": [1]}), file)

    def fail_midway() -> None:
        with replacing(file) as temporary:
            temporary.write_bytes(b"half")
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        fail_midway()
    assert read_parquet(file)["a"].tolist() == [1]
    assert [child.name for child in tmp_path.iterdir()] == ["frame.parquet"]


def test_temporary_names_are_seen_by_no_glob(tmp_path):
    with replacing(tmp_path / "frame.parquet") as temporary:
        temporary.write_bytes(b"half")
        assert list(tmp_path.glob("*.parquet")) == []


def test_reading_what_was_never_written_says_what_to_run(tmp_path):
    lake = Lake(tmp_path)
    lake.prepare()
    with pytest.raises(NotMaterialised, match="understudy run"):
        lake.read("training_roadmap")
    assert lake.previous("training_roadmap") is None


def test_published_lists_assets_marts_and_partitions(tmp_path):
    lake = Lake(tmp_path)
    lake.prepare()
    frame = pd.DataFrame({"a": [1]})
    write_parquet(frame, lake.folder / "training_roadmap.parquet")
    write_parquet(frame, lake.marts / "fct_tickets.parquet")
    write_parquet(frame, lake.partition_file("raw_tickets", "0" * 16))
    assert list(lake.published()) == ["fct_tickets", "raw_tickets", "training_roadmap"]
    assert lake.read("fct_tickets")["a"].tolist() == [1]
