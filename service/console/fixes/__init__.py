"""The fix queue in the console: what went wrong, what would mend it, and what came of it. Importing it registers its pages."""

from service.console.fixes import change_page, fix_page, queue_page, week_page

__all__ = ["change_page", "fix_page", "queue_page", "week_page"]
