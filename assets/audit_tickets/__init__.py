"""Stage 1: what does our support look like, and what may be automated?"""
