"""Which results folder a report shows."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

from data_dictionary.errors import RenderError

VARIABLE = "ENPLAN_RESULTS"
_CHECKOUT = Path(__file__).resolve().parent.parent


def results_folder() -> Path:
    """Return the results folder that the report at hand is about.

    That is the environment variable ``ENPLAN_RESULTS``, which `render` sets; without it, the
    demonstration's results in a checkout, so that ``quarto render reports`` works there.

    Returns
    -------
    Path
        An existing folder, absolute.

    Raises
    ------
    RenderError
        If there is no such folder.
    """
    named = os.environ.get(VARIABLE)
    if named:
        folder = Path(named).expanduser().resolve()
        if not folder.is_dir():
            raise RenderError(f"{VARIABLE} names no folder: {folder}")
        return folder
    demo = _CHECKOUT / "out" / "demo" / "results"
    if (_CHECKOUT / "pyproject.toml").is_file() and demo.is_dir():
        return demo
    raise RenderError(
        f"no results to show: set {VARIABLE} to a results folder (the one that 'enplan run' "
        "wrote), or make the demonstration with 'enplan demo'."
    )


def finished(results: Path) -> int | None:
    """Return the second at which results were finished; None where they do not say."""
    try:
        manifest = json.loads((results / "manifest.json").read_text(encoding="utf-8"))
        return int(dt.datetime.fromisoformat(str(manifest["finished"])).timestamp())
    except (OSError, ValueError, KeyError):
        return None
