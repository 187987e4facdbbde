"""Proposed entries: drafted from help articles and from what people answered, in the words customers ask in."""
