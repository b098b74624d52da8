from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from data_dictionary.errors import ColumnError, DesignError
from evaluation.arguments import (
    level_of,
    name_of,
    names_of,
    number_of,
    numbers_of,
    require_kind,
    seed_of,
)

N = 120
A_AND_B = ev.Roles(unit="id", treatment="plan", covariates=("a", "b"))


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    g = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "id": range(N),
            "plan": np.arange(N) % 2 == 0,
            "town": np.arange(N) % 12,
            "weeks": np.ceil(g.exponential(30, N)),
            "hit": g.random(N) < 0.8,
            "score": g.normal(size=N),
            **{name: g.normal(size=N) for name in ("a", "b", "ab")},
        }
    )


@pytest.fixture(scope="module")
def m(frame: pd.DataFrame) -> ev.Matched:
    return ev.unmatched(frame, ev.Roles(unit="id", treatment="plan"))


D = ev.Duration(exit="weeks", event="hit")
HELD = {"covariates": ("a",)}
# Every public function that asks for a comparison, with all else that it needs.
CALLS = {
    "adjusted_incidence": ((D, 26), HELD),
    "adjusted_time_since_event": ((D, 26), HELD),
    "duration_flow": ((D, 26), {}),
    "g_computation": (("score",), HELD),
    "gray_test": ((D,), {}),
    "hazard_ratio": ((D,), {}),
    "incidence": ((D, 26), {}),
    "incidence_differences": ((D, (26,)), {"seed": 1}),
    "landmark": ((D, 12), {}),
    "log_rank_test": ((D,), {}),
    "mean_difference": (("score",), {}),
    "outcome_path": ((np.zeros((N, 209)),), {}),
    "person_values": (("score",), {}),
    "piecewise_hazard_ratio": ((D, (26,)), {}),
    "proportionality_test": ((D,), {}),
    "randomisation_test": (("score",), {"seed": 1}),
    "score_difference": (("score",), {}),
    "sensitivity": ((lambda m: ev.incidence(m, D, 26),), {}),
    "standardised_incidence": ((D, 26), HELD),
    "subdistribution_hazard": ((D,), {}),
    "survival_curves": ((D,), {}),
    "time_ratio": ((D,), {}),
    "time_since_event": ((D, 26), {}),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_frame_that_is_no_comparison_yet_is_refused(name: str, frame: pd.DataFrame) -> None:
    more, keywords = CALLS[name]
    with pytest.raises(DesignError, match=r"m is a DataFrame; make a comparison of it first"):
        getattr(ev, name)(frame, *more, **keywords)


NAMED = {
    "adjusted_incidence": ["covariates"],
    "adjusted_time_since_event": ["covariates"],
    "g_computation": ["covariates"],
    "gray_test": ["strata"],
    "hazard_ratio": ["covariates", "strata"],
    "log_rank_test": ["strata"],
    "mean_difference": ["covariates"],
    "outcome_path": ["statuses"],
    "piecewise_hazard_ratio": ["covariates", "strata"],
    "score_difference": ["covariates"],
    "standardised_incidence": ["covariates"],
    "subdistribution_hazard": ["covariates", "censoring_strata"],
}


@pytest.mark.parametrize(
    ("name", "parameter"), [(name, one) for name, own in NAMED.items() for one in own]
)
def test_one_text_is_not_read_as_the_names_of_its_letters(
    name: str, parameter: str, m: ev.Matched
) -> None:
    more, keywords = CALLS[name]
    with pytest.raises(DesignError, match=rf"{parameter}='ab' is one text; write \('ab',\)"):
        getattr(ev, name)(m, *more, **{**keywords, parameter: "ab"})


def test_one_text_is_refused_where_no_comparison_is_asked_for(
    frame: pd.DataFrame, m: ev.Matched
) -> None:
    calls = {
        "competing": lambda: ev.Duration(exit="a", event="b", of="c", competing="ab"),
        "items": lambda: ev.shares(frame, items="ab", agree=(1,), cluster="town"),
        "extra": lambda: m.balance_detail(ev.BalanceTerms(extra="ab")),
        "anti_exact": lambda: ev.match(
            frame,
            ev.Roles(unit="id", treatment="plan", covariates=("a",)),
            method=ev.Nearest(anti_exact="ab"),
        ),
    }
    for parameter, call in calls.items():
        with pytest.raises(DesignError, match=rf"{parameter}='ab' is one text; write \('ab',"):
            call()


@pytest.mark.parametrize(
    "name",
    ["adjusted_incidence", "hazard_ratio", "piecewise_hazard_ratio", "standardised_incidence"],
)
def test_covariates_that_cannot_be_held_constant_are_named(
    name: str, frame: pd.DataFrame, m: ev.Matched
) -> None:
    more, _ = CALLS[name]

    def call(covariates: tuple[str, ...], rows: pd.DataFrame = frame) -> object:
        return getattr(ev, name)(ev.unmatched(rows, m.roles), *more, covariates=covariates)

    with pytest.raises(DesignError, match="covariates 'b': 4 missing value"):
        call(("a", "b"), frame.assign(b=frame["b"].where(frame["id"] > 3)))
    with pytest.raises(DesignError, match="covariate 'b': 1 infinite value"):
        call(("b",), frame.assign(b=frame["b"].where(frame["id"] > 0, np.inf)))
    with pytest.raises(DesignError, match="plan, weeks cannot be held constant"):
        call(("a", "weeks", "plan"))
    with pytest.raises(ColumnError, match=r"covariates='abc' is not a column.*'ab'"):
        call(("abc",))
    with pytest.raises(ColumnError, match="covariates='a' is the name of 2 columns"):
        call(("a",), pd.concat([frame, frame[["a"]]], axis=1))


def test_numbers_that_are_none_are_told_in_one_sentence(m: ev.Matched) -> None:
    curves = ev.survival_curves(m, D)
    calls = [
        (
            lambda: ev.incidence(m, D, "26"),
            "horizon='26' must be a positive time in weeks; w",
        ),
        (lambda: ev.incidence(m, D, None), "horizon=None must be a positive time"),
        (lambda: ev.incidence(m, D, (26, 52)), "horizon=a tuple must be a positive time"),
        (lambda: ev.incidence(m, D, m.frame["weeks"]), "horizon=a Series must be"),
        (lambda: ev.landmark(m, D, "12"), "at='12' must be one time in weeks; write 12, witho"),
        (lambda: ev.incidence_differences(m, D, "26", seed=1), "times='26' must be"),
        (lambda: ev.incidence_differences(m, D, ("26",), seed=1), "times='26' must be"),
        (lambda: ev.piecewise_hazard_ratio(m, D, "26"), "cuts='26' must be one or more times"),
        (lambda: ev.piecewise_hazard_ratio(m, D, None), "cuts=None must be one or more times"),
        (lambda: curves.quantiles("0.5"), "shares='0.5' must be between 0 and 1"),
        (lambda: curves.quantiles((0.5, 50)), "shares=50 must be between 0 and 1"),
        (lambda: ev.incidence(m, D, 26, level="0.95"), "level='0.95' must lie between 0 and 1"),
        (lambda: ev.incidence(m, "weeks", 26), r"d is 'weeks'; write ev.Duration\("),
        (lambda: ev.censoring_bounds(m, 26, ev.incidence), r"write ev.Duration\("),
        (
            lambda: ev.adjusted_incidence(m, "weeks", 26, covariates=()),
            r"d is 'weeks'; write ev.Duration\(",
        ),
        (lambda: ev.sensitivity(m, ev.incidence(m, D, 26)), "estimator is a TimeEffect; give"),
        (lambda: ev.score_bootstrap(ev.incidence(m, D, 26), seed=1), "ratio is a TimeEffect"),
        (lambda: ev.Duration(exit="a", event="b", of=1), "of=1 must be one name, as text: '1'"),
        (lambda: ev.Duration(exit=("a",), event="b"), "exit=a tuple must be one name, as text"),
    ]
    for call, said in calls:
        with pytest.raises(DesignError, match=said):
            call()


def test_what_is_no_option_no_column_of_numbers_or_no_table_is_told(
    m: ev.Matched, frame: pd.DataFrame
) -> None:
    clustered = ev.unmatched(frame, ev.Roles(unit="id", treatment="plan", cluster="town"))
    texts = ev.unmatched(frame.assign(text="x"), m.roles)
    weekly, roles = np.zeros((N, 3)), m.roles
    calls = [
        (lambda: ev.hazard_ratio(m, D, ties="efrn"), "ties='efrn' is not known; use one of ef"),
        (lambda: ev.log_rank_test(m, D, emphasis="peto"), "emphasis='peto' is not known"),
        (lambda: ev.incidence(m, D, 26, contrast=["ratio"]), "contrast=a list is not known"),
        (lambda: ev.hazard_ratio(m, D).proportionality("logg"), r"Did you mean 'log'\?"),
        (lambda: ev.person_values(texts, "text"), "outcome='text' holds no numbers"),
        (lambda: ev.randomisation_test(clustered, D), "needs a horizon; it has no default"),
        (lambda: ev.person_values(m, D, horizon="26"), "horizon='26' must be one time; write"),
        (lambda: ev.duration_flow(m, D, "26"), "horizon='26' must be a time after 0; write"),
        (lambda: ev.censoring_bounds(D, "26", ev.incidence), "horizon='26' must be one time"),
        (lambda: ev.outcome_path(m, weekly, "abc"), "weeks='abc' must be two or more, one a"),
        (lambda: ev.outcome_path(m, weekly, 3), "weeks must be two or more, one after"),
        (lambda: ev.outcome_path(m, weekly, range(3), draws="9"), "draws='9' must be positive"),
        (lambda: ev.incidence_differences(m, D, 26, draws=0), "draws=0 must be positive"),
        (lambda: ev.unmatched(m, roles), "frame is a Comparison; give a table"),
        (lambda: ev.match(m, roles), "frame is a Comparison; give a table"),
        (lambda: ev.wave_level(m, "score", cluster="town"), "the table is a Comparison"),
        (lambda: ev.split_at_start(m, exit="a", event="b", start="c"), "the table is a Comp"),
    ]
    for call, said in calls:
        with pytest.raises(DesignError, match=said):
            call()


def test_one_number_is_taken_where_several_may_stand(m: ev.Matched) -> None:
    curves = ev.survival_curves(m, D)
    pd.testing.assert_frame_equal(curves.quantiles(0.5), curves.quantiles((0.5,)))
    assert len(ev.incidence_differences(m, D, 26, seed=1).effects) == 1
    assert len(ev.piecewise_hazard_ratio(m, D, 26).intervals["hit"]) == 2
    assert number_of(np.array(26), "horizon", "a time") == 26.0
    assert numbers_of(range(1, 3), "times", "times").tolist() == [1.0, 2.0]


def test_names_are_told_apart_from_what_is_none() -> None:
    assert names_of(["a", "b", "a"], "covariates") == ("a", "b")
    for given, said in (
        (5, "covariates=5 must be a tuple of names"),
        (("a", ["b"]), "covariates holds a list, which is no name of a column"),
    ):
        with pytest.raises(DesignError, match=said):
            names_of(given, "covariates")
    assert name_of("a", "exit") == "a"


def test_a_seed_is_asked_for_only_in_words() -> None:
    assert seed_of(3, "the band") == 3
    with pytest.raises(DesignError, match="seed=None, but the band draws at random here"):
        seed_of(None, "the band")
    for wrong in (1.5, True, -1, "1"):
        with pytest.raises(DesignError, match="must be a whole number from 0 up"):
            seed_of(wrong, "the band")


def test_a_level_lies_between_nothing_and_certainty() -> None:
    assert level_of(np.float64(0.9)) == 0.9
    for wrong in (0, 1, 95, "0.95", None):
        with pytest.raises(DesignError, match=r"must lie between 0 and 1, such as 0\.95"):
            level_of(wrong)


def test_something_else_is_named_by_its_kind() -> None:
    require_kind(1, "d", int, "write one")
    with pytest.raises(DesignError, match=r"d is an Effects; write one"):
        require_kind(type("Effects", (), {})(), "d", str, "write one")


def test_every_argument_of_the_wrong_kind_is_told_by_its_name(
    m: ev.Matched, frame: pd.DataFrame
) -> None:
    d = ev.Duration(exit="weeks", event="hit")
    e = ev.mean_difference(m, "score")
    split = {"exit": "weeks", "event": "hit", "start": "a"}
    sets = {"start": "a", "entry": "b", "exit": "weeks"}
    detail, fine_gray = m.balance_detail, ev.subdistribution_hazard
    wrong = {
        r"level=95": lambda: ev.mean_difference(m, "score", level=95),
        r"level='0\.9'": lambda: ev.wave_level(frame, "score", cluster="town", level="0.9"),
        r"level=0 ": lambda: ev.shares(frame, items=["a"], agree=(1,), cluster="town", level=0),
        r"outcome=5": lambda: ev.g_computation(m, 5, covariates=("a",)),
        r"baseline=a tuple": lambda: ev.score_difference(m, "score", ("a",)),
        r"reliability='0\.8'": lambda: ev.score_difference(m, "score", "a", reliability="0.8"),
        r"column=a list": lambda: ev.wave_level(frame, ["score"], cluster="town"),
        r"cluster=None": lambda: ev.shares(frame, items=["a"], agree=(1,), cluster=None),
        r"agree='yes'": lambda: ev.shares(frame, items=["a"], agree="yes", cluster="town"),
        r"start=None": lambda: ev.split_at_start(frame, **{**split, "start": None}),
        r"exit=a list": lambda: ev.split_at_start(frame, **{**split, "exit": ["weeks"]}),
        r"exposed=1": lambda: ev.split_at_start(frame, **split, exposed=1),
        r"entry=a tuple": lambda: ev.match_risk_sets(frame, m.roles, **{**sets, "entry": ()}),
        r"distance='a' is not": lambda: ev.match_risk_sets(
            frame, m.roles, **sets, distance="a"
        ),
        r"covariate=None": lambda: m.plot_distribution(None),
        r"threshold='0\.1'": lambda: m.balance().counts("0.1"),
        r"threshold=None": lambda: m.balance().sentence(None),
        r"by=a list": lambda: m.balance_by(["town"]),
        r"covariate: nobody has a value": lambda: ev.unmatched(
            frame.assign(void=np.nan), m.roles
        ).plot_distribution("void"),
        r"ax is 'a'": lambda: m.plot_distribution("a", ax="a"),
        r"ax is a list": lambda: ev.survival_curves(m, d).plot(ax=[]),
        r"terms is a dict": lambda: detail({"squares": True}),
        r"prognostic=3": lambda: detail(ev.BalanceTerms(prognostic=3)),
        r"d is 'weeks'": lambda: ev.adjusted_incidence(m, "weeks", 10, covariates=("a",)),
        r"cause_specific is an Effect": lambda: fine_gray(m, d, cause_specific=e),
        r"risk_ratio='2'": lambda: ev.e_value("2"),
        r"values is an Effect": lambda: ev.sensitivity(m, lambda _: e, values=e),
        r"specifications is 'a'": lambda: ev.sensitivity(m, lambda _: e, specifications="a"),
        r"negative_controls must hold": lambda: ev.sensitivity(
            m, lambda _: e, negative_controls={"a": 1}
        ),
        r"trim='0\.1'": lambda: ev.weigh(frame, A_AND_B, ev.InverseProbability(trim="0.1")),
        r"cap='0\.9'": lambda: ev.weigh(frame, A_AND_B, ev.InverseProbability(cap="0.9")),
        r"rho=-1": lambda: ev.FlemingHarrington(rho=-1),
        r"gamma='1'": lambda: ev.FlemingHarrington(gamma="1"),
        r"names=\(\)": lambda: ev.hazard_ratio(m, d).coefficients().joint(()),
        r"results holds 'a'": lambda: ev.table("a"),
        r"families is 'a'": lambda: ev.table(e).adjust(families="a"),
    }
    for said, call in wrong.items():
        with pytest.raises((DesignError, ColumnError), match=said):
            call()
    assert len(ev.table(one for one in [e]).effects) == 1


def test_what_is_endless_is_no_score(frame: pd.DataFrame) -> None:
    endless = frame.assign(a=np.where(frame["id"] < 3, np.inf, frame["a"]))
    m = ev.unmatched(endless, ev.Roles(unit="id", treatment="plan"))
    with pytest.raises(DesignError, match="baseline='a' is infinite in 3 row"):
        ev.score_difference(m, "score", "a")
    with pytest.raises(DesignError, match="column='a' is infinite in 3 row"):
        ev.wave_level(endless, "a", cluster="town")


def test_cells_that_are_lists_are_told_by_their_column(frame: pd.DataFrame) -> None:
    listed = frame.assign(tags=[[1]] * N)
    m = ev.unmatched(listed, ev.Roles(unit="id", treatment="plan", covariates=("a",)))
    d = ev.Duration(exit="weeks", event="hit")
    calls = (
        lambda: ev.mean_difference(m, "score", covariates=("tags",)),
        lambda: ev.hazard_ratio(m, d, strata=("tags",)),
        lambda: ev.given(listed, m.roles, subclass="tags"),
        lambda: ev.match(listed, m.roles, ev.Nearest(anti_exact=("tags",))),
        lambda: ev.wave_level(listed, "score", cluster="tags"),
    )
    for call in calls:
        with pytest.raises((ColumnError, DesignError), match="'tags' holds lists or the like"):
            call()
