"""design.csv: how inference was chosen, and the smallest effect that it is likely to find."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pandas as pd

from analyses.outcomes.kind import Estimated
from analyses.published.columns import Column, words
from analyses.published.digits import Ruled, Significant
from analyses.published.table import Made, Release, ResultTable
from evaluation import Effect
from evaluation.comparison.arms import ARMS
from evaluation.disclosure import is_few
from evaluation.inference.gatekeeper import limit_of

# The power that protocols of trials usually ask for.
POWER = 0.8


def build(made: Made) -> pd.DataFrame:
    """Return one row per outcome, and how few persons its smallest treated cluster has."""
    return pd.DataFrame([_row(one) for one in made.estimates.outcomes.values()])


def _row(one: Estimated) -> dict[str, object]:
    decision = one.decision
    return {
        "outcome": one.outcome.name,
        "fewest_treated": _fewest_treated(one),
        **{name: getattr(decision, name) for name in FROM_DECISION},
        "mde": smallest_detectable(one.tested),
        "unit": one.tested.unit,
    }


def _fewest_treated(one: Estimated) -> float:
    """Return the persons of the treated cluster that has fewest; missing without clusters."""
    m = one.matched
    if m.cluster is None:
        return math.nan
    # Of those whose outcome is known: they are whom the effective number counts.
    own = m.used & m.treated & one.observed
    return float(pd.Series(m.cluster[own]).value_counts().min())


def smallest_detectable(effect: Effect) -> float:
    """Return the effect found with probability 0.8: half the interval and 0.84 standard errors.

    It follows from the interval's own half width, so that few clusters enlarge it as they
    enlarge the interval.  For ratios it is the ratio above 1.
    """
    if math.isnan(effect.conf_low) or math.isnan(effect.std_error):
        return math.nan
    beyond = NormalDist().inv_cdf(POWER) * effect.std_error
    # Half an interval is symmetric on the scale of the logarithm.
    if effect.is_ratio:
        return math.exp(math.log(effect.conf_high / effect.conf_low) / 2 + beyond)
    return (effect.conf_high - effect.conf_low) / 2 + beyond


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Show effective numbers of clusters as whole numbers, and largest shares in percent.

    Notes
    -----
    The effective number tells the sum of the squared sizes, so that it narrows the sizes of
    hidden clusters beside those that are shown.  Where a treated cluster is small it is told
    only as the limit that it reaches, by which inference was chosen; and with two clusters the
    largest share tells the other.
    """
    made = frame.copy()
    made["reason"] = [release.note(reason) for reason in made["reason"]]
    for arm in ARMS:
        # Equal clusters give a whole number only up to rounding.
        whole = np.floor(made[f"effective_{arm}"].astype(float) + 1e-9)
        made[f"effective_{arm}"] = whole
        made[f"largest_share_{arm}"] = made[f"largest_share_{arm}"].astype(float).round(2)
    few = is_few(made["fewest_treated"].to_numpy(float), release.min_cell)
    reached = [limit_of(number) for number in made["effective_treated"]]
    made["effective_treated"] = np.where(few, reached, made["effective_treated"])
    made.loc[few, "largest_share_treated"] = np.nan
    return made


SHARES = ("largest_share_treated", "largest_share_comparison")
DESIGN = ResultTable(
    name="design",
    meaning="How inference was chosen for each outcome, and the smallest effect it finds.",
    columns=words(
        "outcome method reason n_treated_clusters n_comparison_clusters effective_treated",
        "effective_comparison largest_share_treated largest_share_comparison mde unit",
    )
    | {
        "method": Column("code", "inference chosen, `none` where it is refused"),
        "effective_treated": Column(
            "statistic", "effective number of treated clusters; at least, where one is small"
        ),
    },
    build=build,
    protect=protect,
    digits=(
        Ruled(("effective_treated", "effective_comparison"), "whole numbers, rounded down"),
        Ruled(SHARES, "two decimals"),
        Significant(("mde",), digits=2),
    ),
)
FROM_DECISION = tuple(name for name in DESIGN.columns if name not in ("outcome", "mde", "unit"))
