"""A comparison is a method's object, with keywords of its own and options beside them."""

from __future__ import annotations

import math

import pytest

import evaluation as ev
from analyses.study.cohort import Cohort
from analyses.study.comparison import Comparison, Design, read_comparisons
from data_dictionary.mistakes import Mistakes

COHORT = Cohort(treatment="arm")


def found(
    raw: dict[str, object], *designs: dict[str, object]
) -> tuple[Comparison, tuple[Design, ...], list[str]]:
    mistakes = Mistakes()
    named = [{"name": f"d{n}", "label": "D", **one} for n, one in enumerate(designs)]
    main, others = read_comparisons({"covariates": ["age"], **raw}, named, COHORT, 7, mistakes)
    return main, others, mistakes.found


def test_a_comparison_holds_the_object_that_evaluation_takes() -> None:
    main, _, told = found(
        {"method": "full", "caliper": 0.3, "options": {"max_controls": 4}, "exact": ["place"]}
    )
    assert told == []
    assert main.options == ev.Full(caliper=0.3, max_controls=4)
    assert (main.estimand, main.required) == ("ATT", ("age", "place"))


def test_what_is_drawn_takes_the_study_s_seed() -> None:
    main, _, _ = found({"order": "random"})
    assert main.options == ev.Nearest(order="random", seed=7)
    weights, _, _ = found({"method": "ipw", "options": {"learner": "boosted"}})
    assert weights.options == ev.InverseProbability(learner=ev.Boosted(seed=7))
    pairs, _, told = found({"options": {"learner": "penalised", "formula": "~ bs(age, 4)"}})
    assert told == []
    assert pairs.options == ev.Nearest(learner=ev.Penalised(seed=7), formula="~ bs(age, 4)")


def test_a_design_inherits_and_can_lift_a_caliper() -> None:
    raw = {"caliper": 0.2, "ratio": 2, "options": {"calipers": {"age": 3}}}
    _, designs, told = found(
        raw,
        {"caliper": math.inf},
        {"method": "entropy"},
        {"distance": "mahalanobis"},
        {"method": "optimal"},
    )
    assert told == []
    nearest = ev.Nearest(ratio=2, calipers={"age": 3})
    assert [one.comparison.options for one in designs] == [
        nearest,
        ev.Entropy(),
        ev.Nearest(ratio=2, calipers={"age": 3}, distance="mahalanobis"),
        ev.Optimal(ratio=2, caliper=0.2),
    ]


def test_a_design_without_a_propensity_inherits_no_model_of_it() -> None:
    raw = {"options": {"formula": "~ bs(age, 4)", "learner": "boosted", "calipers": {"age": 3}}}
    _, designs, told = found(raw, {"distance": "mahalanobis"}, {"ratio": 2})
    assert told == []
    assert [one.comparison.options for one in designs] == [
        ev.Nearest(distance="mahalanobis", calipers={"age": 3}),
        ev.Nearest(
            ratio=2,
            calipers={"age": 3},
            formula="~ bs(age, 4)",
            learner=ev.Boosted(seed=7),
        ),
    ]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ({"caliper": math.inf}, "caliper = inf is not a number above 0"),
        ({"caliper": "0.2"}, "caliper = '0.2' is not a number"),
        ({"method": "full", "ratio": 2}, "ratio is not used by method='full'; leave it out"),
        ({"method": "entropy", "exact": ["a"]}, "exact is not used by method='entropy'"),
        ({"method": "neares"}, "Did you mean 'nearest'?"),
        (
            {"options": {"caliper": 1}},
            "'caliper' is no option; it stands in [comparison] itself",
        ),
        ({"options": {"n": 1}}, "'n' is no option of method='nearest'"),
        (
            {"method": "unmatched", "options": {"n": 1}},
            "'n' is no option of method='unmatched'",
        ),
        ({"options": 3}, "[comparison] options: is not a table of keys and values"),
        ({"method": "ipw", "options": {"learner": "boost"}}, "Did you mean 'boosted'?"),
        ({"method": "ipw", "options": {"trim": 0.7}}, "must lie between 0 and 0.5"),
        ({"options": {"formula": "~ aeg"}}, "'aeg' is no covariate; "),
        ({"options": {"formula": "~ f(age)"}}, "'f' is no function that formulas have"),
        ({"missing": "keep"}, "missing = 'keep'"),
        ({"options": {"mahalanobis": ["age"]}, "distance": "mahalanobis"}, "needs a score"),
        ({"estimand": "ATE"}, "cannot be had with method='nearest'; it offers 'ATT', 'ATC'"),
    ],
)
def test_what_a_method_cannot_do_is_refused_by_section(
    raw: dict[str, object], told: str
) -> None:
    mistakes = found(raw)[2]
    assert any(told in one for one in mistakes), mistakes
    assert all(one.startswith("[comparison]") for one in mistakes)


def test_blank_covariates_are_needed_or_told() -> None:
    raw = {"covariates": ["age", "female"], "options": {"calipers": {"age": 3}}}
    main, (design,), told = found(raw, {"missing": "indicator"})
    assert told == []
    assert (main.required, main.blanks) == (("age", "female"), "refuse")
    assert (design.comparison.required, design.comparison.blanks) == (("age",), "indicator")


def test_without_a_method_covariates_are_shown_and_nobody_needs_them() -> None:
    main, (design,), told = found(
        {"method": "unmatched", "covariates": ["age", "female"]}, {"method": "nearest"}
    )
    assert told == []
    assert (main.required, main.columns) == ((), ("age", "female"))
    assert design.comparison.required == ("age", "female")
