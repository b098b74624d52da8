"""Strata: rows that agree on some columns, on bins of them, or on a stretch of a score."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.matching.options import Cem, Subclass
from evaluation.comparison.matching.plan import is_count, is_number
from evaluation.roles import Roles


def codes(frame: pd.DataFrame, columns: tuple[str, ...]) -> IntArray:
    """Return one code per row, equal where the rows agree on all columns; 0 without columns."""
    code: IntArray = np.zeros(len(frame), dtype=np.int64)
    for column in columns:
        own, levels = pd.factorize(frame[column])
        code, _ = pd.factorize(code * (len(levels) + 1) + own)
    return code.astype(np.int64)


def coarsen(frame: pd.DataFrame, roles: Roles, options: Cem) -> pd.DataFrame:
    """Return the covariates as `options` cuts and groups them, one column each."""
    coarse = {}
    for name in roles.covariates:
        column = frame[name]
        if is_numeric_dtype(column.dtype) and not is_bool_dtype(column.dtype):
            if name in options.grouping:
                raise DesignError(f"Cem(grouping): '{name}' is a number; give it cutpoints.")
            values = column.to_numpy(dtype=np.float64)
            edges = cuts(name, values, options.cutpoints.get(name, "sturges"))
            coarse[name] = values if edges is None else np.searchsorted(edges, values, "right")
        else:
            if name in options.cutpoints:
                raise DesignError(f"Cem(cutpoints): '{name}' is a category; give it grouping.")
            coarse[name] = _grouped(name, column, options)
    return pd.DataFrame(coarse)


def cuts(name: str, values: FloatArray, rule: object) -> FloatArray | None:
    """Return the inner edges of a number's bins, or None where each value is its own bin."""
    if isinstance(rule, str):
        if rule != "sturges":
            raise DesignError(
                f"Cem(cutpoints): '{name}' has rule {rule!r}; allowed: a number of bins, "
                "'sturges', or the cuts themselves."
            )
        rule = int(np.ceil(np.log2(len(values)) + 1))
    if is_count(rule, 0):
        if rule == 0:
            return None
        return np.linspace(values.min(), values.max(), int(rule) + 1)[1:-1]  # type: ignore[call-overload]
    if isinstance(rule, list | tuple | np.ndarray) and all(is_number(float(x)) for x in rule):
        return np.sort(np.asarray(rule, dtype=np.float64))
    raise DesignError(
        f"Cem(cutpoints): '{name}' has {rule!r}; allowed: a number of bins from 0 up, "
        "'sturges', or the cuts themselves."
    )


def subclasses(
    position: FloatArray,
    treated: BoolArray,
    eligible: BoolArray,
    options: Subclass,
    estimand: str,
) -> IntArray:
    """Return each row's subclass from 0, -1 for rows left out.

    Cuts are quantiles (R's type 7) of the distance measure among the target; a value on a cut
    falls into the upper subclass.  A subclass short of an arm takes that arm's nearest rows
    from the nearest subclass that can spare them.
    """
    target = {"ATT": treated, "ATC": ~treated}.get(estimand, np.ones_like(treated)) & eligible
    edges = np.quantile(position[target], np.linspace(0, 1, options.n + 1)[1:-1])
    subclass: IntArray = np.full(len(position), -1, dtype=np.int64)
    for arm, name in ((treated, "treated"), (~treated, "comparison")):
        rows = np.flatnonzero(arm & eligible)
        rows = rows[np.argsort(position[rows], kind="stable")]
        if len(rows) < options.n * options.least:
            raise DesignError(
                f"{options.n} subclasses with at least {options.least} {name} row(s) each need "
                f"{options.n * options.least}; there are {len(rows)}. Ask for fewer subclasses."
            )
        own = np.searchsorted(edges, position[rows], side="right")
        counts = _filled(np.bincount(own, minlength=options.n), options.least)
        subclass[rows] = np.repeat(np.arange(options.n), counts)
    return subclass


def _filled(counts: IntArray, least: int) -> IntArray:
    """Return the counts, each raised to `least` at the cost of its nearest neighbours."""
    counts = counts.astype(np.int64)
    for short in range(len(counts)):
        while counts[short] < least:
            spare = np.flatnonzero(counts > least)
            counts[spare[np.argmin(np.abs(spare - short))]] -= 1
            counts[short] += 1
    return counts


def _grouped(name: str, column: pd.Series, options: Cem) -> IntArray:
    levels = column.astype(object)
    known = set(levels.unique())
    for group in options.grouping.get(name, ()):
        unknown = [level for level in group if level not in known]
        if isinstance(group, str) or unknown:
            raise DesignError(
                f"Cem(grouping): '{name}' lacks {len(unknown)} of the levels named; each group "
                "is a list of levels."
            )
        levels = levels.where(~levels.isin(list(group)), group[0])
    return pd.factorize(levels)[0].astype(np.int64)
