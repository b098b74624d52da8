"""Composes a week's status out of the code of the week and the industry of the month."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from data_dictionary.code_lists import CodeList
from data_dictionary.errors import DataError
from data_dictionary.numbers import read_number
from surveys.dream import scan as dream_scan
from surveys.dream.families import Family
from surveys.dream.scan import BLANK, UNKNOWN
from surveys.dream.weeks import months_of
from surveys.files.wide import Cells

# A new vintage of codes is unknown in every week: ten name it, the rest only bury it.
_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spine:
    """The weeks that a file observes, and where their codes and industries stand."""

    weeks: NDArray[np.datetime64]
    week_names: list[str]
    month_names: list[str]
    month: NDArray[np.int64]
    notes: tuple[str, ...]

    @classmethod
    def of(cls, columns: list[str], weeks: Family, months: Family) -> Spine:
        """Find the weeks with both a code and an industry among the columns of a file."""
        if not any(map(weeks.has, columns)):
            example = weeks.name(np.datetime64("2018-01-01"))
            raise DataError(
                f"there is no week column; the form is {weeks.form}, such as {example}."
            )
        # Blank is "no benefit", for the employed and the self-supporting alike (decision 9).
        if not any(map(months.has, columns)):
            raise DataError(
                f"there is no industry column ({months.form}); a week without benefit cannot "
                "be told to be a job or not, since DREAM has no code for employment."
            )
        by_week, by_month = weeks.columns(columns), months.columns(columns)
        mondays = np.array(list(by_week), dtype="datetime64[D]")
        first = next(iter(by_month))
        month = (months_of(mondays) - first).astype(np.int64)
        # Without the industry of its month a blank week may be a job or none.
        seen = (month >= 0) & (month < len(by_month))
        if not seen.any():
            raise DataError("no week column falls in a month that has an industry column.")
        notes: tuple[str, ...] = ()
        if not seen.all():
            notes = (
                f"{int((~seen).sum())} week(s) of DREAM have no industry column "
                f"({months.form}) and were left out.",
            )
        used = np.unique(month[seen])
        month_names = list(by_month.values())
        return cls(
            weeks=mondays[seen],
            week_names=[by_week[monday] for monday in mondays[seen]],
            month_names=[month_names[position] for position in used],
            month=month[seen] - used[0],
            notes=notes,
        )


@dataclass(slots=True, kw_only=True, eq=False)
class Composer:
    """Turns one block of persons after another into statuses, collecting what is unreadable.

    A value of a code or an industry is interpreted when it is first met, and once.
    """

    codes: CodeList
    spine: Spine
    names: Mapping[str, str]
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    zero_industries: Counter[str] = field(default_factory=Counter)
    _statuses: Meanings = field(init=False)
    _jobs: Meanings = field(init=False)

    def __post_init__(self) -> None:
        """Prepare what numbers and texts mean."""
        order = list(self.codes.statuses)
        status = {code: order.index(name) for code, name in self.codes.status_of().items()}
        by_number = np.full(max(status, default=0) + 2, UNKNOWN, dtype=np.uint8)
        by_number[list(status)] = list(status.values())
        # The kernel reads a missing number off the last place.
        by_number[-1] = BLANK
        self._statuses = Meanings(
            blank=BLANK,
            by_number=by_number,
            of=lambda code: status.get(code, UNKNOWN) if isinstance(code, int) else UNKNOWN,
        )
        # 0 is no industry: whether it stands for a blank is not ours to guess.
        self._jobs = Meanings(blank=0, of=lambda code: UNKNOWN if code == 0 else 1)

    @property
    def columns(self) -> list[str]:
        """The columns of the file that are needed."""
        return [self.names[name] for name in (*self.spine.week_names, *self.spine.month_names)]

    def write(
        self, column: Callable[[str], Cells], kept: NDArray[np.bool_], out: NDArray[np.uint8]
    ) -> None:
        """Compose the statuses of the persons `kept` out of a block into `out`."""
        coded = np.empty((len(self.spine.week_names), kept.size), dtype=np.uint8)
        employed = np.empty((len(self.spine.month_names), kept.size), dtype=np.uint8)
        for k, name in enumerate(self.spine.week_names):
            cells = column(self.names[name])
            if self._statuses.write(cells, coded[k]):
                for value, count in values_of(cells, (coded[k] == UNKNOWN) & kept).items():
                    self.unknown[shown(value), name] += count
        for k, name in enumerate(self.spine.month_names):
            if self._jobs.write(column(self.names[name]), employed[k]) and (
                zeros := int(((employed[k] == UNKNOWN) & kept).sum())
            ):
                self.zero_industries[name] += zeros
        order = list(self.codes.statuses)
        employment, self_support = order.index("employment"), order.index("self_support")
        rows = np.flatnonzero(kept)
        dream_scan.compose(
            coded, employed, self.spine.month, rows, employment, self_support, out
        )

    def refuse(self, where: str) -> None:
        """Raise `DataError` with every unknown code, its weeks and its count."""
        faults = []
        for code in sorted({code for code, _ in self.unknown}):
            weeks = [week for unknown, week in self.unknown if unknown == code]
            count = sum(self.unknown[code, week] for week in weeks)
            faults.append(f"code {code}: {count} person-week(s), in {_listed(weeks)}")
        if faults:
            faults[-1] += (
                f"\nThe list '{self.codes.name}' is of vintage {self.codes.vintage}; give a "
                "code list that has these codes, with the source."
            )
        if self.zero_industries:
            months = list(self.zero_industries)
            faults.append(
                f"{self.zero_industries.total()} industry code(s) are 0, in {_listed(months)}; "
                "leave the field empty if there is no job"
            )
        if faults:
            raise DataError(f"{where}: codes that cannot be read\n  - " + "\n  - ".join(faults))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Meanings:
    """What the values of a kind of column mean, as ``uint8``; each is interpreted once."""

    blank: int
    of: Callable[[int | str], int]
    by_number: NDArray[np.uint8] | None = None
    met: dict[object, int] = field(default_factory=dict)

    def write(self, cells: Cells, out: NDArray[np.uint8]) -> int:
        """Write the meaning of each cell into `out`; return how many mean `UNKNOWN`."""
        if cells.distinct is None:
            assert self.by_number is not None  # noqa: S101 - industries come as text
            meaning = self.by_number
        else:
            meaning = np.empty(len(cells.distinct) + 1, dtype=np.uint8)
            for k, value in enumerate(cells.distinct):
                means = self.met.get(value)
                meaning[k] = self._interpreted(value) if means is None else means
            meaning[-1] = self.blank
        return dream_scan.translate(cells.numbers, cells.bitmap, cells.offset, meaning, out)

    def _interpreted(self, value: object) -> int:
        """Return and keep what a value means."""
        code = parsed(value)
        self.met[value] = self.blank if code is None else self.of(code)
        return self.met[value]


def values_of(cells: Cells, chosen: NDArray[np.bool_]) -> dict[object, int]:
    """Return how often each value stands in the chosen cells."""
    numbers, counts = np.unique(cells.numbers[chosen], return_counts=True)
    values = numbers.tolist()
    if cells.distinct is not None:
        values = [cells.distinct[number] for number in values]
    return dict(zip(values, counts.tolist(), strict=True))


def shown(value: object) -> str:
    """Return a code as a message may show it: a longer text may be anything."""
    code = str(parsed(value))
    # Codes of the register have three digits: what is longer may be a key from a shifted file.
    return code if len(code) <= 4 else f"of {len(code)} characters"


def _listed(names: list[str]) -> str:
    """Return the first names, and whether there are more."""
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")


def parsed(value: object) -> int | str | None:
    """Return a code as a number, None for a blank, or the text that is neither."""
    if value is None:
        return None
    text = str(value).strip()
    # SAS writes a missing number as a dot.
    if text in {"", "."}:
        return None
    try:
        number = float(text)
    except ValueError:
        # With a Danish decimal mark, as text that is streamed keeps it.
        read = read_number(text)
        if read is None:
            return text
        number = read
    if math.isnan(number):
        return None
    return int(number) if number.is_integer() else text
