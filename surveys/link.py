"""Links case spells, survey waves and the weekly register to the population by its key.

The population is the spine: nobody enters a study through a record, and a person without
records stays, marked as such. Keys are compared and counted, never shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.errors import ColumnError, DataError, did_you_mean
from surveys.dream.register import Dream
from surveys.records.case_spells import Cases
from surveys.waves.panel import Panel

_KEY = "person_id"
_STRANGERS = "the key is not in the population"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class People:
    """A population and what is recorded about it.

    Parameters
    ----------
    frame : pandas.DataFrame
        The population, one row per person, with ``has_cases``, ``has_panel`` and
        ``has_dream`` for the sources that were given.
    cases : Cases or None
        Spells of persons in the population.
    panel : Panel or None
        Answers of persons in the population.
    dream : Dream or None
        Weekly statuses of persons in the population.
    steps : pandas.DataFrame
        See `flow`.
    """

    frame: pd.DataFrame
    cases: Cases | None
    panel: Panel | None
    dream: Dream | None
    steps: pd.DataFrame

    def flow(self) -> pd.DataFrame:
        """Return what linkage kept and lost.

        Returns
        -------
        pandas.DataFrame
            ``step``, ``n`` (kept), ``lost`` and ``reason``. For each source two kinds of
            rows: records whose key is not in the population are lost; persons without a
            record are counted as lost to that source, and stay in `frame`.
        """
        return self.steps.copy()

    def summary(self) -> str:
        """Say how many persons were linked to each source."""
        shares = [
            f"{int(self.frame[f'has_{source}'].sum())} in {source}"
            for source in ("cases", "panel", "dream")
            if f"has_{source}" in self.frame
        ]
        return f"{len(self.frame)} persons" + "".join(f", {share}" for share in shares)

    def __str__(self) -> str:
        return f"People: {self.summary()}"


def link(
    population: pd.DataFrame,
    cases: Cases | None = None,
    panel: Panel | None = None,
    dream: Dream | None = None,
) -> People:
    """Link records to the population by ``person_id``.

    Parameters
    ----------
    population : pandas.DataFrame
        One row per person.
    cases, panel, dream
        Sources; None where a study has none.

    Returns
    -------
    People
        The population with the records that belong to it, and a flow table.

    Raises
    ------
    ColumnError
        If the population or the panel has no ``person_id``.
    DataError
        If a key of the population is missing or stands twice, or if a source shares no
        key at all with it: then the two were pseudonymised differently.

    Examples
    --------
    >>> population = pd.DataFrame({"person_id": ["a1", "b2"]})
    >>> dream = Dream.from_arrays(["b2", "c3"], ["2018-01-01"], np.array([[7], [0]]))
    >>> link(population, dream=dream).flow()[["n", "lost"]].to_numpy().tolist()
    [[2, 0], [1, 1], [1, 1]]
    """
    _refuse_keys(population)
    keys = pd.Index(population[_KEY])
    steps: list[tuple[str, int, int, str]] = [("population", len(keys), 0, "")]
    frame = population.copy()
    if cases is not None:
        kept = _linked(cases.frame[_KEY], keys, "cases", "spells", steps)
        cases = replace(cases, frame=cases.frame.loc[kept].reset_index(drop=True))
        frame["has_cases"] = _has(keys, pd.Index(cases.frame[_KEY]), "cases", steps)
    if panel is not None:
        answers = panel.frame
        if _KEY not in answers:
            raise ColumnError(
                f"the panel has no column '{_KEY}'.{did_you_mean(_KEY, answers.columns)}"
            )
        kept = _linked(answers[_KEY], keys, "panel", "answers", steps)
        panel = replace(panel, frame=answers.loc[kept].reset_index(drop=True))
        for wave, of_wave in panel.frame.groupby("wave", sort=True):
            _has(keys, pd.Index(of_wave[_KEY]), f"panel, wave {wave}", steps)
        frame["has_panel"] = keys.isin(panel.frame[_KEY])
    if dream is not None:
        _linked(pd.Series(dream.index), keys, "dream", "persons", steps)
        dream = dream.select(keys)
        frame["has_dream"] = _has(keys, dream.index, "dream", steps)
    table = pd.DataFrame(steps, columns=["step", "n", "lost", "reason"])
    return People(frame=frame, cases=cases, panel=panel, dream=dream, steps=table)


def _refuse_keys(population: pd.DataFrame) -> None:
    """Raise unless the population has a key that is complete and unique."""
    if _KEY not in population:
        raise ColumnError(
            f"the population has no column '{_KEY}'.{did_you_mean(_KEY, population.columns)}"
        )
    missing, twice = population[_KEY].isna(), population[_KEY].duplicated()
    if missing.any() or twice.any():
        raise DataError(
            f"the population's key: {int(missing.sum())} missing, {int(twice.sum())} used "
            "twice; it must name each person once."
        )


def _linked(
    found: pd.Series,
    keys: pd.Index,
    source: str,
    unit: str,
    steps: list[tuple[str, int, int, str]],
) -> pd.Series:
    """Return which records belong to the population, and count the others."""
    kept = found.isin(keys)
    if len(found) and not kept.any():
        raise DataError(
            f"none of the {found.nunique()} keys of {source} stands in the population; the two "
            "files were pseudonymised differently, or the key lost leading zeros."
        )
    n = int(kept.sum())
    steps.append((f"{source}: {unit} linked", n, len(found) - n, _STRANGERS))
    return kept


def _has(
    keys: pd.Index, found: pd.Index, source: str, steps: list[tuple[str, int, int, str]]
) -> NDArray[np.bool_]:
    """Return which persons have a record, and count those who have none."""
    has = keys.isin(found)
    n = int(has.sum())
    steps.append(
        (f"{source}: persons with records", n, len(keys) - n, "no record of the person")
    )
    return has
