from __future__ import annotations

import json
import re
import shutil
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveys
from data_dictionary import load
from surveys.files.placing import RECORD, place_in
from surveys.synthetic import Synthetic, SyntheticStudy, simulate
from tests.stopping import NEVER, Killed, stopped_at

PERSONS = 1_500
TEXT = ("study.toml", "data/exposure.csv", "data/cases.csv", "data/citizen_w2.csv")
WORDS = load("enplan")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Synthetic:
    return surveys.synthesize(tmp_path_factory.mktemp("made"), seed=13, persons=PERSONS)


@pytest.fixture(scope="module")
def in_memory() -> SyntheticStudy:
    return simulate(seed=13, persons=PERSONS, scenario="measured")


def test_every_file_keeps_to_the_dictionary(made: Synthetic) -> None:
    data = made.study / "data"
    population = surveys.read(data / "population.parquet").frame
    files = {
        "population.parquet": "population",
        "exposure.csv": "exposure",
        "citizen_w1.sav": "citizen",
        "citizen_w2.csv": "citizen",
        "citizen_w3.dta": "citizen",
        "staff_w1.sav": "staff",
        "staff_w2.xlsx": "staff",
        "dream.parquet": "dream",
        "cases.csv": "cases",
    }
    assert {path.name for path in data.iterdir()} == set(files)
    for name, table in files.items():
        # Rows registered twice are a fault that cleaning drops before the key is checked.
        frame = surveys.read(data / name).frame.drop_duplicates()
        assert WORDS[table].check(frame, population=population) == [], name


def test_the_waves_come_back_as_they_were_drawn(
    made: Synthetic, in_memory: SyntheticStudy
) -> None:
    codes = {7: "not_asked", 8: "do_not_know", 9: "refused", 99: "technical"}
    for wave, name in ((1, "citizen_w1.sav"), (2, "citizen_w2.csv"), (3, "citizen_w3.dta")):
        drawn = in_memory.citizen[wave].set_index("person_id")
        read = surveys.read_wave(made.study / "data" / name, WORDS["citizen"], wave=wave)
        frame = read.frame.set_index("person_id").reindex(drawn.index)
        item = drawn["relation_2"]
        expected = item.where(~item.isin(list(codes)))
        np.testing.assert_array_equal(
            frame["relation_2"].to_numpy(dtype=float, na_value=np.nan), expected.to_numpy()
        )
        counts = read.missing.query("column == 'relation_2'")["kind"].value_counts()
        for code, kind in codes.items():
            assert counts.get(kind, 0) == (item == code).sum()
        assert frame["answer_date"].equals(
            drawn["answer_date"].astype(frame["answer_date"].dtype)
        )


def test_eight_and_nine_are_answers_on_the_scale_to_ten(made: Synthetic) -> None:
    wave = surveys.read_wave(made.study / "data/citizen_w1.sav", WORDS["citizen"], wave=1)
    assert {8, 9, 10} <= set(wave.frame["satisfaction"].dropna())


def test_sav_files_carry_danish_labels_and_declared_missing_codes(made: Synthetic) -> None:
    source = surveys.read(made.study / "data/citizen_w1.sav")
    assert source.variable_labels["answer_date"] == "Svardato"
    assert source.value_labels["relation_1"][9] == "Ønsker ikke at svare"
    assert source.missing["relation_1"][8] == "do_not_know"


def test_the_register_on_file_is_the_register_in_memory(
    made: Synthetic, in_memory: SyntheticStudy
) -> None:
    read = surveys.read_dream(
        made.study / "data/dream.parquet", WORDS["dream"], residency=in_memory.population
    )
    kept = in_memory.dream.dream(in_memory.population)
    np.testing.assert_array_equal(read.persons, kept.persons)
    np.testing.assert_array_equal(read.weeks, kept.weeks)
    np.testing.assert_array_equal(read.status, kept.status)
    names = pd.read_parquet(made.study / "data/dream.parquet").columns
    assert {"y_1427", "y_1553", "y_2053", "branche_2020_12"} <= set(names)


