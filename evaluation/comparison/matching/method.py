"""What `evaluation.match` asks of each of its methods, and what all of them may be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from data_dictionary.errors import did_you_mean
from data_dictionary.schema import key
from evaluation.comparison.arms import Arms
from evaluation.comparison.matching.candidates import Candidates
from evaluation.comparison.matching.distance import Score
from evaluation.comparison.matching.found import Found
from evaluation.comparison.method import Method, value_faults
from evaluation.roles import Roles

EITHER_ARM = ("ATT", "ATC")
ALL = ("ATT", "ATC", "ATE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching(Method):
    """A method that finds partners or sets; without more, sets that need no distance."""

    estimands: ClassVar[tuple[str, ...]] = ALL
    takes_exact: ClassVar[bool] = True

    exclude: Mapping[str, Sequence[Any]] = key(
        "Donor rule: column to values; comparison rows with one of them are no candidates, "
        'such as `{"municipality": [101, 147]}` for municipalities of other trials.',
        {},
        names="column",
    )

    @property
    def measure(self) -> str | None:
        """The distance measure of the rows, a score or Mahalanobis; None without one."""
        return None

    @property
    def cuts_support(self) -> str:
        """Which arm's rows outside the other arm's range of the score are left out."""
        return "none"

    @property
    def has_partners(self) -> bool:
        """Whether the sets are made of pairs, whose distance is known."""
        return False

    def faults(self) -> list[str]:
        """Return what is wrong with the keywords, whatever the data."""
        return value_faults(self)

    def faults_in(self, arms: Arms) -> list[str]:
        """Return what is wrong with the keywords for these data and roles."""
        return unknown_columns("exclude", self.exclude, arms.frame)

    def describe(self, roles: Roles) -> str:
        """Return the design in words, for tables and notes."""
        words = self.words()
        words += [f"exact on {', '.join(roles.exact)}"] if roles.exact else []
        words += [f"without certain {', '.join(self.exclude)}"] if self.exclude else []
        return ", ".join(words)

    def words(self) -> list[str]:
        """Return what the method does, in the order in which it is told."""
        raise NotImplementedError

    def find(self, arms: Arms, pool: Candidates, measured: Score) -> Found:
        """Find partners or sets among the rows that may be matched."""
        raise NotImplementedError

    # What a second look at the match may hold against the method (`matching.verify`):

    def compared(self, roles: Roles) -> tuple[str, ...]:
        """Return the columns whose Mahalanobis distance partners have; none for a score's."""
        del roles
        return ()

    def alike(self, frame: pd.DataFrame, roles: Roles) -> list[pd.Series]:
        """Return columns on which sets agree, beside those of `Roles.exact`."""
        del frame, roles
        return []

    def sizes_hold(self, focal: pd.Series, others: pd.Series) -> bool:
        """Return whether sets are as large as the keywords allow, rows of each arm by set."""
        del focal, others
        return True


def unknown_columns(keyword: str, names: Iterable[str], frame: pd.DataFrame) -> list[str]:
    """Return a message for each name that is not a column."""
    columns = [str(column) for column in frame.columns]
    return [
        f"{keyword}: '{name}' is not a column of this table.{did_you_mean(str(name), columns)}"
        for name in names
        if name not in frame.columns
    ]
