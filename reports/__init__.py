"""What does the reader see? Quarto project, Danish wording, rendering, and the front door."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.authoring import say, show, value
    from reports.rendering import Rendered, render, render_report
    from reports.source import results_folder

__all__ = ["Rendered", "render", "render_report", "results_folder", "say", "show", "value"]


def __getattr__(name: str) -> object:
    # Loaded when asked for: the command line stands in this package and has to answer Ctrl-C
    # from the start, not when all libraries have been loaded.
    if name in {"say", "show", "value"}:
        from reports import authoring

        return getattr(authoring, name)
    if name in {"Rendered", "render", "render_report"}:
        from reports import rendering

        return getattr(rendering, name)
    if name == "results_folder":
        from reports.source import results_folder

        return results_folder
    raise AttributeError(f"module 'reports' has no attribute {name!r}")
