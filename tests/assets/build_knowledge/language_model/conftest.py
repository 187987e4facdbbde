"""The fake endpoint and a client for it."""

import pytest

from assets.build_knowledge.language_model.client import LanguageModelClient
from assets.build_knowledge.language_model.reply_cache import ReplyCache
from desk.models import LanguageModel
from tests.assets.build_knowledge.language_model.fake_endpoint import endpoint

KEY = "sk-invented-0123456789abcdef"
PRICES = {"usd_per_million_input_tokens": 10.0, "usd_per_million_output_tokens": 30.0}


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with endpoint() as running:
        yield running


@pytest.fixture
def client_of(server, tmp_path):
    """Makes a client; its pauses are noted in `client.pauses`, not waited."""

    def make(cache=True, key=KEY, **settings):
        chosen = LanguageModel(
            **{"base_url": server.url, "model": "invented-1", "timeout_seconds": 5, **PRICES, **settings}
        )
        pauses = []
        environment = {"UNDERSTUDY_LANGUAGE_MODEL_KEY": key} if key else {}
        client = LanguageModelClient(
            chosen, ReplyCache(tmp_path / "replies") if cache else None, environment, pauses.append
        )
        client.pauses = pauses
        return client

    return make
