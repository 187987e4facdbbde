"""The console's pages: importing one registers it.

Belongs here: which there are. Does not belong here: any page.
"""

from __future__ import annotations

import importlib
import importlib.util

PAGES = ("home", "answers", "knowledge", "pilot", "sign_offs", "people", "me")


def register_pages() -> None:
    """Let the console serve every page."""
    for name in PAGES:
        module = f"service.console.{name}"
        if importlib.util.find_spec(module) is not None:
            importlib.import_module(module)
