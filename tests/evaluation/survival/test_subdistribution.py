from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

import evaluation as ev
from data_dictionary.errors import ColumnError, DesignError
from evaluation.survival import fine_gray

Maker = Callable[..., ev.Matched]


def codes(m: ev.Matched) -> np.ndarray:
    """Return causes as the kernel numbers them."""
    return m.frame["status"].map({"employment": 1, "death": 2, "flexjob": 3}).fillna(0)


def test_the_ratio_is_fine_gray_with_errors_by_leaving_municipalities_out(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=200, shock=0.7)
    found = ev.subdistribution_hazard(m, duration)
    cause = codes(m)
    plain = fine_gray.fit(m.frame["weeks"], cause, m.frame["plan"])
    assert np.log(found.estimate) == pytest.approx(plain.coef[0], abs=1e-9)
    left = []
    for town in range(39):
        kept = m.frame["town"] != town
        rows = m.frame[kept]
        left.append(fine_gray.fit(rows["weeks"], cause[kept], rows["plan"]).coef[0])
    deviation = (np.array(left) - plain.coef[0]) ** 2
    variance = 8 / 9 * deviation[:9].sum() + 29 / 30 * deviation[9:].sum()
    assert found.std_error == pytest.approx(np.sqrt(variance), rel=1e-6)
    assert found.conf_low * found.conf_high == pytest.approx(found.estimate**2)
    assert found.effect.unit == "subdistribution hazard ratio"


def test_without_clusters_the_error_is_fine_and_grays(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=200, cluster=False)
    found = ev.subdistribution_hazard(m, duration)
    plain = fine_gray.fit(m.frame["weeks"], codes(m), m.frame["plan"])
    assert found.std_error == pytest.approx(np.sqrt(plain.vcov[0, 0]))


def test_the_cause_specific_ratio_always_stands_beside_it(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=200)
    found = ev.subdistribution_hazard(m, duration, covariates=("age",))
    specific = ev.hazard_ratio(m, duration, covariates=("age",))
    assert found.tidy()["term"].tolist() == ["subdistribution_hazard_ratio", "hazard_ratio"]
    assert found.tidy()["estimate"].tolist() == [found.estimate, specific.estimate]
    assert list(found.causes) == list(found.cause_specific) == list(duration.causes)
    assert any(
        f"cause-specific hazard ratio: {specific.estimate:.3g}" in note for note in found.notes
    )
    assert found.summary().count("death hazard_ratio") == 1


def test_a_cause_specific_ratio_that_stands_already_is_not_fitted_again(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=200)
    specific = ev.hazard_ratio(m, duration)
    found = ev.subdistribution_hazard(m, duration, cause_specific=specific)
    assert found.cause_specific is specific.causes
    again = ev.subdistribution_hazard(m, duration)
    assert found.causes == again.causes
    other = ev.hazard_ratio(make(n=150), duration)
    with pytest.raises(DesignError, match="cause_specific is of another comparison"):
        ev.subdistribution_hazard(m, duration, cause_specific=other)


def test_the_sum_of_all_predicted_incidences_is_checked(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=300)
    found = ev.subdistribution_hazard(m, duration)
    end = [
        fine_gray.fit(m.frame["weeks"], codes(m), m.frame["plan"], of=k).incidence(
            [[0.0], [1.0]], [np.inf]
        )[0]
        for k in (1, 2, 3)
    ]
    assert found.largest_sum == pytest.approx(np.sum(end, axis=0).max())
    assert 0.5 < found.largest_sum <= 1.0
    assert any("sum to at most" in note for note in found.notes)


def test_models_that_contradict_each_other_are_called_out(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=300)
    # Age speeds up a job and a death alike; the oldest would have left by each with near
    # certainty, were both models true.
    weeks = np.ceil(40 * np.exp(-1.5 * m.frame["age"])) + m.frame["id"] % 3
    status = np.where(m.frame["id"] % 2 == 0, "employment", "death")
    moved = m.frame.assign(weeks=weeks.clip(upper=90), status=status)
    moved.loc[weeks > 90, "status"] = None
    moved.loc[m.frame["id"] % 10 == 5, "status"] = "flexjob"
    found = ev.subdistribution_hazard(
        ev.unmatched(moved, m.roles), duration, covariates=("age",)
    )
    assert found.largest_sum > 1.0
    assert any("cannot be constant together" in note for note in found.notes)


def test_a_competing_cause_in_one_arm_only_leaves_the_sum_unknown(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=200)
    moved = m.frame["status"].where(~((m.frame["status"] == "death") & m.frame["plan"]))
    m = ev.unmatched(m.frame.assign(status=moved), m.roles)
    found = ev.subdistribution_hazard(m, duration)
    assert np.isnan(found.causes["death"].estimate)
    assert np.isnan(found.largest_sum)
    swapped = replace(duration, of="death", competing=("employment", "flexjob"))
    with pytest.raises(DesignError, match="'death': no event of this cause in one arm"):
        ev.subdistribution_hazard(m, swapped)


def test_the_definition_is_named_and_selected_by_name(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=200)
    estimates = []
    for definition in fine_gray.DEFINITIONS:
        found = ev.subdistribution_hazard(m, duration, definition=definition)
        assert f"Fine-Gray ({definition})" in found.effect.method
        assert f"ties and censoring as in R's {definition}" in found.notes
        estimates.append(found.estimate)
    assert len(set(estimates)) == 3
    with pytest.raises(DesignError, match="definition='efron' is not known"):
        ev.subdistribution_hazard(m, duration, definition="efron")  # type: ignore[arg-type]


def test_late_entry_and_groups_of_censoring_reach_the_kernel(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=300, shock=0.9)
    begin = np.floor(0.4 * m.frame["weeks"])
    m = ev.unmatched(m.frame.assign(begin=begin), m.roles)
    found = ev.subdistribution_hazard(
        m, replace(duration, entry="begin"), censoring_strata=("plan",)
    )
    cause = m.frame["status"].map({"employment": 1, "death": 2, "flexjob": 3}).fillna(0)
    plan = m.frame["plan"].astype(float)
    kernel = fine_gray.fit(
        m.frame["weeks"], cause, plan, entry=begin, censoring_strata=m.frame["plan"]
    )
    assert found.estimate == pytest.approx(np.exp(kernel.coef[0]))
    without = [
        fine_gray.fit(
            m.frame["weeks"][kept],
            cause[kept],
            plan[kept],
            entry=begin[kept],
            censoring_strata=m.frame["plan"][kept],
        ).coef[0]
        for kept in (m.frame["town"] != g for g in range(39))
    ]
    apart = (np.array(without) - kernel.coef[0]) ** 2
    error = np.sqrt(8 / 9 * apart[:9].sum() + 29 / 30 * apart[9:].sum())
    assert found.std_error == pytest.approx(error)


def test_unknown_columns_are_refused(make: Maker, duration: ev.Duration) -> None:
    m = make(n=100)
    with pytest.raises(
        ColumnError, match=r"censoring_strata='quarters' .* Did you mean 'quarter'"
    ):
        ev.subdistribution_hazard(m, duration, censoring_strata=("quarters",))
    with pytest.raises(ColumnError, match=r"covariates='ages' .* Did you mean 'age'"):
        ev.subdistribution_hazard(m, duration, covariates=("ages",))
