"""Who stands in a study drawn by chance: keys, places, arms, and everybody's time zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from data_dictionary import Column, Table
from data_dictionary.wording import Level
from surveys.synthetic.values import Span, Values, drawn, unique_keys

_PLACES, _FEWEST_PLACES, _PERSONS_OF_A_PLACE = 40, 12, 60
_REACHED, _TAKES_PART, _MOVES_ON = 0.3, 0.4, 0.7
_YEAR = 365
_NONE = np.datetime64("NaT", "D")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aims:
    """What a study asks of its persons, in the names of its own columns.

    Everybody's time zero lies in `span`, `baseline` is the last wave before it. A register
    covers the weeks `before` and `after`; in the week of time zero everybody is on `status`,
    and has an open case of each of `case_types`.
    """

    people: str | None = None  # the table of persons
    unit: str | None = None
    treatment: str | None = None
    treated: Level = True
    cluster: str | None = None
    cluster_class: str | None = None
    everywhere: bool = False  # whether the programme reached every cluster
    excluded: tuple[Level, ...] = ()  # clusters that it did not reach
    index_date: str | None = None
    start: str | None = None
    eligible_from: str | None = None
    stages: tuple[str, ...] = ()
    born: tuple[str, ...] = ()  # dates that years are counted from
    causes: tuple[str, ...] = ()  # columns of 0 and 1, at most one of which is 1
    entry: Mapping[str, str] = field(default_factory=dict)  # to the column with the exit
    ends: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # column to its causes
    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    span: Span
    before: int = 0
    after: int = 0
    baseline: int = 1
    status: str | None = None
    events: tuple[str, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    case_types: tuple[str, ...] = ()
    observed_until: np.datetime64 | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spine:
    """Everybody, one entry per person; the first `n_reached` places had the programme."""

    aims: Aims
    key: Values
    place: NDArray[np.int64]
    n_places: int
    n_reached: int
    began: NDArray[np.datetime64]  # per place
    treated: NDArray[np.bool_]
    zero: NDArray[np.datetime64]

    def __len__(self) -> int:
        return self.place.size

    @classmethod
    def of(cls, rng: np.random.Generator, n: int, aims: Aims, table: Table | None) -> Spine:
        """Draw `n` persons; `table` declares their key and their places."""
        own = {} if table is None else {one.name: one for one in table.columns}
        key = own.get(str(aims.unit)) or next(
            (k for k in own.values() if k.role == "key"), None
        )
        codes = own[aims.cluster].codes if aims.cluster in own else {}
        places = min(_PLACES, max(_FEWEST_PLACES, n // _PERSONS_OF_A_PLACE))
        places = 1 if aims.cluster is None else min(places, len(codes) or places)
        reached = max(min(places - 1, max(6, round(_REACHED * places))), 1)
        reached = places if aims.everywhere else reached
        place = rng.permutation(np.arange(n) % places)
        first, last = aims.span
        width = int((last - first).astype(int))
        later = np.floor(rng.random(places) * (width // 3 + 1))
        since = np.where(place < reached, later[place], 0)
        share = _TAKES_PART * (_REACHED if aims.everywhere or places == 1 else 1)
        return cls(
            aims=aims,
            key=np.arange(n) if key is None else unique_keys(rng, key, n),
            place=place,
            n_places=places,
            n_reached=reached,
            began=(first + days(later)).astype("datetime64[M]").astype("datetime64[D]"),
            treated=(place < reached) & (rng.random(n) < share),
            zero=first + days(since + np.floor(rng.random(n) * (width + 1 - since))),
        )

    def names(self, column: Column) -> Values:
        """Return what the places are called, those that the programme may not reach last."""
        n, is_text = self.n_places, column.type == "string"
        codes: list[Level] = [*column.codes] or [
            f"{column.name} {k}" if is_text else 100 + k for k in range(1, n + 1)
        ]
        # Spread over the list, so that those of one region are not all in one arm.
        spread = np.linspace(0, len(codes) - 1, n).round().astype(np.int64)
        mixed = np.random.default_rng(0).permutation(spread)
        ordered = sorted((codes[k] for k in mixed), key=lambda one: one in self.aims.excluded)
        return np.array(ordered, dtype=object if is_text else np.int64)

    def columns(
        self,
        rng: np.random.Generator,
        table: Table,
        rows: NDArray[np.int64],
        keep: Mapping[str, tuple[Level, ...]],
    ) -> dict[str, Values]:
        """Return the columns of the table of persons that play a part in the study."""
        aims, n, first = self.aims, rows.size, self.aims.span[0]
        own = {column.name: column for column in table.columns}
        # A file of which one arm is kept has both.
        treated = rng.random(n) < 0.5 if aims.treatment in keep else self.treated[rows]
        zero = self.zero[rows]
        back = zero - days(rng.integers(0, 200, n))
        left = np.where(rng.random(n) < 0.03, zero + days(rng.integers(200, 900, n)), _NONE)
        found: dict[str | None, Values] = {
            aims.unit: self.key[rows],
            aims.index_date: zero,
            aims.start: np.where(treated, zero, _NONE),
            aims.eligible_from: back,
        }
        found |= {
            name: first - days(rng.integers(18 * _YEAR, 62 * _YEAR, n)) for name in aims.born
        }
        asked = self.place[rows] < self.n_reached
        for name in aims.stages:
            asked = treated | (asked & (rng.random(n) < _MOVES_ON))
            is_date = name in own and own[name].type == "date"
            found.setdefault(
                name, np.where(asked, back, _NONE) if is_date else asked.astype(int)
            )
        found |= self._outcomes(rng, own, n)
        for column in table.columns:
            if column.name == aims.treatment:
                found[column.name] = _arms(rng, column, treated, aims)
            elif column.name == aims.cluster or (aims.cluster and column.role == "cluster"):
                found[column.name] = self.names(column)[self.place[rows]]
            elif column.name == aims.cluster_class:
                # Places of every class are among those reached, and among the others.
                n_classes = len(column.codes) or 3
                at = (np.arange(self.n_places) % n_classes + 0.5) / n_classes
                found[column.name] = drawn(column, at, aims.span)[self.place[rows]]
            elif column.role == "resident_from":
                found[column.name] = first - days(rng.integers(3_000, 9_000, n))
            elif column.role == "resident_until":
                found[column.name] = left
            elif column.role == "key":
                found.setdefault(column.name, self.key[rows])
        return {name: values for name, values in found.items() if name is not None}

    def _outcomes(
        self, rng: np.random.Generator, own: Mapping[str, Column], n: int
    ) -> dict[str | None, Values]:
        """Return columns that say when something happened, and what: one cause at the most."""
        aims = self.aims
        cause = rng.integers(0, len(aims.causes) + 1, n)
        found: dict[str | None, Values] = {
            name: (cause == k).astype(int) for k, name in enumerate(aims.causes)
        }
        for name, ends in aims.ends.items():
            # Whoever is censored has none of them.
            chosen = rng.integers(0, len(ends) + 1, n)
            levels = [*(int(e) if own[name].type == "integer" else e for e in ends), None]
            found[name] = np.array(levels, dtype=object)[chosen]
        for entry, leave in aims.entry.items():
            found[leave] = drawn(own[leave], rng.random(n), aims.span, aims.limits.get(leave))
            found[entry] = np.floor(found[leave] * rng.random(n) * 0.5)
        return found

    def exposure(self, table: Table) -> dict[str, Values]:
        """Return when the programme began: a row per place reached and code of the key."""
        place = table.playing("cluster")
        parts = [one for one in table.columns if one.name in table.key and one is not place]
        parts = [one for one in parts if one.codes]
        sizes = [self.n_reached, *(len(one.codes) for one in parts)]
        at, *cells = np.indices(sizes).reshape(len(sizes), -1)
        given: dict[str, Values] = {place.name: self.names(place)[at]}
        for one, cell in zip(parts, cells, strict=True):
            kind = object if one.type == "string" else np.int64
            given[one.name] = np.array([*one.codes], dtype=kind)[cell]
        # In some parts of a place it began earlier; nobody starts before it did.
        given[table.playing("start").name] = self.began[at] - days(31 * sum(cells))
        return given


def days(number: object) -> NDArray[np.timedelta64]:
    """Return numbers as days."""
    return np.asarray(number).astype("timedelta64[D]")


def _arms(
    rng: np.random.Generator, column: Column, treated: NDArray[np.bool_], aims: Aims
) -> Values:
    """Return the level of each row's arm."""
    if column.type == "boolean":
        return np.equal(treated, bool(aims.treated)).astype(int)
    is_text = column.type == "string"
    others = [one for one in column.codes if one != aims.treated] or ["-" if is_text else 0]
    kind = object if is_text else np.int64
    other = np.array(others, dtype=kind)[rng.integers(0, len(others), treated.size)]
    return np.where(treated, np.array([aims.treated], dtype=kind), other)
