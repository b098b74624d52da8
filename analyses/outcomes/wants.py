"""What files must hold for an outcome to be found in them: asked when data are made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Wants:
    """What an outcome wants of the files of a study.

    Attributes
    ----------
    weeks : int
        Weeks of a register after the index date.
    events, case_types : tuple of str
        What must happen to some, and types of case that some must have.
    baseline : int
        Wave before the index date; 0 for none.
    limits : mapping of str to (float, float)
        Columns of the cohort's table with a time, and between what it lies.
    causes : tuple of str
        Columns of 0 and 1, one per cause.
    entry : mapping of str to str
        Column with the time from which a row is at risk, to the one with its end.
    ends : mapping of str to tuple of str
        Column of causes to the causes that it names.
    """

    weeks: int = 0
    events: tuple[str, ...] = ()
    case_types: tuple[str, ...] = ()
    baseline: int = 0
    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    causes: tuple[str, ...] = ()
    entry: Mapping[str, str] = field(default_factory=dict)
    ends: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
