"""Which roles tables and their columns may play: what code asks for instead of a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from data_dictionary.columns import ColumnRole

TableRole: TypeAlias = Literal[
    "persons", "survey", "spells", "weekly_register", "monthly_hours", "exposure"
]
Asked: TypeAlias = Literal["rows", "persons", "unknown"]

TABLE_ROLES: tuple[TableRole, ...] = get_args(TableRole)
ASKED: tuple[Asked, ...] = get_args(Asked)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """A Danish noun in the forms that a sentence needs.

    Parameters
    ----------
    singular, plural, definite : str
        Such as ``"borger"``, ``"borgere"`` and ``"borgerne"`` (plural, definite).
    """

    singular: str
    plural: str
    definite: str
