"""Effects on scales and values."""
