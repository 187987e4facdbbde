"""behavior.yaml is read with errors a person can act on, and signed by one hash that the ledger shares."""

import io
import re
import time

import pytest
from ruamel.yaml import YAML

from assets.configure_behavior.triggers.trigger_suite import run_suite
from desk.behavior import BehaviorFile, behavior_content, behavior_hash, text_in
from desk.loading import DeskError, load_behavior, read_behavior
from desk.patterns import pattern_problem
from desk.schemas import SCHEMAS, write_schemas
from ledger.signable import document_digest
from tests.behaviors import behavior
from tests.conftest import ROOT

SPEC = """persona: {name: Robin}
tone:
  formality: 0.6
  languages: [en]
  greeting: "Hello {name},"
examples:
  - &one {situation: a, customer: b, reply: |-
      c}
  - {situation: a2, customer: b, reply: c}
  - {situation: a3, customer: b, reply: c}
triggers:
  - id: leaving
    reason: leaves
    signals: [churn]
    amount_above: 200
    fires_on: ["How do I cancel?", ["Hi", "I cancel"], {turns: [x], context: {plan: pro, seats: 3, sso: true}}]
pages:
  - {id: pricing, where: {pages: ["/pricing*"], context: {Plan: Pro}, tenure: {below: 14}}, means: compares}
confidence: {automate: {risk: 0.05}}
"""


def written(tmp_path, text):
    file = tmp_path / "behavior.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def spec_text(tmp_path, **changes):
    """The spec with blocks replaced, as a file's text."""
    yaml = YAML()
    content = yaml.load(SPEC.replace("reply: |-\n      c}", "reply: c}"))
    content.update(changes)
    stream = io.StringIO()
    yaml.dump(content, stream)
    return stream.getvalue()


@pytest.fixture
def loaded(tmp_path) -> BehaviorFile:
    written(tmp_path, spec_text(tmp_path))
    found = load_behavior(tmp_path)
    assert found is not None
    return found


def test_a_desk_without_a_spec_has_none(tmp_path):
    assert load_behavior(tmp_path) is None
    with pytest.raises(DeskError, match="behavior init"):
        read_behavior(tmp_path / "behavior.yaml")


def test_short_forms_are_read(loaded):
    assert loaded.tone.greeting == {"en": "Hello {name},"}
    assert [sample.turns for sample in loaded.triggers[0].fires_on] == [["How do I cancel?"], ["Hi", "I cancel"], ["x"]]
    assert loaded.pages[0].where.context == {"plan": ["pro"]}
    assert text_in({"de": "Hallo", "en": "Hello"}, "es") == "Hallo"
    assert text_in({}, "es") == ""


def test_the_hash_is_the_one_the_ledger_takes(loaded):
    content = behavior_content(loaded)
    assert behavior_hash(loaded) == document_digest(content)
    again = BehaviorFile.model_validate(content)
    assert behavior_hash(again) == behavior_hash(loaded)
    assert type(content["tone"]["formality"]) is float, "a number of the YAML reader would not be one everywhere"


def test_any_change_changes_the_hash(loaded):
    before = behavior_hash(loaded)
    content = behavior_content(loaded)
    content["triggers"][0]["reason"] = "leaves today"
    assert behavior_hash(BehaviorFile.model_validate(content)) != before


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("  formality: 3", 3, "less than or equal to 1"),
        ("  formalty: 0.5", 3, "Did you mean 'formality'?"),
        ("  languages: [english]", 3, "ISO 639 code"),
        ("  greeting: {deutsch: Hallo}", 3, "'deutsch' is no language"),
        ("  avoid: ['!!']", 3, "holds no word"),
        ("  say_instead: {sign: sign in}", 3, "holds it again"),
    ],
)
def test_mistakes_name_file_line_and_fix(tmp_path, text, line, words):
    file = written(tmp_path, f"persona: {{name: Robin}}\ntone:\n{text}\nexamples: []\n")
    with pytest.raises(DeskError) as caught:
        load_behavior(tmp_path)
    mine = [problem for problem in caught.value.problems if problem.startswith(f"{file}:{line}: ")]
    assert any(words in problem for problem in mine), caught.value.problems
    assert len(caught.value.problems) >= 3, "all mistakes are named at once"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"triggers": [{"id": "x", "reason": "y"}]}, "would fire for everybody"),
        ({"triggers": [{"id": "x", "reason": "y", "frustration_above": 1, "amount_above": 2}]}, "amount_above needs"),
        ({"triggers": [{"id": "x", "reason": "y", "patterns": ["(a+)+b"]}]}, "upper bound"),
        ({"triggers": [{"id": "x", "reason": "y", "phrases": ["?"]}]}, "holds no word"),
        ({"triggers": [{"id": "x", "reason": "y", "signals": ["churn"]}] * 2}, "trigger id used twice"),
        ({"pages": [{"id": "x", "means": "y", "where": {}}]}, "holds for everybody"),
        ({"pages": [{"id": "x", "means": "y", "where": {"tenure": {}}}]}, "names no days"),
        ({"pages": [{"id": "x", "means": "y", "where": {"tenure": {"at_least": 9, "below": 9}}}]}, "must be below"),
        ({"reply": {"min_words": 20, "max_words": 20}}, "must be below"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(tmp_path, changes, words):
    written(tmp_path, spec_text(tmp_path, **changes))
    with pytest.raises(DeskError, match=words):
        load_behavior(tmp_path)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+b", "(a|ab)*c", r"(.*)\1x", "a.*b.*c.*d.*e", "(?:.+x){5}y", "(?:(?:a+){2}){3}b", "(?:a{0,5}){0,50}b", "a*",
        "(", " ", "x" * 301,
    ],
)  # fmt: skip
def test_patterns_that_can_hang_or_mean_nothing_are_refused(pattern):
    assert pattern_problem(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"\bcancel\w*",
        r"(?:\w+ ){0,3}cancel\w*",
        r"\bend.{0,40}\bcontract\b|\bquit\w*",
        r"(?:[ab]|c)+d",
        r"^\W*nothing works\W*$",
    ],
)
def test_everyday_patterns_are_accepted(pattern):
    assert pattern_problem(pattern) is None


def test_the_sample_desks_spec_loads_and_its_schema_is_written(tmp_path):
    assert load_behavior(ROOT / "examples" / "brindlebase") is not None
    assert "behavior" in SCHEMAS
    (file,) = [one for one in write_schemas(tmp_path) if one.name == "behavior.schema.json"]
    kept = ROOT / "docs" / "reference" / "schemas" / file.name
    assert kept.read_text(encoding="utf-8") == file.read_text(encoding="utf-8"), "run: make schemas"


def test_a_huge_spec_is_refused_quickly(tmp_path):
    written(tmp_path, "persona: {name: " + "x" * 2_000_000 + "}\n")
    started = time.perf_counter()
    with pytest.raises(DeskError, match="larger than"):
        load_behavior(tmp_path)
    assert time.perf_counter() - started < 1


def test_the_test_spec_is_one():
    assert behavior().triggers[0].id == "cancelling"


def test_what_the_reference_shows_is_read_as_it_stands():
    text = (ROOT / "docs" / "reference" / "desk.md").read_text(encoding="utf-8")
    section = text.split("## Behavior\n")[1].split("\n## ")[0]
    blocks = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    assert len(blocks) == 3
    content = {name: value for block in blocks for name, value in YAML(typ="safe").load(block).items()}
    content["examples"] = content["examples"] * 3
    spec = BehaviorFile.model_validate(content)
    assert not [str(result) for result in run_suite(spec) if not result.passed]
