"""What the platform learns by itself, for people to look at and decide: the month's report, signals from outside, drift and
trouble, the quarterly audit, and the agent's scope. Importing it registers its pages."""

from service.console.learning import audit_page, drift_page, report_page, scope_page, signals_page

__all__ = ["audit_page", "drift_page", "report_page", "scope_page", "signals_page"]
