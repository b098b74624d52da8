"""One grammar of certainty: for each code its word, and the mark of a point that has it.

Sentences, tables, figures and their descriptions take both from here, so that none of them can
say another thing than the code does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from evaluation.grades import Grade
from evaluation.robustness.verdict import Standing
from reports.words.danish import upper_first


@dataclass(frozen=True, slots=True, kw_only=True)
class Certainty:
    """How sure a difference is, as far as chance goes.

    `danish` follows "er" or stands alone in a cell; `point` is what the mark is called, `shape`
    and `fill` how it is drawn, so that it is told apart in greyscale too.
    """

    danish: str
    english: str
    point: str
    shape: Literal["o", "D", "X"]
    fill: Literal["full", "left", "none"]
    colour: Literal["petrol", "slate"]


CERTAINTY: Mapping[Grade, Certainty] = {
    Grade.CERTAIN: Certainty(
        danish="statistisk sikker",
        english="statistically certain",
        point="fyldt punkt",
        shape="o",
        fill="full",
        colour="petrol",
    ),
    Grade.LOST: Certainty(
        danish="ikke statistisk sikker, når flere udfald er testet",
        english="not statistically certain once several outcomes are tested",
        point="halvt fyldt punkt",
        shape="o",
        fill="left",
        colour="petrol",
    ),
    Grade.UNCERTAIN: Certainty(
        danish="ikke statistisk sikker",
        english="not statistically certain",
        point="åbent punkt",
        shape="o",
        fill="none",
        colour="slate",
    ),
    Grade.INDICATION: Certainty(
        danish="tyder på en forskel, ikke testet",
        english="points to a difference, not tested",
        point="rude",
        shape="D",
        fill="full",
        colour="petrol",
    ),
    Grade.REFUSED: Certainty(
        danish="usikkerheden kan ikke opgøres",
        english="uncertainty cannot be stated",
        point="kryds",
        shape="X",
        fill="none",
        colour="slate",
    ),
    Grade.HIDDEN: Certainty(
        danish="skjult af hensyn til fortrolighed",
        english="not shown, for confidentiality",
        point="intet punkt",
        shape="X",
        fill="none",
        colour="slate",
    ),
}
# Where both limits lie inside the smallest difference that matters, on top of a grade.
BOUNDED = ("taler imod større forskelle", "speaks against larger differences")
# What the checks leave of a finding: the second axis, which no mark tells.
ROBUSTNESS: Mapping[Standing, tuple[str, str]] = {
    Standing.ROBUST: ("robust", "robust"),
    Standing.FRAGILE: ("skrøbeligt", "fragile"),
    Standing.VERY_FRAGILE: ("meget skrøbeligt", "very fragile"),
}


def judged(grade: Grade, *, is_bounded: bool = False) -> str:
    """Return what a cell of a table says of a difference."""
    return CERTAINTY[grade].danish + (f"; {BOUNDED[0]}" if is_bounded else "")


def marks(grades: Collection[Grade | None]) -> str:
    """Return what the marks of a figure mean, those alone that are drawn.

    Examples
    --------
    >>> marks([Grade.UNCERTAIN, None, Grade.CERTAIN, Grade.HIDDEN])
    'Fyldt punkt: statistisk sikker. Åbent punkt: ikke statistisk sikker.'
    """
    return " ".join(
        f"{upper_first(words.point)}: {words.danish}."
        for grade, words in CERTAINTY.items()
        if grade in grades and grade is not Grade.HIDDEN
    )
