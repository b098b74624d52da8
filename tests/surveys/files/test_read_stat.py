"""SPSS, Stata and SAS: user-missing codes stay visible, wrong encodings are noticed."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import surveys
from data_dictionary.errors import DataError
from data_dictionary.missing_kinds import kind_of_label

DATA = Path(__file__).parents[2] / "data"
DAYS = [dt.date(2017, 9, 28), dt.date(1900, 1, 1), dt.date(2099, 12, 31)]


def test_a_discrete_user_missing_code_stays_in_the_data() -> None:
    source = surveys.read(DATA / "spss27.sav")
    assert source.frame["sex"].tolist() == [0, 1, -99, 0, 1]
    assert source.missing == {"sex": {-99: "user"}}


def test_a_range_lists_the_codes_that_occur_and_keeps_its_ends() -> None:
    source = surveys.read(DATA / "pyreadstat_multiple_response.sav")
    assert source.missing_ranges["z"] == ((-999, 0), (999, 999))
    assert source.missing["z"] == {-9: "user", 999: "not_asked"}
    assert set(source.missing["x"]) == {7, 8, 99}


def test_a_user_missing_text_is_told_from_an_empty_one() -> None:
    source = surveys.read(DATA / "pyreadstat_missing_char.sav")
    assert source.frame["mychar"].tolist() == ["Z", "a"]
    assert source.missing == {"mychar": {"Z": "user"}}


@pytest.mark.parametrize(
    ("suffix", "codes"),
    [(".dta", [".a", ".b", ".c", ".x", ".y", ".z"]),
     (".sas7bdat", [".A", ".B", ".C", ".X", ".Y", ".Z", "._"])],
)  # fmt: skip
def test_special_missing_values_keep_their_letters(suffix: str, codes: list[str]) -> None:
    source = surveys.read(DATA / f"pyreadstat_missing_test{suffix}")
    assert [next(iter(found)) for found in source.missing.values()] == codes
    assert source.frame.iloc[0].tolist()[: len(codes)] == codes
    assert source.frame["var9"].tolist() == [1.0]


def stored_as_whole_numbers(path: Path, version: int) -> None:
    """Write answers as Stata does: bytes, ints, longs, with ``.`` after ``.a`` and ``.z``."""
    codes = {"b": (np.int8, 101), "i": (np.int16, 32_741), "l": (np.int32, 2_147_483_621)}
    frame = pd.DataFrame(
        {
            name: np.array([3, 70, 4, 71, 5, 72, 1, 71], dtype=kind)
            for name, (kind, _) in codes.items()
        }
    )
    frame.to_stata(path, write_index=False, version=version)
    content = path.read_bytes()
    assert all(dtype == np.dtype(codes[name][0]) for name, dtype in frame.dtypes.items())
    rows = np.rec.fromarrays([frame[name].to_numpy() for name in codes], names=list(codes))
    assert rows.tobytes() in content
    missing = rows.copy()
    for name, (_, dot) in codes.items():
        for written, letter in ((70, 1), (71, 0), (72, 26)):
            missing[name][rows[name] == written] = dot + letter
    path.write_bytes(content.replace(rows.tobytes(), missing.tobytes()))


@pytest.mark.parametrize("version", [114, 117, 118])
def test_a_dot_after_a_letter_among_whole_numbers_is_blank(
    version: int, tmp_path: Path
) -> None:
    path = tmp_path / "answers.dta"
    stored_as_whole_numbers(path, version)
    source = surveys.read(path)
    for name in ("b", "i", "l"):
        values = source.frame[name].tolist()
        assert values[:3] == [3, ".a", 4]
        assert values[4:7] == [5, ".z", 1]
        assert pd.isna(values[3])
        assert pd.isna(values[7])
        assert source.missing[name] == {".a": "user", ".z": "user"}


def test_whole_numbers_of_stata_without_letters_stay_whole(tmp_path: Path) -> None:
    path = tmp_path / "answers.dta"
    frame = pd.DataFrame({"whole": np.int32([1, 2**30]), "half": [0.5, np.nan], "t": ["a", ""]})
    frame.to_stata(path, write_index=False)
    read = surveys.read(path).frame
    assert read["whole"].tolist() == [1, 2**30]
    assert read["whole"].dtype == np.int64
    assert read["half"].isna().tolist() == [False, True]
    assert read["t"].tolist() == ["a", ""]


def test_labels_of_letters_are_told_from_labels_of_texts() -> None:
    source = surveys.read(DATA / "pyreadstat_missing_test.dta")
    letters = [
        code
        for codes in source.value_labels.values()
        for code in codes
        if isinstance(code, str)
    ]
    assert all(code.startswith(".") for code in letters)


def test_the_kind_of_a_missing_code_is_read_from_its_label(tmp_path: Path) -> None:
    path = tmp_path / "answers.sav"
    labels = {1.0: "Uenig", 8.0: "Ved ikke", 9.0: "Ønsker ikke at svare", 7.0: "Ikke stillet"}
    pyreadstat.write_sav(
        pd.DataFrame({"q": [1.0, 8.0, 9.0, 7.0]}),
        path,
        variable_value_labels={"q": labels},
        missing_ranges={"q": [{"lo": 7, "hi": 9}]},
    )
    source = surveys.read(path)
    assert source.missing["q"] == {7: "not_asked", 8: "do_not_know", 9: "refused"}
    assert source.value_labels["q"][9] == "Ønsker ikke at svare"


def latin1_under_utf8(path: Path) -> None:
    """Write a .sav that declares UTF-8 and holds Latin-1, by changing one letter's bytes."""
    pyreadstat.write_sav(pd.DataFrame({"køn": [1.0]}), path, column_labels=["Mænd og kvinder"])
    content = path.read_bytes()
    assert "Mænd".encode() in content
    path.write_bytes(content.replace("Mænd og".encode(), "Mænd og ".encode("latin-1")))


