"""The house figures: readable in greyscale, labelled in place, intervals always drawn."""

from reports.figures.bars import share_bars
from reports.figures.curves import incidence_curves
from reports.figures.dots import (
    benchmark_dots,
    cause_dots,
    effect_panels,
    love_plot,
    site_forest,
)
from reports.figures.flow import flow_bars

__all__ = [
    "benchmark_dots",
    "cause_dots",
    "effect_panels",
    "flow_bars",
    "incidence_curves",
    "love_plot",
    "share_bars",
    "site_forest",
]
