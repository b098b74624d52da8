"""What the methods that pair rows by distance have in common: their keywords and the search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from data_dictionary.schema import key
from evaluation.arguments import name_faults
from evaluation.arrays import FloatArray
from evaluation.columns import unknown_columns
from evaluation.comparison.arms import Arms
from evaluation.comparison.matching.candidates import Candidates
from evaluation.comparison.matching.distance import Score, caliper_width, coordinates
from evaluation.comparison.matching.field import Space
from evaluation.comparison.matching.found import codes
from evaluation.comparison.matching.method import DISCARD, LEARNER, Discard, Matching
from evaluation.comparison.method import FORMULA, IS_FORMULA, WIDTH, is_number
from evaluation.comparison.weighting.learners import IS_LEARNER, Learner, Logistic


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing(Matching):
    """A method that pairs rows by their distance, inside calipers."""

    estimands: ClassVar[tuple[str, ...]] = ("ATT", "ATC")

    distance: str = key(
        "`logit` (log-odds of the propensity), `ps` (as a probability), `mahalanobis` or "
        "`robust_mahalanobis` (in all covariates at once), or a column with a score.",
        "logit",
    )
    learner: Learner = key(LEARNER, Logistic(), form=IS_LEARNER)
    formula: str | None = key(FORMULA, None, form=IS_FORMULA)
    caliper: float | None = key(
        "Largest difference of the distance measure accepted, in its standard deviations "
        "(n - 1) over the whole sample; left out, any.",
        None,
        form=WIDTH,
    )
    caliper_unit: Literal["sd", "raw"] = key(
        "Whether `caliper` counts standard deviations of the distance measure or its own unit.",
        "sd",
    )
    mahalanobis: tuple[str, ...] = key(
        "Columns whose Mahalanobis distance decides, inside the caliper on the distance "
        "measure.",
        (),
        names="column",
    )
    calipers: Mapping[str, float] = key(
        "Largest difference of a covariate, in its own unit.", {}, names="column"
    )
    calipers_sd: Mapping[str, float] = key(
        "Largest difference of a covariate, in its standard deviations.", {}, names="column"
    )
    anti_exact: tuple[str, ...] = key(
        "Columns on which partners must differ.", (), names="column"
    )
    discard: Discard = key(DISCARD, "none")

    def faults(self) -> list[str]:
        """Return what is wrong with the keywords, whatever the data."""
        told = Matching.faults(self)
        if self.caliper_unit == "raw" and self.caliper is None:
            told.append("caliper_unit='raw' is not used without caliper=; leave it out.")
        if self.caliper is not None and self.has_spread:
            told.append(
                f"caliper={self.caliper!r} belongs to a score and distance='{self.distance}' "
                "has none; set calipers on covariates in the method's options, or name the "
                "columns in its `mahalanobis` and keep a propensity as distance."
            )
        if self.mahalanobis and self.has_spread:
            told.append(
                f"mahalanobis={self.mahalanobis!r} needs a score as distance, not "
                f"'{self.distance}'."
            )
        return told

    def faults_in(self, arms: Arms) -> list[str]:
        """Return what is wrong with the keywords for these data and roles."""
        told = Matching.faults_in(self, arms)
        named = {"mahalanobis": self.mahalanobis, "anti_exact": self.anti_exact}
        for name, columns in named.items():
            told += name_faults(columns, name) or unknown_columns(arms.frame, {name: columns})
        for name, widths in (("calipers", self.calipers), ("calipers_sd", self.calipers_sd)):
            told += _width_faults(name, widths, arms.frame)
        return told

    def space(self, arms: Arms, pool: Candidates, measured: Score) -> Space:
        """Return where every row stands, and what keeps rows apart."""
        n = len(arms.frame)
        points: FloatArray = np.empty((n, 0))
        columns = self.compared(arms.roles)
        if columns:
            points = coordinates(
                arms, columns, pool.eligible, robust=self.distance == "robust_mahalanobis"
            )
        width = np.inf
        if measured.position is not None:
            width = caliper_width(
                measured.position[pool.eligible], self.caliper, self.caliper_unit
            )
        leads_by_score = measured.position is not None and (not columns or width < np.inf)
        lead = measured.position if leads_by_score else np.ascontiguousarray(points[:, -1])
        assert lead is not None  # noqa: S101 - there is a score or there are points
        guards, widths = self._guards(arms, pool)
        return Space(
            lead=lead,
            points=points,
            width=width,
            is_bound=not (leads_by_score and columns),
            guards=guards,
            widths=widths,
            barred=np.column_stack(
                [np.empty((n, 0), dtype=np.int64)]
                + [codes(arms.frame, (column,)) for column in self.anti_exact]
            ),
            stratum=codes(arms.frame, arms.roles.exact),
            unit=arms.unit,
        )

    def _guards(self, arms: Arms, pool: Candidates) -> tuple[FloatArray, FloatArray]:
        """Return the covariates with a caliper of their own, and its width in their unit."""
        columns, widths = [], []
        for calipers, is_raw in ((self.calipers, True), (self.calipers_sd, False)):
            for name, width in calipers.items():
                values = arms.frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
                columns.append(values)
                spread = 1.0 if is_raw else np.std(values[pool.eligible], ddof=1)
                widths.append(width * spread)
        matrix: FloatArray = np.column_stack([np.empty((len(arms.frame), 0)), *columns])
        return matrix, np.array(widths, dtype=np.float64)


def _width_faults(keyword: str, widths: Mapping[str, float], frame: pd.DataFrame) -> list[str]:
    told = unknown_columns(frame, {keyword: widths})
    for name, width in widths.items():
        column = frame.get(name)
        if isinstance(column, pd.Series) and not is_numeric_dtype(column.dtype):
            told.append(f"{keyword}: '{name}' holds no numbers.")
        if not (is_number(width) and width >= 0):
            told.append(f"{keyword}: '{name}' has width {width!r}; it must be 0 or more.")
    return told
