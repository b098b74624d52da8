"""Weekly shares of statuses, shown so coarsely that no few persons can be worked out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_dictionary.errors import ColumnError, DesignError
from evaluation.arrays import FloatArray
from evaluation.comparison.arms import ARMS
from evaluation.disclosure.rules import MIN_CELL, floored, require_min_cell

DIFFERENCE = "difference"
LIMITS = ("conf_low", "conf_high", "band_low", "band_high")
COLUMNS = ("status", "arm", "week", "estimate", *LIMITS, "n", "persons", "everybody")
# A status has a curve of its own where it is not small in this share of the weeks.
OFTEN = 0.25
# Half an interval is shown in steps of a tenth of a percentage point.
STEPS = 10.0


def is_enough(persons: FloatArray, min_cell: int) -> np.ndarray:
    """Return which classes of persons may carry an interval: from two small counts up."""
    return np.asarray(floored(persons, min_cell) >= 2 * min_cell)


def rare_statuses(counts: pd.DataFrame, *, min_cell: int = MIN_CELL) -> tuple[str, ...]:
    """Return the statuses that are too rare for a curve of their own, in the order given.

    `counts` holds ``status arm week persons``, every status in every week of both arms.  Rare
    are those with fewer than ``2 * min_cell`` persons in more than three quarters of the weeks
    of an arm; with `min_cell` 1 only statuses without persons.
    """
    enough = is_enough(counts["persons"].to_numpy(float), min_cell)
    often = counts.assign(enough=enough).groupby(["status", "arm"], sort=False)["enough"].mean()
    least = often.groupby(level="status", sort=False).min()
    return tuple(str(status) for status in least.index[least < OFTEN])


def coarsen_paths(paths: pd.DataFrame, *, rest: str, min_cell: int = MIN_CELL) -> pd.DataFrame:
    """Return weekly shares from which no count of 1 to ``min_cell - 1`` can be worked out.

    Parameters
    ----------
    paths : pd.DataFrame
        ``status arm week estimate conf_low conf_high band_low band_high n persons everybody``,
        in per cent.  The arms are ``treated``, ``comparison`` and ``difference``; `everybody`
        is the size of the arm, `n` those observed, `persons` those of them in the status
        (missing for a difference).  In each arm and week the statuses add up to `n`.
    rest : str
        The status that is shown as what the others leave, best the largest.
    min_cell : int
        Smallest count that may be worked out; 1 changes nothing.

    Returns
    -------
    pd.DataFrame
        The same columns without ``persons``.  Weeks with fewer than `min_cell` observed, and
        intervals on few, are missing.

    Notes
    -----
    *What is told.*  Of each arm and week the number not observed, and of each status but
    `rest` the number in it (share times observed, where persons are weighted), are told only
    as a class of `min_cell` counts: 0 to ``min_cell - 1``, `min_cell` to ``2 min_cell - 1``,
    and so on.  All else is made from the classes.  A share is that of the middle of its class,
    none in the lowest; `rest` is what is left; a difference is that of the two shares shown,
    since the exact one would tell, at an extreme, both remainders.

    *Why that is enough.*  Whatever is shown, it would also be shown if every status but `rest`
    had exactly the lower end of its class, a multiple of `min_cell`, and `rest` all others.
    Those counts are never negative and add up to the arm's size, so nobody can exclude
    them, not even by the exact sizes, nor by knowing that nobody returns from a status: the
    classes of a count that never falls never fall.  Hence no count, and no change between two
    weeks, is known to lie in 1 to ``min_cell - 1``.  The count of `rest`, and whom the register
    does not show, are known only up to at least `min_cell` neighbouring values.

    *Intervals.*  With few persons in a status a standard error has few possible values, so
    limits are shown only where status and remainder are at least ``2 min_cell`` in both arms,
    by the classes.  They lie around the difference shown, half widths rounded up to a tenth
    of a percentage point.

    Rounding to the nearest multiple was rejected: with the sum over the statuses known, several
    rounded shares can narrow each other down to one value, and a rounded count can fall where
    the true one cannot.  Means over blocks of weeks were rejected too: four weeks of one person
    are four person-weeks, and next to a known zero the block tells them.
    """
    require_min_cell(min_cell)
    missing = [column for column in COLUMNS if column not in paths.columns]
    if missing:
        raise ColumnError(f"paths lack the column(s) {', '.join(missing)}")
    columns = [column for column in paths.columns if column != "persons"]
    if paths.empty or min_cell == 1:
        return paths[columns].copy()
    if rest not in set(paths["status"]):
        raise DesignError(f"rest='{rest}' is not among the statuses")
    made = paths.reset_index(drop=True)
    keys = ["status", "week"]
    arms = {arm: made[made["arm"] == arm] for arm in ARMS}
    shown = {arm: _arm(rows, rest, min_cell) for arm, rows in arms.items()}
    for arm, rows in arms.items():
        made.loc[rows.index, ["estimate", "n"]] = shown[arm][["estimate", "n"]].to_numpy()
        made.loc[rows.index, list(LIMITS)] = np.nan
    rows = made[made["arm"] == DIFFERENCE]
    at = pd.MultiIndex.from_frame(rows[keys])
    treated, comparison = (
        shown[arm].set_index(pd.MultiIndex.from_frame(arms[arm][keys])).reindex(at)
        for arm in ARMS
    )
    difference = treated["estimate"].to_numpy() - comparison["estimate"].to_numpy()
    enough = (treated["enough"] & comparison["enough"]).to_numpy(bool)
    made.loc[rows.index, "estimate"] = difference
    made.loc[rows.index, "n"] = treated["n"].to_numpy() + comparison["n"].to_numpy()
    for kind in ("conf", "band"):
        width = (rows[f"{kind}_high"] - rows[f"{kind}_low"]).to_numpy(float) / 2.0
        half = np.where(enough, np.ceil(width * STEPS - 1e-9) / STEPS, np.nan)
        made.loc[rows.index, f"{kind}_low"] = difference - half
        made.loc[rows.index, f"{kind}_high"] = difference + half
    return made[columns]


def _arm(rows: pd.DataFrame, rest: str, min_cell: int) -> pd.DataFrame:
    """Return share, number observed and whether both sides of it are enough, row by row."""
    middle = (min_cell - 1) / 2.0
    size = rows["everybody"].to_numpy(float)
    most = size - floored(size - rows["n"].to_numpy(float), min_cell)
    everybody: FloatArray = np.where(most >= 2 * min_cell - 1, most, np.nan)
    persons = np.minimum(
        rows["estimate"].to_numpy(float) / 100.0 * rows["n"].to_numpy(float),
        np.where(rows["persons"] < min_cell, rows["persons"].to_numpy(float), np.inf),
    )
    low = floored(persons, min_cell)
    told = np.where(low > 0, low + middle, 0.0)
    is_rest = (rows["status"] == rest).to_numpy()
    named = pd.Series(np.where(is_rest, 0.0, told), index=rows.index)
    others = named.groupby(rows["week"]).transform("sum").to_numpy(float)
    count: FloatArray = np.where(is_rest, np.maximum(everybody - others, 0.0), told)
    both = [is_enough(side, min_cell) for side in (count, everybody - count)]
    return pd.DataFrame(
        {
            "estimate": 100.0 * count / everybody,
            "n": everybody,
            "enough": both[0] & both[1],
        },
        index=rows.index,
    )


def require_safe_paths(paths: pd.DataFrame, *, rest: str, min_cell: int = MIN_CELL) -> None:
    """Raise `DesignError` if published paths tell more than classes of `min_cell` persons."""
    if min_cell == 1 or paths.empty:
        return
    middle = (min_cell - 1) / 2.0
    arms = paths[paths["arm"].isin(ARMS)]
    observed = arms["n"].to_numpy(float)
    count = arms["estimate"].to_numpy(float) / 100.0 * observed
    low = np.where(count > 1e-6, count - middle, 0.0)
    own = (arms["status"] != rest).to_numpy() & np.isfinite(count)
    wrong = int((own & (np.abs(low - floored(low + 0.5, min_cell)) > 1e-6)).sum())
    away = (arms["everybody"].to_numpy(float) - observed)[np.isfinite(observed)]
    wrong += int((away % min_cell != 0).sum())
    wide = paths.pivot_table(
        index=["status", "week"], columns="arm", values="estimate", dropna=False
    )
    if DIFFERENCE in wide:
        gap = wide[DIFFERENCE] - (wide["treated"] - wide["comparison"])
        wrong += int((gap.abs() > 1e-9).sum())
    if wrong:
        raise DesignError(
            f"weekly paths give away {wrong} number(s) finer than {min_cell} persons; pass "
            "them through coarsen_paths before they are shown"
        )
