from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from data_dictionary.errors import DesignError
from evaluation.survival import cox, fine_gray

DEFINITIONS = fine_gray.DEFINITIONS
Rows = tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]


def rows(n: int = 400, *, seed: int = 0, ties: bool = True, p: int = 2) -> Rows:
    """Make two competing causes and censoring, in whole weeks if `ties`."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p))
    time = rng.exponential(20 * np.exp(-0.4 * X[:, 0]))
    cause = rng.choice([0, 1, 2], n, p=[0.3, 0.4, 0.3])
    return np.ceil(time) if ties else time, cause, X


def test_five_people_by_hand() -> None:
    # Competing at 1, censored at 2, events at 3 (x = 1) and 4 (x = 0), censored at 5 (x = 1).
    # G(t-) is 1 up to 2 and 3/4 after it.  With r = exp(b):
    #   at 3: at risk x = 1, 0, 1 and, kept with 3/4, the one who left at 1 (x = 1).
    #   at 4: x = 0, 1 and the kept one.
    time, cause, x = [1, 2, 3, 4, 5], [2, 0, 1, 1, 0], [1.0, 0.0, 1.0, 0.0, 1.0]
    found = fine_gray.fit(time, cause, x)
    # Score: 1 - 2.75 r / (2.75 r + 1) - 1.75 r / (1.75 r + 1) = 0, so 2.75 * 1.75 r^2 = 1.
    r = np.sqrt(1 / (2.75 * 1.75))
    assert found.coef[0] == pytest.approx(np.log(r), abs=1e-10)
    assert found.loglik == pytest.approx(np.log(r / (2.75 * r + 1)) - np.log(1.75 * r + 1))
    steps = np.cumsum([1 / (2.75 * r + 1), 1 / (1.75 * r + 1)])
    np.testing.assert_allclose(found.baseline_hazard, steps)
    np.testing.assert_allclose(found.incidence([[0.0]], [2, 3, 9])[1:, 0], 1 - np.exp(-steps))
    assert (found.n_events, found.n_competing) == (2, 1)


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_without_competing_events_it_is_cox(definition: fine_gray.Definition) -> None:
    time, cause, X = rows()
    cause = np.minimum(cause, 1)
    rng = np.random.default_rng(1)
    weights, town = rng.uniform(0.5, 2, len(time)), rng.integers(0, 30, len(time))
    found = fine_gray.fit(time, cause, X, weights=weights, cluster=town, definition=definition)
    ties: cox.Ties = "efron" if definition == "finegray" else "breslow"
    plain = cox.fit(time, cause, X, weights=weights, cluster=town, ties=ties)
    np.testing.assert_allclose(found.coef, plain.coef, rtol=1e-9)
    np.testing.assert_allclose(found.vcov, plain.vcov_robust, rtol=1e-9)
    np.testing.assert_allclose(found.vcov_fixed_censoring, plain.vcov_robust, rtol=1e-9)
    np.testing.assert_allclose(found.vcov_model, plain.vcov, rtol=1e-9)
    assert found.loglik == pytest.approx(plain.loglik, rel=1e-12)
    np.testing.assert_allclose(found.baseline_hazard[-1], plain.baseline_hazard[-1], rtol=1e-9)


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_without_censoring_it_is_cox_where_who_left_otherwise_never_leaves(
    definition: fine_gray.Definition,
) -> None:
    time, cause, X = rows()
    cause = np.maximum(cause, 1)
    found = fine_gray.fit(time, cause, X, definition=definition)
    stays = np.where(cause == 1, time, time.max() + 1)
    ties: cox.Ties = "efron" if definition == "finegray" else "breslow"
    plain = cox.fit(stays, cause == 1, X, cluster=np.arange(len(time)), ties=ties)
    np.testing.assert_allclose(found.coef, plain.coef, rtol=1e-9)
    np.testing.assert_allclose(found.vcov, plain.vcov_robust, rtol=1e-8)
    np.testing.assert_allclose(found.vcov, found.vcov_fixed_censoring, rtol=1e-12)


def test_the_definitions_agree_where_no_times_tie() -> None:
    time, cause, X = rows(ties=False)
    by_crr, *others = (fine_gray.fit(time, cause, X, definition=name) for name in DEFINITIONS)
    for other in others:
        np.testing.assert_allclose(by_crr.coef, other.coef, rtol=1e-9)
        np.testing.assert_allclose(by_crr.vcov, other.vcov, rtol=0.01)


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_the_influence_is_what_leaving_a_row_out_does(
    definition: fine_gray.Definition,
) -> None:
    time, cause, X = rows(300)
    found = fine_gray.fit(time, cause, X, definition=definition)
    left = found.delete_groups(np.arange(300), 300)
    moved, influence = found.coef - left, found.influence()
    for k in range(2):
        assert np.corrcoef(moved[:, k], influence[:, k])[0, 1] > 0.995
        # A jackknife moves a little more than its linear approximation.
        slope = (moved[:, k] @ influence[:, k]) / (influence[:, k] @ influence[:, k])
        assert 1.0 < slope < 1.06
    np.testing.assert_allclose(influence.sum(axis=0), 0.0, atol=1e-10)
    np.testing.assert_allclose(influence.T @ influence, found.vcov, rtol=1e-9)


def test_leaving_a_group_out_is_a_fit_without_its_rows() -> None:
    time, cause, X = rows()
    group = np.arange(len(time)) % 7
    weights = np.where(np.arange(len(time)) % 5 == 0, 0.0, 1.5)
    found = fine_gray.fit(time, cause, X, weights=weights)
    left = found.delete_groups(group, 7)
    for g in range(7):
        kept = group != g
        again = fine_gray.fit(time[kept], cause[kept], X[kept], weights=weights[kept])
        np.testing.assert_allclose(left[g], again.coef, atol=1e-9)


def test_whole_number_weights_are_repeated_rows() -> None:
    time, cause, X = rows(120)
    times = 1 + np.arange(120) % 3
    weighted = fine_gray.fit(time, cause, X, weights=times, cluster=np.arange(120))
    who = np.repeat(np.arange(120), times)
    repeated = fine_gray.fit(time[who], cause[who], X[who], cluster=who)
    np.testing.assert_allclose(weighted.coef, repeated.coef, rtol=1e-9)
    np.testing.assert_allclose(weighted.vcov, repeated.vcov, rtol=1e-9)
    assert weighted.loglik == pytest.approx(repeated.loglik)


@settings(deadline=None, max_examples=25)
@given(
    seed=st.integers(0, 2**16),
    factor=st.sampled_from([7.0, 1 / 30.4375, 365.25]),
    definition=st.sampled_from(DEFINITIONS),
)
def test_neither_the_unit_of_time_nor_the_order_of_rows_matters(
    seed: int, factor: float, definition: fine_gray.Definition
) -> None:
    time, cause, X = rows(80, seed=seed)
    found = fine_gray.fit(time, cause, X, definition=definition)
    turn = np.random.default_rng(seed).permutation(80)
    again = fine_gray.fit(time[turn] * factor, cause[turn], X[turn], definition=definition)
    np.testing.assert_allclose(found.coef, again.coef, atol=1e-8)
    np.testing.assert_allclose(found.vcov, again.vcov, rtol=1e-6, atol=1e-10)
    np.testing.assert_allclose(found.influence()[turn], again.influence(), atol=1e-8)


def test_shift_and_scale_of_covariates_change_coefficients_only() -> None:
    time, cause, X = rows()
    found = fine_gray.fit(time, cause, X)
    again = fine_gray.fit(time, cause, 100 * X + 1e4)
    np.testing.assert_allclose(found.coef, 100 * again.coef, rtol=1e-7)
    np.testing.assert_allclose(
        found.incidence(X[:3], [5, 10]), again.incidence(100 * X[:3] + 1e4, [5, 10]), rtol=1e-7
    )


def test_five_people_with_a_late_entry_by_hand() -> None:
    # One leaves by the other cause in week 2; in week 3 one enters and finds three others, so
    # of four at risk one came late: who left in week 2 counts for 1 / (1 - 1/4) from then on.
    found = fine_gray.fit(
        [2, 4, 5, 6, 7], [2, 1, 1, 1, 1], [1.0, 1.0, 0.0, 1.0, 0.0], entry=[0, 0, 0, 3, 0]
    )
    kept = 4 / 3
    sizes = np.array([4, 3, 2, 1]) + kept
    assert found.loglik_null == pytest.approx(-np.log(sizes).sum())
    # At no difference, the mean of x among those at risk is taken from the x of each event.
    means = np.array([2 + kept, 1 + kept, 1 + kept, kept]) / sizes
    score = (np.array([1, 0, 1, 0]) - means).sum()
    steep = (means * (1 - means)).sum()
    ahead = fine_gray.fit(
        [2, 4, 5, 6, 7],
        [2, 1, 1, 1, 1],
        [1.0, 1.0, 0.0, 1.0, 0.0],
        entry=[0, 0, 0, 3, 0],
        definition="finegray",
    )
    assert ahead.coef[0] == pytest.approx(found.coef[0])
    derivatives = found.sample.derivatives(np.zeros(1))
    assert derivatives[1][0] * found.sample.scale[0] == pytest.approx(score)
    assert derivatives[2][0, 0] * found.sample.scale[0] ** 2 == pytest.approx(steep)


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_entry_at_the_start_and_one_group_change_nothing(
    definition: fine_gray.Definition,
) -> None:
    time, cause, X = rows()
    plain = fine_gray.fit(time, cause, X, definition=definition)
    found = fine_gray.fit(
        time,
        cause,
        X,
        entry=np.zeros(len(time)),
        censoring_strata=np.ones(len(time)),
        definition=definition,
    )
    np.testing.assert_allclose(found.coef, plain.coef, rtol=1e-10)
    np.testing.assert_allclose(found.vcov, plain.vcov, rtol=1e-10)


def test_late_entry_moves_coefficients_as_its_influence_says() -> None:
    # Without censoring the weights are those of entry alone, whose derivative is exact.
    time, cause, X = rows(120)
    rng = np.random.default_rng(6)
    entry = np.floor(rng.uniform(0, 0.7, 120) * time)
    group, weights = rng.integers(0, 2, 120), rng.uniform(0.5, 2.0, 120)
    cause = np.maximum(cause, 1)

    def coef(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        return fine_gray.fit(
            time, cause, X, entry=entry, weights=weights, censoring_strata=group
        ).coef

    found = fine_gray.fit(
        time, cause, X, entry=entry, weights=weights, censoring_strata=group
    ).influence()
    for row in range(0, 120, 7):
        step = 1e-5 * (np.arange(120) == row)
        moved = (coef(weights * (1 + step)) - coef(weights * (1 - step))) / 2e-5
        np.testing.assert_allclose(found[row], moved, atol=1e-8)


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_with_groups_and_late_entry_leaving_a_row_out_follows_the_influence(
    definition: fine_gray.Definition,
) -> None:
    time, cause, X = rows(300)
    rng = np.random.default_rng(7)
    found = fine_gray.fit(
        time,
        cause,
        X,
        entry=np.floor(rng.uniform(0, 0.5, 300) * time),
        censoring_strata=rng.integers(0, 2, 300),
        definition=definition,
    )
    moved = found.coef - found.delete_groups(np.arange(300), 300)
    for k in range(2):
        assert np.corrcoef(moved[:, k], found.influence()[:, k])[0, 1] > 0.99


def test_a_follow_up_with_a_gap_is_refused() -> None:
    with pytest.raises(DesignError, match="nobody is at risk"):
        fine_gray.fit([1, 2, 5, 6], [2, 1, 1, 1], [1.0, 0.0, 1.0, 0.0], entry=[0, 0, 3, 3])
    with pytest.raises(ValueError, match="strata must hold one value per row"):
        fine_gray.fit([1, 2], [1, 2], [1.0, 0.0], censoring_strata=[1])


def test_what_cannot_be_fitted_is_refused() -> None:
    time, cause, X = rows(60)
    with pytest.raises(DesignError, match="no row leaves by the studied cause"):
        fine_gray.fit(time, cause, X, of=3)
    with pytest.raises(ValueError, match="of=0 is no cause"):
        fine_gray.fit(time, cause, X, of=0)
    with pytest.raises(ValueError, match="definition='efron' is not known; use one of crr"):
        fine_gray.fit(time, cause, X, definition="efron")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="cause must be 0"):
        fine_gray.fit(time, cause - 0.5, X)
    with pytest.raises(ValueError, match="one row per exit"):
        fine_gray.fit(time, cause, X[:-1])
    with pytest.raises(ValueError, match="X holds values"):
        fine_gray.fit(time, cause, np.where(X > 1, np.nan, X))
    with pytest.raises(fine_gray.UnidentifiedError, match="constant within risk sets"):
        fine_gray.fit(time, cause, np.ones(60))
    with pytest.raises(fine_gray.UnidentifiedError, match="runs to infinity"):
        fine_gray.fit(time, cause, cause == 1)


def test_inputs_are_left_alone() -> None:
    time, cause, X = rows(60)
    before = time.copy(), cause.copy(), X.copy()
    fine_gray.fit(time, cause, X).influence()
    for was, now in zip(before, (time, cause, X), strict=True):
        np.testing.assert_array_equal(was, now)
