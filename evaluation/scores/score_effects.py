"""Differences between the arms: of a survey score, given its baseline, and of any value."""

from __future__ import annotations

from evaluation.comparison.matched import Matched
from evaluation.estimates import Effect
from evaluation.inference.gatekeeper import decide
from evaluation.scores.linear_design import ARM, linear_design
from evaluation.scores.linear_inference import infer
from evaluation.scores.regression import least_squares
from evaluation.scores.weighted_inference import infer_weighted
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
    seed: int = 0,
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
        Draws of the wild bootstrap where not every sign vector is used.
    seed : int
        Seed of those draws; 0 unless the study says otherwise.

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
    weighted design the weights' estimation enters the error; draws and seed are not used.
    """
    return _difference(
        m,
        outcome,
        baseline=baseline,
        reliability=reliability,
        covariates=covariates,
        term="score_difference",
        unit=SCORE_UNIT,
        level=level,
        draws=draws,
        seed=seed,
    )


def mean_difference(
    m: Matched,
    outcome: str,
    *,
    covariates: tuple[str, ...] = (),
    unit: str = "outcome units",
    level: float = 0.95,
    draws: int = 9999,
    seed: int = 0,
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

    Returns
    -------
    Effect
    """
    return _difference(
        m,
        outcome,
        baseline=None,
        reliability=None,
        covariates=covariates,
        term="mean_difference",
        unit=unit,
        level=level,
        draws=draws,
        seed=seed,
    )


def _difference(
    m: Matched,
    outcome: str,
    *,
    baseline: str | None,
    reliability: float | None,
    covariates: tuple[str, ...],
    term: str,
    unit: str,
    level: float,
    draws: int,
    seed: int,
) -> Effect:
    design = linear_design(
        m, outcome, baseline=baseline, reliability=reliability, covariates=covariates
    )
    decision = decide(
        design.cluster,
        design.treated,
        design.weights,
        kind="linear" if m.weighting is None else "time",
        sets=design.sets,
    )
    if m.weighting is None:
        found = infer(design, decision, level=level, draws=draws, seed=seed)
    else:
        found = infer_weighted(m, design, decision, level=level)
    regression = "ANCOVA" if baseline else "regression" if covariates else "weighted means"
    effect = Effect(
        outcome=outcome,
        term=term,
        estimate=float(least_squares(design.X, design.y, design.weights).coef[ARM]),
        unit=unit,
        estimand=m.estimand,
        method=f"{m.design}; {regression}",
        n_treated=int(design.treated.sum()),
        n_comparison=int((~design.treated).sum()),
        n_clusters=decision.n_clusters,
        conf_level=level,
        notes=(*m.notes, *design.notes),
    )
    return found.on(effect)
