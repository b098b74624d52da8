"""Nothing reaches a page that nobody declared: invented tables, codes and terms are refused.

Every catalogue of words is held against the list of codes that it has words for.
"""

from __future__ import annotations

import ast
import json
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import is_dataclass, replace
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import reports.chapters
import reports.words
from analyses.cohort.flow import REASONS, Step
from analyses.outcomes.facts import ScoreFacts
from analyses.outcomes.time_fits import FineGray
from analyses.published.columns import WORDS, Column, Figure, Role, words
from analyses.published.gate import Gate
from analyses.published.table import Made, Release, ResultTable
from analyses.published.tables import TABLES
from analyses.results import facts as told
from analyses.results.compare import Cause
from analyses.results.labels import Generated
from analyses.results.lock import Standing as PlanStanding
from analyses.results.release import Dominance
from data_dictionary import load
from data_dictionary.columns import MissingKind
from data_dictionary.errors import DataError, DesignError
from data_dictionary.roles import TableRole
from evaluation.comparison.arms import ARMS
from evaluation.comparison.covariates import MISSING
from evaluation.comparison.method import SCORES, SPREADS, Family
from evaluation.comparison.methods import METHODS
from evaluation.grades import Grade
from evaluation.inference.gatekeeper import Method as InferenceMethod
from evaluation.inference.variation import Refusal
from evaluation.robustness.checks import NAMES as ASKED
from evaluation.robustness.checks import Check, Question, Variant
from evaluation.robustness.verdict import CHOICES, Standing, Threat, ThreatVerdict, Verdict
from evaluation.terms import (
    NAMED_TERMS,
    OF_DURATION,
    OF_OUTCOME,
    TERMS,
    UNITS,
    OutcomeKind,
    Term,
    require_term,
    term_of,
    terms_of,
)
from reports.chapters.follow_up import _step
from reports.chapters.time_tests import tests as curve_tests
from reports.rows import Durations
from reports.words import checks, target_trial
from reports.words.steps import Steps
from reports.words.vocabulary import vocabulary
from reports.words.wording import Finding, ratio_words
from surveys.files.remarks import REMARKS
from tests.reports import minimal

# What somebody could think of: a word like ours, or anything at all.
invented = st.from_regex(r"[a-z]{2,9}(_[a-z]{2,9})?", fullmatch=True) | st.text(min_size=1)

OFFERED = {term for kind in get_args(OutcomeKind) for term in terms_of(kind)}
HAZARDS = {"hazard_ratio", "subdistribution_hazard_ratio"}
HIDDEN = set(get_args(Threat)) - {"placebo", *CHOICES}
TRIAL = get_type_hints(told.TargetTrialFacts)
ENDINGS = {"lost", "followed", "event", "competing", "censored", "at_horizon"}
CODES = load("enplan").weekly_codes()
STATUSES = set() if CODES is None else set(CODES.statuses)

