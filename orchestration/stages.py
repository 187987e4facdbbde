"""The stages by name, once: folder, asset group, job and tests are called after them."""

STAGES = ("audit_tickets", "build_knowledge", "configure_behavior", "pilot_agent", "retrain_agent", "sustain_learning")
"""Stages that exist, in the order the data flows (which is also alphabetical)."""

WITHOUT_ASSETS: frozenset[str] = frozenset()
"""Stages whose assets are still to come: nothing of them can be run, so they have no job."""

RUNNABLE = tuple(stage for stage in STAGES if stage not in WITHOUT_ASSETS)
"""Stages that can be run by name."""

OWNERS = {
    "audit_tickets": ["team:support-data"],
    "build_knowledge": ["team:support-knowledge"],
    "configure_behavior": ["team:support-automation"],
    "pilot_agent": ["team:support-automation"],
    "retrain_agent": ["team:support-automation"],
    "sustain_learning": ["team:support-operations"],
}
"""Who answers for a stage's assets in the lineage graph."""
