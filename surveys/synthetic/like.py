"""Files of a study by chance alone: a frame per file, from what is declared and nothing else.

Who stands where is drawn first (`Spine`); every table is then filled column by column, its
roles deciding what must fit: keys link, waves lose people, dates keep their order, cases are
open and weeks on the status at time zero. No record of real data comes in here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary import Codebook, Table
from data_dictionary.wording import Level
from surveys.synthetic.like_records import cases_of, hours_of, weeks_of
from surveys.synthetic.spine import Aims, Spine, days
from surveys.synthetic.values import Values, drawn, unique_keys, with_missing, within

# Of those whom a wave asked so many answer, mostly the same ones.
_ANSWER = 0.8
_ANY_DAY = (np.datetime64("1700-01-01"), np.datetime64("2250-01-01"))
_FIELD_DAYS, _BETWEEN_WAVES = 60, 300


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinFile:
    """One file to be drawn: its table, its size, and the columns that it has."""

    table: Table
    name: str
    rows: int
    columns: tuple[str, ...]
    wave: int | None = None
    aside: bool = False  # of the same persons, and no part of their table
    keep: Mapping[str, tuple[Level, ...]] = field(default_factory=dict)
    shares: Mapping[str, Mapping[Level, float]] = field(default_factory=dict)


def draw_files(
    files: Sequence[TwinFile], aims: Aims, words: Codebook, seed: int
) -> list[pd.DataFrame]:
    """Return a frame per file, in the order of the files.

    A file is drawn by its own name and the seed, so that another file changes nothing of it.
    """
    own = [file for file in files if file.table.name == aims.people and file.wave is None]
    n = sum(file.rows for file in own if not file.aside)
    n = n or max((file.rows for file in files), default=1)
    spine = Spine.of(_rng(seed), n, aims, own[0].table if own else None)
    pools: dict[str, Spine] = {}
    frames: list[pd.DataFrame] = []
    first = 0
    for file in files:
        rng, table = _rng(seed, file.name), file.table
        if file in own:
            rows = np.arange(first, first + file.rows) % n
            first += 0 if file.aside else file.rows
            given = spine.columns(rng, table, rows, file.keep)
        elif table.role == "survey":
            if not asks_persons(table, aims) and table.name not in pools:
                most = max(one.rows for one in files if one.table is table)
                pools[table.name] = Spine.of(_rng(seed, table.name), most, aims, table)
            given = _answers(rng, file, pools.get(table.name, spine), words, seed)
        else:
            given = _records(rng, file, spine, words)
        for column in table.columns:
            if own and column.references == aims.people and column.name not in given:
                given[column.name] = spine.key[rng.integers(0, n, file.rows)]
        frames.append(_filled(rng, file, given, aims))
    return frames


def _records(
    rng: np.random.Generator, file: TwinFile, spine: Spine, words: Codebook
) -> dict[str, Values]:
    """Return what plays a part in a table that is neither of persons nor of answers."""
    match file.table.role:
        case "weekly_register":
            return weeks_of(rng, file.table, file.columns, file.rows, spine, words)
        case "spells":
            return cases_of(rng, file.table, file.rows, spine)
        case "monthly_hours":
            return hours_of(rng, file.table, file.rows, spine)
        case "exposure":
            return spine.exposure(file.table)
    return {}


def _rng(seed: int, name: str = "") -> np.random.Generator:
    return np.random.default_rng([seed, crc32(name.encode())])


def asks_persons(table: Table, aims: Aims) -> bool:
    """Whether a survey's respondents are the persons of the study."""
    key = next((one for one in table.columns if one.role == "key"), None)
    is_linked = key is not None and (key.name == aims.unit or key.references == aims.people)
    return aims.people is not None and (is_linked or table.asked == "persons")


