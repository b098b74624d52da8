"""The matched table: the frame's rows with their weights, sets and distance, to hand on."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd

from data_dictionary.errors import ColumnError, DesignError
from evaluation.arrays import FloatArray, IntArray
from evaluation.comparison.arms import ARMS
from evaluation.comparison.data import ComparisonData
from evaluation.comparison.method import not_offered

Rows = Literal["used", "all", "sets"]


def data(m: ComparisonData, *, rows: Rows = "used", prefix: str = "") -> pd.DataFrame:
    """Return the table that effects are estimated on, as any program can read it.

    Parameters
    ----------
    m : Comparison
    rows : {"used", "all", "sets"}
        One row per row used; all rows, where those not used weigh 0; or one row per set and
        row, set by set: a row that stands in several sets (replacement) is repeated, and its
        parts add up to its weight.
    prefix : str
        Put before the names of the columns added, where the frame has columns of these names.

    Returns
    -------
    pd.DataFrame
        The frame's columns and index, then ``arm`` (treated, comparison), ``weights``, and
        where the design has them ``subclass`` (the set), ``distance`` and ``propensity``;
        missing in rows without one.  For ``to_csv``, ``to_stata`` and ``to_parquet``.

    Raises
    ------
    ColumnError
        If the frame has a column of a name that is added.
    DesignError
        If `rows` is not offered, or sets are asked of a design that has none.

    Notes
    -----
    As ``match_data`` and, for sets, ``get_matches`` of MatchIt, where the parts of a row that
    stands in several sets are not scaled.
    """
    if faults := not_offered("rows", rows, get_args(Rows)):
        raise DesignError(faults[0])
    place, subclass, weights = _by_set(m) if rows == "sets" else _by_row(m, rows == "used")
    sets = pd.Series(subclass, dtype="Int64")
    added = {
        "arm": np.where(m.treated[place], *ARMS).astype(object),
        "weights": weights,
        "subclass": None if (subclass < 0).all() else sets.where(sets >= 0).array,
        "distance": None if m.distance is None else m.distance[place],
        "propensity": None if m.propensity is None else m.propensity[place],
    }
    made = {f"{prefix}{name}": values for name, values in added.items() if values is not None}
    taken = [f"'{name}'" for name in made if name in m.frame.columns]
    if taken:
        raise ColumnError(
            f"the frame has {len(taken)} column(s) with a name that is added: "
            f"{', '.join(taken)}; "
            "choose another prefix, such as data(prefix='match_')."
        )
    return m.frame.take(place).assign(**made)


def _by_row(m: ComparisonData, is_used: bool) -> tuple[IntArray, IntArray, FloatArray]:
    """Return positions, sets and weights of the rows used, or of all rows."""
    place = np.flatnonzero(m.used) if is_used else np.arange(len(m.weights))
    return place, m.subclass[place], m.weights[place]


def _by_set(m: ComparisonData) -> tuple[IntArray, IntArray, FloatArray]:
    """Return positions, sets and parts of the weights, the treated of each set first."""
    if m.replace:
        parts = pd.concat(
            pd.DataFrame({"set": m.pairs["subclass"], "row": m.pairs[arm]}) for arm in ARMS
        ).drop_duplicates()
        size = parts.groupby(["set", m.treated[parts["row"]]])["row"].transform("size")
        share = 1 / size
        share /= share.groupby(parts["row"]).transform("sum")
    elif m.set_codes is not None:
        rows = np.flatnonzero(m.used & (m.subclass >= 0))
        parts = pd.DataFrame({"set": m.subclass[rows], "row": rows})
        share = pd.Series(1.0, index=parts.index)
    else:
        raise DesignError(f"{m.design}: this design has no sets; use rows='used'.")
    row, found = parts["row"].to_numpy(), parts["set"].to_numpy()
    order = np.lexsort((row, ~m.treated[row], found))
    row = row[order]
    return row, found[order], m.weights[row] * share.to_numpy()[order]
