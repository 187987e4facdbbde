"""The append-only record of what people decided: sign-offs, withdrawals, accepted categories, erasures.

Belongs here: events and their hash chain, the store (SQLite or PostgreSQL), verification, erasure, export,
and sign-offs. Does not belong here: what is being signed (stages own that), Dagster, desk files, pages.
"""
