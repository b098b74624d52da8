"""Values of a form are in order, or refused."""

from __future__ import annotations

import pytest

from analyses.study.cohort import MONTHS
from analyses.study.forms import IN_ORDER, RISING
from data_dictionary.schema import Form


@pytest.mark.parametrize(
    ("form", "right", "wrong"),
    [
        (IN_ORDER, (-104, -1), (-1, -104)),
        (RISING, (26, 52), (52, 26)),
        (RISING, (1,), (0, 1)),
        (RISING, (1, 2), ()),
        (MONTHS, ("2017-03", "2018-12"), ("2017-3", "2018-12")),
        (MONTHS, ("2017-03", "2018-12"), ("2018-12", "2017-03")),
        (MONTHS, ("2017-03", "2018-12"), ("2017-03", "2018-13")),
    ],
)
def test_a_form_takes_what_it_should_and_nothing_else(
    form: Form, right: tuple[object, ...], wrong: tuple[object, ...]
) -> None:
    assert form.is_right(right)
    assert not form.is_right(wrong)
