"""Links case spells, paid hours, survey waves and the weekly register to the population.

The population is the spine: nobody enters a study through a record, and a person without
records stays, marked as such. Keys are compared and counted, never shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data_dictionary.errors import DataError, refuse_lacking
from surveys.dream.register import Dream
from surveys.files.key_texts import NEAR_SHARE, near_matches
from surveys.files.read_table import TableFile
from surveys.records.case_spells import Cases
from surveys.records.hours import Hours
from surveys.waves.panel import Panel

_KEY = "person_id"
_MANY = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """How the records of one source met the population.

    Parameters
    ----------
    source : str
        ``"cases"``, ``"hours"``, ``"dream"``, or the name of a survey's table.
    wave : int or None
        Wave of a survey; None is the source as a whole.
    unit : str
        What is counted: spells, answers, or the persons of a register.
    n : int
        Records that belong to the population.
    strangers : int
        Records whose key is not in the population; they are left out.
    unknown : int
        How many persons these are.
    persons : int
        Persons of the population with a record.
    silent : int
        Persons of the population without one; they stay.
    near : int
        How many of them would have one if the keys were written alike, by `form`.
    form : str
        Such as ``"leading zeros"``.
    """

    source: str
    wave: int | None = None
    unit: str
    n: int
    strangers: int
    unknown: int
    persons: int
    silent: int
    near: int = 0
    form: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class People:
    """A population and what is recorded about it.

    Parameters
    ----------
    frame : pandas.DataFrame
        The population, one row per person, with ``has_cases``, ``has_panel``, ``has_dream``
        and ``has_hours`` for the sources that were given.
    cases : Cases or None
        Spells of persons in the population.
    panels : tuple of Panel
        Answers of persons in the population, by survey.
    dream : Dream or None
        Weekly statuses of persons in the population.
    hours : Hours or None
        Paid hours of persons in the population.
    linked : tuple of Linked
        Who was linked and who was not, by source and wave.
    """

    frame: pd.DataFrame
    cases: Cases | None
    panels: tuple[Panel, ...]
    dream: Dream | None
    hours: Hours | None
    linked: tuple[Linked, ...]

    @property
    def panel(self) -> Panel | None:
        """Answers of persons in the population, of the first survey."""
        return self.panels[0] if self.panels else None

    def flow(self) -> pd.DataFrame:
        """Return what linkage kept and lost.

        Returns
        -------
        pandas.DataFrame
            ``step``, ``n`` (kept), ``lost`` and ``reason``. For each source two kinds of
            rows: records whose key is not in the population are lost; persons without a
            record are counted as lost to that source, and stay in `frame`.
        """
        rows: list[tuple[str, int, int, str]] = [("population", len(self.frame), 0, "")]
        for source in dict.fromkeys(one.source for one in self.linked):
            whole, *waves = (one for one in self.linked if one.source == source)
            step = f"{source}: {whole.unit} linked"
            rows.append((step, whole.n, whole.strangers, "the key is not in the population"))
            for one in waves or [whole]:
                wave = "" if one.wave is None else f", wave {one.wave}"
                step = f"{source}{wave}: persons with records"
                rows.append((step, one.persons, one.silent, "no record of the person"))
        return pd.DataFrame(rows, columns=["step", "n", "lost", "reason"])

    def summary(self) -> str:
        """Say how many persons were linked to each source."""
        shares = [
            f"{int(self.frame[f'has_{source}'].sum())} in {source}"
            for source in ("cases", "panel", "dream", "hours")
            if f"has_{source}" in self.frame
        ]
        return f"{len(self.frame)} persons" + "".join(f", {share}" for share in shares)

    def __str__(self) -> str:
        return f"People: {self.summary()}"


def link(
    population: pd.DataFrame | TableFile,
    cases: Cases | None = None,
    panel: Panel | Sequence[Panel] | None = None,
    dream: Dream | None = None,
    *,
    hours: Hours | None = None,
    key: str | None = None,
) -> People:
    """Link records to the population by the persons' key.

    Parameters
    ----------
    population : pandas.DataFrame or TableFile
        One row per person.
    cases, panel, dream, hours
        Sources; None where a study has none. There may be several panels, and what waves of
        one hold is linked wave by wave.
    key : str or None
        The population's key column; None is the column that plays the role key in a
        `TableFile`, and ``person_id`` in a frame.

    Returns
    -------
    People
        The population with the records that belong to it, and a flow table.

    Raises
    ------
    ColumnError
        If the population or a panel has no key column.
    DataError
        If a key of the population is missing or stands twice, if a source shares no key at
        all with it, or if more than one in twenty would match in another spelling.

    Examples
    --------
    >>> population = pd.DataFrame({"person_id": ["a1", "b2"]})
    >>> dream = Dream.from_arrays(["b2", "c3"], ["2018-01-01"], np.array([[7], [0]]))
    >>> link(population, dream=dream).flow()[["n", "lost"]].to_numpy().tolist()
    [[2, 0], [1, 1], [1, 1]]
    """
    if isinstance(population, TableFile):
        key = key or population.table.playing("key").name
        population = population.frame
    keys = _keys(population, key or _KEY)
    linked: list[Linked] = []
    frame = population.copy()
    if cases is not None:
        spells = _own(cases.frame, "person_id", keys)
        linked.append(_met("cases", "spells", cases.frame["person_id"], keys))
        cases = replace(cases, frame=spells)
        frame["has_cases"] = keys.isin(spells["person_id"])
    panels = [panel] if isinstance(panel, Panel) else list(panel or ())
    answering = []
    for place, one in enumerate(panels):
        name, source = one.key, one.table.name
        refuse_lacking([name], one.frame.columns, "the panel has no column")
        asked = one.frame[name]
        linked.append(_met(source, "answers", asked, keys))
        linked += [
            replace(_met(source, "answers", of_wave, keys), wave=int(str(wave)))
            for wave, of_wave in asked.groupby(one.frame["wave"])
        ]
        # Waves keep their own ledgers of missing answers, which are counted by row.
        own = tuple(wave.select(wave.frame[name].isin(keys).to_numpy()) for wave in one.waves)
        panels[place] = replace(one, frame=_own(one.frame, name, keys), waves=own)
        answering.append(keys.isin(one.frame[name]))
    if panels:
        frame["has_panel"] = np.logical_or.reduce(answering)
    if dream is not None:
        linked.append(_met("dream", "persons", dream.index, keys))
        # A register of millions is not copied where nobody is to be left out.
        dream = dream.select(keys) if linked[-1].strangers else dream
        frame["has_dream"] = keys.isin(dream.index)
    if hours is not None:
        linked.append(_met("hours", "persons", hours.index, keys))
        kept = hours.index.isin(keys)
        hours = replace(hours, index=hours.index[kept], weekly=hours.weekly[kept])
        frame["has_hours"] = keys.isin(hours.index)
    _refuse_strangers(linked)
    return People(
        frame=frame, cases=cases, panels=tuple(panels), dream=dream, hours=hours,
        linked=tuple(linked),
    )  # fmt: skip


def _keys(population: pd.DataFrame, key: str) -> pd.Index:
    """Return the population's keys; each must be there, and once."""
    refuse_lacking([key], population.columns, "the population has no column")
    missing, twice = population[key].isna(), population[key].duplicated()
    if missing.any() or twice.any():
        raise DataError(
            f"the population's key: {int(missing.sum())} missing, {int(twice.sum())} used "
            "twice; it must name each person once."
        )
    keys: pd.Index = pd.Index(population[key])
    return keys


