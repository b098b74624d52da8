from __future__ import annotations

import numpy as np
import pytest

from evaluation.inference import cluster_variance, wild_bootstrap
from evaluation.survival import competing, cox, fine_gray, kaplan_meier
from evaluation.survival.equality import gray, log_rank
from evaluation.survival.piecewise import model as piecewise
from evaluation.survival.timeline import row_weights, timeline


def test_a_row_that_enters_at_an_exit_time_is_not_at_risk_then() -> None:
    # Exits at 2 and 5; the second row enters at 2, so only the first is at risk at 2.
    line = timeline([2.0, 5.0], [0.0, 2.0])
    assert line.at_risk(np.ones(2)).tolist() == [1.0, 1.0]
    assert line.start.tolist() == [0, 1]


def test_times_that_differ_by_rounding_are_one_time() -> None:
    line = timeline([0.1 + 0.2, 0.3, 0.7])
    assert len(line.times) == 2
    assert line.stop.tolist() == [0, 0, 1]
    late = timeline([0.1 + 0.2, 0.3, 0.7], [0.0, 0.1, 0.3])
    assert late.at_risk(np.ones(3)).tolist() == [2.0, 1.0]


def test_entry_without_a_start_counts_from_the_beginning() -> None:
    line = timeline([1.0, 2.0], [-np.inf, 0.0])
    assert not line.start.any()


@pytest.mark.parametrize(
    ("exit_", "entry", "message"),
    [
        ([], None, "at least one"),
        ([1.0, np.nan], None, "missing or infinite"),
        ([1.0, 2.0], [0.0, np.nan], "none missing"),
        ([1.0, 2.0], [0.0, 2.0], r"1 row\(s\) do not enter before they leave"),
    ],
)
def test_times_that_cannot_be_placed_are_refused(
    exit_: list[float], entry: list[float] | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        timeline(exit_, entry)


@pytest.mark.parametrize(
    ("weights", "message"),
    [([1.0, -1.0], "none negative"), ([0.0, 0.0], "every weight is zero")],
)
def test_weights_that_are_no_weights_are_refused(weights: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        row_weights(weights, 2)


def _rows(n: int = 60) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(5)
    exits = np.ceil(rng.exponential(20, n)) + 3
    return {
        "exit": exits,
        "entry": np.minimum(rng.integers(0, 6, n), exits - 1.0),
        "cause": rng.choice([0, 1, 2], n, p=[0.3, 0.5, 0.2]),
        "x": rng.normal(40, 5, n),
        "group": rng.choice(["a", "b", "c"], n),
        "strata": rng.integers(0, 2, n),
        "weights": rng.uniform(0.5, 2, n),
    }


# What nobody sees: endless times, an unknown cause, enormous and missing covariates, groups and
# a stratum of their own, between the rows and at their end.
ABSENT = {
    "exit": [np.nan, 900.0, 4.000000001, -5.0],
    "entry": [np.nan, 0.0, 0.0, np.inf],
    "cause": [1, 9, 1, 2],
    "x": [1e9, np.nan, -np.inf, 40.0],
    "group": ["d", "a", "e", "b"],
    "strata": [7, 0, 7, 1],
    "weights": [0.0, 0.0, 0.0, 0.0],
}
PLACES = [0, 20, 33, 60]


def _cox(r, **more):
    found = cox.fit(
        r["exit"],
        np.where(r["cause"] > 1, 0, r["cause"]),
        r["x"],
        entry=r["entry"],
        weights=r["weights"],
        strata=r["strata"],
        cluster=r["group"],
        **more,
    )
    return [found.coef, found.vcov, found.vcov_robust, found.loglik, found.n, found.influence()]


def _fine_gray(r, **more):
    found = fine_gray.fit(
        r["exit"], r["cause"], r["x"], weights=r["weights"], cluster=r["group"], **more
    )
    return [found.coef, found.vcov, found.vcov_fixed_censoring, found.n, found.influence()]


def _aalen_johansen(r):
    found = competing.aalen_johansen(
        r["exit"], r["cause"], entry=r["entry"], weights=r["weights"], n_causes=2
    )
    functional = competing.area_to_horizon(found.time, 30.0)
    seen = found.at_risk > 0
    curves = found.time, found.incidence, found.std_error, found.survival_error, found.at_risk
    parts = [curve[seen] for curve in (*curves, *found.counts())]
    return [*parts, found.influence(1, functional)]


def _kaplan_meier(r):
    found = kaplan_meier.fit(r["exit"], r["cause"] == 1, weights=r["weights"])
    seen = found.at_risk > 0
    return [found.survival[seen], found.std_error[seen], *found.quantile(0.9)]


def _tests(kernel):
    def compared(r):
        event = np.where(r["cause"] > 1, 0, r["cause"]) if kernel is log_rank else r["cause"]
        found = kernel.compare(
            r["exit"],
            event,
            r["group"],
            entry=r["entry"],
            weights=r["weights"],
            strata=r["strata"],
        )
        parts = found.observed, found.expected, found.vcov, found.slope, found.chisq
        return [*parts, found.contributions]

    return compared


def _piecewise(r):
    found = piecewise.fit(
        r["exit"],
        np.where(r["cause"] > 1, 0, r["cause"]),
        r["x"],
        cuts=[9, 20],
        entry=r["entry"],
        weights=r["weights"],
    )
    return [found.coef, found.vcov, found.rate, found.loglik, found.influence()]


def _least_squares(r):
    X = np.column_stack([np.ones(len(r["x"])), r["x"]])
    made = [
        cluster_variance.fit(X, r["exit"], r["group"], kind=kind, weights=r["weights"])
        for kind in ("CR0", "CR1S", "CR2", "CR3")
    ]
    wild = wild_bootstrap.test(
        X, r["exit"], r["group"], coefficient=1, row_weights=r["weights"], seed=1
    )
    both = [(found.vcov, found.dof, found.n_clusters, found.n) for found in made]
    return [part for one in both for part in one] + [wild.p_value, wild.conf_low, wild.draws]


@pytest.mark.parametrize(
    "kernel",
    [
        _cox,
        lambda r: _cox(r, ties="breslow"),
        _fine_gray,
        lambda r: _fine_gray(r, entry=r["entry"], censoring_strata=r["strata"]),
        lambda r: _fine_gray(r, definition="finegray"),
        pytest.param(_aalen_johansen, id="curves"),
        pytest.param(_kaplan_meier, id="survival"),
        _tests(log_rank),
        _tests(gray),
        _piecewise,
        _least_squares,
    ],
)
def test_rows_without_weight_are_as_good_as_absent(kernel) -> None:
    rows = _rows()
    # The times of such rows may stand among those of a curve, where nothing happens then.
    is_curve = kernel in (_aalen_johansen, _kaplan_meier)
    times = {"exit": [200.0, 900.0, 4.000000001, 250.0], "entry": [0.0, 0.0, 0.0, 0.0]}
    absent = ABSENT | times if is_curve else ABSENT
    with_them = {
        name: np.insert(values.astype(object), PLACES, absent[name]).astype(
            values.dtype if name != "cause" else np.int64
        )
        for name, values in rows.items()
    }
    n = len(rows["exit"])
    kept = np.setdiff1d(np.arange(n + 4), np.array(PLACES) + np.arange(4))
    for alone, among in zip(kernel(rows), kernel(with_them), strict=True):
        found = np.asarray(among)
        if found.ndim and len(found) == n + 4:
            assert not np.delete(found, kept, axis=0).any()
            found = found[kept]
        np.testing.assert_allclose(found, alone, rtol=1e-9, atol=1e-12)
