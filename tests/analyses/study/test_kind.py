"""A study says what kind it is and whom it speaks of, or is told the lines to add."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyses import check, load_study, run
from analyses.study.sections import DESIGNS
from data_dictionary.errors import DataError, DesignError

DESIGN = 'design = "observational"\n'
NOUN = '{ singular = "a", plural = "b", definite = "c" }'
WORDS = "\n[study.words]\n"


def words_of(template: str) -> str:
    start = template.index("[study.words]")
    return template[start : template.index("[[data", start)]


def test_a_study_file_says_its_kind_and_its_words(read) -> None:
    study = read((DESIGN, 'design = "randomised"\n'))
    assert study.design == "randomised"
    assert study.words.unit.plural == "borgere"
    assert study.words.treated.definite == "deltagerne"


def test_without_a_kind_every_kind_is_offered_with_what_it_means(refused) -> None:
    (told,) = refused((DESIGN, ""))
    for name, meaning in DESIGNS.items():
        assert f'design = "{name}"   # {meaning}' in told


def test_differences_are_refused_by_name_as_not_built_yet(refused) -> None:
    (told,) = refused((DESIGN, 'design = "differences"\n'))
    assert told.startswith("[study]: design = 'differences' is not built yet")


def test_a_misspelt_kind_gets_the_nearest(refused) -> None:
    (told,) = refused((DESIGN, 'design = "randomized"\n'))
    assert "Did you mean 'randomised'?" in told


def test_words_that_are_missing_are_told_as_lines_to_change(refused, template: str) -> None:
    (told,) = refused((words_of(template), ""))
    assert told.startswith("[study.words]: treated, comparison, unit missing")
    assert told.count(" = { singular = ") == 3
    (told,) = refused((words_of(template), f"[study.words]\nunit = {NOUN}\ntreated = {NOUN}\n"))
    assert "[study.words]: comparison missing" in told


def test_a_noun_has_all_of_its_forms(refused) -> None:
    (told,) = refused((', definite = "borgerne"', ""))
    assert told.startswith("[study.words.unit]: 'definite' is missing")


@pytest.fixture
def before_after(tmp_path: Path) -> Path:
    (tmp_path / "staff.csv").write_text("staff_id;municipality\n", encoding="utf-8")
    text = (
        f'[study]\nname = "b"\ntitle = "B"\ndictionary = "enplan"\nseed = 1\n'
        f'design = "before_after"\n[study.words]\nunit = {NOUN}\n'
        '[[data.staff]]\nfile = "staff.csv"\nwave = 1\n'
        '[[data.staff]]\nfile = "staff.csv"\nwave = 2\n'
        '[[shares]]\ntable = "staff"\nscales = ["continuity"]\nagree = [4, 5]\n'
    )
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_study_before_and_after_has_no_arms(before_after: Path) -> None:
    study = load_study(before_after)
    assert (study.design, study.outcomes, study.cohort) == ("before_after", (), None)
    assert study.words.treated is None


def test_the_files_of_a_study_before_and_after_are_checked_like_any(before_after: Path) -> None:
    study = load_study(before_after)
    assert any("has no rows" in violation for violation in check(study))
    with pytest.raises(DataError, match="has no rows"):
        run(study, before_after / "results")


def test_arms_in_a_study_before_and_after_are_refused_by_section(before_after: Path) -> None:
    file = before_after / "study.toml"
    text = file.read_text(encoding="utf-8").replace("unit =", f"treated = {NOUN}\nunit =")
    file.write_text(f'{text}[cohort]\ntreatment = "x"\n[[outcome]]\nname = "a"\n')
    with pytest.raises(DesignError) as caught:
        load_study(before_after)
    told = str(caught.value).splitlines()[1:]
    assert told == [
        "  - [study.words]: treated: a study before and after has one group",
        "  - [cohort]: a study before and after compares nobody; leave the section out",
        "  - [outcome]: a study before and after compares nobody; leave the section out",
    ]


def test_without_kind_and_without_arms_only_the_kind_is_asked_for(before_after: Path) -> None:
    file = before_after / "study.toml"
    file.write_text(file.read_text().replace('design = "before_after"\n', ""))
    with pytest.raises(DesignError) as caught:
        load_study(before_after)
    assert "[cohort]" not in str(caught.value)
    assert "'design' is missing" in str(caught.value)
