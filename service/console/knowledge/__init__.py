"""Knowledge in the console: drafts to decide, entries to keep right, findings to clear. Importing it registers its pages."""

from service.console.knowledge import draft_pages, entry_page, finding_pages, list_page, new_page, overview

__all__ = ["draft_pages", "entry_page", "finding_pages", "list_page", "new_page", "overview"]
