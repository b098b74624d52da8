"""Effects on scores and values, with or without a baseline, and shares of answers."""

from evaluation.scores.g_computation import g_computation
from evaluation.scores.score_effects import mean_difference, score_difference
from evaluation.scores.shares import shares

__all__ = ["g_computation", "mean_difference", "score_difference", "shares"]
