"""What may be shown of a result without giving away small groups of people."""

from evaluation.disclosure.audit import rebuild_events, require_safe_curves
from evaluation.disclosure.curves import coarsen_curves
from evaluation.disclosure.paths import coarsen_paths, rare_statuses, require_safe_paths
from evaluation.disclosure.rules import MIN_CELL, is_few
from evaluation.disclosure.sizes import told_sizes
from evaluation.disclosure.suppression import suppress_counts, suppress_shares

__all__ = [
    "MIN_CELL",
    "coarsen_curves",
    "coarsen_paths",
    "is_few",
    "rare_statuses",
    "rebuild_events",
    "require_safe_curves",
    "require_safe_paths",
    "suppress_counts",
    "suppress_shares",
    "told_sizes",
]
