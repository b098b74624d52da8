"""Every command: exit statuses, messages, interruptions, encodings."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import typer

from data_dictionary.errors import CareWarning, DesignError, RenderError
from reports.cli import main
from reports.cli.door import command

HEAVY = ("lifelines", "matplotlib", "nbclient", "numba", "scipy", "statsmodels", "yaml")
ROOT = Path(__file__).parents[3]
CPR = "010170-1235"


def enplan(
    *arguments: str, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    command = [sys.executable, "-m", "reports", *arguments]
    return subprocess.run(
        command,
        capture_output=True,
        check=False,
        cwd=cwd,
        env=os.environ | environment,
        timeout=120,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["rnder"],
        ["run"],
        ["run", "x"],
        ["demo", "--persons", "mange"],
        ["demo", "--persons", "0"],
        ["render", "x", "--out", "y", "--to", "html,odt"],
        ["render", "x", "--out", "y", "--engine", "latex"],
        ["run", "x", "--out", "y", "--data", "citizen"],
        ["dictionary", "draft"],
        ["synthesize", "nowhere", "--scenario", "mesured"],
        ["synthesize", "nowhere", "--persons", "20"],
    ],
)
def test_wrong_command_line_is_status_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "{tmp}/none"], "study file cannot be read"),
        (["run", "{tmp}/none", "--out", "{tmp}/out"], "study file cannot be read"),
        (["render", "{tmp}", "--out", "{tmp}/out"], "is not a results folder"),
        (["dictionary", "show", "citzen"], "Did you mean 'citizen'?"),
    ],
)
def test_what_is_refused_is_status_1_with_a_message(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([item.replace("{tmp}", str(tmp_path)) for item in arguments]) == 1
    error = capsys.readouterr().err
    assert error.startswith("enplan: ")
    assert message in error
    assert "Traceback" not in error


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (DesignError("study.toml: seed is missing"), 1, "study.toml: seed is missing"),
        (RenderError("Install Quarto 1.9"), 3, "Install Quarto 1.9"),
        (MemoryError(), 3, "memory"),
        (OSError(13, "Permission denied", "w1.sav"), 3, "w1.sav: Permission denied"),
        (OSError(13, "Permission denied", f"{CPR}.sav"), 3, ".sav: Permission denied"),
    ],
)
def test_an_error_that_a_user_can_mend_is_a_message_and_a_status(
    error: Exception, status: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> None:
        raise error

    with pytest.raises(typer.Exit) as left:
        command(fails)()
    assert left.value.exit_code == status
    said = capsys.readouterr().err
    assert said.startswith("enplan: ")
    assert told in said
    assert "internal error" not in said
    assert CPR not in said


def test_what_we_warn_of_is_a_line_and_what_libraries_warn_of_is_not_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def warns() -> None:
        for _ in range(2):
            warnings.warn("the arms are small", CareWarning, stacklevel=1)
            warnings.warn("of a library", FutureWarning, stacklevel=1)

    command(warns)()
    assert capsys.readouterr().err == "note: the arms are small\n" * 2


def test_folder_that_cannot_be_written_is_status_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert main(["synthesize", str(tmp_path / "file" / "study"), "--persons", "600"]) == 3
    said = capsys.readouterr().err
    assert "file" in said
    assert "internal error" not in said
    assert "Traceback" not in said


@pytest.mark.skipif(os.name == "nt", reason="no such signals for another process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interruption_is_status_130_with_a_message_and_leaves_nothing(
    number: signal.Signals, tmp_path: Path
) -> None:
    # A build may start its jobs with the interrupt ignored, and children inherit that.
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "import surveys; from reports.__main__ import main; made = surveys.synthesize\n"
        "def synthesize(*args, **kwargs):\n"
        "    print('working', flush=True)\n"
        "    return made(*args, **kwargs)\n"
        "surveys.synthesize = synthesize; sys.exit(main())"
    )
    command = [sys.executable, "-c", code, "synthesize", str(tmp_path / "s")]
    (tmp_path / "scratch").mkdir()
    process = subprocess.Popen(
        [*command, "--persons", "500000"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"TMPDIR": str(tmp_path / "scratch")},
    )
    assert process.stdout is not None
    assert process.stdout.readline().split() == [b"working"]
    process.send_signal(number)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"interrupted" in error
    assert b"Traceback" not in error
    assert [path.name for path in tmp_path.rglob("*")] == ["scratch"]


@pytest.mark.parametrize("library", ["typer", "pandas", "surveys"])
@pytest.mark.parametrize(
    "code",
    [
        "raise KeyboardInterrupt",
        "try:\n    raise KeyboardInterrupt\nexcept BaseException:\n    raise ImportError('x')",
    ],
)
def test_an_interruption_while_libraries_load_is_one_too(
    library: str, code: str, tmp_path: Path
) -> None:
    (tmp_path / f"{library}.py").write_text(code)
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    done = enplan("synthesize", str(tmp_path / "out"), PYTHONPATH=path, cwd=tmp_path)
    assert done.returncode == 130
    assert done.stderr.startswith(b"enplan: interrupted")
    assert b"Traceback" not in done.stderr


def test_an_error_of_ours_is_named_by_its_place_and_written_down_without_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ValueError("Birgitte".swapcase(), "010170-1235")

    monkeypatch.setattr("surveys.synthesize", fails)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert main(["synthesize", str(tmp_path / "out")]) == 3
    said = capsys.readouterr().err
    (file,) = tmp_path.glob("enplan-error-*.txt")
    assert str(file) in said
    assert "ValueError in test_door.py" in said
    written = file.read_text(encoding="utf-8")
    assert "in fails:" in written
    assert "reports/cli/studies.py" in written
    assert str(ROOT) not in written
    assert not any(word in said + written for word in ("bIRGITTE", "010170-1235", "Traceback"))
    assert os.name == "nt" or file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", CPR],
        ["run", CPR, "--out", "x"],
        [CPR],
        ["demo", "--persons", CPR],
        ["synthesize", "x", "--scenario", CPR],
        ["render", CPR, "--out", "x"],
        ["render", "x", "--out", "y", "--to", CPR],
        ["run", "nsw", "--out", "x", "--data", f"{CPR}=y"],
        ["run", "nsw", "--out", "x", "--data", f"persons={CPR}.csv"],
        ["dictionary", "show", CPR],
        ["pseudonymise", CPR, "--column", CPR, "--key", CPR, "--out", CPR],
        ["pseudonymise", "{csv}", "--column", CPR, "--key", "{key}", "--out", "{out}"],
    ],
)
def test_what_looks_like_a_cpr_number_is_never_repeated(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "safe").mkdir()
    (tmp_path / "safe" / "key").write_text("4f1d0c9a8b7e6d5c4b3a29181706f5e4")
    (tmp_path / "a.csv").write_text("x;y\n1;2\n")
    places = {"csv": tmp_path / "a.csv", "key": tmp_path / "safe" / "key"}
    places["out"] = tmp_path / "o" / "b.csv"
    filled = [item.format(**places) if "{" in item else item for item in arguments]
    assert main(filled) in (1, 2, 3)
    said = capsys.readouterr()
    assert "1235" not in said.out + said.err


def test_danish_letters_survive_a_windows_console() -> None:
    done = enplan("dictionary", "show", "population", PYTHONIOENCODING="cp1252")
    assert done.returncode == 0
    assert "Målgruppe" in done.stdout.decode("cp1252")


def test_letter_that_a_console_lacks_does_not_stop_the_command() -> None:
    done = enplan("dictionary", "show", "population", PYTHONIOENCODING="iso8859-8")
    assert done.returncode == 0
    assert b"?" in done.stdout


def test_help_does_not_wait_for_heavy_libraries() -> None:
    code = (
        "import json, sys; from reports.cli import main; main(['--help']);"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert b"synthesize" in done.stdout
    assert not set(HEAVY) & set(json.loads(done.stderr))


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("enplan")


def test_a_shell_completes_commands() -> None:
    words = {"_ENPLAN_COMPLETE": "complete_bash", "COMP_WORDS": "enplan ch", "COMP_CWORD": "1"}
    assert enplan(**words).stdout.split() == [b"check"]
