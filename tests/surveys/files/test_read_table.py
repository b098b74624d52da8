"""A table from a file: the dictionary decides types and names; all violations at once."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import surveys
from data_dictionary import Column, Table, load
from data_dictionary.errors import ColumnError, DataError

DATA = Path(__file__).parents[2] / "data"
ANSWERS = Table(
    name="answers",
    label="Svar",
    file="answers.toml",
    key=("person_id",),
    columns=(
        Column(
            name="person_id",
            type="string",
            label="Person",
            sensitivity="identifying",
            references="population",
        ),
        Column(name="kommune", type="string", label="Kommune", required=False),
        Column(
            name="item",
            type="integer",
            label="Item",
            minimum=1,
            maximum=5,
            missing={8: "do_not_know"},
        ),
        Column(
            name="satisfaction",
            type="integer",
            label="T",
            minimum=0,
            maximum=10,
            missing={98: "do_not_know"},
        ),
        Column(name="income", type="number", label="Løn", required=False),
        Column(name="day", type="date", label="Dag", required=False),
    ),
)


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "answers.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_keys_and_codes_keep_leading_zeros_where_the_dictionary_says_string(
    tmp_path: Path,
) -> None:
    text = (
        "person_id;kommune;item;satisfaction;income;day\n"
        "001;0151;4;8;1.234,5;31-01-2018\n"
        "1;190;8;98;;01-02-2018\n"
    )
    found = surveys.read_table(written(tmp_path, text), ANSWERS)
    assert found.frame["person_id"].tolist() == ["001", "1"]
    assert found.frame["kommune"].tolist() == ["0151", "190"]
    assert found.frame["income"].iloc[0] == 1234.5
    assert found.frame["day"].dt.date.tolist() == [dt.date(2018, 1, 31), dt.date(2018, 2, 1)]
    assert found.frame["satisfaction"].iloc[0] == 8
    assert found.missing.to_dict("list") == {
        "row": [1, 1],
        "column": ["item", "satisfaction"],
        "kind": ["do_not_know", "do_not_know"],
    }  # fmt: skip


def test_the_same_table_comes_out_of_every_format_that_can_be_written(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "person_id": ["a1", "b2", "c3"],
            "item": [1.0, 8.0, np.nan],
            "satisfaction": [9.0, 98.0, 8.0],
            "income": [1.5, np.nan, 3.0],
            "day": [dt.date(2018, 1, 31), None, dt.date(2018, 2, 1)],
        }
    )
    pyreadstat.write_sav(frame, tmp_path / "a.sav", missing_ranges={"item": [8]})
    pyreadstat.write_sav(frame, tmp_path / "a.zsav", compress=True)
    pyreadstat.write_dta(frame, tmp_path / "a.dta")
    pyreadstat.write_xport(frame, tmp_path / "a.xpt", file_format_version=8)
    pyreadstat.write_por(
        frame.rename(columns={"satisfaction": "satis", "person_id": "id"}), tmp_path / "a.por"
    )
    frame.to_parquet(tmp_path / "a.parquet")
    frame.to_excel(tmp_path / "a.xlsx", index=False)
    frame.to_csv(tmp_path / "a.csv", sep=";", decimal=",", index=False)
    reference = surveys.read_table(tmp_path / "a.parquet", ANSWERS)
    for suffix in ("sav", "zsav", "dta", "xpt", "xlsx", "csv", "por"):
        rename = {"SATIS": "satisfaction", "ID": "person_id"} if suffix == "por" else None
        found = surveys.read_table(tmp_path / f"a.{suffix}", ANSWERS, rename=rename)
        pd.testing.assert_frame_equal(found.frame, reference.frame)
        pd.testing.assert_frame_equal(found.missing, reference.missing)


def test_columns_are_renamed_before_they_are_checked(tmp_path: Path) -> None:
    path = written(tmp_path, "Lbnr;q1;satisfaction\n007;4;5\n")
    found = surveys.read_table(path, ANSWERS, rename={"Lbnr": "person_id", "q1": "item"})
    assert found.frame["person_id"].tolist() == ["007"]
    with pytest.raises(
        ColumnError, match=r"'Lbnrr' is not a column of the file\. Did you mean 'Lbnr'"
    ):
        surveys.read_table(path, ANSWERS, rename={"Lbnrr": "person_id"})


def test_names_in_capitals_are_the_same_names(tmp_path: Path) -> None:
    found = surveys.read_table(
        written(tmp_path, "PERSON_ID;Item;SATISFACTION\n007;4;5\n"), ANSWERS
    )
    assert found.frame["person_id"].tolist() == ["007"]


def test_rows_are_kept_by_level_of_any_column(tmp_path: Path) -> None:
    path = written(
        tmp_path, "person_id;item;satisfaction;kommune\na;4;5;1\nb;99;5;2\nc;3;5;1\n"
    )
    found = surveys.read_table(path, ANSWERS, keep={"kommune": ["1"]})
    assert found.frame["person_id"].tolist() == ["a", "c"]
    assert found.frame.index.tolist() == [0, 1]
    assert found.provenance.rows == 2
    with pytest.raises(ColumnError, match="Did you mean 'kommune'"):
        surveys.read_table(path, ANSWERS, keep={"komune": ["1"]})
    with pytest.raises(DataError, match="has no rows"):
        surveys.read_table(path, ANSWERS, keep={"kommune": ["3"]})


def test_a_file_with_violations_is_refused_or_returned_with_all_of_them(tmp_path: Path) -> None:
    path = written(tmp_path, "person_id;item;satisfaction\na;6;5\na;4;11\n")
    with pytest.raises(DataError) as refusal:
        surveys.read_table(path, ANSWERS)
    assert str(refusal.value).startswith("answers.csv: 3 column(s) break the data dictionary")
    found = surveys.read_table(path, ANSWERS, check=False)
    assert [v.rule for v in found.violations] == ["range", "range", "key not unique"]


def test_keys_outside_the_population_are_found(tmp_path: Path) -> None:
    path = written(tmp_path, "person_id;item;satisfaction\na;4;5\nb;4;5\n")
    population = pd.DataFrame({"person_id": ["a"]})
    found = surveys.read_table(path, ANSWERS, population=population, check=False)
    assert [(v.rule, v.rows) for v in found.violations] == [("key not in population", (2,))]


def test_a_code_that_the_file_calls_missing_and_the_dictionary_an_answer_is_disputed(
    tmp_path: Path,
) -> None:
    frame = pd.DataFrame(
        {"person_id": ["a", "b"], "item": [1.0, 8.0], "satisfaction": [8.0, 9.0]}
    )
    path = tmp_path / "answers.sav"
    pyreadstat.write_sav(frame, path, missing_ranges={"item": [8], "satisfaction": [8, 9]})
    found = surveys.read_table(path, ANSWERS, check=False)
    assert [(v.column, v.rule, v.count, v.rows) for v in found.violations] == [
        ("satisfaction", "missing code", 2, (1, 2))
    ]
    assert "answers.toml" in found.violations[0].message


def test_a_declared_code_that_nobody_gave_is_not_disputed(tmp_path: Path) -> None:
    frame = pd.DataFrame({"person_id": ["a"], "item": [1.0], "satisfaction": [7.0]})
    path = tmp_path / "answers.sav"
    pyreadstat.write_sav(frame, path, missing_ranges={"satisfaction": [{"lo": 8, "hi": 9}]})
    assert surveys.read_table(path, ANSWERS).violations == ()


def test_an_undeclared_missing_code_is_a_violation_and_never_dropped(tmp_path: Path) -> None:
    frame = pd.DataFrame({"person_id": ["a"], "item": [9.0], "satisfaction": [7.0]})
    path = tmp_path / "answers.sav"
    pyreadstat.write_sav(frame, path, missing_ranges={"item": [9]})
    found = surveys.read_table(path, ANSWERS, check=False)
    assert [(v.column, v.rule) for v in found.violations] == [("item", "range")]


def test_unknown_columns_are_left_out_and_named(tmp_path: Path) -> None:
    found = surveys.read_table(
        written(tmp_path, "person_id;item;satisfaction;note\na;4;5;x\n"), ANSWERS
    )
    assert found.ignored == ("note",)
    assert "note" not in found.frame


def test_a_source_that_was_read_before_can_be_used(tmp_path: Path) -> None:
    path = written(tmp_path, "person_id;item;satisfaction\na1;4;5\n")
    source = surveys.read(path)
    before = source.frame.copy(deep=True)
    assert surveys.read_table(source, ANSWERS).frame["item"].tolist() == [4]
    pd.testing.assert_frame_equal(source.frame, before)


def test_cpr_numbers_are_refused_by_what_the_dictionary_knows_of_a_column(
    tmp_path: Path,
) -> None:
    rows = "".join(f"k{i};4;5;ok\n" for i in range(50))
    head = "person_id;item;satisfaction;kommune\n"
    with pytest.raises(DataError, match="kommune: 1 value"):
        surveys.read_table(written(tmp_path, head + rows + "k99;4;5;0101650000\n"), ANSWERS)
    with pytest.raises(DataError, match="person_id: 1 value"):
        surveys.read_table(written(tmp_path, head + rows + "0101650000;4;5;ok\n"), ANSWERS)
    # Keys of ten digits may happen to fit.
    keys = "".join(f"{i}190000000;4;5;ok\n" for i in range(1, 10))
    surveys.read_table(written(tmp_path, head + keys + "0101650000;4;5;ok\n"), ANSWERS)


@pytest.mark.parametrize("name", ["nsw_mixtape.csv", "cps_mixtape.csv"])
def test_the_files_of_the_second_edition_keep_to_it(name: str) -> None:
    found = surveys.read_table(DATA / name, load("nsw")["persons"])
    assert found.violations == ()
    assert found.frame["treat"].dtype == bool
    assert found.ignored == ("rownames",)


def test_columns_that_play_roles_get_our_names_and_others_keep_out_of_their_way(
    tmp_path: Path,
) -> None:
    table = Table(
        name="sager", label="S", file="sager.toml",
        columns=(
            Column(name="borger", type="string", label="B", role="key"),
            Column(name="closed", type="date", label="Å", role="opened"),
            Column(name="opened", type="integer", label="x"),
        ),
    )  # fmt: skip
    path = written(tmp_path, "borger;closed;opened\na;2018-01-31;7\n")
    found = surveys.read_table(path, table).played({"person": "key", "opened": "opened"})
    assert list(found) == ["person", "opened", "opened (own)"]
    assert found["opened"].dt.day.tolist() == [31]
    with pytest.raises(ColumnError) as refusal:
        surveys.read_table(path, table).played({"a": "type", "b": "closed"})
    assert str(refusal.value).count("sager.toml") == 2
    partly = surveys.read_table(written(tmp_path, "opened\n7\n"), table, check=False)
    with pytest.raises(ColumnError, match=r"answers\.csv: there is no column 'borger'"):
        partly.played({"person": "key"})


def test_a_record_of_a_case_may_be_repeated_and_not_changed(tmp_path: Path) -> None:
    table = Table(
        name="sager", label="S", key=("sag",), role="spells",
        columns=(
            Column(name="sag", type="string", label="S"),
            Column(name="type", type="string", label="T"),
        ),
    )  # fmt: skip
    assert len(surveys.read_table(written(tmp_path, "sag;type\n1;a\n1;a\n"), table).frame) == 2
    with pytest.raises(DataError, match="share their key"):
        surveys.read_table(written(tmp_path, "sag;type\n1;a\n1;b\n"), table)


def test_numbers_of_workplaces_are_read_where_the_dictionary_says_why(tmp_path: Path) -> None:
    path = written(tmp_path, "person_id;pnr\na;3112991234\nb;0101701234\n")
    columns = (
        Column(name="person_id", type="string", label="P"),
        Column(name="pnr", type="string", label="Arbejdssted", no_cpr="P-numre of workplaces"),
    )
    table = Table(name="t", label="T", columns=columns)
    found = surveys.read_table(path, table, rename={"pnr": "pnr"})
    reasons = [one.detail for one in found.remarks if one.what == "no_cpr"]
    assert reasons == ["P-numre of workplaces"]
    with pytest.raises(DataError, match="CPR-like"):
        surveys.read(path)


def test_columns_that_are_left_out_are_told_and_those_first_that_are_named_alike(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, "person_id;item;satisfaction;zz;incom\na;1;1;1;2\n")
    found = surveys.read_table(path, ANSWERS)
    told = {one.what: one for one in found.remarks}
    assert told["columns_ignored"].columns == ("incom", "zz")
    assert "'incom' is like 'income'" in str(told["columns_near"])


def test_a_mark_that_the_dictionary_declares_wins_over_what_other_columns_prove(
    tmp_path: Path,
) -> None:
    path = tmp_path / "beløb.csv"
    path.write_text("a;b\n1.234;0,5\n")
    columns = (
        Column(name="a", type="number", label="A", decimal="."),
        Column(name="b", type="number", label="B"),
    )
    found = surveys.read_table(path, Table(name="t", label="T", columns=columns))
    assert found.frame["a"].tolist() == [1.234]


def test_of_a_range_of_missing_codes_the_ends_are_named_and_no_answer(tmp_path: Path) -> None:
    path = tmp_path / "a.sav"
    answers = {"item": [1.0, 2.0], "satisfaction": [1.0, 2.0], "income": [412_345.0, 3.0]}
    frame = pd.DataFrame({"person_id": ["k7", "b"], **answers})
    ranges = {"income": [{"lo": 400_000, "hi": float("inf")}], "person_id": ["k7"]}
    pyreadstat.write_sav(frame, str(path), missing_ranges=ranges)
    with pytest.raises(DataError) as refusal:
        surveys.read_table(path, ANSWERS)
    told = str(refusal.value)
    assert "income: 1 row(s) with 400000 to inf, which the file declares missing" in told
    assert "person_id: 1 row(s) with a code, which" in told
    assert "412345" not in told
    assert "k7" not in told
