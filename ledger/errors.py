"""What can go wrong in the ledger, each as one sentence for the person who must act. No logic here."""

from __future__ import annotations


class LedgerError(ValueError):
    """Base of every ledger error; its text is meant to be shown to a person as it stands."""


class InvalidEventError(LedgerError):
    """An event was offered whose fields are empty, too long, or not of the kind the chain may hold."""


class IdempotencyConflictError(LedgerError):
    """An idempotency key came back with different content."""


class LedgerBusyError(LedgerError):
    """Another writer held the ledger for longer than the waiting time."""


class LedgerSchemaError(LedgerError):
    """The ledger cannot be opened by this version."""


class NotInLedgerError(LedgerError):
    """A payload, person or signature was named that the ledger does not hold."""


class SignOffError(LedgerError):
    """A sign-off was asked for that must not be recorded (unknown role, empty name, other content)."""


class ReviewError(LedgerError):
    """A review of an answer, or a delivery, that cannot be recorded (unknown word, two that contradict each other)."""


class FixError(LedgerError):
    """A word on a fix, or an insight, that cannot be recorded (decided otherwise before, no reason, too long)."""


class ScopeError(LedgerError):
    """A word on a category's autonomy, or on a proposal about scope, that cannot be recorded (no reason, nothing to give back)."""


class DecisionError(LedgerError):
    """A list of decisions cannot be hashed (a category without id, or one decided twice)."""
