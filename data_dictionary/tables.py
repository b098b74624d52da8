"""A table of the dictionary: its columns, key and rules, and the check of a frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_dictionary.check import Conformed, check_column, missing_ledger
from data_dictionary.columns import Column, ColumnRole, Decimal
from data_dictionary.errors import ColumnError, DataError, did_you_mean
from data_dictionary.multiple import spread
from data_dictionary.roles import TABLE_ROLES, Asked, Noun, TableRole
from data_dictionary.schema import key as declared
from data_dictionary.spelling import Spelling
from data_dictionary.values import Converted
from data_dictionary.violations import Inferred, Violation, refuse, wrong_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a table means and what must hold of its data; `file` declares it.

    `multiple` are the questions with several answers, whose 0/1 columns stand in `columns`.
    """

    name: str
    label: str = declared("Danish label for reports.")
    columns: tuple[Column, ...]
    multiple: tuple[Column, ...] = ()
    key: tuple[str, ...] = declared(
        "Columns that together name a row once; within a wave, where the data have `wave`.", ()
    )
    description: str = declared("What an evaluator must know, in English.", "")
    row: str = declared("What one row is.", "")
    order: tuple[tuple[str, str], ...] = declared(
        'Dates that may not come in the other order, such as `[["opened", "closed"]]`.', ()
    )
    source: str = declared("Who keeps the data.", "")
    file: str = "the dictionary"
    role: TableRole | None = declared(
        "What the table is to a study: "
        + "; ".join(f"`{role}`: {meaning}" for role, meaning in TABLE_ROLES.items())
        + ".",
        None,
    )
    respondents: Noun | None = declared("Who answers a survey, in Danish.", None)
    asked: Asked | None = declared(
        "Whom a survey asked: everybody who has a row in its file (`rows`); everybody in the "
        "table of persons, of whom the file holds those who answered (`persons`); or nobody "
        "knows.",
        None,
    )
    note: str = declared("What a reader of the table's numbers must know, in Danish.", "")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, families left out."""
        return tuple(column.name for column in self.columns if column.pattern is None)

    @property
    def in_files(self) -> tuple[Column, ...]:
        """The columns as files may have them: also those that are spread over several."""
        return (*self.columns, *self.multiple)

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

    def has(self, role: ColumnRole) -> bool:
        """Return whether a column of the table plays this role."""
        return any(column.role == role for column in self.columns)

    def playing(self, role: ColumnRole) -> Column:
        """Return the column that plays a role.

        Raises
        ------
        ColumnError
            If no column does; the line to add to the dictionary is told.
        """
        for column in self.columns:
            if column.role == role:
                return column
        raise ColumnError(
            f"no column of table '{self.name}' has role = \"{role}\"; add the line to the "
            f"column's declaration in {self.file}."
        )

    def conform(
        self,
        frame: pd.DataFrame,
        population: pd.DataFrame | None = None,
        decimal: Decimal | None = None,
    ) -> Conformed:
        """Turn a frame into the types of this table and find everything that is wrong with it.

        Parameters
        ----------
        frame : DataFrame
            Data as a reader gave them; not changed.  A name that stands twice is refused.
        population : DataFrame, optional
            Table whose keys the columns that reference it must hold; None skips that rule.
        decimal : {".", ","}, optional
            Decimal mark of numbers that are text; where it is in doubt, they must prove it.
        """
        twice = frame.columns[frame.columns.duplicated()].unique()
        if len(twice):
            names = ", ".join(f"'{name}'" for name in twice)
            raise DataError(f"table '{self.name}': column(s) {names} stand more than once.")
        inferred: list[Inferred] = []
        violations: list[Violation] = []
        for question in self.multiple:
            frame, faults, told = spread(question, frame, self.name, self.file)
            violations += faults
            inferred += told
        spelling = Spelling.proven(self.columns, frame)
        converted: dict[str, Converted] = {}
        violations += self._column_violations(frame)
        # An empty export passes every rule of columns, and is never meant.
        if len(frame) == 0:
            text = f"table '{self.name}' has no rows. Export it again with its data."
            violations.append(
                Violation(table=self.name, column="", rule="empty table", message=text)
            )
        for column in self.columns:
            values, found = check_column(self.name, self.file, column, frame, spelling, decimal)
            converted |= values
            violations += found
        # A stacked survey has a wave that its table need not declare.
        extra = {"wave": frame["wave"]} if "wave" in frame and "wave" not in converted else {}
        typed = pd.DataFrame(
            extra | {name: one.typed for name, one in converted.items()}, index=frame.index
        )
        violations += self._key_violations(typed)
        violations += self._order_violations(typed)
        if population is not None:
            violations += self._reference_violations(typed, population)
        return Conformed(
            frame=typed,
            missing=missing_ledger(self.columns, converted),
            violations=tuple(violations),
            ignored=tuple(str(name) for name in frame.columns if name not in typed),
            inferred=(
                *inferred,
                *(told for one in converted.values() for told in one.inferred),
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
        """Raise one `DataError` that lists every violation, if there is any.

        Parameters
        ----------
        frame, population : DataFrame
            As in `check`.
        where : str, optional
            File to name in the message; the table's name if None.
        """
        refuse(where or f"table {self.name}", self.check(frame, population))

    def _column_violations(self, frame: pd.DataFrame) -> Iterator[Violation]:
        """Yield required columns that the data lack, and names that no family knows."""
        names = [str(name) for name in frame.columns]
        unused = [name for name in names if not any(c.members([name]) for c in self.columns)]
        for column in self.columns:
            what = column.name if column.pattern is None else column.pattern
            if wrong := column.misnamed(names):
                text = (
                    f"{len(wrong)} column(s) look like the family and do not fit it, such as "
                    f"'{wrong[0]}'. Correct the names, or leave the columns out."
                )
                yield Violation(
                    table=self.name, column=what, rule="misnamed column",
                    count=len(wrong), message=text,
                )  # fmt: skip
            if column.required and not column.members(names):
                nearest = did_you_mean(what, unused)
                text = f"the column is missing.{nearest}" + (
                    f' Rename it in the study file: rename = {{ "its name" = "{what}" }}.'
                    if nearest
                    else ""
                )
                yield Violation(
                    table=self.name, column=what, rule="missing column", count=1, message=text
                )

    def _key_violations(self, typed: pd.DataFrame) -> list[Violation]:
        """Return blank keys and keys that name more than one row."""
        # A missing key column is told once, as a missing column.
        if not self.key or not set(self.key) <= set(typed.columns):
            return []
        name = ", ".join(self.key)
        blank = typed[list(self.key)].isna().any(axis=1).to_numpy(dtype=np.bool_)
        within = [*self.key, *(["wave"] if "wave" in typed and "wave" not in self.key else [])]
        # Both rows are named: which of two is wrong is not ours to say.
        again = typed.duplicated(within, keep=False).to_numpy(dtype=np.bool_) & ~blank
        return [
            *wrong_rows(
                self.name, name, "key missing", blank,
                "without a key", "Fill the key, or leave the rows out.",
            ),
            *wrong_rows(
                self.name, name, "key not unique", again,
                "that share their key with another row", f"Keep one row per {name}.",
            ),
        ]  # fmt: skip

    def _order_violations(self, typed: pd.DataFrame) -> Iterator[Violation]:
        """Yield dates that come before the date they must follow."""
        for first, second in self.order:
            if first in typed and second in typed:
                wrong = (typed[second] < typed[first]).to_numpy(dtype=np.bool_)
                yield from wrong_rows(
                    self.name, f"{first}, {second}", "order", wrong,
                    f"where '{second}' lies before '{first}'",
                    "Correct the dates at their source.",
                )  # fmt: skip

    def _reference_violations(
        self, typed: pd.DataFrame, population: pd.DataFrame
    ) -> Iterator[Violation]:
        """Yield keys that the referenced table does not hold."""
        for column in self.columns:
            name = column.name
            if column.references is None or name not in typed or name not in population:
                continue
            # A blank refers to nobody; whether it may be blank is another rule.
            lost = typed[name].notna() & ~typed[name].isin(population[name].dropna())
            yield from wrong_rows(
                self.name, name, "key not in population", lost.to_numpy(dtype=np.bool_),
                f"whose {name} is not in table '{column.references}'",
                "Leave the rows out, or add the persons there.",
            )  # fmt: skip
