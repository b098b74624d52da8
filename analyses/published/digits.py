"""How many digits a figure is told with: they follow from how many persons stand behind it.

Grades, tests and adjusted p-values are made from the numbers as they were estimated; digits are
taken off last, and none is taken off where the data are public.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evaluation.arrays import BoolArray
from evaluation.arrays import FloatArray as Numbers
from evaluation.disclosure.digits import finest, second_digit, to_unit
from evaluation.terms import RATIO_UNITS, TERMS

# Half an interval is about so many standard errors.
NORMAL = 1.96
SIGNIFICANT = 3
PER_CENT = 100.0
# Columns of these names behind it say what the finest unit of a figure is, row by row, and its
# standard error where the file does not tell it.
UNIT, ERROR = "_unit", "_error"


@dataclass(frozen=True, slots=True)
class Digits(ABC):
    """A rule for some columns of a table.

    Attributes
    ----------
    columns : tuple of str
        The figures that it rounds.
    """

    columns: tuple[str, ...]

    @property
    def rounds(self) -> tuple[str, ...]:
        """Every figure that it rounds."""
        return self.columns

    @abstractmethod
    def rounded(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a table in which the columns are rounded."""

    @property
    @abstractmethod
    def told(self) -> str:
        """The rule, for docs/results.md."""


def _numbers(frame: pd.DataFrame, column: str) -> Numbers:
    return np.asarray(frame[column].to_numpy(float, na_value=np.nan))


def _ratios(frame: pd.DataFrame) -> BoolArray:
    """Return the rows whose figures are ratios: no effect means 1 rather than 0."""
    if "unit" in frame:
        return frame["unit"].isin(RATIO_UNITS).to_numpy(bool)
    if "term" in frame:
        ratios = {name for name, term in TERMS.items() if term.is_ratio}
        return frame["term"].isin(ratios).to_numpy(bool)
    return np.zeros(len(frame), dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class ByError(Digits):
    """An estimate and its limits, to the second significant digit of the standard error.

    `columns` are the limits, from below and above in turn; `estimate` and `error` may be empty,
    and the limits then tell the error, or a column ``ESTIMATE_error``.  A limit never moves
    onto or across the value that means no effect.  An estimate without either keeps `bare`
    significant digits, or the unit of a column ``ESTIMATE_unit``.
    """

    estimate: str = ""
    error: str = ""
    bare: int = 2

    @property
    def rounds(self) -> tuple[str, ...]:
        """Estimate, error and limits."""
        return tuple(name for name in (self.estimate, self.error, *self.columns) if name)

    @property
    def told(self) -> str:
        """The rule, for docs/results.md."""
        return "to the second significant digit of the standard error"

    def rounded(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the table with estimate, error and limits rounded."""
        is_ratio = _ratios(frame)
        error = self._error(frame, is_ratio)

        def unit_of(value: Numbers) -> Numbers:
            # The error of a ratio is that of its logarithm.
            return second_digit(np.where(is_ratio, value, 1.0) * error)

        made = frame.copy()
        if self.error:
            own = _numbers(frame, self.error)
            made[self.error] = to_unit(own, second_digit(own))
        if self.estimate:
            value = _numbers(frame, self.estimate)
            beside = frame.get(f"{self.estimate}{UNIT}", pd.Series(np.nan, index=frame.index))
            units = (unit_of(value), beside.to_numpy(float), second_digit(value, self.bare))
            unit = np.full(len(frame), np.nan)
            for one in units:
                unit = np.where(np.isnan(unit), one, unit)
            made[self.estimate] = to_unit(value, unit)
        null = np.where(is_ratio, 1.0, 0.0)
        for column in self.columns:
            value = _numbers(frame, column)
            unit = unit_of(value)
            told = to_unit(value, unit)
            side = np.sign(value - null)
            moved = np.isfinite(unit) & (np.sign(told - null) != side)
            made[column] = np.where(moved, to_unit(null + side * unit, unit), told)
        return made

    def _error(self, frame: pd.DataFrame, is_ratio: BoolArray) -> Numbers:
        """Return the standard error, or what the limits tell of it."""
        found = np.full(len(frame), np.nan)
        told = self.error or f"{self.estimate}{ERROR}"
        if told in frame:
            found = _numbers(frame, told)
        if self.columns:
            low, high = (_numbers(frame, column) for column in self.columns[:2])
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                wide = np.where(is_ratio, np.log(high / low), high - low) / (2 * NORMAL)
            found = np.where(np.isnan(found), wide, found)
        return found


@dataclass(frozen=True, slots=True)
class OfPersons(Digits):
    """Means, shares, quantiles of persons, on the finest unit that is at least range / n.

    `columns` share a unit.  For shares `base` is the column with the number of persons and
    `whole` what a share of everybody is; where it is empty the unit stands behind the first
    column, in a column ``NAME_unit``.
    """

    base: str = ""
    whole: float = PER_CENT

    @property
    def told(self) -> str:
        """The rule, for docs/results.md."""
        return "the finest unit 1, 2, 5 x 10^k that is at least range / n"

    def rounded(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the table with the columns on their unit."""
        if self.base:
            unit = finest(self.whole, _numbers(frame, self.base))
        else:
            unit = _numbers(frame, f"{self.columns[0]}{UNIT}")
        told = {column: to_unit(_numbers(frame, column), unit) for column in self.columns}
        return frame.assign(**told)


@dataclass(frozen=True, slots=True)
class Significant(Digits):
    """Figures with a number of significant digits."""

    digits: int = SIGNIFICANT

    @property
    def told(self) -> str:
        """The rule, for docs/results.md."""
        return f"{self.digits} significant digits"

    def rounded(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the table with the columns rounded."""
        told = {}
        for column in self.columns:
            value = _numbers(frame, column)
            told[column] = to_unit(value, second_digit(value, self.digits))
        return frame.assign(**told)


@dataclass(frozen=True, slots=True)
class PValues(Digits):
    """p-values with three significant digits, each on its own side of what the level leaves."""

    level: str = "conf_level"

    @property
    def told(self) -> str:
        """The rule, for docs/results.md."""
        return f"{SIGNIFICANT} significant digits"

    def rounded(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the table with the p-values rounded."""
        level = frame.get(self.level, pd.Series(0.95, index=frame.index))
        alpha = 1.0 - level.astype(float).fillna(0.95).to_numpy()
        told = {}
        for column in self.columns:
            value = _numbers(frame, column)
            unit = second_digit(value, SIGNIFICANT)
            made = to_unit(value, unit)
            # One above alpha is not told as alpha.
            crossed = (value > alpha) & (made <= alpha + 1e-12)
            told[column] = np.where(crossed, to_unit(made + unit, unit), made)
        return frame.assign(**told)


@dataclass(frozen=True, slots=True)
class Ruled(Digits):
    """Figures that the rule of protection has rounded already, and how."""

    how: str = ""

    @property
    def told(self) -> str:
        """The rule, for docs/results.md."""
        return self.how

    def rounded(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the table as it is."""
        return frame
