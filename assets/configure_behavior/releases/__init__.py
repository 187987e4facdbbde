"""The agent release: everything that decides an answer, frozen in a folder named by the hash of its recipe."""
