"""What the pilot showed: rates and differences clustered by requester, and a verdict against what was registered."""
