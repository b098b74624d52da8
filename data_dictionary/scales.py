"""A scale: which items make it, how they are turned and when a score may be given."""

from __future__ import annotations

from dataclasses import dataclass

from data_dictionary.schema import key


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The scoring definition of a scale; a licensed scale's item texts are never shipped."""

    name: str
    label: str = key("Danish label for reports.")
    items: tuple[str, ...] = key(
        "Columns that hold the items. For a licensed scale that the user asks, these are "
        "names to rename the own columns to."
    )
    minimum: float = key("Lowest answer of every item.")
    maximum: float = key("Highest answer of every item.")
    least_answered: int = key(
        "Answered items needed for a score; the others are replaced by the person's own mean.",
        least=1,
    )
    reversed: tuple[str, ...] = key(
        "Items where a high answer means little of what the scale measures.", ()
    )
    table: str | None = key(
        "Table that holds the items; none for a definition without data of its own.", None
    )
    description: str = key("What it measures and how it may be read, in English.", "")
    licence: str = key("Who may use it, and whether the item texts are ours.", "")
    source: str = key("Where the scoring is defined.", "")
