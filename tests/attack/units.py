"""Between which numbers the truth lies behind one that is told to a unit."""

from __future__ import annotations

from evaluation.disclosure.digits import finest


def ends_of(told: float, whole: float, n: float) -> tuple[float, float]:
    """Return the ends of what is told on the finest unit that is at least a whole over n.

    What stands on no such unit has been told to its last digit, and is known so.
    """
    unit = float(finest(whole, n))
    steps = told / unit
    half = unit / 2 if abs(steps - round(steps)) < 1e-6 else 1e-9 * max(abs(told), 1.0)
    return told - half - 1e-9, told + half + 1e-9
