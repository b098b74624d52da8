"""Who is treated: the treatment column read as a claim about every row."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray
from evaluation.roles import Roles

ARMS = ("treated", "comparison")


def read_arms(frame: pd.DataFrame, roles: Roles) -> BoolArray:
    """Return True for each treated row; refuse a treatment that is not two arms.

    Parameters
    ----------
    frame : pd.DataFrame
        One row per unit, or per unit and candidate month.
    roles : Roles
        ``treatment`` must hold bool or 0/1 in every row.

    Raises
    ------
    DesignError
        If treatment has missing or other values, or one arm is empty.
    """
    roles.require(frame)
    column = frame[roles.treatment]
    missing = int(column.isna().sum())
    if missing:
        raise DesignError(
            f"treatment='{roles.treatment}': {missing} row(s) have no value; "
            "leave out rows whose arm is not known."
        )
    levels = column.unique()
    if not all(level in (0, 1) for level in levels):
        raise DesignError(
            f"treatment='{roles.treatment}' has {len(levels)} level(s) that are not all "
            "0/1 or False/True; say which level is treated and compare two arms at a time."
        )
    treated: BoolArray = column.to_numpy(dtype=bool)
    if not treated.any():
        raise DesignError(
            f"treatment='{roles.treatment}': no treated row among {len(frame)}; "
            "there is nobody whose effect could be estimated."
        )
    if treated.all():
        raise DesignError(
            f"treatment='{roles.treatment}': no comparison row among {len(frame)}; "
            "there is nobody to compare the treated with."
        )
    return treated


def read_sampling(frame: pd.DataFrame, roles: Roles) -> FloatArray | None:
    """Return the sampling weight of every row, or None where every row counts once."""
    if roles.weight is None:
        return None
    sampling: FloatArray = frame[roles.weight].to_numpy(dtype=np.float64, na_value=np.nan)
    unusable = int((~np.isfinite(sampling) | (sampling <= 0)).sum())
    if unusable:
        raise DesignError(
            f"weight='{roles.weight}': {unusable} row(s) are missing, infinite or not above 0; "
            "leave out rows that the sample does not represent."
        )
    return sampling


def refuse_missing(frame: pd.DataFrame, columns: dict[str, tuple[str, ...]]) -> None:
    """Raise `DesignError` with the count of missing values for every named column at once."""
    counts = [
        f"  - {role} '{name}': {missing} missing value(s)"
        for role, names in columns.items()
        for name in names
        if (missing := int(frame[name].isna().sum()))
    ]
    if counts:
        raise DesignError(
            "\n".join(
                [
                    f"{len(counts)} column(s) have missing values among {len(frame)} rows",
                    *counts,
                    "Impute them, give missing its own level, or leave those rows out.",
                ]
            )
        )
