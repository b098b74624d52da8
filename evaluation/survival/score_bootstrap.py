"""The score bootstrap of hazard ratios, shown beside the jackknife."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray, IntArray
from evaluation.estimates import Effect
from evaluation.inference import score_bootstrap as kernel
from evaluation.inference.score_bootstrap import ClusterScores
from evaluation.inference.wild_bootstrap import Weights
from evaluation.survival.cox import CoxFit
from evaluation.survival.fine_gray import FineGrayFit
from evaluation.survival.hazard_effects import HazardRatio
from evaluation.survival.subdistribution import SubdistributionHazard
from evaluation.survival.timeline import summed

# Width of the differences that give the information, in coefficients per standard deviation of
# a covariate: their relative error is of its order.
WIDTH = 1e-6
MOST_STEPS = 50


def score_bootstrap(
    ratio: HazardRatio | SubdistributionHazard,
    *,
    draws: int = 9999,
    weights: Weights = "auto",
    seed: int,
    level: float = 0.95,
) -> Effect:
    """Judge a hazard ratio by the studentised score bootstrap over clusters.

    Parameters
    ----------
    ratio : HazardRatio or SubdistributionHazard
        What `hazard_ratio` or `subdistribution_hazard` returned.
    draws : int
        Random draws; where 2^G is no larger, every sign vector is used instead.
    weights : {"auto", "rademacher", "webb"}
        Distribution of the draws, as in `evaluation.inference.wild_bootstrap.test`.
    seed : int
        Of the draws; no default because the answer depends on it.
    level : float
        Coverage of the interval.

    Returns
    -------
    Effect
        The same ratio of the studied cause; p-value and interval come from one test.  Without
        them where the gatekeeper refuses.

    Raises
    ------
    DesignError
        In a study without clusters, or with exact ties.

    Notes
    -----
    The model is fitted under the hypothesis, the other coefficients at their best.  Scores are
    score residuals, so the compensator counts: a cluster's part is events less expected
    events, each measured against the mean of the risk set.  The subdistribution hazard's
    scores include the part of the censoring distribution.  Matching weights are held fixed.
    See `evaluation.inference.score_bootstrap.test`.
    """
    effect = ratio.effect
    if ratio.decision.n_clusters is None:
        raise DesignError("the score bootstrap turns clusters; this study has none")
    if isinstance(ratio.fit, CoxFit) and ratio.fit.ties == "exact":
        raise DesignError("the score bootstrap is not available with ties='exact'")
    if ratio.decision.is_refused:
        return effect
    path = _RestrictedPath.of(ratio.fit, ratio.unit)
    found = kernel.test(
        path.scores,
        estimate=float(ratio.fit.coef[0]),
        draws=draws,
        weights=weights,
        seed=seed,
        level=level,
    )
    vectors = "all" if found.enumerated else "drawn"
    return replace(
        effect,
        std_error=found.std_error,
        conf_low=math.exp(found.conf_low),
        conf_high=math.exp(found.conf_high),
        p_value=found.p_value,
        conf_level=level,
        smallest_p=found.smallest_p,
        method=f"{effect.method.removesuffix(effect.test)}studentised score bootstrap",
        notes=(
            *effect.notes,
            f"score bootstrap: {found.draws} {found.weights} vectors ({vectors}), smallest "
            f"attainable p {found.smallest_p:.2g}; std_error is the sandwich of cluster scores",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _RestrictedPath:
    """A likelihood whose first coefficient is held, with scores summed by cluster.

    Attributes
    ----------
    derivatives : callable
        Log-likelihood, score and information of coefficients on the scaled covariates.
    rows : callable
        Each row's weighted score on the scaled covariates, from scaled coefficients.
    scale : np.ndarray
        What each covariate was divided by.
    start : np.ndarray
        Scaled coefficients of the unrestricted fit.
    unit : np.ndarray
        Cluster of each row of `rows`.
    """

    derivatives: Callable[[FloatArray], tuple[float, FloatArray, FloatArray]]
    rows: Callable[[FloatArray], FloatArray]
    scale: FloatArray
    start: FloatArray
    unit: IntArray

    @classmethod
    def of(cls, fit: CoxFit | FineGrayFit, unit: IntArray) -> _RestrictedPath:
        """Take a fitted model apart; `unit` has one entry per row of its input."""
        start = fit.coef * fit.sample.scale
        if isinstance(fit, CoxFit):
            cox, efron = fit.sample, fit.ties == "efron"
            own = cox.weights[cox.back][:, None]

            def rows(beta: FloatArray) -> FloatArray:
                residual = cox.score_residuals(beta / cox.scale, efron=efron)
                return np.asarray(own * residual / cox.scale)

            return cls(
                derivatives=partial(cox.derivatives, ties=fit.ties),
                rows=rows,
                scale=cox.scale,
                start=start,
                unit=unit,
            )
        gray = fit.sample
        return cls(
            derivatives=gray.derivatives,
            # The score, and its part through the distribution of censoring.
            rows=lambda beta: np.add(*gray.influence(beta / gray.scale)),
            scale=gray.scale,
            start=start,
            unit=unit[gray.rows],
        )

    def scores(self, hypothesis: float) -> ClusterScores:
        """Return cluster scores and informations, on the covariates as they were given."""
        beta = self._restricted(hypothesis)
        p = len(beta)
        n = int(self.unit.max()) + 1
        score = self._sums(beta, n)
        information = np.empty((n, p, p))
        for k in range(p):
            ahead = beta.copy()
            ahead[k] += WIDTH
            information[:, :, k] = (score - self._sums(ahead, n)) / WIDTH
        return ClusterScores(
            score=score * self.scale,
            information=information * np.outer(self.scale, self.scale),
        )

    def _sums(self, beta: FloatArray, n: int) -> FloatArray:
        rows = self.rows(beta)
        return np.column_stack([summed(self.unit, column, n) for column in rows.T])

    def _restricted(self, hypothesis: float) -> FloatArray:
        """Return the coefficients that are best with the first one held."""
        beta = self.start.copy()
        beta[0] = hypothesis * self.scale[0]
        if len(beta) == 1:
            return beta
        for _ in range(MOST_STEPS):
            _, score, information = self.derivatives(beta)
            step = np.linalg.solve(information[1:, 1:], score[1:])
            beta[1:] += step
            if np.abs(step).max() < 1e-9:
                return beta
        raise DesignError(
            f"with the log ratio held at {hypothesis:.3g} the other coefficients run to "
            "infinity; adjust for fewer columns"
        )
