"""grades.csv: how sure each difference is, judged before anything is hidden or rounded."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analyses.published.columns import Column, words
from analyses.published.table import Made, Release, ResultTable
from evaluation.grades import Grade, grade_of, is_bounded

# What a row is told by: nobody may know how sure a number is that is not shown.
SEEN_BY = {"effects": "estimate", "tests": "p_value", "designs": "conf_low"}
BOUNDED = "bounded"


def build(made: Made) -> pd.DataFrame:
    """Return the grade of every effect, test of curves and other design."""
    return pd.DataFrame([*_effects(made), *_tests(made), *_designs(made)])


def _effects(made: Made) -> Iterator[dict[str, str]]:
    outcomes = made.estimates.outcomes
    for effect in made.estimates.effects.effects:
        one = outcomes.get(effect.outcome)
        is_tested = one is not None and one.tested.term == effect.term
        grade = grade_of(
            effect.p_value, effect.p_adjusted, level=effect.conf_level, is_tested=is_tested
        )
        plan = one.outcome.smallest if is_tested and one is not None else None
        bounded = (
            plan is not None
            and plan.bias <= plan.value
            and is_bounded(
                effect.conf_low, effect.conf_high, plan.value, is_ratio=effect.is_ratio
            )
        )
        yield _row("effects", effect.outcome, "", effect.term, grade, bounded=bounded)


def _tests(made: Made) -> Iterator[dict[str, str]]:
    level = made.study.inference.level
    for row in made["tests"].to_dict("records"):
        grade = grade_of(float(row["p_value"]), level=level, is_tested=False)
        yield _row("tests", row["outcome"], row["cause"], row["test"], grade)


def _designs(made: Made) -> Iterator[dict[str, str]]:
    for row in made["designs"].to_dict("records"):
        low, high = float(row["conf_low"]), float(row["conf_high"])
        # Other designs were never planned to be tested: they may indicate, and no more.
        grade = Grade.INDICATION if low > 0.0 or high < 0.0 else Grade.UNCERTAIN
        if np.isnan(low):
            grade = Grade.REFUSED
        yield _row("designs", row["outcome"], row["design"], "mean_difference", grade)


def _row(
    of: str, outcome: object, part: object, term: object, grade: Grade, *, bounded: bool = False
) -> dict[str, str]:
    return {
        "of": of,
        "outcome": str(outcome),
        "part": str(part),
        "term": str(term),
        "grade": str(grade),
        "bounded": BOUNDED if bounded and grade is not Grade.REFUSED else "",
    }


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide the grade of what is hidden itself, and that a hidden interval is bounded."""
    seen = pd.Series(data=True, index=frame.index)
    for of, number in SEEN_BY.items():
        # Rows of the two tables stand in the same order: one is made from the other.
        seen[frame["of"] == of] = release.shown[of][number].notna().to_numpy()
    bounded = frame["bounded"].where(seen, "").to_numpy()
    # Nor may anybody learn where a hidden interval lies; of other tables nothing is bounded.
    known = release.shown["effects"]["conf_low"].notna().to_numpy()
    of_effects = (frame["of"] == "effects").to_numpy()
    bounded[of_effects] = np.where(known, bounded[of_effects], "")
    return frame.assign(grade=frame["grade"].where(seen), bounded=bounded)


GRADES = ResultTable(
    name="grades",
    meaning="How sure each difference is, as far as chance goes.",
    columns={
        **words("outcome"),
        "part": Column("key", "way out or design it is of; empty for the outcome's own"),
        **words("term"),
        "grade": Column(
            "text",
            "`certain`, `lost_to_family`, `uncertain`, `indication` (told apart, not tested by "
            "the plan) or `refused`; judged before rounding",
        ),
        "bounded": Column(
            "text",
            "`bounded` where both limits lie inside the smallest difference that matters by "
            "the plan, else empty; judged before rounding",
        ),
    },
    build=build,
    protect=protect,
    digits=(),
    agrees_with=tuple(SEEN_BY),
)
