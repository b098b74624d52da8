"""A column: what it means, which values it may hold, which codes stand for a missing answer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

ColumnType: TypeAlias = Literal["string", "integer", "number", "boolean", "date"]
MissingKind: TypeAlias = Literal["not_asked", "do_not_know", "refused", "technical"]
Sensitivity: TypeAlias = Literal["none", "identifying", "sensitive"]
DateOrder: TypeAlias = Literal["day-first", "month-first"]
ColumnRole: TypeAlias = Literal[
    "key", "cluster", "resident_from", "resident_until", "answered", "type", "opened", "closed",
    "benefit", "industry", "residence", "match_group", "month", "hours", "start",
]  # fmt: skip
Code: TypeAlias = int | str
Bound: TypeAlias = float | dt.date

COLUMN_TYPES: tuple[ColumnType, ...] = ("string", "integer", "number", "boolean", "date")
MISSING_KINDS: tuple[MissingKind, ...] = ("not_asked", "do_not_know", "refused", "technical")
SENSITIVITIES: tuple[Sensitivity, ...] = ("none", "identifying", "sensitive")
DATE_ORDERS: tuple[DateOrder, ...] = ("day-first", "month-first")
COLUMN_ROLES: tuple[ColumnRole, ...] = get_args(ColumnRole)

_PLACES = {
    "YYWW": r"\d{2}(?:0[1-9]|[1-4]\d|5[0-3])",
    "YYYY": r"(?:19|20)\d{2}",
    "MM": r"(?:0[1-9]|1[0-2])",
    "Q": r"[1-4]",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column, or one family of columns, of a table.

    Parameters
    ----------
    name : str
        Name in the data; for a family the name of the family.
    type : {"string", "integer", "number", "boolean", "date"}
        What the values are. Keys and codes with leading zeros are strings.
    label : str
        Danish label for reports; the name if none is given.
    description : str
        What an evaluator must know, in English.
    unit : str, optional
        Unit of a number, in Danish (``"uger"``); None for codes, text and dates.
    codes : Mapping of int or str to str
        Every valid code with its Danish label; empty if any value within the range is valid.
    missing : Mapping of int or str to str
        Codes that stand for no answer, with their kind: not_asked, do_not_know, refused or
        technical. Stata's and SAS's letters are written ``".a"``.
    minimum, maximum : number or date, optional
        Inclusive limits of valid values.
    required : bool
        Whether a file without the column is refused. A required column may hold blanks.
    sensitivity : {"none", "identifying", "sensitive"}
        Values of identifying columns never reach a message.
    source : str
        Who registers or asks it.
    pattern : str, optional
        Name pattern of a family, such as ``"y_{YYWW}"`` or ``"branche_{YYYY}_{MM}"``.
    references : str, optional
        Table whose column of the same name must hold every value.
    date_order : {"day-first", "month-first"}, optional
        Order of day and month where dates are written as numbers; None lets the dates
        themselves prove it, and refuses them if they do not.
    code_list : str, optional
        Code list of the dictionary that `codes` were taken from.
    role : str, optional
        The part that the column plays in its table; which parts there are depends on the
        table's own role, see `data_dictionary.roles`.
    """

    name: str
    type: ColumnType
    label: str
    description: str = ""
    unit: str | None = None
    codes: Mapping[Code, str] = field(default_factory=dict)
    missing: Mapping[Code, MissingKind] = field(default_factory=dict)
    minimum: Bound | None = None
    maximum: Bound | None = None
    required: bool = True
    sensitivity: Sensitivity = "none"
    source: str = ""
    pattern: str | None = None
    references: str | None = None
    date_order: DateOrder | None = None
    code_list: str | None = None
    role: ColumnRole | None = None

    def members(self, names: Iterable[object]) -> tuple[str, ...]:
        """Return which of the names are this column, or belong to this family, in their order.

        Examples
        --------
        >>> weeks = Column(name="y", type="integer", label="Ydelse", pattern="y_{YYWW}")
        >>> weeks.members(["person_id", "y_2053", "y_2054"])
        ('y_2053',)
        """
        texts = [str(name) for name in names]
        if self.pattern is None:
            return (self.name,) if self.name in texts else ()
        expression = re.compile(name_expression(self.pattern))
        return tuple(text for text in texts if expression.fullmatch(text))

    def misnamed(self, names: Iterable[object]) -> tuple[str, ...]:
        """Return names that look like members of this family and are none: ``y_2054``."""
        if self.pattern is None:
            return ()
        loose = re.compile(r"\d+".join(map(re.escape, re.split(r"\{\w+\}", self.pattern))))
        members = set(self.members(names))
        return tuple(
            text for text in map(str, names) if loose.fullmatch(text) and text not in members
        )

    def span(self) -> str:
        """Return the valid values in words, such as ``"1-5"`` or ``"at least 0"``."""
        if self.codes and len(self.codes) <= 12:
            return ", ".join(str(code) for code in self.codes)
        if self.codes:
            return f"{len(self.codes)} codes"
        if self.minimum is not None and self.maximum is not None:
            return f"{_bound(self.minimum)}-{_bound(self.maximum)}"
        if self.minimum is not None:
            return f"at least {_bound(self.minimum)}"
        return "" if self.maximum is None else f"at most {_bound(self.maximum)}"


def name_expression(pattern: str) -> str:
    """Return the regular expression of a family's name pattern.

    Raises
    ------
    ValueError
        If the pattern has no place holder or an unknown one.
    """
    parts = re.split(r"\{(\w+)\}", pattern)
    places = parts[1::2]
    unknown = [place for place in places if place not in _PLACES]
    if unknown or not places:
        known = ", ".join("{" + place + "}" for place in _PLACES)
        raise ValueError(f"pattern '{pattern}' needs place holders out of {known}")
    return "".join(
        _PLACES[part] if position % 2 else re.escape(part)
        for position, part in enumerate(parts)
    )


def _bound(value: Bound) -> str:
    """Return a limit as an evaluator writes it."""
    return value.isoformat() if isinstance(value, dt.date) else f"{value:g}"
