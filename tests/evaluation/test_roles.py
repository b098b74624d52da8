from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

from data_dictionary.errors import ColumnError, DesignError, EnplanError
from evaluation import Roles


def test_every_missing_column_is_named_at_once_with_the_nearest_name() -> None:
    persons = pd.DataFrame(columns=["person_id", "en_plan", "age", "municipality"])
    roles = Roles(
        unit="person_id",
        treatment="enplan",
        covariates=("age", "zzz"),
        exact=("agee",),
        cluster="municipalty",
    )
    with pytest.raises(ColumnError) as refusal:
        roles.require(persons)
    assert str(refusal.value).splitlines() == [
        "treatment='enplan' is not a column of this table. Did you mean 'en_plan'?",
        "covariates='zzz' is not a column of this table.",
        "exact='agee' is not a column of this table. Did you mean 'age'?",
        "cluster='municipalty' is not a column of this table. Did you mean 'municipality'?",
    ]


@pytest.mark.parametrize("role", ["covariates", "exact"])
def test_one_bare_name_is_not_read_letter_by_letter(role: str) -> None:
    with pytest.raises(ColumnError, match=rf"{role}='age' is one text; write \('age',\)"):
        Roles(unit="id", treatment="t", **{role: "age"})


def test_what_is_done_with_blanks_is_one_of_two_things() -> None:
    with pytest.raises(DesignError, match="missing='drop' is not offered; allowed: 'refuse'"):
        Roles(unit="id", treatment="t", missing="drop")
    roles = Roles(unit="id", treatment="t", covariates=("age",), missing="indicator")
    assert roles.must_be_known(("age", "weeks")) == ("weeks",)
    assert "missing" not in roles.columns


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"covariates": ("age", "sex", "age")}, "covariates name 'age' twice; name each once"),
        ({"exact": ["town", "town"]}, "exact name 'town' twice"),
        ({"covariates": ("age", "plan")}, "treatment='plan' is also named in covariates"),
        ({"covariates": None}, "covariates=None must be a tuple of names"),
        ({"covariates": (("age",),)}, "covariates holds a tuple, which is no name"),
        ({"unit": ["id"]}, "unit=a list must be one name"),
        ({"treatment": None}, "treatment=None must be one name"),
        ({"weight": 5}, "weight=5 must be one name, as text: '5'"),
    ],
)
def test_roles_that_cannot_be_are_refused_when_they_are_made(
    told: dict[str, Any], message: str
) -> None:
    with pytest.raises(EnplanError, match=re.escape(message)):
        Roles(**{"unit": "id", "treatment": "plan", **told})


def test_names_may_stand_in_a_list() -> None:
    roles = Roles(unit="id", treatment="plan", covariates=["age", "sex"])  # type: ignore[arg-type]
    assert roles == Roles(unit="id", treatment="plan", covariates=("age", "sex"))
