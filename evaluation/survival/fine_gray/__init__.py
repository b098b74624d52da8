"""Fine and Gray's model: its rows, its two-sided risk sets and its maximum."""

from evaluation.survival.cox.newton import UnidentifiedError
from evaluation.survival.fine_gray.model import DEFINITIONS, FineGrayFit, fit
from evaluation.survival.fine_gray.weights import Definition

__all__ = ["DEFINITIONS", "Definition", "FineGrayFit", "UnidentifiedError", "fit"]
