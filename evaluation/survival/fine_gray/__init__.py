"""Fine and Gray's model: its rows, its two-sided risk sets and its maximum."""

from evaluation.survival.fine_gray.model import (
    DEFINITIONS,
    Definition,
    FineGrayFit,
    UnidentifiedError,
    delete_groups,
    fit,
)

__all__ = [
    "DEFINITIONS",
    "Definition",
    "FineGrayFit",
    "UnidentifiedError",
    "delete_groups",
    "fit",
]
