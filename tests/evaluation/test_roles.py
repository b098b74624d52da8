from __future__ import annotations

import pandas as pd
import pytest

from data_dictionary.errors import ColumnError
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
