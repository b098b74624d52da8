"""A method declares what it is and what it may be told; a call finds it, told what was said."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal

import numpy as np
import pytest

from data_dictionary.errors import DesignError
from data_dictionary.schema import Form, key, keys_of
from evaluation import Cem, Exact, Full, Nearest, Optimal, RiskSets, Roles, Unmatched
from evaluation.comparison.method import Method, named, value_faults
from evaluation.comparison.methods import METHODS

SAID = {"caliper": None, "ratio": 2, "order": "largest"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Toy(Method):
    name: ClassVar[str] = "toy"

    size: int = key("Number.", 2, least=1)
    most: int | None = key("Number.", None, least=3)
    way: Literal["up", "down"] = key("Way.", "up")
    share: float = key("Share.", 0.5, form=Form("a share", lambda share: 0 < share < 1))
    is_fast: bool = key("Whether.", False)


def test_what_is_said_replaces_what_the_object_holds_and_none_leaves_it() -> None:
    plan, unused = named(Nearest(caliper=0.3, ratio=5), (Nearest,), SAID, usual=Nearest())
    assert (plan, unused) == (Nearest(caliper=0.3, ratio=2, order="largest"), [])
    plan, _ = named("nearest", (Nearest, Full), {"caliper": 0.1})
    assert plan == Nearest(caliper=0.1)


def test_a_keyword_without_use_is_told_unless_it_says_the_usual() -> None:
    plan, unused = named("full", (Nearest, Full), SAID, usual=Nearest(order="largest"))
    assert plan == Full()
    assert unused == ["ratio=2 is not used by method='full'; leave it out."]
    # True is not 1, whatever == says.
    _, unused = named("full", (Full,), {"ratio": True}, usual=Nearest())
    assert unused == ["ratio=True is not used by method='full'; leave it out."]


@pytest.mark.parametrize("method", ["nearst", 3, None, Unmatched(), Nearest])
def test_what_is_no_method_of_the_call_is_refused_with_those_that_are(method: object) -> None:
    with pytest.raises(DesignError, match="is not offered; allowed: 'nearest', 'full'"):
        named(method, (Nearest, Full))


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({}, None),
        ({"most": 3, "size": np.int64(4), "is_fast": np.bool_(True)}, None),
        ({"size": 0}, "Toy(size=0) must be a whole number from 1 up."),
        ({"size": True}, "Toy(size=True) must be a whole number from 1 up."),
        ({"size": None}, "Toy(size=None) must be a whole number from 1 up."),
        ({"most": 2}, "Toy(most=2) must be a whole number from 3 up, or None."),
        (
            {"way": "dwn"},
            "way='dwn' is not offered; allowed: 'up', 'down'. Did you mean 'down'?",
        ),
        ({"share": 2}, "share=2 must be a share."),
        ({"is_fast": "no"}, "is_fast='no' must be True or False."),
    ],
)
def test_a_value_is_measured_by_its_declaration(
    told: dict[str, Any], fault: str | None
) -> None:
    assert value_faults(Toy(**told)) == ([] if fault is None else [fault])


@pytest.mark.parametrize("kind", METHODS)
def test_every_method_declares_itself(kind: type[Method]) -> None:
    method = kind()
    assert sum(other.name == kind.name for other in METHODS) == 1
    assert method.family == kind.makes
    assert kind.estimands
    assert not method.faults() if hasattr(method, "faults") else True
    # Every keyword is declared, and explained to whoever asks for help.
    assert [one.field for one in keys_of(kind).values()] == [one.name for one in fields(kind)]
    for one in keys_of(kind).values():
        assert one.meaning.endswith(".")
        assert f"    {one.name}\n        {one.meaning[:40]}" in str(kind.__doc__)


def test_sets_that_are_thinned_to_pairs_are_pairs() -> None:
    assert (Cem().family, Cem(k2k=True).family) == ("sets", "pairs")


def test_who_takes_months_and_who_takes_exact_columns() -> None:
    months = {kind.name for kind in METHODS if kind.takes_months}
    assert months == {"nearest", "optimal", "risk_sets", "unmatched"}
    exact = {kind.name for kind in METHODS if kind.takes_exact}
    assert exact == {"nearest", "optimal", "full", "exact", "cem", "risk_sets"}


def test_columns_are_those_that_the_keywords_name() -> None:
    method = Optimal(distance="risk", mahalanobis=("a",), calipers={"b": 1}, anti_exact=("c",))
    assert method.columns() == {
        "distance": ("risk",),
        "mahalanobis": ("a",),
        "caliper": ("b",),
        "anti_exact": ("c",),
    }
    assert not any(columns for kind in METHODS for columns in kind().columns().values())


@pytest.mark.parametrize(
    ("method", "words"),
    [
        (Nearest(), "nearest 1:1 on the logit of the propensity, exact on quarter"),
        (
            Nearest(caliper=0.2, caliper_unit="raw", replace=True, order="data", distance="s"),
            "nearest 1:1 on 's' (data order), with replacement, caliper 0.2, exact on quarter",
        ),
        (
            Optimal(
                mahalanobis=("a",), calipers={"b": 2}, calipers_sd={"c": 1}, discard="both"
            ),
            "optimal 1:1 on the Mahalanobis distance of a within the logit of the propensity, "
            "b within 2, c within 1 SD, both outside the common support left out, exact on "
            "quarter",
        ),
        (
            Exact(exclude={"town": [1]}),
            "exact on all covariates, exact on quarter, without certain town",
        ),
        (
            RiskSets(caliper=0.2, ratio=2),
            "risk sets 1:2 on the logit of the propensity of starting, caliper 0.2 SD, exact "
            "on quarter",
        ),
        (
            RiskSets(caliper=0.2, distance="mahalanobis"),
            "risk sets 1:1 on the Mahalanobis distance, caliper 0.2, exact on quarter",
        ),
    ],
)
def test_a_design_is_told_in_words(method: Method, words: str) -> None:
    roles = Roles(unit="id", treatment="t", exact=("quarter",))
    assert method.describe(roles) == words
