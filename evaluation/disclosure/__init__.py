"""What may be shown of a result without giving away small groups of people."""

from evaluation.disclosure.audit import (
    feasible_counts,
    rebuild_events,
    require_safe_counts,
    require_safe_curves,
)
from evaluation.disclosure.curves import coarsen_curves
from evaluation.disclosure.rules import MIN_CELL, Suppressed, is_small
from evaluation.disclosure.suppression import suppress_counts, suppress_flow, suppress_shares

__all__ = [
    "MIN_CELL",
    "Suppressed",
    "coarsen_curves",
    "feasible_counts",
    "is_small",
    "rebuild_events",
    "require_safe_counts",
    "require_safe_curves",
    "suppress_counts",
    "suppress_flow",
    "suppress_shares",
]
