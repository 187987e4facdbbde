"""The account that the demo makes, so that its console can be opened: one fictional person who may do everything.

A real desk gives each person an account of their own, with no more rights than they need.
"""

from __future__ import annotations

from desk.loading import Desk
from orchestration.resources import DeskResource
from service.identity.account import Role
from service.identity.doors import Doors, doors_location
from service.identity.passwords import generated_password
from service.identity.recording import OPERATOR
from service.identity.refusals import IdentityProblem
from service.service import utc_now

LOGIN, NAME = "demo", "Robin Demo"
MADE_BY = "Demo"


def demo_account(desk: Desk) -> str:
    """Make the account, or give it a new password; returns the password, which is kept nowhere in the clear."""
    password = generated_password()
    signs_as = list(dict.fromkeys(role for roles in desk.settings.signers.values() for role in roles))
    with (
        DeskResource(folder=str(desk.folder)).ledger as ledger,
        Doors.open(doors_location(desk), ledger, desk.settings.service, utc_now) as doors,
    ):
        try:
            account = doors.account_by_login(LOGIN)
        except IdentityProblem:
            doors.add_account(LOGIN, NAME, list(Role), signs_as, password=password, by=MADE_BY, role=OPERATOR)
        else:
            doors.set_password(account.account_id, password, by=MADE_BY, role=OPERATOR)
    return password


def how_to_sign_in(desk: Desk, password: str) -> str:
    """What to tell whoever ran the demo."""
    address = f"http://127.0.0.1:{desk.settings.service.port}"
    return f"The console, {address}, once it is served: login {LOGIN}, password {password} (shown this once)."
