"""What values prove about the two ways in which others of them can be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Way = TypeVar("Way", bound=str)


@dataclass(frozen=True, slots=True)
class Evidence(Generic[Way]):
    """In which ways some distinct values can be read for certain, and how many are `open`."""

    ways: frozenset[Way]
    open: int

    @property
    def proven(self) -> Way | None:
        """The only way that fits every value; None without proof."""
        # Proof of both ways is proof of two programs, and so of neither.
        return next(iter(self.ways)) if len(self.ways) == 1 else None
