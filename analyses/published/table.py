"""One result table, declared once: its columns, who builds it, and what protects it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Literal, Protocol, overload

import pandas as pd

from analyses.findings.estimate import Estimates
from analyses.inputs.tables import Tables
from analyses.published.columns import FIGURES, Column, Role
from analyses.published.digits import Digits
from analyses.study.sections import Study
from evaluation.disclosure.sizes import Who

# Behind every column that counts persons a table has one of this name that says whom.
WHO = "_who"
NOBODY: Who = frozenset()


class Made(Mapping[str, pd.DataFrame]):
    """Every table of a run before disclosure control, each built once, when it is asked for."""

    def __init__(
        self,
        tables: Mapping[str, ResultTable],
        study: Study,
        data: Tables,
        estimates: Estimates | None,
    ) -> None:
        self._tables, self.study, self.data, self._estimates = tables, study, data, estimates
        self._found: dict[str, pd.DataFrame] = {}

    @property
    def estimates(self) -> Estimates:
        """What was found; a study of one group finds nothing, and has no table that asks."""
        assert self._estimates is not None  # noqa: S101
        return self._estimates

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._found:
            self._found[name] = self._tables[name].build(self)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


class HasFrames(Protocol):
    """Results, as far as a table must know them to be an attribute of theirs."""

    @property
    def frames(self) -> Mapping[str, pd.DataFrame]:
        """Every table by its name."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Release:
    """What a protection rule may look at beside its own table.

    Attributes
    ----------
    min_cell : int
        Smallest count that may be shown, more than 1: no rule is asked where nothing is hidden.
    made : mapping of str to pandas.DataFrame
        Every table as it was made, counts included that are never shown.
    shown : mapping of str to pandas.DataFrame
        The published tables that the table must agree with, and no others.
    sizes : mapping of frozenset to float
        The size under which each group is told, all tables alike; NaN where it is hidden.
    note : callable
        Returns a note as it may be told, an empty text where it may not.
    """

    min_cell: int
    made: Mapping[str, pd.DataFrame]
    shown: Mapping[str, pd.DataFrame]
    sizes: Mapping[Who, float]
    note: Callable[[str], str]

    def told(self, who: object, n: float) -> float:
        """Return the number under which a group is told; itself where it is no group."""
        return retold(who, n, self.sizes)


def retold(who: object, n: float, sizes: Mapping[Who, float]) -> float:
    """Return the number under which a group is told; rows may be more than their persons."""
    size = sizes.get(who) if isinstance(who, frozenset) else None
    if size is None or (size == len(who) and not math.isnan(n)):  # type: ignore[arg-type]
        return n
    return size


