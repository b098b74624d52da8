"""The coefficients of a regression of hazards, one by one and together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError, refuse_lacking
from evaluation.arguments import names_of
from evaluation.arrays import FloatArray, IntArray
from evaluation.estimates import as_code
from evaluation.inference.jackknife import Uncertainty, contributions
from evaluation.inference.judgement import ratio_of
from evaluation.notes import Note
from evaluation.survival.cox import CoxFit
from evaluation.survival.fine_gray import FineGrayFit
from evaluation.survival.ratios import Moves

ROWS = ("ratio", "log_ratio", "std_error", "conf_low", "conf_high", "p_value")
TESTS = ("test", "statistic", "df", "dof", "p_value")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coefficients:
    """The coefficients of a model of hazards; errors are over the units of the effect.

    Attributes
    ----------
    rows : pd.DataFrame
        ``term column ratio log_ratio std_error conf_low conf_high p_value``: a row for each
        number or level, the error that of the log; missing where inference is refused.
    tests : pd.DataFrame
        ``test statistic df dof p_value`` of all coefficients together: Wald's as F over the
        units of the effect, and, where rows weigh the same, the likelihood ratio, Wald's and
        the score test as chi-squares that take persons as independent.
    aic : float
        Akaike's criterion, of the partial likelihood.
    covariance : np.ndarray or None
        Of the log ratios, over the units of the effect.
    dof : float
        The fewest degrees of freedom of a coefficient.
    """

    rows: pd.DataFrame
    tests: pd.DataFrame
    aic: float
    covariance: FloatArray | None
    dof: float

    def tidy(self) -> pd.DataFrame:
        """Return one row per coefficient."""
        return self.rows.copy()

    def joint(self, names: tuple[str, ...]) -> pd.DataFrame:
        """Test that all coefficients of some terms, or columns, are 0, as a row of `tests`."""
        wanted = names_of(names, "names")
        known = {*self.rows["term"], *self.rows["column"]}
        refuse_lacking(wanted, known, "the model has no coefficient")
        if not wanted:
            raise DesignError("names=() names no coefficient to test; write names=('age',).")
        own = self.rows["term"].isin(wanted) | self.rows["column"].isin(wanted)
        if self.covariance is None:
            raise DesignError("the design allows no errors: the notes of the effect say why")
        at = np.flatnonzero(own)
        row = _wald(
            ", ".join(wanted),
            self.rows["log_ratio"].to_numpy()[at],
            self.covariance,
            at,
            self.dof,
        )
        return pd.DataFrame([row], columns=list(TESTS))

    def summary(self) -> str:
        """Return both tables and Akaike's criterion."""
        shown = self.rows.to_string(index=False, float_format="{:.4g}".format)
        tests = self.tests.to_string(index=False, float_format="{:.4g}".format)
        return f"{shown}\n\n{tests}\nAIC {self.aic:.1f}"

    _repr_markdown_ = as_code

    def __str__(self) -> str:
        return f"{len(self.rows)} coefficient(s), AIC {self.aic:.1f}"


def coefficients(
    moves: Moves, fit: CoxFit | FineGrayFit, columns: Mapping[str, tuple[str, ...]]
) -> Coefficients:
    """Judge every coefficient of a model; `columns` are those of X by term."""
    p, b = len(fit.coef), moves.b
    found, parts = _judged(moves)
    names = [(term, column) for term, own in columns.items() for column in own]
    rows = []
    for name, log, one in zip(names, fit.coef.tolist(), found, strict=True):
        judged = [math.nan] * 4
        if isinstance(one, Uncertainty):
            limits = map(ratio_of, one.interval(log, b.level))
            judged = [one.std_error, *limits, one.p_value(log)]
        rows.append((*name, ratio_of(log), log, *judged))
    known = [one for one in found if isinstance(one, Uncertainty)]
    covariance, dof, tests = None, math.nan, []
    if parts is not None and len(known) == p:
        # How coefficients go together is that of the units; each error may rest on persons.
        error = np.array([one.std_error for one in known])
        size = np.sqrt((parts**2).sum(axis=0))
        covariance = (parts.T @ parts) * np.outer(error / size, error / size)
        dof = min(one.dof for one in known)
        tests = [_wald("Wald, over units", fit.coef, covariance, np.arange(p), dof)]
    if b.observed.case_weights is None:
        tests += _of_independent_rows(fit)
    return Coefficients(
        rows=pd.DataFrame(rows, columns=["term", "column", *ROWS]),
        tests=pd.DataFrame(tests, columns=list(TESTS)),
        aic=2.0 * (p - fit.loglik),
        covariance=covariance,
        dof=dof,
    )


def _judged(
    moves: Moves,
) -> tuple[list[Uncertainty | Note | None], FloatArray | None]:
    """Return what may be said of each coefficient, and units' parts of all of them, if any."""
    b, p = moves.b, len(moves.fit.coef)
    if b.decision.is_refused:
        return [None] * p, None
    floor = np.zeros((2, p, p))
    try:
        if b.decision.method == "jackknife":
            moved = moves.left_out - moves.fit.coef
            parts = contributions(moved, **b.unit_weights())
            alone = b.floor(lambda: moves.influence)
            floor = alone if alone.shape == floor.shape else floor
        else:
            moved = parts = b.by_unit(moves.influence)
    except DesignError:
        return [None] * p, None
    return [b.moved_by(moved[:, j], floor[:, j, j]) for j in range(p)], parts


def _wald(
    name: str, logs: FloatArray, covariance: FloatArray, at: IntArray, dof: float
) -> tuple[str, float, int, float, float]:
    """Return Wald's test of some coefficients, missing where the units are too few for it.

    F as Hotelling's T squared has it, with the covariance's degrees of freedom (Pustejovsky and
    Tipton 2018, section 3): a plain F would reject too often where clusters are few.
    """
    from scipy.special import fdtrc

    q, spare = len(at), dof - len(at) + 1.0
    if not spare > 0:
        return name, math.nan, q, math.nan, math.nan
    chisq = float(logs @ np.linalg.solve(covariance[np.ix_(at, at)], logs))
    f = chisq / q * spare / dof
    return name, f, q, spare, float(fdtrc(q, spare, f))


def _of_independent_rows(
    fit: CoxFit | FineGrayFit,
) -> list[tuple[str, float, int, float, float]]:
    """Return the tests that a summary of R's ``coxph`` ends with, or ``crr``'s."""
    from scipy.special import chdtrc

    _, score, information = fit.sample.derivatives(np.zeros(len(fit.coef)))
    statistics = {
        "likelihood ratio": 2.0 * (fit.loglik - fit.loglik_null),
        "Wald": float(fit.coef @ np.linalg.solve(fit.vcov, fit.coef)),
        "score": float(score @ np.linalg.solve(information, score)),
    }
    df = len(fit.coef)
    return [(name, x, df, math.inf, float(chdtrc(df, x))) for name, x in statistics.items()]
