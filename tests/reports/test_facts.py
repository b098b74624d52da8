"""What chapters know of a run: labels, counts and findings, looked up with their types."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

from analyses import Results
from analyses.results.facts import DerivedFacts
from reports.facts import STAMP, load
from reports.rows import Flow
from reports.typed_rows import Few
from tests.reports import minimal


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Return the results of a small synthetic study."""
    from analyses import load_study, run
    from surveys import synthesize

    folder = tmp_path_factory.mktemp("facts")
    synthesize(folder, seed=3, persons=1_500)
    return run(load_study(folder / "study"), folder / "results")


def test_a_folder_is_loaded_with_why_its_cells_are_empty(saved: Results) -> None:
    report = load(saved.folder)
    assert report.facts.study.name == "enplan"
    assert report.stamp == STAMP
    hidden = {name for name, columns in report.few.items() if any(columns.values())}
    assert hidden <= set(report.frames)
    for name, columns in report.few.items():
        for column, rows in columns.items():
            assert report.frames[name][column].iloc[list(rows)].isna().all()


def test_a_small_count_is_said_to_be_one_and_others_are_not() -> None:
    frame = pd.DataFrame(
        {"step": ["data", "start"], "arm": "treated", "n": [9, None], "lost": [0, None]}
    ).assign(reason="")
    report = replace(minimal.report({"flow": frame}), few={"flow": {"n": (1,)}})
    counts = [(report.count(row.n), report.count(row.lost)) for row in report.rows(Flow)]
    assert counts == [("9", "0"), ("<5", "–")]
    assert report.of_persons(Few("nan"), math.nan) == "<5 / –"


def test_labels_come_from_the_facts_and_else_from_our_own_words() -> None:
    derived = DerivedFacts(form="years_since", of="Fødselsdato", levels={"1": "En"})
    report = minimal.report(derived={"age": derived}, labels={"sex": "Køn"})
    assert report.label("age") == "Hele år siden fødselsdato"
    assert report.label("age", "1") == "En"
    assert report.label("index_quarter") == "Kvartal for indeksdatoen"
    assert report.label("nobody") == "nobody"


def test_an_outcome_without_a_label_is_told_by_its_register() -> None:
    time = replace(minimal.WEEKS, register="spells", case_type="family", event="closed")
    outcome = replace(minimal.outcome("closing", time), label=None)
    report = minimal.report(outcomes=(outcome,))
    assert report.name_of("closing") == "Afsluttet sag (family)"
    assert report.within("closing") == "»afsluttet sag (family)«"


def test_a_finding_is_the_row_of_its_outcome_and_term() -> None:
    row = {"estimate": 2.0, "conf_low": 1.0, "conf_high": 3.0}
    report = minimal.report({"effects": minimal.effects(row)})
    (found,) = report.tested()
    assert (found.estimate, found.label) == (2.0, "beskæftigelse")
    assert report.tested("score") == []
    assert report.finding("employment", "time_ratio") is None
    assert report.tested_of("nobody") is None


def test_the_matched_are_those_of_the_outcomes_own_set_where_it_has_one() -> None:
    steps = ["matched", "matched", "matched:trust", "matched:trust"]
    arms = ["treated", "comparison"] * 2
    frame = pd.DataFrame({"step": steps, "arm": arms, "n": [9, 8, 7, None]})
    report = minimal.report({"flow": frame.assign(lost=0, reason="")})
    assert report.matched("employment") == (9.0, 8.0)
    treated, comparison = report.matched("trust")
    assert treated == 7.0
    assert math.isnan(comparison)


def test_a_share_is_read_off_the_last_step_before_a_time() -> None:
    curve = {"outcome": "job", "curve": "incidence", "arm": "treated", "cause": "job"}
    frame = pd.DataFrame([{**curve, "time": t, "estimate": t / 100} for t in (10, 20)])
    report = minimal.report({"curves": frame.assign(conf_low=0.0, conf_high=1.0, at_risk=5)})
    assert report.at("job", "job", "treated", 15)[0] == pytest.approx(10.0)
    assert all(map(math.isnan, report.at("job", "job", "comparison", 15)))


def test_a_study_without_clusters_is_not_told_of_places() -> None:
    report = minimal.report(cluster=None)
    assert not report.has_places
    assert report.place.one == "klynge"
    assert minimal.report().place.many == "kommuner"
