"""Randomisation as a test of its own: within strata, of scores and durations, or refused."""

from __future__ import annotations

from math import comb

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from data_dictionary.errors import ColumnError, DesignError

JOB = ev.Duration(exit="weeks", event="status", of="employment", competing=("death",))


def target_group(effect=0.0, seed=0, n=600) -> ev.Matched:
    """Everybody in twenty municipalities of three sizes, six of them treated."""
    rng = np.random.default_rng(seed)
    town = rng.integers(0, 20, n)
    treated = town < 6
    job = np.ceil(rng.exponential(110, n) / np.exp(effect * treated))
    other = np.ceil(rng.exponential(220, n))
    frame = pd.DataFrame(
        {
            "id": range(n),
            "plan": treated,
            "town": town,
            "size": np.array(["small", "middle", "large"])[town % 3],
            "weeks": np.minimum(np.minimum(job, other), 150),
            "status": np.where((job <= other) & (job <= 150), "employment", None),
            "score": rng.normal(50, 10, n) + 8 * effect * treated,
        }
    )
    frame.loc[(other < job) & (other <= 150), "status"] = "death"
    roles = ev.Roles(unit="id", treatment="plan", covariates=(), cluster="town")
    return ev.unmatched(frame, roles)


CALLS = [
    {"of": "score"},
    {"of": JOB, "horizon": 104},
    {"of": JOB, "statistic": "weeks", "horizon": 104},
    {"of": JOB, "statistic": "log_rank"},
]


@pytest.mark.parametrize("call", CALLS)
def test_an_effect_is_found_and_its_absence_too(call) -> None:
    assert ev.randomisation_test(target_group(0.8), **call, seed=1).p_value < 0.01
    p = [ev.randomisation_test(target_group(0.0, s), **call, seed=1).p_value for s in range(10)]
    # Under the hypothesis at most 2 of 10 fall under 0.05 in 99 of 100 builds.
    assert sum(one <= 0.05 for one in p) <= 2


def test_strata_shrink_the_reference_set() -> None:
    m = target_group(0.8)
    whole = ev.randomisation_test(m, "score", seed=1)
    within = ev.randomisation_test(m, "score", strata="size", seed=1)
    assert whole.assignments == comb(20, 6)
    # Towns 0-19 by their remainder of 3: seven, seven and six, two treated in each.
    assert within.assignments == comb(7, 2) ** 2 * comb(6, 2)
    assert within.enumerated
    assert within.p_value < 0.05


def test_what_cannot_be_exchanged_is_refused() -> None:
    m = target_group()
    own = ev.unmatched(m.frame.assign(plan=m.frame["id"] % 2 == 0), m.roles)
    with pytest.raises(DesignError, match=r"20 cluster.* hold both arms"):
        ev.randomisation_test(own, "score", seed=1)
    m.frame["odd"] = m.frame["id"] % 2
    with pytest.raises(DesignError, match="varies inside 20 cluster"):
        ev.randomisation_test(m, "score", strata="odd", seed=1)
    with pytest.raises(ColumnError, match="Did you mean 'size'"):
        ev.randomisation_test(m, "score", strata="sise", seed=1)
    with pytest.raises(DesignError, match="needs a horizon"):
        ev.randomisation_test(m, JOB, seed=1)
    with pytest.raises(DesignError, match="statistic='median'"):
        ev.randomisation_test(m, JOB, statistic="median", seed=1)
    bare = ev.unmatched(m.frame, ev.Roles(unit="id", treatment="plan", covariates=()))
    with pytest.raises(DesignError, match="has none"):
        ev.randomisation_test(bare, "score", seed=1)
