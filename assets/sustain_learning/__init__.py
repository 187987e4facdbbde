"""Stage 6: does it keep getting better, and is anything going stale?"""
