"""What the doors refuse, each as one sentence for the person who must act. No logic here."""

from __future__ import annotations


class IdentityProblem(Exception):
    """Base of every refusal about accounts, passwords and tokens; ``str()`` is ready to be shown."""


class PasswordRefused(IdentityProblem):
    """A new password that is too easily guessed, or that cannot be kept."""


class WrongLogin(IdentityProblem):
    """No active account has this login with this password; which of the two is wrong is not said."""

    def __init__(self) -> None:
        super().__init__("This login and password do not belong together.")


class TooManyAttempts(IdentityProblem):
    """Too many failed attempts for a login or from an address; ``seconds`` until the next is listened to."""

    def __init__(self, seconds: int) -> None:
        wait = f"{seconds} seconds" if seconds < 120 else f"{-(-seconds // 60)} minutes"
        super().__init__(f"Too many attempts did not succeed. Try again in {wait}.")
        self.seconds = seconds


class TooBusy(IdentityProblem):
    """More people than can be served wait to be let in."""

    def __init__(self) -> None:
        super().__init__("Too many people are signing in at this moment. Try again in a few seconds.")
