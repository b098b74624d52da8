"""Grambsch and Therneau's test of proportional hazards for a fitted Cox model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arguments import choice_of
from evaluation.arrays import FloatArray
from evaluation.estimates import as_code
from evaluation.survival import kaplan_meier
from evaluation.survival.cox import CoxFit

Transform = Literal["km", "rank", "identity", "log"]
# Below this share of the information a spread over time is rounding error.
ROUNDING = 1e-10
TRANSFORMS = ("km", "rank", "identity", "log")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proportionality:
    """Tests that hazard ratios do not change: `rows` has ``term chisq dof p_value``."""

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

    _repr_markdown_ = as_code

    def __str__(self) -> str:
        return self.summary().splitlines()[0]


def grambsch_therneau(
    fitted: CoxFit, terms: Mapping[str, Sequence[int]], *, transform: Transform = "km"
) -> Proportionality:
    """Test each term's coefficients for a trend over a function of time.

    `terms` holds the columns of X that each term is made of, such as the levels of one factor.
    The function g of time is one minus the Kaplan-Meier curve just before (``km``), the time,
    its log, or the ``rank`` of the exit among all exits.

    Notes
    -----
    Score tests of ``beta(t) = beta + theta g(t)`` at theta = 0, as ``cox.zph`` of R's survival
    3 computes them (Grambsch and Therneau 1994 approximate the same).  They take rows as
    independent: with clusters they reject somewhat too often.
    """
    from scipy.special import chdtrc

    choice_of(transform, "transform", TRANSFORMS)
    if fitted.ties == "exact":
        raise DesignError("the test needs ties='efron' or 'breslow'")
    score, plain, once, twice = _moments(fitted, transformed(fitted, transform))
    rows = []
    for term, columns in {**terms, "GLOBAL": range(len(fitted.coef))}.items():
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
    """How a log hazard ratio changes with a function of time, after one step from no change.

    `influence` is each row's weighted part of the slope, in the order of the input; the test
    takes rows as independent.
    """

    slope: float
    influence: FloatArray
    chisq: float
    p_value: float


def trend(fitted: CoxFit, *, transform: Transform = "km") -> Trend:
    """Return the trend of a model with one column; `chisq` is that of `grambsch_therneau`."""
    from scipy.special import chdtrc

    times = transformed(fitted, transform)
    score, plain, once, twice = (part.item() for part in _moments(fitted, times))
    projected = once / plain
    # The part of the score's variance that estimating beta does not take away; none where all
    # events share one time.
    spare = twice - once * projected
    spare = spare if spare > ROUNDING * plain else math.nan
    chisq = score**2 / spare
    # Scores are those of the scaled column; the slope is on the column as it was given.
    rows = fitted.sample.scores(fitted.coef, (times - projected)[fitted.sample.groups])[:, 0]
    scale = spare * float(fitted.sample.scale[0])
    return Trend(score / scale, rows / scale, chisq, float(chdtrc(1.0, chisq)))


def _moments(fitted: CoxFit, times: FloatArray) -> tuple[FloatArray, ...]:
    """Return the score times `times`, and the information times its powers 0, 1 and 2."""
    score, once = tilted(fitted, times)
    return score, tilted(fitted, np.ones(len(times)))[1], once, tilted(fitted, times**2)[1]


def tilted(fitted: CoxFit, tilt: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return score and information with each group of ties' terms multiplied by `tilt`."""
    sample = fitted.sample
    beta, at = fitted.coef * sample.scale, tilt[sample.groups]
    _, score, information = sample.derivatives(beta, at)
    return score, information


def transformed(fitted: CoxFit, transform: Transform) -> FloatArray:
    """Return g(t), centred, for each group of ties of the sample."""
    sample = fitted.sample
    if transform == "identity":
        values = sample.times
    elif transform == "log":
        if sample.times[0] <= 0:
            raise DesignError("transform='log' needs times above 0; use 'km' or 'rank'")
        values = np.log(sample.times)
    elif transform == "rank":
        leaving = np.bincount(sample.stop, minlength=len(sample.times))
        values = np.cumsum(leaving) - (leaving - 1.0) / 2.0
    else:
        curve = kaplan_meier.fit(sample.stop, sample.event, entry=sample.start - 0.5)
        values = 1.0 - np.concatenate([[1.0], curve.survival[:-1]])
    at_events = values[sample.stop[sample.event]]
    return np.asarray(values[sample.stop[sample.plan.begin[:-1]]] - at_events.mean())
