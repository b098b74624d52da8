"""Cox's model: its rows, its sums over risk sets, its maximum and what is read from a fit."""

from evaluation.survival.cox.model import TIES, CoxFit, delete_groups, fit
from evaluation.survival.cox.newton import UnidentifiedError
from evaluation.survival.cox.sample import Ties

__all__ = ["TIES", "CoxFit", "Ties", "UnidentifiedError", "delete_groups", "fit"]
