"""A column: what it means, which values it may hold, which codes stand for a missing answer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from data_dictionary.schema import key

ColumnType: TypeAlias = Literal["string", "integer", "number", "boolean", "date", "multiple"]
MissingKind: TypeAlias = Literal["not_asked", "do_not_know", "refused", "technical"]
Sensitivity: TypeAlias = Literal["none", "identifying", "sensitive"]
DateOrder: TypeAlias = Literal["day-first", "month-first"]
Decimal: TypeAlias = Literal[".", ","]
ColumnRole: TypeAlias = Literal[
    "key", "cluster", "resident_from", "resident_until", "answered", "type", "opened", "closed",
    "benefit", "industry", "residence", "match_group", "month", "hours", "start",
]  # fmt: skip
Code: TypeAlias = int | str
Bound: TypeAlias = float | dt.date

MISSING_KINDS: tuple[MissingKind, ...] = ("not_asked", "do_not_know", "refused", "technical")

_PLACES = {
    # ISO weeks end at 53: y_2054 is a slip and no member.
    "YYWW": r"\d{2}(?:0[1-9]|[1-4]\d|5[0-3])",
    "YYYY": r"(?:19|20)\d{2}",
    "MM": r"(?:0[1-9]|1[0-2])",
    "Q": r"[1-4]",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column, or one family of columns, of a table."""

    name: str
    type: ColumnType = key(
        "What the values are. Keys and codes with leading zeros are strings. `multiple` is a "
        "question with several answers: it becomes one column of 0/1 per code, `NAME_CODE`, "
        "whether the file has these, or one cell to `split`, or `mentions`."
    )
    label: str = key("Danish label for reports.")
    description: str = key("What an evaluator must know, in English.", "")
    unit: str | None = key(
        "Unit of a number, in Danish (`uger`); none for codes and text.", None
    )
    codes: Mapping[Code, str] = key(
        "Every valid code with its Danish label; without, any value in the limits is valid.", {}
    )
    missing: Mapping[Code, MissingKind] = key(
        "Codes that stand for no answer, with their kind. Stata's and SAS's letters are "
        'written `".a"`.',
        {},
    )
    minimum: Bound | None = key("Lowest valid value, inclusive.", None)
    maximum: Bound | None = key("Highest valid value, inclusive.", None)
    required: bool = key(
        "Whether a file without the column is refused. A required column may hold blanks.", True
    )
    sensitivity: Sensitivity = key(
        "Values of identifying columns never reach a message.", "none"
    )
    source: str = key("Who registers or asks it.", "")
    pattern: str | None = key(
        "Name pattern of a family, such as `y_{YYWW}` or `branche_{YYYY}_{MM}`.", None
    )
    references: str | None = key(
        "Table whose column of the same name must hold every value.", None
    )
    date_order: DateOrder | None = key(
        "Order of day and month where dates are written as numbers; left out, the dates must "
        "prove it themselves.",
        None,
    )
    decimal: Decimal | None = key(
        "Decimal mark where numbers are written as text; left out, the numbers must prove it "
        "themselves.",
        None,
    )
    time_zone: str | None = key(
        "Zone whose day is meant where a time tells its own, such as `Europe/Copenhagen`; left "
        "out, such a time is read only where its day is the one in Denmark too.",
        None,
    )
    open_ends: tuple[str, ...] = key(
        'Dates that stand for no end, or no beginning: `["9999-12-31"]`. They become missing; '
        "in columns of role `closed` and `resident_until` 9999-12-31 does so undeclared.",
        (),
    )
    blanks: tuple[str, ...] = key(
        'Texts that stand for no value, such as `["uoplyst", "-"]`. In columns of numbers, '
        "dates and 0/1 `NULL`, `N/A`, `.` and their like do so undeclared.",
        (),
    )
    split: str | None = key(
        'What parts the answers in one cell, such as `;`; for `type = "multiple"`.', None
    )
    mentions: tuple[str, ...] = key(
        "Columns of the file that hold the code of one answer each, such as the first and the "
        'second mention; for `type = "multiple"`.',
        (),
    )
    role: ColumnRole | None = key(
        "The part that the column plays in its table; which there are depends on the table's "
        "role.",
        None,
    )
    code_list: str | None = key("Code list of the dictionary that the codes come from.", None)
    recode: Mapping[str, Mapping[str, Code]] = key(
        "Wave to the codes of its file and what they are here, such as "
        "`{ 1 = { 1 = 5, 5 = 1 } }`.",
        {},
    )
    reversed_in: tuple[int, ...] = key(
        "Waves in whose files the codes run the other way; missing codes stay.", ()
    )
    constant: bool = key(
        "Whether a person has one value in all waves; persons who have several are refused.",
        False,
    )
    no_cpr: str = key(
        "Why what looks like CPR numbers is none, such as `P-numre of workplaces`; left out, "
        "such a column is refused.",
        "",
    )

    @property
    def ends(self) -> frozenset[dt.date]:
        """Days that stand for an open end, declared or by the column's role."""
        is_end = self.role in ("closed", "resident_until")
        own = ("9999-12-31",) if is_end else ()
        return frozenset(map(dt.date.fromisoformat, (*self.open_ends, *own)))

    @property
    def is_category(self) -> bool:
        """Whether the values are names of something and no amounts: codes, keys, places.

        Examples
        --------
        >>> Column(name="town", type="integer", label="By", codes={101: "A"}).is_category
        True
        """
        roles = ("key", "cluster", "type")
        return bool(self.codes) or self.code_list is not None or self.role in roles

    def members(self, names: Iterable[object]) -> tuple[str, ...]:
        """Return which of the names are this column, or belong to this family, in their order.

        Examples
        --------
        >>> weeks = Column(name="y", type="integer", label="Ydelse", pattern="y_{YYWW}")
        >>> weeks.members(["person_id", "y_2053", "y_2054"])
        ('y_2053',)
        """
        texts = [str(name) for name in names]
        if self.type == "multiple":
            return tuple(text for text in texts if text in (self.name, *self.mentions))
        if self.pattern is None:
            return (self.name,) if self.name in texts else ()
        expression = re.compile(name_expression(self.pattern))
        return tuple(text for text in texts if expression.fullmatch(text))

    def misnamed(self, names: Iterable[object]) -> tuple[str, ...]:
        """Return names that look like members of this family and are none: ``y_2054``."""
        if self.pattern is None:
            return ()
        # A slip in one name would else leave that week out without a word.
        loose = re.compile(r"\d+".join(map(re.escape, re.split(r"\{\w+\}", self.pattern))))
        members = set(self.members(names))
        return tuple(
            text for text in map(str, names) if loose.fullmatch(text) and text not in members
        )

    def span(self) -> str:
        """Return the valid values in words, such as ``"1-5"`` or ``"at least 0"``."""
        # So many fit a message; a list of municipalities does not.
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
