"""E-values: how strong an unmeasured confounder must be to explain an association away.

Kernels: numbers in, numbers out.
"""

from __future__ import annotations

import math

from evaluation.arguments import number_of


def e_value(risk_ratio: float) -> float:
    """Return the E-value of a risk ratio.

    Parameters
    ----------
    risk_ratio : float
        Positive; below 1 it is turned around.

    Returns
    -------
    float
        The smallest risk ratio that an unmeasured confounder must have with both treatment
        and outcome, beyond what is measured, to explain the association away; 1 for none.

    Raises
    ------
    DesignError
        If the ratio is not positive and finite.

    Notes
    -----
    VanderWeele and Ding (2017), Annals of Internal Medicine 167.

    Examples
    --------
    >>> round(e_value(3.9), 3)
    7.263
    """
    risk_ratio = number_of(risk_ratio, "risk_ratio", "a finite ratio above 0", above=0.0)
    ratio = max(risk_ratio, 1.0 / risk_ratio)
    return ratio + math.sqrt(ratio * (ratio - 1.0))


def risk_ratio_of_hazards(hazard_ratio: float, *, common: bool) -> float:
    """Return the risk ratio that a hazard ratio comes to; `common` above about 15 per cent.

    For a rare outcome the two are the same; for a common one
    ``(1 - 0.5^sqrt(HR)) / (1 - 0.5^sqrt(1/HR))`` (VanderWeele 2017, Biometrics 73).

    Examples
    --------
    >>> risk_ratio_of_hazards(1.0, common=True)
    1.0
    """
    number_of(hazard_ratio, "hazard_ratio", "a finite ratio above 0", above=0.0)
    if not common:
        return hazard_ratio
    root = math.sqrt(hazard_ratio)
    return float((1.0 - 0.5**root) / (1.0 - 0.5 ** (1.0 / root)))


def risk_ratio_of_difference(difference: float, comparison: float) -> float:
    """Return the risk ratio that a difference in incidence comes to, both as shares of 1.

    Examples
    --------
    >>> risk_ratio_of_difference(0.1, 0.4)
    1.25
    """
    if not 0 < comparison <= 1 or comparison + difference <= 0:
        raise ValueError("both incidences must be above 0 for a ratio")
    return (comparison + difference) / comparison


def limit_nearest_null(low: float, high: float, null: float) -> float:
    """Return the limit of an interval that is nearest to no effect; `null` if it is inside."""
    if low <= null <= high:
        return null
    return low if low > null else high
