"""The study file: its sections, the keys that each may hold, and the rules between them."""
