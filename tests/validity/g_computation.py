"""Coverage of g-computation and weighted means after every design, in studies without clusters.

    python -m tests.validity.g_computation [--runs 2000] [--workers N | --executor ADDRESS]

Both outcomes of every person are drawn as chances, which are logits in the covariates; the
models are told of the covariates, logits are right and linear models are not.  An effect is
held against the truth that its error is about: of the persons in its target where sets and
target are held fixed, of the whole population where the target's composition is part of the
error (weights).

The gate: at least 93.5 % of intervals cover, and the mean standard error is within 0.85 to 1.25
of the standard deviation of what estimates are off by.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import evaluation as ev
from tests.validity.workers import add_executor, executor_of

if TYPE_CHECKING:
    from evaluation import Matched

PERSONS = 1000
LEAST_COVERED = 0.935
ERROR_RATIO = (0.85, 1.25)
NAMES = ("a", "b", "c")
ROLES = ev.Roles(unit="id", treatment="t", covariates=NAMES)
CUTS = {"a": 4, "b": 4, "c": 0}
DESIGNS: dict[str, Callable[[pd.DataFrame], Matched]] = {
    **{
        f"subclass {n}, {estimand}": lambda frame, n=n, estimand=estimand: ev.match(
            frame, ROLES, ev.Subclass(n=n), estimand=estimand
        )
        for n in (4, 5, 8)
        for estimand in ("ATT", "ATE")
    },
    "cem, ATT": lambda frame: ev.match(frame, ROLES, ev.Cem(cutpoints=CUTS)),
    "exact, ATT": lambda frame: ev.match(coarse(frame), ROLES, "exact"),
    "exact, ATE": lambda frame: ev.match(coarse(frame), ROLES, "exact", estimand="ATE"),
    "pairs, ATT": lambda frame: ev.match(frame, ROLES),
    "full, ATT": lambda frame: ev.match(frame, ROLES, "full"),
    "full, ATE": lambda frame: ev.match(frame, ROLES, "full", estimand="ATE"),
    "ipw, ATT": lambda frame: ev.weigh(frame, ROLES),
    "ipw, ATE": lambda frame: ev.weigh(frame, ROLES, estimand="ATE"),
    "overlap, ATO": lambda frame: ev.weigh(frame, ROLES, "overlap"),
}


def draw(seed: int, n: int = PERSONS) -> pd.DataFrame:
    """Draw one study: ``p1`` and ``p0`` are a person's chances with and without treatment."""
    rng = np.random.default_rng(seed)
    a, b, c = rng.normal(size=n), rng.normal(size=n), rng.integers(0, 3, n)
    return _answered(pd.DataFrame({"id": range(n), "a": a, "b": b, "c": c}), rng)


def coarse(frame: pd.DataFrame) -> pd.DataFrame:
    """Return another study of persons of few kinds, so that exact sets hold all there is."""
    rng = np.random.default_rng(frame["y"].to_numpy(np.uint32))
    kinds = {
        "a": pd.cut(frame["a"], [-9, -0.7, 0, 0.7, 9], labels=[-1.2, -0.4, 0.4, 1.2]),
        "b": np.where(frame["b"] > 0, 0.8, -0.8),
    }
    return _answered(frame[["id", "c"]].assign(**kinds).astype({"a": float}), rng)


