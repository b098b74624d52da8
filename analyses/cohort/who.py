"""Whom a count counts: the persons behind a number, by their keys."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evaluation import Matched
from evaluation.disclosure.sizes import Who


def people(keys: ArrayLike, rows: NDArray[np.bool_] | NDArray[np.int64] | None = None) -> Who:
    """Return the persons whose keys these are, or those of some rows."""
    found = np.asarray(keys)
    return frozenset(pd.unique(found if rows is None else found[rows]).tolist())


def arms(m: Matched, rows: NDArray[np.bool_] | None = None) -> tuple[Who, Who]:
    """Return whom a comparison uses of the treated and of the others, or of some rows."""
    own = m.used if rows is None else m.used & rows
    keys = m.frame[m.roles.unit].to_numpy()
    return people(keys, own & m.treated), people(keys, own & ~m.treated)


def of_kind(kind: str, who: Iterable[object]) -> Who:
    """Return others than the study's persons, such as the staff, under keys of their own."""
    return frozenset((kind, one) for one in who)
