"""The server's own secret: what signs links that open without a login.

Belongs here: making it once, and reading it. Does not belong here: what is signed (``api.surveys``), what opens doors
(``identity``).

It is a file in the desk's home for its owner's eyes only, or ``UNDERSTUDY_SERVICE_SECRET``, which every server of a desk
must then be given alike. A new secret ends every link that was signed with the old one.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

VARIABLE = "UNDERSTUDY_SERVICE_SECRET"
FEWEST_CHARS = 32


class SecretProblem(Exception):
    """There is no secret to sign with; ``str()`` says why and what to do."""


def service_secret(home: Path) -> str:
    """The secret of the desk with this home, made at its first use; two first users at once get the same.

    Raises:
        SecretProblem: it is too short, or cannot be kept or read.
    """
    given = os.environ.get(VARIABLE)
    if given is not None:
        return _long_enough(given, f"the variable {VARIABLE}")
    file = secret_file(home)
    try:
        if not file.exists():
            _make(file)
        return _long_enough(file.read_text(encoding="ascii"), str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise SecretProblem(f"{file} cannot be kept or read ({error}); set {VARIABLE} instead") from error


def secret_file(home: Path) -> Path:
    """Where the secret of a desk lies."""
    return home / "service" / "secret.key"


def _make(file: Path) -> None:
    """Written whole under another name first: whoever sees the file sees all of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    mine = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as opened:
            opened.write(secrets.token_urlsafe(48) + "\n")
            opened.flush()
            os.fsync(opened.fileno())
        # A link, unlike a rename, leaves the one that was first.
        with contextlib.suppress(FileExistsError):
            os.link(mine, file)
    finally:
        mine.unlink(missing_ok=True)


def _long_enough(text: str, where: str) -> str:
    secret = text.strip()
    if len(secret) < FEWEST_CHARS:
        raise SecretProblem(
            f"{where} holds {len(secret)} characters, and a secret needs {FEWEST_CHARS} at least; make one such as by: "
            "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return secret
