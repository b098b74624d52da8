"""effects.csv: every estimate of the plan."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyses.cohort.who import arms, people
from analyses.published.columns import words
from analyses.published.curves import rare_causes
from analyses.published.digits import ByError, PValues
from analyses.published.paths import on_few
from analyses.published.rules import SIZES, arms_of_few, counted, without_figures
from analyses.published.table import WHO, Made, Release, ResultTable
from evaluation.disclosure import is_few
from evaluation.disclosure.sizes import Who
from evaluation.estimates import EFFECT_COLUMNS


def build(made: Made) -> pd.DataFrame:
    """Return the effects, and of whom they are."""
    estimates = made.estimates
    whose: list[tuple[Who, Who]] = []
    for one in estimates.outcomes.values():
        # Competing causes are effects of the same persons.
        whose += [one.who] * (1 + len(one.others))
    if estimates.contrast is not None:
        after = estimates.contrast.rows.query("after and kept")
        own = after["treated"].to_numpy(bool)
        whose.append((people(after["unit"], own), people(after["unit"], ~own)))
    if estimates.path is not None:
        whose += [arms(estimates.main.matched)] * len(estimates.path.effects)
    columns = dict(
        zip((f"{size}{WHO}" for size in SIZES), zip(*whose, strict=True), strict=True)
    )
    return estimates.effects.tidy().assign(
        **{name: pd.Series(who, dtype=object) for name, who in columns.items()}
    )


def small_outcomes(release: Release) -> set[str]:
    """Return the outcomes of which an arm is small."""
    effects = release.made["effects"]
    if effects.empty:
        return set()
    few = is_few([counted(effects, size) for size in SIZES], release.min_cell).any(axis=0)
    return set(effects.loc[np.asarray(few), "outcome"].astype(str))


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide effects on few events, few weeks, small arms or a contrast of hidden cells."""
    made = arms_of_few(frame, release)
    hidden = frame["outcome"].isin(_on_few_events(release)) | on_few(frame, release)
    unseen = release.shown["contrasts"]
    unseen = unseen[unseen["estimate"].isna()]
    for outcome, term in set(zip(unseen["outcome"], unseen["term"], strict=True)):
        hidden |= (frame["outcome"] == outcome) & (frame["term"] == term)
    return without_figures(made, hidden)


def _on_few_events(release: Release) -> set[str]:
    """Return the outcomes of effects.csv, causes among them, that few of an arm have met."""
    rare = rare_causes(release)
    curves = release.made["curves"]
    # An effect is called by its own cause, or by outcome:cause where several outcomes have it.
    own = {} if not rare else curves.groupby("outcome", sort=False)["cause"].first().to_dict()
    few = {name for outcome, cause in rare for name in (cause, f"{outcome}:{cause}")}
    return few | {outcome for outcome, cause in rare if own[outcome] == cause}


EFFECTS = ResultTable(
    name="effects",
    meaning="Every estimate of the plan, those that are tested and those beside them.",
    columns=words(*EFFECT_COLUMNS),
    build=build,
    protect=protect,
    digits=(
        ByError(("conf_low", "conf_high"), estimate="estimate", error="std_error"),
        PValues(("p_value", "p_adjusted")),
    ),
    agrees_with=("contrasts",),
    sizes=SIZES,
)
