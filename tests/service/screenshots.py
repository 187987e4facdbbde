"""Pictures of pages, kept where ``UNDERSTUDY_SCREENSHOTS`` names a folder: what the README shows is made so.

Belongs here: taking them. Does not belong here: what is on them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER = "UNDERSTUDY_SCREENSHOTS"
SETTLE_MS = 700


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the page as it is, where somebody wants it."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=str(Path(folder) / f"console-{name}.png"))
