"""The one way out: whatever a run tells of persons passes here, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analyses.published.rules import few_of, without_figures
from analyses.published.table import Release, ResultTable
from analyses.published.tables import ORDER, TABLES
from data_dictionary.errors import DesignError, did_you_mean
from evaluation.disclosure import is_small
from evaluation.notes import Note

# Why a cell is empty: the number itself is 1 to min_cell - 1, or it would give another away.
SMALL, HIDDEN = "small", "hidden"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shown:
    """A table as it may be published.

    Attributes
    ----------
    frame : pandas.DataFrame
        The declared columns, missing where something is hidden or was never there.
    hidden : mapping of str to mapping of str to tuple of int
        For each column with hidden cells, the rows by the reason: ``small`` or ``hidden``.
    """

    frame: pd.DataFrame
    hidden: Mapping[str, Mapping[str, tuple[int, ...]]]

    def reasons(self) -> pd.DataFrame:
        """Return a table of the same shape: why a cell is empty, or an empty text.

        ``small`` is a count of 1 to ``min_cell - 1`` that may be called so; ``hidden`` is
        anything else that was left out.  An empty cell without a reason was never there.
        """
        made = pd.DataFrame("", index=self.frame.index, columns=self.frame.columns)
        for column, rows in self.hidden.items():
            for reason, places in rows.items():
                made.loc[list(places), column] = reason
        return made


@dataclass(frozen=True, slots=True)
class Gate:
    """The threshold below which nobody is counted, and all that applies it.

    Attributes
    ----------
    min_cell : int
        Smallest count that may be shown; 1 hides nothing.
    """

    min_cell: int

    def publish(self, made: Mapping[str, pd.DataFrame]) -> dict[str, Shown]:
        """Return the declared tables as they may be published.

        Parameters
        ----------
        made : mapping of str to pandas.DataFrame
            Tables before disclosure control, with the counts that the rules need; a table that
            is left out is empty.

        Raises
        ------
        DesignError
            If a frame has no declaration, or its rule does not know a column.
        """
        for name in made:
            if name not in TABLES:
                raise DesignError(
                    f"'{name}' is not declared as a result table and cannot be published."
                    f"{did_you_mean(name, TABLES)}"
                )
        whole = {name: _whole(table, made.get(name)) for name, table in TABLES.items()}
        done: dict[str, Shown] = {}
        for table in ORDER:
            frame = whole[table.name]
            release = Release(
                min_cell=self.min_cell,
                made=whole,
                shown={name: done[name].frame for name in table.agrees_with},
                tells=self.tells,
            )
            shown = table.shaped(table.protect(frame, release) if len(frame) else frame)
            shown = self._without_few(table, shown)
            done[table.name] = Shown(frame=shown, hidden=self._hidden(table, frame, shown))
        return {name: done[name] for name in TABLES}

    def tells(self, note: str) -> bool:
        """Whether a note gives no count of persons away.

        It would where it names a count of 1 to ``min_cell - 1``, or two that lie so close.  A
        text that has not declared its numbers may name none.
        """
        if self.min_cell == 1:
            return True
        if not isinstance(note, Note):
            return not any(character.isdigit() for character in note)
        counts = list(note.counts.values())
        gaps = [abs(one - other) for one, other in combinations(counts, 2)]
        return not is_small([*counts, *gaps], self.min_cell).any()

    def notes(self, notes: Iterable[str]) -> list[str]:
        """Return the notes that may be told, none twice."""
        return [str(note) for note in dict.fromkeys(notes) if self.tells(note)]

    def said(self, n: int) -> str:
        """Return a number of persons as a text that calls few so."""
        return f"less than {self.min_cell}" if is_small(n, self.min_cell) else str(n)

    def count(self, n: float) -> int | None:
        """Return a whole number of persons, or None where they are few."""
        return None if is_small(n, self.min_cell) else round(float(n))

    def _without_few(self, table: ResultTable, shown: pd.DataFrame) -> pd.DataFrame:
        """Hide what a rule overlooked: small counts, and every figure of their rows."""
        counts = table.of("persons")
        rows = pd.Series(few_of(shown, counts, self.min_cell), index=shown.index)
        if not rows.any():
            return shown
        made = without_figures(shown, rows)
        small = is_small(made[counts].to_numpy(float, na_value=np.nan), self.min_cell)
        made[counts] = made[counts].mask(small)
        return made

    def _hidden(
        self, table: ResultTable, made: pd.DataFrame, shown: pd.DataFrame
    ) -> dict[str, dict[str, tuple[int, ...]]]:
        """Return why the cells of a published table are empty that were not."""
        keys = table.of("key", "code")
        if len(made) != len(shown) or not table.shaped(made)[keys].equals(shown[keys]):
            # Rows were merged: an empty cell has no cell of its own behind it.
            return {}
        found = {}
        for column in table.columns:
            gone = (made[column].notna() & shown[column].isna()).to_numpy(bool)
            if not gone.any():
                continue
            small = np.zeros(len(gone), dtype=np.bool_)
            if column in table.of("persons"):
                counts = made[column].to_numpy(float, na_value=np.nan)
                small = gone & is_small(counts, self.min_cell)
                if column in table.sums:
                    labels = table.sums[column](shown).to_numpy()
                    small = _tellable(counts, gone, small, labels, self.min_cell)
            parts = {SMALL: small, HIDDEN: gone & ~small}
            found[column] = {
                why: tuple(np.flatnonzero(rows).tolist())
                for why, rows in parts.items()
                if rows.any()
            }
        return found


def _whole(table: ResultTable, frame: pd.DataFrame | None) -> pd.DataFrame:
    """Return a table with at least its declared columns, rows numbered from 0."""
    if frame is None or frame.empty:
        return pd.DataFrame(columns=list(table.columns))
    missing = [name for name in table.columns if name not in frame]
    return frame.reset_index(drop=True).assign(**dict.fromkeys(missing, np.nan))


def _tellable(
    counts: NDArray[np.float64],
    gone: NDArray[np.bool_],
    small: NDArray[np.bool_],
    labels: NDArray[np.int64],
    min_cell: int,
) -> NDArray[np.bool_]:
    """Return which small counts may be called small beside others of a sum that is known.

    Where a sum has both kinds hidden, saying which is which narrows both: of two that add up
    to six, the one "below five" can only be one.  They are told apart only where each of the
    small ones may still be anything from 1 to ``min_cell - 1``.
    """
    told = small.copy()
    for label in np.unique(labels[small]):
        own = gone & (labels == label)
        few, many = int((own & small).sum()), int((own & ~small).sum())
        total = float(counts[own].sum())
        least = (min_cell - 1) + (few - 1) + many * min_cell
        most = np.inf if many else 1 + (few - 1) * (min_cell - 1)
        if not least <= total <= most:
            told[own] = False
    return told
