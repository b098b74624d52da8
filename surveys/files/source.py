"""A file as it was read: values as they stand, labels, missing codes and provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pandas as pd

from surveys.files.provenance import Provenance

Value: TypeAlias = float | str
ValueRange: TypeAlias = tuple[Value, Value]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """One table out of one file, before any dictionary is applied.

    Parameters
    ----------
    frame : DataFrame
        Values as they stand in the file, codes for a missing answer included. Stata's and
        SAS's special missing values are written ``".a"``.
    variable_labels : Mapping of str to str
        Text of each variable that has one.
    value_labels : Mapping of str to Mapping
        Labels of the codes of each variable that has some.
    missing : Mapping of str to Mapping
        Codes that the file declares as missing, with their kind: not_asked, do_not_know,
        refused or technical if the code's label says so, else ``"user"``. A declared range
        lists the codes that occur.
    missing_ranges : Mapping of str to tuple of pairs
        The declared missing values as inclusive ranges, exactly as the file has them.
    provenance : Provenance
        Where the data came from.
    """

    frame: pd.DataFrame
    variable_labels: Mapping[str, str]
    value_labels: Mapping[str, Mapping[Value, str]]
    missing: Mapping[str, Mapping[Value, str]]
    missing_ranges: Mapping[str, tuple[ValueRange, ...]]
    provenance: Provenance
