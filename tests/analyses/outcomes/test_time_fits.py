"""Every term of a duration is estimated once on its comparison, whoever asks for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

import evaluation as ev
from analyses import Study, Tables, estimate
from evaluation.survival import subdistribution
from evaluation.terms import terms_of

FITTED = {
    "incidence": "incidence",
    "weeks_since_event": "time_since_event",
    "hazard_ratio": "hazard_ratio",
    "subdistribution_hazard_ratio": "subdistribution_hazard",
    "time_ratio": "time_ratio",
}


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the fits of every term, those that a fit makes for itself included."""
    found: Counter[str] = Counter()

    def count(module: object, name: str) -> None:
        fit = getattr(module, name)

        def counted(*given: object, **more: object) -> object:
            found[name] += 1
            return fit(*given, **more)

        monkeypatch.setattr(module, name, counted)

    for name in FITTED.values():
        count(ev, name)
    count(subdistribution, "hazard_ratio")
    return found


def test_every_term_is_fitted_once_for_effects_and_tables_together(
    study: Study, tables: Tables, counts: Counter[str]
) -> None:
    assert set(FITTED) == set(terms_of("time"))
    plan = replace(study, outcomes=study.outcomes[:1], itt=None, weekly=None, designs=())
    (one,) = estimate(plan, tables).outcomes.values()
    once = dict.fromkeys(FITTED.values(), 1)
    assert counts == once
    made = {name: make() for name, make in one.beside.items()}
    # Both ratios are in the tests again, and the incidence is in the differences.
    assert {"hazard_ratio", "subdistribution_hazard_ratio"} <= set(made["tests"]["test"])
    assert len(made["differences"])
    assert counts == once
    assert one.outcome.variants(one, plan, tables).competing.keys() == set(
        one.outcome.causes_beside
    )
    assert counts == once


def test_the_tested_term_is_one_of_them_whichever_it_is(
    study: Study, tables: Tables, counts: Counter[str]
) -> None:
    outcome = replace(study.outcomes[0], estimate="hazard_ratio")
    plan = replace(study, outcomes=(outcome,), itt=None, weekly=None, designs=())
    (one,) = estimate(plan, tables).outcomes.values()
    assert one.tested.term == "hazard_ratio"
    assert counts == dict.fromkeys(FITTED.values(), 1)
