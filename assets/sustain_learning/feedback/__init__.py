"""What was said and done about answers, as one table, and which entries cause the trouble."""
