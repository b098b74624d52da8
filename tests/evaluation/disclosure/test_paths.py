"""Weekly paths: an attacker who knows the arms' sizes and every sum finds no few persons."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary.errors import ColumnError, DesignError
from evaluation.disclosure import coarsen_paths, rare_statuses, require_safe_paths

STATUSES = ("employment", "education", "benefits")
REST = "benefits"


def compositions(n: int) -> np.ndarray:
    """Return every way in which n persons can stand in three statuses."""
    return np.array([(a, b, n - a - b) for a in range(n + 1) for b in range(n + 1 - a)])


def paths(treated: np.ndarray, comparison: np.ndarray, width: float = 4.0) -> pd.DataFrame:
    """Return exact paths of counts by week and status."""
    made = []
    shares = []
    for arm, counts in (("treated", treated), ("comparison", comparison)):
        n = counts.sum(axis=1)
        shares.append(100.0 * counts / n[:, None])
        for k, status in enumerate(STATUSES):
            made.append(
                pd.DataFrame(
                    {
                        "status": status,
                        "arm": arm,
                        "week": np.arange(len(counts)),
                        "estimate": shares[-1][:, k],
                        "n": n,
                        "persons": counts[:, k],
                        "everybody": n,
                    }
                )
            )
    for k, status in enumerate(STATUSES):
        gap = shares[0][:, k] - shares[1][:, k]
        made.append(
            pd.DataFrame(
                {
                    "status": status,
                    "arm": "difference",
                    "week": np.arange(len(treated)),
                    "estimate": gap,
                    "conf_low": gap - width,
                    "conf_high": gap + width,
                    "band_low": gap - 2 * width,
                    "band_high": gap + 2 * width,
                    "n": treated.sum(axis=1) + comparison.sum(axis=1),
                    "everybody": treated.sum(axis=1) + comparison.sum(axis=1),
                }
            )
        )
    columns = ["status", "arm", "week", "estimate", "conf_low", "conf_high", "band_low"]
    return pd.concat(made, ignore_index=True).reindex(
        columns=[*columns, "band_high", "n", "persons", "everybody"]
    )


def seen(published: pd.DataFrame) -> list[bytes]:
    """Return, week by week, everything that is published of it."""
    shown = ["estimate", "conf_low", "conf_high", "band_low", "band_high", "n"]
    values = np.column_stack(
        [rows[shown].to_numpy(float) for _, rows in published.groupby(["status", "arm"])]
    )
    values = np.nan_to_num(values, nan=-999.0).round(9)
    return [row.tobytes() for row in values]


def gives_away(sets: dict[bytes, list[np.ndarray]], small: range) -> list[int]:
    """Return in how many published weeks each status' count is known to be small."""
    return [
        sum(set(np.array(found)[:, k].tolist()) <= set(small) for found in sets.values())
        for k in range(len(STATUSES))
    ]


def consistent(keys: list[bytes], truths: np.ndarray) -> dict[bytes, list[np.ndarray]]:
    sets: dict[bytes, list[np.ndarray]] = {}
    for key, truth in zip(keys, truths, strict=True):
        sets.setdefault(key, []).append(truth)
    return sets


