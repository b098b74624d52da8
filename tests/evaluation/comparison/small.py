"""A few people, by hand and drawn, for the tests of several methods of comparison."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation import Matched, Roles

HAND = pd.DataFrame(
    {
        "id": range(7),
        "t": [1, 1, 1, 0, 0, 0, 0],
        "s": [1.0, 2.0, 9.0, 1.5, 2.5, 3.0, 8.0],
        "g": list("abaabba"),
        "y": [3.0, 5.0, 7.0, 1.0, 2.0, 4.0, 6.0],
    }
)

BY_S = Roles(unit="id", treatment="t", covariates=("s",))

ROLES = Roles(unit="id", treatment="t", covariates=("x", "z"))


def difference(m: Matched, outcome: str) -> float:
    y, w = m.frame[outcome].to_numpy(), m.weights
    means = [np.average(y[arm], weights=w[arm]) for arm in (m.treated, ~m.treated)]
    return float(means[0] - means[1])


def sets(m: Matched) -> list[list[int]]:
    return [np.flatnonzero(m.subclass == k).tolist() for k in range(m.subclass.max() + 1)]


def people(n: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    treated = rng.random(n) < 0.3
    treated[:2] = True, False
    return pd.DataFrame(
        {
            "id": np.arange(n),
            "t": treated,
            "x": np.round(rng.normal(size=n) + 0.5 * treated, int(rng.integers(0, 4))),
            "z": rng.normal(size=n),
            "g": rng.choice(["a", "b", "c"], size=n),
            "w": rng.uniform(0.5, 2, size=n),
        }
    )


def citizens(n: int = 200, seed: int = 7) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    treated = rng.random(n) < 0.25
    return pd.DataFrame(
        {
            "id": [f"p{i}" for i in range(n)],
            "plan": treated,
            "age": rng.normal(40 + 3 * treated, 10),
            "children": rng.integers(0, 4, size=n),
            "quarter": rng.choice(["2017Q1", "2017Q2"], size=n),
            "town": rng.integers(1, 12, size=n),
        }
    )


CITIZENS = Roles(
    unit="id",
    treatment="plan",
    covariates=("age", "children"),
    exact=("quarter",),
    cluster="town",
)


def drawn(seed: int = 0, n: int = 120) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"id": np.arange(n), "x": rng.normal(size=n)})
    frame["female"] = rng.integers(0, 2, n)
    frame["plan"] = rng.random(n) < 1 / (1 + np.exp(0.5 - 0.8 * frame["x"]))
    frame["y"] = frame["x"] + frame["plan"] + rng.normal(size=n)
    return frame
