"""The console's pages: importing one registers it.

Belongs here: which there are. Does not belong here: any page.
"""

from __future__ import annotations


def register_pages() -> None:
    """Let the console serve every page."""
    import service.console.answers
    import service.console.builds.pages
    import service.console.fixes
    import service.console.home
    import service.console.knowledge
    import service.console.learning
    import service.console.me
    import service.console.people
    import service.console.pilot
    import service.console.sign_offs  # noqa: F401
