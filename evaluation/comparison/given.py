"""A comparison by weights or sets that were made elsewhere, to see how alike they make arms."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_numeric_dtype

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray, IntArray, frozen
from evaluation.columns import unknown_columns
from evaluation.comparison.arms import ARMS, read_arms, read_sampling, refuse_missing, target_of
from evaluation.comparison.matched import Comparison
from evaluation.comparison.matching.set_weights import from_sets
from evaluation.comparison.method import not_offered
from evaluation.notes import Note
from evaluation.roles import Roles

NO_WEIGHT = "weighs nothing"
Given: TypeAlias = str | pd.Series | npt.NDArray[Any] | list[Any]
Estimand = Literal["ATT", "ATC", "ATE", "ATO", "ATM"]


def given(
    frame: pd.DataFrame,
    roles: Roles,
    *,
    weights: Given | None = None,
    subclass: Given | None = None,
    estimand: Estimand = "ATT",
) -> Comparison:
    """Return a comparison by weights or sets that another program, or a consultant, has made.

    Its balance, its plots and every effect are then as of any other, as cobalt's
    ``bal.tab(weights =, subclass =)`` and WeightIt's ``as.weightit`` have it.

    Parameters
    ----------
    frame : pd.DataFrame
        One row per unit, used or not.
    roles : Roles
        Unit and treatment; covariates that balance is shown of.
    weights : str or array of numbers, optional
        A column or one number per row of `frame`, in its order: 0 = not used, sampling weights
        included.  Without it the weights are those that the sets imply.
    subclass : str or array, optional
        A column or one value per row: the row's matched set or stratum, missing for none.
    estimand : {"ATT", "ATC", "ATE", "ATO", "ATM"}
        Whom the weights or sets are meant to make the effect about.

    Raises
    ------
    ColumnError, DesignError
        With all that is wrong with roles, weights and sets.

    Notes
    -----
    Standard errors take the weights as fixed, as nothing is known of their estimation.

    Examples
    --------
    >>> persons = pd.DataFrame({"id": range(4), "t": [1, 1, 0, 0], "age": [30, 40, 30, 60]})
    >>> roles = Roles(unit="id", treatment="t", covariates=("age",))
    >>> float(given(persons, roles, weights=[1, 1, 1.5, 0.5]).balance().largest).__round__(9)
    0.353553391
    """
    treated = read_arms(frame, roles)
    refuse_missing(frame, {"cluster": () if roles.cluster is None else (roles.cluster,)})
    told = not_offered("estimand", estimand, get_args(Estimand))
    both = {"weights": weights, "subclass": subclass}
    made = {
        name: _values(name, values, frame, told)
        for name, values in both.items()
        if values is not None
    }
    if not made:
        told.append("weights and subclass are both left out; give the one or the other.")
    elif weights is None and estimand in ("ATO", "ATM"):
        told.append(f"estimand='{estimand}' needs weights; sets make an ATT, ATC or ATE.")
    known = np.ones(len(frame)) if weights is None else _numbers(made["weights"], told)
    sets: IntArray = np.full(len(frame), -1, dtype=np.int64)
    if subclass is not None and not told:
        sets = pd.factorize(made["subclass"], sort=False)[0].astype(np.int64)
        both_arms = [np.isin(sets, sets[arm & (known > 0)]) for arm in (treated, ~treated)]
        sets[~(both_arms[0] & both_arms[1])] = -1
        if not (sets >= 0).any():
            told.append("subclass: no set holds rows of both arms.")
    if weights is None and not told:
        sampling = read_sampling(frame, roles)
        known = from_sets(treated, sets, estimand) * (1.0 if sampling is None else sampling)
    told += [
        f"weights: no {arm} row weighs more than 0."
        for arm, rows in zip(ARMS, (treated, ~treated), strict=True)
        if not told and not (known[rows] > 0).any()
    ]
    if told:
        raise DesignError("\n".join(told))
    what = " and ".join({"weights": "weights", "subclass": "sets"}[name] for name in made)
    lost = np.flatnonzero(target_of(treated, estimand) & (known == 0))
    return Comparison(
        frame=frame.copy(deep=False),
        roles=roles,
        method="given",
        estimand=estimand,
        design=f"given {what}",
        weights=frozen(known),
        treated=frozen(treated),
        subclass=frozen(sets),
        dropped=pd.DataFrame({"row": lost, "reason": np.full(len(lost), NO_WEIGHT, object)}),
        notes=(
            Note(
                "given",
                "{what} were given: standard errors take them as fixed, and how they were made "
                "has not been checked.",
                facts={"what": what},
            ),
        ),
    )


def _values(name: str, values: Given, frame: pd.DataFrame, told: list[str]) -> pd.Series:
    """Return one value per row; what keeps them from being that is added to what is told."""
    if isinstance(values, str):
        if faults := unknown_columns(frame, {name: values}):
            told += faults
            return pd.Series(0.0, index=frame.index)
        return frame[values]
    if isinstance(values, pd.Series) and not values.index.equals(frame.index):
        told.append(
            f"{name}: its index is not the frame's, and rows are taken by position; bring it "
            "into the frame's order, or make it a column."
        )
    made = np.asarray(values)
    if made.shape != (len(frame),):
        shape = " x ".join(map(str, made.shape)) or "1"
        told.append(f"{name}: {shape} value(s) for {len(frame)} rows; give one per row.")
    return pd.Series(made.ravel())


def _numbers(values: pd.Series, told: list[str]) -> FloatArray:
    """Return weights; what is no weight is added to what is told."""
    if not is_numeric_dtype(values.dtype):
        told.append(f"weights hold {values.dtype} and must be numbers.")
        return np.zeros(len(values))
    numbers: FloatArray = values.to_numpy(dtype=np.float64, na_value=np.nan).copy()
    for what, wrong in (
        ("missing", np.isnan(numbers)),
        ("infinite", np.isinf(numbers)),
        ("negative", numbers < 0),
    ):
        if wrong.any():
            told.append(f"weights: {int(wrong.sum())} are {what}; 0 leaves a row out.")
    return numbers
