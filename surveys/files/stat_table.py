"""A table as a statistical program stores it, turned into a source: dates and missing codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data_dictionary.missing_kinds import kind_of_label
from surveys.files.remarks import Remark
from surveys.files.source import MultipleResponse, Provenance, Source, Value, ValueRange
from surveys.files.stat_dates import (
    CLOCKS,
    PERIODS,
    Measure,
    Program,
    measure_of,
    point,
    points,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StatTable:
    """What a file of SPSS, Stata or SAS holds, whichever reader took it out.

    Numbers of dates stand as they are stored, in `frame`, `value_labels` and `ranges`; special
    missing values are written ``.a`` in the first two. `letters` are those of each column.
    """

    program: Program
    frame: pd.DataFrame
    formats: Mapping[str, str | None]
    encoding: str
    reason: str
    variable_labels: Mapping[str, str] = field(default_factory=dict)
    value_labels: Mapping[str, Mapping[Value, str]] = field(default_factory=dict)
    ranges: Mapping[str, tuple[ValueRange, ...]] = field(default_factory=dict)
    letters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    member: str | None = None
    weight: str | None = None
    multiple_response: tuple[MultipleResponse, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def source(self, path: Path) -> Source:
        """Return the table as it was meant: dates for the numbers that count to them."""
        measures = self._measures()
        codes: dict[str, list[Value]] = {
            name: _codes_within(self.frame[name], pairs) for name, pairs in self.ranges.items()
        }
        codes |= {name: list(letters) for name, letters in self.letters.items()}
        ranges, labels = dict(self.ranges), dict(self.value_labels)
        remarks = [*self.remarks, *_remarks(measures)]
        frame = self.frame
        for name, measure in measures.items():

            def told(code: Value, measure: Measure = measure) -> Value:
                if isinstance(code, (int, float)):
                    return point(code, measure, self.program)
                return code

            column, far = _told(frame[name], measure, self.program)
            frame[name] = column
            if far:
                remarks.append(Remark(what="far_dates", columns=(name,), count=far))
            if name in ranges:
                ranges[name] = tuple((told(low), told(high)) for low, high in ranges[name])
                codes[name] = [told(code) for code in codes[name]]
            if name in labels:
                labels[name] = {told(code): text for code, text in labels[name].items()}
        if self.weight is not None:
            remarks.append(Remark(what="weighted", columns=(self.weight,)))
        return Source(
            frame=frame,
            provenance=Provenance.of(
                path, frame.shape, self.encoding, self.reason, sheet=self.member
            ),
            variable_labels=self.variable_labels,
            value_labels=labels,
            missing={
                name: {code: kind_of_label(labels.get(name, {}).get(code)) for code in found}
                for name, found in codes.items()
            },
            missing_ranges=ranges,
            weight=self.weight,
            multiple_response=self.multiple_response,
            remarks=tuple(remarks),
        )

    def _measures(self) -> dict[str, Measure]:
        """Return what the numbers of the columns of dates and times count."""
        found = ((name, measure_of(self.formats[name], self.program)) for name in self.formats)
        return {
            name: measure
            for name, measure in found
            if measure is not None
            and (name in self.letters or pd.api.types.is_numeric_dtype(self.frame[name].dtype))
        }


def code_of(code: object) -> Value:
    """Return a code as a Python value: a whole number where it is one."""
    if isinstance(code, (int, float, np.integer, np.floating)):
        return int(code) if float(code).is_integer() else float(code)
    return str(code)


def letter_of(code: object) -> Value:
    """Return a code of a column of numbers, where text is the letter of a missing value."""
    return f".{code}" if isinstance(code, str) else code_of(code)


def _told(
    series: pd.Series[Any], measure: Measure, program: Program
) -> tuple[pd.Series[Any], int]:
    """Return a column of dates or seconds, letters as they are, and how many are too far."""
    values = series.to_numpy()
    if values.dtype != object:
        told = points(values.astype(np.float64), measure, program)
    else:
        is_letter = np.array([isinstance(value, str) for value in values], dtype=np.bool_)
        told = values.copy()
        told[~is_letter] = points(values[~is_letter].astype(np.float64), measure, program)
    is_date = measure not in CLOCKS
    far = sum(isinstance(value, float) for value in told) if is_date else 0
    return pd.Series(told, index=series.index), far


def _codes_within(series: pd.Series[Any], pairs: tuple[ValueRange, ...]) -> list[Value]:
    """Return the declared single codes, and the codes of declared ranges that occur."""
    codes: dict[Value, None] = {}
    for low, high in pairs:
        if low == high:
            codes[low] = None
        elif not isinstance(low, str) and not isinstance(high, str):
            inside = series[series.between(low, high)]
            codes.update({code_of(code): None for code in sorted(inside.unique())})
    return list(codes)


def _remarks(measures: Mapping[str, Measure]) -> list[Remark]:
    """Return what the numbers of some columns were taken for."""
    kinds = {"clocks": CLOCKS, "periods": PERIODS}
    found = {
        what: tuple(name for name, measure in measures.items() if measure in kind)
        for what, kind in kinds.items()
    }
    return [Remark(what=what, columns=names) for what, names in found.items() if names]
