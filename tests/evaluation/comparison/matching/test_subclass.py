"""Stretches of a score."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data_dictionary.errors import DesignError
from evaluation import match
from tests.evaluation.comparison.small import ROLES, people


def test_subclasses_refuse_exact_columns_they_would_ignore() -> None:
    with pytest.raises(DesignError, match=r"roles\.exact is not used by method='subclass'"):
        match(people(40, 2), replace(ROLES, exact=("g",)), method="subclass")
