"""Invented pairs, counted out by hand."""

import pandas as pd


def pairs_frame(*requesters: str) -> pd.DataFrame:
    """One text a requester, one letter a ticket: b scores on both sides, g gains, l loses, n neither, ? not judged after."""
    sides = {"b": (True, True), "g": (False, True), "l": (True, False), "n": (False, False), "?": (True, None)}
    rows = [(f"requester-{place}", *sides[letter]) for place, letters in enumerate(requesters) for letter in letters]
    frame = pd.DataFrame(rows, columns=["requester_id", "before", "after"])
    frame.insert(0, "ticket_id", [f"ticket-{place}" for place in range(len(frame))])
    return frame.astype({"before": "boolean", "after": "boolean"})
