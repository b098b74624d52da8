"""The house figures: readable in greyscale, labelled in place, intervals always drawn."""

from reports.figures.balance import love_plot
from reports.figures.curves import incidence_curves
from reports.figures.dots import Band, Dot, dot_panels, site_forest, wave_dots
from reports.figures.flow import Stage, flow_diagram

__all__ = [
    "Band",
    "Dot",
    "Stage",
    "dot_panels",
    "flow_diagram",
    "incidence_curves",
    "love_plot",
    "site_forest",
    "wave_dots",
]
