"""How each finding fared, judged from what is published: its facts in the manifest and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analyses.findings.estimate import Estimates
from analyses.findings.sensitivity import NOT_MADE
from analyses.published.gate import Shown
from analyses.results.facts import AnswerFacts, ChallengedFacts
from evaluation import Effect
from evaluation.robustness.checks import SensitivityRow, answers
from evaluation.robustness.verdict import judge, judged


def challenged(
    asked: pd.DataFrame, published: Mapping[str, Shown], estimates: Estimates
) -> tuple[ChallengedFacts, ...]:
    """Judge every finding that the plan asks about, by the numbers that are published.

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
        found.append(
            ChallengedFacts(
                outcome=name,
                # It gives away nothing that the published numbers do not.
                verdict=judge(effect, rows),
                answers=tuple(
                    AnswerFacts(asked=row.asked, takes_away=row.takes_away)
                    for row in judged(effect, rows)
                ),
                not_made=tuple(own.loc[~is_made, "asked"]),
            )
        )
    return tuple(found)


def answered(facts: ChallengedFacts, table: pd.DataFrame) -> tuple[SensitivityRow, ...]:
    """Return the outcome's rows of sensitivity.csv with what they mean for the finding."""
    takes_away = {one.asked: one.takes_away for one in facts.answers}
    return tuple(
        replace(row, takes_away=takes_away[row.asked]) for row in answers(table, takes_away)
    )


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
