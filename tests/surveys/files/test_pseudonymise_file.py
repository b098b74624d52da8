from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from data_dictionary.errors import ColumnError, DataError
from surveys import read, read_table
from surveys.files.identifiers import pseudonymise
from surveys.files.pseudonymise_file import pseudonymise_file

KEY_TEXT = "4f1d0c9a8b7e6d5c4b3a29181706f5e4"
# Of 1 January 1965, a day whose numbers may lack the modulus 11 check; the last has no number.
NUMBERS = ["010165-0000", "0202701234", " 311299 4321", "0000000000"]


@pytest.fixture
def key(tmp_path: Path) -> Path:
    place = tmp_path / "safe" / "key.txt"
    place.parent.mkdir()
    place.write_text(KEY_TEXT + "\n")
    place.chmod(0o600)
    return place


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "study.toml").write_text("")
    return folder


def write(frame: pd.DataFrame, path: Path) -> Path:
    """Write a frame in the format that the name says."""
    import pyreadstat

    if path.suffix == ".csv":
        frame.to_csv(path, index=False, sep=";", encoding="cp1252")
    elif path.suffix == ".xlsx":
        frame.to_excel(path, index=False)
    elif path.suffix == ".sav":
        pyreadstat.write_sav(frame, str(path))
    elif path.suffix == ".dta":
        pyreadstat.write_dta(frame, str(path))
    elif path.suffix == ".xpt":
        pyreadstat.write_xport(frame, str(path))
    else:
        frame.to_parquet(path)
    return path


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".sav", ".dta", ".xpt", ".parquet"])
@pytest.mark.parametrize("written", [".csv", ".parquet"])
def test_one_person_gets_one_key_from_every_format(
    suffix: str, written: str, tmp_path: Path, key: Path, study: Path
) -> None:
    frame = pd.DataFrame({"cpr": NUMBERS, "svar": ["Enig", "Ønsker ikke", "Enig", "Uenig"]})
    path = write(frame, tmp_path / f"raw{suffix}")
    made = pseudonymise_file(path, study / f"kept{written}", columns=["cpr"], key_file=key)
    found = read(made.path).frame
    expected = pseudonymise(["0101650000", 202701234, 3112994321.0], secret=KEY_TEXT.encode())
    assert found["cpr"].tolist()[:3] == expected.tolist()
    assert found["cpr"].isna().tolist() == [False, False, False, True]
    assert found["svar"].tolist() == frame["svar"].tolist()
    assert (made.rows, made.persons, made.blank) == (4, {"cpr": 3}, {"cpr": 1})


def test_a_number_that_lost_its_leading_zero_gets_the_same_key(
    tmp_path: Path, key: Path, study: Path
) -> None:
    path = tmp_path / "raw.csv"
    path.write_text("cpr,x\n0101650000,1\n101650000,2\n101650000.0,3\n010165‑0000,4\n,5\n")
    made = pseudonymise_file(path, study / "kept.csv", columns=["cpr"], key_file=key)
    found = read(made.path).frame["cpr"]
    assert found.dropna().unique().size == 1
    assert found.isna().tolist() == [False] * 4 + [True]


def test_values_of_other_columns_pass_as_they_stand(
    tmp_path: Path, key: Path, study: Path
) -> None:
    path = tmp_path / "raw.csv"
    text = "cpr;kode;beløb;dato\n0101650000;007;1.234,50;31-12-2018\n0202701234;;2,0;\n"
    path.write_bytes(text.encode("cp1252"))
    made = pseudonymise_file(path, study / "kept.parquet", columns=["cpr"], key_file=key)
    found = pd.read_parquet(made.path)
    assert found["kode"].tolist()[0] == "007"
    assert found["beløb"].tolist() == ["1.234,50", "2,0"]
    assert found["dato"].tolist()[0] == "31-12-2018"


def test_letters_for_a_missing_answer_reach_the_dictionary(
    tmp_path: Path, key: Path, study: Path
) -> None:
    import pyreadstat

    from data_dictionary import load

    path = tmp_path / "raw.dta"
    frame = pd.DataFrame({"staff_id": NUMBERS[:3], "continuity_1": [1, "a", 5]})
    pyreadstat.write_dta(frame, str(path), missing_user_values={"continuity_1": ["a"]})
    made = pseudonymise_file(path, study / "kept.parquet", columns=["staff_id"], key_file=key)
    found = read_table(made.path, load("enplan")["staff"], check=False)
    assert found.frame["continuity_1"].tolist()[::2] == [1, 5]
    assert found.missing["kind"].tolist() == ["do_not_know"]


