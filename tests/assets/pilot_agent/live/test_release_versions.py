"""The versions of a release come from its manifest, and a release that is gone makes no run fail."""

from __future__ import annotations

import json

import pandas as pd

from assets.pilot_agent.live.release_versions import UNKNOWN, release_versions

ID = "a" * 64


def test_versions_are_those_of_the_manifest(tmp_path):
    (tmp_path / ID).mkdir()
    recipe = {"as_of": "2026-06-03T03:29:52Z", "encoder": {"revision": "e5"}, "behavior": "b" * 64}
    manifest = {"format": 1, "release_id": ID, "recipe": recipe, "artefacts": {}, "regression": {}}
    (tmp_path / ID / "manifest.json").write_text(json.dumps(manifest))
    assert release_versions(tmp_path)(ID) == {
        "release_as_of": pd.Timestamp("2026-06-03T03:29:52Z"), "encoder_revision": "e5", "behavior_hash": "b" * 64,
    }  # fmt: skip


def test_a_release_that_is_gone_or_no_id_has_unknown_versions(tmp_path):
    versions = release_versions(tmp_path)
    assert versions("c" * 64) == UNKNOWN
    assert versions("../../etc/passwd") == UNKNOWN
