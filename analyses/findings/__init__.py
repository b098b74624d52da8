"""What was found: every estimate, and what could take it away."""
