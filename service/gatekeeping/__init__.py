"""What the gate is made of: where a request comes from, how large and how frequent it may be, and what every answer says."""
