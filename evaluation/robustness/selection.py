"""How far self-selection can set participants apart, by how many of those asked take part.

Kernel: a number in, a number out.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from data_dictionary.errors import DesignError


def largest_imbalance(uptake: float) -> float:
    """Return the largest difference in motivation that saying yes or no can make.

    Parameters
    ----------
    uptake : float
        Share of those asked who take part, above 0 and at most 1.

    Returns
    -------
    float
        Mean motivation of those who take part, in standard deviations above all who were
        asked, if motivation alone decided who said yes.

    Raises
    ------
    DesignError
        If `uptake` is out of range.

    Notes
    -----
    The mean of a standard normal above its (1 - uptake) quantile, phi(z) / uptake.  Whatever
    else decides who takes part, such as who has the time, makes the difference smaller: a
    truncated distribution has the largest mean of all selections of one size.

    Examples
    --------
    >>> round(largest_imbalance(0.5), 3), largest_imbalance(1.0)
    (0.798, 0.0)
    """
    if not 0 < uptake <= 1:
        raise DesignError(f"uptake={uptake:g} must lie above 0 and not above 1")
    if uptake == 1:
        return 0.0
    z = NormalDist().inv_cdf(uptake)
    return math.exp(-z * z / 2.0) / math.sqrt(2.0 * math.pi) / uptake
