"""Nobody who puts the published tables together counts fewer than five persons."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analyses import Results, load_study, run
from analyses.published.disclose import disclosed
from analyses.published.disclose_balance import disclosed_balance
from analyses.published.disclose_clusters import disclosed_design, disclosed_municipalities
from analyses.published.result_tables import COLUMNS, shaped
from surveys import synthesize

MIN_CELL = 5


@pytest.fixture(scope="module", params=[600, 1_500])
def published(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Results:
    """Return the results of studies so small that every table holds small counts."""
    folder: Path = tmp_path_factory.mktemp("attack")
    synthesize(folder, seed=7, persons=request.param)
    return run(load_study(folder / "study"), folder / "results")


def is_few(n: float) -> bool:
    return 0 < round(n) < MIN_CELL


def treated_counts(row: pd.Series, persons: range) -> list[tuple[int, int]]:
    """Return which count of how many treated gives both differences of a share in balance.csv.

    The raw difference over the standardised one is the standard deviation of the share.
    """
    if not row["smd_before"] or pd.isna(row["smd_before"]) or pd.isna(row["ks_before"]):
        return []
    variance = (row["ks_before"] / row["smd_before"]) ** 2
    share = 0.5 - np.sqrt(max(0.25 - variance, 0.0))
    return [(round(share * n), n) for n in persons if abs(share * n - round(share * n)) < 1e-4]


def test_balance_names_no_count_of_persons(published: Results) -> None:
    for frame in (published.balance, published.respondents):
        shares = frame[frame["vr_before"].isna()]
        for _, row in shares.iterrows():
            told = treated_counts(row, range(20, 160))
            assert not [n for n, _ in told if is_few(n)]


def test_balance_to_ten_digits_would_name_them() -> None:
    share, other = 3 / 119, 40 / 700
    spread = np.sqrt(share * (1 - share))
    row = pd.Series({"smd_before": (share - other) / spread, "ks_before": other - share})
    assert (3, 119) in treated_counts(row, range(100, 130))


def test_a_share_of_few_is_hidden_with_a_second_level() -> None:
    numbers = dict.fromkeys(("smd_before", "smd_after", "ks_before", "ks_after"), 0.123456789)
    rows = [("x", "", 40.0), ("y", "1", 3.0), ("y", "2", 9.0), ("y", "3", 30.0), ("z", "", 2.0)]
    frame = pd.DataFrame(
        [
            {
                "outcome": "a",
                "covariate": name,
                "level": level,
                "fewest": fewest,
                **numbers,
                "vr_before": np.nan,
                "vr_after": np.nan,
                "arm_before": 50,
                "arm_after": 40,
            }
            for name, level, fewest in rows
        ]
    )
    made = disclosed_balance(frame, MIN_CELL)
    assert made["smd_after"].notna().tolist() == [True, False, False, True, False]
    assert made["ks_before"].dropna().unique().tolist() == [0.1]
    assert made["ks_after"].dropna().unique().tolist() == [0.125]
    assert disclosed_balance(frame, 1) is frame


def sizes(n: int, squares: tuple[float, float], parts: int, most: int) -> set[tuple[int, ...]]:
    """Return every way to split `n` persons into clusters with a sum of squares in a range."""
    if parts == 1:
        return {(n,)} if 0 < n <= most and squares[0] <= n * n <= squares[1] else set()
    return {
        (size, *rest)
        for size in range(1, min(n, most) + 1)
        for rest in sizes(
            n - size, (squares[0] - size**2, squares[1] - size**2), parts - 1, size
        )
    }


def test_the_effective_number_completes_no_hidden_clusters() -> None:
    shown, hidden = [17, 14, 12, 11], [6, 3]
    every = np.array([*shown, *hidden])
    effective = every.sum() ** 2 / (every**2).sum()
    frame = pd.DataFrame(
        {
            "outcome": ["a"],
            "effective_treated": [effective],
            "effective_comparison": [9.7],
            "largest_share_treated": [17 / 63],
            "largest_share_comparison": [0.123456],
            "fewest_treated": [3.0],
        }
    )

    def found(low: float, high: float) -> set[tuple[int, ...]]:
        known = float((np.array(shown) ** 2).sum())
        limits = (63**2 / high - known, 63**2 / low - known)
        return sizes(sum(hidden), limits, len(hidden), sum(hidden))

    assert found(effective - 1e-6, effective + 1e-6) == {(6, 3)}
    made = disclosed_design(frame, MIN_CELL)
    whole = made["effective_treated"].item()
    assert len(found(whole, whole + 1)) > 1
    assert made["largest_share_treated"].isna().all()
    assert made["largest_share_comparison"].item() == 0.12


def test_hidden_municipalities_add_up_to_no_few_employed(published: Results) -> None:
    places, totals = published.frames["municipalities"], published.frames["pretrends"]
    for (arm, period), rows in places.groupby(["arm", "period"]):
        whole = totals[(totals["arm"] == arm) & (totals["period"] == period)].dropna()
        hidden = rows["estimate"].isna()
        if whole.empty or not hidden.any():
            continue
        n = int(whole["n"].item())
        told = rows[~hidden]
        left = whole["estimate"].item() * n / 100 - (told["estimate"] * told["n"] / 100).sum()
        assert not is_few(left)
        assert not is_few(n - told["n"].sum() - left)


def test_two_hidden_municipalities_of_few_take_a_third_with_them() -> None:
    frame = pd.DataFrame(
        {
            "arm": "treated",
            "period": "2015H1",
            "n": [30, 30, 40, 50],
            "estimate": [100 / 30, 200 / 30, 25.0, 20.0],
        }
    )
    assert disclosed_municipalities(frame, MIN_CELL)["estimate"].isna().tolist() == [
        True,
        True,
        True,
        False,
    ]


def test_items_and_scales_tell_not_how_few_left_them_out(published: Results) -> None:
    response = published.frames["response"]
    answered = response[response["arm"] == "all"].set_index("wave")["n_answered"]
    for name in ("shares", "scales"):
        frame = published.frames[name]
        gaps = frame["wave"].map(answered).astype(float) - frame["n"].astype(float)
        assert not [gap for gap in gaps.dropna() if is_few(gap)]


def test_the_base_of_an_item_that_few_left_out_is_hidden() -> None:
    tables = {name: shaped(name, None) for name in COLUMNS}
    tables["response"] = pd.DataFrame(
        {
            "table": ["staff"],
            "wave": [1],
            "arm": ["all"],
            "n_invited": [300],
            "n_answered": [230],
            "share": [76.6666666],
        }
    )
    tables["shares"] = pd.DataFrame(
        {"table": "staff", "wave": 1, "n": [228, 210], "estimate": [4400 / 228, 4200 / 210]}
    )
    made = disclosed(tables, min_cell=MIN_CELL)["shares"]
    assert made["n"].isna().tolist() == [True, False]
    assert made["estimate"].tolist() == [19.3, 20.0]


def test_losses_between_shown_steps_of_an_arm_are_of_none_or_of_many(
    published: Results,
) -> None:
    flow = published.flow
    main = flow[~flow["step"].str.contains(":")]
    for _, rows in main.groupby("arm"):
        for before, after in pairwise(rows["n"].dropna()):
            assert not is_few(before - after)