def _own(records: pd.DataFrame, key: str, keys: pd.Index) -> pd.DataFrame:
    """Return the records of persons in the population."""
    own = records[key].isin(keys)
    return records if own.all() else records[own].reset_index(drop=True)


def _met(source: str, unit: str, found: pd.Series | pd.Index, keys: pd.Index) -> Linked:
    """Count the records that belong to the population and those that do not."""
    known = found.isin(keys)
    persons = int(keys.isin(found).sum())
    others, lone = pd.Index(found[~known]).unique(), keys[~keys.isin(found)]
    # A register of everybody has many others, and keys that it shares with the population.
    near, form = near_matches(others, lone) if len(others) < _MANY else (0, "")
    return Linked(
        source=source, unit=unit, n=int(known.sum()), strangers=int((~known).sum()),
        unknown=len(others.dropna()), persons=persons, silent=len(lone), near=near, form=form,
    )  # fmt: skip


def _refuse_strangers(linked: Sequence[Linked]) -> None:
    """Refuse a source that shares no key at all with the population."""
    for one in linked:
        if one.wave is not None:
            continue
        alike = f"{one.near} of {one.unknown} keys would match with {one.form}"
        # One that knows some is no fault: other cohorts stand in the same register.
        if one.strangers and not one.n:
            raise DataError(
                f"none of the {one.unknown} keys of {one.source} stands in the population; "
                + (alike if one.near else "the two files were pseudonymised differently")
                + ". Write the keys alike in both files."
            )
        if one.near > NEAR_SHARE * (one.persons + one.near):
            raise DataError(
                f"{one.source}: {alike} of the population. Write the keys alike in both files."
            )
