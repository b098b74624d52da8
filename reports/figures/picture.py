"""The numbers that a drawing shows, for those who read or save them instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from reports.words.danish import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Numbers = Sequence[Sequence[str]]
"""Heads, then rows, as a reader sees them; the first column says what a row is about."""

_NUMBERS: WeakKeyDictionary[Figure, Numbers] = WeakKeyDictionary()


def with_numbers(drawing: Figure, *numbers: Sequence[str]) -> Figure:
    """Return a drawing that its numbers are known of."""
    _NUMBERS[drawing] = numbers
    return drawing


def numbers_of(drawing: Figure) -> Numbers:
    """Return the numbers that a drawing shows; none where nobody has said."""
    return _NUMBERS.get(drawing, ())


def over_time(time: str, columns: Mapping[str, pd.Series]) -> Numbers:
    """Return numbers with one decimal, a row per time that any of the columns is told at."""
    import pandas as pd

    wide = pd.DataFrame(dict(columns)).sort_index()
    rows = ((number(at, 0), *map(number, row)) for at, *row in wide.itertuples())
    return ((time, *columns), *rows)
