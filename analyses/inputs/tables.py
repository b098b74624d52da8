"""The data of a study in memory: what every estimate is made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pandas as pd

import surveys
from data_dictionary import Codebook
from data_dictionary.errors import DataError, DesignError, EnplanError
from data_dictionary.roles import TableRole
from evaluation.disclosure import is_few
from surveys import Cases, Dream, Hours, Linked, Panel, Provenance, TableFile, Wave
from surveys.files.remarks import Remark

# In a description the number of each row, where a table has no key.
ROW = "row of the file"
# Tables of these roles become one object of their own, which outcomes are looked up in.
RECORDS: tuple[TableRole, ...] = ("weekly_register", "spells", "monthly_hours")


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """A file that was read, as the manifest names it.

    ``kept``: the columns by which rows were chosen, and their levels where the dictionary has
    codes for them; a level without a code may be a person.
    """

    table: str
    origin: Provenance
    wave: int | None = None
    kept: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tables:
    """The data of a study, typed and checked.

    Attributes
    ----------
    words : Codebook
        The data dictionary.
    frames : mapping of str to pandas.DataFrame
        Tables without waves, several files of one table stacked.
    waves : mapping of str to mapping of int to Wave
        Survey tables, wave by wave.
    dream : Dream or None
        Weekly statuses, residency included: the table with the role weekly_register.
    cases : Cases or None
        Clean spells of case work: the table with the role spells.
    hours : Hours or None
        Paid hours per person and month: the table with the role monthly_hours.
    benchmark : pandas.DataFrame or None
        Randomised data of the benchmark, in the shape of the cohort's table.
    linked : tuple of Linked
        Per source, how many records meet a person of the study, and how many meet none.
    files : tuple of InputFile
        Where the tables came from.
    """

    words: Codebook
    frames: Mapping[str, pd.DataFrame]
    waves: Mapping[str, Mapping[int, Wave]] = field(default_factory=dict)
    dream: Dream | None = None
    cases: Cases | None = None
    hours: Hours | None = None
    benchmark: pd.DataFrame | None = None
    linked: tuple[Linked, ...] = ()
    files: tuple[InputFile, ...] = ()

    def register(self) -> Dream:
        """Return the weekly register; refused where the study has none."""
        if self.dream is None:
            raise _without("the weekly register: name its file", "weekly_register", self.words)
        return self.dream

    def paid_hours(self) -> Hours:
        """Return the register of paid hours; refused where the study has none."""
        if self.hours is None:
            raise _without("paid hours: name their file", "monthly_hours", self.words)
        return self.hours

    def case_records(self) -> Cases:
        """Return the spells of case work; refused where the study has none."""
        if self.cases is None:
            raise _without("case records: name their file", "spells", self.words)
        return self.cases


def _without(what: str, role: TableRole, words: Codebook) -> DesignError:
    known = [name for name, table in words.tables.items() if table.role == role]
    lacking = f"; no table of dictionary '{words.name}' has role = \"{role}\" yet"
    name = known[0] if known else "TABLE"
    return DesignError(f"the study needs {what} in [[data.{name}]]{'' if known else lacking}")


def arranged(
    read: Sequence[TableFile],
    words: Codebook,
    problems: list[str],
    *,
    cohort: str,
    unit: str | None,
    dream: Dream | None = None,
    observed_until: date | None = None,
) -> Tables:
    """Arrange what was read by the roles of its tables, and link the records to the persons.

    Parameters
    ----------
    read : sequence of TableFile
        Files that keep to the dictionary, waves among them.
    words : Codebook
        The dictionary.
    problems : list of str
        Gets every reason why the tables cannot be used.
    cohort, unit : str
        The cohort's table, and its column with the persons' key; None where it has none, and
        records then cannot be linked.
    dream : Dream or None
        The weekly register.
    observed_until : date or None
        The last day that case records cover; None is the last of the register.
    """
    plain: dict[str, list[TableFile]] = {}
    waves: dict[str, list[Wave]] = {}
    for file in read:
        if isinstance(file, Wave):
            waves.setdefault(file.table.name, []).append(file)
        else:
            plain.setdefault(file.table.name, []).append(file)
    frames = {
        name: pd.concat([file.frame for file in files], ignore_index=True)
        for name, files in plain.items()
        if words[name].role not in RECORDS
    }
    made = Tables(words=words, frames=frames, dream=dream)
    for name, files in plain.items():
        with noted(problems, name):
            if words[name].role == "spells":
                # An open case is censored on the last day known, so that day must be known.
                until = observed_until or _last_day(dream)
                made = replace(made, cases=surveys.read_cases(files, words[name], until))
            elif words[name].role == "monthly_hours":
                made = replace(made, hours=surveys.read_hours(files, words[name]))
    panels: dict[str, Panel] = {}
    for name, own in waves.items():
        with noted(problems, name):
            # Who must be in several waves is a matter of the outcome, which says so.
            panels[name] = surveys.stack(*own, linked=False)
    about_persons = [panel for panel in panels.values() if _asks_persons(panel, unit)]
    if unit is None or not (made.dream or made.cases or made.hours or about_persons):
        return replace(made, waves=panels)
    with noted(problems, "linking the records to the persons"):
        people = surveys.link(
            frames[cohort], made.cases, about_persons, made.dream, hours=made.hours, key=unit
        )
        panels |= {panel.table.name: panel for panel in people.panels}
        made = replace(
            made, cases=people.cases, dream=people.dream, hours=people.hours,
            linked=people.linked,
        )  # fmt: skip
    return replace(made, waves=panels)


def linkage(linked: Sequence[Linked], said: Callable[[int], str]) -> tuple[str, ...]:
    """Say of each source how many records and persons did not meet, as numbers may be said.

    Examples
    --------
    >>> one = Linked(
    ...     source="cases", unit="spells", n=90, strangers=7, unknown=3, persons=70, silent=0
    ... )
    >>> linkage([one], str)
    ('cases: 90 spells linked; 7 of 3 others left out; 0 persons have none',)
    """
    return tuple(
        f"{one.source}{'' if one.wave is None else f' {one.wave}'}: {said(one.n)} {one.unit} "
        f"linked; {said(one.strangers)} of {said(one.unknown)} others left out; "
        f"{said(one.silent)} persons have none"
        for one in linked
    )


def strangers(linked: Sequence[Linked], people: str, min_cell: int) -> tuple[str, ...]:
    """Say of each source how many of its records meet no person of the study.

    Examples
    --------
    >>> one = Linked(
    ...     source="svar", unit="answers", n=90, strangers=17, unknown=7, persons=70, silent=0
    ... )
    >>> strangers([one], "personer", 5)
    ("svar: 17 answers of 7 others than those in 'personer'; they are left out",)
    """

    def said(n: int) -> str:
        return f"less than {min_cell}" if is_few(n, min_cell) else str(n)

    return tuple(
        f"{one.source}: {said(one.strangers)} {one.unit} of {said(one.unknown)} others than "
        f"those in '{people}'; they are left out"
        + (f"; {said(one.near)} would match with {one.form}" if one.near else "")
        for one in linked
        if one.wave is None and one.strangers
    )


def _asks_persons(panel: Panel, unit: str | None) -> bool:
    """Whether a survey's respondents are the persons of the study, not their caseworkers."""
    table = panel.table
    has_key = table.has("key") or bool(table.key)
    return has_key and (panel.key == unit or table.asked == "persons")


def _last_day(dream: Dream | None) -> date:
    """Return the last day of the register, for records that do not tell their own."""
    if dream is None:
        raise DataError(
            "the last day that the records cover is not known; give observed_until in their "
            "section of [[data]]"
        )
    monday: date = dream.weeks[-1].astype("datetime64[D]").item()
    return monday + timedelta(days=6)


@contextmanager
def noted(problems: list[str], name: str) -> Iterator[None]:
    """Note why a file or table cannot be used, and go on with the next."""
    try:
        yield
    except EnplanError as error:
        problems.append(f"{name}: {str(error).removeprefix(f'{name}: ')}")
