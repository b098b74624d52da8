"""sensitivity.csv: what could take a finding away, where the study asks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyses.findings.sensitivity import OF_UPTAKE, sensitivity
from analyses.published.columns import words
from analyses.published.curves import rare_causes
from analyses.published.digits import PER_CENT, SIGNIFICANT, UNIT, ByError, PValues
from analyses.published.rules import SIZES, few_of
from analyses.published.sites import hide_within_limit
from analyses.published.table import WHO, Made, Release, ResultTable
from evaluation.disclosure import is_few, suppress_counts
from evaluation.disclosure.digits import finest
from evaluation.robustness.yardsticks import largest_imbalance

FIGURES = ("estimate", "conf_low", "conf_high", "p_value")
NEGATIVE = "negative_control"


def build(made: Made) -> pd.DataFrame:
    """Return the checks of every outcome that the plan names."""
    found = sensitivity(made.study, made.data, made.estimates, made["sites"])
    return found.assign(**{f"{size}{WHO}": None for size in SIZES})


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide checks on few, and what is said of a hidden effect.

    Notes
    -----
    Few events, few censored or few who did not answer hide the row.  A cluster of few is
    hidden where it is left out, and others beside it by the rule of sites.csv, those that it
    hides among them; what is not in sites.csv at all is not here either.  The share who agreed
    is that of the sizes that are shown, and the sizes of other sets are told as the finding's
    where they lie within `min_cell` of it.
    """
    least, effects = release.min_cell, release.shown["effects"]
    made = frame.copy()
    left_out = made["check"] == "leave_one_out"
    # How many remain without a cluster tells with the whole of the cluster.
    made.loc[left_out, list(SIZES)] = np.nan
    few = is_few(made["fewest"].to_numpy(float), least) & ~left_out.to_numpy()
    seen = effects.loc[effects["estimate"].notna(), "outcome"]
    few |= ~made["outcome"].isin(seen).to_numpy()
    keys = pd.MultiIndex.from_frame(made[["outcome", "name"]])
    few |= (made["check"] == NEGATIVE).to_numpy() & keys.isin(list(rare_causes(release)))
    few |= few_of(made, SIZES, least)
    _tell_uptake(made)
    # Every row of the arm's clusters is there, so that its total is known.
    suppressed = suppress_counts(
        made.loc[left_out], "fewest", min_cell=least, within=("outcome", "arm")
    )
    hidden, proven = suppressed["fewest"].isna(), pd.Index([])
    for _, rows in made[left_out].groupby(["outcome", "arm"], sort=False):
        own = hidden[rows.index]
        if not hide_within_limit(rows, "fewest", own, least):
            proven = proven.union(rows.index)
        hidden[rows.index] = own
    made.loc[hidden.index[hidden], list(FIGURES)] = np.nan
    sites = release.shown["sites"]
    of_data, listed = _clusters(release.made["sites"]), _clusters(sites)
    unseen = _clusters(sites[sites["loo_estimate"].isna()])
    named = pd.Series(
        [
            (outcome, asked.subject) if is_left else ()
            for outcome, asked, is_left in zip(
                made["outcome"], made["asked"], left_out, strict=True
            )
        ],
        index=made.index,
    )
    few |= named.isin(unseen).to_numpy()
    made.loc[few, list(FIGURES)] = np.nan
    made["note"] = [release.note(note) for note in made["note"].fillna("")]
    for size in SIZES:
        made[size] = _near_the_finding(made, size, release).mask(few)
    return made[~named.isin(of_data - listed)].drop(index=proven, errors="ignore")


def _clusters(sites: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(sites["outcome"], sites["cluster"], strict=True))


def _tell_uptake(made: pd.DataFrame) -> None:
    """Tell the share who agreed, and the imbalance that it allows, by the sizes shown."""
    told = (made["n_agreed"] / made["n_asked"]).astype(float)
    told = told.where(told < 1.0)
    values = {
        OF_UPTAKE[0]: PER_CENT * told,
        OF_UPTAKE[1]: told.map(largest_imbalance, na_action="ignore"),
    }
    for question, value in values.items():
        own = made["asked"] == question
        made.loc[own, "estimate"] = value[own]
        if question == OF_UPTAKE[0]:
            made.loc[own, f"estimate{UNIT}"] = finest(PER_CENT, made.loc[own, "n_asked"])


def _near_the_finding(made: pd.DataFrame, size: str, release: Release) -> pd.Series:
    """Return sizes as they are told, those near the finding's own as that one."""
    effects = release.made["effects"].drop_duplicates("outcome").set_index("outcome")
    shown = release.shown["effects"].drop_duplicates("outcome").set_index("outcome")
    own, told = (made["outcome"].map(table[size]).astype(float) for table in (effects, shown))
    value = made[size].astype(float)
    return value.where((value - own).abs() >= release.min_cell, told).where(value.notna())


SENSITIVITY = ResultTable(
    name="sensitivity",
    meaning="What could take a finding away, where the study asks.",
    columns=words(
        "outcome check name estimate conf_low conf_high p_value unit",
        "n_treated n_comparison note",
    ),
    build=build,
    protect=protect,
    digits=(
        ByError(("conf_low", "conf_high"), estimate="estimate", bare=SIGNIFICANT),
        PValues(("p_value",)),
    ),
    agrees_with=("effects", "sites"),
    sizes=("n_agreed", "n_asked"),
)
