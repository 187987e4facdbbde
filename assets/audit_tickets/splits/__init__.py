"""Who is learnt from and who is measured on: near-duplicates and the split."""
