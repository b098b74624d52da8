"""Sets of rows that agree: exactly, or on bins of the covariates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_hashable, is_numeric_dtype

from data_dictionary.errors import DesignError, did_you_mean
from data_dictionary.schema import key
from evaluation.arrays import FloatArray, IntArray
from evaluation.comparison.arms import Arms
from evaluation.comparison.matching.candidates import Candidates, refuse_repeated
from evaluation.comparison.matching.distance import Score, coordinates
from evaluation.comparison.matching.field import Space
from evaluation.comparison.matching.found import Found, codes
from evaluation.comparison.matching.method import Matching
from evaluation.comparison.matching.nearest import greedy
from evaluation.comparison.method import Family, is_count, is_number
from evaluation.roles import Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact(Matching):
    """Sets of rows that agree on every covariate and every exact column."""

    name: ClassVar[str] = "exact"
    makes: ClassVar[Family] = "sets"

    def kind(self) -> str:
        """Return what the method does, in words."""
        return "exact on all covariates"

    def find(self, arms: Arms, pool: Candidates, measured: Score) -> Found:
        """Put rows that agree on every covariate and exact column into one set."""
        del measured
        refuse_repeated(arms, np.flatnonzero(pool.eligible), self.name)
        code = codes(arms.frame, (*arms.roles.covariates, *arms.roles.exact))
        return Found.of_codes(code, arms.treated, pool.eligible)

    def alike(self, frame: pd.DataFrame, roles: Roles) -> list[pd.Series]:
        """Return columns on which sets agree, beside those of `Roles.exact`."""
        return [frame[name] for name in roles.covariates]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cem(Matching):
    """Coarsened exact matching: sets of rows that agree on covariates cut into bins."""

    name: ClassVar[str] = "cem"
    makes: ClassVar[Family] = "sets"

    cutpoints: Mapping[str, int | str | Sequence[float]] = key(
        "Per number: so many bins of equal width (0 = exact, 1 = left out), Sturges' rule "
        '(`"sturges"`, the default), or the cuts themselves; a value on a cut falls into the '
        "upper bin.",
        {},
        names="column",
    )
    grouping: Mapping[str, Sequence[Sequence[Any]]] = key(
        "Per category: levels that count as one.", {}, names="column"
    )
    k2k: bool = key(
        "Whether each set is thinned to as many treated as comparison rows, paired greedily by "
        "Mahalanobis distance in data order.",
        False,
    )

    def faults_in(self, arms: Arms) -> list[str]:
        """Return what is wrong with the keywords for these data and roles."""
        told = Matching.faults_in(self, arms)
        if self.k2k and arms.estimand == "ATE":
            told.append(
                "estimand='ATE' cannot be had with Cem(k2k=True), which leaves out rows of "
                "both arms; use 'ATT', 'ATC' or k2k=False."
            )
        known = arms.roles.covariates
        for keyword, names in (("cutpoints", self.cutpoints), ("grouping", self.grouping)):
            told += [
                f"Cem({keyword}): '{name}' is not a covariate.{did_you_mean(name, known)}"
                for name in names
                if name not in known
            ]
        for name, groups in self.grouping.items():
            if name in known:
                told += _group_faults(name, groups, arms.frame[name])
        told += [
            f"Cem(cutpoints): '{name}' is a category; give it grouping."
            for name in self.cutpoints
            if name in known and not _is_number(arms.frame[name])
        ]
        return told

    def kind(self) -> str:
        """Return what the method does, in words."""
        return "coarsened exact" + (" 1:1" if self.k2k else "")

    def find(self, arms: Arms, pool: Candidates, measured: Score) -> Found:
        """Put rows that agree on every coarsened covariate and exact column into one set."""
        del measured
        refuse_repeated(arms, np.flatnonzero(pool.eligible), self.name)
        coarse = pd.DataFrame(
            {name: self._coarsened(name, arms.frame[name]) for name in arms.roles.covariates}
        )
        exact = arms.frame[list(arms.roles.exact)].reset_index(drop=True)
        columns = pd.concat([coarse, exact], axis=1)
        code = codes(columns, tuple(columns.columns))
        if not self.k2k:
            return Found.of_codes(code, arms.treated, pool.eligible)
        n = len(code)
        points = coordinates(arms, arms.roles.covariates, pool.eligible, robust=False)
        space = Space(
            lead=np.ascontiguousarray(points[:, -1]),
            points=points,
            width=np.inf,
            is_bound=True,
            guards=np.empty((n, 0)),
            widths=np.empty(0),
            barred=np.empty((n, 0), dtype=np.int64),
            stratum=code,
            unit=arms.unit,
        )
        in_order = np.arange(len(pool.focal))
        found = greedy(space, pool, in_order, np.ones_like(in_order))
        return Found(pairs=found.pairs, subclass=found.subclass)

    def compared(self, roles: Roles) -> tuple[str, ...]:
        """Return the columns whose Mahalanobis distance pairs have; none for a score's."""
        return roles.covariates

    def alike(self, frame: pd.DataFrame, roles: Roles) -> list[pd.Series]:
        """Return the bins of the covariates, by pandas' own cutting."""
        return [self._binned(frame[name], name) for name in roles.covariates]

    def _coarsened(self, name: str, column: pd.Series) -> FloatArray | IntArray:
        """Return the column as it is cut or grouped."""
        if _is_number(column):
            values = column.to_numpy(dtype=np.float64, na_value=np.nan)
            blank = np.isnan(values)
            edges = cuts(name, values[~blank], self.cutpoints.get(name, "sturges"))
            if edges is None:
                return values
            return np.where(blank, np.nan, np.searchsorted(edges, values, "right"))
        levels = column.astype(object)
        for group in self.grouping.get(name, ()):
            levels = levels.where(~levels.isin(list(group)), next(iter(group)))
        return pd.factorize(levels)[0].astype(np.int64)

    def _binned(self, column: pd.Series, name: str) -> pd.Series:
        if column.dtype.kind in "iuf":
            values = column.to_numpy(dtype=np.float64, na_value=np.nan)
            edges = cuts(name, values[column.notna()], self.cutpoints.get(name, "sturges"))
            if edges is None:
                return column
            return pd.cut(
                column, [-np.inf, *np.unique(edges), np.inf], right=False, labels=False
            )
        groups = self.grouping.get(name, ())
        renamed = {level: next(iter(group)) for group in groups for level in group}
        return column.astype(object).map(lambda level: renamed.get(level, level))


