"""Every text that names something is looked up, whatever section it stands in."""

from __future__ import annotations

import pytest

from analyses.study.references import GENERATED, known_columns, statuses_of, tables_of
from data_dictionary import load


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('unit = "person_id"', 'unit = "person"', "[cohort] unit: 'person' is not a column."),
        (
            'consented = "consented"',
            'consented = "consent"',
            "[cohort] stages: 'consent' is not a column. Did you mean 'consented'?",
        ),
        (
            'start = "start_date"',
            'start = "start_dat"',
            "[cohort.time_zero] start: 'start_dat' is not a column. Did you mean 'start_date'?",
        ),
        (
            'exposure = "exposure"',
            'exposure = "cases"',
            "[cohort.time_zero] exposure: 'cases' is no table with role = \"exposure\" that "
            'has a file in [data]. The dictionary says role = "spells".',
        ),
        (
            'status = "benefits"\nstart',
            'status = "benefit"\nstart',
            "[cohort.time_zero] status: 'benefit' is not a status of the register. Did you "
            "mean 'benefits'?",
        ),
        (
            'table = "staff"',
            'table = "population"',
            "[[shares]] population table: 'population' is no table with role = \"survey\" that "
            'has a file in [data]. The dictionary says role = "persons".',
        ),
        (
            'scales = ["continuity",',
            'scales = ["continuty",',
            "[[shares]] staff scales: 'continuty' is no scale of the dictionary. Did you mean "
            "'continuity'?",
        ),
        (
            '[sensitivity]\nruns',
            '[sensitivity]\noutcomes = ["employmnt"]\nruns',
            "[sensitivity] outcomes: 'employmnt' is not an outcome of this study. Did you mean "
            "'employment'?",
        ),
        (
            'file = "data/cases.csv"',
            'file = "data/cases.csv"\nrename = { sag = "case_i" }',
            "[[data.cases]] rename: 'case_i' is not a column. Did you mean 'case_id'?",
        ),
        (
            "caliper = 0.2",
            'caliper = 0.2\noptions = { calipers = { ag = 1 } }',
            "[comparison] options calipers: 'ag' is not a column. Did you mean 'age'?",
        ),
        ('distance = "logit"', 'distance = "ag"', "[comparison] distance: 'ag' is not a col"),
    ],
)  # fmt: skip
def test_a_name_that_there_is_not_is_told_where_it_stands(
    refused, old: str, new: str, told: str
) -> None:
    assert any(one.startswith(told) for one in refused((old, new)))


def test_what_a_design_inherits_is_told_once(refused) -> None:
    design = (
        '[[design]]\nname = "d"\nlabel = "D"\nratio = 2\n\n[[outcome]]\nname = "employment"'
    )
    told = refused(
        ('covariates = ["age",', 'covariates = ["agee",'),
        ('[[outcome]]\nname = "employment"', design),
    )
    assert told == ["[comparison] covariates: 'agee' is not a column. Did you mean 'age'?"]


def test_what_there_is_comes_from_the_dictionary_and_the_study(read) -> None:
    own = '[statuses]\nwork = ["supported_employment", "leave"]\n\n[derive]\n'
    study = read(("[derive]\n", own))
    words = load("enplan")
    assert "work" in statuses_of(study, words)
    assert "leave" not in statuses_of(study, words)
    assert "hours" not in tables_of(study, words)
    columns = known_columns(study, words["population"])
    assert {"female", "benefit_weeks_2y", *GENERATED} <= set(columns)
