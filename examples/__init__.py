"""The sample desk, its simulated reviewer, and the demo. Nothing the product relies on."""
