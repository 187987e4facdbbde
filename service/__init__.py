"""The live side: the agent's HTTP API and the review console, one server.

Belongs here: routes, pages, accounts, tokens, and what keeps them safe. Does not belong here: deciding (``assets``), what a
person's step means (``orchestration.people``, ``orchestration.releases``, ``orchestration.pilots``), what is kept
(``ledger``).
"""
