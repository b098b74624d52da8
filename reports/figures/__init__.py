"""The house figures: readable in greyscale, labelled in place, intervals always drawn."""

from reports.figures.answers import answer_bars, answer_parts
from reports.figures.balance import love_plot
from reports.figures.curves import Apart, incidence_curves
from reports.figures.dots import Band, Dot, dot_panels, site_forest, wave_dots
from reports.figures.flow import Stage, funnels
from reports.figures.paths import status_areas, weekly_path
from reports.figures.ratios import ratio_forest
from reports.figures.specification import Specification, specification_curve

__all__ = [
    "Apart",
    "Band",
    "Dot",
    "Specification",
    "Stage",
    "answer_bars",
    "answer_parts",
    "dot_panels",
    "funnels",
    "incidence_curves",
    "love_plot",
    "ratio_forest",
    "site_forest",
    "specification_curve",
    "status_areas",
    "wave_dots",
    "weekly_path",
]
