"""effects.csv: every estimate of the plan."""

from __future__ import annotations

import pandas as pd

from analyses.published.columns import words
from analyses.published.curves import rare_causes
from analyses.published.durations import few_lost
from analyses.published.paths import on_few
from analyses.published.rules import SIZES, arms_of_few, few_of, without_figures
from analyses.published.table import Release, ResultTable
from evaluation.estimates import EFFECT_COLUMNS


def small_outcomes(release: Release) -> set[str]:
    """Return the outcomes of which an arm is small."""
    effects = release.made["effects"]
    return set(effects["outcome"][few_of(effects, SIZES, release.min_cell)].astype(str))


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide effects on few events, few weeks or small arms, and on a contrast of hidden cells.

    How many were matched stands in the flow, so the number followed from a landmark would give
    the number lost by subtraction: where that is small it is hidden.
    """
    made = arms_of_few(frame, release)
    for outcome, arm in few_lost(release):
        size = f"n_{arm}"
        followed = _followed(release.made["durations"], outcome, arm)
        made[size] = made[size].mask(frame[size] == followed)
    hidden = frame["outcome"].isin(_on_few_events(release)) | on_few(frame, release)
    unseen = release.shown["contrasts"]
    unseen = unseen[unseen["estimate"].isna()]
    for outcome, term in set(zip(unseen["outcome"], unseen["term"], strict=True)):
        hidden |= (frame["outcome"] == outcome) & (frame["term"] == term)
    return without_figures(made, hidden)


def _followed(durations: pd.DataFrame, outcome: str, arm: str) -> float:
    own = (durations["outcome"] == outcome) & (durations["arm"] == arm)
    return float(durations.loc[own & (durations["step"] == "followed"), "n"].sum())


def _on_few_events(release: Release) -> set[str]:
    """Return the outcomes of effects.csv, causes among them, that few of an arm have met."""
    rare = rare_causes(release)
    curves = release.made["curves"]
    own = {} if not rare else curves.groupby("outcome", sort=False)["cause"].first().to_dict()
    few = {name for outcome, cause in rare for name in (cause, f"{outcome}:{cause}")}
    return few | {outcome for outcome, cause in rare if own[outcome] == cause}


EFFECTS = ResultTable(
    name="effects",
    meaning="Every estimate of the plan, those that are tested and those beside them.",
    columns=words(*EFFECT_COLUMNS),
    build=lambda made: made.estimates.effects.tidy(),
    protect=protect,
    agrees_with=("contrasts",),
)
