"""What people sign in the browser: the roadmap, the behavior, the pilot's plan and releases; importing it registers the pages.

The page that builds the next release belongs to the same way, so that it comes with them.
"""

from service.console.builds import pages as builds_pages
from service.console.sign_offs import pages

__all__ = ["builds_pages", "pages"]
