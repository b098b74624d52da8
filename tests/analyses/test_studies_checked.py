"""What `check` passes can be run, and what cannot be run is refused there by its name."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analyses import check, load_study, run
from data_dictionary.errors import DataError
from tests.small_study import (
    COHORT,
    COMPARISON,
    DATA,
    SCORE,
    VALUE,
    WAVES,
    small_data,
    write_study,
)


def test_other_persons_in_each_wave_are_refused_by_name_before_anything_is_run(
    tmp_path: Path,
) -> None:
    sections = (DATA, WAVES, COHORT, COMPARISON, SCORE)
    study = load_study(write_study(tmp_path, *sections, **small_data(same_persons=False)))
    (found,) = check(study)
    assert found.startswith("[[outcome]] trust: waves 1 and 2 of 'answers' have no treated")
    assert "cross-sections of different persons" in found
    assert "not built yet" in found
    with pytest.raises(DataError, match="cross-sections of different persons"):
        run(study, tmp_path / "results")


@pytest.mark.parametrize(
    ("name", "level"), [("town", "104"), ("school", "2"), ("region", "35"), ("note", "x")]
)
def test_a_column_of_names_is_balanced_level_by_level_and_never_by_its_mean(
    tmp_path: Path, name: str, level: str
) -> None:
    # The region has no codes: that it is a name follows from its being the cluster.
    own = COHORT.replace('"programme"', '"female"') + 'donors = "own"\n'
    own = own.replace('"town"', '"region"') if name == "region" else own
    plan = f'[comparison]\nmethod = "unmatched"\ncovariates = ["age", "{name}"]\n'
    results = run(load_study(write_study(tmp_path, DATA, own, plan, VALUE)), tmp_path / "out")
    for frame, column in ((results.balance, "covariate"), (results.profile, "variable")):
        rows = frame[frame[column] == name]
        assert level in set(rows["level"])
        assert "" not in set(rows["level"])
    levels = results.balance.loc[results.balance["covariate"] == name]
    assert levels["vr_after"].isna().all()


def test_the_arms_of_a_cluster_that_is_balanced_on_are_estimated_as_before(
    tmp_path: Path,
) -> None:
    own = COHORT.replace('"programme"', '"female"') + 'donors = "own"\n'
    plans = [
        f'[comparison]\nmethod = "unmatched"\ncovariates = ["age"{more}]\n'
        for more in ("", ', "town"')
    ]
    plain, shown = (
        run(
            load_study(write_study(tmp_path / str(i), DATA, own, plan, VALUE)),
            tmp_path / f"o{i}",
        )
        for i, plan in enumerate(plans)
    )
    pd.testing.assert_frame_equal(plain.effects, shown.effects)
    pd.testing.assert_frame_equal(plain.sites, shown.sites)
