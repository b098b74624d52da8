"""A table of the dictionary: its columns, key and rules, and the check of a frame against them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_dictionary.check import Conformed, check_column, missing_ledger, table_date_order
from data_dictionary.columns import Column
from data_dictionary.errors import ColumnError, did_you_mean
from data_dictionary.values import Converted
from data_dictionary.violations import Violation, first_rows, refuse, rows_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a table means and what must hold of its data.

    Parameters
    ----------
    name : str
        Name in the dictionary and in study files.
    label : str
        Danish label for reports.
    columns : tuple of Column
        Columns in order.
    key : tuple of str
        Columns that together name a row once; within a wave, if the data have a column ``wave``.
    description : str
        What an evaluator must know, in English.
    row : str
        What one row is.
    order : tuple of pairs of str
        Dates that may not come in the other order: ``(("opened", "closed"),)``.
    source : str
        Who keeps the data.
    file : str
        Dictionary file that declares the table, for messages.
    """

    name: str
    label: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    description: str = ""
    row: str = ""
    order: tuple[tuple[str, str], ...] = ()
    source: str = ""
    file: str = "the dictionary"

    def column(self, name: str) -> Column:
        """Return the declaration of a column, also of one member of a family.

        Raises
        ------
        ColumnError
            If the table has no such column; the nearest name is offered.
        """
        for column in self.columns:
            if column.name == name or column.members([name]):
                return column
        nearest = did_you_mean(name, (column.name for column in self.columns))
        raise ColumnError(f"'{name}' is not a column of table '{self.name}'.{nearest}")

    def conform(self, frame: pd.DataFrame, population: pd.DataFrame | None = None) -> Conformed:
        """Turn a frame into the types of this table and find everything that is wrong with it.

        Parameters
        ----------
        frame : DataFrame
            Data as a reader gave them; not changed.
        population : DataFrame, optional
            Table whose keys the columns that reference it must hold; None skips that rule.

        Returns
        -------
        Conformed
            Typed frame, missing kinds, violations and unknown columns.
        """
        table_order = table_date_order(self.columns, frame)
        converted: dict[str, Converted] = {}
        violations = list(self._missing_columns(frame))
        if len(frame) == 0:
            violations.append(self._violation("", "empty table", 0, "the table has no rows."))
        for column in self.columns:
            values, found = check_column(self.name, self.file, column, frame, table_order)
            converted |= values
            violations += found
        extra = {"wave": frame["wave"]} if "wave" in frame and "wave" not in converted else {}
        typed = pd.DataFrame(
            extra | {name: one.values for name, one in converted.items()}, index=frame.index
        )
        violations += self._key_violations(typed)
        violations += self._order_violations(typed)
        if population is not None:
            violations += self._reference_violations(typed, population)
        return Conformed(
            frame=typed,
            missing=missing_ledger(self.columns, converted),
            violations=tuple(violations),
            ignored=tuple(
                str(name)
                for name in frame.columns
                if name not in converted and name not in extra
            ),
        )

    def check(
        self, frame: pd.DataFrame, population: pd.DataFrame | None = None
    ) -> list[Violation]:
        """Return every violation of the dictionary; an empty list if there is none.

        Parameters
        ----------
        frame : DataFrame
            Data, as read from a file or typed already.
        population : DataFrame, optional
            Table whose keys must hold every key that references it; None skips that rule.
        """
        return list(self.conform(frame, population).violations)

    def require(
        self,
        frame: pd.DataFrame,
        population: pd.DataFrame | None = None,
        where: str | None = None,
    ) -> None:
        """Raise one error that lists every violation, if there is any.

        Parameters
        ----------
        frame, population : DataFrame
            As in `check`.
        where : str, optional
            File to name in the message; the table's name if None.

        Raises
        ------
        DataError
            If the frame breaks the dictionary.
        """
        refuse(where or f"table {self.name}", self.check(frame, population))

    def _missing_columns(self, frame: pd.DataFrame) -> Iterator[Violation]:
        """Yield required columns that the data lack, with the nearest unused name."""
        names = [str(name) for name in frame.columns]
        unused = [name for name in names if not any(c.members([name]) for c in self.columns)]
        for column in self.columns:
            if column.required and not column.members(names):
                what = column.name if column.pattern is None else column.pattern
                nearest = did_you_mean(what, unused)
                text = f"the column is missing.{nearest}" + (
                    f' Rename it in the study file: rename = {{ "its name" = "{what}" }}.'
                    if nearest
                    else ""
                )
                yield self._violation(what, "missing column", 1, text)

    def _key_violations(self, typed: pd.DataFrame) -> Iterator[Violation]:
        """Yield blank keys and keys that name more than one row."""
        if not self.key or not set(self.key) <= set(typed.columns):
            return
        name = ", ".join(self.key)
        blank = typed[list(self.key)].isna().any(axis=1).to_numpy(dtype=np.bool_)
        if blank.any():
            rows = first_rows(blank)
            count = int(blank.sum())
            text = f"{count} row(s) without a key {rows_in_words(rows, count)}. Fill the key, or leave the rows out."
            yield self._violation(name, "key missing", count, text, rows)
        within = [*self.key, *(["wave"] if "wave" in typed and "wave" not in self.key else [])]
        again = typed.duplicated(within, keep=False).to_numpy() & ~blank
        if again.any():
            rows = first_rows(again)
            count = int(again.sum())
            text = f"{count} row(s) share their key with another row {rows_in_words(rows, count)}. Keep one row per {name}."
            yield self._violation(name, "key not unique", count, text, rows)

    def _order_violations(self, typed: pd.DataFrame) -> Iterator[Violation]:
        """Yield dates that come before the date they must follow."""
        for first, second in self.order:
            if first not in typed or second not in typed:
                continue
            wrong = (typed[second] < typed[first]).to_numpy(dtype=np.bool_, na_value=False)
            if wrong.any():
                rows = first_rows(wrong)
                count = int(wrong.sum())
                text = f"{count} row(s) where '{second}' lies before '{first}' {rows_in_words(rows, count)}. Correct the dates at their source."
                yield self._violation(f"{first}, {second}", "order", count, text, rows)

    def _reference_violations(
        self, typed: pd.DataFrame, population: pd.DataFrame
    ) -> Iterator[Violation]:
        """Yield keys that the referenced table does not hold."""
        for column in self.columns:
            name = column.name
            if column.references is None or name not in typed or name not in population:
                continue
            known = population[name].dropna()
            lost = (typed[name].notna() & ~typed[name].isin(known)).to_numpy(dtype=np.bool_)
            if lost.any():
                rows = first_rows(lost)
                count = int(lost.sum())
                text = f"{count} row(s) whose {name} is not in table '{column.references}' {rows_in_words(rows, count)}. Leave the rows out, or add the persons there."
                yield self._violation(name, "key not in population", count, text, rows)

    def _violation(
        self, column: str, rule: str, count: int, text: str, rows: tuple[int, ...] = ()
    ) -> Violation:
        """Return a violation of this table."""
        return Violation(
            table=self.name,
            column=column,
            rule=rule,
            count=count,
            rows=rows,
            message=text,  # type: ignore[arg-type]
        )