@pytest.mark.parametrize("place", ["study/key.txt", "study/keys/key.txt", "out/key.txt"])
def test_a_key_within_the_study_or_beside_the_output_is_refused(
    place: str, tmp_path: Path, key: Path, study: Path
) -> None:
    inside = tmp_path / place
    inside.parent.mkdir(exist_ok=True)
    inside.write_text(KEY_TEXT)
    path = write(pd.DataFrame({"cpr": NUMBERS}), tmp_path / "raw.csv")
    out = tmp_path / "out" / "kept.csv"
    with pytest.raises(DataError, match="the key lies in the folder of a study or of the file"):
        pseudonymise_file(path, out, columns=["cpr"], key_file=inside)
    assert not out.exists()


@pytest.mark.parametrize("secret", ["", "short", "0" * 64, "abababababababababababab"])
def test_a_weak_key_is_refused_and_not_shown(secret: str, tmp_path: Path, key: Path) -> None:
    key.write_text(secret)
    path = write(pd.DataFrame({"cpr": NUMBERS}), tmp_path / "raw.csv")
    with pytest.raises(DataError, match="at least 16 random bytes") as refusal:
        pseudonymise_file(path, tmp_path / "out" / "k.csv", columns=["cpr"], key_file=key)
    assert not secret or secret not in str(refusal.value)


def test_identifiers_in_another_column_stop_the_file_and_nothing_is_written(
    tmp_path: Path, key: Path, study: Path
) -> None:
    frame = pd.DataFrame({"cpr": NUMBERS[:2], "note": ["ring til 020270-4321", "intet"]})
    path = write(frame, tmp_path / "raw.csv")
    with pytest.raises(DataError, match=r"note: 1 value\(s\)") as refusal:
        pseudonymise_file(path, study / "kept.csv", columns=["cpr"], key_file=key)
    assert "4321" not in str(refusal.value)
    assert [item.name for item in study.iterdir()] == ["study.toml"]


