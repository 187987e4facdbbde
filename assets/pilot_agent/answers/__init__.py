"""What the agent said: replayed on holdout tickets, drafted in shadow, sent in the rollout; and what people said of it."""
