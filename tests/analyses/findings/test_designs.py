"""Every method of a comparison can be asked for, and other designs stand beside the plan's."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from analyses import Results, load_study, run
from analyses.cohort.compare import compare, decision_of
from analyses.cohort.rows import cohort_rows
from analyses.inputs.read import read_inputs
from analyses.results.facts import read_facts
from analyses.study.methods import BY_NAME
from data_dictionary.errors import DesignError
from evaluation import Matched

ROOT = Path(__file__).parents[3]
NSW = ROOT / "analyses" / "studies" / "nsw"
ALONE = [name for name in BY_NAME if name not in ("exact", "risk_sets", "unmatched")]
TEMPLATE = ROOT / "surveys" / "synthetic" / "study.toml"


@pytest.fixture(scope="module")
def nsw(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run(load_study(NSW), tmp_path_factory.mktemp("nsw") / "results")


def written(folder: Path, comparison: str, designs: str = "") -> Path:
    """Write the nsw study with another comparison, its data where they are."""
    text = (NSW / "study.toml").read_text(encoding="utf-8")
    text = text.replace('"data/', f'"{(NSW / "data").as_posix()}/')
    covariates = re.search(r"^covariates = .*$", text, re.MULTILINE)
    assert covariates is not None
    start, end = text.index("[comparison]"), text.index("[[outcome]]")
    section = f"[comparison]\n{covariates[0]}\n{comparison}\n{designs}\n"
    (folder / "study.toml").write_text(text[:start] + section + text[end:], encoding="utf-8")
    return folder


def refusal(folder: Path, comparison: str, designs: str = "") -> str:
    with pytest.raises(DesignError) as caught:
        load_study(written(folder, comparison, designs))
    return str(caught.value)


def matched(folder: Path, comparison: str) -> Matched:
    study = load_study(written(folder, comparison))
    rows = cohort_rows(study, read_inputs(study, lambda _: None))
    return compare(rows.frame, rows.roles, study.comparison, study.cohort.index_date)


@pytest.mark.parametrize("method", ALONE)
def test_every_method_of_evaluation_can_be_asked_for(tmp_path: Path, method: str) -> None:
    m = matched(tmp_path, f'method = "{method}"')
    assert (m.method, m.estimand) == (method, BY_NAME[method].estimands[0])


def test_exact_matching_keeps_those_who_agree_on_everything(
    tmp_path: Path,
) -> None:
    m = matched(tmp_path, 'method = "exact"')
    assert (m.frame.loc[m.used, "re74"] == 0).mean() > 0.5


def test_options_reach_the_method_that_they_belong_to(tmp_path: Path) -> None:
    options = '[comparison.options]\nmahalanobis = ["age", "educ"]\ncalipers = { age = 2 }'
    m = matched(tmp_path, f'method = "optimal"\ncaliper = 0.2\n{options}')
    pairs = m.frame["age"].to_numpy()[m.pairs[["treated", "comparison"]].to_numpy()]
    assert np.abs(pairs[:, 0] - pairs[:, 1]).max() <= 2
    assert "Mahalanobis distance of age, educ within" in m.design


def test_codes_of_a_category_are_excluded_as_the_data_have_them(tmp_path: Path) -> None:
    m = matched(tmp_path, "caliper = 0.2\n[comparison.options]\nexclude = { black = [0] }")
    used = m.frame.loc[m.used & ~m.treated, "black"].astype(int)
    assert (used == 1).all()


def test_a_random_order_and_a_boosted_propensity_draw_from_the_study_s_seed(
    tmp_path: Path,
) -> None:
    study = load_study(written(tmp_path, 'order = "random"'))
    assert study.comparison.options == ev.Nearest(order="random", seed=1986)
    boosted = '[comparison.options]\nlearner = "boosted"\ncap = 0.99'
    study = load_study(written(tmp_path, f'method = "ipw"\n{boosted}'))
    assert study.comparison.options == ev.InverseProbability(
        learner=ev.Boosted(seed=1986), cap=0.99
    )


def test_mistakes_of_a_comparison_are_named_at_once_and_early(tmp_path: Path) -> None:
    designs = """
[[design]]
name = "a"
label = "A"
method = "entropy"
caliper = 0.1
[[design]]
name = "a"
label = "B"
method = "overlap"
[[design]]
name = "c"
label = "C"
covariates = ["agee"]
distance = "re7"
[[design]]
name = "main"
label = "D"
method = "entropy"
[design.options]
moments = 9
"""
    options = '[comparison.options]\nmin_control = 2\nmax_controls = "many"'
    message = refusal(tmp_path, f'method = "full"\nratio = 2\n{options}', designs)
    for expected in (
        "[comparison]: ratio is not used by method='full'; leave it out",
        "[comparison] options: 'min_control' is no option of method='full'. "
        "Did you mean 'min_controls'?",
        "[comparison] options: max_controls = 'many' is not a whole number",
        "[[design]] a: caliper is not used by method='entropy'; leave it out",
        "[[design]] a: another design has the same name",
        "[[design]] a: estimand = 'ATT' cannot be had with method='overlap'; it offers 'ATO'",
        "[[design]] c covariates: 'agee' is not a column. Did you mean 'age'?",
        "[[design]] c distance: 're7' is not a column. Did you mean 're7",
        "[[design]] main: another design has the same name",
        "[[design]] main options: moments = 9 is not 1, 2, 3 or 4",
    ):
        assert expected in message


def test_methods_that_would_use_a_month_twice_are_refused_before_anything_is_read(
    tmp_path: Path,
) -> None:
    text = TEMPLATE.read_text(encoding="utf-8").replace('"nearest"', '"full"')
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DesignError) as caught:
        load_study(tmp_path)
    assert "repeats a unit" in str(caught.value)
    assert "method='full' would use more than once; keep one row per unit" in str(caught.value)


def test_a_design_inherits_what_its_method_uses(tmp_path: Path) -> None:
    designs = """
