"""Effects on scores and values, with or without a baseline, and shares of answers."""
