"""Dates that are in memory already, read exactly as those of a file: nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.check import check_column
from data_dictionary.columns import Column, ColumnRole
from data_dictionary.spelling import Spelling
from data_dictionary.violations import Violation, refuse

_FILE = "a dictionary, and read the data from a file by it"


def read_days(
    frame: pd.DataFrame, roles: Mapping[str, ColumnRole | None], where: str
) -> pd.DataFrame:
    """Return a frame with some columns as days, whatever dates they hold; the rest as it is.

    Parameters
    ----------
    frame : pandas.DataFrame
        Dates, moments or text in the columns of `roles`.
    roles : Mapping of str to str or None
        Columns of dates, and the roles that they play: 9999-12-31 is open where one ends.
    where : str
        What the frame is, for the message.

    Raises
    ------
    DataError
        If a value is no date, or reads in two ways; all at once.

    Examples
    --------
    >>> text = pd.DataFrame({"opened": ["28-02-2018", "01-03-2018"]})
    >>> read_days(text, {"opened": None}, "cases")["opened"].dt.month.tolist()
    [2, 3]
    """
    columns = tuple(
        Column(name=name, type="date", label=name, role=role) for name, role in roles.items()
    )
    spelling = Spelling.proven(columns, frame)
    days: dict[str, pd.Series] = {}
    violations: list[Violation] = []
    for column in columns:
        converted, found = check_column("", _FILE, column, frame, spelling)
        days |= {name: one.typed for name, one in converted.items()}
        violations += found
    refuse(where, violations)
    return frame.assign(**days)


def days_of(dates: object, where: str = "dates") -> NDArray[np.datetime64]:
    """Return dates as an array of days, missing ones as NaT; refused as in `read_days`."""
    if isinstance(dates, np.ndarray) and dates.dtype.kind == "M":
        return dates.astype("datetime64[D]")
    own = pd.Series(dates).reset_index(drop=True)
    days = read_days(own.rename("date").to_frame(), {"date": None}, where)["date"]
    return days.to_numpy("datetime64[D]")
