"""What may be automated: measurements, risk, buckets, order, and the page people read."""
