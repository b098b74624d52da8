"""A twin fits its study, can be run, and holds nothing of the real data."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analyses import check, load_study, run, synthesize_like
from analyses.twin import rounded
from data_dictionary import load
from data_dictionary.errors import DesignError
from surveys import read, read_table, synthesize
from surveys.synthetic import write
from tests.small_study import (
    CASES,
    CLOSED,
    COHORT,
    COMPARISON,
    DATA,
    HEAD,
    SCORE,
    TIME,
    VALUE,
    WAVES,
    before_after,
    small_data,
    write_study,
)

SECTIONS = (COHORT, COMPARISON, VALUE, SCORE, CLOSED, TIME)
FORMATS = (
    DATA.replace("people.csv", "data/people.parquet"),
    WAVES.replace("wave1.csv", "data/wave1.sav").replace("wave2.csv", "data/wave2.dta"),
    CASES.replace("spells.csv", "data/spells.xlsx"),
)
# Nobody's town, note, key or income is like these.
CANARIES = ("kanariefugl", "c0ffee15dead0001", "987654321")


def real(folder: Path, *, seed: int, canary: bool = False) -> Path:
    """Write a study in five formats whose values another seed changes, and nothing else."""
    rng = np.random.default_rng(seed)
    frames = {
        name: frame.take(rng.permutation(len(frame))).reset_index(drop=True)
        for name, frame in small_data().items()
    }
    people = frames["people"]
    people["income"] = rng.normal(200, 40, len(people)).round(1)
    people["school"] = rng.integers(1, 4, len(people))
    people["start"] += pd.to_timedelta(rng.integers(0, 9, len(people)), "D")
    if canary:
        people.loc[0, ["person_id", "note", "income"]] = [CANARIES[1], CANARIES[0], 987654321.0]
    write_study(folder, *FORMATS, *SECTIONS)
    words = load(folder / "words")
    data = folder / "data"
    data.mkdir()
    columns = {name: words["answers"].column(str(name)) for name in frames["wave1"]}
    write.write_parquet(people, data / "people.parquet")
    write.write_sav(frames["wave1"], data / "wave1.sav", columns)
    write.write_dta(frames["wave2"], data / "wave2.dta", columns)
    write.write_excel(frames["spells"], data / "spells.xlsx", sheet="Sager")
    return folder


def content(folder: Path) -> dict[str, bytes]:
    """Return the bytes of the files of a folder, beside our own record of them."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".enplan.json"
    }


def twin(study: Path, out: Path, **options: object) -> Path:
    made = synthesize_like(load_study(study, needs_files=False), out, seed=3, **options)  # type: ignore[arg-type]
    return made.study


def test_a_twin_passes_the_check_and_has_the_files_of_its_study(tmp_path: Path) -> None:
    folder = real(tmp_path / "real", seed=1)
    made = synthesize_like(load_study(folder), tmp_path / "twin", seed=3)
    study = load_study(made.study)
    assert study.synthetic
    assert check(study) == ()
    assert {file.file for file in study.files} == {
        file.file for file in load_study(folder).files
    }
    assert "data/people.parquet: 360 rows (as many as the file has, rounded)" in made.notes
    words = load(made.study / "words")
    first, second = (
        read_table(made.study / "data" / name, words["answers"]).frame
        for name in ("wave1.sav", "wave2.dta")
    )
    people = read_table(made.study / "data" / "people.parquet", words["people"]).frame
    assert set(first["person_id"]) <= set(people["person_id"])
    assert set(first["person_id"]) & set(second["person_id"])
    assert read(made.study / "data" / "wave1.sav").value_labels["trust_1"][5] == "Helt enig"


def test_other_values_of_the_same_shape_give_the_same_bytes(tmp_path: Path) -> None:
    twins = [
        content(
            twin(
                real(tmp_path / f"real{seed}", seed=seed, canary=canary), tmp_path / f"t{seed}"
            )
        )
        for seed, canary in ((1, False), (2, True))
    ]
    assert twins[0] == twins[1]
    assert len(twins[0]) == 5 + len(list((tmp_path / "t1" / "words").iterdir()))


