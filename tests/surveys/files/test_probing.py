"""A file over which the library dies is refused, and this process lives on."""

from __future__ import annotations

from pathlib import Path

import pytest

import surveys
from data_dictionary.errors import DataError
from surveys.files import probing
from surveys.files.probing import is_harmless
from surveys.files.read_stat import prepare

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture
def deadly(tmp_path: Path) -> Path:
    """Return a file whose one changed byte, a format that is none, ends pyreadstat 1.3.7."""
    content = bytearray((DATA / "pyreadstat_missing_char.sav").read_bytes())
    content[230] = 0o217
    path = tmp_path / "deadly.sav"
    path.write_bytes(content)
    return path


def test_a_deadly_file_is_refused_and_the_next_one_read(deadly: Path) -> None:
    with pytest.raises(DataError, match=r"deadly\.sav: cannot be read as SPSS"):
        surveys.read(deadly)
    assert len(surveys.read(DATA / "sleep.sav").frame) > 0


def test_a_file_that_takes_for_ever_is_harmful(monkeypatch: pytest.MonkeyPatch) -> None:
    probing._stop()
    endless = "import time; print('ready', flush=True); time.sleep(60)"
    monkeypatch.setattr(probing, "_HELPER", endless)
    monkeypatch.setattr(probing, "_SECONDS", 0.2)
    assert not is_harmless(DATA / "survey.sav", "read_sav", {})
    monkeypatch.undo()
    assert is_harmless(DATA / "survey.sav", "read_sav", {})


def test_one_process_does_for_many_files() -> None:
    assert is_harmless(DATA / "sleep.sav", "read_sav", {})
    helpers = list(probing._running)
    assert is_harmless(DATA / "survey.sav", "read_sav", {})
    assert is_harmless(DATA / "sleep.sav", "read_dta", {})  # cannot be read, but harms nobody
    assert probing._running == helpers


def test_where_no_second_process_can_be_had_files_are_read_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    probing._stop()
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    assert len(surveys.read(DATA / "sleep.sav").frame) > 0


@pytest.mark.parametrize(
    ("name", "reader"),
    [("sleep.sav", "read_sav"), ("pyreadstat_sample.dta", "read_dta"),
     ("pyreadstat_sample.sas7bdat", "read_sas7bdat"), ("pyreadstat_sample.xpt", "read_xport"),
     ("pyreadstat_sample.por", "read_por"), ("pyreadstat_sample.zsav", "read_sav")],
)  # fmt: skip
def test_of_a_large_file_the_head_is_tried(
    name: str, reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyreadstat

    monkeypatch.setattr(probing, "_LARGE", 0)
    assert is_harmless(DATA / name, reader, {})
    getattr(pyreadstat, reader)(DATA / name, output_format="dict", row_limit=2)


def test_the_process_may_be_started_before_it_is_needed() -> None:
    probing._stop()
    prepare([Path("a.csv"), Path("b.xlsx")])
    assert not probing._running
    prepare([Path("a.csv"), Path("b.sav")])
    (helper,) = probing._running
    assert is_harmless(DATA / "sleep.sav", "read_sav", {})
    assert probing._running == [helper]
