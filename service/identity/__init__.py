"""Who may do what: accounts, sessions, tokens, and how guessing is slowed down."""