def _answered(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    a, b, c = (frame[name].to_numpy() for name in NAMES)
    n = len(frame)
    chance = 1 / (1 + np.exp(1 - 0.6 * a - 0.4 * b - 0.3 * (c - 1)))
    without = -0.5 + 0.8 * a + 0.6 * b + 0.3 * c
    p1, p0 = 1 / (1 + np.exp(-without - 0.5 - 0.3 * b)), 1 / (1 + np.exp(-without))
    t = (rng.random(n) < chance).astype(int)
    y = (rng.random(n) < np.where(t == 1, p1, p0)).astype(int)
    return frame.assign(t=t, y=y, p1=p1, p0=p0, chance=chance)


def population(n: int = 1_000_000) -> dict[str, float]:
    """Return the effect on each population in percentage points, from one large draw."""
    many = draw(0, n)
    gap, chance = 100 * (many["p1"] - many["p0"]), many["chance"]
    weights = {"ATT": chance, "ATE": chance**0, "ATO": chance * (1 - chance)}
    return {name: float(np.average(gap, weights=own)) for name, own in weights.items()}


def effects(m: Matched, design: str) -> Iterator[tuple[str, ev.Effect, float]]:
    """Yield every estimate on a design, with what makes it percentage points."""
    yield "logit", ev.g_computation(m, "y", model="logit"), 1.0
    yield "linear", ev.g_computation(m, "y"), 100.0
    # Subclasses and bins leave differences inside them: only a model takes those out.
    if not design.startswith(("subclass", "cem", "pairs", "full")):
        yield "means", ev.mean_difference(m, "y"), 100.0


def one_run(seed: int, truths: dict[str, float]) -> list[dict[str, Any]]:
    """Estimate one study by every design and model, each beside its truth."""
    rows, frame = [], draw(seed)
    for design, make in DESIGNS.items():
        m = make(frame)
        target = m.used & (m.treated | (m.estimand != "ATT"))
        gap = m.frame["p1"] - m.frame["p0"]
        truth = 100 * gap[target].mean() if m.weighting is None else truths[m.estimand]
        for model, effect, scale in effects(m, design):
            rows.append(
                {
                    "design": design,
                    "model": model,
                    "off": scale * effect.estimate - truth,
                    "std_error": scale * effect.std_error,
                    "covers": scale * effect.conf_low <= truth <= scale * effect.conf_high,
                }
            )
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What one design and model did over all runs; a refused interval covers nothing."""

    design: str
    model: str
    runs: int
    refused: int
    covered: float
    bias: float
    spread: float
    error: float

    @property
    def ratio(self) -> float:
        """Reported over true error."""
        return self.error / self.spread

    @property
    def passes(self) -> bool:
        """Whether it covers, and knows its own error."""
        low, high = ERROR_RATIO
        return self.covered >= LEAST_COVERED and low <= self.ratio <= high


def gates(rows: pd.DataFrame) -> list[Gate]:
    """Judge every design and model."""
    return [
        Gate(
            design=str(design),
            model=str(model),
            runs=len(one),
            refused=int(one["std_error"].isna().sum()),
            covered=float(one["covers"].mean()),
            bias=float(one["off"].mean()),
            spread=float(one["off"].std(ddof=1)),
            error=float(one["std_error"].mean()),
        )
        for (design, model), one in rows.groupby(["design", "model"], sort=False)
    ]


def table(found: list[Gate]) -> str:
    """Return the gates as an aligned table; numbers are percentage points."""
    frame = pd.DataFrame(
        {
            "design": [g.design for g in found],
            "model": [g.model for g in found],
            "runs": [g.runs for g in found],
            "refused": [g.refused for g in found],
            "covered": [f"{g.covered:.1%}" for g in found],
            "off by": [f"{g.bias:+.2f}" for g in found],
            "true error": [f"{g.spread:.2f}" for g in found],
            "reported": [f"{g.error:.2f}" for g in found],
            "ratio": [f"{g.ratio:.2f}" for g in found],
            "gate": ["passes" if g.passes else "FAILS" for g in found],
        }
    )
    return frame.to_string(index=False)


def main() -> int:
    """Run the gates; the exit status is 1 where one fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    add_executor(parser)
    given = parser.parse_args()
    start, truths = time.perf_counter(), population()
    seeds = range(given.seed, given.seed + given.runs)
    found_rows = executor_of(given).map(partial(one_run, truths=truths), list(seeds))
    found = gates(pd.DataFrame([row for rows in found_rows for row in rows]))
    print(table(found))
    print(f"{given.runs} studies of {PERSONS} persons, {time.perf_counter() - start:.0f} s")
    return 0 if all(g.passes for g in found) else 1


if __name__ == "__main__":
    # Workers know the functions by the name of their module, which is not that of a script.
    from tests.validity import g_computation

    raise SystemExit(g_computation.main())
