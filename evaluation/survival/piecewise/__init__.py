"""Piecewise exponential models: a ratio of hazards per stretch of time."""
