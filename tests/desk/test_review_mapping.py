"""The ``reviews`` block of a helpdesk."""

import json

import pytest

from desk.loading import DeskError, load_desk
from desk.schemas import write_schemas

DESK = """desk_id: acme
company: Acme (fictional)
helpdesks:
  - name: zendesk
    kind: zendesk
    exports: "zendesk-*"
    fields: {ai_review: "44", ai_reason: "45"}
    reviews: %s
"""


def load(folder, block: str):
    (folder / "desk.yaml").write_text(DESK % block, encoding="utf-8")
    return load_desk(folder).settings.helpdesks[0].reviews


def test_tags_and_fields_may_both_speak(tmp_path):
    block = load(
        tmp_path, "{tags: {ai_good: correct}, reasons: {ai_old: outdated}, field: ai_review, approved_tags: [ai_send]}"
    )
    assert block.tags == {"ai_good": "correct"}
    assert (block.field, block.reason_field, block.rejected_tags) == ("ai_review", None, [])


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ("{tags: {ai_good: fine}}", "correct"),
        ("{tags: {ai_good: correct}, reasons: {ai_old: stale}}", "outdated"),
        ("{reasons: {ai_old: outdated}}", "names neither 'tags' nor a 'field'"),
        ("{approved_tags: [ai_send], rejected_tags: [AI_Send]}", "'ai_send' both approves and rejects"),
        ("{tags: {ai_ok: correct, AI_OK: incorrect}}", "means both correct and incorrect"),
        ("{field: ai_verdict}", "'ai_verdict', which is not under 'fields'"),
        ("{tag: {ai_good: correct}}", "Did you mean 'tags'?"),
    ],
)
def test_every_mistake_names_file_line_and_fix(tmp_path, block, words):
    with pytest.raises(DeskError) as caught:
        load(tmp_path, block)
    (problem,) = caught.value.problems
    assert "desk.yaml:" in problem
    assert words in problem


def test_the_schema_says_what_a_setting_is_for(tmp_path):
    (file,) = [one for one in write_schemas(tmp_path) if one.name == "desk.schema.json"]
    described = json.loads(file.read_text())["$defs"]["Reviews"]["properties"]
    assert all(one.get("description") for one in described.values())
