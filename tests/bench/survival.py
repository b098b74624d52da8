"""Cox and Fine-Gray regression, score bootstrap, and Aalen-Johansen incidence."""

from __future__ import annotations

import numpy as np

from tests.bench.measure import Clocked, clock

CLUSTERS = 40
WEEKS = 104


def _rows(n: int, covariates: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return weeks, event, covariates and cluster of spells with many ties."""
    rng = np.random.default_rng(1)
    X = rng.normal(size=(n, covariates))
    cluster = rng.integers(0, CLUSTERS, n)
    shift = rng.normal(0, 0.2, CLUSTERS)[cluster]
    hazard = 0.01 * np.exp(X @ np.linspace(-0.3, 0.3, covariates) + shift)
    weeks = np.ceil(rng.exponential(1 / hazard))
    return np.minimum(weeks, WEEKS), weeks <= WEEKS, X, cluster


def cox(rows: int, covariates: int, repeats: int = 3) -> Clocked:
    """Clock our kernel, compiled."""
    from evaluation.survival import cox

    weeks, event, X, cluster = _rows(rows, covariates)
    cox.fit(weeks[:500], event[:500], X[:500], cluster=cluster[:500])
    seconds, found = clock(
        lambda: cox.fit(weeks, event, X, cluster=cluster), repeats=repeats, best=True
    )
    return Clocked(seconds=seconds, facts={"coef": found.coef.tolist()})


def cox_lifelines(rows: int, covariates: int) -> Clocked:
    """Clock the same model in lifelines."""
    import warnings

    import pandas as pd
    from lifelines import CoxPHFitter

    weeks, event, X, cluster = _rows(rows, covariates)
    frame = pd.DataFrame(X).add_prefix("x")
    frame = frame.assign(weeks=weeks, event=event, cluster=cluster)
    warnings.simplefilter("ignore")
    seconds, found = clock(
        lambda: CoxPHFitter().fit(frame, "weeks", "event", cluster_col="cluster"), repeats=1
    )
    return Clocked(seconds=seconds, facts={"coef": found.params_.tolist()})


def cox_first(rows: int, covariates: int) -> Clocked:
    """Clock the first fit of an interpreter: compiling, or loading what was compiled."""
    from evaluation.survival import cox

    weeks, event, X, cluster = _rows(rows, covariates)
    seconds, _ = clock(lambda: cox.fit(weeks, event, X, cluster=cluster), repeats=1)
    return Clocked(seconds=seconds)


def fine_gray(rows: int, covariates: int) -> Clocked:
    """Clock Fine-Gray with its robust errors, one competing cause, no ties."""
    from evaluation.survival import fine_gray

    rng = np.random.default_rng(1)
    X = rng.normal(size=(rows, covariates))
    first = rng.exponential(100 / np.exp(X @ np.linspace(-0.3, 0.3, covariates)))
    times = np.column_stack([rng.uniform(20, WEEKS, rows), first, rng.exponential(150, rows)])
    cause, weeks = times.argmin(axis=1), times.min(axis=1)
    fine_gray.fit(weeks[:500], cause[:500], X[:500])
    seconds, found = clock(lambda: fine_gray.fit(weeks, cause, X), best=True)
    return Clocked(seconds=seconds, facts={"coef": found.coef.tolist()})


def score_bootstrap(rows: int, covariates: int) -> Clocked:
    """Clock 9,999 draws over clusters with the interval that inverts the test, and one fit."""
    import pandas as pd

    import evaluation as ev

    weeks, event, X, _ = _rows(rows, covariates)
    rng = np.random.default_rng(3)
    town = rng.integers(0, 39, rows)
    frame = pd.DataFrame(X).add_prefix("x")
    frame = frame.assign(weeks=weeks, event=event, town=town, plan=town < 9, id=range(rows))
    m = ev.unmatched(
        frame, ev.Roles(unit="id", treatment="plan", covariates=(), cluster="town")
    )
    names = tuple(f"x{k}" for k in range(covariates))
    ratio = ev.hazard_ratio(m, ev.Duration(exit="weeks", event="event"), covariates=names)
    once, _ = clock(ratio.fit.score_residuals, repeats=2)
    seconds, _ = clock(lambda: ev.score_bootstrap(ratio, seed=1), repeats=2)
    return Clocked(seconds=seconds, facts={"score_residuals": once})


def incidence(rows: int, *, ties: bool) -> Clocked:
    """Clock Aalen-Johansen with errors of two causes and of survival."""
    from evaluation.survival.competing import aalen_johansen

    times, cause = _exits(rows, ties=ties)
    return Clocked(seconds=clock(lambda: aalen_johansen(times, cause), best=True)[0])


def incidence_statsmodels(rows: int, *, ties: bool) -> Clocked:
    """Clock the curves of two causes with errors in statsmodels."""
    from statsmodels.duration.survfunc import CumIncidenceRight

    times, cause = _exits(rows, ties=ties)
    with np.errstate(all="ignore"):
        return Clocked(seconds=clock(lambda: CumIncidenceRight(times, cause), best=True)[0])


def _exits(rows: int, *, ties: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return times of two causes' events and of censorings."""
    rng = np.random.default_rng(2)
    times = rng.exponential(60, rows)
    return np.ceil(times) if ties else times, rng.integers(0, 3, rows)
