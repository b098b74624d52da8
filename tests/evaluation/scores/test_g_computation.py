"""G-computation: parity with R, identities, clusters, and what is refused."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from numpy.testing import assert_allclose

import evaluation as ev
from data_dictionary.errors import ColumnError, DesignError

TESTS = Path(__file__).parents[2]
ORACLE = json.loads((TESTS / "oracle" / "g_computation_lalonde.json").read_text("utf-8"))
LALONDE = pd.read_csv(TESTS / "data" / "third_party" / "lalonde.csv")
NAMES = ("age", "educ", "race", "married", "nodegree", "re74", "re75")
ROLES = ev.Roles(unit="id", treatment="treat", covariates=NAMES)
R = json.loads((TESTS / "oracle" / "g_computation_r.json").read_text("utf-8"))
MATCHIT = json.loads((TESTS / "oracle" / "matching_lalonde.json").read_text("utf-8"))
WORK = LALONDE.assign(work=(LALONDE["re78"] > 0).astype(int))
NHEFS = pd.read_csv(TESTS / "data" / "third_party" / "nhefs.csv")
NHEFS["gain"] = (NHEFS["wt82_71"] > 5).astype(int)
HABITS = ("sex", "race", "exercise", "active")
SMOKERS = ev.Roles(
    unit="id",
    treatment="qsmk",
    covariates=("age", *HABITS, "education", "smokeintensity", "smokeyrs", "wt71"),
)
JOBS = pd.read_csv(TESTS / "data" / "third_party" / "jobs2.csv")
SEEKERS = ev.Roles(
    unit="id",
    treatment="treat",
    covariates=(
        *("econ_hard", "depress1", "sex", "age", "occp"),
        *("marital", "nonwhite", "educ", "income"),
    ),
)


def towns(seed: int = 1, n: int = 900) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"id": range(n), "town": rng.integers(0, 24, n)})
    frame["x"] = rng.normal(size=n)
    frame["plan"] = frame["town"] < 10
    frame["x"] += 0.3 * frame["plan"]
    frame["y"] = 2 + frame["x"] + frame["plan"] * (1 + frame["x"]) + rng.normal(size=n)
    frame["job"] = (rng.random(n) < 1 / (1 + np.exp(-frame["x"]))).astype(int)
    return frame


TOWN_ROLES = ev.Roles(unit="id", treatment="plan", covariates=("x",), cluster="town")


@pytest.mark.parametrize("entry", [name for name in ORACLE if "weights" in ORACLE[name]])
def test_estimates_and_set_level_errors_agree_with_r(entry: str) -> None:
    stored = ORACLE[entry]
    m = dataclasses.replace(
        ev.unmatched(LALONDE, ROLES),
        weights=np.array(stored["weights"], dtype=float),
        subclass=np.array(stored["subclass"]),
    )
    effect = ev.g_computation(m, "re78")
    # Same arithmetic on R's own weights and sets; marginaleffects differentiates numerically.
    assert effect.estimate == pytest.approx(stored["estimate"], rel=1e-9)
    assert effect.std_error == pytest.approx(stored["se"], rel=1e-7)


def test_nearest_match_of_lalonde_is_the_published_one() -> None:
    effect = ev.g_computation(ev.match(LALONDE, ROLES, distance="ps"), "re78")
    # Eight figures published.
    assert effect.estimate == pytest.approx(ORACLE["nearest"]["estimate"], rel=1e-7)
    assert effect.std_error == pytest.approx(ORACLE["nearest"]["se"], rel=1e-6)
    assert "CR1S by matched set" in effect.method


def test_effects_that_differ_by_covariate_are_averaged_over_the_target_by_hand() -> None:
    # y = x in the comparison arm and 2 + 3x among the treated, exactly.
    frame = pd.DataFrame({"id": range(8), "plan": [1] * 4 + [0] * 4})
    frame["x"] = [0.0, 1, 2, 5, 1, 2, 3, 8]
    frame["y"] = np.where(frame["plan"] == 1, 2 + 3 * frame["x"], frame["x"])
    m = ev.unmatched(frame, ev.Roles(unit="id", treatment="plan", covariates=("x",)))
    found = {}
    for estimand in ("ATT", "ATC", "ATE"):
        task = dataclasses.replace(m, estimand=estimand)
        found[estimand] = ev.g_computation(task, "y").estimate
    # 2 + 2 * mean of x: 2 among the treated, 3.5 in the comparison arm, 2.75 in all.
    assert_allclose([found["ATT"], found["ATC"], found["ATE"]], [6, 9, 7.5], rtol=1e-10)


def test_without_covariates_it_is_the_weighted_difference_in_means() -> None:
    m = ev.weigh(LALONDE, ROLES, estimand="ATE")
    plain = ev.mean_difference(m, "re78")
    ours = ev.g_computation(m, "re78", covariates=())
    assert ours.estimate == pytest.approx(plain.estimate, rel=1e-12)
    assert ours.std_error == pytest.approx(plain.std_error, rel=1e-9)
    assert ours.p_value == pytest.approx(plain.p_value, rel=1e-6)


def test_exactly_balanced_covariates_change_nothing() -> None:
    m = ev.weigh(LALONDE, ROLES, method="entropy")
    assert ev.g_computation(m, "re78").estimate == pytest.approx(
        ev.mean_difference(m, "re78").estimate, rel=1e-9
    )


def test_a_saturated_logit_gives_the_difference_and_the_ratio_of_shares_by_hand() -> None:
    # Treated: x = 0 half of 4, x = 1 all but one of 4.  Comparison: 1/4 and 1/2.
    cells = [
        (1, 0, [1, 1, 0, 0]),
        (1, 1, [1, 1, 1, 0]),
        (0, 0, [1, 0, 0, 0]),
        (0, 1, [1, 1, 0, 0]),
    ]
    rows = [(plan, x, job) for plan, x, jobs in cells for job in jobs]
    frame = pd.DataFrame(rows, columns=["plan", "x", "job"]).assign(id=range(16))
    m = ev.unmatched(frame, ev.Roles(unit="id", treatment="plan", covariates=("x",)))
    difference = ev.g_computation(m, "job", model="logit")
    ratio = ev.g_computation(m, "job", model="logit", contrast="ratio")
    # Shares over the treated: 5/8 and 3/8.
    assert difference.estimate == pytest.approx(25)
    assert difference.unit == "percentage points"
    assert ratio.estimate == pytest.approx(5 / 3)
    assert (ratio.unit, ratio.null, ratio.is_ratio) == ("risk ratio", 1.0, True)
    assert ratio.conf_low < ratio.estimate < ratio.conf_high


def test_the_municipality_judges_and_the_set_is_a_diagnostic() -> None:
    m = ev.match(towns(), TOWN_ROLES, distance="logit", ratio=1, replace=False, caliper=0.5)
    effect = ev.g_computation(m, "y")
    assert "delete-one-cluster jackknife (CV3)" in effect.method
    assert effect.n_clusters is not None
    assert any(note.startswith("diagnostic: clustered by matched set") for note in effect.notes)
    few = m.frame["town"].isin([0, 1, *range(10, 24)])
    small = ev.match(m.frame[few], TOWN_ROLES)
    refused = ev.g_computation(small, "y")
    assert refused.is_refused
    assert refused.estimate == pytest.approx(2, abs=1)


def test_the_jackknife_leaves_out_towns_and_weighs_again() -> None:
    from evaluation.inference.jackknife import delete_one

    frame = towns()
    # Shocks large enough that no arm varies less than persons alone would make it.
    frame["y"] += np.random.default_rng(2).normal(0, 0.7, 24)[frame["town"]]
    m = ev.weigh(frame, TOWN_ROLES)
    effect = ev.g_computation(m, "y")
    codes = frame["town"].to_numpy()
    plain = ev.Roles(unit="id", treatment="plan", covariates=("x",))
    left_out = [
        ev.g_computation(ev.weigh(frame[codes != town], plain), "y").estimate
        for town in range(24)
    ]
    found = delete_one(
        effect.estimate,
        np.array(left_out),
        treated_weight=np.bincount(codes, m.weights * m.treated, 24),
        comparison_weight=np.bincount(codes, m.weights * ~m.treated, 24),
    )
    assert effect.std_error == pytest.approx(found.std_error, rel=1e-8)
    assert (effect.p_value < 0.05) == (not effect.conf_low <= 0 <= effect.conf_high)


def test_what_cannot_be_modelled_is_refused() -> None:
    m = ev.unmatched(towns(), TOWN_ROLES)
    with pytest.raises(DesignError, match="must be 0/1"):
        ev.g_computation(m, "y", model="logit")
    with pytest.raises(DesignError, match=r"model='probit'.*\n.*contrast='odds'"):
        ev.g_computation(m, "y", model="probit", contrast="odds")
    with pytest.raises(ColumnError, match="covariates='xx'"):
        ev.g_computation(m, "y", covariates=("xx",))
    with pytest.raises(DesignError, match="means above 0"):
        ev.g_computation(
            dataclasses.replace(m, frame=m.frame.assign(y=-m.frame["y"].abs())),
            "y",
            contrast="ratio",
        )


def test_a_level_that_one_arm_lacks_is_left_out_there_and_named() -> None:
    frame = towns().assign(site="both")
    frame.loc[frame.index[~frame["plan"]][:30], "site"] = "other"
    m = ev.unmatched(frame, TOWN_ROLES)
    effect = ev.g_computation(m, "y", covariates=("x", "site"))
    assert any("treated arm's model" in n and "site[other]" in n for n in effect.notes)


def smokers(case: str) -> ev.Matched:
    _, cut, estimand = case.split()
    if cut == "exact":
        return ev.match(NHEFS, dataclasses.replace(SMOKERS, covariates=HABITS), "exact")
    return ev.match(NHEFS, SMOKERS, ev.Subclass(n=int(cut)), estimand=estimand)


@pytest.mark.parametrize("case", [case for case in R if case.startswith("nhefs")])
def test_after_subclasses_and_exact_sets_errors_are_the_hc3_of_r(case: str) -> None:
    m = smokers(case)
    found = {
        "linear": ev.g_computation(m, "wt82_71"),
        "logit": ev.g_computation(m, "gain", model="logit"),
        "means": ev.mean_difference(m, "wt82_71"),
    }
    for name, effect in found.items():
        # Same arithmetic on the same sets; R differentiates nothing numerically here.
        assert effect.estimate == pytest.approx(R[case][name]["estimate"], rel=1e-9)
        assert effect.std_error == pytest.approx(R[case][name]["std_error"], rel=1e-8)
        assert "HC3" in effect.test
        # The interval is that of a t whose degrees of freedom are told, not of a few sets.
        assert effect.dof > 200
        half = scipy.stats.t.ppf(0.975, effect.dof) * effect.std_error
        assert effect.conf_high == pytest.approx(effect.estimate + half, rel=1e-9)
    if case.endswith("ATT"):
        for name in ("linear", "logit"):
            assert found[name].means[0] == pytest.approx(R[case][name]["treated"], rel=1e-9)


@pytest.mark.parametrize("case", ["lalonde pairs ATT", "lalonde full ATT", "jobs2 pairs ATC"])
def test_a_logit_without_a_maximum_has_the_means_of_its_limit_as_in_r(case: str) -> None:
    if case == "jobs2 pairs ATC":
        m = ev.match(JOBS, SEEKERS, estimand="ATC", caliper=0.1, order="smallest")
    else:
        m = ev.match(WORK, ROLES)
        if case == "lalonde full ATT":
            full = MATCHIT["full"]
            m = dataclasses.replace(
                m,
                weights=np.array(full["weights"]),
                subclass=np.unique(full["sets"], return_inverse=True)[1],
            )
    effect = ev.g_computation(m, "job" if "jobs2" in case else "work", model="logit")
    stored = R[case]["logit"]
    # R stops where the deviance no longer moves: shares of 1e-12 in place of 0.
    assert effect.estimate == pytest.approx(stored["estimate"], abs=1e-8)
    assert effect.means[0] == pytest.approx(stored["treated"], abs=1e-8)
    if "std_error" in stored:
        assert effect.std_error == pytest.approx(stored["std_error"], rel=1e-8)
    assert not effect.is_refused
    (told,) = (note for note in effect.notes if "the logit's limit" in note)
    assert "comparison" in told


def no_noise(n: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    x = rng.normal(size=n)
    t = (rng.random(n) < 1 / (1 + np.exp(-1.5 * x))).astype(int)
    return pd.DataFrame({"id": range(n), "x": x, "t": t, "y": t * x})


X_ROLES = ev.Roles(unit="id", treatment="t", covariates=("x",))
EVERYBODY = {
    "ipw": lambda frame, roles: ev.weigh(frame, roles, estimand="ATE"),
    "entropy": lambda frame, roles: ev.weigh(frame, roles, "entropy", estimand="ATE"),
    "trimmed": lambda frame, roles: ev.weigh(
        frame, roles, ev.InverseProbability(trim=0.2), estimand="ATE"
    ),
    "subclass": lambda frame, roles: ev.match(frame, roles, "subclass", estimand="ATE"),
    "full": lambda frame, roles: ev.match(frame, roles, "full", estimand="ATE"),
    "cem": lambda frame, roles: ev.match(frame, roles, "cem", estimand="ATE"),
}


@pytest.mark.parametrize("design", EVERYBODY)
def test_everybodys_effect_is_averaged_over_the_persons_kept(design: str) -> None:
    # y = t x without noise: the models are exact, and everybody's effect is x.
    frame = no_noise()
    m = EVERYBODY[design](frame, X_ROLES)
    effect = ev.g_computation(m, "y")
    assert effect.estimate == pytest.approx(frame["x"][m.used].mean(), abs=1e-10)
    # So too with sampling weights, and if they are all doubled.
    for factor in (1.0, 2.0):
        frame["w"] = factor * (1 + (frame["x"] > 0))
        m = EVERYBODY[design](frame, dataclasses.replace(X_ROLES, weight="w"))
        right = np.average(frame["x"][m.used], weights=frame["w"][m.used])
        assert ev.g_computation(m, "y").estimate == pytest.approx(right, abs=1e-10)


def test_everybodys_effect_of_quitting_is_that_of_weightit_and_matchit() -> None:
    weighed = ev.weigh(NHEFS, SMOKERS, estimand="ATE")
    # Published to seven and six digits (WeightIt 2.0.0, MatchIt 4.7.2).
    assert ev.g_computation(weighed, "wt82_71").estimate == pytest.approx(3.301189, abs=1e-6)
    cut = ev.match(NHEFS, SMOKERS, ev.Subclass(n=8), estimand="ATE")
    assert ev.g_computation(cut, "wt82_71").estimate == pytest.approx(3.190316, abs=1e-6)


def test_where_the_design_lost_somebody_the_ate_is_named_that_of_those_kept() -> None:
    frame = no_noise()
    kept = ev.weigh(frame, X_ROLES, ev.InverseProbability(trim=0.2), estimand="ATE")
    lost = int((~kept.used).sum())
    for effect in (ev.g_computation(kept, "y"), ev.mean_difference(kept, "y")):
        assert f"the ATE is that of those kept: {lost} of 400 persons" in effect.summary()
    everybody = ev.weigh(frame, X_ROLES, estimand="ATE")
    assert "of those kept" not in ev.g_computation(everybody, "y").summary()


def test_overlap_weights_make_a_population_of_their_own() -> None:
    frame = no_noise()
    m = ev.weigh(frame, X_ROLES, "overlap")
    right = np.average(frame["x"], weights=m.weights)
    assert ev.g_computation(m, "y").estimate == pytest.approx(right, abs=1e-10)


@pytest.mark.parametrize("estimand", ["ATT", "ATC", "ATE"])
def test_persons_without_the_outcome_stay_in_the_target(estimand: str) -> None:
    frame = no_noise()
    frame["y"] = frame["y"].mask(frame["x"] > 0.5)
    m = dataclasses.replace(ev.unmatched(frame, X_ROLES), estimand=estimand)
    effect = ev.g_computation(m, "y")
    target = {"ATT": m.treated, "ATC": ~m.treated, "ATE": m.used}[estimand]
    assert effect.estimate == pytest.approx(frame["x"][target].mean(), abs=1e-10)
    assert effect.n_treated == int((m.treated & frame["y"].notna()).sum())
    assert any("stay in the target" in note for note in effect.notes)
    if estimand == "ATT":
        observed = frame["y"][target].mean()
        assert effect.means == pytest.approx((observed, observed - effect.estimate))
    frame.loc[frame["y"].isna().idxmax(), "x"] = np.nan
    with pytest.raises(DesignError, match="'x': 1 missing"):
        ev.g_computation(dataclasses.replace(m, frame=frame), "y")


def test_a_logit_mostly_at_its_limit_has_no_interval_and_the_linear_model_is_tested() -> None:
    frame = towns()
    frame["area"] = np.where(frame["x"] > 0.8, "east", "west")
    frame["job"] = frame["job"].mask(~frame["plan"] & (frame["area"] == "east"), 1)
    m = ev.unmatched(frame, dataclasses.replace(TOWN_ROLES, cluster=None))
    linear = ev.g_computation(m, "job", covariates=("area",))
    effect = ev.g_computation(m, "job", covariates=("area",), model="logit")
    # Saturated, so both are the same difference of shares.
    assert effect.estimate == pytest.approx(100 * linear.estimate)
    assert effect.is_refused
    assert np.isnan(effect.std_error)
    assert effect.p_value == linear.p_value
    assert effect.dof == linear.dof
    assert effect.test.startswith("linear model, ")
    assert any("tested is the linear model" in note for note in effect.notes)
    share = 100 * (frame["area"][m.treated] == "east").mean()
    assert share > 10
    assert any(f"and {share:.3g} % as comparison" in note for note in effect.notes)


def test_an_arm_in_which_everybody_has_the_outcome_is_at_its_limit() -> None:
    frame = towns()
    frame["job"] = frame["job"].mask(frame["plan"], 1)
    m = ev.unmatched(frame, dataclasses.replace(TOWN_ROLES, cluster=None))
    effect = ev.g_computation(m, "job", model="logit")
    assert effect.means[0] == pytest.approx(100)
    assert effect.is_refused


def sets_of_few(seed: int = 3, n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"id": range(n), "k": rng.integers(0, 3, n), "z": rng.normal(size=n)})
    frame["plan"] = rng.random(n) < 0.3 + 0.15 * frame["k"]
    frame["y"] = frame["k"] + frame["z"] * (1 + frame["plan"]) + rng.normal(size=n)
    return frame


def one_left_out(m: ev.Matched, unit: np.ndarray, names: tuple[str, ...]) -> float:
    # The target stays; each person leaves the models alone.
    whole = ev.g_computation(m, "y", covariates=names).estimate
    moved = []
    for one in np.unique(unit):
        frame = m.frame.assign(y=m.frame["y"].mask(unit == one))
        without = dataclasses.replace(m, frame=frame)
        moved.append(ev.g_computation(without, "y", covariates=names).estimate - whole)
    return float(np.sqrt(np.square(moved).sum()))


def test_hc3_is_leaving_each_person_out_of_the_models() -> None:
    roles = ev.Roles(unit="id", treatment="plan", covariates=("k",))
    m = ev.match(sets_of_few(), roles, "exact")
    effect = ev.g_computation(m, "y", covariates=("k", "z"))
    by_hand = one_left_out(m, m.frame["id"].to_numpy(), ("k", "z"))
    assert effect.std_error == pytest.approx(by_hand, rel=1e-9)
    assert effect.test.startswith("HC3")


def test_rows_of_a_person_leave_together() -> None:
    roles = ev.Roles(unit="id", treatment="plan", covariates=("k",))
    m = ev.match(sets_of_few(), roles, "exact")
    person = m.frame["id"].to_numpy() // 2
    m = dataclasses.replace(m, frame=m.frame.assign(id=person))
    effect = ev.g_computation(m, "y", covariates=("k", "z"))
    assert effect.std_error == pytest.approx(one_left_out(m, person, ("k", "z")), rel=1e-9)
    assert effect.test.startswith("CR3 by person")
    means = ev.mean_difference(m, "y", covariates=("z",))
    assert means.test.startswith("CR3 by person")


def test_a_column_that_one_person_decides_refuses_the_error_by_its_name() -> None:
    frame = sets_of_few()
    frame["bin"] = np.where(frame["z"] > 0, "upper", "lower")
    alone = frame.index[frame["plan"]][0]
    frame.loc[alone, "bin"] = "own"
    m = ev.match(frame, ev.Roles(unit="id", treatment="plan", covariates=("k",)), "exact")
    effect = ev.g_computation(m, "y", covariates=("k", "bin"))
    assert effect.is_refused
    assert any("one person alone decides" in n and "bin[own]" in n for n in effect.notes)
    means = ev.mean_difference(m, "y", covariates=("bin",))
    assert means.is_refused
    assert any("one person alone decides: bin[own]" in note for note in means.notes)
    # Nobody in the target is like a comparison person who is alone: nothing hangs on them.
    frame.loc[alone, "bin"] = "lower"
    frame.loc[frame.index[~frame["plan"]][0], "bin"] = "own"
    other = dataclasses.replace(m, frame=frame)
    assert not ev.g_computation(other, "y", covariates=("k", "bin")).is_refused


@pytest.mark.parametrize(
    ("method", "estimand", "model"),
    [
        ("ipw", "ATE", "linear"),
        ("ipw", "ATE", "logit"),
        ("ipw", "ATT", "linear"),
        ("overlap", "ATO", "linear"),
    ],
)
def test_the_influence_of_a_person_is_the_derivative_by_its_weight(
    method: str, estimand: str, model: str
) -> None:
    rng = np.random.default_rng(8)
    frame = no_noise(40).assign(w=rng.uniform(0.5, 2, 40))
    noisy = frame["y"] + rng.normal(size=40)
    frame["y"] = (noisy > 0).astype(float) if model == "logit" else noisy
    frame.loc[:6, "y"] = np.nan
    roles = dataclasses.replace(X_ROLES, weight="w")

    def effect(w: np.ndarray) -> ev.Effect:
        m = ev.weigh(frame.assign(w=w), roles, method, estimand=estimand)
        return ev.g_computation(m, "y", model=model)

    moved = np.empty(40)
    for i in range(40):
        step = 1e-5 * (np.arange(40) == i)
        ahead, back = (effect(frame["w"] * (1 + sign * step)).estimate for sign in (1, -1))
        moved[i] = (ahead - back) / 2e-5
    found = effect(frame["w"].to_numpy())
    assert found.std_error == pytest.approx(np.sqrt((moved**2).sum()), rel=1e-5)
    assert np.isfinite(found.dof)


@pytest.mark.parametrize("contrast", ["difference", "ratio"])
@pytest.mark.parametrize("estimand", ["ATT", "ATE"])
def test_two_means_make_the_contrast(contrast: str, estimand: str) -> None:
    m = ev.match(WORK, ROLES, "full", estimand=estimand)
    for outcome, model in (("work", "logit"), ("re78", "linear")):
        effect = ev.g_computation(m, outcome, model=model, contrast=contrast)
        treated, comparison = effect.means
        made = treated / comparison if contrast == "ratio" else treated - comparison
        assert made == pytest.approx(effect.estimate, rel=1e-12)
        if estimand == "ATT":
            scale = 100 if model == "logit" else 1
            assert treated == pytest.approx(scale * WORK[outcome][m.treated].mean())


def test_the_jackknife_takes_the_target_anew_without_each_town() -> None:
    frame = towns()
    frame["y"] = frame["y"].mask(frame["x"] > 1.2)
    m = ev.weigh(frame, TOWN_ROLES, estimand="ATE")
    effect = ev.g_computation(m, "y")
    codes = frame["town"].to_numpy()
    plain = dataclasses.replace(TOWN_ROLES, cluster=None)
    for town in (3, 20):
        rest = ev.weigh(frame[codes != town], plain, estimand="ATE")
        keep = codes != town
        known = frame["y"].notna().to_numpy() & keep
        models = [
            np.polyfit(frame["x"][rows], frame["y"][rows], 1, w=np.sqrt(m.reweigh(keep)[rows]))
            for rows in (known & frame["plan"], known & ~frame["plan"])
        ]
        gap = np.polyval(models[0], frame["x"]) - np.polyval(models[1], frame["x"])
        assert ev.g_computation(rest, "y").estimate == pytest.approx(gap[keep].mean())
    assert effect.std_error > 0
