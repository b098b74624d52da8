"""A synthetic study in memory is what its files would give."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyses import Study, Tables
from analyses.inputs.read import read_inputs


def test_tables_from_memory_are_those_of_the_files(study: Study, tables: Tables) -> None:
    read = read_inputs(study, lambda _: None)
    assert set(read.frames) == set(tables.frames)
    for name, frame in read.frames.items():
        pd.testing.assert_frame_equal(frame, tables.frames[name])
    assert {name: list(waves) for name, waves in read.waves.items()} == {
        name: list(waves) for name, waves in tables.waves.items()
    }
    for name, waves in read.waves.items():
        for number, wave in waves.items():
            other = tables.waves[name][number]
            pd.testing.assert_frame_equal(wave.frame, other.frame, check_dtype=False)
            pd.testing.assert_frame_equal(wave.missing_counts(), other.missing_counts())
    np.testing.assert_array_equal(read.register().status, tables.register().status)
    pd.testing.assert_frame_equal(read.case_records().frame, tables.case_records().frame)
    assert read.linked == tables.linked