def test_nothing_of_a_person_is_in_the_twin(tmp_path: Path) -> None:
    folder = real(tmp_path / "real", seed=1, canary=True)
    made = twin(folder, tmp_path / "twin", margins=True)
    words = load(folder / "words")
    own = {file.name: read(file) for file in (folder / "data").iterdir()}
    keys = {key for source in own.values() for key in source.frame["person_id"]}
    for file in (made / "data").iterdir():
        frame = read(file).frame
        assert not keys & set(frame["person_id"])
        shown = frame.to_csv()
        assert not [canary for canary in CANARIES if canary in shown]
        assert not [canary for canary in CANARIES if canary.encode() in file.read_bytes()]
    assert words.tables


def test_margins_are_steps_of_many_persons_and_no_small_cell_shows(tmp_path: Path) -> None:
    def with_schools(few: int) -> Path:
        people = small_data()["people"].assign(school=np.repeat([1, 2], [270, 90]))
        people.loc[:3, "school"] = few
        folder = tmp_path / f"study{few}"
        write_study(folder, DATA, COHORT, COMPARISON, VALUE, people=people)
        return twin(folder, tmp_path / f"twin{few}", margins=True, persons=2_000)

    made = with_schools(3)
    shares = pd.read_csv(made / "people.csv", sep=None, engine="python")["school"]
    shares = shares.value_counts(normalize=True)
    assert shares[1] == pytest.approx(0.75, abs=0.05)
    assert shares[2] == pytest.approx(0.25, abs=0.05)
    # Four persons of school 3 are none in what is told.
    assert content(made)["people.csv"] == content(with_schools(1))["people.csv"]


def test_without_any_file_it_has_the_persons_asked_for(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "study", DATA, WAVES, CASES, *SECTIONS)
    for file in folder.glob("*.csv"):
        file.unlink()
    made = twin(folder, tmp_path / "twin", persons=500)
    assert check(load_study(made)) == ()
    assert len(pd.read_csv(made / "people.csv", sep=";")) == 500


def test_a_study_of_one_group_has_a_twin(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "study", before_after())
    made = twin(folder, tmp_path / "twin")
    results = run(load_study(made), tmp_path / "results")
    assert results.manifest["study"]["synthetic"] is True


def test_a_shipped_study_without_its_data_is_run_on_its_twin(tmp_path: Path) -> None:
    made = synthesize_like(
        load_study("unempdur", needs_files=False), tmp_path / "twin", seed=1, persons=600
    )
    results = run(load_study(made.study), tmp_path / "results")
    assert len(results.effects) > 10


def test_files_from_elsewhere_come_into_the_twin(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "a" / "study", before_after())
    (tmp_path / "a" / "raw").mkdir()
    shutil.move(folder / "words", tmp_path / "a" / "words")
    shutil.move(folder / "wave1.csv", tmp_path / "a" / "raw" / "wave1.csv")
    text = (folder / "study.toml").read_text("utf-8")
    text = text.replace('"words"', '"../words"').replace('"wave1.csv"', "'../raw/wave1.csv'")
    text = (
        text.replace('"wave2.csv"', '"wave2.sas7bdat"') + '[disclosure]\npublished = [\n"."]\n'
    )
    (folder / "study.toml").write_text(text, "utf-8")
    made = synthesize_like(load_study(folder, needs_files=False), tmp_path / "twin", seed=1)
    study = load_study(made.study)
    assert [file.file for file in study.files] == ["people.csv", "data/wave1.csv", "wave2.sav"]
    assert check(study) == ()
    assert "wave2.sas7bdat is written as wave2.sav" in made.notes


def test_real_data_are_never_written_over(tmp_path: Path) -> None:
    folder = real(tmp_path / "real", seed=1)
    before = content(folder)
    other = real(tmp_path / "other", seed=2)
    for out in (folder, tmp_path, folder / "data"):
        with pytest.raises(DesignError, match="not synthetic"):
            twin(folder, out)
    with pytest.raises(DesignError, match="not synthetic"):
        twin(folder, other)
    assert content(folder) == before
    # A twin may be drawn again.
    made = twin(folder, tmp_path / "twin")
    assert content(twin(folder, tmp_path / "twin")) == content(made)


def test_a_study_file_keeps_its_comments_and_is_marked_once(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "study", before_after())
    text = (folder / "study.toml").read_text("utf-8")
    text = "#:schema ./study.schema.json\n# mine\n" + text.replace(
        "seed = 1", "seed = 1\nsynthetic = false   # real"
    )
    (folder / "study.toml").write_text(text, "utf-8")
    lines = (twin(folder, tmp_path / "twin") / "study.toml").read_text("utf-8").splitlines()
    assert lines[0].startswith("#:schema")
    assert "# mine" in lines
    assert [line for line in lines if line.startswith("synthetic")] == [
        "synthetic = true   # real"
    ]
    assert HEAD