Studies = Literal["compared", "one group", "over time", "described", "all"]
Rule = Callable[[pd.DataFrame, Release], pd.DataFrame]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResultTable:
    """A table of the results folder.

    Attributes
    ----------
    name : str
        Stem of its files.
    meaning : str
        What it tells, for docs/results.md.
    columns : mapping of str to Column
        In the order of the file.
    build : callable
        Makes the table from a run, with what rule and digits need in further columns: whom a
        count counts (``n_who``, a frozenset of keys or None), the unit of a figure.
    protect : callable
        Returns the table as it may be published.  There is no default: who adds a table says
        who could be recognised in it.
    digits : tuple of Digits
        How its figures are rounded.  There is no default: who adds a figure says how exactly
        it may be told.
    agrees_with : tuple of str
        Published tables that the rule looks at; they are protected first.
    studies : Studies
        Which studies have it: those that compare two groups, those of one group (of these
        those over time alone, or those that describe alone), or all.
    sizes : tuple of str
        Counts of groups that hold one another, within this table and in others.  They are told
        together, by `evaluation.disclosure.told_sizes`, before the rule sees the table; of the
        tables the first in the list, of its rows the last is the most important.  They need
        not be columns of the file.
    is_labelled : bool
        Whether a reader may be told which counts are hidden since they are few.  Not where a
        sum of several is known.
    since : int
        Format of a results folder from which on it has the table, as it is declared now.

    Raises
    ------
    TypeError
        If the rule, the builder, a column or the digits of a figure are missing or no such
        thing.
    """

    name: str
    meaning: str
    columns: Mapping[str, Column]
    build: Callable[[Made], pd.DataFrame]
    protect: Rule
    digits: tuple[Digits, ...]
    agrees_with: tuple[str, ...] = ()
    studies: Studies = "compared"
    sizes: tuple[str, ...] = ()
    is_labelled: bool = True
    since: int = 0

    def __post_init__(self) -> None:
        for part in ("build", "protect"):
            if not callable(getattr(self, part)):
                raise TypeError(f"table '{self.name}': `{part}` must be a function")
        if not self.columns or not self.meaning:
            raise TypeError(f"table '{self.name}' needs a meaning and columns")
        declared: Mapping[str, object] = self.columns
        wrong = [name for name, one in declared.items() if not isinstance(one, Column)]
        rounded = self.rounded_by
        unknown = [name for name in rounded if name not in self.columns]
        if wrong or unknown:
            raise TypeError(
                f"table '{self.name}': no column is declared as {', '.join(wrong + unknown)}"
            )
        if whole := [name for name in self.of(*FIGURES) if name not in rounded]:
            raise TypeError(
                f"table '{self.name}': no digits are declared for {', '.join(whole)}"
            )

    def __set_name__(self, owner: type, name: str) -> None:
        if name != self.name:
            raise TypeError(f"table '{self.name}' is listed as '{name}' in {owner.__name__}")

    @overload
    def __get__(self, results: None, owner: type) -> ResultTable: ...
    @overload
    def __get__(self, results: HasFrames, owner: type) -> pd.DataFrame: ...
    def __get__(self, results: HasFrames | None, owner: type) -> ResultTable | pd.DataFrame:
        """Return the table of some results: ``results.effects``."""
        if results is None:
            return self
        if self.name not in results.frames:
            raise AttributeError(f"a study of this kind has no table '{self.name}'")
        return results.frames[self.name]

    @property
    def rounded_by(self) -> Mapping[str, Digits]:
        """The rule that rounds each figure."""
        return {column: one for one in self.digits for column in one.rounds}

    def of(self, *roles: Role) -> list[str]:
        """Return the columns that play one of the roles."""
        return [name for name, one in self.columns.items() if one.role in roles]

    def shaped(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the declared columns of a frame, in order and of their types."""
        made = frame.reindex(columns=list(self.columns)).reset_index(drop=True)
        for name, column in self.columns.items():
            if column.dtype == "object":
                values = made[name].astype(object)
                made[name] = values.where(values.isna(), values.map(str))
            else:
                values = pd.to_numeric(made[name])
                whole = values.round() if column.dtype == "Int64" else values
                made[name] = whole.astype(pd.api.types.pandas_dtype(column.dtype))
        return made


def ordered(tables: Iterable[ResultTable]) -> tuple[ResultTable, ...]:
    """Return tables so that each comes after those that it must agree with.

    Names that stand twice, are not declared or agree in a circle are a `TypeError`.
    """
    by_name: dict[str, ResultTable] = {}
    for table in tables:
        if by_name.setdefault(table.name, table) is not table:
            raise TypeError(f"two result tables are called '{table.name}'")
    for table in by_name.values():
        missing = ", ".join(name for name in table.agrees_with if name not in by_name)
        if missing:
            raise TypeError(
                f"table '{table.name}' must agree with {missing}, which no declaration makes"
            )
    graph = {name: table.agrees_with for name, table in by_name.items()}
    try:
        return tuple(by_name[name] for name in TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise TypeError(f"tables agree in a circle: {' -> '.join(error.args[1])}") from error


def together(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of all parts that have any."""
    found = [part for part in parts if len(part)]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def beside(name: str) -> Callable[[Made], pd.DataFrame]:
    """Return the builder of a table that kinds of outcomes make beside their effects."""

    def build(made: Made) -> pd.DataFrame:
        outcomes = made.estimates.outcomes.values()
        return together(one.beside[name]() for one in outcomes if name in one.beside)

    return build
