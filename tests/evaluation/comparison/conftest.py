"""Data sets and stored results that several modules of matching are held against."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from evaluation import Roles

TESTS = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def sim() -> pd.DataFrame:
    """2,500 simulated rows without ties."""
    return pd.read_csv(TESTS / "data" / "match_sim2500.csv")


@pytest.fixture(scope="session")
def sim_roles() -> Roles:
    names = ("x1", "x2", "x3", "x4", "x5", "x6", "b1", "b2", "b3", "b4")
    return Roles(unit="id", treatment="treat", covariates=names)


@pytest.fixture(scope="session")
def sim_oracle() -> dict[str, Any]:
    return _stored("matching_sim2500.json")


@pytest.fixture(scope="session")
def lalonde() -> pd.DataFrame:
    """MatchIt's 614 rows, with many tied propensities."""
    return pd.read_csv(TESTS / "data" / "third_party" / "lalonde.csv")


@pytest.fixture(scope="session")
def lalonde_roles() -> Roles:
    names = ("age", "educ", "race", "married", "nodegree", "re74", "re75")
    return Roles(unit="id", treatment="treat", covariates=names)


@pytest.fixture(scope="session")
def lalonde_oracle() -> dict[str, Any]:
    return _stored("matching_lalonde.json")


@pytest.fixture(scope="session")
def nsw() -> pd.DataFrame:
    """185 trained and 260 randomised controls: the experiment itself."""
    return pd.read_csv(TESTS / "data" / "nsw_mixtape.csv")


def _stored(name: str) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads((TESTS / "oracle" / name).read_text(encoding="utf-8"))
    return stored


@pytest.fixture(scope="session")
def jobs2() -> pd.DataFrame:
    """JOBS II: 899 job seekers, 600 of them offered a workshop."""
    return pd.read_csv(TESTS / "data" / "third_party" / "jobs2.csv")


@pytest.fixture(scope="session")
def jobs2_roles() -> Roles:
    names = ("econ_hard", "depress1", "sex", "age", "occp", "marital", "nonwhite", "educ")
    return Roles(unit="id", treatment="treat", covariates=(*names, "income"))


@pytest.fixture(scope="session")
def psid() -> pd.DataFrame:
    """185 trained and 2,490 persons of the PSID, with log-odds down to -60."""
    return pd.read_csv(TESTS / "data" / "third_party" / "nsw_psid.csv")


@pytest.fixture(scope="session")
def psid_roles() -> Roles:
    names = ("age", "educ", "black", "hisp", "marr", "nodeg", "re74", "re75")
    return Roles(unit="id", treatment="trt", covariates=names)


@pytest.fixture(scope="session")
def nhefs() -> pd.DataFrame:
    """Smokers who quit or not and their weight ten years on, as "What If" has them."""
    return pd.read_csv(TESTS / "data" / "third_party" / "nhefs.csv")


@pytest.fixture(scope="session")
def nhefs_roles() -> Roles:
    habits = ("smokeintensity", "smokeyrs", "exercise", "active", "wt71")
    return Roles(
        unit="id", treatment="qsmk", covariates=("sex", "age", "race", "education", *habits)
    )
