"""A run writes the same bytes each time, needs no truth, and loses nothing when it breaks."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pandas as pd
import pytest

from analyses import Results, Study, check, load_study, run
from analyses.published.tables import tables_of
from analyses.results.facts import read_facts
from analyses.results.ownership import sha256_of
from analyses.results.swap import leftovers
from data_dictionary.errors import DataError
from reports.cli import main
from reports.facts import Report

ROOT = Path(__file__).parents[2]


def test_a_second_run_without_the_truth_gives_the_same_bytes(
    results: Results, made: Path, tmp_path: Path
) -> None:
    shutil.copytree(made / "study", tmp_path / "study")
    again = run(load_study(tmp_path / "study"), tmp_path / "results")
    tables = [path for path in results.folder.iterdir() if path.suffix in (".csv", ".parquet")]
    assert len(tables) == 2 * len(tables_of("observational"))
    for path in tables:
        assert path.read_bytes() == (again.folder / path.name).read_bytes(), path.name


def test_the_manifest_names_every_input_and_output(results: Results, study: Study) -> None:
    manifest = results.manifest
    assert [entry["name"] for entry in manifest["inputs"]] == [f.path.name for f in study.files]
    assert all(re.fullmatch("[0-9a-f]{64}", entry["sha256"]) for entry in manifest["inputs"])
    assert all(entry["rows"] > 0 for entry in manifest["inputs"])
    assert manifest["study"]["synthetic"] is True
    assert [entry["outcome"] for entry in manifest["decisions"]] == [
        o.name for o in study.outcomes
    ]
    assert manifest["started"] <= manifest["finished"]


def test_everything_that_a_table_names_has_a_danish_label(results: Results) -> None:
    report = Report(facts=read_facts(results.manifest), frames=results.frames)
    scales = [f"scale:{name}" for name in results.scales["scale"]]
    columns = (results.balance["covariate"], results.curves["cause"], results.shares["item"])
    names = {str(name) for column in columns for name in column}
    assert [name for name in (*names, *scales) if report.label(name) == name] == []
    for step, arm in zip(results.flow["step"], results.flow["arm"], strict=True):
        code = str(step).partition(":")[0]
        assert report.steps.title(code)
        assert code == "data" or report.steps.lost(code, str(arm))
    rows = results.balance[results.balance["level"].ne("")][["covariate", "level"]]
    for covariate, level in rows.itertuples(index=False):
        assert report.label(covariate, level) != level or level.isdigit()


def test_no_key_of_a_person_reaches_the_results(results: Results, made: Path) -> None:
    keys = set(pd.read_parquet(made / "study" / "data" / "population.parquet")["person_id"])
    for path in results.folder.iterdir():
        if path.suffix != ".parquet":
            found = set(re.findall(r"\b[0-9a-f]{16}\b", path.read_text(encoding="utf-8")))
            assert not found & keys, path.name


def test_small_counts_are_empty(results: Results) -> None:
    for name in (
        "flow",
        "profile",
        "response",
        "missing",
        "shares",
        "spells",
        "sites",
        "effects",
    ):
        frame = results.frames[name]
        for column in ("n", "lost", "n_treated", "n_comparison", "n_invited", "n_answered"):
            if column in frame:
                assert not frame[column].between(1, 4).any(), (name, column)


def test_only_the_tested_estimate_has_an_adjusted_p(results: Results) -> None:
    adjusted = results.effects.dropna(subset="p_adjusted")
    tested = {(o["name"], o["estimate"]) for o in results.manifest["outcomes"]}
    assert {(row.outcome, row.term) for row in adjusted.itertuples()} <= tested
    assert (adjusted["p_adjusted"] >= adjusted["p_value"]).all()


def test_progress_is_told_step_by_step(made: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    with pytest.raises(DataError):
        run(
            load_study(made / "study"),
            tmp_path / "results",
            data={"cases": made / "study" / "data" / "exposure.csv"},
            progress=lambda step, number, total: told.append((step, number, total)),
        )
    assert [number for _, number, _ in told] == list(range(1, 10))
    assert all(total == 14 for _, _, total in told)
    assert told[0][0] == "reading population.parquet"


def test_every_file_that_breaks_the_dictionary_is_named_at_once(
    made: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(made / "study", tmp_path / "study"))
    path = folder / "data" / "population.parquet"
    people = pd.read_parquet(path)
    people.loc[0, "education"] = 7
    people.loc[3, "person_id"] = people.loc[2, "person_id"]
    people.to_parquet(path)
    exposure = (folder / "data" / "exposure.csv").read_text(encoding="utf-8")
    (folder / "data" / "exposure.csv").write_text(
        exposure.replace("municipality", "municipalty", 1), encoding="utf-8"
    )
    (folder / "data" / "citizen_w1.sav").write_bytes(b"not a file of SPSS")
    found = "\n".join(check(load_study(folder)))
    assert "population.parquet: education: 1 value(s)" in found
    assert "share their key" in found
    assert "exposure.csv: municipality: the column is missing" in found
    assert "citizen_w1.sav: " in found
    assert str(people.loc[2, "person_id"]) not in found


def test_ten_planted_faults_are_all_named_in_one_go(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = Path(shutil.copytree(made / "study", tmp_path / "study")) / "data"
    people = pd.read_parquet(data / "population.parquet")
    people.loc[0, "education"] = 7
    people.loc[1, "children"] = 99
    people.loc[3, "person_id"] = people.loc[2, "person_id"]
    people["resident_until"] = people["resident_until"].mask(
        people.index == 4, people["resident_from"] - pd.Timedelta(days=30)
    )
    people.to_parquet(data / "population.parquet")
    exposure = (data / "exposure.csv").read_text(encoding="utf-8")
    (data / "exposure.csv").write_text(
        exposure.replace("municipality", "municipalty", 1), encoding="utf-8"
    )
    (data / "citizen_w1.sav").write_bytes(b"not a file of SPSS")
    answers = pd.read_csv(data / "citizen_w2.csv", sep=";", dtype=str)
    answers.loc[answers["relation_1"].first_valid_index(), "relation_1"] = "6"
    answers.to_csv(data / "citizen_w2.csv", sep=";", index=False)
    cases = pd.read_csv(data / "cases.csv", sep=";", dtype=str, encoding="cp1252")
    cases.loc[5, ["opened", "closed"]] = ["31-12-2018", "30-12-2017"]
    cases.loc[6, "person_id"] = "0123456789abcdef"
    cases.to_csv(data / "cases.csv", sep=";", index=False, encoding="cp1252")
    weekly = pd.read_parquet(data / "dream.parquet")
    weekly["y_1801"] = weekly["y_1801"].mask(weekly.index == 7, 870)
    weekly.to_parquet(data / "dream.parquet")

    assert main(["check", str(data.parent)]) == 1
    printed = capsys.readouterr()
    said = printed.out + printed.err
    for planted in (
        "population.parquet: education: ",
        "population.parquet: children: ",
        "share their key",
        "resident_until",
        "exposure.csv: municipality: the column is missing",
        "citizen_w1.sav: ",
        "citizen_w2.csv: relation_1: ",
        "closed",
        "cases.csv: person_id: ",
        "code 870: 1 person-week(s), in y_1801",
    ):
        assert planted in said, planted
    assert "0123456789abcdef" not in said
    assert str(people.loc[2, "person_id"]) not in said


def test_refused_data_leave_earlier_results(
    results: Results, made: Path, tmp_path: Path
) -> None:
    out = Path(shutil.copytree(results.folder, tmp_path / "results"))
    with pytest.raises(DataError, match=r"violation\(s\) in the input files"):
        run(
            load_study(made / "study"),
            out,
            data={"exposure": made / "study" / "data" / "cases.csv"},
        )
    assert Results.load(out).effects.equals(results.effects)
    assert not leftovers(out)


def started(study: Path, out: Path, limit: str = "") -> subprocess.Popen[str]:
    """Start a run in a process of its own that says when it is about to write."""
    code = f"""
        import signal, sys
        # A build may start its jobs with the interrupt ignored, and children inherit that.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        {limit}
        from analyses import load_study, run
        def told(step, number, total):
            if step == "writing":
                print("writing", flush=True)
                {"sys.stdin.readline()" if not limit else "pass"}
        try:
            run(load_study({str(study)!r}), {str(out)!r}, progress=told)
        except OSError as error:
            print("OSError:", error)
            sys.exit(3)
        except KeyboardInterrupt:
            sys.exit(130)
    """
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_killed_leaves_the_earlier_results(
    results: Results, made: Path, tmp_path: Path, number: signal.Signals
) -> None:
    out = Path(shutil.copytree(results.folder, tmp_path / "results"))
    with started(made / "study", out) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        process.send_signal(number)
        process.wait(timeout=60)
    assert Results.load(out).effects.equals(results.effects)
    assert bool(leftovers(out)) is (number == signal.SIGKILL)


@pytest.mark.skipif(sys.platform == "win32", reason="file limits are those of POSIX")
def test_a_full_disk_is_said_and_leaves_the_earlier_results(
    results: Results, made: Path, tmp_path: Path
) -> None:
    out = Path(shutil.copytree(results.folder, tmp_path / "results"))
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))"
    with started(made / "study", out, limit) as process:
        said, _ = process.communicate(timeout=120)
    assert process.returncode == 3
    assert "the results cannot be written to" in said
    assert "Close the programs that have its files open" in said
    assert Results.load(out).effects.equals(results.effects)


def test_the_log_and_manifest_are_text_without_absolute_paths(
    results: Results, made: Path
) -> None:
    for name in ("run.log", "manifest.json"):
        assert str(made) not in (results.folder / name).read_text(encoding="utf-8")
    assert results.manifest["log"] == sha256_of(results.folder / "run.log")
