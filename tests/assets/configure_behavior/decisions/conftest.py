"""The small release, built once: decisions change nothing."""

import pytest

from assets.configure_behavior.decisions.decide import decide
from tests.assets.configure_behavior.decisions.small_release import small_release


@pytest.fixture(scope="session")
def release():
    return small_release()


@pytest.fixture(scope="session")
def decided(release):
    """Decides with the small release, or with the one given."""

    def run(message, conversation=(), context=None, by=None):
        return decide(message, conversation, context or {}, by or release)

    return run


def steps(decision):
    """The rules that were asked, in order."""
    return [reason.step for reason in decision.reasons]


def said(decision):
    """Everything the reasons say."""
    return " ".join(reason.sentence for reason in decision.reasons)
