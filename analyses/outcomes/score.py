"""A survey scale, from the baseline wave to the follow-up wave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

import evaluation as ev
import surveys
from analyses.cohort.compare import compare
from analyses.cohort.derive import answers, keys_of
from analyses.cohort.risk_sets import weeks_to_start
from analyses.inputs.tables import Tables
from analyses.outcomes.facts import ScoreFacts
from analyses.outcomes.kind import Estimated, Kind, Level, Masks, OwnSet, Setting, Variants
from analyses.outcomes.wants import Wants
from analyses.study.derived import Derived, Scored
from analyses.study.methods import RISK_SETS, UNMATCHED
from analyses.study.plan import Plan
from data_dictionary import Codebook
from data_dictionary.errors import DesignError
from data_dictionary.schema import Form, key
from evaluation import Effect, Matched
from evaluation.robustness.checks import Question, Variant
from evaluation.scores.linear_design import linear_design
from evaluation.terms import SCORE_UNIT
from surveys.dream.weeks import WEEK

CHANGE = "change"
CORRECTED, UNCORRECTED = "score_difference_corrected", "score_difference_uncorrected"
UNRELIABLE = "the score is too unreliable to be corrected for its measurement error"
# Wide enough for a number; its limits are the form's.
RELIABILITY = Form(
    '"none" (the first score is taken as it was measured), "alpha" (it is corrected by '
    "Cronbach's alpha of its wave) or a number above 0 and at most 1, with reliability_source; "
    "both estimates are shown, and the key says which is tested",
    lambda told: told in ("alpha", "none") if isinstance(told, str) else 0 < told <= 1,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score(Kind):
    """A score of those who answered, compared given their baseline."""

    is_asked: ClassVar[bool] = True

    kind: Literal["score"] = key("What is measured: a scale of a survey.")
    estimate: Literal["score_difference"] = key(
        "The estimate that is tested.", "score_difference"
    )
    scale: str = key("Scale of the dictionary, scored 0-100.", names="scale")
    baseline: int = key("Wave before the index date.", least=1)
    wave: int = key("Wave of the outcome.", least=1)
    covariates: tuple[str, ...] = key(
        "Added for this outcome's own matched set.", (), names="covariate column"
    )
    reliability: str | float = key(
        "Which estimate is tested: with the first score corrected for its measurement error, "
        "or as it was measured. The other is shown beside it.",
        form=RELIABILITY,
    )
    reliability_source: str | None = key("Where a number under reliability is from.", None)

    def faults(self, at: Setting) -> Iterator[str]:
        """Yield what does not agree with the dictionary, the files or itself."""
        if None not in (self.wave, self.baseline) and self.wave <= self.baseline:
            yield f"wave {self.wave} is not after baseline {self.baseline}"
        if self.name in (*at.made, *(() if at.people is None else at.people.names)):
            yield "is the name of a column too, which it would take the place of; rename it"
        # What is missing is None until it is refused.
        told: object = self.reliability
        if told is not None and isinstance(told, float | int) != bool(self.reliability_source):
            yield (
                "reliability_source says where a number under reliability is from, and goes "
                "with no other value"
            )
        for wave in (self.baseline, self.wave):
            yield from at.scale_faults(self.scale, wave)

    @property
    def wants(self) -> Wants:
        """The wave before the index date."""
        return Wants(baseline=self.baseline)

    def unmet(self, plan: Plan, tables: Tables) -> Iterator[str]:
        """Yield that nobody stands in both waves: there is no change to follow."""
        table = str(tables.words.scales[self.scale].table)
        both = keys_of(plan.cohort, tables)
        for number in (self.baseline, self.wave):
            wave = tables.waves[table][number]
            # Keys alone: whether they answered the items is a matter of the estimate.
            both = both[both.isin(wave.frame[wave.table.key[0]].dropna())]
        if both.empty:
            yield (
                f"waves {self.baseline} and {self.wave} of '{table}' have no person of table "
                f"'{plan.cohort.table}' in common. A score follows the same persons from one "
                "wave to the next; cross-sections of different persons (differences in "
                "differences) are not built yet. Compare one wave at a time, with "
                'kind = "value", or describe the waves with [[shares]] and '
                'design = "before_after"'
            )

    def baseline_column(self, plan: Plan) -> str:
        """Return the derived column with the baseline, or the name it is made under."""
        for derived in plan.derived:
            same = (derived.of, derived.wave) == (self.scale, self.baseline)
            if derived.form == "score" and same:
                return derived.name
        return f"{self.scale}_w{self.baseline}"

    def facts(self, plan: Plan, words: Codebook) -> ScoreFacts:
        """Return the scale, its survey, and both waves."""
        return ScoreFacts(
            scale=self.scale,
            table=str(words.scales[self.scale].table),
            baseline=self.baseline,
            wave=self.wave,
            baseline_column=self.baseline_column(plan),
            reliability=self.reliability,
            reliability_source=self.reliability_source,
        )

    def needs(self, plan: Plan) -> tuple[Derived, ...]:
        """Return the baseline, which the study file may leave out."""
        name = self.baseline_column(plan)
        return (Scored(name=name, score=self.scale, wave=self.baseline),)

    def own_set(self, plan: Plan, frame: pd.DataFrame, late: Masks) -> OwnSet:
        """Match anew among those who answered the baseline before their index date."""
        baseline = self.baseline_column(plan)
        named = dict.fromkeys([*plan.comparison.covariates, *self.covariates, baseline])
        answered = frame[baseline].notna().to_numpy() | late[baseline]
        may_be_blank = (
            plan.comparison.method == UNMATCHED or plan.comparison.missing != "leave_out"
        )
        known = [baseline] if may_be_blank else list(named)
        usable = frame[known].notna().all(axis=1).to_numpy()
        return OwnSet(
            conditions=[("baseline", answered), ("baseline_before", usable)],
            covariates=tuple(named),
        )

    def placed(self, m: Matched, plan: Plan, tables: Tables) -> Matched:
        """Look up the follow-up, as far as it was answered in time."""
        keys = keys_of(plan.cohort, tables)
        found = answers(self.scale, self.wave, tables, keys)
        used = m.frame[m.roles.unit]
        values = pd.Series(found.score, index=keys).reindex(used).to_numpy(copy=True)
        if np.isnan(values).all():
            table = tables.words.scales[self.scale].table
            raise DesignError(
                f"nobody in the comparison answered both wave {self.baseline} and wave "
                f"{self.wave} of '{table}': the waves are of different people, or their keys "
                "disagree. A score is followed in the same persons; see that both files bear "
                "the same key, or take each wave as an outcome of kind 'value'"
            )
        if plan.cohort.index_date is not None:
            # An answer from before time zero is no outcome.
            index = m.frame[plan.cohort.index_date].to_numpy()
            answered = pd.Series(found.date, index=keys).reindex(used).to_numpy()
            values[~(answered > index)] = np.nan
            # Nor is a control's from after it has started itself.
            values[(answered - index) / WEEK >= weeks_to_start(m)] = np.nan
        return replace(m, frame=m.frame.assign(**{self.name: values}))

    def require(self, m: Matched, plan: Plan, tables: Tables) -> None:
        """Refuse a score that nobody of an arm has, or a reliability that cannot be."""
        baseline, (reliability, _) = self.baseline_column(plan), self._reliabilities(tables)
        linear_design(m, self.name, baseline=baseline, reliability=reliability)

    def levels(self, plan: Plan) -> tuple[Level, ...]:
        """Return the columns of both waves."""
        columns = {self.baseline: self.baseline_column(plan), self.wave: self.name}
        return tuple(Level(column, self.scale, wave) for wave, column in columns.items())

    def estimated(self, m: Matched, plan: Plan, tables: Tables) -> Estimated:
        """Compare the scores given the baseline; with and without correction for its error."""
        tested, other = self._reliabilities(tables)

        def again(matched: Matched) -> Effect:
            return self._difference(matched, plan, tested).renamed(self.name)

        one = Estimated.of_numbers(self, m, self.name, again)
        try:
            beside = self._difference(m, plan, other).renamed(self.name)
        except DesignError:
            if other is None:
                raise
            return replace(one, notes=(*one.notes, UNRELIABLE))
        term = UNCORRECTED if other is None else CORRECTED
        return replace(one, others=(replace(beside, term=term),))

    def _reliabilities(self, tables: Tables) -> tuple[float | None, float | None]:
        """Return the reliability of the tested estimate and of the other, None for uncorrected.

        Where the plan names none the other is corrected by Cronbach's alpha.
        """
        if isinstance(self.reliability, float | int):
            return float(self.reliability), None
        scale = tables.words.scales[self.scale]
        asked = tables.waves[str(scale.table)][self.baseline]
        alpha = surveys.reliability(asked, scale).alpha
        return (alpha, None) if self.reliability == "alpha" else (None, alpha)

    def variants(self, one: Estimated, plan: Plan, tables: Tables) -> Variants:
        """Return the effect corrected the other way, without its baseline, and as a change."""
        _, other = self._reliabilities(tables)
        name: Variant = "uncorrected" if other is None else "corrected"
        return Variants(
            estimators={
                Question("specification", name): lambda m: self._difference(m, plan, other),
                Question("specification", "without_baseline"): lambda m: _means(
                    m, self.name, plan
                ),
                Question("specification", "change"): lambda m: self._change(m, plan),
            },
            values=ev.person_values(one.matched, self.name, unit=one.tested.unit),
        )

    def _difference(self, m: Matched, plan: Plan, reliability: float | None) -> Effect:
        return ev.score_difference(
            m, self.name, self.baseline_column(plan), reliability=reliability, **plan.drawn
        )

    def _change(self, m: Matched, plan: Plan) -> Effect:
        """Compare changes on a set of its own, which the baseline had no part in.

        On a set matched on the baseline, change and follow-up are the same number with the
        same regression to the mean.
        """
        if plan.comparison.method == RISK_SETS:
            raise DesignError("sets at risk are not made again for a change")
        baseline = self.baseline_column(plan)
        named = tuple(name for name in m.roles.covariates if name != baseline)
        frame = m.frame.assign(**{CHANGE: m.frame[self.name] - m.frame[baseline]})
        other = compare(frame, replace(m.roles, covariates=named), plan.comparison, None)
        return _means(other, CHANGE, plan)


def _means(m: Matched, column: str, plan: Plan) -> Effect:
    return ev.mean_difference(m, column, unit=SCORE_UNIT, **plan.drawn)
