"""Nobody who puts the published tables together counts fewer than five persons."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analyses import Results, load_study, run
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


def test_items_and_scales_tell_not_how_few_left_them_out(published: Results) -> None:
    response = published.frames["response"]
    answered = response[response["arm"] == "all"].set_index("wave")["n_answered"]
    for name in ("shares", "scales"):
        frame = published.frames[name]
        gaps = frame["wave"].map(answered).astype(float) - frame["n"].astype(float)
        assert not [gap for gap in gaps.dropna() if is_few(gap)]
