"""What was published of an earlier draw is of other persons, though they may be called alike.

A run keeps beside the data who stood behind what it published (`analyses.results.editions`).
Persons whom chance draws anew are nobody's neighbours: a study of them is no second edition.
"""

from __future__ import annotations

from pathlib import Path

EDITIONS = ".enplan-editions"
KEPT, OTHERS = ".npz", ".others"


def set_apart(data: Path) -> None:
    """Let all that was published of the data be of others than those who are drawn now."""
    for path in (data / EDITIONS).glob(f"*{KEPT}"):
        path.replace(path.with_suffix(OTHERS))
