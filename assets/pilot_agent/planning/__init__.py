"""What the ticket volume can and cannot show, said before anyone starts."""
