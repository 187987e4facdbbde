"""The pilot's dashboard: what the last run decided, what reviewers say this minute, and how it went by week."""

from service.console.pilot import page as page
