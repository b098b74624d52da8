"""Cox's model: its rows, its sums over risk sets, its maximum and what is read from a fit."""

from evaluation.survival.cox.model import TIES, CoxFit, fit
from evaluation.survival.cox.newton import UnidentifiedError
from evaluation.survival.cox.sample import Ties

__all__ = ["TIES", "CoxFit", "Ties", "UnidentifiedError", "fit"]
