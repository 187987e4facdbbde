"""The stages by name, once: folder, asset group, job and tests are called after them."""

STAGES = ("audit_tickets", "build_knowledge", "configure_behavior", "pilot_agent")
"""Stages that exist, in the order the data flows (which is also alphabetical)."""

OWNERS = {
    "audit_tickets": ["team:support-data"],
    "build_knowledge": ["team:support-knowledge"],
    "configure_behavior": ["team:support-automation"],
    "pilot_agent": ["team:support-automation"],
}
"""Who answers for a stage's assets in the lineage graph."""
