"""What an attacker knows of whole numbers in sums, and what that leaves open."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

Terms = Mapping[str, float]
Row = tuple[dict[str, float], float, float]
CLOSE = 1e-6
# No count is moved farther than this from the truth when other worlds are sought.
FAR = 30


@dataclass(frozen=True)
class Target:
    """A number that nobody should find out: a sum of unknowns, and its true value."""

    name: str
    terms: Terms
    truth: int
    is_labelled: bool = False
    """Whether its table says that it is below min_cell."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """Constraints on unknowns that hang together, and a sum of theirs."""

    matrix: np.ndarray
    low: np.ndarray
    high: np.ndarray
    least: np.ndarray
    most: np.ndarray
    aim: np.ndarray
    fixed: float

    def solved(self, sign: int, low: float, high: float) -> float | None:
        """Return the least (1) or most (-1) of the sum between two numbers, 0 for any."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        found = milp(
            sign * self.aim,
            constraints=LinearConstraint(
                csr_array(np.vstack([self.matrix, self.aim])),
                np.append(self.low, low - self.fixed),
                np.append(self.high, high - self.fixed),
            ),
            bounds=Bounds(self.least, self.most),
            integrality=np.ones(len(self.aim)),
            # HiGHS' presolve (scipy 1.17) loses worlds that hold, and saves no time.
            options={"presolve": False},
        )
        if found.status == 2:
            return None
        if found.status != 0:
            raise AssertionError(f"the solver gave up: {found.message}")
        return float(self.aim @ found.x + self.fixed)


