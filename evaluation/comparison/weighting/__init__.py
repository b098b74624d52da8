"""Weighting: models of weights, their influence and their verification."""
