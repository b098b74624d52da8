"""Studies are checked, made and rendered, and what is wrong with one is told."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from reports.cli import main
from reports.editions import Editions
from reports.editions.units import Unit
from tests.small_study import COHORT, COMPARISON, DATA, HEAD, VALUE, description, write_study

CPR = "010170-1235"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small synthetic study, made by the command itself."""
    folder = tmp_path_factory.mktemp("studie æøå")
    assert main(["synthesize", str(folder), "--persons", "600", "--seed", "3"]) == 0
    first = (folder / "study" / "study.toml").read_text(encoding="utf-8").splitlines()[0]
    assert (folder / "study" / first.removeprefix("#:schema ")).is_file()
    return folder / "study"


def test_study_without_faults_is_status_0(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(study)]) == 0
    assert main(["check", str(study / "study.toml")]) == 0
    assert capsys.readouterr().out == "No violations.\n" * 2


def test_a_twin_is_made_of_a_study_and_says_what_of_it_was_used(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "twin"
    assert main(["synthesize", "--like", "unempdur", "--out", str(out), "--seed", "1"]) == 0
    assert "UnempDur.csv: 2,000 rows (persons)" in capsys.readouterr().out
    assert main(["check", str(out)]) == 0
    assert main(["synthesize", "--like", str(study), str(study)]) == 1
    assert "nothing was written" in capsys.readouterr().err
    assert main(["synthesize"]) == 2
    assert main(["synthesize", str(tmp_path / "other"), "--margins"]) == 2
    assert not (tmp_path / "other").exists()


def test_violations_are_listed_and_are_status_1(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty = tmp_path / "exposure.csv"
    faulty.write_text("kommune;start\n1;2\n", encoding="utf-8")
    assert main(["check", str(study), "--data", f"exposure={faulty}"]) == 1
    said = capsys.readouterr()
    assert "municipality" in said.out
    assert "violation(s)" in said.err


def test_missing_renderer_is_status_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("QUARTO_PATH", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("analyses.results.folder.Results.load", lambda _: None)
    arguments = ["render", str(tmp_path), "--out", str(tmp_path / "o"), "--engine", "quarto"]
    assert main(arguments) == 3
    assert "Install Quarto 1.9" in capsys.readouterr().err


def test_a_study_that_holds_a_cpr_number_is_refused_by_the_place(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (study / "study.toml").read_text(encoding="utf-8")
    plan = tmp_path / "study.toml"
    plan.write_text(text.replace("title = ", f'title = "Om {CPR}" # ', 1), encoding="utf-8")
    assert main(["check", str(plan)]) == 1
    said = capsys.readouterr().err
    assert "study.title" in said
    assert "1235" not in said


def test_an_edited_study_file_is_kept_and_the_command_says_so(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(study.parent, tmp_path, dirs_exist_ok=True)
    plan = tmp_path / "study" / "study.toml"
    mine = plan.read_text(encoding="utf-8") + "# my own word\n"
    plan.write_text(mine, encoding="utf-8")
    assert main(["synthesize", str(tmp_path), "--persons", "600", "--seed", "3"]) == 0
    assert "note: " in (said := capsys.readouterr().err)
    assert "kept as study.previous.toml" in said
    assert (tmp_path / "study" / "study.previous.toml").read_text(encoding="utf-8") == mine
    assert "my own word" not in plan.read_text(encoding="utf-8")


def test_a_dry_run_tells_what_would_be_made_of_how_many_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = write_study(tmp_path / "small", HEAD, DATA, COHORT, COMPARISON, VALUE)
    before = sorted(tmp_path.rglob("*"))
    assert main(["run", str(made), "--dry-run", "--out", str(tmp_path / "out")]) == 0
    told = capsys.readouterr().out
    assert "- people.csv (people): at least 360 rows" in told
    assert "[[outcome]] income: mean_difference on at least " in told
    assert "effects.csv, grades.csv" in told
    assert "Nothing has been written." in told
    # Numbers of persons as results would tell them: to a multiple of the threshold.
    counts = [int(n) for n in re.findall(r"at least (\d+)", told)]
    assert all(n % 5 == 0 for n in counts)
    assert sorted(tmp_path.rglob("*")) == before
    assert main(["run", str(made)]) == 2
    assert "--out" in capsys.readouterr().err


def test_a_file_that_is_open_elsewhere_is_status_3_and_says_what_to_close(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = write_study(tmp_path / "small", HEAD, DATA, COHORT, COMPARISON, VALUE)
    taken, opened = Path.replace, Path.open

    # What Windows says of a file that Excel holds, or Word.
    def open_(self: Path, *args: Any, **kwargs: Any) -> Any:
        if self.name == "people.csv":
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *args, **kwargs)

    def replace(self: Path, target: Path) -> Path:
        if target.name == "s.json":
            raise PermissionError(13, "Permission denied", str(target))
        return taken(self, target)

    monkeypatch.setattr(Path, "open", open_)
    monkeypatch.setattr(Path, "replace", replace)
    for arguments in (["check", str(made)], ["schema", "--out", str(tmp_path / "s.json")]):
        assert main(arguments) == 3
        told = capsys.readouterr().err
        assert "If it is open in Word, Excel or another program, close it there" in told
        assert "s.json" in told or "people.csv" in told


def test_check_tells_how_each_file_was_read_where_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = write_study(tmp_path, description())
    answers = next(made.glob("wave1.csv"))
    lines = answers.read_text(encoding="utf-8").splitlines()
    answers.write_text(
        "\n".join([f"{lines[0]},extra", *(f"{x},1" for x in lines[1:])]), "utf-8"
    )
    assert main(["check", str(made)]) == 0
    assert capsys.readouterr().out == "No violations.\n"
    assert main(["check", str(made), "--report"]) == 0
    said = capsys.readouterr().out
    assert "wave1.csv (answers, wave 1)\n  - " in said
    assert "extra: 1 column(s) that the dictionary does not know were left out" in said


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Return what the renderers of editions, sheet and report were asked for."""
    found: list[dict[str, Any]] = []

    def each(results: Path, out: Path, **given: Any) -> Editions:
        found.append({"results": results, "out": out, **given})
        failed = {} if given["each"] == "outcome" else {BORDERED: "no memory"}
        return Editions(index=out / "index.html", units=(), failed=failed)

    def sheet(results: Path, out: Path, **given: Any) -> tuple[Path, ...]:
        found.append({"results": results, "out": out, **given})
        return (out / "resultatblad.pdf",)

    monkeypatch.setattr("reports.editions.render_each", each)
    monkeypatch.setattr("reports.editions.sheet.render_sheet", sheet)
    return found


BORDERED = Unit(each="cluster", code="1", label="Ærø", name="aeroe")


def test_editions_are_asked_for_and_those_that_failed_are_named(
    tmp_path: Path, asked: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["render", str(tmp_path), "--out", str(tmp_path / "ud")]
    assert main([*given, "--each", "outcome"]) == 0
    assert asked[-1]["to"] == ("html",)
    assert "index.html" in capsys.readouterr().out
    assert main([*given, "--each", "cluster", "--to", "pdf,html"]) == 3
    assert (asked[-1]["each"], asked[-1]["to"]) == ("cluster", ("html", "pdf"))
    told = capsys.readouterr().err
    assert "- Ærø: no memory" in told
    assert "1 edition(s) could not be made" in told
    assert main([*given, "--each", "school"]) == 2
    assert "choose from municipality, cluster, outcome" in capsys.readouterr().err


def test_a_sheet_is_asked_for_and_not_with_editions(
    tmp_path: Path, asked: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["render", str(tmp_path), "--out", str(tmp_path / "ud"), "--sheet"]
    assert main(given) == 0
    assert capsys.readouterr().out == f"Sheet: {tmp_path / 'ud' / 'resultatblad.pdf'}\n"
    assert asked[-1]["to"] == ("html", "pdf")
    assert main([*given, "--each", "outcome"]) == 2
    assert len(asked) == 1
