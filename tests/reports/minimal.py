"""A report on next to nothing, for tests that change what they are about."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from analyses.outcomes.facts import TimeFacts
from analyses.results.facts import (
    ComparisonFacts,
    ContrastFacts,
    DisclosureFacts,
    DonorFacts,
    LabelFacts,
    OutcomeFacts,
    RunFacts,
    StudyFacts,
    TargetTrialFacts,
)
from analyses.study.sections import ReportFacts, StudyWords
from data_dictionary.roles import Noun
from evaluation.grades import Grade, grade_of
from reports.facts import Report
from reports.words.vocabulary import Vocabulary

NOUNS = StudyWords(
    treated=Noun(singular="deltager", plural="deltagere", definite="deltagerne"),
    comparison=Noun(
        singular="sammenligningsperson",
        plural="sammenligningspersoner",
        definite="sammenligningspersonerne",
    ),
    unit=Noun(singular="person", plural="personer", definite="personerne"),
)
PARTICIPANTS = Vocabulary(
    family="pairs", estimand="ATT", leaves_out=True, design="observational", nouns=NOUNS
)
KOMMUNE = LabelFacts(label="Kommune", levels={"151": "Ballerup"})
TEXTS = ReportFacts(
    title="En undersøgelse",
    subtitle=None,
    authors=(),
    publisher=None,
    source="Kilden",
    introduction=None,
    limits=(),
    score_chapter=None,
    staff_chapter=None,
    time_chapter=None,
    value_chapter=None,
)
WEEKS = TimeFacts(
    event="employment",
    competing=(),
    horizon=104,
    unit="weeks",
    register="weekly_register",
    fine_gray="crr",
    weeks=4,
)
CONTRAST = ContrastFacts(
    outcome="employment",
    term="itt_did",
    estimand="ITT",
    horizon=52,
    months=6,
    method="jackknife",
    reason="",
)
PAIRS = ComparisonFacts(
    name="main",
    label="",
    method="nearest",
    family="pairs",
    estimand="ATT",
    distance="logit",
    options={},
    leaves_out=True,
)


def outcome(name: str = "employment", time: TimeFacts | None = WEEKS) -> OutcomeFacts:
    """Return a primary outcome in time."""
    return OutcomeFacts(
        name=name,
        label="Beskæftigelse",
        role="primary",
        family="main",
        estimate="incidence",
        kind="time",
        unit="percentage points",
        ess={},
        time=time,
    )


def facts(labels: Mapping[str, str] | None = None, **changed: Any) -> RunFacts:
    """Return the facts of a study with municipalities, some of them changed."""
    known = {name: LabelFacts(label=label) for name, label in (labels or {}).items()}
    made = RunFacts(
        enplan_version="1.0",
        schema=0,
        study=StudyFacts(
            name="x",
            title="X",
            file="",
            sha256="0",
            synthetic=False,
            seed=1,
            design="observational",
            words=NOUNS,
        ),
        inputs=(),
        packages={},
        started="2026-01-01",
        cluster="municipality",
        treatment="plan",
        covariates=(),
        exact=(),
        level=0.95,
        tables=(),
        outcomes=(outcome(),),
        decisions=(),
        contrasts=(),
        path=None,
        donors=DonorFacts(source="other", follow_up=26),
        families=(),
        shares=(),
        sensitivity=(),
        after_index_date={},
        labels={"municipality": KOMMUNE, **known},
        derived={},
        target_trial=TargetTrialFacts(
            eligibility="everyone",
            status=None,
            against="elsewhere",
            level=None,
            time_zero="unknown",
            moves=True,
            own_starts=False,
            exits=False,
        ),
        disclosure=DisclosureFacts(min_cell=5),
        comparison=PAIRS,
        designs=(),
        benchmark=None,
        report=TEXTS,
        outputs={},
    )
    return replace(made, **changed)


def effects(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Return a table of effects with what a row leaves out."""
    usual = {
        **{"outcome": "employment", "term": "incidence", "unit": "percentage points"},
        **{"p_value": float("nan"), "p_adjusted": float("nan"), "n_clusters": 39},
        **{"n_treated": 400, "n_comparison": 400, "conf_level": 0.95},
    }
    return pd.DataFrame([{**usual, **row} for row in rows])


def grade(estimate: float, *p_values: float, is_tested: bool = True) -> Grade:
    """Return the grade of an effect, as a run would."""
    if math.isnan(estimate):
        return Grade.HIDDEN
    return grade_of(*p_values, level=0.95, is_tested=is_tested)


def grades(effects: pd.DataFrame, tested: Collection[tuple[str, str]]) -> pd.DataFrame:
    """Return the grades of effects, of which the plan tests some."""
    rows = [
        {
            **{"outcome": row["outcome"], "part": "", "term": row["term"], "bounded": ""},
            "grade": grade(
                row["estimate"],
                row["p_value"],
                row["p_adjusted"],
                is_tested=(row["outcome"], row["term"]) in tested,
            ),
        }
        for row in effects.to_dict("records")
    ]
    return pd.DataFrame(rows)


def report(frames: Mapping[str, pd.DataFrame] | None = None, **changed: Any) -> Report:
    """Return a report on some tables and changed facts; effects get their grades."""
    made, known = facts(**changed), dict(frames or {})
    if "effects" in known and "grades" not in known:
        tested = {(one.name, one.estimate) for one in made.outcomes}
        known["grades"] = grades(known["effects"], tested)
    return Report(facts=made, frames=known)
