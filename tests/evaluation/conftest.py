"""Rows that R was asked about: the cases stored with its answers in tests/oracle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

DATA = Path(__file__).parents[1] / "data" / "third_party"


@pytest.fixture(scope="session")
def case_rows():
    """Return a case's rows as tests/oracle/cases.R makes them: derived, chosen, complete."""

    def rows_of(case: dict[str, Any]) -> pd.DataFrame:
        rows = pd.read_csv(DATA / case["data"])
        for name, expression in case.get("derive", {}).items():
            rows[name] = rows.eval(expression).astype(float)
        if "subset" in case:
            rows = rows[rows.eval(case["subset"])]
        parts = ("start", "stop", "event", "weight", "cluster", "strata")
        used = [case[part] for part in parts if case.get(part)] + case.get("columns", [])
        return rows.dropna(subset=used)

    return rows_of
