"""Question in, entries out: an index over documents and past answers, what it learnt, and how good it is."""