def _group_faults(name: str, groups: object, column: pd.Series) -> list[str]:
    """Return what is wrong with the groups of a category: all that one could do to a level."""
    said = f"Cem(grouping): '{name}'"
    if _is_number(column):
        return [f"{said} is a number; give it cutpoints."]
    lists = [group for group in groups if _is_group(group)]  # type: ignore[attr-defined]
    if len(lists) < len(list(groups)):  # type: ignore[call-overload]
        return [f"{said}: each group is a list of levels, such as [['a', 'b'], ['c', 'd']]."]
    levels = [level for group in lists for level in dict.fromkeys(group)]
    known = column.dropna().unique().tolist()
    unknown = [level for level in dict.fromkeys(levels) if level not in known]
    told = [
        f"{said} lacks {len(unknown)} of the levels named: "
        + ", ".join(f"{level!r}.{did_you_mean(level, known)}" for level in unknown)
    ]
    twice = [repr(level) for level in dict.fromkeys(levels) if levels.count(level) > 1]
    also = [f"{said} has {', '.join(twice)} in more than one group; a level counts in one."]
    return (told if unknown else []) + (also if twice else [])


def _is_number(column: pd.Series) -> bool:
    return is_numeric_dtype(column.dtype) and not is_bool_dtype(column.dtype)


def _is_group(group: object) -> bool:
    is_list = isinstance(group, Iterable) and not isinstance(group, str | Mapping)
    return is_list and bool(levels := list(group)) and all(map(is_hashable, levels))  # type: ignore[call-overload]


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
    if isinstance(rule, list | tuple | np.ndarray) and all(is_number(x) for x in rule):
        return np.sort(np.asarray(rule, dtype=np.float64))
    raise DesignError(
        f"Cem(cutpoints): '{name}' has {rule!r}; allowed: a number of bins from 0 up, "
        "'sturges', or the cuts themselves."
    )
