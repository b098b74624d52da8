"""What the methods that pair rows by distance have in common: their keywords and the search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from data_dictionary.schema import key
from evaluation.arrays import FloatArray
from evaluation.comparison.arms import Arms
from evaluation.comparison.matching import strata
from evaluation.comparison.matching.candidates import Candidates
from evaluation.comparison.matching.distance import (
    SPREADS,
    Discard,
    Score,
    caliper_width,
    coordinates,
    distance_faults,
    scores_column,
    support_faults,
    support_words,
)
from evaluation.comparison.matching.field import Space
from evaluation.comparison.matching.method import EITHER_ARM, Matching, unknown_columns
from evaluation.comparison.method import caliper_faults, is_number, value_faults
from evaluation.roles import Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing(Matching):
    """A method that pairs rows by their distance, inside calipers."""

    estimands: ClassVar[tuple[str, ...]] = EITHER_ARM

    distance: str = key(
        "`logit` (log-odds of the propensity), `ps` (as a probability), `mahalanobis` or "
        "`robust_mahalanobis` (in all covariates at once), or a column with a score.",
        "logit",
    )
    caliper: float | None = key(
        "Largest difference of the distance measure accepted, in its standard deviations "
        "(n - 1) over the whole sample; left out, any.",
        None,
        least=1e-9,
        most=np.inf,
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
    discard: Discard = key(
        "Which arm's rows outside the other arm's range of the distance measure are left out.",
        "none",
    )

    @property
    def measure(self) -> str:
        """The distance measure of the rows."""
        return self.distance

    @property
    def cuts_support(self) -> str:
        """Which arm's rows outside the other arm's range of the score are left out."""
        return self.discard

    @property
    def has_partners(self) -> bool:
        """Whether the sets are made of pairs, whose distance is known."""
        return True

    @property
    def has_spread(self) -> bool:
        """Whether rows are compared in several dimensions and no score is made."""
        return self.distance in SPREADS

    def columns(self) -> dict[str, tuple[str, ...]]:
        """Return the columns beside the roles in which no value may be missing, by keyword."""
        return {
            "distance": scores_column(self.distance),
            "mahalanobis": self.mahalanobis,
            "caliper": (*self.calipers, *self.calipers_sd),
            "anti_exact": self.anti_exact,
        }

    def faults(self) -> list[str]:
        """Return what is wrong with the keywords, whatever the data."""
        told = [*self.number_faults(), *caliper_faults(self.caliper)]
        if self.caliper is not None and self.has_spread:
            told.append(
                f"caliper={self.caliper!r} belongs to a score and distance='{self.distance}' "
                "has none; set calipers on covariates in the method's options, or name the "
                "columns in its `mahalanobis` and keep a propensity as distance."
            )
        told += [*value_faults(self), *self.order_faults()]
        if self.caliper_unit == "raw" and self.caliper is None:
            told.append("caliper_unit='raw' is not used without caliper=; leave it out.")
        if self.mahalanobis and self.has_spread:
            told.append(
                f"mahalanobis={self.mahalanobis!r} needs a score as distance, not "
                f"'{self.distance}'."
            )
        return [*told, *support_faults(self.discard, self.distance)]

    def number_faults(self) -> list[str]:
        """Return what is wrong with the number of partners."""
        return []

    def order_faults(self) -> list[str]:
        """Return what is wrong with the order in which rows choose."""
        return []

    def faults_in(self, arms: Arms) -> list[str]:
        """Return what is wrong with the keywords for these data and roles."""
        told = [*distance_faults(self.distance, arms.frame), *Matching.faults_in(self, arms)]
        for name, columns in (
            ("mahalanobis", self.mahalanobis),
            ("anti_exact", self.anti_exact),
        ):
            if isinstance(columns, str):
                told.append(f"{name}='{columns}' is one text; write ('{columns}',).")
            else:
                told += unknown_columns(name, columns, arms.frame)
        for name, widths in (("calipers", self.calipers), ("calipers_sd", self.calipers_sd)):
            told += _width_faults(name, widths, arms.frame)
        return told

    def words(self) -> list[str]:
        """Return what the method does, in the order in which it is told."""
        words = self.kind_words()
        if self.caliper is not None:
            words.append(
                f"caliper {self.caliper:g}{' SD' if self.caliper_unit == 'sd' else ''}"
            )
        words += [f"{name} within {most:g}" for name, most in self.calipers.items()]
        words += [f"{name} within {k:g} SD" for name, k in self.calipers_sd.items()]
        words += [f"apart on {', '.join(self.anti_exact)}"] if self.anti_exact else []
        return words + support_words(self.discard)

    def kind_words(self) -> list[str]:
        """Return which pairs are made, on what distance."""
        raise NotImplementedError

    def within(self) -> str:
        """Return the columns that decide inside the caliper, in words."""
        if not self.mahalanobis:
            return ""
        return f"the Mahalanobis distance of {', '.join(self.mahalanobis)} within "

    def compared(self, roles: Roles) -> tuple[str, ...]:
        """Return the columns whose Mahalanobis distance partners have; none for a score's."""
        return roles.covariates if self.has_spread else self.mahalanobis

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
                + [strata.codes(arms.frame, (column,)) for column in self.anti_exact]
            ),
            stratum=strata.codes(arms.frame, arms.roles.exact),
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
    told = unknown_columns(keyword, widths, frame)
    for name, width in widths.items():
        if name in frame.columns and not is_numeric_dtype(frame[name].dtype):
            told.append(f"{keyword}: '{name}' holds no numbers.")
        if not (is_number(width) and width >= 0):
            told.append(f"{keyword}: '{name}' has width {width!r}; it must be 0 or more.")
    return told
