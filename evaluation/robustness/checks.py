"""What may be asked of a finding: one code for every check, and the row that answers it.

Codes cross to whoever writes words; the English names are made here, for tables and notes.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Any, Literal, TypeAlias

import pandas as pd

from evaluation.estimates import Effect

Check: TypeAlias = Literal[
    "main",
    "specification",
    "censoring_bound",
    "leave_one_out",
    "negative_control",
    "common_shock",
    "measured_covariate",
    "self_selection",
    "nonresponse",
    "e_value",
    "rosenbaum",
]
Variant: TypeAlias = Literal[
    "main",
    "named",
    "run",
    "observed_until",
    "corrected",
    "uncorrected",
    "without_baseline",
    "change",
    "at_once",
    "without",
    "spread",
    "covariate",
    "uptake",
    "imbalance",
    "silent",
    "odds",
    "removes_estimate",
    "removes_interval",
    "removes_finding",
    "whole",
]
# The one list of what is asked: a pair of codes without a name there is refused.
NAMES: Mapping[tuple[str, str], str] = {
    (check, variant): name
    for check, own in tomllib.loads(
        (files("evaluation.robustness") / "names.toml").read_text("utf-8")
    ).items()
    for variant, name in own.items()
}
NUMBERS = ("estimate", "conf_low", "conf_high", "p_value")
SIZES = ("n_treated", "n_comparison")
CODES = ("check", "variant", "subject", "size")
COLUMNS = (*CODES, "name", *NUMBERS, "unit", *SIZES, "note", "takes_away")


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked of a finding, such as its size for a `subject` in a `variant`.

    ``whole`` stands for a check that could not be made at all.  `subject` is a column, a
    cluster, an arm, a day or the name that the caller gave; of an E-value of a hazard ratio
    whether the outcome is ``rare`` or ``common``.  `size` are weeks of a run, or odds of a
    bound.

    Examples
    --------
    >>> Question("specification", "run", size=13).name
    'run of 13 weeks'
    """

    check: Check
    variant: Variant
    subject: str = ""
    size: float | None = None

    def __post_init__(self) -> None:
        """Refuse codes that have no name."""
        if (self.check, self.variant) not in NAMES:
            raise ValueError(f"'{self.variant}' is not asked by the check '{self.check}'")

    @property
    def name(self) -> str:
        """The English name, as sensitivity.csv has it."""
        template = NAMES[self.check, self.variant]
        name = template.format(subject=self.subject, size=self.size)
        if self.variant == "run" and self.size == 1:
            return name.removesuffix("s")
        if self.check == "e_value" and self.subject:
            return f"{name}, {self.subject} outcome"
        return name


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivityRow:
    """The answer to one question, with the columns of sensitivity.csv; NaN for no number.

    `takes_away` says whether this alone takes the finding away
    (`evaluation.robustness.verdict`), None where that is not judged.
    """

    asked: Question
    estimate: float
    conf_low: float = math.nan
    conf_high: float = math.nan
    p_value: float = math.nan
    unit: str
    n_treated: int | None = None
    n_comparison: int | None = None
    note: str = ""
    takes_away: bool | None = None

    @classmethod
    def number(
        cls,
        check: Check,
        variant: Variant,
        estimate: float,
        unit: str,
        *,
        subject: str = "",
        note: str = "",
    ) -> SensitivityRow:
        """Return a number that has no interval."""
        asked = Question(check, variant, subject)
        return cls(asked=asked, estimate=estimate, unit=unit, note=note)

    @classmethod
    def of(cls, asked: Question, effect: Effect) -> SensitivityRow:
        """Return an effect as the answer."""
        return cls(
            asked=asked,
            estimate=effect.estimate,
            conf_low=effect.conf_low,
            conf_high=effect.conf_high,
            p_value=effect.p_value,
            unit=effect.unit,
            n_treated=effect.n_treated,
            n_comparison=effect.n_comparison,
        )


@dataclass(frozen=True, slots=True)
class NotMade:
    """A question that could not be answered, and why."""

    asked: Question
    reason: str

    @property
    def name(self) -> str:
        """The question as sensitivity.csv names it."""
        asked = self.asked
        if asked.variant == "whole":
            return asked.name
        # Bounds are given, and told of, among the specifications.
        check = "specification" if asked.check == "censoring_bound" else asked.check
        return f"{check}, {asked.name}"

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


def figure(
    rows: Iterable[SensitivityRow], check: Check, variant: Variant, subject: str | None = None
) -> float:
    """Return one estimate, of any subject where none is given; NaN where there is none."""
    found = (
        row.estimate
        for row in rows
        if (row.asked.check, row.asked.variant) == (check, variant)
        and subject in (None, row.asked.subject)
    )
    return next(found, math.nan)


def answers(table: pd.DataFrame, asked: Iterable[Question]) -> tuple[SensitivityRow, ...]:
    """Return the rows of a table like sensitivity.csv that answer what was asked."""
    by_name = {(one.check, one.name): one for one in asked}
    found = []
    for row in table.to_dict("records"):
        question = by_name.get((row["check"], row["name"]))
        if question is not None:
            told: dict[str, Any] = {name: float(row[name]) for name in NUMBERS}
            told |= {name: None if pd.isna(row[name]) else int(row[name]) for name in SIZES}
            told |= {"unit": str(row["unit"]), "note": str(row["note"])}
            found.append(SensitivityRow(asked=question, **told))
    return tuple(found)


def tabulated(rows: Iterable[SensitivityRow]) -> pd.DataFrame:
    """Return rows as a table with `COLUMNS`: codes, then the columns of sensitivity.csv."""
    made = [{**asdict(row.asked), "name": row.asked.name, **asdict(row)} for row in rows]
    kinds = dict.fromkeys(SIZES, "Int64") | {"size": "float64", "takes_away": "boolean"}
    return pd.DataFrame(made, columns=list(COLUMNS)).astype(kinds)
