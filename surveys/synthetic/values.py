"""Values of one column by chance alone: what its declaration allows, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from data_dictionary.columns import Code, Column
from data_dictionary.wording import Level
from surveys.synthetic.people import hex_keys

Values: TypeAlias = NDArray[Any]
Span: TypeAlias = tuple[np.datetime64, np.datetime64]

# Of every hundred answers so many have each kind of missing answer that is declared.
_MISSING = 0.015
_WIDTH, _TEXTS = 100.0, 5


def drawn(
    column: Column,
    at: NDArray[np.float64],
    span: Span,
    limits: tuple[float, float] | None = None,
    *,
    levels: Sequence[Level] = (),
    shares: Mapping[Level, float] | None = None,
) -> Values:
    """Return the values that lie at these places, from 0 to 1, of all that are valid.

    `span`, `limits` and `levels` are for dates, numbers and texts whose declaration says
    nothing; `shares` tell how likely each code is, else all are alike.
    """
    values: list[Level] = [*column.codes] or [*levels]
    values = [0, 1] if column.type == "boolean" else values
    if values:
        weight = np.array([1.0 if shares is None else shares[one] for one in values])
        edges = np.cumsum(weight / weight.sum())[:-1]
        kind = object if column.type == "string" else np.int64
        return np.array(values, dtype=kind)[np.searchsorted(edges, at, side="right")]
    if column.type == "date":
        first, last = within(column, span)
        days = int((last - first).astype(int)) + 1
        return np.asarray(first + np.floor(at * days).astype("timedelta64[D]"))
    if column.type == "string":
        texts = [f"{column.name} {k}" for k in range(1, _TEXTS + 1)]
        return np.array(texts, dtype=object)[np.floor(at * _TEXTS).astype(np.int64)]
    low, high = _limits(column, limits or (0.0, _WIDTH))
    if column.type == "number":
        return np.clip(np.round(low + at * (high - low), 1 if high - low > 9 else 2), low, high)
    whole = np.ceil(low)
    numbers = (whole + np.floor(at * (np.floor(high) - whole + 1))).astype(np.int64)
    # Without limits a number could be a code that stands for no answer.
    return np.where(np.isin(numbers, numeric(column.missing)), int(whole), numbers)


def within(column: Column, span: Span) -> Span:
    """Return the first and last day of a column: its limits, else those of the span."""
    low, high = (
        np.datetime64(one, "D") if isinstance(one, dt.date) else None
        for one in (column.minimum, column.maximum)
    )
    year = np.timedelta64(365, "D")
    first, last = low if low is not None else span[0], high if high is not None else span[1]
    if first > last:
        return (first, first + year) if high is None else (last - year, last)
    return first, last


def _limits(column: Column, usual: tuple[float, float]) -> tuple[float, float]:
    """Return the lowest and the highest number, of the usual ones where none are declared."""
    low, high = column.minimum, column.maximum
    least = float(low) if isinstance(low, int | float) else usual[0]
    if isinstance(high, int | float):
        return (least if least < high else high - _WIDTH), float(high)
    return least, usual[1] if least < usual[1] else least + _WIDTH


def numeric(codes: Mapping[Code, object]) -> list[int]:
    """Return the codes that are numbers."""
    return [code for code in codes if isinstance(code, int)]


def with_missing(rng: np.random.Generator, column: Column, values: Values) -> Values:
    """Return values, some of them turned into each kind of missing answer that is declared."""
    # Where a kind has a number and a letter of Stata's, the writer chooses by the format.
    codes: list[Code] = [*numeric(column.missing)] or [*column.missing]
    kind = np.floor(rng.random(values.size) / _MISSING).astype(np.int64)
    if not (kind < len(codes)).any():
        return values
    mixed = values.astype(object)
    for position, code in enumerate(codes):
        mixed[kind == position] = code
    return mixed


def unique_keys(rng: np.random.Generator, column: Column, n: int) -> Values:
    """Return `n` different keys, invented: no key of the real data is looked at."""
    if column.type == "string":
        # A letter half way, so that no ten digits stand together as in a CPR number.
        halves = ((key[:8], "abcdef"[int(key[8], 16) % 6], key[9:]) for key in hex_keys(rng, n))
        return np.array(["".join(parts) for parts in halves], dtype=object)
    low = column.minimum
    return rng.permutation(n) + (int(low) if isinstance(low, int | float) else 100_000)
