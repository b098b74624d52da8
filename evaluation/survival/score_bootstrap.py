"""The score bootstrap of hazard ratios, shown beside the jackknife."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.arguments import draws_of, require_kind
from evaluation.arrays import FloatArray, IntArray, summed
from evaluation.estimates import Effect
from evaluation.inference import score_bootstrap as kernel
from evaluation.inference.score_bootstrap import ClusterScores
from evaluation.inference.wild_bootstrap import Weights
from evaluation.survival.cox import CoxFit
from evaluation.survival.cox.newton import Likelihood
from evaluation.survival.fine_gray import FineGrayFit
from evaluation.survival.hazard_effects import HazardRatio
from evaluation.survival.subdistribution import SubdistributionHazard

# Width of the differences that give the information, in coefficients per standard deviation of
# a covariate: their relative error is of its order.
WIDTH = 1e-6
MOST_STEPS = 50


def score_bootstrap(
    ratio: HazardRatio | SubdistributionHazard,
    *,
    draws: int = 9999,
    weights: Weights = "auto",
    seed: int | None = None,
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
    seed : int or None
        Of the draws; needed unless every sign vector is used, since the answer depends on it.
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
    kinds = HazardRatio, SubdistributionHazard
    require_kind(ratio, "ratio", kinds, "give what hazard_ratio or subdistribution_hazard made")
    effect, draws = ratio.effect, draws_of(draws)
    if ratio.decision.n_clusters is None:
        raise DesignError("the score bootstrap turns clusters; this study has none")
    if isinstance(ratio.fit, CoxFit) and ratio.fit.ties == "exact":
        raise DesignError("the score bootstrap is not available with ties='exact'")
    if effect.is_refused:
        return effect
    found = kernel.test(
        partial(_cluster_scores, ratio.fit, ratio.unit),
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


def _cluster_scores(
    fit: CoxFit | FineGrayFit, unit: IntArray, hypothesis: float
) -> ClusterScores:
    """Return cluster scores and informations with the log ratio held at a hypothesis."""
    sample = fit.sample
    beta = _restricted(sample, fit.coef * sample.scale, hypothesis)
    n = int(unit.max()) + 1

    def summed_at(beta: FloatArray) -> FloatArray:
        return summed(unit, sample.scores(beta / sample.scale), n)

    score = summed_at(beta)
    ahead = [summed_at(beta + WIDTH * own) for own in np.eye(len(beta))]
    information = np.stack([(score - moved) / WIDTH for moved in ahead], axis=2)
    return ClusterScores(
        score=score * sample.scale,
        information=information * np.outer(sample.scale, sample.scale),
    )


def _restricted(sample: Likelihood, start: FloatArray, hypothesis: float) -> FloatArray:
    """Return the scaled coefficients that are best with the first one held."""
    beta = start.copy()
    beta[0] = hypothesis * sample.scale[0]
    if len(beta) == 1:
        return beta
    for _ in range(MOST_STEPS):
        _, score, information = sample.derivatives(beta)
        step = np.linalg.solve(information[1:, 1:], score[1:])
        beta[1:] += step
        if np.abs(step).max() < 1e-9:
            return beta
    raise DesignError(
        f"with the log ratio held at {hypothesis:.3g} the other coefficients run to "
        "infinity; adjust for fewer columns"
    )
