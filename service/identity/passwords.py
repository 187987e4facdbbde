"""Passwords: what may be one, and how it is kept (argon2id).

Belongs here: rules, hashing, checking. Does not belong here: whose password it is (``accounts``), guessing (``attempts``).
"""

from __future__ import annotations

import base64
import secrets
import threading
import unicodedata

import argon2
from argon2.exceptions import Argon2Error, InvalidHashError

from service.identity.refusals import PasswordRefused

MIN_CHARS = 12
MAX_CHARS = 1_024
MIN_DIFFERENT_CHARS = 5
AT_ONCE = 2
"""Hashes computed at the same time. Each takes 64 MiB, so that a flood of logins costs time and not the machine."""
_GENERATED = "abcdefghijkmnpqrstuvwxyz23456789"  # nothing that is read as something else


class Passwords:
    """Hashes and checks passwords. Safe for threads; a call blocks for about 0.1 s and must stay off the event loop."""

    def __init__(self, hasher: argon2.PasswordHasher | None = None) -> None:
        self._hasher = hasher or argon2.PasswordHasher()
        self._room = threading.BoundedSemaphore(AT_ONCE)
        self._nobodys = _nobodys_hash(self._hasher)

    def hash(self, password: str) -> str:
        """The hash to keep, with salt and parameters in it."""
        with self._room:
            return self._hasher.hash(_bytes(password))

    def is_right(self, password: str, kept: str | None) -> bool:
        """Whether the password is the one behind ``kept``; None (no such account) takes as long and is never right."""
        with self._room:
            try:
                self._hasher.verify(self._nobodys if kept is None else kept, _bytes(password[: MAX_CHARS + 1]))
            except (Argon2Error, InvalidHashError):
                return False
        return kept is not None and len(password) <= MAX_CHARS

    def needs_rehash(self, kept: str) -> bool:
        """Whether a kept hash was made with other parameters than new ones are."""
        return self._hasher.check_needs_rehash(kept)


def check_new_password(password: str, login: str, name: str = "") -> None:
    """Refuse what is guessed first.

    Raises:
        PasswordRefused: too short or long, the login or name, or hardly any different characters.
    """
    text = _normal(password)
    if len(text) < MIN_CHARS:
        raise PasswordRefused(
            f"A password needs at least {MIN_CHARS} characters; a few words in a row are easy to keep."
        )
    if len(text) > MAX_CHARS:
        raise PasswordRefused(f"A password may have at most {MAX_CHARS:,} characters.")
    folded = text.casefold().strip()
    if folded in {_normal(login).casefold(), _normal(name).casefold()}:
        raise PasswordRefused("The password must not be the login or the name.")
    if len(set(folded)) < MIN_DIFFERENT_CHARS:
        raise PasswordRefused(f"A password needs at least {MIN_DIFFERENT_CHARS} different characters.")


def generated_password() -> str:
    """A random password of 100 bits, in groups that can be read out."""
    letters = [secrets.choice(_GENERATED) for _ in range(20)]
    return "-".join("".join(letters[start : start + 5]) for start in range(0, 20, 5))


def _normal(password: str) -> str:
    # A keyboard may compose a letter or send it with its accent apart: one password either way.
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    return _normal(password).encode("utf-8", "surrogatepass")


def _nobodys_hash(hasher: argon2.PasswordHasher) -> str:
    """A well-formed hash with this hasher's cost and no password behind it."""

    def text(count: int) -> str:
        return base64.b64encode(secrets.token_bytes(count)).decode().rstrip("=")

    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${text(hasher.salt_len)}${text(hasher.hash_len)}"
