"""What does the reader see? Quarto project, Danish wording, rendering, and the front door."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.rendering import Rendered, render
    from reports.source import results_folder

__all__ = ["Rendered", "render", "results_folder"]


def __getattr__(name: str) -> object:
    # Loaded when asked for: the command line stands in this package and has to answer Ctrl-C
    # from the start, not when all libraries have been loaded.
    if name in {"Rendered", "render"}:
        from reports import rendering

        return getattr(rendering, name)
    if name == "results_folder":
        from reports.source import results_folder

        return results_folder
    raise AttributeError(f"module 'reports' has no attribute {name!r}")
