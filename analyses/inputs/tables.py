"""The data of a study in memory: what every estimate is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from data_dictionary import Codebook
from data_dictionary.errors import DesignError
from surveys import Cases, Dream, Hours, Wave


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tables:
    """The data of a study, typed and checked.

    Attributes
    ----------
    words : Codebook
        The data dictionary.
    frames : mapping of str to pandas.DataFrame
        Tables without waves, several files of one table stacked.
    waves : mapping of str to mapping of int to Wave
        Survey tables, wave by wave.
    dream : Dream or None
        Weekly statuses, residency included.
    cases : Cases or None
        Clean spells of case work.
    hours : Hours or None
        Paid hours per person and month.
    benchmark : pandas.DataFrame or None
        Randomised data of the benchmark, in the shape of the cohort's table.
    """

    words: Codebook
    frames: Mapping[str, pd.DataFrame]
    waves: Mapping[str, Mapping[int, Wave]] = field(default_factory=dict)
    dream: Dream | None = None
    cases: Cases | None = None
    hours: Hours | None = None
    benchmark: pd.DataFrame | None = None

    def register(self) -> Dream:
        """Return the weekly register; refused where the study has none."""
        if self.dream is None:
            raise DesignError(
                "the study needs the weekly register: name its file in [[data.dream]]"
            )
        return self.dream

    def paid_hours(self) -> Hours:
        """Return the register of paid hours; refused where the study has none."""
        if self.hours is None:
            raise DesignError("the study needs paid hours: name their file in [[data.hours]]")
        return self.hours

    def case_records(self) -> Cases:
        """Return the spells of case work; refused where the study has none."""
        if self.cases is None:
            raise DesignError("the study needs case records: name their file in [[data.cases]]")
        return self.cases
