"""Frustration has levels: calm, frustrated, and furious, which counts twice."""

import pytest

from assets.audit_tickets.roadmap.risk_signals import find_risk_signals
from assets.configure_behavior.triggers.frustration import frustration_level


def level(text):
    return frustration_level(text, find_risk_signals(text))


@pytest.mark.parametrize(
    "text",
    [
        "How do I reset it?",
        "Great, thanks!!!",
        "Thank you so much!!! You are awesome!!!",
        "Super, danke!!!",
        "",
        "I tried it three times.",
    ],
)
def test_calm_and_glad_messages_are_not_frustrated(text):
    assert level(text) == 0


@pytest.mark.parametrize(
    "text",
    [
        "This is ridiculous.", "That does not help me.", "It is still not working", "wrong again", "Das hilft mir nicht weiter.",
        "Das ist immer noch kaputt", "Eso no me sirve", "Sigue sin funcionar", "Are you even reading this?",
    ],
)  # fmt: skip
def test_angry_or_unhelped_messages_count_once(text):
    assert level(text) == 1


@pytest.mark.parametrize(
    "text",
    [
        "THIS IS THE THIRD TIME I ASK AND NOBODY ANSWERS!!!", "Fourth time I write about it, this is outrageous.",
        "Zum dritten Mal: das ist eine Frechheit!", "Es la tercera vez que escribo, esto es inaceptable",
    ],
)  # fmt: skip
def test_furious_messages_count_twice(text):
    assert level(text) == 2