# The codes that a catalogue must have words for, all of them and no others.
WHOLE: Mapping[str, set[str]] = {
    "words.checks.BOUNDS": set(ARMS),
    "words.checks.PARTS": {check for check, variant in ASKED if variant == "whole"},
    "words.checks.CAUSES": HIDDEN,
    "words.checks.SIZES": HIDDEN,
    "words.checks.CHOICES": set(CHOICES),
    "words.glossary.R_METHODS": {kind.name for kind in METHODS},
    # The encoding stands in the table of files.
    "words.imports.IMPORTS": set(REMARKS) - {"encoding"},
    "words.labels.GENERATED": set(get_args(Generated)),
    "words.methods.FAMILIES": set(get_args(Family)),
    "words.methods.ESTIMANDS": set(get_args(told.Estimand)),
    "words.methods.DISTANCES": {*SCORES, *SPREADS},
    "words.methods.METHODS": {kind.name for kind in METHODS},
    "words.methods.INFERENCE": set(get_args(InferenceMethod)),
    "words.steps.STEPS": {"data", *REASONS},
    "words.steps.ENDINGS": ENDINGS,
    "words.target_trial.AGAINST": set(get_args(TRIAL["against"])),
    "words.target_trial.ZERO": set(get_args(TRIAL["time_zero"])),
    # That everybody is eligible is told without a status.
    "words.target_trial.ELIGIBLE": set(get_args(TRIAL["eligibility"])) - {"everyone"},
    "words.terms.TERMS": OFFERED
    | {*NAMED_TERMS.values(), "itt_did"}
    | {f"score_difference_{way}" for way in ("corrected", "uncorrected")}
    | {f"accumulated_weeks_{week}" for week in (26, 52, 104)},
    "words.terms.OF_HAZARDS": HAZARDS,
    "words.terms.DEFINITIONS": set(get_args(FineGray)),
    "words.terms.ROLES": set(get_args(told.Role)),
    "words.terms.TESTS": {"log_rank", "gray", "proportional_hazards"} | HAZARDS,
    "words.wording.UNSEEN": set(get_args(Refusal)),
    "words.certainty.CERTAINTY": set(Grade),
    # Of what is no finding nothing is left to tell.
    "words.certainty.ROBUSTNESS": set(Standing) - {Standing.NO_FINDING},
    "words.checks.FIRST": set(get_args(Threat)),
    "words.changes.CAUSES": set(get_args(get_type_hints(Cause)["what"])),
    "words.release.DOMINANCE": set(get_args(Dominance)),
    "chapters.appendix.KINDS": {*get_args(MissingKind), "blank"},
    "chapters.donors.SHORT": {*ARMS, "left_out"},
    "chapters.shares.WHERE": set(get_args(told.Places)),
    "chapters.estimands._STANDING": set(get_args(PlanStanding)),
    "chapters.uncertainties.SAID": set(Grade) - {Grade.HIDDEN},
    # Surveys are called by their own labels.
    "chapters.methods.RECORDS": {"cases", "hours", "dream"},
}
# Catalogues of some of the codes: the others are told in another way.
PART: Mapping[str, set[str]] = {
    "words.checks.NAMES": set(get_args(Variant)),
    "words.glossary.R_TERMS": set(TERMS),
    "words.labels.EVENTS": STATUSES | {"closed"},
    "words.labels.INSIDE": STATUSES,
    "words.labels.LEVELS": {MISSING},
    "chapters.appendix.MISREAD": {*get_args(MissingKind), "blank"},
    "chapters.follow_up.RULES": set(get_args(TableRole)),
    "chapters.sensitivity.KINDS": set(get_args(Check)),
}
# Catalogues of what others name too: a dictionary its labels, a study its stages and units.
OF_NAMES = {
    *("words.labels.CAUSES", "words.labels.MADE", "words.places.PLACES", "words.steps.GROUPS"),
    *("words.units.TIME_UNITS", "words.units.UNITS", "chapters.path.HORIZONS"),
}


def catalogues() -> dict[str, Mapping[str, object]]:
    """Return every mapping that a module of words or a chapter has of its own."""
    found: dict[str, Mapping[str, object]] = {}
    for package in (reports.words, reports.chapters):
        for one in pkgutil.iter_modules(package.__path__):
            module = import_module(f"{package.__name__}.{one.name}")
            tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
            for node in tree.body:
                aims = node.targets if isinstance(node, ast.Assign) else []
                aims = [node.target] if isinstance(node, ast.AnnAssign) else aims
                for name in (aim.id for aim in aims if isinstance(aim, ast.Name)):
                    if isinstance(value := getattr(module, name), Mapping):
                        place = module.__name__.removeprefix("reports.")
                        found[f"{place}.{name}"] = value
    return found


def test_every_catalogue_is_held_against_a_list_of_codes() -> None:
    assert set(catalogues()) == {*WHOLE, *PART, *OF_NAMES}


@pytest.mark.parametrize("name", WHOLE)
def test_every_code_has_words_and_no_words_are_without_a_code(name: str) -> None:
    assert set(catalogues()[name]) == WHOLE[name]


@pytest.mark.parametrize("name", PART)
def test_no_words_are_of_a_code_that_there_is_not(name: str) -> None:
    assert set(catalogues()[name]) <= PART[name]


def nothing(_: Made) -> pd.DataFrame:
    return pd.DataFrame()


