"""What a month taught: the report of a month as rows, and as one page with plots."""
