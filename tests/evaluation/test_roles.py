from __future__ import annotations

import pandas as pd
import pytest

from data_dictionary.errors import ColumnError, DesignError
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
