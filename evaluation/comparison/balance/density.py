"""Densities of weighted numbers on a grid, and the area that two of them share."""

from __future__ import annotations

import numpy as np

from evaluation.arrays import FloatArray

_POINTS = 1024


def density(
    numbers: FloatArray, weights: FloatArray, grid: FloatArray, *, width: float
) -> FloatArray:
    """Return the Gaussian kernel density of weighted numbers at the points of a grid.

    The grid is evenly spaced and covers the numbers; `width` is the kernel's deviation.

    Numbers are shared out linearly between neighbouring points (Wand 1994) and the counts are
    smoothed by a product of Fourier transforms: linear in n.
    """
    step = grid[1] - grid[0]
    place = (numbers - grid[0]) / step
    left = np.clip(place.astype(np.int64), 0, len(grid) - 2)
    part = place - left
    counts = np.bincount(left, weights * (1 - part), len(grid)) + np.bincount(
        left + 1, weights * part, len(grid)
    )
    size = 2 * len(grid)
    waves = np.fft.rfftfreq(size, d=step)
    smooth = np.exp(-2 * (np.pi * waves * width) ** 2)
    found = np.fft.irfft(np.fft.rfft(counts, size) * smooth, size)[: len(grid)]
    return np.asarray(np.maximum(found, 0.0) / (weights.sum() * step), dtype=np.float64)


def bandwidth(numbers: FloatArray, weights: FloatArray) -> float:
    """Return Scott's (1992) normal-reference width, from the effective number of rows."""
    share = weights / weights.sum()
    mean = float(share @ numbers)
    spread = float(np.sqrt(share @ (numbers - mean) ** 2))
    order = np.argsort(numbers)
    position = np.cumsum(share[order])
    place = np.minimum(np.searchsorted(position, [0.25, 0.75]), len(order) - 1)
    low, high = numbers[order[place]]
    robust = float(high - low) / 1.34
    narrow = min(spread, robust) if robust > 0 else spread
    return float(1.06 * narrow * float(share @ share) ** 0.2)


def shared_area(
    some: FloatArray, others: FloatArray, weights: FloatArray, other_weights: FloatArray
) -> float:
    """Return the overlap coefficient, the area under both densities: 1 = same, 0 = apart."""
    widths = bandwidth(some, weights), bandwidth(others, other_weights)
    low = min(some.min(), others.min())
    high = max(some.max(), others.max())
    if high == low:
        return 1.0
    # An arm without spread gets a width that can be drawn.
    narrowest = (high - low) / _POINTS * 2
    widths = max(widths[0], narrowest), max(widths[1], narrowest)
    margin = 4 * max(widths)
    grid = np.linspace(low - margin, high + margin, _POINTS)
    first = density(some, weights, grid, width=widths[0])
    second = density(others, other_weights, grid, width=widths[1])
    both = np.minimum(first / first.sum(), second / second.sum())
    return float(min(both.sum(), 1.0))