@pytest.mark.parametrize(("n", "min_cell"), [(13, 3), (12, 3), (14, 5), (17, 4), (11, 2)])
def test_no_count_and_no_change_is_known_to_be_small_though_the_sizes_are_known(
    n: int, min_cell: int
) -> None:
    truths = compositions(n)
    still = np.tile(truths[len(truths) // 2], (len(truths), 1))
    published = coarsen_paths(paths(truths, still), rest=REST, min_cell=min_cell)
    sets = consistent(seen(published), truths)
    small = range(1, min_cell)
    assert gives_away(sets, small) == [0, 0, 0]
    for first, second in product(sets.values(), repeat=2):
        for k in range(len(STATUSES)):
            one, two = np.array(first)[:, k], np.array(second)[:, k]
            changes = set(np.abs(np.subtract.outer(one, two)).ravel().tolist())
            assert not changes <= set(small)


def test_not_even_where_nobody_returns_from_a_status() -> None:
    truths, small = compositions(13), range(1, 3)
    still = np.tile(truths[50], (len(truths), 1))
    published = coarsen_paths(paths(truths, still), rest=REST, min_cell=3)
    sets = consistent(seen(published), truths)
    for first, second in product(sets.values(), repeat=2):
        # The attacker keeps only pairs of weeks in which education never loses anybody.
        one, two = np.array(first)[:, 1], np.array(second)[:, 1]
        kept = np.argwhere(np.subtract.outer(one, two) <= 0)
        if len(kept):
            assert not set(one[kept[:, 0]].tolist()) <= set(small)
            assert not set((two[kept[:, 1]] - one[kept[:, 0]]).tolist()) <= set(small)


def test_the_same_attacker_succeeds_on_rounded_shares_with_their_exact_difference() -> None:
    truths, min_cell = compositions(13), 5
    still = np.tile([3, 5, 5], (len(truths), 1))
    both = [np.rint(counts / min_cell) * min_cell for counts in (truths, still)]
    rounded = np.column_stack([*both, truths - still])
    sets = consistent([row.tobytes() for row in rounded], truths)
    assert max(gives_away(sets, range(1, min_cell))) > 0
    # Rounding each status to the nearest multiple alone fails too: they add up to everybody.
    truths = compositions(14)
    nearest = np.rint(truths / min_cell) * min_cell
    sets = consistent([row.tobytes() for row in nearest], truths)
    assert max(gives_away(sets, range(1, min_cell))) > 0


def test_an_exact_sum_over_half_a_year_adds_nothing_to_a_week() -> None:
    rng = np.random.default_rng(4)
    for _ in range(50):
        counts = np.cumsum(rng.integers(0, 4, (2, 26)), axis=1)
        low = 5 * (counts // 5)
        # Exactly known: the sum of the differences, as the published effect tells it.
        total = int((counts[0] - counts[1]).sum())
        slack = total - int((low[0] - low[1]).sum())
        # A count is its class' low end plus 0 to 4; the other 51 take up what is left.
        for arm in range(2):
            reach = [-4 * 26, 4 * 25] if arm == 0 else [-4 * 25, 4 * 26]
            left = [
                r for r in range(5) if reach[0] <= slack - (r if arm == 0 else -r) <= reach[1]
            ]
            assert left == list(range(5))


def test_shares_are_those_of_the_middle_of_their_class() -> None:
    treated, comparison = np.array([[17, 4, 82]]), np.array([[9, 12, 79]])
    made = coarsen_paths(paths(treated, comparison), rest=REST, min_cell=5)
    shown = made.pivot_table(index="status", columns="arm", values="estimate")
    # Everybody is observed, of 103 and of 100; 17 is shown as 15 to 19; 4 as none.
    assert shown.loc["employment", "treated"] == pytest.approx(100 * 17 / 103)
    assert shown.loc["education", "treated"] == 0.0
    assert shown.loc["benefits", "treated"] == pytest.approx(100 * 86 / 103)
    gap = 100 * 17 / 103 - 7.0
    assert shown.loc["employment", "difference"] == pytest.approx(gap)
    np.testing.assert_allclose(shown[["treated", "comparison"]].sum(), 100.0)
    assert made.loc[made["arm"] == "treated", "n"].eq(103).all()


def test_those_not_observed_are_told_in_classes() -> None:
    exact = paths(np.array([[17, 4, 82]]), np.array([[9, 12, 79]]))
    exact["everybody"] = exact["everybody"].where(exact["arm"] != "treated", 112)
    made = coarsen_paths(exact, rest=REST, min_cell=5)
    # 9 of 112 are not: 5 to 9.
    assert made.loc[made["arm"] == "treated", "n"].eq(107).all()


def test_intervals_lie_around_what_is_shown_and_are_missing_on_few() -> None:
    treated, comparison = np.array([[40, 4, 59]]), np.array([[30, 12, 61]])
    exact = paths(treated, comparison, width=3.21)
    made = coarsen_paths(exact, rest=REST, min_cell=5).set_index(["arm", "status"])
    gap = made.loc[("difference", "employment")]
    assert gap["conf_high"] - gap["estimate"] == pytest.approx(3.3)
    assert gap["estimate"] - gap["band_low"] == pytest.approx(6.5)
    assert made.loc[("difference", "education"), "conf_low":"band_high"].isna().all()
    assert made.loc["treated", "conf_low":"band_high"].isna().all(axis=None)


def test_a_week_with_few_observed_is_not_shown() -> None:
    treated, comparison = np.array([[30, 3, 9], [2, 1, 1]]), np.array([[30, 3, 9]] * 2)
    made = coarsen_paths(paths(treated, comparison), rest=REST, min_cell=5)
    late = made[(made["week"] == 1) & (made["arm"] != "comparison")]
    assert late["estimate"].isna().all()


def test_a_weighted_share_of_few_persons_is_none() -> None:
    exact = paths(np.array([[3, 20, 77]]), np.array([[20, 20, 60]]))
    heavy = (exact["arm"] == "treated") & (exact["status"] == "employment")
    exact.loc[heavy, "estimate"] = 12.0
    made = coarsen_paths(exact, rest=REST, min_cell=5)
    assert made.loc[heavy, "estimate"].tolist() == [0.0]


counts = st.lists(st.integers(0, 60), min_size=3, max_size=3).filter(lambda c: sum(c) > 0)


@given(treated=counts, comparison=counts, min_cell=st.integers(1, 7))
@settings(deadline=None, max_examples=50)
def test_what_is_published_passes_its_own_audit(treated, comparison, min_cell) -> None:
    exact = paths(np.array([treated]), np.array([comparison]))
    before = exact.copy()
    made = coarsen_paths(exact, rest=REST, min_cell=min_cell)
    require_safe_paths(made, rest=REST, min_cell=min_cell)
    pd.testing.assert_frame_equal(exact, before)
    once = made["estimate"].dropna()
    assert (once[made["arm"] != "difference"] >= 0).all()


def test_exact_paths_are_refused_by_the_audit() -> None:
    exact = paths(np.array([[17, 4, 82]]), np.array([[9, 12, 79]]))
    with pytest.raises(DesignError, match="pass them through coarsen_paths"):
        require_safe_paths(exact, rest=REST, min_cell=5)
    made = coarsen_paths(exact, rest=REST, min_cell=5)
    made.loc[made["arm"] == "difference", "estimate"] += 0.01
    with pytest.raises(DesignError, match="finer than 5 persons"):
        require_safe_paths(made, rest=REST, min_cell=5)


def test_a_min_cell_of_one_changes_nothing() -> None:
    exact = paths(np.array([[1, 2, 3]]), np.array([[3, 2, 1]]))
    made = coarsen_paths(exact, rest=REST, min_cell=1)
    pd.testing.assert_frame_equal(made, exact.drop(columns="persons"))


def test_wrong_input_is_refused() -> None:
    exact = paths(np.array([[1, 2, 3]]), np.array([[3, 2, 1]]))
    with pytest.raises(ColumnError, match="persons"):
        coarsen_paths(exact.drop(columns="persons"), rest=REST)
    with pytest.raises(DesignError, match="rest='leave'"):
        coarsen_paths(exact, rest="leave")


def test_a_status_is_rare_unless_both_arms_have_enough_in_a_quarter_of_the_weeks() -> None:
    weeks = np.arange(8)
    rows = [
        (status, arm, week, persons)
        for status, arm, levels in (
            ("employment", "treated", [0, 0, 0, 9, 10, 12, 20, 30]),
            ("employment", "comparison", [0, 0, 0, 0, 0, 0, 10, 10]),
            ("education", "treated", [30] * 8),
            ("education", "comparison", [9] * 7 + [10]),
        )
        for week, persons in zip(weeks, levels, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["status", "arm", "week", "persons"])
    assert rare_statuses(frame, min_cell=5) == ("education",)
