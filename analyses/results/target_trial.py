"""What the data allow, beside the trial that one would have wished for: as codes."""

from __future__ import annotations

from typing import Literal

from analyses.results.facts import TargetTrialFacts
from analyses.study.methods import RISK_SETS
from analyses.study.sections import Study


def target_trial(study: Study) -> TargetTrialFacts:
    """Return the elements in which this study's comparison differs from a trial."""
    zero, is_risk_sets = study.cohort.time_zero, study.comparison.method == RISK_SETS
    status = None if zero is None else zero.status
    has_own_donors = study.cohort.donors == "own"
    eligibility: Literal["everyone", "status", "resident_status"] = "everyone"
    if zero is not None:
        eligibility = "status" if zero.resident is None else "resident_status"
    return TargetTrialFacts(
        eligibility=eligibility,
        status=status,
        against=_against(study),
        # Another level than yes is named.
        level=None if study.cohort.treated in (True, 1) else str(study.cohort.treated),
        time_zero="partner_week"
        if is_risk_sets
        else "drawn_month"
        if zero is not None
        else "index_date"
        if study.cohort.index_date is not None
        else "unknown",
        moves=study.cohort.cluster is not None,
        own_starts=is_risk_sets and has_own_donors,
        exits=any(outcome.causes_beside for outcome in study.outcomes),
    )


def _against(
    study: Study,
) -> Literal["elsewhere", "not_started", "not_participating", "without", "others"]:
    if study.cohort.donors == "other":
        return "elsewhere"
    if study.cohort.donors == "own":
        return "not_started" if study.comparison.method == RISK_SETS else "not_participating"
    return "without" if study.cohort.treated in (True, 1) else "others"
