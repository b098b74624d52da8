"""The errors and the warning of the whole toolkit: what, where, what to do.

No message may carry a value of an identifying column; counts and row positions do the work.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

from data_dictionary.cpr import masked


class EnplanError(Exception):
    """Root of all errors that a user can mend; the message is complete without a traceback."""

    def __str__(self) -> str:
        # A message may quote a command line or a study file, and is mailed around.
        return masked(super().__str__())


class DataError(EnplanError):
    """A file or table breaks the data dictionary, or cannot be read."""


class ColumnError(EnplanError):
    """A role names a column that the table does not have."""


class DesignError(EnplanError):
    """The comparison or the study file asks for what cannot be done."""


class RenderError(EnplanError):
    """A report cannot be made: no renderer, a failing cell, an unknown feature."""


class CareWarning(UserWarning):
    """A result is right but should be read with care; the same text is kept on the result."""


def nearest(name: object, known: Iterable[object]) -> str | None:
    """Return the known name that is spelt most like `name`, or None; case counts last."""
    items = [str(item) for item in known]
    found = difflib.get_close_matches(str(name), items, n=1, cutoff=0.6)
    lower = {item.lower(): item for item in reversed(items)}
    alike = difflib.get_close_matches(str(name).lower(), lower, n=1, cutoff=0.6)
    return found[0] if found else lower[alike[0]] if alike else None


def did_you_mean(name: object, known: Iterable[object]) -> str:
    """Return ``" Did you mean 'x'?"`` for the nearest known name, or an empty string."""
    found = nearest(name, known)
    return f" Did you mean '{found}'?" if found else ""


def refuse_lacking(names: Iterable[str], known: Collection[object], said: str) -> None:
    """Raise `ColumnError` with what is `said` and every name that `known` lacks, if any."""
    missing = [f"'{name}'.{did_you_mean(name, known)}" for name in names if name not in known]
    if missing:
        raise ColumnError(f"{said} {' '.join(missing)}")
