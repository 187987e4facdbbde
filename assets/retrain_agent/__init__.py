"""Stage 5: why did it fail, and did the fix help?"""