@dataclass
class Model:
    """Unknown counts of persons, each with its true value, and what is known of them."""

    least: dict[str, float] = field(default_factory=dict)
    most: dict[str, float] = field(default_factory=dict)
    truth: dict[str, int] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    told: dict[str, float] = field(default_factory=dict)
    _of: dict[str, list[int]] = field(default_factory=dict)
    _indexed: int = -1

    def count(self, name: str, truth: int, least: float = 0, most: float = math.inf) -> str:
        """Add an unknown, or narrow one that is known already."""
        self.least[name] = max(least, self.least.get(name, 0))
        self.most[name] = min(most, self.most.get(name, math.inf))
        if self.truth.setdefault(name, truth) != truth:
            raise AssertionError(f"{name} has two truths")
        return name

    def size(self, name: str, truth: int) -> str:
        """Return the name of a size, of which nothing need be known yet."""
        return name if name in self.truth else self.count(name, truth)

    def within(self, terms: Terms, least: float, most: float = math.inf) -> None:
        """Know that a sum of unknowns lies between two numbers."""
        self.rows.append((dict(terms), least, most))

    def holds(self, outer: str, inner: str) -> None:
        """Know that one group holds another; how many lie between is a target."""
        self.within({outer: 1, inner: -1}, 0)
        self.aim(f"{outer} less {inner}", {outer: 1, inner: -1})

    def aim(self, name: str, terms: Terms, *, is_labelled: bool = False) -> None:
        """Add a target."""
        truth = round(sum(weight * self.truth[one] for one, weight in terms.items()))
        self.targets.append(Target(name, terms, truth, is_labelled))

    def untrue(self) -> list[str]:
        """Return what is "known" and false: nothing, or the attack is not sound."""
        wrong = [
            f"{name} = {n} is not within {self.least[name]} to {self.most[name]}"
            for name, n in self.truth.items()
            if not self.least[name] <= n <= self.most[name]
        ]
        for terms, least, most in self.rows:
            value = sum(weight * self.truth[name] for name, weight in terms.items())
            if not least - CLOSE <= value <= most + CLOSE:
                wrong.append(f"{terms} = {value} is not within {least} to {most}")
        return wrong

    def ends(self, terms: Terms, cap: float) -> tuple[int, int]:
        """Return the least and the most that a sum may be, up to a cap."""
        program = self._program(terms)
        if program is None:
            fixed = round(sum(weight * self.least[name] for name, weight in terms.items()))
            return fixed, min(fixed, round(cap))
        return round(program.solved(1, 0, cap)), round(program.solved(-1, 0, cap))

    def possible(self, terms: Terms, values: Iterable[int]) -> Iterator[int]:
        """Yield which of some values a sum may have by all that is known."""
        program = self._program(terms)
        if program is not None:
            yield from (one for one in values if program.solved(0, one, one) is not None)

    def _program(self, terms: Terms) -> Program | None:
        """Return all that hangs together with a sum as an integer programme."""
        names, rows = self._about(terms)
        if not names:
            return None
        place = {name: k for k, name in enumerate(names)}

        def split(some: Terms) -> tuple[np.ndarray, float]:
            made, fixed = np.zeros(len(names)), 0.0
            for name, weight in some.items():
                if name in place:
                    made[place[name]] = weight
                else:
                    fixed += weight * self.least[name]
            return made, fixed

        parts = [(split(some), least, most) for some, least, most in rows]
        aim, fixed = split(terms)
        return Program(
            matrix=np.array([row for (row, _), _, _ in parts]).reshape(-1, len(names)),
            low=np.array([least - known - CLOSE for (_, known), least, _ in parts]),
            high=np.array([most - known + CLOSE for (_, known), _, most in parts]),
            least=np.array([self.least[name] for name in names]),
            most=np.array([self.most[name] for name in names]),
            aim=aim,
            fixed=fixed,
        )

    def _about(self, terms: Terms) -> tuple[list[str], list[Row]]:
        """Return the unknowns that hang together with some, and what is known of them."""
        seen, waiting, rows = set(), [n for n in terms if self.least[n] < self.most[n]], set()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            for k in self._rows_of(name):
                if k not in rows:
                    rows.add(k)
                    waiting += [n for n in self.rows[k][0] if self.least[n] < self.most[n]]
        return sorted(seen), [self.rows[k] for k in sorted(rows)]

    def _rows_of(self, name: str) -> list[int]:
        """Return the rows in which an unknown stands."""
        if self._indexed != len(self.rows):
            self._of = {}
            for k, (row, _, _) in enumerate(self.rows):
                for one in row:
                    self._of.setdefault(one, []).append(k)
            self._indexed = len(self.rows)
        return self._of.get(name, [])

    def _along(self, step: Terms, world: Terms) -> int:
        """Return how often a step may be taken from a world where all that is known is so."""
        ends = [({name: 1.0}, self.least[name], self.most[name]) for name in step]
        ends += [self.rows[k] for k in {k for name in step for k in self._rows_of(name)}]
        most = float(FAR)
        for row, low, high in ends:
            slope = sum(row.get(name, 0.0) * weight for name, weight in step.items())
            if slope:
                at = sum(weight * world[name] for name, weight in row.items())
                most = min(
                    most, ((high if slope > 0 else low) - at + CLOSE / 2 * slope) / slope
                )
        return max(math.floor(most), 0)

    def _completed(self, step: Terms) -> Terms:
        """Return a step in which a pair with a known sum moves against one another."""
        made = dict(step)
        for name, by in step.items():
            for row, low, high in (self.rows[k] for k in self._rows_of(name)):
                if len(row) == 2 and low == high and set(row.values()) == {1.0}:
                    other = next(one for one in row if one != name)
                    made.setdefault(other, -by)
        return made

    def _witnessed(self, target: Target) -> Iterator[set[int]]:
        """Yield ever more values of a target, each of a world in which all that is known holds.

        The truth is one; from there persons are moved from one unknown to another, step by
        step.  What is found so needs no solver.
        """
        found = {target.truth}
        for sign in (1.0, -1.0):
            world: dict[str, float] = dict(self.truth)
            for name, weight in target.terms.items():
                own = {name: sign * weight}
                others = {one for k in self._rows_of(name) for one in self.rows[k][0]}
                steps = [own]
                for other in sorted(others - set(target.terms)):
                    steps += [{**own, other: -own[name]}, {**own, other: own[name]}]
                for step in map(self._completed, steps):
                    times = self._along(step, world)
                    at = round(sum(w * world[one] for one, w in target.terms.items()))
                    found |= {at + round(sign) * k for k in range(times + 1)}
                    for one, by in step.items():
                        world[one] += times * by
                    yield found

    def narrowed(self, min_cell: int) -> list[str]:
        """Return the targets of few of which too little is left open, and why.

        At least ``min_cell - 1`` integers must be possible, and, unless the table itself says
        that there are few, one of them must not be 1 to ``min_cell - 1``.
        """
        found = []
        for target in self.targets:
            if not 0 < target.truth < min_cell:
                continue

            def is_open(values: set[int], *, labelled: bool = target.is_labelled) -> bool:
                outside = labelled or any(not 0 < one < min_cell for one in values)
                return outside and len(values) >= min_cell - 1

            values = {target.truth}
            if any(is_open(values := one) for one in self._witnessed(target)):
                continue
            cap = 3 * min_cell
            low, high = self.ends(target.terms, cap)
            if any(not low <= one <= high for one in values if one <= cap):
                raise AssertionError(f"the solver misses a world: {target.name}")
            if high - low >= 2 * min_cell:
                continue
            for one in self.possible(target.terms, set(range(low, high + 1)) - values):
                values = values | {one}
                if is_open(values):
                    break
            else:
                found.append(f"{target.name} = {target.truth}: {sorted(values)}")
        return found
