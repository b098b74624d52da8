from __future__ import annotations

import math

import numpy as np
import pytest

from evaluation.comparison.balance.density import bandwidth, density, shared_area


def normal(n: int, mean: float) -> np.ndarray:
    """Return the quantiles of a normal distribution: a sample without noise."""
    from scipy.special import ndtri

    return mean + ndtri((np.arange(n) + 0.5) / n)


def test_two_normals_apart_share_twice_the_tail_beyond_the_middle() -> None:
    ones = np.ones(4000)
    # Each density is smoothed: variance 1 + width^2.
    width = bandwidth(normal(4000, 0), ones)
    expected = math.erfc(1.0 / 2 / math.sqrt(1 + width**2) / math.sqrt(2))
    found = shared_area(normal(4000, 0), normal(4000, 1), ones, ones)
    assert found == pytest.approx(expected, abs=2e-3)


def test_the_same_numbers_share_everything_and_distant_ones_nothing() -> None:
    numbers = np.array([1.0, 2.0, 4.0, 7.0])
    ones = np.ones(4)
    assert shared_area(numbers, numbers, ones, ones) == pytest.approx(1)
    assert shared_area(numbers, numbers + 1e4, ones, ones) < 1e-6
    assert shared_area(np.full(3, 2.0), np.full(5, 2.0), np.ones(3), np.ones(5)) == 1


def test_a_weight_of_three_counts_as_three_numbers() -> None:
    numbers, weights = np.array([0.0, 1.0, 3.0]), np.array([1.0, 3.0, 2.0])
    repeated = np.repeat(numbers, weights.astype(int))
    grid = np.linspace(-5, 8, 400)
    ours = density(numbers, weights, grid, width=0.7)
    assert ours == pytest.approx(density(repeated, np.ones(6), grid, width=0.7))
    assert ours.sum() * (grid[1] - grid[0]) == pytest.approx(1, abs=1e-3)
    exact = sum(
        w * np.exp(-((grid - x) ** 2) / (2 * 0.7**2))
        for x, w in zip(numbers, weights, strict=True)
    ) / (6 * 0.7 * math.sqrt(2 * math.pi))
    assert ours == pytest.approx(exact, abs=2e-4)
