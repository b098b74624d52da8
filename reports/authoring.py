"""What an author calls in a text: ``say``, ``value`` and ``show``."""

from __future__ import annotations

from functools import cache
from typing import Literal

from reports.facts import Sheet, load
from reports.pieces import made
from reports.shown_values import shown_value
from reports.source import results_folder


class Shown:
    """Markdown that stands in the text as it is, within a sentence or as a block."""

    def __init__(self, markdown: str) -> None:
        self._markdown = markdown

    def _repr_markdown_(self) -> str:
        # Quarto shows the code where its value is empty.
        return self._markdown or " "


@cache
def _report() -> Sheet:
    return load(results_folder())


def say(name: str, *, outcome: str = "", survey: str = "") -> Shown:
    """Return the sentences of a name, computed from the results.

    Parameters
    ----------
    name : str
        The piece, such as ``"main_findings"``.
    outcome, survey : str
        Of what, where a piece is told one by one.

    Returns
    -------
    Shown
        Markdown; empty where the study has nothing to say.

    Raises
    ------
    RenderError
        If there is no such piece; the message has the nearest name.
    """
    return Shown(made(_report(), "sentence", name, outcome, survey).strip())


def show(
    kind: Literal["figure", "table"], name: str, *, outcome: str = "", survey: str = ""
) -> Shown:
    """Return a figure or table with its caption, reference, notes and source.

    Parameters
    ----------
    kind : {"figure", "table"}
        Which of the two.
    name : str
        The piece, such as ``"incidence"``.
    outcome, survey : str
        Of what, where there is one for each.

    Returns
    -------
    Shown
        Markdown, for the last line of a cell; empty where there is nothing to show.

    Raises
    ------
    RenderError
        If there is no such piece; the message has the nearest name.
    """
    return Shown(made(_report(), kind, name, outcome, survey))


def value(name: str) -> Shown:
    """Return one number as the report shows it.

    Parameters
    ----------
    name : str
        Outcome, term and field: ``"employment.incidence.estimate"``.

    Returns
    -------
    Shown
        The number, within a sentence.

    Raises
    ------
    RenderError
        If there is no such number; the message has the nearest name.
    """
    return Shown(shown_value(_report(), name))
