"""Names of a language model in ``categories.yaml``: proposed beside their source, and only where a desk names a model."""

import pandas as pd
import pytest
from ruamel.yaml import YAML

from assets.audit_tickets.categories.candidate_frame import COLUMNS
from desk.loading import load_desk
from orchestration.lake import Lake, write_parquet
from orchestration.people.category_file import propose_categories
from tests.assets.build_knowledge.language_model.fake_endpoint import endpoint

DESK = """desk_id: acme
company: Acme (fictional)
helpdesks: [{name: zendesk, kind: zendesk, exports: "zendesk-*"}]
"""


def candidate(number: int, name: str) -> dict:
    values = {
        "candidate_id": f"cand_{number}", "name": name, "key_terms": ["export", "file"], "examples": ["I want my boards as a file"],
        "count_tickets": 10 - number, "share_of_unknown": 0.1, "status": "open", "is_present": True, "member_ticket_ids": [],
    }  # fmt: skip
    return {column: values.get(column) for column in COLUMNS}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("UNDERSTUDY_DESK", "UNDERSTUDY_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    (tmp_path / "desk.yaml").write_text(DESK)
    lake = Lake(tmp_path / ".understudy")
    lake.prepare()
    write_parquet(
        pd.DataFrame([candidate(1, "PDF Looks"), candidate(2, "Clicked button")]), lake.file("category_candidates")
    )
    return tmp_path


def proposed(folder) -> list[str]:
    document = YAML(typ="safe").load((folder / "categories.yaml").read_text(encoding="utf-8"))
    return [entry["name"] for entry in document["proposed"]]


def test_without_a_model_the_platforms_own_names_stand(folder):
    propose_categories(load_desk(folder))
    assert proposed(folder) == ["PDF Looks", "Clicked button"]


def test_a_models_name_stands_beside_its_source_and_one_it_does_not_give_is_kept(folder):
    with endpoint() as server:
        server.says({"name": "Export boards as files"}, "no name at all")
        settings = f"language_model: {{base_url: '{server.url}', model: invented-1}}\n"
        (folder / "desk.yaml").write_text(DESK + settings)
        told = propose_categories(load_desk(folder))
    assert proposed(folder) == ["Export boards as files", "Clicked button"]
    text = (folder / "categories.yaml").read_text(encoding="utf-8")
    assert text.count("name proposed by invented-1, prompt ") == 1
    assert any(line.startswith("1 names by invented-1") for line in told)
    assert any("cand_2" in line for line in told)
