"""A scale: which items make it, how they are turned and when a score may be given."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The scoring definition of a scale; a licensed scale's item texts are never shipped.

    Parameters
    ----------
    name : str
        Short name, such as ``"relation"``.
    label : str
        Danish label for reports.
    items : tuple of str
        Columns that hold the items. For a licensed scale that the user asks, these are
        names to rename the own columns to.
    minimum, maximum : float
        Lowest and highest answer of every item.
    least_answered : int
        Answered items needed for a score; the others are replaced by the person's own mean.
    reversed : tuple of str
        Items where a high answer means little of what the scale measures.
    table : str, optional
        Table that holds the items; None for a definition without data of its own.
    description : str
        What it measures and how it may be read, in English.
    licence : str
        Who may use it, and whether the item texts are ours.
    source : str
        Where the scoring is defined.
    """

    name: str
    label: str
    items: tuple[str, ...]
    minimum: float
    maximum: float
    least_answered: int
    reversed: tuple[str, ...] = ()
    table: str | None = None
    description: str = ""
    licence: str = ""
    source: str = ""
