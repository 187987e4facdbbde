"""The pages People and Your account, in a real browser against the real server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.identity.account import Role
from service.identity.doors import Doors
from service.open_service import open_service
from tests.service.browser import PASSWORD, PHONE, add_people, log_in, overflows, person, serve, watch
from tests.service.small_gate import DESK


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    (folder / "desk.yaml").write_text(DESK)
    add_people(folder)
    return folder


@contextmanager
def open_doors(folder: Path) -> Iterator[Doors]:
    """As a terminal has them."""
    service = open_service(folder)
    try:
        yield service.doors
    finally:
        service.doors.close()
        service.ledger.close()


@pytest.fixture(scope="module")
def base(browser, desk) -> Iterator[str]:
    with serve(desk) as address:
        yield address


def test_an_admin_adds_a_person_who_then_signs_in(browser, page, base):
    seen = watch(page, base)
    log_in(page, base, "ada", "/people")
    page.get_by_role("button", name="Add a person").click()
    page.get_by_label("Name", exact=True).fill("<b>Jo</b> Lindqvist")
    page.get_by_label("Login, such as ada").fill("jo")
    page.get_by_role("checkbox", name="Reviewer: judges").click()
    page.get_by_role("button", name="Add", exact=True).click()
    password = page.locator(".secret").inner_text()
    page.get_by_role("button", name="Done").click()
    page.get_by_text("<b>Jo</b> Lindqvist").first.wait_for()
    assert seen.executed == seen.outside == seen.errors == []
    other = person(browser)
    theirs = other.new_page()
    theirs.goto(f"{base}/login")
    theirs.fill("#login", "jo")
    theirs.fill("#password", password)
    theirs.click("button[type=submit]")
    theirs.wait_for_url(f"{base}/")
    theirs.goto(f"{base}/people")
    theirs.get_by_text("This page is for the role admin.").wait_for()
    other.close()


def test_a_closed_account_is_thrown_out_of_its_open_page(browser, page, base):
    other = person(browser)
    theirs = other.new_page()
    log_in(theirs, base, "noor", "/me")
    theirs.get_by_text("Where you are signed in").wait_for()
    log_in(page, base, "ada", "/people")
    page.get_by_role("button", name="Close: Noor Haddad").click()
    page.get_by_role("button", name="Close the account").click()
    theirs.wait_for_url(re.compile("/login"))
    page.get_by_role("button", name="Open again: Noor Haddad").wait_for()
    other.close()


def test_a_token_is_shown_once(page, base):
    log_in(page, base, "ada", "/people")
    page.get_by_role("button", name="Issue a token").click()
    page.get_by_label("What will use it").fill("helpdesk adapter")
    page.get_by_role("checkbox", name="Ask for decisions").click()
    page.get_by_role("button", name="Issue", exact=True).click()
    assert re.fullmatch(r"und_[\w-]{43}", page.locator(".secret").inner_text())
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Revoke: helpdesk adapter").click()
    page.get_by_role("button", name="Revoke", exact=True).click()
    page.get_by_text("revoked", exact=True).wait_for()
    page.reload()
    assert page.locator(".secret").count() == 0


def test_an_admin_cannot_lock_themselves_out(page, base):
    log_in(page, base, "ada", "/people")
    page.get_by_role("button", name="Edit: Ada Moreno").wait_for()
    assert page.get_by_role("button", name="Close: Ada Moreno").count() == 0
    page.get_by_role("button", name="Edit: Ada Moreno").click()
    page.get_by_role("checkbox", name="Admin: manages").click()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("You cannot take the role admin from yourself").wait_for()


def test_a_role_that_was_taken_away_meanwhile_does_not_come_back(browser, page, base, desk):
    with open_doors(desk) as doors:
        mira = doors.add_account(
            "mira", "Mira Okafor", ["reviewer", "approver"], [], password=PASSWORD, by="Ada Moreno"
        )
    log_in(page, base, "ada", "/people")
    page.get_by_role("button", name="Edit: Mira Okafor").click()
    page.get_by_label("Name", exact=True).fill("Mira Okafor-Lind")
    with open_doors(desk) as doors:
        doors.edit_account(mira.account_id, by="Ben Okafor", roles=["reviewer"])
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Somebody has changed the account of Mira Okafor since you opened it").wait_for()
    with open_doors(desk) as doors:
        now = next(one for one in doors.accounts() if one.account_id == mira.account_id)
    assert (now.name, now.roles) == ("Mira Okafor", frozenset({Role.REVIEWER}))
    page.get_by_role("button", name="Edit: Mira Okafor").click()
    page.get_by_label("Name", exact=True).fill("Mira Okafor-Lind")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Mira Okafor-Lind is changed.").wait_for()


def test_one_changes_ones_own_password(browser, base, desk):
    mine = person(browser, PHONE)
    page = mine.new_page()
    log_in(page, base, "tomas", "/me")
    page.get_by_label("Old password").fill("not the old one")
    page.get_by_label("New password (").fill("Another-Phrase-4411")
    page.get_by_label("New password, again").fill("Another-Phrase-4411")
    page.keyboard.press("Enter")
    page.get_by_text("The old password is not right.").wait_for()
    page.get_by_label("Old password").fill(PASSWORD)
    page.get_by_role("button", name="Change password").click()
    page.wait_for_url(f"{base}/login?changed=1")
    page.fill("#login", "tomas")
    page.fill("#password", "Another-Phrase-4411")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{base}/")
    mine.close()


@pytest.mark.parametrize("path", ["/people", "/me"])
def test_nothing_is_wider_than_a_phone(browser, base, path):
    mine = person(browser, PHONE)
    page = mine.new_page()
    log_in(page, base, "ada", path)
    page.get_by_role("heading", level=1).wait_for()
    assert overflows(page) == 0
    mine.close()
