"""Which column plays which part in a comparison."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

import pandas as pd

from data_dictionary.errors import ColumnError, DesignError
from evaluation.arguments import name_of, names_of, require_kind
from evaluation.columns import require_columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Name the columns of a comparison once, so that no function guesses them.

    Parameters
    ----------
    unit : str
        Column with the person (or other unit).  A unit may stand in several rows
        (one per candidate month); it is then used at most once.
    treatment : str
        Column with two levels, ``bool`` or 0/1; true means treated.
    covariates : tuple of str
        Columns that the comparison is balanced on.
    exact : tuple of str
        Columns on which partners must agree exactly.
    cluster : str or None
        Column with the level at which treatment was decided; None where there is none.
    weight : str or None
        Column with sampling weights; None where every row counts once.
    missing : {"refuse", "indicator"}
        What is done with blank covariates.  ``indicator``: blanks are filled, and whether the
        covariate is blank is a covariate as well, which the arms are made alike on; the effect
        is then right if those who did not answer differ in nothing else that matters.

    Examples
    --------
    >>> Roles(unit="person_id", treatment="en_plan", covariates=("age", "female")).exact
    ()
    """

    unit: str
    treatment: str
    covariates: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    cluster: str | None = None
    weight: str | None = None
    missing: Literal["refuse", "indicator"] = "refuse"

    def __post_init__(self) -> None:
        """Refuse a bare string where several names belong: its letters would be the names."""
        if self.missing not in ("refuse", "indicator"):
            raise DesignError(
                f"missing={self.missing!r} is not offered; allowed: 'refuse', 'indicator'."
            )
        for role in ("unit", "treatment", "cluster", "weight"):
            if getattr(self, role) is not None or role in ("unit", "treatment"):
                name_of(getattr(self, role), role)
        for role in ("covariates", "exact"):
            names = names_of(given := getattr(self, role), role, error=ColumnError)
            if len(names) < len(list(given)):
                twice = [f"'{name}'" for name in names if list(given).count(name) > 1]
                raise ColumnError(f"{role} name {', '.join(twice)} twice; name each once.")
            if self.treatment in names:
                raise ColumnError(f"treatment='{self.treatment}' is also named in {role}.")
            object.__setattr__(self, role, names)

    def require(self, frame: pd.DataFrame) -> None:
        """Raise `ColumnError` naming every role whose column is missing from `frame`."""
        require_columns(frame, self.columns)

    @property
    def columns(self) -> dict[str, str | tuple[str, ...] | None]:
        """The columns that are named, by role."""
        return {role: names for role, names in asdict(self).items() if role != "missing"}

    def must_be_known(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of the names that may have no blanks: all, or all but covariates."""
        allowed = self.covariates if self.has_indicators else ()
        return tuple(name for name in names if name not in allowed)

    @property
    def has_indicators(self) -> bool:
        """Whether blanks of the covariates are a covariate themselves."""
        return self.missing == "indicator"


def require_table(frame: object, roles: object) -> None:
    """Refuse a call whose first argument is no table, or whose second is no `Roles`."""
    require_kind(frame, "frame", pd.DataFrame, "give a table (pandas) first, then the roles")
    do = "write ev.Roles(unit=..., treatment=..., covariates=(...))"
    require_kind(roles, "roles", Roles, do)
