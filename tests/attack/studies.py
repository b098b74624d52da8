"""Small studies to attack: what is published of each, and the numbers behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

import analyses
from analyses import Study
from analyses.findings.estimate import estimate
from analyses.inputs.simulated import simulated_tables
from analyses.published.gate import Gate, Shown
from analyses.published.table import Made
from analyses.published.tables import TABLES
from analyses.results.challenged import challenged
from analyses.results.facts import written
from analyses.results.manifest import manifest
from data_dictionary import Codebook, load
from surveys.synthetic import simulate
from tests.validity.coverage import plan

SCENARIOS = (
    *("measured", "null_sharp", "null_mean"),
    *("hidden_motivation", "informative_nonresponse", "lock_in"),
)
CELLS = (3, 5, 10)
ARMS = ("treated", "comparison")


@dataclass(frozen=True, kw_only=True)
class Design:
    """What a small study is made of."""

    seed: int
    persons: int
    min_cell: int
    scenario: str

    @classmethod
    def of(cls, number: int) -> Design:
        """Return one of many designs, no two alike."""
        return cls(
            seed=1_000 + number,
            persons=600 + 200 * (number * 5 % 8),
            min_cell=CELLS[number % 3],
            scenario=SCENARIOS[number % len(SCENARIOS)],
        )


@dataclass(frozen=True, kw_only=True)
class Attacked:
    """A study as its results are published, and the truth behind it.

    Attributes
    ----------
    published : mapping of str to Shown
        Every table, with the reasons why cells are empty: all that the attacker has besides
        the manifest.
    manifest : mapping
    made : mapping of str to pandas.DataFrame
        The tables before disclosure control, with whom each count counts: the truth.
    population : int
        How many stand in the file of persons, as the manifest of a run tells it.
    """

    min_cell: int
    population: int
    published: Mapping[str, Shown]
    manifest: Mapping[str, Any]
    made: Mapping[str, pd.DataFrame]

    def frame(self, name: str) -> pd.DataFrame:
        """Return a published table."""
        return self.published[name].frame

    def pairs(self, name: str) -> Iterator[tuple[pd.Series, pd.Series]]:
        """Yield each row as it was made, and as it is shown where it is."""
        made = self.made[name].reset_index(drop=True)
        table, frame = TABLES[name], self.frame(name)
        if made.empty:
            return
        keys = [key for key in table.of("key", "code", "whole", "lag", "time") if key in made]
        shaped = table.shaped(made)
        places = {_key(row, keys): place for place, row in frame.iterrows()}
        for place, row in made.iterrows():
            at = places.get(_key(shaped.loc[place], keys))
            if at is not None:
                yield row, frame.loc[at]

    @property
    def scores(self) -> list[str]:
        """The outcomes that are scores, in their order."""
        return [one["name"] for one in self.manifest["outcomes"] if one["kind"] == "score"]


def _key(row: pd.Series, keys: list[str]) -> tuple[str, ...]:
    return tuple(str(row[key]) for key in keys)


@cache
def words() -> Codebook:
    """Return the dictionary of the studies."""
    return load("enplan")


# Changes of the plan that save time; nothing that they leave out is attacked.
SHORT = {
    "draws = 9999": "draws = 99",
    "runs = [1, 2, 4, 8, 13]": "runs = [4]",
    "observed_until = 2020-03-08": "",
    "weeks = [-104, 104]": "weeks = [-26, 104]",
}


@cache
def _plan(min_cell: int) -> Study:
    changes = (*SHORT.items(), ("min_cell = 5", f"min_cell = {min_cell}"))
    # The manifest has the hash and the lines of a study file; the shipped one will do.
    shipped = Path(analyses.__file__).parent / "studies" / "enplan" / "study.toml"
    return replace(plan("measured", changes), path=shipped)


@cache
def estimated(design: Design) -> Made:
    """Make a study and every table of it, before disclosure control."""
    simulated = simulate(seed=design.seed, persons=design.persons, scenario=design.scenario)
    study = _plan(design.min_cell)
    tables = simulated_tables(simulated, words())
    return Made(TABLES, study, tables, estimate(study, tables))


def attacked(made: Made, gate: Gate | None = None) -> Attacked:
    """Publish a study as a run does, and keep the truth beside it."""
    gate = gate or Gate(made.study.min_cell)
    published = gate.publish(made)
    facts = manifest(
        made.study,
        made.data,
        made.estimates,
        challenged(made["sensitivity"], published, made.estimates),
        gate=gate,
        published=published,
        started=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return Attacked(
        min_cell=made.study.min_cell,
        published=published,
        manifest=written(facts),
        population=gate.count(len(made.data.frames[made.study.cohort.table])) or 0,
        made=dict(made),
    )
