from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.comparison.matching.field import Field, Space, field
from evaluation.comparison.matching.pairs import Pairs, has_reach, nearest_pairs


def line(
    treated: list[float],
    comparison: list[float],
    *,
    treated_stratum: list[int] | None = None,
    comparison_stratum: list[int] | None = None,
    comparison_unit: list[int] | None = None,
    width: float = np.inf,
) -> Field:
    n, m = len(treated), len(comparison)
    units = comparison_unit if comparison_unit is not None else range(n, n + m)
    strata = [*(treated_stratum or [0] * n), *(comparison_stratum or [0] * m)]
    space = Space(
        lead=np.array([*treated, *comparison], dtype=float),
        points=np.empty((n + m, 0)),
        width=width,
        is_bound=True,
        guards=np.empty((n + m, 0)),
        widths=np.empty(0),
        barred=np.empty((n + m, 0), dtype=np.int64),
        stratum=np.array(strata, dtype=np.int64),
        unit=np.array([*range(n), *units], dtype=np.int64),
    )
    return field(space, np.arange(n), np.arange(n, n + m))


def _pairs(
    treated: list[float],
    comparison: list[float],
    *,
    order: list[int] | None = None,
    treated_unit: list[int] | None = None,
    ratio: int = 1,
    replace: bool = False,
    closest_first: bool = False,
    **placed: object,
) -> Pairs:
    n = len(treated)
    return nearest_pairs(
        line(treated, comparison, **placed),
        order=np.arange(n) if order is None else np.array(order, dtype=np.int64),
        own_unit=np.arange(n)
        if treated_unit is None
        else np.array(treated_unit, dtype=np.int64),
        wanted=np.full(n, ratio, dtype=np.int64),
        replace=replace,
        closest_first=closest_first,
    )


def _listed(pairs: Pairs) -> list[tuple[int, int]]:
    return list(zip(pairs.focal.tolist(), pairs.partner.tolist(), strict=True))


def test_who_chooses_first_gets_the_nearest() -> None:
    # 0.5 lies nearest to 0.4; whoever chooses first takes it, the other goes to 0.9.
    assert _listed(_pairs([0.5, 0.3], [0.4, 0.9], order=[0, 1])) == [(0, 0), (1, 1)]
    assert _listed(_pairs([0.5, 0.3], [0.4, 0.9], order=[1, 0])) == [(0, 1), (1, 0)]


def test_everybody_gets_a_first_partner_before_anyone_a_second() -> None:
    pairs = _pairs([0.5, 0.6], [0.5, 0.55, 0.7], ratio=2)
    assert _listed(pairs) == [(0, 0), (0, 2), (1, 1)]


def test_the_caliper_is_inclusive() -> None:
    assert _listed(_pairs([1.0], [1.25], width=0.25)) == [(0, 0)]
    assert _listed(_pairs([1.0], [1.25], width=0.2499)) == []


def test_reach_tells_an_empty_stratum_from_a_used_up_one() -> None:
    placed = {"treated_stratum": [0, 0, 1], "comparison_stratum": [0]}
    assert _listed(_pairs([0.5, 0.5, 0.5], [0.6], **placed)) == [(0, 0)]
    view = line([0.5, 0.5, 0.5], [0.6], **placed)
    assert has_reach(view, np.arange(3)).tolist() == [True, True, False]


def test_the_closest_pair_is_served_first_and_its_rival_looks_again() -> None:
    # Both want 0.5; the second lies closer to it, so the first goes to 0.9.
    found = _pairs([0.6, 0.51], [0.5, 0.9], closest_first=True)
    assert _listed(found) == [(0, 1), (1, 0)]


def test_everybody_wants_as_many_as_told() -> None:
    pairs = nearest_pairs(
        line([0.1, 0.9], [0.1, 0.2, 0.3, 0.8]),
        order=np.array([0, 1]),
        own_unit=np.arange(2),
        wanted=np.array([3, 1]),
    )
    assert _listed(pairs) == [(0, 0), (0, 1), (0, 2), (1, 3)]


def test_ties_above_go_to_the_first_in_the_data_and_below_to_the_last() -> None:
    assert _listed(_pairs([0.5], [0.75, 0.75])) == [(0, 0)]
    assert _listed(_pairs([0.5], [0.5, 0.5])) == [(0, 0)]
    assert _listed(_pairs([0.5], [0.25, 0.25])) == [(0, 1)]
    assert _listed(_pairs([0.5], [0.75, 0.25])) == [(0, 0)]
    assert _listed(_pairs([0.5], [0.25, 0.75])) == [(0, 0)]


