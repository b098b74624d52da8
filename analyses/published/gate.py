"""The one way out: whatever a run tells of persons passes here, and nowhere else."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pandas as pd

from analyses.published.columns import FIGURES
from analyses.published.rules import counted, few_of, without_figures
from analyses.published.table import WHO, Release, ResultTable, retold
from analyses.published.tables import ORDER, TABLES
from data_dictionary.errors import DesignError, did_you_mean
from evaluation.comparison.arms import ARMS
from evaluation.disclosure import is_few, told_sizes
from evaluation.disclosure.rules import floored
from evaluation.disclosure.sizes import Who
from evaluation.inference.gatekeeper import limit_of
from evaluation.inference.variation import CONSTANT
from evaluation.notes import Note

# Why a cell is empty: the number itself is below min_cell, or it would give another away.
SMALL, HIDDEN = "small", "hidden"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shown:
    """A table as it may be published.

    Attributes
    ----------
    frame : pandas.DataFrame
        The declared columns, missing where something is hidden or was never there.
    exact : pandas.DataFrame
        The same before digits were taken off; it is judged by and never written.
    hidden : mapping of str to mapping of str to tuple of int
        For each column with hidden cells, the rows by the reason: ``small`` or ``hidden``.
    """

    frame: pd.DataFrame
    exact: pd.DataFrame
    hidden: Mapping[str, Mapping[str, tuple[int, ...]]]

    def reasons(self) -> pd.DataFrame:
        """Return a table of the same shape: why a cell is empty, or an empty text.

        ``small`` is a count of 0 to ``min_cell - 1`` that may be called so; ``hidden`` is
        anything else that was left out.  An empty cell without a reason was never there.
        """
        made = pd.DataFrame("", index=self.frame.index, columns=self.frame.columns)
        for column, rows in self.hidden.items():
            for reason, places in rows.items():
                made.loc[list(places), column] = reason
        return made


@dataclass(slots=True, eq=False)
class Gate:
    """The threshold below which nobody is counted, and all that applies it.

    Attributes
    ----------
    min_cell : int
        Smallest count that may be shown; 1 hides nothing and keeps every digit.
    tables : mapping of str to ResultTable
        The tables that the study has; no other leaves.
    sizes : dict of frozenset to float
        Under which size `publish` told each group.
    cells : dict of str to frozenset
        Who stands behind each number that `publish` let out, by its table and row.
    """

    min_cell: int
    tables: Mapping[str, ResultTable] = field(default_factory=lambda: TABLES)
    sizes: dict[Who, float] = field(default_factory=dict)
    cells: dict[str, Who] = field(default_factory=dict)

    @property
    def retold(self) -> set[int]:
        """Sizes of groups that are told as another's, or not at all."""
        return {len(who) for who, size in self.sizes.items() if size != len(who)}

    def publish(self, made: Mapping[str, pd.DataFrame]) -> dict[str, Shown]:
        """Return the tables that the study has as they may be published.

        Parameters
        ----------
        made : mapping of str to pandas.DataFrame
            Tables before disclosure control, with what rules and digits need in further
            columns; a table that is left out is empty.

        Raises
        ------
        DesignError
            If a frame has no declaration, or a count does not say whom it counts.
        """
        for name in made:
            if name not in self.tables:
                raise DesignError(
                    f"'{name}' is not declared as a result table and cannot be published."
                    f"{did_you_mean(name, self.tables)}"
                )
        whole = {name: _whole(table, made.get(name)) for name, table in self.tables.items()}
        if self.min_cell == 1:
            shaped = {name: self.tables[name].shaped(frame) for name, frame in whole.items()}
            return {
                name: Shown(frame=frame, exact=frame, hidden={})
                for name, frame in shaped.items()
            }
        # Before any rule: a size that one table tells must not be another's to move.
        sizes = self.sizes = self._sizes(whole)
        done: dict[str, Shown] = {}
        for table in (one for one in ORDER if one.name in whole):
            frame = whole[table.name]
            release = Release(
                min_cell=self.min_cell,
                made=whole,
                shown={name: done[name].frame for name in table.agrees_with if name in done},
                sizes=sizes,
                note=self.note,
            )
            exact = _retold(table, frame, sizes)
            exact = table.protect(exact, release) if len(frame) else exact
            exact = self._without_few(table, exact)
            self.cells.update(_cells(table, frame, exact))
            shown = exact
            for digits in table.digits if len(shown) else ():
                shown = digits.rounded(shown)
            done[table.name] = Shown(
                frame=table.shaped(shown),
                exact=table.shaped(exact),
                hidden=self._hidden(table, frame, exact),
            )
        return {name: done[name] for name in self.tables}

    def tells(self, note: str) -> bool:
        """Whether a note gives no count of persons away.

        It would where it names a count of few, two that lie so close, or the size of a group
        that is told as another's.  A text that has not declared its numbers may name none.
        """
        if self.min_cell == 1:
            return True
        if isinstance(note, Note) and note.code == CONSTANT:
            # That all of an arm are alike tells of everybody in it.
            return False
        if not isinstance(note, Note):
            return not any(character.isdigit() for character in note)
        counts = list(note.counts.values())
        # Two counts in a text are subtracted as easily as two in a table.
        gaps = [abs(one - other) for one, other in combinations(counts, 2) if one != other]
        few = is_few([*counts, *gaps], self.min_cell)
        return not few.any() and self.retold.isdisjoint(counts)

    def note(self, note: str) -> str:
        """Return a note as it may be told; an empty text where it may not.

        How inference was chosen is told by the limits that the effective numbers of clusters
        reach: the numbers themselves would narrow the sizes of hidden clusters.
        """
        if not self.tells(note):
            return ""
        if self.min_cell > 1 and isinstance(note, Note) and "n_treated" in note.facts:
            return note.retold({arm: _reached(note.facts[arm]) for arm in ARMS})
        return note

    def notes(self, notes: Iterable[str]) -> list[str]:
        """Return the notes that may be told, none twice; `publish` comes first."""
        return [told for note in dict.fromkeys(notes) if (told := str(self.note(note)))]

    def said(self, n: int) -> str:
        """Return a number of persons as a text that says how exact it is."""
        told = self.count(n)
        if told is None:
            return f"fewer than {self.min_cell}"
        return str(told) if self.min_cell == 1 else f"at least {told}"

    def rows(self, n: int) -> int:
        """Return the rows of a file, down to a multiple of `min_cell` near another size."""
        gaps = [abs(n - len(who)) for who in self.sizes]
        is_near = any(0 < gap < self.min_cell for gap in gaps) or bool(is_few(n, self.min_cell))
        return (self.count(n) or 0) if is_near else n

    def count(self, n: float) -> int | None:
        """Return a number of persons, down to a multiple of `min_cell`; None where few."""
        if is_few(n, self.min_cell):
            return None
        return round(float(floored(n, self.min_cell)))

    def effective(self, n: float, who: Who) -> int | None:
        """Return an effective size, rounded down; where it is a size, as that is told."""
        told = retold(who, len(who), self.sizes)
        if math.isnan(told):
            return None
        whole = math.floor(n + 1e-9)
        if told == len(who) or whole == len(who):
            return round(told) if whole == len(who) else whole
        return None

    def _sizes(self, whole: Mapping[str, pd.DataFrame]) -> dict[Who, float]:
        """Return under which size each group is told that a declared size counts."""
        groups: list[Who] = []
        for name, frame in whole.items():
            for column in self.tables[name].sizes:
                who = frame[f"{column}{WHO}"] if len(frame) else ()
                # The first of two that lie close keeps its size; the last row matters most.
                groups += [one for one in reversed(list(who)) if isinstance(one, frozenset)]
        return told_sizes(groups, min_cell=self.min_cell)

    def _without_few(self, table: ResultTable, shown: pd.DataFrame) -> pd.DataFrame:
        """Hide what a rule overlooked: small counts, and every figure of their rows."""
        counts = table.of("persons")
        few = few_of(shown, counts, self.min_cell)
        for size in table.sizes:
            # A size of few is not told any more, but the figures beside it are.
            if f"{size}{WHO}" in shown:
                few |= is_few(counted(shown, size), self.min_cell)
        if not few.any():
            return shown
        made = without_figures(shown, pd.Series(few, index=shown.index))
        told = is_few(made[counts].to_numpy(float, na_value=np.nan), self.min_cell)
        made[counts] = made[counts].mask(told)
        return made

    def _hidden(
        self, table: ResultTable, made: pd.DataFrame, shown: pd.DataFrame
    ) -> dict[str, dict[str, tuple[int, ...]]]:
        """Return why the cells of a published table are empty that were not."""
        keys = table.of("key", "code")
        if not shown.index.isin(made.index).all():
            return {}
        made = made.loc[shown.index]
        if not table.shaped(made)[keys].equals(table.shaped(shown)[keys]):
            # Rows were made anew: an empty cell has no cell of its own behind it.
            return {}
        found = {}
        for column in table.columns:
            gone = (made[column].notna() & shown[column].isna()).to_numpy(bool)
            if not gone.any():
                continue
            small = np.zeros(len(gone), dtype=np.bool_)
            if table.is_labelled and column in table.of("persons"):
                counts = made[column].to_numpy(float, na_value=np.nan)
                small = gone & is_few(counts, self.min_cell)
            parts = {SMALL: small, HIDDEN: gone & ~small}
            found[column] = {
                why: tuple(np.flatnonzero(rows).tolist())
                for why, rows in parts.items()
                if rows.any()
            }
        return found


