"""What went wrong, answer by answer: gathered from everywhere it is said, and typed with evidence."""
