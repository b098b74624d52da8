"""Which columns can play a part of a study, by what the dictionary says of them."""

from __future__ import annotations

from collections.abc import Mapping

from analyses.study.sections import Study
from data_dictionary import Column, Table

_NUMBERS = ("integer", "number")


def unfit_columns(study: Study, table: Table) -> Mapping[str, tuple[frozenset[str], str]]:
    """Return by part the columns that cannot play it, and what is said of one.

    Columns that are made for the study are known to be fit and are not among them.
    """
    cohort = study.cohort
    columns = [one for one in table.columns if one.pattern is None]
    numbers = {one.name for one in columns if is_amount(one, study)}
    flags = {one.name for one in columns if one.type == "boolean"}
    dates = {one.name for one in columns if one.type == "date"}
    keys = {one.name for one in columns if one.role == "key" or one.name == cohort.unit}
    arms = {str(cohort.treatment)}
    every = {one.name for one in columns}
    return {
        "number": (frozenset(every - numbers), "is no column with numbers"),
        "value": (
            # A yes or no has a mean, which is a share; a code has none.
            frozenset(every - numbers - flags | arms),
            "is no column with numbers, or with yes and no, that can be an outcome",
        ),
        "date": (frozenset(every - dates), "is no column with dates"),
        "stage": (frozenset(every - dates - flags), "is no column with dates, or yes and no"),
        # Arms tell themselves apart perfectly; a key does so for every single person.
        "covariate": (frozenset(dates | keys | arms), "cannot be a covariate"),
    }


def is_amount(column: Column, study: Study) -> bool:
    """Whether the values are numbers that may be added: no codes, no names of places."""
    places = (study.cohort.cluster, study.cohort.cluster_class)
    return column.type in _NUMBERS and not column.is_category and column.name not in places


def what_it_is(column: Column, study: Study) -> str:
    """Say what a column is, for whoever named it in a part that it cannot play."""
    cohort = study.cohort
    if column.name == cohort.treatment:
        return "It tells the arms apart."
    if column.role == "key" or column.name == cohort.unit:
        return "It is the key of the persons."
    if column.name == cohort.cluster:
        return "It is the cluster, whose values are names."
    if column.type == "date":
        return "It holds dates; derive a number with [derive] and years_since."
    if column.codes:
        return "Its codes are names of levels, and have no mean."
    return f"It is of type {column.type}."
