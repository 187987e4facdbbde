"""Building the next release from the browser: a process of its own, its log, and what it came to."""
