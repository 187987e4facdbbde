"""Who acts: an account with what it may do in the console and as what it signs.

Belongs here: plain data and the rules over it. Does not belong here: keeping accounts (``accounts``), passwords, sessions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an account may do in the console."""

    REVIEWER = "reviewer"
    KNOWLEDGE_OWNER = "knowledge_owner"
    APPROVER = "approver"
    ADMIN = "admin"


class NotAllowed(Exception):
    """Somebody wants to do what is not theirs; ``str()`` says what is missing, for that person."""


@dataclass(frozen=True)
class Account:
    """A person who may sign in. ``name`` is how the ledger knows them, ``signs_as`` their roles in desk.yaml's signers."""

    account_id: str
    login: str
    name: str
    roles: frozenset[Role]
    signs_as: tuple[str, ...] = ()
    is_active: bool = True

    def may(self, role: Role) -> bool:
        """Whether the account has this role."""
        return role in self.roles

    def require(self, role: Role) -> None:
        """Raise ``NotAllowed`` unless the account has this role."""
        if not self.may(role):
            raise NotAllowed(f"This needs the role {role.replace('_', ' ')}; {self.name} has not got it.")

    def signing_role(self, known_roles: Iterable[str]) -> str:
        """The first of the account's roles that may sign.

        Raises:
            NotAllowed: none of them may.
        """
        known = list(known_roles)
        for one in self.signs_as:
            if one in known:
                return one
        has = f"signs as {', '.join(self.signs_as)}" if self.signs_as else "signs in no role"
        raise NotAllowed(f"This is for {' or '.join(known)} to decide; {self.name} {has}.")
