"""The one reader: every real file reads with labels, size and hash; bad files are refused."""

import datetime as dt
import hashlib
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import surveys
from data_dictionary.errors import DataError

DATA = Path(__file__).parents[2] / "data"
FILES = sorted(
    path
    for folder in (DATA, DATA / "third_party")
    for path in folder.iterdir()
    if path.is_file() and path.suffix not in (".md", ".json", ".sas7bcat")
)
NAMES = {
    "PetersenCL.csv", "UnempDur.csv", "colon.csv", "cps_mixtape.csv", "heart.csv",
    "lalonde.csv", "match_sim2500.csv", "mgus2_cr.csv", "mpdta.csv", "nsw_mixtape.csv",
    "pyreadstat_dates_xpt_v8.xpt", "pyreadstat_hebrews.sav", "pyreadstat_missing_char.sav",
    "pyreadstat_missing_test.dta", "pyreadstat_missing_test.sas7bdat",
    "pyreadstat_missing_test.sav", "pyreadstat_multiple_response.sav",
    "pyreadstat_sample.dta", "pyreadstat_sample.por", "pyreadstat_sample.sas7bdat",
    "pyreadstat_sample.sav", "pyreadstat_sample.xpt", "pyreadstat_sample.zsav",
    "sim_cluster6.csv", "sim_cluster9.csv", "sleep.sav", "spss27.sav",
    "spss_variable_types.sav", "survey.sav",
}  # fmt: skip


def test_the_real_files_are_all_here() -> None:
    assert {path.name for path in FILES} >= NAMES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_real_file_reads_with_its_provenance(path: Path) -> None:
    source = surveys.read(path)
    known = source.provenance
    assert known.name == path.name
    assert known.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (known.rows, known.columns) == source.frame.shape
    assert known.rows > 0
    assert known.encoding
    assert known.encoding_reason


@pytest.mark.parametrize("suffix", [".sav", ".zsav", ".por", ".dta", ".sas7bdat", ".xpt"])
def test_the_same_table_is_read_alike_from_every_statistical_format(suffix: str) -> None:
    source = surveys.read(DATA / f"pyreadstat_sample{suffix}")
    frame = source.frame.rename(columns=str.lower)
    assert frame["mychar"].tolist() == ["a", "b", "c", "d", "e"]
    assert frame["mynum"].tolist() == [1.1, 1.2, -1000.3, -1.4, 1000.3]
    assert frame["mydate"].tolist()[:2] == [dt.date(2018, 5, 6), dt.date(1880, 5, 6)]
    assert frame["mylabl"].tolist() == [1, 2, 1, 2, 1]
    labels = {name.lower(): codes for name, codes in source.value_labels.items()}
    if "sas" not in suffix and suffix != ".xpt":  # SAS keeps labels in a file of their own
        assert labels["mylabl"] == {1: "Male", 2: "Female"}


def test_a_teaching_survey_keeps_variable_and_value_labels() -> None:
    source = surveys.read(DATA / "survey.sav")
    assert source.frame.shape == (439, 134)
    assert source.value_labels["sex"] == {1: "MALES", 2: "FEMALES"}
    assert source.variable_labels["tlifesat"] == "Total life satisfaction"
    assert source.provenance.encoding.lower() == "windows-1252"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_cut_short_is_refused_in_one_sentence(path: Path, tmp_path: Path) -> None:
    content = path.read_bytes()
    cut = tmp_path / path.name
    cut.write_bytes(content[: _within_a_row(content, path.suffix)])
    with pytest.raises(DataError, match=path.name) as refusal:
        surveys.read(cut)
    assert "\n" not in str(refusal.value)


def _within_a_row(content: bytes, suffix: str) -> int:
    """Return a place in the middle of a file; of text, one after the first field of a row."""
    middle = len(content) // 2 - 1
    return content.index(b",", content.index(b"\n", middle)) if suffix == ".csv" else middle


