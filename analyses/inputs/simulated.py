"""Tables of a synthetic study straight from memory, for simulations that write no files."""

from __future__ import annotations

import pandas as pd

import surveys
from analyses.inputs.tables import Tables, arranged
from data_dictionary import Codebook
from data_dictionary.errors import DataError
from surveys import Provenance, Source, TableFile
from surveys.synthetic import SyntheticStudy


def simulated_tables(simulated: SyntheticStudy, words: Codebook) -> Tables:
    """Return what reading the files of a synthetic study would give.

    Parameters
    ----------
    simulated : SyntheticStudy
        As `surveys.synthetic.simulate` returns it.
    words : Codebook
        The ``enplan`` edition.
    """
    read: list[TableFile] = [
        surveys.read_table(_source(frame), words[name])
        for name, frame in simulated.tables.items()
    ]
    read += [
        surveys.read_wave(_source(frame), words[name], number)
        for name, waves in simulated.waves.items()
        for number, frame in waves.items()
    ]
    people = next(file for file in read if file.table.role == "persons")
    problems: list[str] = []
    tables = arranged(
        read,
        words,
        problems,
        cohort=people.table.name,
        unit=people.table.playing("key").name,
        dream=simulated.dream.dream(people.frame),
    )
    if problems:
        raise DataError("\n".join(problems))
    return tables


def _source(frame: pd.DataFrame) -> Source:
    origin = Provenance(
        name="memory",
        sha256="",
        rows=len(frame),
        columns=frame.shape[1],
        format="memory",
        encoding="",
        encoding_reason="",
    )
    return Source(frame=frame, provenance=origin)
