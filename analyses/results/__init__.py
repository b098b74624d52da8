"""The results folder: written whole, read back, and what it says of itself."""
