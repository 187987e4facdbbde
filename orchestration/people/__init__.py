"""What people do to a desk: review answers, keep knowledge, sign, read pages. The terminal and the console both call it.

Belongs here: steps that gather, refuse in words, and record. Does not belong here: arguments and printing (``cli``), pages
that are clicked (``service``), what the records mean (``ledger``), what is decided about (``assets``).
"""
