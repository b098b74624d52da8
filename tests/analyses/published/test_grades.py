"""Grades are judged from exact numbers, and nobody learns the grade of what is hidden."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analyses import Estimates, Results, Study
from analyses.inputs.tables import Tables as Data
from analyses.published.grades import GRADES, build
from analyses.published.table import Made, Release
from analyses.published.tables import TABLES
from analyses.study.plan import Smallest
from evaluation import EffectTable
from evaluation.grades import Grade, grade_of

P = st.floats(0, 1)


@given(p=P, adjusted=P, level=st.sampled_from([0.9, 0.95, 0.99]))
def test_a_grade_follows_from_the_exact_p_values(
    p: float, adjusted: float, level: float
) -> None:
    alpha = 1 - level
    assert (grade_of(p, adjusted, level=level) is Grade.CERTAIN) == (
        p <= alpha and adjusted <= alpha
    )
    assert (grade_of(p, level=level, is_tested=False) is Grade.INDICATION) == (p <= alpha)
    assert grade_of(p, level=level, is_tested=False) is not Grade.CERTAIN
    assert grade_of(math.nan, level=level) is Grade.REFUSED


def test_a_p_value_that_would_be_rounded_onto_the_border_keeps_its_side() -> None:
    assert grade_of(0.0499999999999, level=0.95) is Grade.CERTAIN
    assert grade_of(0.0500000000011, level=0.95) is Grade.UNCERTAIN
    assert grade_of(0.01, 0.0500000000011, level=0.95) is Grade.LOST


def made_with(
    study: Study, tables: Data, estimates: Estimates, p_value: float, adjusted: float
) -> pd.DataFrame:
    effects = tuple(
        replace(effect, p_value=p_value, p_adjusted=adjusted)
        for effect in estimates.effects.effects
    )
    changed = replace(estimates, effects=EffectTable(effects=effects))
    return build(Made(TABLES, study, tables, changed))


def test_only_what_the_plan_tests_is_certain(
    study: Study, tables: Data, estimates: Estimates
) -> None:
    frame = made_with(study, tables, estimates, 0.01, 0.02)
    effects = frame[frame["of"] == "effects"]
    certain = effects[effects["grade"] == "certain"]
    tested = {(name, one.tested.term) for name, one in estimates.outcomes.items()}
    assert set(zip(certain["outcome"], certain["term"], strict=True)) == tested
    assert set(effects["grade"]) == {"certain", "indication"}
    lost = made_with(study, tables, estimates, 0.01, 0.06)
    assert (lost["grade"] == "lost_to_family").sum() == len(tested)


def test_what_is_bounded_follows_from_the_plan_and_the_exact_limits(
    study: Study, tables: Data, estimates: Estimates
) -> None:
    def bounded(smallest: Smallest | None, high: float, p_value: float = 0.4) -> set[str]:
        effects = [
            replace(one, conf_low=-2.0, conf_high=high, p_value=p_value)
            for one in estimates.effects.effects
        ]
        planned = {
            name: replace(one, outcome=replace(one.outcome, smallest=smallest))
            for name, one in estimates.outcomes.items()
        }
        changed = replace(
            estimates, effects=EffectTable(effects=tuple(effects)), outcomes=planned
        )
        frame = build(Made(TABLES, study, tables, changed))
        told = frame[frame["bounded"] != ""]
        assert set(told["bounded"]) <= {"bounded"}
        return set(zip(told["outcome"], told["term"], strict=True))

    tested = {(name, one.tested.term) for name, one in estimates.outcomes.items()}
    plan = Smallest(value=5.0, reason="Mindre kan ingen mærke.")
    assert bounded(plan, 4.99) == tested
    assert bounded(plan, 5.0) == bounded(None, 1.0) == bounded(plan, 4.9, math.nan) == set()
    assert bounded(replace(plan, bias=5.1), 4.0) == set()


def test_the_grade_of_a_hidden_number_is_hidden(
    study: Study, tables: Data, estimates: Estimates
) -> None:
    made = Made(TABLES, study, tables, estimates)
    shown = {name: TABLES[name].shaped(made[name]) for name in GRADES.agrees_with}
    shown["effects"].loc[shown["effects"].index[1], "estimate"] = np.nan
    shown["effects"].loc[shown["effects"].index[0], "conf_low"] = np.nan
    shown["tests"]["p_value"] = np.nan
    made["grades"]["bounded"] = "bounded"
    release = Release(min_cell=5, made=made, shown=shown, sizes={}, note=str)
    frame = GRADES.protect(made["grades"], release)
    effects = frame[frame["of"] == "effects"]["grade"].tolist()
    assert effects[0] is not None
    assert pd.isna(effects[1])
    told = frame.loc[frame["of"] == "effects", "bounded"].tolist()
    assert told[:2] == ["", ""]
    assert "bounded" in told[2:]
    assert frame.loc[frame["of"] == "tests", "grade"].isna().all()


def test_every_published_number_has_its_grade(results: Results) -> None:
    effects, grades = results.effects, results.grades
    own = grades.iloc[: len(effects)]
    assert own["outcome"].tolist() == effects["outcome"].tolist()
    assert own["term"].tolist() == effects["term"].tolist()
    assert own["grade"].isna().tolist() == effects["estimate"].isna().tolist()
