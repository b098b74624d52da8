"""``[cohort]``: who is compared, the arms, time zero and where controls come from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from analyses.study.files import DataFile
from analyses.study.forms import RISING
from data_dictionary import Codebook, Table
from data_dictionary.mistakes import Mistakes
from data_dictionary.roles import TableRole
from data_dictionary.schema import Form, key, read
from data_dictionary.wording import Level

# Staff who answered may be compared too: then the survey is the table of persons.
COHORT_ROLES: tuple[TableRole, ...] = ("persons", "survey")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
MONTHS = Form(
    'two months in order, such as ["2017-03", "2018-12"]',
    lambda months: all(map(_MONTH.fullmatch, months)) and months[0] <= months[1],
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeZero:
    """``[cohort.time_zero]``: the rule by which controls get the participants' index date."""

    source: str = key(
        "Weekly register, by the name of its table; left out, the one that there is.",
        None,
        name="from",
        names="weekly_register",
    )
    status: str = key("Status that makes a person eligible in a week.", names="status")
    start: str = key("Column with the participants' own start.", names="date column")
    months: tuple[str, str] | None = key(
        "First and last month (`YYYY-MM`) of control candidates; left out, the months in which "
        "participants start.",
        None,
        form=MONTHS,
    )
    exposure: str = key(
        "Table with the programme's start per cluster, whose clusters give no controls; left "
        "out, the one that there is.",
        None,
        names="exposure",
    )
    resident: tuple[str, str] | None = key(
        "Columns with first and last day of residence, the last day missing if open; left out, "
        "those whose roles in the dictionary say so.",
        None,
        names="date column",
    )
    elapsed_bands: tuple[int, ...] = key(
        "Where the bands of elapsed weeks on the status begin.", (26, 52, 104), form=RISING
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """``[cohort]``: the unit, the arms, time zero and where controls come from."""

    table: str = key(
        "Table with one row per unit; left out, the one that has the treatment column.", None
    )
    unit: str | None = key(
        "Column with the person; left out, the row number.", None, names="data column"
    )
    treatment: str = key("Column that tells the arms apart.", names="data column")
    treated: Level = key("The level that counts as treated.", True)
    index_date: str | None = key(
        "Column with time zero, or the name under which `[cohort.time_zero]` makes it.", None
    )
    eligible_from: str | None = key(
        "Column with the first date of eligibility; no index date in the data may precede it.",
        None,
        names="date column",
    )
    cluster: str | None = key(
        "Column with the level at which treatment was decided.", None, names="data column"
    )
    donors: Literal["other", "own"] | None = key(
        "`other` (the default with a cluster): controls come from clusters that the programme "
        "never reached; `own`: non-participants of the participant's own cluster, which "
        "becomes an exact stratum.",
        None,
    )
    donors_exclude: tuple[Level, ...] = key(
        "Clusters that give no controls, such as those of another trial.", ()
    )
    cluster_class: str | None = key(
        "Column with a class of clusters, such as those in like conditions.",
        None,
        names="data column",
    )
    donors_same_class: bool = key(
        "Partners come from clusters of the same `cluster_class`, which becomes an exact "
        "stratum.",
        False,
    )
    donors_nearest: int | None = key(
        "Controls come only from the so many clusters (of the same `cluster_class`, where "
        "there is one) that were nearest to a treated cluster in the first register outcome "
        "before the programme; left out, from all.",
        None,
        least=1,
    )
    stages: Mapping[str, str] = key(
        "Groups on the way to participation, by the names that the report calls them, and "
        "their columns (a date, or yes/no), for the profile. `eligible`, `invited` and "
        "`consented` have Danish names.",
        {},
        names="stage column",
    )
    time_zero: TimeZero | None = key("How controls get the participants' index date.", None)


def read_cohort(
    raw: object, files: tuple[DataFile, ...], words: Codebook | None, mistakes: Mistakes
) -> Cohort:
    """Return the cohort; what the dictionary's roles can answer is filled in."""
    cohort = read(Cohort, raw, "[cohort]", mistakes)
    unwaved = list(dict.fromkeys(file.table for file in files if file.wave is None))
    known = {name: words[name] for name in unwaved if words and name in words.tables}
    table = cohort.table or _table_of(cohort.treatment, known, unwaved)
    zero = cohort.time_zero
    if zero is not None:
        zero = _with_roles(zero, known.get(str(table)), files, words)
    # The table is None until that is refused.
    filled: dict[str, Any] = {"table": table, "time_zero": zero}
    if cohort.donors is None and cohort.cluster:
        # The design that needs no assumption on who refused or was passed over.
        filled["donors"] = "other"
    return replace(cohort, **filled)


def _table_of(
    treatment: str | None, known: Mapping[str, Table], unwaved: list[str]
) -> str | None:
    """Return the table that has the treatment column, else the only one that can have it."""
    holding = [name for name, table in known.items() if treatment in table.names]
    # The treatment tells which table is meant, where several have one row per person.
    if holding:
        return holding[0]
    persons = [name for name, table in known.items() if table.role in COHORT_ROLES]
    return persons[0] if len(persons) == 1 else (unwaved[0] if len(unwaved) == 1 else None)


def _with_roles(
    zero: TimeZero, own: Table | None, files: tuple[DataFile, ...], words: Codebook | None
) -> TimeZero:
    """Return the rule with the tables and columns that the dictionary's roles name."""
    resident = zero.resident
    if resident is None and own and own.has("resident_from") and own.has("resident_until"):
        resident = (own.playing("resident_from").name, own.playing("resident_until").name)
    filled: dict[str, Any] = {
        "source": zero.source or table_with("weekly_register", files, words),
        "exposure": zero.exposure or table_with("exposure", files, words),
        "resident": resident,
    }
    return replace(zero, **filled)


def table_with(
    role: TableRole, files: tuple[DataFile, ...], words: Codebook | None
) -> str | None:
    """Return the first table with a role that has a file."""
    found = (
        file.table
        for file in files
        if words and file.table in words.tables and words[file.table].role == role
    )
    return next(found, None)
