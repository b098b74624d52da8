"""What randomisation over clusters needs to know of durations: scores and their exposure."""

from __future__ import annotations

import numpy as np

from evaluation.arrays import FloatArray, summed
from evaluation.survival.basis import Basis
from evaluation.survival.curves import incidence_of
from evaluation.survival.readings import Functional


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
