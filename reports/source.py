"""Which results folder a report shows."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

from data_dictionary.errors import RenderError

VARIABLE = "ENPLAN_RESULTS"
ENVIRONMENT = "_environment"
"""Quarto's own file of variables, in the folder of a report."""
_CHECKOUT = Path(__file__).resolve().parent.parent


def results_folder(report: str | Path | None = None) -> Path:
    """Return the results folder that a report is about.

    That is the environment variable ``ENPLAN_RESULTS``, which `render` sets; without it, what
    the file ``_environment`` of the report says; then the folder ``results`` beside the
    report's. In a checkout it is the demonstration's, so that ``quarto render reports`` works.

    Parameters
    ----------
    report : str or Path, optional
        The folder of the report; the current one if left out.

    Returns
    -------
    Path
        An existing folder, absolute.

    Raises
    ------
    RenderError
        If there is no such folder.
    """
    here = Path(report or Path.cwd()).resolve()
    named = os.environ.get(VARIABLE) or _written(here)
    if named:
        folder = (here / Path(named).expanduser()).resolve()
        if not folder.is_dir():
            raise RenderError(f"{VARIABLE} names no folder: {folder}")
        return folder
    beside, demo = here.parent / "results", _CHECKOUT / "out" / "demo" / "results"
    if (beside / "manifest.json").is_file():
        return beside
    if report is None and (_CHECKOUT / "pyproject.toml").is_file() and demo.is_dir():
        return demo
    other = "make the demonstration with 'enplan demo'."
    if report is not None:
        other = f"run the study: enplan run {here.parent} --out {beside}"
    raise RenderError(
        f"no results to show: set {VARIABLE} to a results folder (the one that 'enplan run' "
        f"wrote), or {other}"
    )


def _written(report: Path) -> str:
    """Return what the report's own file of variables says, or nothing."""
    try:
        lines = (report / ENVIRONMENT).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    pairs = (line.partition("=") for line in lines)
    return next((told.strip() for name, _, told in pairs if name.strip() == VARIABLE), "")


def finished(results: Path) -> int | None:
    """Return the second at which results were finished; None where they do not say."""
    try:
        manifest = json.loads((results / "manifest.json").read_text(encoding="utf-8"))
        return int(dt.datetime.fromisoformat(str(manifest["finished"])).timestamp())
    except (OSError, ValueError, KeyError):
        return None


def noon(date: dt.date) -> int:
    """Return the second of noon on a date, in no time zone of anybody's."""
    return int(dt.datetime.combine(date, dt.time(12), tzinfo=dt.UTC).timestamp())
