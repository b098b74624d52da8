"""Which roles tables and their columns may play: what code asks for instead of a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from data_dictionary.columns import ColumnRole
from data_dictionary.schema import key

TableRole: TypeAlias = Literal[
    "persons", "survey", "spells", "weekly_register", "monthly_hours", "exposure"
]
Asked: TypeAlias = Literal["rows", "persons", "unknown"]

TABLE_ROLES: Mapping[TableRole, str] = {
    "persons": "one row per person or other unit, with the arms and what is known of them",
    "survey": "answers to a questionnaire, one row per respondent and wave",
    "spells": "case records that open and close",
    "weekly_register": "one code per person and week, such as DREAM",
    "monthly_hours": "paid hours per person and month",
    "exposure": "the day on which the programme began, per cluster",
}

# The roles that columns of a table may have; those without which it cannot be used come first.
NEEDED: Mapping[TableRole, tuple[ColumnRole, ...]] = {
    "persons": (),
    "survey": ("key",),
    "spells": ("key", "type", "opened", "closed"),
    "weekly_register": ("key", "benefit"),
    "monthly_hours": ("key", "month", "hours"),
    "exposure": ("cluster", "start"),
}
OPTIONAL: Mapping[TableRole, tuple[ColumnRole, ...]] = {
    "persons": ("key", "cluster", "resident_from", "resident_until"),
    "survey": ("cluster", "answered"),
    "spells": ("cluster",),
    "weekly_register": ("industry", "residence", "match_group"),
    "monthly_hours": (),
    "exposure": (),
}
# What a column is that plays a role, and the types that it can have.
COLUMN_ROLES: Mapping[ColumnRole, tuple[str, tuple[str, ...]]] = {
    "key": ("whom the row is about", ("string", "integer")),
    "cluster": ("the municipality or other place", ("string", "integer")),
    "resident_from": ("first day of residence", ("date",)),
    "resident_until": ("last day of residence", ("date",)),
    "answered": ("day of the answer", ("date",)),
    "type": ("the type of case", ("string", "integer")),
    "opened": ("the day on which the case opened", ("date",)),
    "closed": ("the day on which it closed", ("date",)),
    "benefit": ("the code of the week", ("integer", "string")),
    "industry": ("the industry of the month", ("string", "integer")),
    "residence": ("the municipality of the quarter or year", ("integer", "string")),
    "match_group": ("the match group of the month", ("integer", "string")),
    "month": ("the month", ("date", "string", "integer")),
    "hours": ("the paid hours", ("number", "integer")),
    "start": ("the day on which the programme began", ("date",)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """A Danish noun in the forms that a sentence needs."""

    singular: str = key("One of them, such as `borger`.")
    plural: str = key("Several, such as `borgere`.")
    definite: str = key("All of them, plural and definite, such as `borgerne`.")
