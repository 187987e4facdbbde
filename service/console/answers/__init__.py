"""The review queue: answers before people who say how good they are. Importing it registers its page."""

from service.console.answers import answers_page

__all__ = ["answers_page"]
