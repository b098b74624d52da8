"""A plan is locked once; what is changed later is told, and what is added claims nothing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from analyses import Study
from analyses.results.lock import LOCK_FILE, Deviation, clause_lines, lock, lock_faults, locked
from analyses.study.read import SHIPPED
from data_dictionary.errors import DataError, DesignError


@pytest.fixture
def file(study: Study, tmp_path: Path) -> Path:
    """Return a study file in a folder of its own."""
    return Path(shutil.copy(study.path, tmp_path / "study.toml"))


def edited(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_what_is_not_locked_has_no_lock(file: Path) -> None:
    assert locked(file) is None


def test_a_plan_that_was_kept_deviates_nowhere(file: Path) -> None:
    assert lock(file, by="A. Hansen") == file.with_name(LOCK_FILE)
    facts = locked(file)
    assert facts is not None
    assert (facts.by, facts.deviations) == ("A. Hansen", ())
    assert facts.standing("employment") == "as_locked"


def test_words_and_files_may_change(file: Path) -> None:
    lock(file, by="A")
    edited(file, "[report]\n", '[report]\nsource = "Egne tal"\n')
    assert locked(file).deviations == ()  # type: ignore[union-attr]


def test_every_key_that_was_changed_is_told_with_both_values(file: Path) -> None:
    lock(file, by="A")
    edited(file, "horizon_weeks = 104", "horizon_weeks = 78")
    edited(file, "[comparison]\n", "[comparison]\norder = 'largest'\n")
    facts = locked(file)
    assert facts is not None
    assert set(facts.deviations) == {
        Deviation(where="outcome.employment.horizon_weeks", locked="104", now="78"),
        Deviation(where="comparison.order", locked=None, now='"largest"'),
    }
    assert facts.standing("employment") == "changed"
    assert facts.standing("relation") == "as_locked"


def test_an_outcome_that_was_added_is_exploratory_or_refused(file: Path, study: Study) -> None:
    text = file.read_text(encoding="utf-8")
    edited(file, 'name = "relation"', 'name = "else"')
    lock(file, by="A")
    file.write_text(text, encoding="utf-8")
    here = replace(study, path=file)
    facts = locked(file)
    assert facts is not None
    assert facts.standing("relation") == "added"
    (told,) = lock_faults(here)
    assert "[[outcome]] relation: is not in the plan" in told
    assert 'role = "exploratory"' in told
    roles = tuple(
        replace(one, role="exploratory") if one.name == "relation" else one
        for one in here.outcomes
    )
    assert list(lock_faults(replace(here, outcomes=roles))) == []


def test_a_plan_is_locked_once(file: Path) -> None:
    before = lock(file, by="A").read_bytes()
    with pytest.raises(DesignError, match=r"was locked at .* by A\. A plan is locked once"):
        lock(file, by="B")
    assert file.with_name(LOCK_FILE).read_bytes() == before


def test_a_shipped_study_is_not_locked() -> None:
    with pytest.raises(DesignError, match="comes with the package"):
        lock("nsw", by="A")
    assert not list(SHIPPED.rglob(LOCK_FILE))


@pytest.mark.parametrize(
    ("old", "new"), [('"104"', '"78"'), ('"by": "A"', '"by": "B"'), ("{", "")]
)
def test_a_lock_that_was_edited_is_refused(
    file: Path, study: Study, old: str, new: str
) -> None:
    made = lock(file, by="A")
    edited(made, old, new)
    with pytest.raises(DataError, match=LOCK_FILE):
        locked(file)
    (told,) = lock_faults(replace(study, path=file))
    assert LOCK_FILE in told


def test_the_lines_of_each_outcome_are_found(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    found = clause_lines(file)
    assert list(found) == ["employment", "relation", "goal_support", "who5"]
    for name, (first, last) in found.items():
        own = lines[first - 1 : last]
        assert own[0] == "[[outcome]]"
        assert f'name = "{name}"' in own
        assert sum(line.startswith("[[") for line in own) == 1
        assert own[-1].strip()
