"""How each finding fared, judged from what is published: its facts in the manifest and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from analyses.findings.estimate import Estimates
from analyses.findings.sensitivity import NOT_MADE
from analyses.published.gate import Shown
from analyses.results.facts import AnswerFacts, ChallengedFacts
from evaluation import Effect
from evaluation.robustness.checks import Question, SensitivityRow, answers
from evaluation.robustness.verdict import Verdict, judge, judged


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

    def facts(self) -> ChallengedFacts:
        """Return what the manifest says: the verdict, and codes for the names of the CSV."""
        return ChallengedFacts(
            outcome=self.outcome,
            verdict=self.verdict,
            answers=tuple(
                AnswerFacts(asked=row.asked, takes_away=row.takes_away) for row in self.rows
            ),
            not_made=self.not_made,
        )

    @classmethod
    def of(cls, facts: ChallengedFacts, table: pd.DataFrame) -> Challenged:
        """Return it from the manifest and the outcome's rows of sensitivity.csv."""
        takes_away = {one.asked: one.takes_away for one in facts.answers}
        return cls(
            outcome=facts.outcome,
            verdict=facts.verdict,
            rows=tuple(
                replace(row, takes_away=takes_away[row.asked])
                for row in answers(table, takes_away)
            ),
            not_made=facts.not_made,
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