def _answers(
    rng: np.random.Generator, file: TwinFile, people: Spine, words: Codebook, seed: int
) -> dict[str, Values]:
    """Return one wave: whoever answered the last is likelier to answer this one."""
    table, aims, late = file.table, people.aims, (file.wave or 1) - people.aims.baseline
    lasting = _rng(seed, f"{table.name} answers").random(len(people))
    likely = 0.8 * lasting + 0.2 * rng.random(len(people))
    rows = np.sort(np.argsort(-likely, kind="stable")[: file.rows])
    answered = np.ones(rows.size, dtype=np.bool_)
    if table.asked == "rows" and aims.people is not None:
        answered = likely[rows] >= np.quantile(likely[rows], 1 - _ANSWER)
    given: dict[str, Values] = {}
    first = aims.span[0] - days(_FIELD_DAYS + 30 - _BETWEEN_WAVES * late)
    if late > 0:
        first = aims.span[1] + days(30 + _BETWEEN_WAVES * (late - 1))
    dates = first + days(rng.integers(0, _FIELD_DAYS, rows.size))
    for column in table.columns:
        if column.role == "key":
            given[column.name] = people.key[rows]
        elif column.role == "cluster":
            given[column.name] = people.names(column)[people.place[rows]]
        elif column.type == "date" and column.pattern is None:
            given[column.name] = np.where(answered, dates, np.datetime64("NaT"))
        elif column.constant:
            at = _rng(seed, f"{table.name} {column.name}").random(len(people))
            given[column.name] = drawn(column, at, aims.span)[rows]
        elif column.name == "wave" and file.wave is not None:
            given[column.name] = np.full(rows.size, file.wave)
    items = _items(rng, table, people, rows, words, seed)
    return given | {name: _blank(values, ~answered) for name, values in items}


def _items(
    rng: np.random.Generator,
    table: Table,
    people: Spine,
    rows: NDArray[np.int64],
    words: Codebook,
    seed: int,
) -> Iterator[tuple[str, Values]]:
    """Yield the items of the scales: what a person feels lasts, so that answers go together."""
    for scale in (one for one in words.scales.values() if one.table == table.name):
        feeling = 0.8 * _rng(seed, scale.name).standard_normal(len(people))[rows]
        feeling += 0.6 * rng.standard_normal(rows.size)
        for name in scale.items:
            normal = 0.7 * feeling + 0.7 * rng.standard_normal(rows.size)
            place = _place(-normal if name in scale.reversed else normal)
            column = table.column(name)
            values = with_missing(rng, column, drawn(column, place, people.aims.span))
            yield name, values.astype(object)


def _blank(values: Values, rows: NDArray[np.bool_]) -> Values:
    values[rows] = None
    return values


def _place(normal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where numbers lie among themselves, from 0 to 1."""
    ranks = np.argsort(np.argsort(normal, kind="stable"), kind="stable")
    return np.asarray((ranks + 0.5) / max(normal.size, 1))


def _filled(
    rng: np.random.Generator, file: TwinFile, given: Mapping[str, Values], aims: Aims
) -> pd.DataFrame:
    """Return the frame: what is given, everything else drawn by its declaration."""
    size = next((values.size for values in given.values()), file.rows)
    columns: dict[str, Values] = {}
    for name in file.columns:
        column, kept = file.table.column(name), file.keep.get(name)
        is_free = column.sensitivity == "identifying" and column.type == "string"
        if name in given:
            columns[name] = given[name]
            if column.type == "date":
                columns[name] = np.clip(given[name], *within(column, _ANY_DAY))
        elif kept is not None:
            columns[name] = np.array(kept)[rng.integers(0, len(kept), size)]
        elif (
            column.role == "key" or file.table.key == (name,) or (is_free and not column.codes)
        ):
            columns[name] = unique_keys(rng, column, size)
        else:
            values = drawn(
                column,
                rng.random(size),
                aims.span,
                aims.limits.get(name),
                shares=file.shares.get(name),
            )
            columns[name] = with_missing(rng, column, values)
    frame = pd.DataFrame(columns)
    for earlier, later in file.table.order:
        if earlier in frame and later in frame:
            wrong = frame[earlier] > frame[later]
            frame[earlier] = frame[earlier].mask(wrong, frame[later])
    key = [name for name in file.table.key if name in frame]
    return frame.drop_duplicates(key, ignore_index=True) if key else frame
