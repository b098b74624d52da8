"""What holds of every method of matching, and what each refuses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from data_dictionary.errors import DesignError
from data_dictionary.schema import key
from evaluation import Cem, Full, Nearest, Optimal, Subclass, match, weigh
from evaluation.comparison import methods
from evaluation.comparison.arms import Arms
from evaluation.comparison.matching.candidates import Candidates, refuse_repeated
from evaluation.comparison.matching.distance import Score
from evaluation.comparison.matching.found import Found
from evaluation.comparison.matching.method import Matching
from evaluation.comparison.matching.pairs import Pairs
from evaluation.comparison.method import Family
from evaluation.comparison.methods import METHODS
from evaluation.comparison.weighting.method import RawWeights, WeighMethod, WeighRows
from tests.evaluation.comparison.small import ROLES, difference, people


def _same_sets(subclass: np.ndarray, stored: list[str | None]) -> bool:
    """Whether two numberings put the same rows together and leave out the same."""
    both = pd.DataFrame({"own": subclass, "other": stored})
    inside = both["other"].notna()
    if not ((both["own"] >= 0) == inside).all():
        return False
    links = both[inside].drop_duplicates()
    return len(links) == links["own"].nunique() == links["other"].nunique()


@pytest.mark.parametrize(
    ("data", "entry", "outcome", "options"),
    [
        ("sim", "subclass5", "y", {"method": Subclass(n=5), "distance": "ps"}),
        ("lalonde", "subclass6", "re78", {"method": "subclass", "distance": "ps"}),
        ("lalonde", "cem_sturges", "re78", {"method": "cem"}),
    ],
)
def test_sets_and_weights_are_those_of_matchit(
    data: str, entry: str, outcome: str, options: dict[str, Any], request: Any
) -> None:
    frame, roles, oracle = (
        request.getfixturevalue(data + suffix) for suffix in ("", "_roles", "_oracle")
    )
    stored = oracle[entry]
    m = match(frame, roles, **options)
    assert _same_sets(m.subclass, stored["sets"])
    assert_allclose(m.weights, stored["weights"], rtol=1e-10)
    assert_allclose(difference(m, outcome), stored["att"], rtol=1e-10)
    used = m.used
    sizes = (used & m.treated).sum(), (used & ~m.treated).sum()
    assert sizes == (stored["n_treated"], stored["n_comparison"])


ANY_METHOD = [
    "nearest",
    Nearest(calipers={"z": 1.0}, anti_exact=("g",)),
    Nearest(mahalanobis=("x", "z"), discard="both"),
    "optimal",
    Optimal(calipers_sd={"x": 1.0}, exclude={"g": ["c"]}),
    "full",
    Full(min_controls=1 / 2, max_controls=3),
    Full(max_controls=2, calipers={"z": 1.0}),
    Cem(cutpoints={"x": 3, "z": 3}),
    Cem(cutpoints={"x": 2, "z": 2}, k2k=True),
    Subclass(n=2, discard="comparison"),
]


@settings(deadline=None, max_examples=50)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(8, 80),
    method=st.sampled_from(ANY_METHOD),
    estimand=st.sampled_from(["ATT", "ATC", "ATE"]),
    distance=st.sampled_from(["ps", "mahalanobis", "robust_mahalanobis", "z"]),
    exact=st.sampled_from([(), ("g",)]),
    weight=st.sampled_from([None, "w"]),
)
@pytest.mark.filterwarnings("ignore::data_dictionary.errors.CareWarning")
def test_any_method_gives_a_good_comparison_or_says_why_not(
    seed, n, method, estimand, distance, exact, weight
) -> None:
    frame = people(n, seed)
    before = frame.copy(deep=True)
    roles = replace(ROLES, exact=exact, weight=weight)
    options = {} if isinstance(method, Cem) else {"distance": distance}
    try:
        m = match(frame, roles, method=method, estimand=estimand, **options)
    except DesignError as refusal:
        assert "fault of the program" not in str(refusal)  # noqa: PT017
        return
    pd.testing.assert_frame_equal(frame, before)
    plain = m.weights / (frame["w"].to_numpy() if weight else 1.0)
    for arm in (m.treated, ~m.treated):
        assert_allclose(plain[arm].sum(), (m.used & arm).sum())
    focal = {"ATT": m.treated, "ATC": ~m.treated}.get(estimand)
    if focal is not None:
        assert_allclose(plain[focal & m.used], 1)
    if not m.pairs.empty:
        g = frame["g"].to_numpy()
        same = g[m.pairs["treated"]] == g[m.pairs["comparison"]]
        assert not exact or same.all()
    for array in (m.weights, m.treated, m.subclass):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_equal_seeds_and_data_give_equal_bytes() -> None:
    frame = people(200, 5)
    for method in ("optimal", "full", "subclass"):
        first, second = (match(frame, ROLES, method=method) for _ in range(2))
        assert_array_equal(first.weights, second.weights)


REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({"method": "full", "ratio": 2}, "ratio=2 is not used by method='full'"),
    ({"method": "full", "replace": True}, "replace=True is not used by method='full'"),
    ({"method": "optimal", "order": "data"}, "order='data' is not used by method='optimal'"),
    ({"method": "cem", "caliper": 0.2}, "caliper=0.2 is not used by method='cem'"),
    ({"method": "exact", "distance": "ps"}, "distance='ps' is not used by method='exact'"),
    ({"method": "subclass", "seed": 1}, "seed=1 is not used by method='subclass'"),
    ({"method": "optimal", "estimand": "ATE"}, "'ATE' cannot be had with method='optimal'"),
    ({"method": Cem(k2k=True), "estimand": "ATE"}, "'ATE' cannot be had with Cem"),
    ({"distance": "mahalanobis", "caliper": 0.2}, "belongs to a score"),
    ({"distance": "mahalanobis", "order": "smallest"}, "ranks a score"),
    ({"distance": "g"}, "is a column that holds no numbers"),
    ({"distance": "xx"}, "or a column. Did you mean 'x'"),
    ({"order": "random"}, "needs seed=, a whole number"),
    ({"seed": 3}, "seed=3 is not used by the usual order"),
    ({"method": "subclass", "distance": "mahalanobis"}, "no order to cut subclasses from"),
    ({"method": Subclass(n=1)}, r"Subclass\(n=1\) must be a whole number from 2 up"),
    ({"method": Subclass(n=50)}, "Ask for fewer subclasses"),
    ({"method": Full(min_controls=0.4)}, "must be 0, a share such as 1/2"),
    ({"method": Full(max_controls=0)}, "must be a whole number from 1 up, or None"),
    ({"method": Full(min_controls=3, max_controls=2)}, "exceeds max_controls"),
    ({"method": Full(min_controls=9)}, "treated would have fewer comparison rows"),
    ({"method": Nearest(max_controls=3)}, "is the average and must lie between"),
    ({"method": Nearest(min_controls=2), "ratio": 2}, "must be whole numbers"),
    ({"method": Nearest(calipers={"gg": 1})}, "'gg' is not a column of this table"),
    ({"method": Nearest(calipers={"g": 1})}, "'g' holds no numbers"),
    ({"method": Nearest(calipers={"x": -1})}, "it must be 0 or more"),
    ({"method": Nearest(anti_exact="g")}, r"write \('g',\)"),
    ({"method": Nearest(discard="all")}, "discard='all' is not offered"),
    ({"method": Nearest(discard="both"), "distance": "mahalanobis"}, "needs a score"),
    ({"method": Nearest(caliper_unit="cm")}, "caliper_unit='cm' is not offered"),
    (
        {"method": Nearest(caliper_unit="raw")},
        "caliper_unit='raw' is not used without caliper=",
    ),
    ({"method": Nearest(mahalanobis=("x",)), "distance": "mahalanobis"}, "needs a score"),
    ({"method": Cem(cutpoints={"xx": 3})}, "'xx' is not a covariate. Did you mean 'x'"),
    ({"method": Cem(cutpoints={"x": "scott"})}, "allowed: a number of bins, 'sturges'"),
    ({"method": Cem(cutpoints={"x": -1})}, "a number of bins from 0 up"),
    ({"method": Cem(grouping={"x": [[1, 2]]})}, "is a number; give it cutpoints"),
]


@pytest.mark.parametrize(("options", "message"), REFUSALS)
def test_what_cannot_be_had_is_refused_by_name(options: dict[str, Any], message: str) -> None:
    with pytest.raises(DesignError, match=message):
        match(people(40, 2), ROLES, **options)


# --- a method of one's own: a module and a line


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstCome(Matching):
    """Everybody takes the first rows of the other arm that nobody has taken."""

    name: ClassVar[str] = "first_come"
    makes: ClassVar[Family] = "pairs"
    estimands: ClassVar[tuple[str, ...]] = ("ATT", "ATC")

    skip: int = key("First rows that are passed over.", 0, least=0)

    def kind(self) -> str:
        return "first come, first served"

    def find(self, arms: Arms, pool: Candidates, measured: Score) -> Found:
        refuse_repeated(arms, np.flatnonzero(pool.eligible), self.name)
        nowhere = replace(measured, position=np.zeros(len(arms.unit)))
        space = Nearest().space(arms, pool, nowhere)
        waiting = pool.waiting[self.skip :]
        n = min(len(pool.focal), len(waiting))
        pairs = Pairs(focal=pool.focal[:n], partner=waiting[:n], distance=np.zeros(n))
        return Found.of_pairs(len(arms.unit), pairs, space)


@dataclass(frozen=True, slots=True, kw_only=True)
class Even(WeighMethod):
    """Every row weighs the same."""

    name: ClassVar[str] = "even"

    def weigh(self, rows: WeighRows, log_odds: np.ndarray | None) -> RawWeights:
        del log_odds
        return RawWeights(weights=rows.sampling.copy(), equations=None)


def test_a_new_method_is_a_class_and_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(methods, "METHODS", (*METHODS, FirstCome, Even))
    frame = people(60, 4)
    m = match(frame, ROLES, FirstCome(skip=2))
    taken = np.flatnonzero(~m.treated)[2:][: len(m.pairs)]
    assert_array_equal(m.pairs["comparison"], taken)
    assert (m.method, m.design) == ("first_come", "first come, first served")
    turned = match(frame, ROLES, "first_come", estimand="ATC")
    assert set(turned.dropped["reason"]) == {"treated rows within reach all used"}
    for said, message in (
        ({"ratio": 2}, "ratio=2 is not used by method='first_come'"),
        ({"estimand": "ATE"}, "For the ATE use 'full', 'exact', 'cem' or 'subclass'"),
    ):
        with pytest.raises(DesignError, match=message):
            match(frame, ROLES, "first_come", **said)
    with pytest.raises(DesignError, match=r"FirstCome\(skip=-1\) must be a whole number"):
        match(frame, ROLES, FirstCome(skip=-1))
    assert_array_equal(weigh(frame, ROLES, "even").weights, 1.0)
