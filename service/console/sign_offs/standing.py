"""Whose turn it is, in words: who signed, who is missing, and in which role this person may sign.

Belongs here: plain rules over a subject and an account. Does not belong here: reading (``subjects``), drawing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ledger.events import name_key, role_key
from ledger.sign_offs import Signature, SignOffState
from service.console.sign_offs.subjects import Subject
from service.identity.account import Account, NotAllowed, Role

NOBODY = "an erased person"


@dataclass(frozen=True)
class Standing:
    """How something stands: a short word, its kind (good, bad, open or none), and one or two sentences."""

    word: str
    kind: str
    sentence: str


def standing(subject: Subject) -> Standing:
    """How a subject stands, for everybody."""
    state = subject.state
    if state is None:
        return Standing("nothing to sign yet", "", subject.nothing)
    if not subject.roles:
        return Standing(
            "nobody may sign", "bad", f"desk.yaml names no role that signs this: add one under signers, {subject.kind}."
        )
    if subject.is_signed:
        return Standing("signed", "good", signed_in_words(state))
    if subject.problems:
        return Standing("to be corrected", "bad", "Something must be corrected before anybody can sign.")
    left = f"Still to sign: {listed(state.missing_roles)}."
    if state.signatures:
        return Standing("partly signed", "open", f"{people(state.signatures)} signed. {left}")
    if subject.was_signed:
        return Standing("changed", "open", f"It changed since it was signed. {left}")
    return Standing("to be signed", "open", left)


def signed_in_words(state: SignOffState) -> str:
    """ "Signed by Ada Moreno (support lead) on 3 June 2026." and whether one person stood in for two roles."""
    when = max(one.occurred_at for one in state.signatures)
    again = "" if state.distinct_people else " One person signed in more than one role."
    return f"Signed by {people(state.signatures)}, {day(when)}.{again}"


def people(signatures: Sequence[Signature]) -> str:
    """ "Ada Moreno (support lead) and Ben Okafor (head of support)"."""
    return listed([f"{one.by or NOBODY} ({one.role})" for one in signatures])


def roles_to_sign(account: Account, subject: Subject) -> list[str]:
    """The roles in which this account may sign, spelt as the desk spells them, the missing ones first."""
    if subject.state is None:
        return []
    missing = subject.state.missing_roles
    return sorted(roles_among(account, subject.roles), key=lambda one: one not in missing)


def roles_among(account: Account, known_roles: Iterable[str]) -> list[str]:
    """Those of the roles in which an approver signs, spelt as the desk spells them; none for who is no approver."""
    if not account.may(Role.APPROVER):
        return []
    mine = {role_key(one) for one in account.signs_as}
    return [one for one in known_roles if role_key(one) in mine]


def role_now(account: Account, role: object, known_roles: Iterable[str]) -> str:
    """The role that was chosen when the page was drawn, if it is this approver's still, spelt as the desk spells it.

    Raises:
        NotAllowed: it is not, or they are no approver.
    """
    account.require(Role.APPROVER)
    known = list(known_roles)
    found = next((one for one in roles_among(account, known) if role_key(one) == role_key(str(role))), None)
    if found is not None:
        return found
    account.signing_role(known)
    raise NotAllowed(f"{account.name} does not sign as {role} any more. Load the page again and choose another role.")


def has_signed_as(account: Account, subject: Subject, role: str) -> bool:
    """Whether this very person's signature in this role stands on this very content."""
    signatures = subject.state.signatures if subject.state else ()
    return any(
        one.by is not None and name_key(one.by) == name_key(account.name) and role_key(one.role) == role_key(role)
        for one in signatures
    )


def is_waiting_for(account: Account, subject: Subject) -> bool:
    """Whether this person's signature is missing and can be given now."""
    if subject.state is None or subject.problems or subject.is_signed:
        return False
    return any(one in subject.state.missing_roles for one in roles_to_sign(account, subject))


def whose_turn(account: Account, subject: Subject) -> str:
    """One sentence for this person on what is theirs to do, or who is to do it."""
    state = subject.state
    if state is None or not subject.roles:
        return ""
    if subject.is_signed:
        return "Nothing is left to do here."
    if subject.problems:
        return "Nobody can sign it until that is corrected."
    mine = [one for one in roles_to_sign(account, subject) if one in state.missing_roles]
    if mine:
        return f"It is your turn to sign, as {listed(mine, 'or')}."
    why = "You have signed. " if any(has_signed_as(account, subject, one) for one in subject.roles) else ""
    return f"{why}It is for {listed(state.missing_roles)} to sign."


def listed(words: Iterable[str], last: str = "and") -> str:
    """``a, b and c``."""
    names = list(words)
    return f" {last} ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def day(moment: dt.datetime) -> str:
    """ "3 June 2026, 14:05 UTC"."""
    at = moment.astimezone(dt.UTC)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"
