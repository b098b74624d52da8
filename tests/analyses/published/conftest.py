"""Publishing a few hand-made tables, all others being empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import pytest

from analyses.published.effects import EFFECTS
from analyses.published.gate import Gate
from tests.analyses.published.whole import whole

Publish = Callable[..., dict[str, pd.DataFrame]]


@pytest.fixture
def publish() -> Publish:
    """Return a function that publishes tables and returns the frames."""

    def run(tables: Mapping[str, pd.DataFrame], min_cell: int = 5) -> dict[str, pd.DataFrame]:
        made = {name: whole(name, frame) for name, frame in tables.items()}
        return {name: shown.frame for name, shown in Gate(min_cell).publish(made).items()}

    return run


@pytest.fixture
def effects() -> Callable[..., pd.DataFrame]:
    """Return a function that makes effects of large arms by name."""

    def rows(*names: str, term: str = "incidence", **values: object) -> pd.DataFrame:
        row = {
            name: "x" if column.dtype == "object" else 1.0
            for name, column in EFFECTS.columns.items()
        }
        row |= {"n_treated": 100, "n_comparison": 100, "term": term, **values}
        return pd.DataFrame([{**row, "outcome": name} for name in names])

    return rows
