"""A comparison by weights or sets that were made elsewhere, to see how alike they make arms."""

from __future__ import annotations

from collections.abc import Iterator
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
    """Return a comparison by weights or sets that somebody else has made.

    Its balance, plots and effects are as of any other: cobalt's ``bal.tab(weights =,
    subclass =)``, WeightIt's ``as.weightit``.

    Parameters
    ----------
    frame : pd.DataFrame
        One row per unit, used or not.
    roles : Roles
        Unit and treatment; covariates that balance is shown of.
    weights : str or array of numbers, optional
        A column, or one number per row in the order of `frame`: 0 = not used, sampling weights
        included.  Left out, they are those that the sets imply.
    subclass : str or array, optional
        A column, or one value per row: its matched set or stratum, missing for none.
    estimand : {"ATT", "ATC", "ATE", "ATO", "ATM"}
        Whom the effect is to be about.

    Raises
    ------
    ColumnError, DesignError
        If roles name no column; with all that is wrong with weights and sets.

    Notes
    -----
    Standard errors take the weights as fixed: nothing is known of their estimation.  Where a
    set has several rows of both arms, sets are strata; otherwise they are of partners.
    """
    treated = read_arms(frame, roles)
    refuse_missing(frame, {"cluster": () if roles.cluster is None else (roles.cluster,)})
    both = {"weights": weights, "subclass": subclass}
    said = {name: values for name, values in both.items() if values is not None}
    told = not_offered("estimand", estimand, get_args(Estimand))
    if not said:
        told.append("weights and subclass are both left out; give the one or the other.")
    elif weights is None and estimand in ("ATO", "ATM"):
        told.append(f"estimand='{estimand}' needs weights; sets make an ATT, ATC or ATE.")
    told += [fault for name, one in said.items() for fault in _faults(name, one, frame)]
    if told:
        raise DesignError("\n".join(told))
    read = {name: frame[one] if isinstance(one, str) else one for name, one in said.items()}
    known = np.ones(len(frame))
    if weights is not None:
        known = np.array(read["weights"], dtype=np.float64)
    sets: IntArray = np.full(len(frame), -1, dtype=np.int64)
    if subclass is not None:
        sets = pd.factorize(np.asarray(read["subclass"]))[0].astype(np.int64)
        for arm in (treated, ~treated):
            sets[~np.isin(sets, sets[arm & (known > 0)])] = -1
    used = sets >= 0 if weights is None else known > 0
    for name, arm in zip(ARMS, (treated, ~treated), strict=True):
        if not used[arm].any():
            raise DesignError(f"no {name} row weighs more than 0, or is in a set of both arms.")
    if weights is None:
        sampling = read_sampling(frame, roles)
        known = from_sets(treated, sets, estimand) * (1.0 if sampling is None else sampling)
    n = int(sets.max()) + 1
    own, other = (
        np.bincount(sets[arm & used & (sets >= 0)], minlength=n) for arm in (treated, ~treated)
    )
    what = " and ".join({"weights": "weights", "subclass": "sets"}[name] for name in said)
    lost = np.flatnonzero(target_of(treated, estimand) & (known == 0))
    note = "{what} were given: standard errors take them as fixed, however they were made."
    return Comparison(
        frame=frame.copy(deep=False),
        roles=roles,
        method="given",
        estimand=estimand,
        design=f"given {what}",
        weights=frozen(known),
        treated=frozen(treated),
        subclass=frozen(sets),
        is_strata=bool(((own > 1) & (other > 1)).any()),
        dropped=pd.DataFrame({"row": lost, "reason": np.full(len(lost), "weighs 0", object)}),
        notes=(Note("given", note, facts={"what": what}),),
    )


def _faults(name: str, said: Given, frame: pd.DataFrame) -> Iterator[str]:
    """Yield what keeps weights, or sets, from being one per row of the frame."""
    if isinstance(said, str) and (unknown := unknown_columns(frame, {name: said})):
        yield from unknown
        return
    if isinstance(said, pd.Series) and not said.index.equals(frame.index):
        yield (
            f"{name}: its index is not the frame's, and rows are taken by position; bring it "
            "into the frame's order, or make it a column."
        )
    values = frame[said] if isinstance(said, str) else np.asarray(said)
    if values.shape != (len(frame),):
        shape = " x ".join(map(str, values.shape)) or "1"
        yield f"{name}: {shape} value(s) for {len(frame)} rows; give one per row."
    if name == "weights":
        yield from _weight_faults(pd.Series(np.ravel(values)))


def _weight_faults(values: pd.Series) -> Iterator[str]:
    numbers: FloatArray = pd.to_numeric(values, errors="coerce").to_numpy(
        np.float64, na_value=np.nan
    )
    if not is_numeric_dtype(values.infer_objects().dtype):
        yield f"weights hold {values.dtype} and must be numbers."
        return
    for what, wrong in (
        ("missing", np.isnan(numbers)),
        ("infinite", np.isinf(numbers)),
        ("negative", numbers < 0),
    ):
        if wrong.any():
            yield f"weights: {int(wrong.sum())} are {what}; 0 leaves a row out."
