"""Tables of a synthetic study straight from memory, for simulations that write no files."""

from __future__ import annotations

from datetime import date

import pandas as pd

from analyses.inputs.tables import Tables
from data_dictionary import Codebook, Table
from surveys import Provenance, Wave, clean_cases
from surveys.synthetic import SyntheticStudy

DAYS_IN_WEEK = 7


def simulated_tables(simulated: SyntheticStudy, words: Codebook) -> Tables:
    """Return what reading the files of a synthetic study would give.

    Parameters
    ----------
    simulated : SyntheticStudy
        As `surveys.synthetic.simulate` returns it.
    words : Codebook
        The ``enplan`` edition.
    """
    population = words["population"].conform(simulated.population).frame
    last = simulated.dream.weeks[-1].astype("datetime64[D]") + (DAYS_IN_WEEK - 1)
    until: date = last.item()
    return Tables(
        words=words,
        frames={
            "population": population,
            "exposure": words["exposure"].conform(simulated.exposure).frame,
        },
        waves={
            name: {number: _wave(frame, words[name], number) for number, frame in waves.items()}
            for name, waves in (("citizen", simulated.citizen), ("staff", simulated.staff))
        },
        dream=simulated.dream.dream(population),
        cases=clean_cases(words["cases"].conform(simulated.cases).frame, until),
    )


def _wave(frame: pd.DataFrame, table: Table, number: int) -> Wave:
    conformed = table.conform(frame)
    origin = Provenance(
        name=f"{table.name} {number}",
        sha256="",
        rows=len(frame),
        columns=frame.shape[1],
        format="memory",
        encoding="",
        encoding_reason="",
    )
    return Wave(
        frame=conformed.frame.reset_index(drop=True),
        table=table,
        wave=number,
        missing=conformed.missing,
        provenance=origin,
    )
