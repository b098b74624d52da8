"""Figures of groups that hold one another: what few between them would give away."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from tests.attack.studies import Attacked

# Tables that tell more of a group than how many it is, and their figures.
FIGURES = {
    "profile": ("variable", "level"),
    "designs": ("outcome", "design"),
    "contrasts": ("outcome", "term"),
    "pretrends": (),
}


def figures_of_few(study: Attacked) -> list[str]:
    """Return the pairs of groups, few apart, of both of which the same figure is told.

    A sum is a mean times a size: of two groups of which one holds the other it tells the sum
    over those between, of one person all values.
    """
    found = []
    for name, alike in FIGURES.items():
        rows = [
            (tuple(row[list(alike)]), row["n_who"], told)
            for row, told in study.pairs(name)
            if isinstance(row.get("n_who"), frozenset)
        ]
        figures = [one for one in ("mean", "sd", "estimate") if one in study.frame(name)]
        for (key, who, told), (other, more, beside) in combinations(rows, 2):
            apart = len(who ^ more) if who <= more or more <= who else 0
            if key != other or not 0 < apart < study.min_cell:
                continue
            found += [
                f"{name} {key}: {figure} of two groups that are {apart} apart"
                for figure in figures
                if _are_told(told[figure], beside[figure])
            ]
    return found


def _are_told(*values: object) -> bool:
    return bool(np.isfinite(pd.to_numeric(pd.Series(values), errors="coerce")).all())
