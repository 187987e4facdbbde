"""Stage 3: how does the agent behave, when does it step aside, and what exactly is released?"""
