"""What does the reader see? Quarto project, Danish wording, rendering, and the front door."""

from reports.rendering import Rendered, render
from reports.source import results_folder

__all__ = ["Rendered", "render", "results_folder"]
