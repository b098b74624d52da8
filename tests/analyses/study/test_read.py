"""A study file is read whole, and refused with every mistake at once."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from analyses import load_study
from analyses.outcomes.score import Score
from analyses.outcomes.value import Value
from analyses.outcomes.weekly import Weekly
from data_dictionary.errors import CareWarning, DataError, DesignError

STUDIES = Path(__file__).parents[3] / "analyses" / "studies"
TEMPLATE = Path(__file__).parents[3] / "surveys" / "synthetic" / "study.toml"


def written(folder: Path, text: str) -> Path:
    """Write a study file, and empty files where it says that data are."""
    (folder / "study.toml").write_text(text, encoding="utf-8")
    content = tomllib.loads(text)
    for files in content.get("data", {}).values():
        for file in files:
            path = folder / file.get("file", "nothing.csv")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    return folder


def refusal(folder: Path, text: str) -> str:
    """Return the message with which a study file is refused."""
    with pytest.raises(DesignError) as caught:
        load_study(written(folder, text))
    return str(caught.value)


@pytest.fixture
def template() -> str:
    return TEMPLATE.read_text(encoding="utf-8")


def test_the_synthetic_study_loads_from_its_folder(tmp_path: Path, template: str) -> None:
    study = load_study(written(tmp_path, template))
    assert [type(outcome) for outcome in study.outcomes] == [Weekly, Score, Score, Score]
    assert study.cohort.table == "population"
    assert study.waves("citizen") == (1, 2, 3)
    assert study.cohort.stages == {
        "eligible": "eligible_from",
        "invited": "invited",
        "consented": "consented",
    }


def test_the_shipped_study_file_says_what_the_synthetic_study_says(template: str) -> None:
    shipped = (STUDIES / "enplan" / "study.toml").read_text(encoding="utf-8")
    assert tomllib.loads(shipped) == tomllib.loads(template)


def test_the_nsw_study_loads() -> None:
    study = load_study(STUDIES / "nsw")
    assert isinstance(study.outcomes[0], Value)
    assert study.cohort.unit is None
    assert study.cohort.cluster is None
    assert study.cohort.time_zero is None


def test_ten_mistakes_are_named_at_once_with_the_nearest_name(
    tmp_path: Path, template: str
) -> None:
    text = (
        template.replace("seed = 2016", "sed = 2016")
        .replace("[comparison]\nmethod", "[comparison]\nmetod")
        .replace("caliper = 0.2", 'caliper = "narrow"')
        .replace("ratio = 1", "ratio = 0")
        .replace('estimand = "ATT"', 'estimand = "ATX"')
        .replace('covariates = ["age", "female",', 'covariates = ["age", "femal",')
        .replace(
            'competing = ["education", "flexjob",', 'competing = ["education", "flexjobs",'
        )
        .replace('scale = "relation"', 'scale = "relations"')
        .replace('name = "who5"', 'name = "relation"')
        .replace("[disclosure]", "[disclosures]")
        .replace('cluster = "municipality"', 'cluster = "municipalty"')
    )
    message = refusal(tmp_path, text)
    for expected in (
        "[study]: 'sed' is not a key of this section. Did you mean 'seed'?",
        "[study]: 'seed' is missing; give a whole number",
        "[comparison]: 'metod' is not a key of this section. Did you mean 'method'?",
        "[comparison]: caliper = 'narrow' is not a number",
        "[comparison]: ratio = 0 is too small; the least is 1",
        "[comparison]: estimand = 'ATX' is not allowed; allowed: 'ATT'",
        "[comparison] covariates: 'femal' is not a column. Did you mean 'female'?",
        "'flexjobs' is not a status of the register. Did you mean 'flexjob'?",
        "'relations' is no scale of the dictionary. Did you mean 'relation'?",
        "[[outcome]] relation: another outcome has the same name",
        "[disclosures]: is not a section of a study file. Did you mean 'disclosure'?",
        "[cohort] cluster: 'municipalty' is not a column. Did you mean 'municipality'?",
    ):
        assert expected in message
    assert message.startswith("study.toml: ")
    assert f"{len(message.splitlines()) - 1} mistake(s)" in message


def test_a_file_that_does_not_exist_is_named_with_its_neighbour(
    tmp_path: Path, template: str
) -> None:
    written(tmp_path, template)
    (tmp_path / "data" / "cases.csv").rename(tmp_path / "data" / "case.csv")
    with pytest.raises(
        DesignError, match=r"cases\.csv' does not exist\. Did you mean 'case\.csv'"
    ):
        load_study(tmp_path)


def test_another_file_can_stand_in_for_one_that_is_missing(
    tmp_path: Path, template: str
) -> None:
    written(tmp_path, template)
    moved = (tmp_path / "data" / "cases.csv").rename(tmp_path / "elsewhere.csv")
    study = load_study(tmp_path, data={"cases": moved})
    assert [file.path.name for file in study.files if file.table == "cases"] == [
        "elsewhere.csv"
    ]


def test_a_wave_is_replaced_by_its_number_and_not_by_the_table_alone(
    tmp_path: Path, template: str
) -> None:
    study = load_study(written(tmp_path, template))
    other = tmp_path / "other.dta"
    other.touch()
    paths = {
        file.wave: file.path.name
        for file in study.with_data({"citizen.3": other}).files
        if file.table == "citizen"
    }
    assert paths == {1: "citizen_w1.sav", 2: "citizen_w2.csv", 3: "other.dta"}
    with pytest.raises(DesignError, match="citizen names several files"):
        study.with_data({"citizen": other})
    with pytest.raises(DesignError, match="Did you mean 'cases'"):
        study.with_data({"case": other})


def test_a_score_among_the_register_covariates_is_refused(
    tmp_path: Path, template: str
) -> None:
    text = template.replace('covariates = ["age",', 'covariates = ["relation_w1", "age",')
    assert "a matched set of its own" in refusal(tmp_path, text)


def test_covariates_after_the_index_week_are_refused(tmp_path: Path, template: str) -> None:
    text = template.replace("weeks = [-104, -1]", "weeks = [-104, 0]")
    assert "too large; the most is -1" in refusal(tmp_path, text)


def test_a_follow_up_before_its_baseline_is_refused(tmp_path: Path, template: str) -> None:
    text = template.replace("baseline = 1\nwave = 3", "baseline = 3\nwave = 1")
    assert "wave 1 is not after baseline 3" in refusal(tmp_path, text)


def test_a_wave_without_a_file_is_named_with_those_that_have_one(
    tmp_path: Path, template: str
) -> None:
    text = template.replace("baseline = 1\nwave = 3", "baseline = 1\nwave = 4")
    assert "wave 4 of 'citizen' has no file in [data]; waves: 1, 2, 3" in refusal(
        tmp_path, text
    )


def test_an_unknown_dictionary_still_lets_the_other_mistakes_be_named(
    tmp_path: Path, template: str
) -> None:
    text = template.replace('dictionary = "enplan"', 'dictionary = "enplann"')
    message = refusal(tmp_path, text.replace("seed = 2016", ""))
    assert "enplann" in message
    assert "'seed' is missing" in message


def test_time_zero_takes_its_tables_and_columns_from_the_roles_of_the_dictionary(
    tmp_path: Path, template: str
) -> None:
    start = template.index("[cohort.time_zero]")
    rule = '[cohort.time_zero]\nstatus = "benefits"\nstart = "start_date"\n\n'
    text = template[:start] + rule + template[template.index("[derive]") :]
    zero = load_study(written(tmp_path, text)).cohort.time_zero
    assert zero is not None
    assert (zero.source, zero.exposure) == ("dream", "exposure")
    assert zero.resident == ("resident_from", "resident_until")
    assert zero.months is None


def test_an_index_date_that_the_data_lack_is_refused_with_the_lines_that_make_it(
    tmp_path: Path, template: str
) -> None:
    start = template.index("[cohort.time_zero]")
    message = refusal(tmp_path, template[:start] + template[template.index("[derive]") :])
    assert "[cohort] index_date: 'index_date' is not a column." in message
    assert "      [cohort.time_zero]\n" in message
    assert "resident_until, eligible_from, start_date" in message
    # The columns that come with the rule are no further mistakes.
    assert "elapsed_weeks" not in message


def test_a_file_that_is_not_toml_is_refused_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text("[study\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"study\.toml: not a TOML file.*line 1"):
        load_study(tmp_path)


@pytest.mark.parametrize("second", ["[outcome]", "[[outcome]]"])
def test_a_section_with_too_few_brackets_is_explained(tmp_path: Path, second: str) -> None:
    (tmp_path / "study.toml").write_text(f"[outcome]\nname = 'a'\n{second}\n")
    with pytest.raises(DataError, match=r"two brackets: \[\[outcome\]\]"):
        load_study(tmp_path)


def test_a_folder_without_study_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="give the file or its folder"):
        load_study(tmp_path)


def test_a_file_of_noise_is_refused_at_once(tmp_path: Path, template: str) -> None:
    noise = "".join(f"a_key_of_noise_{n} = {n}\n" for n in range(300_000))
    (tmp_path / "study.toml").write_text(template.replace("[study]\n", f"[study]\n{noise}"))
    with pytest.raises(DesignError, match=r"study\.toml: .* MB are no study file"):
        load_study(tmp_path)
    less = "".join(f"a_key_of_noise_{n} = {n}\n" for n in range(3_000))
    message = refusal(tmp_path, template.replace("[study]\n", f"[study]\n{less}"))
    assert "[study]: 2,992 other names are unknown here as well" in message
    assert len(message.splitlines()) == 10


def test_a_device_is_no_study_file() -> None:
    with pytest.raises(DataError, match="/dev/null: the study file cannot be read"):
        load_study("/dev/null")


def test_a_folder_with_the_name_of_an_edition_does_not_hide_it(
    tmp_path: Path, template: str
) -> None:
    folder = tmp_path / "enplan"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[project]\n")
    assert load_study(written(tmp_path, template)).dictionary == "enplan"
    (folder / "pyproject.toml").unlink()
    (folder / "persons.toml").write_text('label = "P"\n')
    with pytest.warns(CareWarning, match=r"Write '\./enplan' if you mean the folder"):
        load_study(written(tmp_path, template))
    own = template.replace('dictionary = "enplan"', 'dictionary = "./enplan"')
    assert "persons.toml: 'role' is missing" in refusal(tmp_path, own)


def test_an_empty_file_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    message = refusal(tmp_path, "")
    for expected in ("'design' is missing", "[[data.TABLE]]: is missing", "'seed' is missing"):
        assert expected in message


def test_arms_that_are_missing_are_told_by_section(tmp_path: Path, template: str) -> None:
    message = refusal(tmp_path, template[: template.index("[cohort]")])
    for expected in (
        "[cohort]: is missing",
        "[comparison]: is missing",
        "[[outcome]]: is miss",
    ):
        assert expected in message


def test_a_shipped_name_is_the_shipped_study_and_a_folder_is_written_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nsw").mkdir()
    assert load_study("nsw").path == STUDIES / "nsw" / "study.toml"
    own = (STUDIES / "unempdur" / "study.toml").read_text(encoding="utf-8")
    written(tmp_path / "nsw", own)
    with pytest.warns(CareWarning, match=r"Write './nsw'"):
        assert load_study("nsw").path == STUDIES / "nsw" / "study.toml"
    for meant in ("./nsw", "nsw/", Path("nsw"), tmp_path / "nsw"):
        assert load_study(meant).path == tmp_path / "nsw" / "study.toml"
