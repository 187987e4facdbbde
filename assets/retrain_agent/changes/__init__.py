"""Accepted fixes as changes with an id, and when each reached a current release."""
