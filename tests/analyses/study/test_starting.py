"""A study file to begin with is one that a check understands, and says what is to decide."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from analyses import load_study
from analyses.outcomes.kinds import KINDS
from analyses.study.sections import DESIGNS, About, Disclosure, StudyDesign
from analyses.study.starting import Start, left_to_decide, study_text
from data_dictionary import load
from data_dictionary.schema import keys_of
from tests.small_study import write_study

FILES = (
    ("people", None, "people.csv"),
    ("answers", 1, "wave1.csv"),
    ("answers", 2, "wave2.csv"),
    ("spells", None, "spells.csv"),
)
SURVEY = FILES[:3]


def made(folder: Path, design: StudyDesign, **known: str) -> Path:
    """Return the folder of a study begun with the small study's files."""
    write_study(folder, "")
    files = FILES if design in ("observational", "randomised") else SURVEY
    start = Start(name="x", design=design, words=load(folder / "words"), files=files, **known)
    (folder / "study.toml").write_text(study_text(start), encoding="utf-8")
    return folder


@pytest.mark.parametrize("design", ["before_after", "description"])
def test_one_group_needs_no_more_to_be_checked(tmp_path: Path, design: StudyDesign) -> None:
    study = load_study(made(tmp_path, design))
    assert study.design == design
    assert len(study.shares) == (design == "before_after")


@pytest.mark.parametrize("design", ["observational", "randomised"])
def test_a_comparison_with_its_arms_lacks_only_what_it_marks(
    tmp_path: Path, design: StudyDesign
) -> None:
    folder = made(tmp_path, design, treatment="programme", unit="person_id")
    told = tomllib.loads((folder / "study.toml").read_text("utf-8"))
    assert [one["kind"] for one in told["outcome"]] == ["time", "score"]
    assert "programme" not in told["comparison"]["covariates"]
    left = left_to_decide(folder / "study.toml")
    with pytest.raises(Exception, match="mistake") as refusal:
        load_study(folder)
    # Each key that the check misses is marked in the file.
    for line in str(refusal.value).split("\n  - ")[1:]:
        key = line.partition("'")[2].partition("'")[0]
        assert any(f": {key}: " in one for one in left), line


def test_keys_have_their_declared_meanings_and_defaults(tmp_path: Path) -> None:
    text = (made(tmp_path, "description") / "study.toml").read_text("utf-8")
    plain = " ".join(text.replace("\n# ", " ").split())
    for section in (About, Disclosure):
        for name, one in keys_of(section).items():
            # A section of its own says what its keys mean.
            assert name == "words" or (one.meaning in plain and f"{name} = " in text)
    assert text.startswith("#:schema ./study.schema.json\n")


def test_what_is_undecided_is_told_in_order_and_the_same_together(tmp_path: Path) -> None:
    folder = made(tmp_path, "description")
    table = folder / "words" / "people.toml"
    table.write_text(
        table.read_text("utf-8").replace('label = "Alder"', 'label = "Alder"   # decide: so?')
        + '# unit =   # decide: so?\n# decide: all of it\n# [x] = "y"   # decide: later\n',
        "utf-8",
    )
    left = left_to_decide(folder / "study.toml")
    assert [one.split(",")[0] for one in left] == ["study.toml"] * 2 + ["words/people.toml"] * 3
    assert left[0].endswith("title: what the report is called")
    assert left[-1].endswith(": all of it")
    table.write_text("[columns.a]\n" + 'label = "a"   # decide: so?\n' * 5, "utf-8")
    assert left_to_decide(folder / "study.toml")[-1] == (
        "words/people.toml, lines 2, 3, 4 and 2 more: label: so?"
    )


def test_every_kind_of_register_and_design_has_its_sections() -> None:
    assert {kind.register for kind in KINDS} - {None} == {
        "weekly_register", "monthly_hours", "spells",
    }  # fmt: skip
    words = load("enplan")
    files = tuple((name, None, f"{name}.csv") for name in ("population", "dream", "cases"))
    for design in DESIGNS:
        told = study_text(Start(name="x", design=design, words=words, files=files))
        tomllib.loads(told)
        assert ("[cohort.time_zero]" in told) == (design in ("observational", "randomised"))
