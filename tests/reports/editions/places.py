"""Published tables that tell of places, for tests of editions."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan, nan

import pandas as pd

from tests.reports import minimal

PERIODS = ("2014H2", "2015H1")
LOO = ("loo_estimate", "loo_low", "loo_high")
DESIGN = pd.DataFrame(
    [
        {
            **{"outcome": outcome, "method": "jackknife", "n_treated_clusters": nan},
            **dict.fromkeys(("n_comparison_clusters", "effective_treated"), nan),
            **dict.fromkeys(("effective_comparison", "dispersion", "mde"), nan),
        }
        for outcome in ("employment", "relation")
    ]
)


def of_places(
    sizes: Mapping[str, float],
    *,
    before: Mapping[str, float] | None = None,
    whole: float | None = None,
) -> dict[str, pd.DataFrame]:
    """Return tables with so many participants of each place; NaN is hidden."""
    known = [n for n in sizes.values() if not isnan(n)]
    effects = minimal.effects(
        {
            **{"estimate": 7.0, "conf_low": 1.0, "conf_high": 13.0, "p_value": 0.01},
            **{"p_adjusted": 0.02, "n_treated": sum(known) if whole is None else whole},
        }
    )
    sites = pd.DataFrame(
        [
            {
                **{"outcome": "employment", "term": "incidence", "cluster": place},
                **{"estimate": nan if isnan(n) else 20.5, "n_treated": n},
                **dict.fromkeys(
                    ("loo_estimate", "loo_low", "loo_high"), nan if isnan(n) else 3.25
                ),
            }
            for place, n in sizes.items()
        ]
    )
    frames = {"effects": effects, "sites": sites, "flow": pd.DataFrame(), "design": DESIGN}
    if before is not None:
        rows = [
            {"cluster": place, "arm": "treated", "class": "a", "period": period, "n": n}
            for place, n in before.items()
            for period in PERIODS
        ]
        places = pd.DataFrame(rows).assign(estimate=lambda one: 0 * one["n"] + 12.5)
        arms = places.groupby(["arm", "period"], as_index=False).agg(
            n_clusters=("cluster", "nunique"), n=("n", "sum")
        )
        frames |= {"municipalities": places, "pretrends": arms.assign(estimate=11.0)}
    return frames