def test_text_that_does_not_fit_the_declared_encoding_is_read_down_the_ladder(
    tmp_path: Path,
) -> None:
    path = tmp_path / "answers.sav"
    latin1_under_utf8(path)
    source = surveys.read(path)
    assert next(iter(source.variable_labels.values())).startswith("Mænd")
    assert source.provenance.encoding == "cp1252"
    assert "does not fit" in source.provenance.encoding_reason


def test_text_garbled_by_the_declared_encoding_is_read_as_utf8(tmp_path: Path) -> None:
    path = tmp_path / "answers.dta"
    # Stata before release 118 has no encoding; many exports put UTF-8 into it.
    pyreadstat.write_dta(pd.DataFrame({"name": ["Søborg"]}), path, version=12)
    source = surveys.read(path)
    assert source.frame["name"].tolist() == ["Søborg"]
    assert source.provenance.encoding == "utf-8"
    assert "its text is UTF-8" in source.provenance.encoding_reason


def test_an_encoding_that_garbles_is_refused_when_the_user_declares_it(tmp_path: Path) -> None:
    path = tmp_path / "answers.dta"
    pyreadstat.write_dta(pd.DataFrame({"name": ["Søborg"]}), path, version=12)
    with pytest.raises(DataError, match="garbles æ, ø and å"):
        surveys.read(path, encoding="cp1252")
    assert surveys.read(path, encoding="utf-8").frame["name"].tolist() == ["Søborg"]


def test_a_wide_file_reads_with_blank_and_missing_apart(tmp_path: Path) -> None:
    path = tmp_path / "wide.sav"
    frame = pd.DataFrame({f"q{i}": [1.0, 8.0, np.nan] for i in range(50)})
    pyreadstat.write_sav(frame, path, missing_ranges={f"q{i}": [8] for i in range(50)})
    source = surveys.read(path)
    assert source.frame["q7"].tolist()[:2] == [1.0, 8.0]
    assert source.frame["q7"].isna().tolist() == [False, False, True]
    assert source.missing["q49"] == {8: "user"}


def test_dates_are_told_by_the_stored_format_and_keep_missing_ones(tmp_path: Path) -> None:
    path = tmp_path / "dates.sav"
    seconds = [86_400.0 * (day - dt.date(1582, 10, 14)).days for day in DAYS]
    frame = pd.DataFrame({"d": [*seconds, 1e20], "m": [*seconds, np.nan], "t": [108_900.0] * 4})
    pyreadstat.write_sav(
        frame,
        path,
        variable_format={"d": "EDATE10", "m": "MOYR8", "t": "DTIME12"},
        missing_ranges={
            "d": [
                {"lo": seconds[1], "hi": seconds[1]},
                {"lo": seconds[2], "hi": seconds[2] + 9e6},
            ]
        },
        variable_value_labels={"d": {seconds[1]: "Ved ikke", seconds[2]: "Ikke spurgt"}},
    )
    source = surveys.read(path)
    assert source.frame["d"].tolist() == [*DAYS, 1e20]
    assert source.frame["m"].tolist()[:3] == [day.replace(day=1) for day in DAYS]
    assert source.frame["m"].isna().tolist() == [False] * 3 + [True]
    assert source.frame["t"].tolist() == [108_900.0] * 4
    assert source.missing == {"d": {DAYS[1]: "do_not_know", DAYS[2]: "not_asked"}}
    assert (DAYS[1], DAYS[1]) in source.missing_ranges["d"]
    assert source.value_labels["d"] == {DAYS[1]: "Ved ikke", DAYS[2]: "Ikke spurgt"}
    told = {(remark.what, remark.columns, remark.count) for remark in source.remarks}
    assert told == {("clocks", ("t",), 0), ("periods", ("m",), 0), ("far_dates", ("d",), 1)}


def test_letters_among_dates_stay(tmp_path: Path) -> None:
    path = tmp_path / "dates.dta"
    frame = pd.DataFrame({"d": [20_000.0, "a", np.nan]})
    pyreadstat.write_dta(
        frame, path, variable_format={"d": "%tdDD/NN/CCYY"}, missing_user_values={"d": ["a"]}
    )
    read = surveys.read(path)
    assert read.frame["d"].tolist()[:2] == [dt.date(2014, 10, 4), ".a"]
    assert pd.isna(read.frame["d"][2])


def test_questions_with_several_answers_are_told() -> None:
    source = surveys.read(DATA / "pyreadstat_multiple_response.sav")
    codes, ticks = source.multiple_response
    assert codes.columns == ("ca_subvar_1", "ca_subvar_2", "ca_subvar_3")
    assert codes.counted is None
    assert (ticks.name, ticks.label, ticks.counted) == (
        "mymrset",
        "My multiple response set",
        1,
    )


def test_a_file_with_a_password_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    path = tmp_path / "locked.sav"
    path.write_bytes(b"\x1c" + bytes(7) + b"ENCRYPTEDSAV\x15" + bytes(500))
    with pytest.raises(DataError, match=r"locked\.sav: is protected by a password"):
        surveys.read(path)


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Ved ikke", "do_not_know"),
        ("Don't know", "do_not_know"),
        ("Ønsker ikke at svare", "refused"),
        ("Vil ikke svare", "refused"),
        ("Ikke stillet", "not_asked"),
        ("Not applicable", "not_asked"),
        ("Teknisk fejl", "technical"),
        ("missing", "user"),
        ("Uenig", "user"),
        (None, "user"),
    ],
)
def test_a_label_names_its_kind_or_none(label: str | None, kind: str) -> None:
    assert kind_of_label(label) == kind