def _whole(table: ResultTable, frame: pd.DataFrame | None) -> pd.DataFrame:
    """Return a table with at least its declared columns, rows numbered from 0."""
    counts = [f"{name}{WHO}" for name in table.of("persons")]
    if frame is None or frame.empty:
        return pd.DataFrame(columns=[*table.columns, *counts])
    if nobody := [name for name in counts if name not in frame]:
        raise DesignError(
            f"table '{table.name}': {', '.join(nobody)} must say whom each count counts"
        )
    missing = [name for name in table.columns if name not in frame]
    return frame.reset_index(drop=True).assign(**dict.fromkeys(missing, np.nan))


def _cells(
    table: ResultTable, made: pd.DataFrame, shown: pd.DataFrame
) -> Iterator[tuple[str, Who]]:
    """Yield who stands behind rows that say anything; names that stand again are numbered."""
    if shown.empty:
        return
    again: Counter[str] = Counter()
    says = shown[table.of("persons", *FIGURES)].notna().any(axis=1)
    for column in [name for name in map(str, made) if name.endswith(WHO)]:
        rows = shown if column in shown else made
        is_told = says if column in shown else pd.Series(data=True, index=made.index)
        about = rows.reindex(columns=table.of("key", "code", "lag", "time")).astype(str)
        names = about.agg(" ".join, axis=1)
        for row, group, told in zip(names, rows[column], is_told, strict=True):
            name = f"{table.name} {row} {column.removesuffix(WHO)}"
            again[name] += 1
            if told and isinstance(group, frozenset):
                yield (name if again[name] == 1 else f"{name} #{again[name]}"), group


def _reached(effective: object) -> str:
    limit = limit_of(float(str(effective)))
    return "fewer than 3" if math.isnan(limit) else f"at least {limit:g}"


def _retold(
    table: ResultTable, frame: pd.DataFrame, sizes: Mapping[Who, float]
) -> pd.DataFrame:
    """Return a table with its sizes as they are told."""
    made = frame.copy()
    for column in table.sizes if len(frame) else ():
        exact = frame.get(column, pd.Series(math.nan, index=frame.index)).astype(float)
        whose = frame[f"{column}{WHO}"]
        made[column] = [retold(who, n, sizes) for who, n in zip(whose, exact, strict=True)]
    return made
