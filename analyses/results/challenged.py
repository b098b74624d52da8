"""How each finding fared, judged from what is published: its facts in the manifest and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import pandas as pd

from analyses.findings.estimate import Estimates
from analyses.findings.sensitivity import NOT_MADE
from analyses.published.gate import Shown
from evaluation import Effect
from evaluation.robustness.checks import Question, SensitivityRow, answers
from evaluation.robustness.verdict import Standing, ThreatVerdict, Verdict, judge, judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenged:
    """What was asked of a finding, what is shown of the answers, and what is left of it.

    Attributes
    ----------
    outcome : str
    verdict : Verdict
        Judged from the published numbers: it gives away nothing that they do not.
    rows : tuple of SensitivityRow
        Rows of sensitivity.csv, hidden numbers as NaN.
    not_made : tuple of Question
        What could not be asked; the reasons stand in sensitivity.csv.
    """

    outcome: str
    verdict: Verdict
    rows: tuple[SensitivityRow, ...]
    not_made: tuple[Question, ...]

    def facts(self) -> dict[str, Any]:
        """Return what the manifest says: the verdict, and codes for the names of the CSV."""
        return {
            "outcome": self.outcome,
            "standing": str(self.verdict.standing),
            "threats": [
                {name: _told(value) for name, value in asdict(one).items()}
                for one in self.verdict.threats
            ],
            "asked": [{**asdict(row.asked), "takes_away": row.takes_away} for row in self.rows],
            "not_made": [asdict(one) for one in self.not_made],
        }

    @classmethod
    def of(cls, facts: Mapping[str, Any], table: pd.DataFrame) -> Challenged:
        """Return it from the manifest and the outcome's rows of sensitivity.csv."""
        takes_away = {}
        for one in facts["asked"]:
            codes = dict(one)
            away = codes.pop("takes_away")
            takes_away[Question(**codes)] = away
        threats = []
        for one in facts["threats"]:
            known: dict[str, Any] = {
                name: math.nan if value is None else value for name, value in one.items()
            }
            threats.append(ThreatVerdict(**known))
        return cls(
            outcome=str(facts["outcome"]),
            verdict=Verdict(standing=Standing(facts["standing"]), threats=tuple(threats)),
            rows=tuple(
                replace(row, takes_away=takes_away[row.asked])
                for row in answers(table, takes_away)
            ),
            not_made=tuple(Question(**one) for one in facts["not_made"]),
        )


def challenged(
    asked: pd.DataFrame, published: Mapping[str, Shown], estimates: Estimates
) -> tuple[Challenged, ...]:
    """Judge every finding that the plan asks about.

    Parameters
    ----------
    asked : pandas.DataFrame
        What `analyses.findings.sensitivity.sensitivity` returned, with its questions.
    published : mapping of str to Shown
        The tables after disclosure control.
    estimates : Estimates
        For the tested effects.
    """
    found = []
    for name in dict.fromkeys(asked.get("outcome", ())):
        own = asked[asked["outcome"] == name]
        is_made = own["check"] != NOT_MADE
        table = published["sensitivity"].frame
        rows = answers(table[table["outcome"] == name], own.loc[is_made, "asked"])
        effect = _shown(estimates.outcomes[name].tested, published["effects"].frame)
        made = Challenged(
            outcome=name,
            verdict=judge(effect, rows),
            rows=judged(effect, rows),
            not_made=tuple(own.loc[~is_made, "asked"]),
        )
        found.append(made)
    return tuple(found)


def _told(value: str | float) -> str | float | None:
    """Return a value for JSON, with the digits of the CSV; it has no NaN."""
    if not isinstance(value, float):
        return value
    return None if math.isnan(value) else float(f"{value:.10g}")


def _shown(tested: Effect, effects: pd.DataFrame) -> Effect:
    """Return the tested effect as it is published."""
    own = effects[(effects["outcome"] == tested.outcome) & (effects["term"] == tested.term)]
    numbers = own[["estimate", "conf_low", "conf_high", "p_value", "p_adjusted"]]
    estimate, low, high, p_value, p_adjusted = numbers.iloc[0].astype(float).tolist()
    return replace(
        tested,
        estimate=estimate,
        conf_low=low,
        conf_high=high,
        p_value=p_value,
        p_adjusted=p_adjusted,
    )