[[design]]
name = "without"
label = "Uden"
caliper = inf
[[design]]
name = "weights"
label = "Vægte"
method = "ipw"
[[design]]
name = "distance"
label = "Afstand"
distance = "mahalanobis"
"""
    options = "[comparison.options]\ncalipers = { age = 3 }"
    study = load_study(
        written(tmp_path, f'caliper = 0.2\nexact = ["black"]\nratio = 2\n{options}', designs)
    )
    without, weights, distance = (design.comparison for design in study.designs)
    assert without.options == ev.Nearest(calipers={"age": 3}, ratio=2)
    assert without.exact == ("black",)
    assert (weights.options, weights.exact) == (ev.InverseProbability(), ())
    assert weights.covariates == study.comparison.covariates
    assert distance.options == ev.Nearest(
        calipers={"age": 3}, ratio=2, distance="mahalanobis", caliper=None
    )


def test_the_plan_s_own_design_is_first_and_has_the_effect_that_is_tested(nsw: Results) -> None:
    (effect,) = nsw.effects.to_dict("records")
    first = nsw.designs.iloc[0]
    assert (first["design"], first["method"]) == ("main", "nearest")
    for name in ("estimate", "std_error", "conf_low", "conf_high", "n_treated"):
        assert first[name] == effect[name]
    assert len(nsw.designs) == 1 + len(load_study(NSW).designs) == 11
    assert len(nsw.effects) == 1


def test_designs_give_what_evaluation_gives(nsw: Results) -> None:
    study = load_study(NSW)
    rows = cohort_rows(study, read_inputs(study, lambda _: None))
    found = nsw.designs.set_index("design")
    for name, m in {
        "optimal": ev.match(rows.frame, rows.roles, method="optimal", caliper=0.2),
        "entropy_balancing": ev.weigh(rows.frame, rows.roles, method="entropy"),
    }.items():
        effect = ev.mean_difference(m, "re78", unit="dollar")
        assert found.loc[name, "estimate"] == pytest.approx(effect.estimate, rel=1e-9)
        assert found.loc[name, "conf_low"] == pytest.approx(effect.conf_low, rel=1e-9)
        assert found.loc[name, "ess_comparison"] == pytest.approx(m.ess["comparison"])
    assert found.loc["entropy_balancing", "largest_smd"] == 0
    # Both balance the means with weights of the same form, so they must agree.
    same = found.loc[["entropy_balancing", "balancing_propensity"], "estimate"]
    assert same.iloc[0] == pytest.approx(same.iloc[1], rel=1e-6)


def test_the_manifest_tells_only_what_a_design_uses(nsw: Results) -> None:
    facts = read_facts(nsw.manifest)
    by_name = {design.name: design for design in facts.designs}
    assert by_name["optimal"].caliper == 0.2
    weighed = by_name["inverse_probability"]
    assert (weighed.caliper, weighed.ratio, weighed.replace) == (None, None, None)
    assert weighed.learner == weighed.options["learner"] == "logit"
    assert facts.comparison.method == "nearest"


def test_a_second_run_gives_the_same_designs(nsw: Results, tmp_path: Path) -> None:
    again = run(load_study(NSW), tmp_path / "again")
    for name in ("designs.csv", "designs.parquet", "effects.csv"):
        assert (again.folder / name).read_bytes() == (nsw.folder / name).read_bytes()


def test_a_design_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    design = (
        '[[design]]\nname = "narrow"\nlabel = "x"\n[design.options]\ncalipers = { black = -1 }'
    )
    study = load_study(written(tmp_path, "", design))
    with pytest.raises(DesignError, match=r"\[\[design\]\] narrow: calipers: 'black'"):
        run(study, tmp_path / "results")


def test_matches_and_estimated_weights_are_judged_by_the_jackknife() -> None:
    rng = np.random.default_rng(1)
    cluster = np.repeat(np.arange(24), 20)
    frame = pd.DataFrame(
        {"id": np.arange(480), "arm": cluster < 12, "age": rng.normal(size=480), "at": cluster}
    )
    roles = ev.Roles(unit="id", treatment="arm", covariates=("age",), cluster="at")
    everybody = np.ones(480, dtype=bool)
    assert decision_of(ev.weigh(frame, roles), everybody).method == "jackknife"
    assert decision_of(ev.match(frame, roles), everybody).method == "jackknife"
