"""A results folder is known by what its manifest vouches for, not by a file's name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyses.results.ownership import (
    MANIFEST,
    is_sealed,
    listed,
    manifest_of,
    names_of_others,
    sealed,
    sha256_of,
    written_by_run,
)

PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
)
VALUES = PLAIN | st.lists(PLAIN, max_size=3)
FACTS = st.dictionaries(st.text(max_size=3), VALUES, max_size=3)
QUICK = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(FACTS)
def test_a_seal_holds_through_any_way_of_writing_the_same(facts: dict[str, object]) -> None:
    written = json.loads(json.dumps(sealed(facts), indent=3, ensure_ascii=True))
    shuffled = dict(sorted(written.items(), reverse=True))
    assert is_sealed(shuffled)
    assert sealed(shuffled) == sealed(facts)


@QUICK
@given(FACTS, st.text(max_size=3), VALUES)
def test_a_seal_breaks_with_any_change(
    facts: dict[str, object], name: str, value: object
) -> None:
    whole = sealed(facts)
    changed = {**whole, name: value}
    same = json.dumps(changed, sort_keys=True) == json.dumps(whole, sort_keys=True)
    assert is_sealed(changed) == same


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "effects.csv").write_text("1")
    (tmp_path / "run.log").write_text("log")
    outputs = {"effects.csv": sha256_of(tmp_path / "effects.csv")}
    log = sha256_of(tmp_path / "run.log")
    facts = {"enplan_version": "0.1.0", "schema": 5, "outputs": outputs, "log": log}
    content = sealed(facts)
    (tmp_path / MANIFEST).write_text(json.dumps(content))
    return tmp_path


def test_what_a_run_wrote_is_known_and_the_rest_is_of_others(folder: Path) -> None:
    assert written_by_run(folder) == {"effects.csv", "run.log", MANIFEST}
    assert names_of_others(folder) == ()
    (folder / "notes.md").touch()
    (folder / "effects.csv").write_text("2")
    assert names_of_others(folder) == ("notes.md",)
    assert written_by_run(folder) == {"run.log", MANIFEST}
    (folder / "run.log").write_text("log, and what I think of it")
    assert written_by_run(folder) == {MANIFEST}
    assert names_of_others(folder) == ("notes.md",)


def test_a_log_of_which_no_hash_is_known_is_a_runs(folder: Path) -> None:
    content = json.loads((folder / MANIFEST).read_text())
    del content["log"]
    (folder / MANIFEST).write_text(json.dumps(sealed(content)))
    (folder / "run.log").write_text("anything")
    assert "run.log" in written_by_run(folder)


def test_an_edited_manifest_is_no_longer_what_a_run_wrote(folder: Path) -> None:
    content = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**content, "level": 0.9}))
    assert manifest_of(folder) is not None
    assert MANIFEST not in written_by_run(folder)


def test_many_names_are_cut_short() -> None:
    assert listed(("a", "b")) == "a, b"
    assert listed(tuple("abcdefg")) == "a, b, c, d, e and 2 more"