def test_an_interrupted_write_leaves_the_old_file_and_no_other(
    tmp_path: Path, key: Path, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(pd.DataFrame({"cpr": NUMBERS}), tmp_path / "raw.csv")
    out = study / "kept.csv"
    out.write_text("old")

    def fails(self: pd.DataFrame, place: Path, **_options: object) -> None:
        place.write_text("half")
        raise OSError("disk full")

    monkeypatch.setattr(pd.DataFrame, "to_csv", fails)
    with pytest.raises(DataError, match="exists already"):
        pseudonymise_file(path, out, columns=["cpr"], key_file=key)
    with pytest.raises(OSError, match="disk full"):
        pseudonymise_file(path, out, columns=["cpr"], key_file=key, replace=True)
    assert out.read_text() == "old"
    assert sorted(item.name for item in study.iterdir()) == ["kept.csv", "study.toml"]


def test_a_wrong_column_output_or_key_file_is_refused(
    tmp_path: Path, key: Path, study: Path
) -> None:
    path = write(pd.DataFrame({"cpr_nr": NUMBERS}), tmp_path / "raw.csv")
    with pytest.raises(ColumnError, match="Did you mean 'cpr_nr'"):
        pseudonymise_file(path, study / "k.csv", columns=["cprnr"], key_file=key)
    with pytest.raises(DataError, match=r"written as \.parquet or \.csv"):
        pseudonymise_file(path, study / "k.xlsx", columns=["cpr_nr"], key_file=key)
    with pytest.raises(DataError, match="is the file itself"):
        pseudonymise_file(path, path, columns=["cpr_nr"], key_file=key)
    with pytest.raises(DataError, match="there is no such key file"):
        pseudonymise_file(path, study / "k.csv", columns=["cpr_nr"], key_file=key.parent / "x")


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
def test_a_file_without_header_is_refused_and_its_first_number_not_shown(
    suffix: str, tmp_path: Path, key: Path
) -> None:
    # The first row has become the names; the second column lost its leading zero in Excel.
    frame = pd.DataFrame({"1234": ["a", "b"], "0202701234": NUMBERS[:2], "202701234": [1, 2]})
    path = write(frame, tmp_path / f"raw.{suffix}")
    with pytest.raises(DataError) as refusal:
        pseudonymise_file(
            path, tmp_path / "out" / "k.csv", columns=["0202701235"], key_file=key
        )
    assert "the name of column(s) 2, 3 looks like a CPR number" in str(refusal.value)
    assert "701234" not in str(refusal.value)


CASES = ["010170 1235", "0101701235x", "01.01.70-1235", "010170/1235"]


@pytest.mark.parametrize("way", [*CASES, "010170\u00a01235", "010170\u20131235"])
def test_a_number_in_a_comment_stops_the_file_however_it_is_written(
    way: str, tmp_path: Path, key: Path, study: Path
) -> None:
    frame = pd.DataFrame(
        {"cpr": NUMBERS[:2], "kommentar": [f"CPR {way} og mere", "ok"], "x": [0, 1]}
    )
    path = tmp_path / "raw.csv"
    frame.to_csv(path, index=False, sep=";", encoding="utf-8")
    with pytest.raises(DataError, match=r"kommentar: 1 value\(s\)"):
        pseudonymise_file(path, study / "k.csv", columns=["cpr"], key_file=key)
    assert not (study / "k.csv").exists()


def test_every_way_to_write_a_number_gives_one_key_or_is_refused(
    tmp_path: Path, key: Path, study: Path
) -> None:
    path = tmp_path / "raw.csv"
    ways = ["0101701235", "010170-1235", "010170 1235", "01.01.70-1235", "010170/1235"]
    path.write_text("cpr\n" + "\n".join(ways) + "\n")
    made = pseudonymise_file(path, study / "k.csv", columns=["cpr"], key_file=key)
    assert made.persons == {"cpr": 1}
    path.write_text("cpr\n0101701235x\n0202701234\n")
    with pytest.raises(DataError, match=r"cpr: 1 value\(s\).*Write the number alone"):
        pseudonymise_file(path, study / "l.csv", columns=["cpr"], key_file=key)


@pytest.mark.skipif(os.name == "nt", reason="no owners to speak of there")
def test_the_file_is_for_its_owner_alone_and_a_key_that_others_read_is_noted(
    tmp_path: Path, key: Path, study: Path
) -> None:
    path = write(pd.DataFrame({"cpr": NUMBERS}), tmp_path / "raw.csv")
    made = pseudonymise_file(path, study / "k.csv", columns=["cpr"], key_file=key)
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert made.notes == ()
    key.chmod(0o644)
    made = pseudonymise_file(path, study / "l.parquet", columns=["cpr"], key_file=key)
    (note,) = made.notes
    assert note.startswith("key.txt can be read by others")
    assert (study / "l.parquet").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_link_in_the_place_of_the_output_stays_one(
    tmp_path: Path, key: Path, study: Path
) -> None:
    path = write(pd.DataFrame({"cpr": NUMBERS}), tmp_path / "raw.csv")
    link, target = study / "kept.csv", tmp_path / "far" / "there" / "kept.csv"
    link.symlink_to(target)
    pseudonymise_file(path, link, columns=["cpr"], key_file=key)
    assert link.readlink() == target
    assert target.read_text().startswith("cpr\n")
    with pytest.raises(DataError, match="exists already"):
        pseudonymise_file(path, link, columns=["cpr"], key_file=key)
    assert {one.stat().st_mode & 0o777 for one in (target.parent, target.parent.parent)} == {
        0o700
    }


def test_an_output_named_like_a_number_is_refused_and_not_shown(
    tmp_path: Path, key: Path
) -> None:
    path = write(pd.DataFrame({"cpr": NUMBERS}), tmp_path / "raw.csv")
    out = tmp_path / "out" / "0101701235.csv"
    with pytest.raises(DataError) as refusal:
        pseudonymise_file(path, out, columns=["cpr"], key_file=key)
    assert "1235" not in str(refusal.value)


def test_a_column_named_twice_is_hashed_once_and_declared_missing_codes_name_nobody(
    tmp_path: Path, key: Path
) -> None:
    import pyreadstat

    path, out = tmp_path / "in.sav", tmp_path / "out" / "a.csv"
    frame = pd.DataFrame({"cpr": [101_701_235.0, 999.0], "q": [1.0, 2.0]})
    pyreadstat.write_sav(frame, str(path), missing_ranges={"cpr": [999]})
    done = pseudonymise_file(path, out, columns=["cpr", "cpr"], key_file=key)
    assert (done.persons, done.blank) == ({"cpr": 1}, {"cpr": 1})
    one = pseudonymise(["010170-1235"], secret=KEY_TEXT.encode())
    assert pd.read_csv(out)["cpr"].tolist()[0] == one[0]