def test_a_unit_leaves_with_all_its_rows() -> None:
    # Unit 7 stands at 0.5 and, in another stratum, at 0.9: once used, 0.9 is gone too.
    pairs = _pairs(
        [0.5, 0.9, 0.9],
        [0.5, 0.9, 0.1],
        treated_stratum=[0, 1, 1],
        comparison_stratum=[0, 1, 1],
        comparison_unit=[7, 7, 8],
    )
    assert _listed(pairs) == [(0, 0), (1, 2)]


def test_a_treated_unit_chooses_once() -> None:
    assert _listed(_pairs([0.5, 0.6], [0.5, 0.6], treated_unit=[0, 0])) == [(0, 0)]


def test_with_replacement_one_may_serve_all_but_each_treated_has_distinct_units() -> None:
    pairs = _pairs(
        [0.5, 0.6], [0.5, 0.55, 0.8], comparison_unit=[4, 4, 5], ratio=2, replace=True
    )
    assert _listed(pairs) == [(0, 0), (0, 2), (1, 1), (1, 2)]


def test_nobody_to_choose_from_is_no_pairs() -> None:
    assert _listed(_pairs([0.5], [])) == []
    assert _listed(_pairs([], [0.5])) == []


# Distinct comparisons: ties have their own test, and sixteenths keep differences exact.
sixteenths = st.integers(0, 64).map(lambda i: i / 16)


@st.composite
def designs(draw: st.DrawFn) -> dict[str, object]:
    treated = draw(st.lists(st.integers(0, 64).map(lambda i: i / 16 + 1 / 64), max_size=8))
    comparison = draw(st.lists(sixteenths, max_size=12, unique=True))
    n, m = len(treated), len(comparison)
    few = st.integers(0, 1)
    return {
        "treated": treated,
        "comparison": comparison,
        "order": draw(st.permutations(range(n))),
        "treated_stratum": draw(st.lists(few, min_size=n, max_size=n)),
        "comparison_stratum": draw(st.lists(few, min_size=m, max_size=m)),
        "treated_unit": draw(st.lists(st.integers(0, 7), min_size=n, max_size=n)),
        "comparison_unit": draw(st.lists(st.integers(8, 16), min_size=m, max_size=m)),
        "width": draw(st.sampled_from([0.25, 1.0, np.inf])),
        "ratio": draw(st.integers(1, 3)),
    }


def _greedy_by_definition(design: dict, *, replace: bool) -> set[tuple[int, int]]:
    """Look at every candidate for every choice."""
    chosen: dict[int, list[int]] = {i: [] for i in range(len(design["treated"]))}
    used: set[int] = set()
    done: set[int] = set()
    for turn in range(design["ratio"]):
        for i in design["order"]:
            waits = design["treated_unit"][i] in done if turn == 0 else len(chosen[i]) < turn
            if waits and not (replace and turn == 0):
                continue
            taken = {design["comparison_unit"][j] for j in chosen[i]} if replace else used
            gaps = [
                (abs(design["treated"][i] - position), j)
                for j, position in enumerate(design["comparison"])
                if design["comparison_stratum"][j] == design["treated_stratum"][i]
                and design["comparison_unit"][j] not in taken
            ]
            if gaps and min(gaps)[0] <= design["width"]:
                j = min(gaps)[1]
                chosen[i].append(j)
                used.add(design["comparison_unit"][j])
                done.add(design["treated_unit"][i])
    return {(i, j) for i, partners in chosen.items() for j in partners}


@settings(deadline=None, max_examples=50)
@given(design=designs())
def test_greedy_without_replacement_is_what_its_definition_says(design: dict) -> None:
    assert set(_listed(_pairs(**design))) == _greedy_by_definition(design, replace=False)


@settings(deadline=None, max_examples=50)
@given(design=designs())
def test_greedy_with_replacement_is_what_its_definition_says(design: dict) -> None:
    pairs = _pairs(**design, replace=True)
    assert set(_listed(pairs)) == _greedy_by_definition(design, replace=True)


def test_a_large_line_gives_what_the_definition_gives() -> None:
    rng = np.random.default_rng(9)
    design = {
        "treated": rng.random(150).tolist(),
        "comparison": rng.random(900).tolist(),
        "order": rng.permutation(150).tolist(),
        "treated_stratum": rng.integers(0, 3, 150).tolist(),
        "comparison_stratum": rng.integers(0, 3, 900).tolist(),
        "treated_unit": list(range(150)),
        "comparison_unit": (150 + rng.integers(0, 300, 900)).tolist(),
        "width": 0.05,
        "ratio": 3,
    }
    assert set(_listed(_pairs(**design))) == _greedy_by_definition(design, replace=False)
