"""Balance names no count of persons, however its statistics are put together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyses import Estimates, Study, Tables
from analyses.published.balance import BALANCE, build
from analyses.published.gate import Gate
from analyses.published.table import Made
from analyses.published.tables import TABLES
from tests.analyses.published.whole import whole


def rows() -> pd.DataFrame:
    numbers = dict.fromkeys(("smd_before", "smd_after", "ks_before", "ks_after"), 0.123456789)
    listed = [
        ("x", "", 40.0),
        ("y", "1", 3.0),
        ("y", "2", 9.0),
        ("y", "3", 30.0),
        ("z", "", 2.0),
    ]
    return pd.DataFrame(
        [
            {
                "outcome": "a",
                "covariate": name,
                "level": level,
                "fewest": fewest,
                **numbers,
                "vr_before": np.nan,
                "vr_after": np.nan,
                "arm_before": 50,
                "arm_after": 40,
                "sd": 0.5,
            }
            for name, level, fewest in listed
        ]
    )


def test_a_share_of_few_is_hidden_with_a_second_level(publish) -> None:
    made = publish({"balance": rows()})["balance"]
    assert made["smd_after"].notna().tolist() == [True, False, False, True, False]
    assert made["ks_before"].dropna().unique().tolist() == [0.1]
    assert made["ks_after"].dropna().unique().tolist() == [0.125]
    # One person of 50 moves a share by 0.02, which is 0.04 of its standard deviation.
    assert made["smd_before"].dropna().unique().tolist() == [0.1]
    every = publish({"balance": rows()}, 1)["balance"]
    assert every["smd_after"].tolist() == [0.123456789] * 5


def test_what_is_counted_beside_the_statistics_never_leaves(publish) -> None:
    assert list(publish({"balance": rows()})["balance"]) == list(BALANCE.columns)


def test_a_score_has_a_set_of_its_own_with_its_baseline(
    study: Study, tables: Tables, estimates: Estimates
) -> None:
    found = build(Made(TABLES, study, tables, estimates))
    own = found[found["outcome"] == "relation"]
    assert "relation_w1" in set(own["covariate"])
    assert "relation_w1" not in set(found.loc[found["outcome"] == "employment", "covariate"])
    assert own["fewest"].notna().any()


def test_a_comparison_of_few_levels_stays_as_it_is_where_all_are_many() -> None:
    many = rows().assign(fewest=40.0)
    assert Gate(5).publish({"balance": whole("balance", many)})["balance"].hidden == {}


def test_the_share_that_is_not_known_is_no_level_of_a_number(publish) -> None:
    """Were it one, its number would be hidden with it."""
    number = rows().iloc[[3]].assign(covariate="age", level="", fewest=np.nan)
    blank = number.assign(level="missing", fewest=2.0)
    made = publish({"balance": pd.concat([number, blank], ignore_index=True)})["balance"]
    assert made["smd_after"].notna().tolist() == [True, False]
