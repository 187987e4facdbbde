from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from desk.service import ServiceSettings
from orchestration.cli.serve import _welcome
from tests.desks import understudy


class _Doors:
    def __init__(self, *, has: bool) -> None:
        self.has = has

    def has_accounts(self) -> bool:
        return self.has


def welcome(host: str, *, public_url: str = "", has: bool = True) -> str:
    service: Any = SimpleNamespace(settings=ServiceSettings(public_url=public_url), doors=_Doors(has=has))
    return "\n".join(_welcome(service, host, 8300))


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "http://127.0.0.1:8300"), ("0.0.0.0", "http://127.0.0.1:8300"), ("::1", "http://[::1]:8300"),
     ("desk.internal", "http://desk.internal:8300")],
)  # fmt: skip
def test_it_says_where_the_console_is(host: str, address: str):
    assert f"Review console: {address}\n" in welcome(host)


def test_the_address_that_browsers_use_is_named_where_it_is_known():
    assert "Review console: https://support.example.com\n" in welcome(
        "0.0.0.0", public_url="https://support.example.com/"
    )


def test_it_says_how_to_make_the_first_account_where_there_is_none():
    assert "understudy account add" in welcome("127.0.0.1", has=False)
    assert "account" not in welcome("127.0.0.1")


def test_an_open_address_without_tls_is_warned_of():
    assert "not encrypted" in welcome("0.0.0.0")
    assert "not encrypted" in welcome("10.1.2.3", public_url="http://support.example.com")
    assert "not encrypted" not in welcome("0.0.0.0", public_url="https://support.example.com")
    assert "not encrypted" not in welcome("localhost")


def test_a_desk_that_is_not_there_and_a_secret_too_short_end_the_command(tmp_path):
    missing = understudy("serve", desk=tmp_path / "none")
    assert missing.returncode == 1
    assert "desk.yaml: not found" in missing.stderr
    (tmp_path / "desk.yaml").write_text(
        "desk_id: d\ncompany: Brindlebase\nhelpdesks: [{name: zendesk, kind: zendesk, exports: '*'}]\n"
    )
    short = understudy("serve", desk=tmp_path, UNDERSTUDY_SERVICE_SECRET="changeme")
    assert short.returncode == 1
    assert "UNDERSTUDY_SERVICE_SECRET" in short.stderr
