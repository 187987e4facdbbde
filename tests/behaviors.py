"""A small behavior spec for tests; everybody in it is invented."""

from typing import Any

from desk.behavior import BehaviorFile

REPLY = "Hello Ada,\n\nPlease open the settings and choose Password there.\n\nKind regards,\nRobin"


def behavior(*triggers: dict[str, Any], **changes: Any) -> BehaviorFile:
    """A spec with these triggers, or one that listens for leaving; any block may be given."""
    listens = {"id": "cancelling", "reason": "Wants to leave.", "signals": ["churn"], "fires_on": ["How do I cancel?"]}
    content: dict[str, Any] = {
        "persona": {"name": "Robin"},
        "tone": {"languages": ["en"], "greeting": {"en": "Hello {name},"}, "closing": {"en": "Kind regards,\n{agent}"}},
        "examples": [{"situation": f"case {n}", "customer": "Where?", "reply": REPLY} for n in (1, 2, 3)],
        "triggers": list(triggers) or [{**listens, "quiet_on": ["How do I pay?"]}],
        "handoff": {"message": {"en": "A colleague takes over."}},
        **changes,
    }
    return BehaviorFile.model_validate(content)


def trigger(**settings: Any) -> dict[str, Any]:
    """A trigger called ``one``."""
    return {"id": "one", "reason": "A person decides.", **settings}