def as_it_is(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    return frame


@given(name=invented, rule=st.none() | st.text() | st.integers() | st.lists(st.integers()))
def test_an_invented_table_without_a_rule_cannot_be_made(name: str, rule: object) -> None:
    make: Callable[..., ResultTable] = ResultTable
    parts = {"name": name, "meaning": "X.", "columns": words("n"), "build": nothing}
    with pytest.raises(TypeError, match="protect"):
        make(**parts)
    with pytest.raises(TypeError, match="`protect` must be a function"):
        make(**parts, protect=rule, digits=())


@given(name=invented, role=st.sampled_from(get_args(Figure)))
def test_an_invented_figure_without_digits_cannot_leave(name: str, role: Role) -> None:
    with pytest.raises(TypeError, match="no digits are declared"):
        ResultTable(
            name=name, meaning="X.", columns={name: Column(role, "X.")}, build=nothing,
            protect=as_it_is, digits=(),
        )  # fmt: skip


@given(name=invented)
def test_an_invented_table_that_is_not_listed_cannot_leave(name: str) -> None:
    assume(name not in TABLES)
    whole = ResultTable(
        name=name, meaning="X.", columns=words("n"), build=nothing, protect=as_it_is, digits=()
    )
    with pytest.raises(DesignError, match="is not declared as a result table"):
        Gate(5).publish({whole.name: pd.DataFrame({"n": [1]})})


@given(name=invented)
def test_an_invented_column_has_no_meaning_and_is_refused(name: str) -> None:
    assume(not set(name.split()) <= set(WORDS))
    with pytest.raises(TypeError, match="no meaning is declared"):
        words(name)
    with pytest.raises(TypeError, match="is not known"):
        Column(f"{name}!", "X.")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="needs a meaning"):
        Column("code", "")


@given(code=invented, unit=invented)
def test_an_invented_term_or_one_without_its_unit_is_refused(code: str, unit: str) -> None:
    assume(code not in TERMS and unit not in UNITS)
    for wrong in ("", unit):
        with pytest.raises(ValueError, match="needs what it estimates and a unit"):
            Term(code=code, estimates="X.", unit=wrong)
    # A number behind a code makes it another code, or none.
    assume(code.rstrip("0123456789") not in TERMS)
    with pytest.raises(ValueError, match="is not in the list"):
        term_of(code)
    for term in TERMS.values():
        if term.unit not in (OF_DURATION, OF_OUTCOME) and not term.is_numbered:
            with pytest.raises(ValueError, match="has no unit"):
                require_term(term.code, unit)


OUTCOME = minimal.outcome()
SCORE = ScoreFacts(
    scale="s",
    table="q",
    baseline=1,
    wave=2,
    baseline_column="s_w1",
    reliability="none",
    response=("low",),
)
FACTS = minimal.facts(
    outcomes=(OUTCOME, replace(minimal.outcome("s", time=None), score=SCORE)),
    tables=(
        told.TableFacts(name="q", label="Q", role="survey", asked="rows", places="treated"),
    ),
    decisions=(
        told.DecisionFacts(outcome="employment", term="incidence", method="set", reason=""),
    ),
    contrasts=(minimal.CONTRAST,),
    path=told.PathFacts(
        name="job",
        status=("employment",),
        label=None,
        weeks=(-4, 52),
        statuses=("employment",),
        merged=(),
        method="none",
        reason="few",
    ),
    derived={"d": told.DerivedFacts(form="from", of="X", levels={})},
    sensitivity=(
        told.ChallengedFacts(
            outcome="employment",
            verdict=Verdict(
                standing=Standing.ROBUST,
                threats=(ThreatVerdict(threat="shock", takes_away=False),),
            ),
            answers=(),
            not_made=(Question("nonresponse", "whole"),),
        ),
    ),
)


def is_code(hint: object) -> bool:
    """Whether a field holds one of a closed list, or nothing."""
    if isinstance(hint, type):
        return issubclass(hint, Enum)
    return get_origin(hint) is Literal or any(map(is_code, get_args(hint)))


def declared(kind: type) -> set[str]:
    """Return the fields of facts that hold a code, those of their parts among them."""
    found = set()
    for name, hint in get_type_hints(kind).items():
        if is_code(hint):
            found.add(f"{kind.__name__}.{name}")
        pending = [hint]
        while pending:
            one = pending.pop()
            pending += get_args(one)
            found |= declared(one) if isinstance(one, type) and is_dataclass(one) else set()
    return found


