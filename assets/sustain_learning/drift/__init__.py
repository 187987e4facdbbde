"""Is what the agent knows still what customers ask and people answer? Looked at with a test, an effect and their limits."""