def test_cleaning_mends_the_faults_of_the_cases(made: Synthetic) -> None:
    cases = surveys.read_cases(
        made.study / "data/cases.csv", WORDS["cases"], observed_until=date(2020, 12, 31)
    )
    lost = cases.flow.set_index("step")["lost"]
    assert (lost[["distinct", "spells"]] > 0).all()
    assert (~cases.frame["closed"]).any()


def test_the_same_seed_writes_the_same_bytes(made: Synthetic, tmp_path: Path) -> None:
    again = surveys.synthesize(tmp_path, seed=13, persons=PERSONS)
    for name in TEXT:
        assert (again.study / name).read_bytes() == (made.study / name).read_bytes()
    assert (again.truth / "truth.json").read_bytes() == (made.truth / "truth.json").read_bytes()
    for name in (
        "study/data/population.parquet",
        "study/data/dream.parquet",
        "truth/units.parquet",
    ):
        first, second = (pd.read_parquet(root / name) for root in (tmp_path, made.study.parent))
        pd.testing.assert_frame_equal(first, second)


def test_the_truth_names_every_effect_for_both_populations_and_draws(made: Synthetic) -> None:
    truth = json.loads((made.truth / "truth.json").read_text(encoding="utf-8"))
    entries = pd.DataFrame(truth["entries"])
    keys = ["population", "draw", "outcome", "term"]
    assert not entries.duplicated(keys).any()
    assert set(entries.groupby(["population", "draw"]).size()) == {8}
    assert (entries["mc_error"] > 0).all()
    large = entries[entries["draw"] == "large"].set_index(keys)["mc_error"]
    assert set(entries["estimand"]) == {"ATT", "ITT"}
    assert large.notna().all()
    assert 0 <= truth["icc"]["large"]["employment"] < 0.06


def test_the_truth_lies_outside_the_study(made: Synthetic) -> None:
    assert not list(made.study.rglob("*truth*"))
    assert not list(made.study.rglob("units*"))
    units = pd.read_parquet(made.truth / "units.parquet")
    assert not units.duplicated(["population", "person_id"]).any()


def test_the_study_file_is_marked_synthetic_and_names_the_files(made: Synthetic) -> None:
    plan = tomllib.loads((made.study / "study.toml").read_text(encoding="utf-8"))
    assert plan["study"]["synthetic"] is True
    listed = [item["file"] for table in plan["data"].values() for item in table]
    assert {made.study / name for name in listed} == set((made.study / "data").iterdir())


def test_a_study_file_of_the_users_own_is_kept(tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "study.toml").write_text("# my own plan")
    made = surveys.synthesize(tmp_path, seed=1, persons=500)
    kept = tmp_path / "study" / "study.previous.toml"
    assert made.kept == (kept,)
    assert kept.read_text() == "# my own plan"
    assert tomllib.loads((made.study / "study.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("when", ["replace .enplan.json.new", "rename study.toml"])
def test_a_study_killed_while_it_is_written_is_all_old_or_all_new_at_the_next_start(
    when: str,
    made: Synthetic,
    in_memory: SyntheticStudy,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def drawn(seed: int, **_: object) -> SyntheticStudy:
        return replace(in_memory, seed=seed)

    def seeds() -> set[int]:
        plan = (tmp_path / "study" / "study.toml").read_text(encoding="utf-8")
        truth = json.loads((tmp_path / "truth" / "truth.json").read_text(encoding="utf-8"))
        return {int(re.findall(r"seed (\d+)", plan)[0]), truth["seed"]}

    shutil.copytree(made.study.parent, tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr("surveys.synthetic.folder.simulate", drawn)
    monkeypatch.setattr("surveys.synthetic.folder._truth", lambda made: {"seed": made.seed})
    with stopped_at(NEVER, Killed) as done:
        surveys.synthesize(tmp_path, seed=14, persons=PERSONS)
    # The last step of that name: the record has then been told what is under way.
    step = max(i for i, name in enumerate(done, start=1) if name.startswith(when))
    with stopped_at(step, Killed), pytest.raises(Killed):
        surveys.synthesize(tmp_path, seed=15, persons=PERSONS)
    with place_in(tmp_path):
        assert seeds() in ({14}, {15})
    surveys.synthesize(tmp_path, seed=16, persons=PERSONS)
    assert seeds() == {16}
    hidden = {path.name for path in tmp_path.rglob(".*")}
    assert hidden == {RECORD}
