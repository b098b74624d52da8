"""Matching, greedy and to the least total distance, propensity and checks included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from tests.bench.measure import Clocked, clock

if TYPE_CHECKING:
    from evaluation import Roles

COVARIATES = tuple(f"x{k}" for k in range(10))


def nearest(treated: int, controls: int, repeats: int = 3) -> Clocked:
    """Clock `evaluation.match`, one to one within 0.2 SD; beside it the balance."""
    from evaluation import match

    persons, roles = _persons(treated, controls)
    match(persons[:500], roles, caliper=0.2)
    seconds, matched = clock(
        lambda: match(persons, roles, caliper=0.2), repeats=repeats, best=True
    )
    balance, _ = clock(lambda: matched.balance().tidy(), repeats=1)
    return Clocked(seconds=seconds, facts={"pairs": len(matched.pairs), "balance": balance})


def optimum(method: Literal["optimal", "full"], treated: int, controls: int) -> Clocked:
    """Clock optimal pairs or full matching without a caliper, with what is minimised."""
    from evaluation import match

    persons, roles = _persons(treated, controls)
    match(persons[:500], roles, method=method)
    seconds, matched = clock(lambda: match(persons, roles, method=method), best=True)
    sets = matched.subclass
    return Clocked(
        seconds=seconds,
        facts={
            "sets": len(np.unique(sets[sets >= 0])),
            "distance": float(matched.pairs["distance"].sum()),
        },
    )


def _persons(treated: int, controls: int) -> tuple[pd.DataFrame, Roles]:
    """Return persons in random order, the treated a little different, and their roles."""
    from evaluation import Roles

    rng = np.random.default_rng(3)
    n = treated + controls
    is_treated = np.arange(n) < treated
    X = rng.normal(size=(n, len(COVARIATES))) + 0.15 * is_treated[:, None]
    persons = pd.DataFrame(X, columns=list(COVARIATES)).assign(
        person=np.arange(n), plan=is_treated
    )
    persons = persons.sample(frac=1.0, random_state=3).reset_index(drop=True)
    return persons, Roles(unit="person", treatment="plan", covariates=COVARIATES)
