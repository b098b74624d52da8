"""Grambsch and Therneau's test of proportional hazards for a fitted Cox model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray, IntArray
from evaluation.survival import kaplan_meier
from evaluation.survival.cox import CoxFit
from evaluation.survival.cox import kernels as cox_kernels
from evaluation.survival.timeline import summed

Transform = Literal["km", "rank", "identity", "log"]
# Below this share of the information a spread over time is rounding error.
ROUNDING = 1e-10
TRANSFORMS = ("km", "rank", "identity", "log")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proportionality:
    """Tests that hazard ratios do not change with time.

    Attributes
    ----------
    rows : pd.DataFrame
        ``term chisq dof p_value``: one row per term, then ``GLOBAL``.
    transform : str
        Function of time that the ratio is tested against.
    """

    rows: pd.DataFrame
    transform: Transform

    def tidy(self) -> pd.DataFrame:
        """Return one row per term, then one for all of them."""
        return self.rows.copy()

    def summary(self) -> str:
        """Return the tests, one line each."""
        return "\n".join(
            f"{row.term}: chi-square {row.chisq:.2f} on {row.dof}, p = {row.p_value:.3g} "
            f"(against {self.transform} of time)"
            for row in self.rows.itertuples()
        )

    def __str__(self) -> str:
        return self.summary().splitlines()[0]


def grambsch_therneau(
    fitted: CoxFit, terms: Mapping[str, Sequence[int]], *, transform: Transform = "km"
) -> Proportionality:
    """Test each term's coefficients for a trend over a function of time.

    Parameters
    ----------
    fitted : CoxFit
        Efron or Breslow ties.
    terms : mapping of str to sequence of int
        Columns of X that each term is made of, such as the levels of one factor.
    transform : {"km", "rank", "identity", "log"}
        Function g of time; ``km`` is one minus the Kaplan-Meier curve just before,
        ``rank`` the rank of the exit among all exits.

    Returns
    -------
    Proportionality
        Score tests of ``beta(t) = beta + theta g(t)`` at theta = 0, as ``cox.zph`` of R's
        survival 3 computes them (Grambsch and Therneau 1994 approximate the same).

    Notes
    -----
    The tests take rows as independent: with clusters they reject somewhat too often.
    """
    from scipy.special import chdtrc

    if transform not in TRANSFORMS:
        raise DesignError(f"transform='{transform}' is not known; use {', '.join(TRANSFORMS)}")
    if fitted.ties == "exact":
        raise DesignError("the test needs ties='efron' or 'breslow'")
    times = transformed(fitted, transform)
    score, once = tilted(fitted, times)
    _, twice = tilted(fitted, times**2)
    _, plain = tilted(fitted, np.ones(len(times)))
    everything = {**terms, "GLOBAL": range(len(fitted.coef))}
    rows = []
    for term, columns in everything.items():
        own = np.asarray(columns, dtype=np.int64)
        # The part of the score's variance that estimating beta does not take away.
        spare = twice[np.ix_(own, own)] - once[own] @ np.linalg.solve(plain, once[:, own])
        # Without any spread over time, as where all events share one, there is no test.
        is_flat = (np.diag(spare) <= ROUNDING * np.diag(plain)[own]).any()
        chisq = math.nan if is_flat else float(score[own] @ np.linalg.solve(spare, score[own]))
        rows.append((term, chisq, len(own), float(chdtrc(len(own), chisq))))
    frame = pd.DataFrame(rows, columns=["term", "chisq", "dof", "p_value"])
    return Proportionality(rows=frame, transform=transform)


class Trend(NamedTuple):
    """How the log hazard ratio of the first column changes with a function of time.

    Attributes
    ----------
    slope : float
        Change per unit of that function after one step from no change.
    influence : np.ndarray
        Each row's weighted influence on it, in the order of the input, shape (n,).
    chisq, p_value : float
        The test that takes rows as independent, on one degree of freedom.
    """

    slope: float
    influence: FloatArray
    chisq: float
    p_value: float


def trend(fitted: CoxFit, *, transform: Transform = "km") -> Trend:
    """Return the trend of a model with one column, with what each row adds to it.

    `chisq` is the statistic of `grambsch_therneau`.
    """
    from scipy.special import chdtrc

    sample, times = fitted.sample, transformed(fitted, transform)
    score, once = tilted(fitted, times)
    _, twice = tilted(fitted, times**2)
    _, plain = tilted(fitted, np.ones(len(times)))
    projected = once[0, 0] / plain[0, 0]
    # The part of the score's variance that estimating beta does not take away; none where all
    # events share one time.
    spare = float(twice[0, 0] - once[0, 0] * projected)
    spare = spare if spare > ROUNDING * plain[0, 0] else math.nan
    chisq = float(score[0]) ** 2 / spare
    leaning = replace(sample, tilt=times - projected)
    rows = leaning.score_residuals(fitted.coef, efron=fitted.ties == "efron")[:, 0]
    # Scores are those of the scaled column; the slope is on the column as it was given.
    own, scale = sample.weights[sample.back], float(sample.scale[0])
    return Trend(
        slope=float(score[0]) / (spare * scale),
        influence=own * rows / (spare * scale**2),
        chisq=chisq,
        p_value=float(chdtrc(1.0, chisq)),
    )


def tilted(fitted: CoxFit, tilt: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return score and information with each event time's terms multiplied by `tilt`."""
    sample = fitted.sample
    eta = sample.X @ (fitted.coef * sample.scale)
    _, score, information = cox_kernels.derivatives(
        sample.X, eta, sample.weights, sample.event, sample.plan, fitted.ties == "efron", tilt
    )
    return score, information


def transformed(fitted: CoxFit, transform: Transform) -> FloatArray:
    """Return g(t), centred, for each group of ties of the sample."""
    sample = fitted.sample
    position: IntArray = sample.stop[sample.plan.begin[:-1]]
    if transform == "identity":
        values = sample.times
    elif transform == "log":
        values = np.log(sample.times)
    elif transform == "rank":
        leaving = summed(sample.stop, np.ones(len(sample.stop)), len(sample.times))
        values = np.cumsum(leaving) - (leaving - 1.0) / 2.0
    else:
        curve = kaplan_meier.fit(sample.stop, sample.event, entry=sample.start - 0.5)
        values = 1.0 - np.concatenate([[1.0], curve.survival[:-1]])
    at_events = values[sample.stop[sample.event]]
    return np.asarray(values[position] - at_events.mean())