@pytest.mark.parametrize(
    "suffix",
    [".sav", ".zsav", ".por", ".dta", ".sas7bdat", ".xpt", ".csv", ".xlsx", ".parquet"],
)
def test_an_empty_file_is_refused(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"answers{suffix}"
    path.write_bytes(b"")
    with pytest.raises(DataError, match="the file is empty"):
        surveys.read(path)


@pytest.mark.parametrize(
    "suffix", [".sav", ".zsav", ".por", ".dta", ".sas7bdat", ".xpt", ".xlsx", ".parquet"]
)
def test_noise_under_a_known_name_is_refused(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"answers{suffix}"
    path.write_bytes(bytes(np.random.default_rng(1).integers(0, 256, 5000, dtype=np.uint8)))
    with pytest.raises(DataError, match="cannot be read as"):
        surveys.read(path)


def test_a_file_under_the_name_of_another_format_is_told_its_own(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    shutil.copy(DATA / "survey.sav", path)
    with pytest.raises(DataError, match=r"holds SPSS \(\.sav\).*Rename it to end in \.sav"):
        surveys.read(path)


def test_an_unknown_format_and_a_missing_file_get_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"Did you mean '\.xls"):
        surveys.read(tmp_path / "answers.xlx")
    (tmp_path / "citizen_w1.csv").write_text("a\n1\n")
    with pytest.raises(DataError, match=r"Did you mean 'citizen_w1\.csv'"):
        surveys.read(tmp_path / "citizen_w2.csv")


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "answers.xlsx"
    table = pd.DataFrame(
        {"key": ["007", "8"], "score": [1, 2.5], "day": pd.to_datetime(["2018-01-02", None])}
    )
    with pd.ExcelWriter(path) as writer:
        table.to_excel(writer, sheet_name="Svar", index=False, startrow=2)
        pd.DataFrame({"a": [1]}).to_excel(writer, sheet_name="Koder", index=False)
    return path


def test_a_workbook_keeps_text_and_numbers_and_skips_blank_rows_above(workbook: Path) -> None:
    source = surveys.read(workbook)
    assert source.provenance.sheet == "Svar"
    assert source.frame["key"].tolist() == ["007", "8"]
    assert source.frame["score"].tolist() == [1, 2.5]
    assert source.frame["day"].iloc[0] == pd.Timestamp("2018-01-02")


def test_a_sheet_is_chosen_by_name_and_a_wrong_name_is_refused(workbook: Path) -> None:
    assert surveys.read(workbook, sheet="Koder").frame["a"].tolist() == [1]
    with pytest.raises(DataError, match="Did you mean 'Koder'"):
        surveys.read(workbook, sheet="Kode")


def test_a_parquet_file_with_an_index_and_categories_becomes_plain_columns(
    tmp_path: Path,
) -> None:
    path = tmp_path / "persons.parquet"
    frame = pd.DataFrame(
        {"kind": pd.Categorical(["a", "b"])}, index=pd.Index(["p", "q"], name="id")
    )
    frame.to_parquet(path)
    read = surveys.read(path).frame
    assert read.to_dict("list") == {"id": ["p", "q"], "kind": ["a", "b"]}
    assert read["kind"].dtype == object


def test_reading_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "survey.sav"
    shutil.copy(DATA / "survey.sav", path)
    before = path.read_bytes()
    surveys.read(path)
    assert path.read_bytes() == before


def test_identifiers_are_refused_in_every_file(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("id;note\na;ok\nb;010165-0000\n")
    with pytest.raises(DataError, match="note: 1 value") as refusal:
        surveys.read(path)
    assert "010165" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "option"),
    [("spss27.sav", {"header": 3}), ("pyreadstat_sample.dta", {"sheet": "x"}),
     ("spss27.sav", {"delimiter": ";", "skip_footer": 1})],
)  # fmt: skip
def test_an_option_that_would_do_nothing_is_refused(
    name: str, option: dict[str, object]
) -> None:
    with pytest.raises(DataError, match=f"{', '.join(option)} is not for"):
        surveys.read(DATA / name, **option)  # type: ignore[arg-type]


def test_days_that_excel_counts_are_read_from_every_format(tmp_path: Path) -> None:
    frame = pd.DataFrame({"day": [42_979.0, None]})
    frame.to_parquet(tmp_path / "a.parquet")
    pyreadstat.write_sav(frame, str(tmp_path / "a.sav"))
    for given in (tmp_path / "a.parquet", tmp_path / "a.sav", frame):
        (day, none) = surveys.read(given, serials=["day"]).frame["day"]
        assert (str(day.date()), pd.isna(none)) == ("2017-09-01", True)
