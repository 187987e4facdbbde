"""The block ``language_model`` of desk.yaml."""

import pytest
from pydantic import ValidationError

from desk.loading import DeskError, load_desk
from desk.models import DeskFile, LanguageModel


def test_it_is_off_by_default():
    desk = DeskFile(desk_id="a", company="A", helpdesks=[{"name": "z", "kind": "zendesk", "exports": "*"}])
    assert desk.language_model == LanguageModel()
    assert not desk.language_model.is_on


def test_an_endpoint_with_a_model_is_on():
    chosen = LanguageModel(base_url="https://models.example.com/v1/", model="m")
    assert chosen.is_on
    assert chosen.base_url == "https://models.example.com/v1"


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "models.example.com",
        "file:///etc/passwd",
        "https://",
        "https://a b/v1",
        "https://[x/v1",
        "https://h:99999/v1",
    ],
)
def test_what_is_no_address_is_refused(base_url):
    with pytest.raises(ValidationError, match=r"must be an address such as https://models\.example\.com/v1"):
        LanguageModel(base_url=base_url, model="m")


@pytest.mark.parametrize("base_url", ["https://me:secret@h/v1", "https://h/v1?key=secret", "https://h/v1#secret"])
def test_no_secret_stands_in_the_address(base_url):
    with pytest.raises(ValidationError, match="the key stands in the environment alone"):
        LanguageModel(base_url=base_url, model="m")


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "https://h/v1"},
        {"api_key": "secret"},
        {"api_key_env": "sk-invented"},
        {"max_cost_usd": -1},
        {"max_cost_usd": float("inf")},
        {"usd_per_million_input_tokens": float("nan")},
        {"timeout_seconds": 0},
        {"max_calls": -1},
    ],
)
def test_other_mistakes_are_refused(wrong):
    with pytest.raises(ValidationError):
        LanguageModel(**wrong)


@pytest.mark.parametrize("setting", ["api_key: sk-invented", "key: sk-invented", "api_key_env: sk-invented"])
def test_a_key_in_the_file_is_not_repeated(tmp_path, setting):
    (tmp_path / "desk.yaml").write_text(
        "desk_id: a\ncompany: A\nhelpdesks: [{name: z, kind: zendesk, exports: '*'}]\n"
        f"language_model:\n  base_url: https://models.example.com/v1\n  model: m\n  {setting}\n"
    )
    with pytest.raises(DeskError, match="environment variable") as problem:
        load_desk(tmp_path)
    assert "sk-invented" not in str(problem.value)
