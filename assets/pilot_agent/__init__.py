"""Stage 4: is the agent good enough, on live work, honestly measured?"""
