"""What the service recorded, landed like any other source: live decisions, and what people said of them."""
