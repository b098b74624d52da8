"""What a machine lacks is told part by part, with what to do; a sound one is said to be so."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from reports import diagnosis
from reports.cli import main
from surveys.files.placing import RECORD


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the scratch place of the system, which is empty."""
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    return place


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be started."""

    def nothing() -> Iterator[diagnosis.Finding]:
        yield from ()

    monkeypatch.setattr(diagnosis, "_engine", nothing)


def told(out: str) -> dict[str, str]:
    """Return the states by what was looked at."""
    return {line[6:].partition(":")[0]: line[:6].strip() for line in out.splitlines()}


def test_every_part_is_started_and_a_sound_machine_has_status_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert {"Pandoc", "Typst", "Python kernel", "Quarto", "fonts"} <= set(told(out))
    assert set(told(out).values()) == {"ok"}
    assert "none is needed" in out or "not needed" in out


@pytest.mark.usefixtures("quick")
def test_what_is_wrong_is_told_with_a_remedy_and_status_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=10**8))
    monkeypatch.setattr(
        shutil, "disk_usage", lambda _: SimpleNamespace(total=1, used=1, free=10**6)
    )
    broken = tmp_path / "_extensions" / "vive" / "fonts"
    broken.mkdir(parents=True)
    (broken / "A.ttf").write_text("no font")
    monkeypatch.setattr(diagnosis, "PROJECT", tmp_path)
    monkeypatch.setattr(diagnosis, "metadata", lambda _: _Told({"Requires-Python": ">=3.99"}))
    assert main(["doctor", str(tmp_path / "none")]) == 3
    shown = capsys.readouterr()
    wrong = [line for line in shown.out.splitlines() if line.startswith("wrong")]
    assert {line[6:].partition(":")[0] for line in wrong} == {
        "Python", "numpy", "nowhere", "this folder", "scratch", "memory", "fonts",
    }  # fmt: skip
    assert all(" -> " in line for line in wrong)
    assert "damaged: A.ttf" in shown.out
    assert "7 thing(s) to mend" in shown.err


class _Told(dict[str, str]):
    """What a package says of itself."""

    def get_all(self, _: str) -> list[str]:
        return ["numpy>=99,<100", "nowhere>=1", "pandas>=2.2,<3", 'pytest>=99; extra == "dev"']


def test_a_part_that_does_not_start_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pypandoc.get_pandoc_path", lambda: "/nowhere/pandoc")
    monkeypatch.setattr("reports.engines.builtin.execute.execute", lambda *_, **__: None)
    found = [*diagnosis._engine()]
    assert [(one.state, one.what) for one in found] == [
        ("wrong", "Pandoc"),
        ("ok", "Python kernel"),
    ]
    assert "--force-reinstall pypandoc_binary" in found[0].remedy


@pytest.mark.usefixtures("quick")
def test_leftovers_with_persons_are_listed_and_change_no_status(
    tmp_path: Path, scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dead = scratch / "enplan-dead"
    dead.mkdir()
    (dead / ".enplan-lock").touch()
    os.utime(dead / ".enplan-lock", (time.time() - 60,) * 2)
    (scratch / "enplan-mine").mkdir()
    (tmp_path / RECORD).write_text('{"step": "copying"}')
    assert main(["doctor", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert f"{dead} may hold persons' data -> enplan clean" in out
    assert "half placed" in out
    assert "enplan-mine" not in out