def ways(value: object, way: tuple[Any, ...] = ()) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield the fields of facts that hold a code, and the way to each."""
    if is_dataclass(value):
        for name, hint in get_type_hints(type(value)).items():
            if is_code(hint) and getattr(value, name) is not None:
                yield f"{type(value).__name__}.{name}", (*way, name)
            else:
                yield from ways(getattr(value, name), (*way, name))
    elif isinstance(value, Mapping | tuple):
        items = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, one in items:
            yield from ways(one, (*way, key))


HELD = dict(ways(FACTS))
# Terms are no type: some have a number behind them.
HELD |= {
    "OutcomeFacts.estimate": ("outcomes", 0, "estimate"),
    "OutcomeFacts.unit": ("outcomes", 0, "unit"),
    "DecisionFacts.term": ("decisions", 0, "term"),
    "ContrastFacts.term": ("contrasts", 0, "term"),
}


def test_every_fact_that_is_a_code_is_among_those_that_are_tried() -> None:
    assert declared(told.RunFacts) <= set(HELD)


@settings(deadline=None, max_examples=60)
@given(where=st.sampled_from(sorted(HELD)), code=invented)
def test_an_invented_code_does_not_get_into_the_facts(where: str, code: str) -> None:
    *way, last = HELD[where]
    content = json.loads(json.dumps(told.written(FACTS)))
    place = content
    for step in way:
        place = place[step]
    assume(code != place[last])
    place[last] = f"{code}?"
    with pytest.raises(DataError, match=str(way[0] if way else last)):
        told.read_facts(content)


def finding(term: str) -> Finding:
    return Finding(
        outcome="employment",
        label="job",
        term=term,
        unit="hazard ratio",
        estimate=1.2,
        conf_low=1.1,
        conf_high=1.3,
        p_value=0.01,
        p_adjusted=0.02,
        n_treated=400,
        n_comparison=400,
        conf_level=0.95,
        grade=minimal.grade(1.2, 0.01, 0.02),
        words=minimal.PARTICIPANTS,
    )


def told_of_test(code: str) -> object:
    row = {"outcome": "employment", "cause": "employment", "test": code}
    frame = pd.DataFrame([{**row, "statistic": 1.0, "df": 1.0, "p_value": 0.5}])
    report = minimal.report({"tests": frame})
    return curve_tests(report, OUTCOME, minimal.WEEKS)


# Who makes words of a code, told one that there is not.
SPEAKERS: Mapping[str, Callable[[Any], object]] = {
    "step": Steps(words=minimal.PARTICIPANTS).title,
    "family": lambda code: replace(minimal.PARTICIPANTS, family=code).reached("1", "2"),
    "estimand": minimal.PARTICIPANTS.target,
    "method": lambda code: vocabulary(minimal.PAIRS, FACTS.study, FACTS.target_trial).described(
        replace(minimal.PAIRS, method=code)
    ),
    "term": lambda code: ratio_words(finding(code), "job"),
    "test": told_of_test,
    "threat": lambda code: checks.amount(code, 1.0),
    "variant": lambda code: checks.variant_name(
        minimal.report(), replace(Question("main", "main"), variant=code)
    ),
    "time zero": lambda code: target_trial.rows(
        minimal.report(target_trial=replace(FACTS.target_trial, time_zero=code))
    ),
    "against": lambda code: target_trial.rows(
        minimal.report(target_trial=replace(FACTS.target_trial, against=code))
    ),
    "ending": lambda code: _step(
        minimal.report(),
        OUTCOME,
        minimal.WEEKS,
        Durations("employment", "treated", code, "", 9),
    ),
}


@pytest.mark.parametrize("speaker", SPEAKERS)
@settings(deadline=None, max_examples=25)
@given(code=invented)
def test_an_invented_code_has_no_words_and_is_not_shown_as_it_is(
    speaker: str, code: str
) -> None:
    with pytest.raises((KeyError, ValueError)):
        SPEAKERS[speaker](f"{code}?")


@given(code=invented)
def test_an_invented_step_is_refused_where_it_is_made(code: str) -> None:
    assume(code not in {"data", *REASONS})
    with pytest.raises(ValueError, match="has no reason"):
        Step(step=code, arm="treated", persons=np.arange(1), lost=1)
    with pytest.raises(ValueError, match="has no reason"):
        Step(step="data", arm="treated", persons=np.arange(1), lost=1)