@pytest.mark.parametrize(
    ("n", "said"), [(1, 10), (14, 10), (99, 100), (445, 440), (12_345, 12_000)]
)
def test_sizes_are_no_exact_small_counts(n: int, said: int) -> None:
    assert rounded(n) == said


@pytest.mark.slow
@pytest.mark.parametrize("name", ["nsw", "demo"])
def test_twins_of_large_studies_are_run(name: str, tmp_path: Path) -> None:
    study: str | Path = name
    if name == "demo":
        study = synthesize(tmp_path / "made", seed=2, persons=3_000).study
    made = synthesize_like(load_study(study), tmp_path / "twin", seed=1)
    assert check(load_study(made.study)) == ()
    assert not run(load_study(made.study), tmp_path / "results").effects.empty


def test_waves_whose_codes_differ_and_what_never_changes_are_kept_to(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "study", before_after())
    words = folder / "words" / "answers.toml"
    text = words.read_text("utf-8").replace(
        'label = "Tillid 1"', 'label = "Tillid 1"\nreversed_in = [2]'
    )
    text += '[columns.female]\ntype = "integer"\nlabel = "Kvinde"\nconstant = true\n'
    text += 'codes = { 0 = "Nej", 1 = "Ja" }\nrequired = false\n'
    text += (
        '[columns.how]\ntype = "multiple"\nlabel = "Hvordan"\ncodes = { 1 = "A", 2 = "B" }\n'
    )
    words.write_text(text, "utf-8")
    plan = (folder / "study.toml").read_text("utf-8")
    plan = plan.replace('"wave1.csv"', '"wave1.sav"').replace(
        '"wave2.csv"', '"wave2.sav"\nrecode = { trust_2 = { 11 = 1, 12 = 2 } }'
    )
    (folder / "study.toml").write_text(plan, "utf-8")
    made = twin(folder, tmp_path / "twin", persons=500)
    assert check(load_study(made)) == ()
    first, second = (read(made / f"wave{k}.sav") for k in (1, 2))
    assert {"how_1", "how_2"} <= set(first.frame)
    both = first.frame.merge(second.frame, on="person_id")
    assert (both["female_x"] == both["female_y"]).all()
    assert both["trust_1_x"].corr(both["trust_1_y"]) < 0
    assert set(second.frame["trust_2"].dropna()) == {11, 12, 3, 4, 5}


def test_faults_are_of_the_kinds_and_numbers_of_the_real_files(tmp_path: Path) -> None:
    data = {name: frame.astype(object) for name, frame in small_data().items()}
    data["people"].loc[:2, "person_id"] = None
    data["people"].loc[5:11, "school"] = 7
    data["people"].loc[20:21, "age"] = 41.5
    data["wave1"].loc[:3, "trust_1"] = 6
    folder = write_study(tmp_path / "study", before_after(), **data)
    made = twin(folder, tmp_path / "twin", faults=True)
    found = {line.partition(" value")[0] for line in check(load_study(made))}
    assert {"people.csv: school: 10", "people.csv: age: 5", "wave1.csv: trust_1: 5"} <= found
    assert any("5 row(s) without a key" in line for line in check(load_study(made)))
    assert "wave2.csv" not in " ".join(found)
    # Without being asked for, a twin has none.
    assert check(load_study(twin(folder, tmp_path / "sound"))) == ()


@pytest.mark.slow
def test_a_register_too_large_to_be_held_has_its_rows_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("surveys.files.wide._STREAMED", 10)
    made = synthesize(tmp_path, seed=2, persons=500).study
    text = (made / "study.toml").read_text("utf-8").replace("dream.parquet", "dream.csv")
    (made / "study.toml").write_text(text, "utf-8")
    pd.read_parquet(made / "data" / "dream.parquet").to_csv(
        made / "data" / "dream.csv", index=False
    )
    notes = synthesize_like(load_study(made), tmp_path / "twin", seed=1, persons=500).notes
    assert "data/dream.csv: 500 rows (as many as the file has, rounded)" in notes
