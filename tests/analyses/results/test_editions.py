"""Two editions that differ by few persons tell of them; the second is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyses import Study
from analyses.results.editions import FOLDER, KEY, Editions, _members
from analyses.results.ownership import MANIFEST, sealed
from data_dictionary.errors import DesignError
from evaluation.disclosure.sizes import Who
from surveys.synthetic.earlier import set_apart

EVERYBODY: Who = frozenset(f"p{k}" for k in range(40))
CELLS: dict[str, Who] = {"effects job n_treated": EVERYBODY}


@pytest.fixture
def home(study: Study, tmp_path: Path) -> Study:
    """Return a study with its file and data in a folder of their own."""
    data = tmp_path / "data"
    data.mkdir()
    files = (replace(study.files[0], path=data / "persons.csv"),)
    return replace(study, path=tmp_path / "study.toml", files=files)


def publish(study: Study, out: Path, cells: Mapping[str, Who], **facts: object) -> None:
    """Let results stand in a folder, with who stood behind them beside the data."""
    out.mkdir()
    made = {"enplan_version": "1", "schema": 6, "outputs": {}, "study": {"name": study.name}}
    made |= {"disclosure": {"min_cell": 5}, "started": str(out), **facts}
    (out / MANIFEST).write_text(json.dumps(sealed(made)), encoding="utf-8")
    Editions.of(study, study).keep(cells, out)


def without(n: int, more: int = 0) -> Mapping[str, Who]:
    new = frozenset(f"q{k}" for k in range(more))
    return {"effects job n_treated": frozenset(sorted(EVERYBODY)[n:]) | new}


@pytest.mark.parametrize("suffix", ["", ".previous"])
@pytest.mark.parametrize(
    ("leave", "enter", "is_refused"),
    [(0, 0, False), (1, 0, True), (4, 4, True), (0, 4, True), (5, 0, False), (9, 9, False)],
)
def test_few_who_enter_or_leave_refuse_an_edition(
    home: Study, tmp_path: Path, suffix: str, leave: int, enter: int, is_refused: bool
) -> None:
    publish(home, tmp_path / f"out{suffix}", CELLS)
    editions = Editions.of(home, home)
    if not is_refused:
        editions.require_distance(without(leave, enter), tmp_path / "out")
        return
    with pytest.raises(DesignError, match="1 to 4 persons entered or left 1 of the numbers"):
        editions.require_distance(without(leave, enter), tmp_path / "out")


def test_two_editions_that_lie_as_close_are_refused_in_one_sentence(
    home: Study, tmp_path: Path
) -> None:
    for suffix in (".previous", ""):
        publish(home, tmp_path / f"out{suffix}", CELLS)
    with pytest.raises(DesignError) as refusal:
        Editions.of(home, home).require_distance(without(1), tmp_path / "out")
    said = str(refusal.value)
    both = f"{tmp_path / 'out'} and {tmp_path / 'out'}.previous were published before"
    assert said.startswith(f"{both}, and since then 1 to 4 persons entered or left 1 of")
    assert said.count("Who holds both editions") == 1
    for path in (tmp_path / "data" / FOLDER).glob("*.npz"):
        path.unlink()
    with pytest.raises(DesignError) as refusal:
        Editions.of(home, home).require_distance(without(1), tmp_path / "out")
    said = str(refusal.value)
    assert said.startswith(both)
    assert said.count("Bring that folder along") == 1


def test_what_is_listed_counts_wherever_the_results_go(home: Study, tmp_path: Path) -> None:
    publish(home, tmp_path / "spring", CELLS)
    named = replace(home, disclosure=replace(home.disclosure, published=("spring",)))
    Editions.of(home, home).require_distance(without(2), tmp_path / "out")
    with pytest.raises(DesignError, match="effects job n_treated"):
        Editions.of(named, named).require_distance(without(2), tmp_path / "out")


def test_a_number_that_was_not_published_before_is_not_compared(
    home: Study, tmp_path: Path
) -> None:
    publish(home, tmp_path / "out", CELLS)
    some = frozenset(sorted(EVERYBODY)[1:])
    for cell in ("flow job n", "effects job n_comparison"):
        Editions.of(home, home).require_distance({cell: some}, tmp_path / "out")


@pytest.mark.parametrize(("leave", "is_refused"), [(0, False), (1, True), (5, False)])
def test_a_number_of_another_name_is_compared_with_all_of_its_kind(
    home: Study, tmp_path: Path, leave: int, is_refused: bool
) -> None:
    publish(home, tmp_path / "out", CELLS | {"effects other n_treated": frozenset({"p1"})})
    new = {"effects renamed n_treated #2": frozenset(sorted(EVERYBODY)[leave:])}
    editions = Editions.of(home, home)
    if is_refused:
        with pytest.raises(DesignError, match="effects renamed"):
            editions.require_distance(new, tmp_path / "out")
    else:
        editions.require_distance(new, tmp_path / "out")


def test_results_whose_persons_are_not_known_are_refused(home: Study, tmp_path: Path) -> None:
    publish(home, tmp_path / "out", CELLS)
    for path in (tmp_path / "data" / FOLDER).glob("*.npz"):
        path.unlink()
    editions = Editions.of(home, home)
    with pytest.raises(DesignError, match="not kept beside"):
        editions.require_distance(CELLS, tmp_path / "out")
    other = replace(home, name="another")
    Editions.of(other, other).require_distance(CELLS, tmp_path / "out")


def test_a_lost_secret_is_as_a_lost_membership(home: Study, tmp_path: Path) -> None:
    publish(home, tmp_path / "out", CELLS)
    (tmp_path / "data" / FOLDER / KEY).unlink()
    with pytest.raises(DesignError, match="not kept beside"):
        Editions.of(home, home).require_distance(CELLS, tmp_path / "out")


def test_persons_who_are_drawn_anew_are_no_second_edition(home: Study, tmp_path: Path) -> None:
    publish(home, tmp_path / "out", CELLS)
    set_apart(tmp_path / "data")
    Editions.of(home, home).require_distance(without(1), tmp_path / "out")


def test_results_that_were_moved_away_are_compared_with_nothing(
    home: Study, tmp_path: Path
) -> None:
    publish(home, tmp_path / "out", CELLS)
    (tmp_path / "out").rename(tmp_path / "elsewhere")
    Editions.of(home, home).require_distance(without(1), tmp_path / "out")


def test_public_data_are_compared_with_nothing(home: Study, tmp_path: Path) -> None:
    publish(home, tmp_path / "out", CELLS, disclosure={"min_cell": 1})
    Editions.of(home, home).require_distance(without(1), tmp_path / "out")


def test_a_listed_folder_must_hold_results(home: Study, tmp_path: Path) -> None:
    (tmp_path / "spring").mkdir()
    named = replace(home, disclosure=replace(home.disclosure, published=("spring",)))
    with pytest.raises(DesignError, match="is no results folder"):
        Editions.of(named, named).require_distance(CELLS, tmp_path / "out")


def test_data_that_are_replaced_are_compared_by_the_declared_ones(
    home: Study, tmp_path: Path
) -> None:
    publish(home, tmp_path / "out", CELLS)
    (tmp_path / "elsewhere").mkdir()
    file = replace(home.files[0], path=tmp_path / "elsewhere" / "persons.csv")
    moved = replace(home, files=(file,))
    with pytest.raises(DesignError, match="1 to 4 persons"):
        Editions.of(moved, home).require_distance(without(1), tmp_path / "out")


def test_no_key_of_a_person_is_kept_and_nothing_in_the_results(
    home: Study, tmp_path: Path
) -> None:
    publish(home, tmp_path / "out", CELLS)
    assert [path.name for path in (tmp_path / "out").iterdir()] == [MANIFEST]
    kept = list((tmp_path / "data" / FOLDER).iterdir())
    for path in kept:
        assert b"p12" not in path.read_bytes()
        assert path.name == ".gitignore" or path.stat().st_mode & 0o077 == 0


@given(
    groups=st.dictionaries(
        st.text(min_size=1), st.frozensets(st.integers(0, 30)), min_size=1, max_size=6
    )
)
def test_members_hold_the_groups(groups: dict[str, Who]) -> None:
    made = _members(groups, b"secret")
    for cell, group in groups.items():
        assert made.bits(made.cells[cell]).sum() == len(group)
