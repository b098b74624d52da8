"""Nothing is hard-wired to one study: earnings without clusters, and ready-made durations."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from statistics import mean

import pytest

from analyses import Results, load_study, run
from tests.study_kind import KIND

ROOT = Path(__file__).parents[2]
NSW = ROOT / "analyses" / "studies" / "nsw"
SPELLS = ROOT / "tests" / "data" / "third_party" / "UnempDur.csv"


@pytest.fixture(scope="module")
def nsw(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run(load_study(NSW), tmp_path_factory.mktemp("nsw") / "results")


def test_the_experiment_stands_beside_the_matched_difference(nsw: Results) -> None:
    with (NSW / "data" / "nsw_mixtape.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    arms = [[float(r["re78"]) for r in rows if float(r["treat"]) == arm] for arm in (1, 0)]
    (benchmark,) = nsw.benchmark.to_dict("records")
    assert benchmark["estimate"] == pytest.approx(mean(arms[0]) - mean(arms[1]), rel=1e-12)
    assert (benchmark["n_treated"], benchmark["n_comparison"]) == (185, 260)
    (effect,) = nsw.effects.to_dict("records")
    assert (effect["outcome"], effect["term"]) == ("earnings", "mean_difference")
    assert effect["unit"] == "dollar"


def test_the_randomised_controls_are_not_in_the_comparison(nsw: Results) -> None:
    sizes = nsw.flow[nsw.flow["step"] == "data"].set_index("arm")["n"]
    assert sizes.to_dict() == {"treated": 185, "comparison": 15_992}


def test_a_study_without_clusters_leaves_them_empty_and_says_how_it_was_judged(
    nsw: Results,
) -> None:
    assert nsw.effects["n_clusters"].isna().all()
    assert nsw.design["method"].tolist() == ["set"]
    assert nsw.sites.empty
    assert nsw.manifest["cluster"] is None
    assert nsw.effects["conf_low"].notna().all()


STUDY = f"""
[study]
name = "spells"
title = "Ledighed"
dictionary = "words"
seed = 1
{KIND}
[[data.spells]]
file = "spells.csv"
rename = {{ logwage = "log_wage" }}

[cohort]
treatment = "ui"
treated = "yes"

[comparison]
caliper = 0.2
covariates = ["age", "tenure", "log_wage"]

[[outcome]]
name = "job"
kind = "time"
exit = "spell"
event = {{ full_time = "censor1", part_time = "censor2", other = "censor3" }}
of = "full_time"
horizon = 13
unit = "two weeks"
label = "Fuldtidsjob"

[[outcome]]
name = "any_job"
kind = "time"
estimate = "hazard_ratio"
role = "secondary"
exit = "spell"
event = "censor1"
horizon = 13
unit = "two weeks"
"""
COLUMN = """
[columns.{name}]
type = "{kind}"
label = "{name}"
description = "{name}"
source = "McCall (1996)"
"""
KINDS = {
    "ui": "string",
    "spell": "integer",
    "censor1": "integer",
    "censor2": "integer",
    "censor3": "integer",
    "age": "integer",
    "tenure": "integer",
    "log_wage": "number",
}


def test_durations_that_stand_in_the_data_are_taken_with_their_causes(tmp_path: Path) -> None:
    shutil.copy(SPELLS, tmp_path / "spells.csv")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "words").mkdir()
    declared = (
        'label = "Ledighed"\ndescription = "Spells."\nrow = "one spell"\nrole = "persons"\n'
    )
    declared += "".join(COLUMN.format(name=name, kind=kind) for name, kind in KINDS.items())
    (tmp_path / "words" / "spells.toml").write_text(declared, encoding="utf-8")
    results = run(load_study(tmp_path), tmp_path / "results")
    effects = results.effects.set_index(["outcome", "term"])
    assert effects.loc[("job", "incidence"), "unit"] == "percentage points"
    assert effects.loc[("job", "weeks_since_event"), "unit"] == "two weeks"
    assert effects.loc[("job", "incidence"), "estimate"] < 0
    assert {"part_time", "other"} <= {name for name, _ in effects.index}
    adjusted = effects["p_adjusted"].dropna()
    assert set(adjusted.index) == {("job", "incidence"), ("any_job", "hazard_ratio")}
    assert results.curves["time"].max() <= 13
