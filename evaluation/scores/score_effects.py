"""Differences between the arms: of a survey score, given its baseline, and of any value."""

from __future__ import annotations

from evaluation.arrays import FloatArray
from evaluation.comparison.arms import target_share
from evaluation.comparison.matched import Matched
from evaluation.estimates import Effect
from evaluation.inference.gatekeeper import decide
from evaluation.scores.linear_design import ARM, LinearDesign, effect_of, linear_design
from evaluation.scores.linear_inference import infer
from evaluation.scores.regression import least_squares
from evaluation.terms import SCORE_UNIT


def score_difference(
    m: Matched,
    outcome: str,
    baseline: str | None = None,
    *,
    reliability: float | None = None,
    covariates: tuple[str, ...] = (),
    level: float = 0.95,
    draws: int = 9999,
    seed: int | None = None,
) -> Effect:
    """Return the difference in a 0-100 score, by ANCOVA when a baseline is given.

    Parameters
    ----------
    m : Matched
        The comparison, ideally matched on the baseline too.
    outcome, baseline : str
        Columns with the follow-up and the baseline score; rows without outcome are left out
        and counted in the notes, a used row without baseline is refused.
    reliability : float or None
        Reliability of the baseline among all rows of ``m.frame``, such as Cronbach's alpha.
        The baseline is then corrected for measurement error, which takes out the regression
        to the mean that matching on a measured score leaves behind.
    covariates : tuple of str
        Further columns of the regression.
    level : float
        Coverage of the interval.
    draws : int
        Draws of the wild bootstrap, where not every sign vector is used.
    seed : int or None
        Seed of those draws.  They stand beside, in a note; None, nothing is drawn.

    Returns
    -------
    Effect
        In scale points; interval and p-value are empty where the gatekeeper refuses.

    Raises
    ------
    ColumnError, DesignError
        If columns are missing or the regression cannot be made.

    Notes
    -----
    Weighted least squares on the matched rows.  With a baseline among the regressors the
    coefficient of the arm compares people who started at the same score (Senn 2006).  On a
    weighted design the weights' estimation enters the error.
    """
    design = linear_design(
        m, outcome, baseline=baseline, reliability=reliability, covariates=covariates
    )
    how = "ANCOVA" if baseline else "regression" if covariates else "weighted means"
    options = (level, draws, seed)
    return _difference(m, design, how, outcome, SCORE_UNIT, options, term="score_difference")


def mean_difference(
    m: Matched,
    outcome: str,
    *,
    covariates: tuple[str, ...] = (),
    unit: str = "outcome units",
    level: float = 0.95,
    draws: int = 9999,
    seed: int | None = None,
) -> Effect:
    """Return the weighted difference in means of any numeric outcome.

    Parameters
    ----------
    m : Matched
        The comparison.
    outcome : str
        Numeric column; rows without it are left out and counted in the notes.
    covariates : tuple of str
        Columns to adjust for; none gives the plain weighted difference.
    unit : str
        The outcome's own unit, such as ``US dollars``.
    level, draws, seed
        As in `score_difference`.
    """
    design = linear_design(m, outcome, covariates=covariates)
    how = "regression" if covariates else "weighted means"
    options = (level, draws, seed)
    return _difference(m, design, how, outcome, unit, options, term="mean_difference")


def _difference(
    m: Matched,
    design: LinearDesign,
    how: str,
    outcome: str,
    unit: str,
    options: tuple[float, int, int | None],
    *,
    term: str,
) -> Effect:
    level, draws, seed = options
    decision = decide(design.cluster, design.treated, design.weights, sets=design.sets)
    coef = least_squares(design.X, design.y, design.weights)
    effect = effect_of(
        m,
        design,
        decision,
        outcome=outcome,
        term=term,
        estimate=float(coef[ARM]),
        treated_mean=_treated_mean(m, design, coef),
        unit=unit,
        method=how,
        level=level,
    )
    return infer(m, design, decision, level=level, draws=draws, seed=seed).on(effect)


def _treated_mean(m: Matched, design: LinearDesign, coef: FloatArray) -> float:
    """Return the target's mean with treatment: for the ATT as observed, else standardised."""
    base = m.base_weights[design.rows]
    share = target_share(design.treated, m.estimand, base, design.weights)
    if m.estimand == "ATT":
        return float(share @ design.y)
    treated = design.X.copy()
    treated[:, ARM] = 1.0
    return float(share @ treated @ coef)
