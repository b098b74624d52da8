"""What randomisation over clusters needs to know of durations: scores and their exposure."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from evaluation.arrays import FloatArray, summed
from evaluation.inference import randomisation
from evaluation.inference.randomisation import RandomisationTest
from evaluation.survival.basis import Basis
from evaluation.survival.curves import incidence_of
from evaluation.survival.readings import Functional

# Enough to use every assignment of 3 or 4 among 39 clusters; the seed matters beyond that.
DRAWS = 99_999
SEED = 0


def exchange_curve(
    b: Basis, functional: Functional, horizon: float, cause: int
) -> RandomisationTest | None:
    """Test a functional of one cause's incidence by exchanging clusters.

    Each row's part is its influence on the curve of both arms taken together, the curve under
    the hypothesis.
    """
    return _exchanged(b, cause, lambda: curve_scores(b, functional, horizon, cause))


def exchange_hazard(b: Basis, cause: int) -> RandomisationTest | None:
    """Test one cause's hazard by exchanging clusters, with the log-rank score."""
    return _exchanged(b, cause, lambda: hazard_scores(b, cause))


def curve_scores(
    b: Basis, functional: Functional, horizon: float, cause: int
) -> tuple[FloatArray, FloatArray]:
    """Return each cluster's influence on a functional of the pooled curve, and its weight."""
    curve = incidence_of(b.observed)
    rows = curve.influence(cause, functional(curve.time, horizon))
    weight = summed(b.unit, b.observed.weights, b.n_units)
    return summed(b.unit, rows * weight.sum(), b.n_units), weight


def hazard_scores(b: Basis, cause: int) -> tuple[FloatArray, FloatArray]:
    """Return each cluster's observed less expected events at each time, and expected ones."""
    curve = incidence_of(b.observed)
    events, at_risk = curve.grouped(b.unit, b.n_units)
    own = curve.n_events[:, cause - 1]
    met = own > 0
    expected = np.maximum(at_risk[:, met], 0.0) * (own / curve.at_risk)[met]
    return events[:, met, cause - 1] - expected, expected


def _exchanged(
    b: Basis, cause: int, scores: Callable[[], tuple[FloatArray, FloatArray]]
) -> RandomisationTest | None:
    """None unless the gatekeeper allows randomisation and the cause occurs."""
    if not (b.decision.is_randomised and (b.observed.cause == cause).any()):
        return None
    treated = b.unit_weight(treated=True) > 0
    return randomisation.test(*scores(), treated, draws=DRAWS, seed=SEED)
