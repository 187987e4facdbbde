"""What the agent may answer by itself: what comes next, what is taken back, what may come back."""
