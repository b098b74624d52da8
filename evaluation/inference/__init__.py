"""Inference that is honest about few and unequal clusters."""
