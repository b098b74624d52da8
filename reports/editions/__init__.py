"""Many small reports of one study: one for each place or outcome, and a page of them all."""

from reports.editions.rendering import Editions, render_each
from reports.editions.units import EACH, Each

__all__ = ["EACH", "Each", "Editions", "render_each"]
