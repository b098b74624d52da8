"""The trial one would have wished for: every code has words, and only what applies is told."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from typing import Any, get_args, get_type_hints

import pytest

from analyses.results.facts import TargetTrialFacts
from reports.words import target_trial
from reports.words.target_trial import AGAINST, ELIGIBLE, ZERO
from tests.reports import minimal

HINTS = get_type_hints(TargetTrialFacts)


def told(**changed: Any) -> dict[str, str]:
    """Return what this study has, element by element."""
    trial = replace(
        minimal.facts().target_trial,
        **{name: changed.pop(name) for name in list(changed) if name in HINTS},
    )
    rows = target_trial.rows(minimal.report(target_trial=trial, **changed))
    assert all(cell and "{" not in cell for row in rows for cell in row)
    return {element: here for element, _, here in rows}


def test_every_code_has_words() -> None:
    assert set(AGAINST) == set(get_args(HINTS["against"]))
    assert set(ZERO) == set(get_args(HINTS["time_zero"]))
    assert {"everyone", *ELIGIBLE} == set(get_args(HINTS["eligibility"]))
    assert len(fields(TargetTrialFacts)) == len(HINTS)


@pytest.mark.parametrize("against", AGAINST)
@pytest.mark.parametrize("zero", ZERO)
def test_whom_and_from_when_is_told(against: str, zero: str) -> None:
    made = told(against=against, time_zero=zero)
    assert "Hvad sammenlignes" in made
    assert ("senere" in made["Tidspunkt nul"]) == (zero in ("partner_week", "drawn_month"))


def test_elements_that_do_not_apply_are_left_out() -> None:
    bare = told(moves=False, cluster=None)
    assert not {"Fraflytning"} & set(bare)
    assert "Fraflytning" in told()
    assert any(name.startswith("Senere start") for name in told(own_starts=True))
    assert any(name.startswith("Andre afgange") for name in told(exits=True))


def test_a_trial_drew_lots() -> None:
    study = replace(minimal.facts().study, design="randomised")
    plain = replace(minimal.PAIRS, method="unmatched", family="none")
    made = told(study=study, comparison=plain)
    assert made["Fordeling"] == "Lodtrækning"
    assert "trukket" in made["Det, der sammenlignes"]
    assert "Ikke lodtrækning" in told(comparison=plain)["Fordeling"]


def test_whose_status_decides_is_told_by_its_label() -> None:
    made = told(eligibility="resident_status", status="own", labels={"own": "Ledig"})
    assert "bosat i landet og i tilstanden ledig" in made["Hvem"]


@pytest.mark.parametrize(("low", "said"), [(1.0, "95 %-intervaller"), (math.nan, "ingen")])
def test_intervals_are_promised_only_where_there_are_any(low: float, said: str) -> None:
    row = {"estimate": 2.0, "conf_low": low, "conf_high": low + 2.0, "p_value": 0.02}
    shown = minimal.report({"effects": minimal.effects(row)})
    analysis = {cells[0]: cells[-1] for cells in target_trial.rows(shown)}["Beregning"]
    assert said in analysis
