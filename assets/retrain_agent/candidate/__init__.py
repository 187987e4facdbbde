"""The monthly candidate: everything learnt anew, and whether it may take the incumbent's place."""
