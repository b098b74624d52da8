"""How each finding fared, judged before rounding of what is shown: facts of the manifest."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analyses.findings.estimate import Estimates
from analyses.findings.sensitivity import NOT_MADE
from analyses.published.digits import SIGNIFICANT
from analyses.published.gate import Shown
from analyses.results.facts import AnswerFacts, ChallengedFacts
from analyses.study.plan import SensitivityPlan
from evaluation import Effect
from evaluation.disclosure.digits import second_digit, to_unit
from evaluation.robustness.checks import SensitivityRow, answers
from evaluation.robustness.verdict import USUAL, Verdict, judge, judged


def challenged(
    asked: pd.DataFrame,
    published: Mapping[str, Shown],
    estimates: Estimates,
    plan: SensitivityPlan | None = None,
) -> tuple[ChallengedFacts, ...]:
    """Judge every finding that the plan asks about, by the exact numbers of what is shown.

    Parameters
    ----------
    asked : pandas.DataFrame
        What `analyses.findings.sensitivity.sensitivity` returned, with its questions.
    published : mapping of str to Shown
        The tables after disclosure control.
    estimates : Estimates
        For the tested effects.
    plan : SensitivityPlan or None
        What it says of how much is possible, and how much is little.
    """
    found = []
    thresholds = USUAL if plan is None else plan.thresholds
    # As the plan's family judges them: the effects of the outcomes are not adjusted yet.
    tested = {(one.outcome, one.term): one for one in estimates.effects.effects}
    for name in dict.fromkeys(asked.get("outcome", ())):
        own = asked[asked["outcome"] == name]
        is_made = own["check"] != NOT_MADE
        table = published["sensitivity"].exact
        rows = answers(table[table["outcome"] == name], own.loc[is_made, "asked"])
        effect = tested[name, estimates.outcomes[name].tested.term]
        effect = _shown(effect, published["effects"].exact)
        found.append(
            ChallengedFacts(
                outcome=name,
                # Judged from what is published, before digits are taken off.
                verdict=_told(judge(effect, rows, thresholds)),
                answers=tuple(
                    AnswerFacts(asked=row.asked, takes_away=row.takes_away)
                    for row in judged(effect, rows, thresholds)
                ),
                not_made=tuple(own.loc[~is_made, "asked"]),
            )
        )
    return tuple(found)


def _told(verdict: Verdict) -> Verdict:
    """Return a verdict with as many digits as sensitivity.csv has."""
    threats = []
    for one in verdict.threats:
        sure, whole, little, most = (
            float(to_unit(value, second_digit(value, SIGNIFICANT)))
            for value in (one.sure, one.whole, one.little, one.most)
        )
        threats.append(replace(one, sure=sure, whole=whole, little=little, most=most))
    return replace(verdict, threats=tuple(threats))


def answered(facts: ChallengedFacts, table: pd.DataFrame) -> tuple[SensitivityRow, ...]:
    """Return the outcome's rows of sensitivity.csv with what they mean for the finding."""
    takes_away = {one.asked: one.takes_away for one in facts.answers}
    return tuple(
        replace(row, takes_away=takes_away[row.asked]) for row in answers(table, takes_away)
    )


def _shown(tested: Effect, effects: pd.DataFrame) -> Effect:
    """Return the tested effect without what is hidden of it."""
    own = effects[(effects["outcome"] == tested.outcome) & (effects["term"] == tested.term)]

    def exact(name: str, value: float) -> float:
        return math.nan if own[name].isna().all() else value

    return replace(
        tested,
        estimate=exact("estimate", tested.estimate),
        conf_low=exact("conf_low", tested.conf_low),
        conf_high=exact("conf_high", tested.conf_high),
        p_value=exact("p_value", tested.p_value),
        p_adjusted=exact("p_adjusted", tested.p_adjusted),
    )
