"""Which requesters the rollout takes, and whether the draw came out as it should."""
