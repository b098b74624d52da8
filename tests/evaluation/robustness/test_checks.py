"""Every code has its name, and a table is read back by its names."""

from __future__ import annotations

import math
from typing import get_args

import pytest

from evaluation.robustness.checks import (
    COLUMNS,
    NAMES,
    Check,
    NotMade,
    Question,
    Variant,
    answers,
    figure,
    tabulated,
)
from tests.evaluation.robustness.strong import rows


def test_every_code_is_asked_by_a_check_that_has_a_name() -> None:
    checks, variants = zip(*NAMES, strict=True)
    assert set(checks) == set(get_args(Check))
    assert set(variants) == set(get_args(Variant))


def test_a_code_without_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="'run' is not asked by the check 'rosenbaum'"):
        Question("rosenbaum", "run", size=3)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (Question("specification", "run", size=1), "run of 1 week"),
        (Question("specification", "run", size=13), "run of 13 weeks"),
        (
            Question("specification", "observed_until", "2020-03-08"),
            "observed until 2020-03-08",
        ),
        (Question("leave_one_out", "without", "151"), "without 151"),
        (
            Question("censoring_bound", "at_once", "treated"),
            "censored treated had it at once, the others never",
        ),
        (Question("rosenbaum", "odds", size=1.25), "odds of 1.25"),
        (Question("e_value", "removes_interval", "rare"), "interval, rare outcome"),
        (Question("e_value", "removes_interval"), "interval"),
        (Question("nonresponse", "silent", "treated"), "no answer, treated"),
        (Question("negative_control", "named", "{odd}"), "{odd}"),
    ],
)
def test_a_code_is_named_as_sensitivity_csv_has_it(asked: Question, name: str) -> None:
    assert asked.name == name


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (Question("measured_covariate", "whole"), "measured_covariates"),
        (Question("rosenbaum", "whole"), "rosenbaum_bounds"),
        (Question("specification", "run", size=4), "specification, run of 4 weeks"),
        (
            Question("censoring_bound", "at_once", "comparison"),
            "specification, censored comparison had it at once, the others never",
        ),
        (Question("negative_control", "named", "age"), "negative_control, age"),
    ],
)
def test_what_could_not_be_asked_is_named_too(asked: Question, name: str) -> None:
    assert NotMade(asked, "too few").name == name
    assert str(NotMade(asked, "too few")) == f"{name}: too few"


def test_a_table_is_read_back_by_its_names() -> None:
    table = tabulated(rows())
    assert tuple(table.columns) == COLUMNS
    questions = [row.asked for row in rows()]
    codes = ["variant", "subject", "size", "takes_away"]
    read = answers(table.drop(columns=codes), questions)
    assert [row.asked for row in read] == questions
    assert [row.estimate for row in read] == [row.estimate for row in rows()]
    assert answers(table, questions[:1])[0].asked.check == "main"


def test_a_figure_is_found_by_its_codes() -> None:
    assert figure(rows(), "nonresponse", "silent", "comparison") == 40.0
    assert figure(rows(), "measured_covariate", "removes_interval") == 6.0
    assert math.isnan(figure(rows(), "e_value", "removes_interval", "rare"))
