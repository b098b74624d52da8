from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evaluation as ev

TESTS = Path(__file__).parents[2]
PUBLIC = TESTS / "data" / "third_party"


@pytest.fixture(scope="session")
def oracle() -> dict[str, Any]:
    """Load what R's survival gave on the public data; each entry names its call."""
    found: dict[str, Any] = json.loads((TESTS / "oracle" / "survival.json").read_text())
    return found


@pytest.fixture(scope="session")
def colon() -> pd.DataFrame:
    rows = pd.read_csv(PUBLIC / "colon.csv")
    levels = {f"rx{level}": (rows["rx"] == level) * 1.0 for level in ("Obs", "Lev", "Lev+5FU")}
    return rows.assign(**levels)


@pytest.fixture(scope="session")
def heart() -> pd.DataFrame:
    return pd.read_csv(PUBLIC / "heart.csv")


@pytest.fixture(scope="session")
def mgus2() -> pd.DataFrame:
    return pd.read_csv(PUBLIC / "mgus2_cr.csv")


@pytest.fixture(scope="session")
def one_arm() -> dict[str, Any]:
    """Load what R read off one curve, and said of a model's coefficients together."""
    found: dict[str, Any] = json.loads((TESTS / "oracle" / "one_arm_r.json").read_text())
    return found


@pytest.fixture(scope="session")
def deaths(one_arm: dict[str, Any], case_rows: Callable[..., pd.DataFrame]) -> ev.Matched:
    """Compare men with women of mgus2, every person on their own."""
    rows = case_rows(one_arm["model"]["case"])
    causes = rows["ev"].map({1: "pcm", 2: "death"})
    rows = rows.assign(id=range(len(rows)), cause=causes, late=rows["dxyr"] > 1980)
    return ev.unmatched(rows, ev.Roles(unit="id", treatment="male"))


@pytest.fixture
def duration() -> ev.Duration:
    return ev.Duration(
        exit="weeks", event="status", of="employment", competing=("death", "flexjob")
    )


@pytest.fixture
def make() -> Callable[..., ev.Matched]:
    """Make a comparison: nine treated municipalities against thirty others, weekly times."""

    def made(
        *,
        seed: int = 0,
        n: int = 600,
        effect: float = 0.4,
        cluster: bool = True,
        sets: bool = False,
        shock: float = 0.15,
    ) -> ev.Matched:
        rng = np.random.default_rng(seed)
        treated = np.arange(2 * n) < n
        town = np.where(treated, rng.integers(0, 9, 2 * n), rng.integers(9, 39, 2 * n))
        speed = np.exp(rng.normal(0, shock, 39)[town] + effect * treated)
        job = np.ceil(rng.exponential(110, 2 * n) / speed)
        other = np.ceil(rng.exponential(220, 2 * n))
        end = rng.integers(106, 160, 2 * n)
        exits = np.minimum(np.minimum(job, other), end)
        left = np.where(exits == other, rng.choice(["death", "flexjob"], 2 * n), None)
        frame = pd.DataFrame(
            {
                "id": np.arange(2 * n),
                "plan": treated,
                "town": town,
                "age": rng.normal(size=2 * n),
                "quarter": rng.integers(1, 5, 2 * n),
                "weeks": exits,
                "status": np.where(exits == job, "employment", left),
            }
        )
        roles = ev.Roles(
            unit="id",
            treatment="plan",
            covariates=("age",),
            cluster="town" if cluster else None,
        )
        return ev.match(frame, roles, distance="ps") if sets else ev.unmatched(frame, roles)

    return made
