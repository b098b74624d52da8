"""How large the jobs of the bench are: in full, and for a look."""

from __future__ import annotations

from dataclasses import dataclass

COVARIATES = 10
ROWS = 20_000  # of a regression
WEEKS = 624  # twelve years of DREAM
WEEKS_WIDE = 1_460  # from 1994: with months, years and quarters 1,700 columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Rows of each job; treated and comparison rows where it matches."""

    imports: int
    nearest: tuple[tuple[int, int], ...]
    full: tuple[int, int]
    optimal: tuple[int, int]
    cox: tuple[int, ...]
    against_lifelines: int
    fine_gray: tuple[int, ...]
    incidence: tuple[int, ...]
    register: tuple[int, ...]
    register_wide: tuple[int, int]
    persons: int


FULL = Sizes(
    imports=7,
    nearest=((500, 10_000), (5_000, 100_000), (50_000, 1_000_000)),
    full=(1_000, 10_000),
    optimal=(5_000, 50_000),
    cox=(10_000, 100_000, 1_000_000),
    against_lifelines=100_000,
    fine_gray=(10_000, 50_000, 100_000, 500_000, 1_000_000),
    incidence=(10_000, 100_000, 1_000_000),
    register=(10_000, 100_000, 1_000_000),
    register_wide=(100_000, 300_000),
    persons=12_000,
)
QUICK = Sizes(
    imports=3,
    nearest=((500, 10_000), (5_000, 100_000)),
    full=(200, 2_000),
    optimal=(500, 5_000),
    cox=(10_000, 100_000),
    against_lifelines=10_000,
    fine_gray=(5_000, 50_000),
    incidence=(10_000, 100_000),
    register=(10_000, 20_000),
    register_wide=(40_000, 80_000),
    persons=2_000,
)
