"""The just-identified covariate balancing propensity score for the ATE."""

from __future__ import annotations

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray
from evaluation.comparison.weighting.influence import Equations
from evaluation.comparison.weighting.predictors import Predictors, standardised
from evaluation.comparison.weighting.tilting import InfeasibleError, tilt


def balance_arms(
    predictors: Predictors, *, treated: BoolArray, sampling: FloatArray
) -> tuple[FloatArray, Equations]:
    """Fit the logit with ``sum_i s_i {a_i/e_i - (1 - a_i)/(1 - e_i)} z_i = 0``, or refuse.

    No row may be separated from the other arm; `sampling` is positive.

    Notes
    -----
    Imai and Ratkovic (2014), section 2.2, with as many conditions as coefficients.  With
    1/e = 1 + exp(-eta) and 1/(1 - e) = 1 + exp(eta) the conditions are those of a tilt with
    sign -1 among the treated and +1 in the comparison arm: concave, so Newton finds them.
    """
    Z = standardised(predictors.X)
    side = np.where(treated, sampling, -sampling)
    total = float(sampling.sum())
    sign = np.where(treated, -1.0, 1.0)
    try:
        found = tilt(Z, side @ Z / total, mass=sampling / total, sign=sign)
    except InfeasibleError as error:
        raise DesignError(
            "no logit balances the arms on these covariates: they nearly separate the arms; "
            "leave columns out or trim the frame to where the arms overlap."
        ) from error
    tail = sampling * np.exp(sign * found.eta)
    equations = Equations(Z=Z, score=side - sign * tail, information=tail, slope=sign * tail)
    return found.eta, equations
