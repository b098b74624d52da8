"""Whether who answers could itself make a difference: two warnings, by shares per arm."""

from __future__ import annotations

from typing import Literal, TypeAlias

ResponseWarning: TypeAlias = Literal["uneven", "low"]
# In per cent: conventions of this project.  Low response without a difference is no comfort.
UNEVEN = 5.0
LOW = 60.0


def response_warnings(treated: float, comparison: float) -> tuple[ResponseWarning, ...]:
    """Return what must be said of two shares who answered, in per cent; none where unknown.

    Examples
    --------
    >>> response_warnings(75, 65), response_warnings(58, 55), response_warnings(70, 66)
    (('uneven',), ('low',), ())
    """
    found: list[ResponseWarning] = []
    if abs(treated - comparison) > UNEVEN:
        found.append("uneven")
    if treated < LOW or comparison < LOW:
        found.append("low")
    return tuple(found)
