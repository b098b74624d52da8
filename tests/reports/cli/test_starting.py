"""A study begins with data files alone, and no file of anybody is moved or overwritten."""

from __future__ import annotations

import io
import shutil
import tomllib
from pathlib import Path

import pytest

from reports.cli import main
from tests.small_study import small_data

DATA = Path(__file__).parents[2] / "data"


class Terminal(io.StringIO):
    """Somebody who types these answers."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    shutil.copy(DATA / "sleep.sav", folder)
    for name, frame in small_data().items():
        frame.to_csv(folder / f"{name}.csv", index=False, date_format="%Y-%m-%d")
    return folder


def test_a_labelled_file_alone_becomes_a_study_that_is_checked(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study, before = tmp_path / "søvn", (raw / "sleep.sav").read_bytes()
    assert main(["init", str(study), "--from", str(raw / "sleep.sav")]) == 0
    told = capsys.readouterr().out
    assert "Left to decide, in this order" in told
    assert f"enplan run {study} --out {study}/results" in told
    assert main(["check", str(study)]) == 0
    again = capsys.readouterr().out
    assert again.endswith("No violations.\n")
    assert again.splitlines()[1] in told
    plan = tomllib.loads((study / "study.toml").read_text("utf-8"))
    assert plan["study"]["design"] == "description"
    assert plan["data"]["sleep"] == [{"file": "../raw/sleep.sav"}]
    assert (study / "words" / "sleep.toml").read_text("utf-8").startswith("#:schema ./dict")
    assert (study / "words" / "dictionary.schema.json").is_file()
    assert "*.sav\n" in (study / ".gitignore").read_text("utf-8")
    assert (raw / "sleep.sav").read_bytes() == before


def test_what_stands_there_is_not_touched(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "s"
    study.mkdir()
    (study / ".gitignore").write_text("mine\n")
    (study / "study.toml").write_text("mine\n")
    assert main(["init", str(study), "--from", str(raw / "sleep.sav")]) == 1
    assert "nothing was written" in capsys.readouterr().err
    assert sorted(one.name for one in study.iterdir()) == [".gitignore", "study.toml"]
    (study / "study.toml").unlink()
    assert main(["init", str(study), "--from", str(raw / "sleep.sav")]) == 0
    assert (study / ".gitignore").read_text() == "mine\n"


def test_flags_say_what_a_terminal_would_be_asked(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "s"
    files = [str(raw / f"{name}.csv") for name in ("people", "wave1", "wave2")]
    flags = ["--treatment", "programme", "--unit", "person_id", "--yes"]
    assert main(["init", str(study), "--from", *files, *flags]) == 0
    plan = tomllib.loads((study / "study.toml").read_text("utf-8"))
    assert plan["study"]["design"] == "observational"
    assert plan["cohort"]["treatment"] == "programme"
    assert plan["cohort"]["unit"] == "person_id"
    assert [one["wave"] for one in plan["data"]["data"]] == [1, 2]
    assert plan["outcome"][0]["kind"] == "score"
    capsys.readouterr()
    for wrong, status, told in (
        (["--treatment", "program"], 1, "Did you mean 'programme'?"),
        (["--design", "trial"], 2, "choose from observational"),
    ):
        assert main(["init", str(tmp_path / "t"), "--from", *files, *wrong]) == status
        assert told in capsys.readouterr().err
    assert main(["init", str(tmp_path / "t")]) == 2
    assert not (tmp_path / "t").exists()


def test_a_terminal_is_asked_for_what_no_flag_says(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = "randomized\nrandomised\nprogramme\n\nperson_id\nn\n2\n5\n"
    monkeypatch.setattr("sys.stdin", Terminal(answers))
    files = [str(raw / f"{name}.csv") for name in ("people", "wave1", "wave2")]
    assert main(["init", str(tmp_path / "s"), "--from", *files]) == 0
    plan = tomllib.loads((tmp_path / "s" / "study.toml").read_text("utf-8"))
    assert plan["study"]["design"] == "randomised"
    assert "treated" not in plan["cohort"]
    assert [one["wave"] for one in plan["data"]["data"]] == [2, 5]


def test_names_that_look_like_cpr_numbers_and_unreadable_files_are_refused(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = raw / "010170-1234"
    named.mkdir()
    shutil.copy(raw / "sleep.sav", named)
    assert main(["init", str(tmp_path / "s"), "--from", str(named / "sleep.sav")]) == 1
    said = capsys.readouterr().err
    assert "looks like a CPR number" in said
    assert "1234" not in said
    gone = [str(raw / "sleap.sav"), str(raw / "x.doc"), str(raw / "sleep.sav")]
    assert main(["init", str(tmp_path / "s"), "--from", *gone]) == 1
    said = capsys.readouterr().err
    assert "Did you mean 'sleep.sav'?" in said
    assert "x.doc: format '.doc' is not read" in said
    assert not (tmp_path / "s").exists()


def test_label_files_beside_the_data_are_no_data(tmp_path: Path) -> None:
    (tmp_path / "dataset.csv").write_text("id;q1\na1;1\na2;2\na3;1\n", encoding="utf-8")
    (tmp_path / "labels.csv").write_text("q1;1;Nej\nq1;2;Ja\n", encoding="utf-8")
    files = [str(tmp_path / name) for name in ("dataset.csv", "labels.csv")]
    assert main(["init", str(tmp_path / "study"), "--from", *files, "--yes"]) == 0
    study = (tmp_path / "study" / "study.toml").read_text(encoding="utf-8")
    assert study.count("[[data.") == 1
    words = (tmp_path / "study" / "words" / "dataset.toml").read_text(encoding="utf-8")
    assert 'codes = { 1 = "Nej", 2 = "Ja" }' in words
