"""Nearest-neighbour matching within a caliper, propensity and checks included."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.bench.measure import Clocked, clock

COVARIATES = tuple(f"x{k}" for k in range(10))


def nearest(treated: int, controls: int, repeats: int = 3) -> Clocked:
    """Clock `evaluation.match`, one to one within 0.2 SD; beside it the balance."""
    from evaluation import Roles, match

    rng = np.random.default_rng(3)
    n = treated + controls
    is_treated = np.arange(n) < treated
    X = rng.normal(size=(n, len(COVARIATES))) + 0.15 * is_treated[:, None]
    persons = pd.DataFrame(X, columns=list(COVARIATES)).assign(
        person=np.arange(n), plan=is_treated
    )
    persons = persons.sample(frac=1.0, random_state=3).reset_index(drop=True)
    roles = Roles(unit="person", treatment="plan", covariates=COVARIATES)
    match(persons[:500], roles, caliper=0.2)
    seconds, matched = clock(lambda: match(persons, roles, caliper=0.2), repeats=repeats)
    balance, _ = clock(lambda: matched.balance().tidy(), repeats=1)
    return Clocked(seconds=seconds, facts={"pairs": len(matched.pairs), "balance": balance})
