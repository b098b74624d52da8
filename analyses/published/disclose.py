"""Pass every table through disclosure control before anything is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from analyses.published.disclose_balance import DECIMALS, disclosed_balance
from analyses.published.disclose_clusters import disclosed_design, disclosed_municipalities
from analyses.published.disclose_durations import disclosed_durations, without_small_losses
from analyses.published.disclose_paths import disclosed_paths, on_few
from analyses.published.disclose_sensitivity import disclosed_sensitivity
from analyses.published.disclose_times import (
    disclosed_differences,
    disclosed_quantiles,
    disclosed_tests,
    rare_causes,
    small_outcomes,
)
from analyses.published.result_tables import COLUMNS, shaped
from evaluation.comparison.arms import ARMS
from evaluation.disclosure import (
    coarsen_curves,
    is_small,
    require_safe_curves,
    suppress_counts,
    suppress_flow,
    suppress_shares,
)

ESTIMATES = ("estimate", "std_error", "conf_low", "conf_high", "p_value", "p_adjusted")


def disclosed(tables: Mapping[str, pd.DataFrame], *, min_cell: int) -> dict[str, pd.DataFrame]:
    """Return the tables as they may be published, in the shape of the results folder.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Every table of the results folder, with the counts that the rules need.
    min_cell : int
        Smallest count that may be shown; 1 hides nothing.

    Returns
    -------
    dict of str to pandas.DataFrame
        Counts of 1 to ``min_cell - 1`` are missing, and so is what would give them away.
    """
    made = {**tables, **without_small_losses(tables, min_cell)}
    rare = rare_causes(made["curves"], min_cell)
    few = _hidden_names(rare, made["curves"])
    effects = made["effects"]
    small = small_outcomes(effects, min_cell)
    made["tests"] = disclosed_tests(made["tests"], rare, small)
    made["quantiles"] = disclosed_quantiles(made["quantiles"], small, min_cell)
    made["differences"] = disclosed_differences(made["differences"], small, min_cell)
    few_weeks = on_few(effects, made["paths"], min_cell)
    made["effects"] = _hidden(effects, effects["outcome"].isin(few) | few_weeks)
    made["paths"] = disclosed_paths(made["paths"], min_cell)
    if len(made["curves"]):
        made["curves"] = coarsen_curves(made["curves"], min_cell=min_cell)
        # Whoever reads the curves backwards must find no small count; else nothing is written.
        require_safe_curves(made["curves"], min_cell=min_cell)
    for name in ("balance", "respondents"):
        made[name] = disclosed_balance(made[name], min_cell)
    made["design"] = disclosed_design(made["design"], min_cell)
    made["flow"] = _flow(made["flow"], min_cell)
    made["durations"] = disclosed_durations(made["durations"], min_cell)
    made["shares"] = _shares(made["shares"], "estimate", "n", 100.0, min_cell)
    for name in ("shares", "scales"):
        made[name] = _answered(made[name], made["response"], min_cell)
    made["response"] = _shares(made["response"], "share", "n_invited", 100.0, min_cell)
    made["spells"] = _shares(made["spells"], "open_share", "n", 100.0, min_cell)
    made["profile"] = _profile(made["profile"], made["flow"], min_cell)
    made["missing"] = _missing(made["missing"], min_cell)
    for name in ("effects", "benchmark"):
        made[name] = _effects(made[name], min_cell)
    made["designs"] = _designs(_effects(made["designs"], min_cell), made["flow"], min_cell)
    made["sites"] = _sites(made["sites"], min_cell)
    made["sensitivity"] = disclosed_sensitivity(
        made["sensitivity"],
        made["effects"],
        rare,
        min_cell=min_cell,
        discreet=lambda note: bool(discreet([note], reason="", min_cell=min_cell)),
    )
    made["contrasts"] = _contrasts(made["contrasts"], min_cell)
    unseen = made["contrasts"].loc[made["contrasts"].get("estimate", pd.Series()).isna()]
    for row in unseen.itertuples(index=False):
        effects = made["effects"]
        same = (effects["outcome"] == row.outcome) & (effects["term"] == row.term)
        made["effects"] = _hidden(effects, same)
    made["municipalities"] = disclosed_municipalities(made["municipalities"], min_cell)
    made["pretrends"] = _shares(made["pretrends"], "estimate", "n", 100.0, min_cell)
    return {name: shaped(name, made.get(name)) for name in COLUMNS}


def discreet(notes: Iterable[str], *, reason: str, min_cell: int) -> list[str]:
    """Return notes, none twice, without those whose counts of persons would give one away.

    A note leaks where it names a count of 1 to ``min_cell - 1``, or two counts that lie so
    close.  `reason` counts clusters, not persons, and stays as it is.
    """
    kept = []
    for note in dict.fromkeys(notes):
        counts = [int(text) for text in re.findall(r"(?<![\d.:])\b\d+\b(?![.:]\d)", note)]
        gaps = [abs(one - other) for one, other in combinations(counts, 2)]
        if note == reason or not is_small(np.array([*counts, *gaps], float), min_cell).any():
            kept.append(note)
    return kept


def _shares(
    frame: pd.DataFrame, share: str, base: str, scale: float, min_cell: int
) -> pd.DataFrame:
    """Hide a share with everything that says the same in other words."""
    if frame.empty:
        return frame
    beside = [
        name
        for name in (
            "conf_low",
            "conf_high",
            "n_answered",
            "median_weeks",
            "p25_weeks",
            "p75_weeks",
        )
        if name in frame
    ]
    return suppress_shares(
        frame, share=share, base=base, hide=beside, scale=scale, min_cell=min_cell
    ).frame


def _flow(frame: pd.DataFrame, min_cell: int) -> pd.DataFrame:
    """Hide small losses, and those of a survey's set that add up to a hidden number.

    The set of an outcome begins with those whom the main steps left; where that number is
    hidden, what the first step of the set left and lost would give it back as a sum.
    """
    if frame.empty:
        return frame
    made = suppress_flow(frame, min_cell=min_cell).frame
    of_outcome = frame["step"].astype(str).str.contains(":")
    first = of_outcome & ~frame.assign(
        name=frame["step"].astype(str).str.rpartition(":")[2]
    ).duplicated(["arm", "name"])
    began = frame["n"] + frame["lost"]
    for arm, rows in made.loc[first].groupby("arm"):
        shown = set(made.loc[~of_outcome & (made["arm"] == arm), "n"].dropna())
        hidden = [row for row in rows.index if began[row] not in shown]
        made.loc[hidden, "lost"] = pd.NA
    return made


def _missing(frame: pd.DataFrame, min_cell: int) -> pd.DataFrame:
    """Hide small counts of a kind, and another beside them: a question's total is known.

    The others are rounded to `min_cell`: from one question to the next a few break off.
    """
    if frame.empty:
        return frame
    known = ("table", "wave", "column")
    made = suppress_counts(frame, ["n"], min_cell=min_cell, within=known).frame
    made["n"] = (made["n"] / min_cell).round() * min_cell
    return made


def _answered(frame: pd.DataFrame, response: pd.DataFrame, min_cell: int) -> pd.DataFrame:
    """Hide the base of an item or scale that few of a wave left out; its share loses digits.

    How many answered the wave stands in response.csv.
    """
    if frame.empty or response.empty or min_cell == 1:
        return frame
    everybody = response[response["arm"] == "all"]
    made = frame.copy()
    for wave, answered in zip(everybody["wave"], everybody["n_answered"], strict=True):
        few = is_small(float(answered) - frame["n"].to_numpy(float), min_cell)
        few &= (frame["wave"] == wave).to_numpy()
        made["n"] = made["n"].astype("Int64").mask(few)
        told = [name for name in ("estimate", "conf_low", "conf_high") if name in frame]
        made.loc[few, told] = made.loc[few, told].astype(float).round(1)
    return made


def _profile(frame: pd.DataFrame, flow: pd.DataFrame, min_cell: int) -> pd.DataFrame:
    """Hide shares of few, and the next smallest level of a variable of which one is hidden.

    The groups are nested, so shares are those of counts rounded to `min_cell`: no difference
    between two groups tells of fewer.
    """
    if frame.empty:
        return frame
    made = frame.reset_index(drop=True)
    is_share = made["sd"].isna() & made["mean"].notna()
    found = suppress_shares(
        made.loc[is_share], share="mean", base="n", scale=1.0, min_cell=min_cell
    ).frame
    made.loc[is_share, "mean"] = found["mean"]
    few = is_small(made["n"].to_numpy(float), min_cell)
    mine = made["group"] == "participants"
    main = (flow["arm"] == "treated") & ~flow["step"].astype(str).str.contains(":")
    told = [flow.loc[main, "n"], made.loc[made["group"] == "matched", "n"]]
    sizes = np.concatenate([counts.to_numpy(float, na_value=np.nan) for counts in told])
    gaps = np.abs(sizes - made.loc[mine, "n"].max())
    if is_small(gaps, min_cell).any():
        few |= mine.to_numpy()
    made.loc[few, ["n", "mean", "sd"]] = np.nan
    for _, rows in made.loc[is_share].groupby(["group", "variable"], sort=False):
        hidden = rows["mean"].isna()
        if len(rows) > 1 and hidden.sum() == 1:
            made.loc[rows["mean"].idxmin(), "mean"] = np.nan
    rounded = (made["mean"] * made["n"] / min_cell).round() * min_cell / made["n"]
    made["mean"] = made["mean"].mask(is_share, rounded.clip(upper=1.0))
    return made


def _hidden_names(rare: set[tuple[str, str]], curves: pd.DataFrame) -> set[str]:
    """Return the outcomes of effects.csv, causes among them, that are rare causes."""
    few: set[str] = set()
    if not rare:
        return few
    first = curves.groupby("outcome", sort=False)["cause"].first()
    for outcome, cause in rare:
        few |= {cause, f"{outcome}:{cause}"}
        few |= {outcome} if first[outcome] == cause else set()
    return few


def _hidden(frame: pd.DataFrame, rows: pd.Series) -> pd.DataFrame:
    """Return effects with the estimates of `rows` left out."""
    made = frame.copy()
    made.loc[rows, [name for name in ESTIMATES if name in made]] = np.nan
    return made


def _effects(frame: pd.DataFrame, min_cell: int) -> pd.DataFrame:
    """Hide effects between arms of which one is small."""
    if frame.empty:
        return frame
    sizes = ["n_treated", "n_comparison"]
    small = is_small(frame[sizes].to_numpy(float), min_cell)
    made = _hidden(frame, pd.Series(small.any(axis=1), index=frame.index))
    made[sizes] = made[sizes].mask(small)
    return made


def _designs(frame: pd.DataFrame, flow: pd.DataFrame, min_cell: int) -> pd.DataFrame:
    """Hide the sizes of a design that differ by few from a size that is shown elsewhere."""
    if frame.empty:
        return frame
    made = frame.reset_index(drop=True)
    shown = {arm: list(flow.loc[flow["arm"] == arm, "n"].dropna()) for arm in ARMS}
    for place, row in enumerate(made.to_dict("records")):
        sizes = {arm: row[f"n_{arm}"] for arm in ARMS}
        gaps = [abs(size - other) for arm, size in sizes.items() for other in shown[arm]]
        if pd.isna([*sizes.values()]).any() or is_small(np.array(gaps, float), min_cell).any():
            made.loc[place, [f"{kind}_{arm}" for kind in ("n", "ess") for arm in ARMS]] = np.nan
        else:
            for arm, size in sizes.items():
                shown[arm].append(size)
    if min_cell > 1:
        made["largest_smd"] = made["largest_smd"].astype(float).round(DECIMALS)
    return made


def _sites(frame: pd.DataFrame, min_cell: int) -> pd.DataFrame:
    """Hide clusters with few participants, and another beside them: the total is known."""
    if frame.empty:
        return frame
    return suppress_counts(
        frame,
        ["n_treated"],
        min_cell=min_cell,
        within=("outcome", "term"),
        companions=("estimate", "loo_estimate", "loo_low", "loo_high"),
    ).frame


def _contrasts(frame: pd.DataFrame, min_cell: int) -> pd.DataFrame:
    """Hide the cells of few, and totals that would give away how few were left out."""
    if frame.empty:
        return frame
    made = _shares(frame, "estimate", "n", 100.0, min_cell)
    lost = frame["n_unobserved"].to_numpy(float)
    rest = frame["n_target"].to_numpy(float) - lost - frame["n"].to_numpy(float)
    few = is_small(lost, min_cell) | is_small(rest, min_cell)
    made.loc[few, ["n_target", "n_unobserved"]] = np.nan
    return made
