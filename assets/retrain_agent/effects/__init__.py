"""What a change did: replayed on the same tickets, and live against categories it did not touch; with intervals."""
