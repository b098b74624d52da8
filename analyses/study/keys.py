"""One key of a study file: what it holds, its default, what is allowed and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "text",
    "integer",
    "number",
    "boolean",
    "date",
    "level",
    "texts",
    "text or texts",
    "levels",
    "bands",
    "weeks",
    "months",
    "column pair",
    "renaming",
    "selection",
    "column or columns",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of a study file.

    Attributes
    ----------
    kind : str
        What the value must be; see `analyses.study.values.KINDS` for the wording.
    meaning : str
        One sentence for the reference page.
    required : bool
        Whether leaving it out is a mistake.
    default : object
        Value taken when it is left out; None means not used.
    allowed : tuple of str
        The closed list of values; empty means any.
    minimum, maximum : float or None
        Limits of a number, inclusive.
    """

    kind: Kind
    meaning: str
    required: bool = False
    default: object = None
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


Keys = Mapping[str, Key]
