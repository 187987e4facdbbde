"""What every self-contained page for people shares: its style, its policy, its rendering."""
