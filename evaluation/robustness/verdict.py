"""What takes a finding away, judged by rules fixed beforehand.

A finding is judged by its interval's limit nearest to no difference: what moves the estimate
by that much leaves a difference that is no longer statistically sure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import NormalDist
from typing import Literal, TypeAlias

from data_dictionary.schema import key
from evaluation.estimates import Effect
from evaluation.grades import Grade
from evaluation.robustness.checks import Check, SensitivityRow, figure

Threat: TypeAlias = Literal[
    "placebo",
    "shock",
    "selection",
    "nonresponse",
    "specification",
    "leave_one_out",
    "censoring_bound",
]
# These explain a finding; the others are choices that it may hang on.
EXPLAINING: tuple[Threat, ...] = ("placebo", "shock", "selection", "nonresponse")

CHOICES: tuple[Literal["specification", "leave_one_out", "censoring_bound"], ...] = (
    "specification",
    "leave_one_out",
    "censoring_bound",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """How much of a hidden cause is possible, and how much is little; a plan may set its own.

    Notes
    -----
    A third of all municipalities lie further from their mean than one standard deviation, half
    of them further than the little shock.  What is not measured is held up to multiples of the
    strongest measured covariate, as with R's sensemakr, whose examples go from one to three
    times its partial R-squared: root three times the slope, and three times the bias where
    nothing tells how unequal it can be.  Half a standard deviation is near the least change in
    their health that people notice (Norman, Sloan and Wyrwich 2003, Medical Care 41); a fifth
    is small by convention.
    """

    little_shock: float = key(
        "A little shock to all trial clusters, in standard deviations between donors.",
        NormalDist().inv_cdf(0.75),
        least=0,
    )
    shock: float = key("The largest that is possible.", 1.0, least=0)
    little_selection: float = key(
        "A little bias by what is not measured, in multiples of that by the strongest measured "
        "covariate.",
        1.0,
        least=0,
    )
    selection: float = key(
        "The largest that is possible; where it is known who was asked and agreed, the "
        "multiple of the most telling covariate's share of the variance.",
        3.0,
        least=0,
    )
    little_nonresponse: float = key(
        "A little difference between those who answered and the others, in standard "
        "deviations.",
        0.2,
        least=0,
    )
    nonresponse: float = key("The largest that is possible.", 0.5, least=0)


USUAL = Thresholds()


class Standing(StrEnum):
    """What the checks leave of a finding: a second axis of certainty, beside its grade."""

    NO_FINDING = "no_finding"
    """There is none to take away."""
    VERY_FRAGILE = "very fragile"
    """Little would take it away, or the arms differ in what cannot be moved."""
    FRAGILE = "fragile"
    """Something that is possible would take it away, or another choice leaves it unsure."""
    ROBUST = "robust"
    """It stands in every check that could be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatVerdict:
    """Whether one threat takes a finding away, and how large it would have to be.

    `sure` and `whole` remove the certainty and the whole difference, NaN for what has no size:
    of ``shock`` and ``nonresponse`` in standard deviations, of ``selection`` in multiples of
    the bias by the strongest measured covariate.  Up to `little` it counts as little, up to
    `most` as possible.
    """

    threat: Threat
    takes_away: bool
    sure: float = math.nan
    whole: float = math.nan
    little: float = math.nan
    most: float = math.nan

    @property
    def is_little(self) -> bool:
        """Whether what counts as little is enough to remove the certainty."""
        return self.sure <= self.little


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is left of a finding, and the threats that could be judged.

    Of what is no finding only ``placebo`` is.
    """

    standing: Standing
    threats: tuple[ThreatVerdict, ...]
    thresholds: Thresholds = USUAL

    @property
    def sounds(self) -> dict[Threat, bool]:
        """Whether each threat that could be judged takes the finding away."""
        return {one.threat: one.takes_away for one in self.threats}

    @property
    def explaining(self) -> tuple[Threat, ...]:
        """The threats that explain the finding."""
        return tuple(threat for threat in EXPLAINING if self.sounds.get(threat))

    @property
    def hidden(self) -> tuple[ThreatVerdict, ...]:
        """The threats that have a size."""
        return tuple(one for one in self.threats if not math.isnan(one.sure))

    def summary(self) -> str:
        """Return the standing, then each threat in one line."""
        lines = [f"standing: {self.standing}"]
        for one in self.threats:
            said = "takes the finding away" if one.takes_away else "leaves the finding"
            size = f" ({one.sure:.3g} needed, up to {one.most:.3g} possible)"
            lines.append(f"  {one.threat}: {said}{'' if math.isnan(one.sure) else size}")
        return "\n".join(lines)


def judge(
    effect: Effect, rows: Sequence[SensitivityRow], thresholds: Thresholds = USUAL
) -> Verdict:
    """Judge a finding by what `sensitivity` found, or by what may be shown of it.

    Notes
    -----
    The sizes are those of `Thresholds`.  *Placebo*: a difference before start or in what cannot
    be moved, at the level of the study after Bonferroni.  *Shock*: to all trial municipalities.
    *Selection*: a motivation as unequal as saying yes or no can make it, with a multiple of the
    most telling covariate's share of the outcome's variance; where nobody was asked, one that
    biases some times as much as the strongest covariate.  *Nonresponse*: those who did not
    answer lie so far from those who did, to opposite sides in the two arms.  *Specification,
    leave one out, censoring bound*: one of them is not told apart from no difference, to the
    side of the finding.
    """
    rows = judged(effect, rows, thresholds)
    threats = _threat("placebo", rows, "negative_control")
    # A test without an interval has no limit to hold up to anything.
    if effect.grade is not Grade.CERTAIN or effect.is_refused:
        return Verdict(standing=Standing.NO_FINDING, threats=threats, thresholds=thresholds)
    threats += _hidden_causes(rows, thresholds)
    for choice in CHOICES:
        threats += _threat(choice, rows, choice)
    taken = [one for one in threats if one.takes_away]
    standing = Standing.FRAGILE if taken else Standing.ROBUST
    if any(one.threat == "placebo" or one.is_little for one in taken):
        standing = Standing.VERY_FRAGILE
    return Verdict(standing=standing, threats=threats, thresholds=thresholds)


def judged(
    effect: Effect, rows: Sequence[SensitivityRow], thresholds: Thresholds = USUAL
) -> tuple[SensitivityRow, ...]:
    """Return the rows, each with whether it alone takes the finding away."""
    tested = [
        row.p_value
        for row in rows
        if row.asked.check == "negative_control"
        and not (math.isnan(row.estimate) or math.isnan(row.p_value))
    ]
    sizes = _sizes(rows, thresholds)

    def takes_away(row: SensitivityRow) -> bool | None:
        check = row.asked.check
        if math.isnan(row.estimate):
            return None
        if check == "negative_control" and not math.isnan(row.p_value):
            return bool(row.p_value * len(tested) <= 1.0 - effect.conf_level)
        if check in CHOICES and not math.isnan(row.conf_low):
            return not _is_sure(effect, row)
        if row.asked.variant == "removes_interval" and check in sizes:
            needed, most = sizes[check]
            return bool(needed <= most)
        return None

    return tuple(replace(row, takes_away=takes_away(row)) for row in rows)


def falls_at_upper_spread(
    rows: Sequence[SensitivityRow], thresholds: Thresholds = USUAL
) -> bool:
    """Whether the largest shock counted with removes the certainty if donors vary that much.

    That is, were the spread between them as large as its own interval allows.
    """
    needed = figure(rows, "common_shock", "removes_interval")
    return any(
        needed * row.estimate <= thresholds.shock * row.conf_high
        for row in rows
        if row.asked.check == "common_shock" and row.asked.variant == "spread"
    )


def telling(rows: Sequence[SensitivityRow]) -> float:
    """Return how many times as telling as the most telling covariate motivation must be.

    As unequal as saying yes or no can make it, to remove the certainty; NaN where nobody was
    asked or there is nothing to remove.
    """
    needed = figure(rows, "self_selection", "removes_interval")
    return needed / (figure(rows, "self_selection", "imbalance") or math.nan)


def _sizes(
    rows: Sequence[SensitivityRow], thresholds: Thresholds
) -> dict[Check, tuple[float, float]]:
    """Return what removes the certainty, and the largest that counts as possible, by check."""
    most: dict[Check, float] = {
        "common_shock": thresholds.shock,
        "nonresponse": thresholds.nonresponse,
    }
    asked = telling(rows)
    if math.isnan(asked):
        most["measured_covariate"] = thresholds.selection
    found = {check: (figure(rows, check, "removes_interval"), of) for check, of in most.items()}
    more = math.sqrt(thresholds.selection)
    return found if math.isnan(asked) else found | {"self_selection": (asked, more)}


def _is_sure(effect: Effect, row: SensitivityRow) -> bool:
    """Whether a variant is told apart from no difference, to the same side."""
    side = math.copysign(1.0, effect.estimate - effect.null)
    return all(side * (end - effect.null) > 0 for end in (row.conf_low, row.conf_high))


def _threat(
    threat: Threat, rows: Sequence[SensitivityRow], *checks: Check
) -> tuple[ThreatVerdict, ...]:
    """Return the verdict on a threat that one of the checks judges; none where none does."""
    found = [row.takes_away for row in rows if row.asked.check in checks]
    known = [one for one in found if one is not None]
    return (ThreatVerdict(threat=threat, takes_away=any(known)),) if known else ()


def _hidden_causes(
    rows: Sequence[SensitivityRow], thresholds: Thresholds
) -> tuple[ThreatVerdict, ...]:
    """Return the verdict on what must be hidden to take the finding away, with its size."""
    most_bias = thresholds.selection
    if not math.isnan(telling(rows)):
        sure = figure(rows, "measured_covariate", "removes_interval")
        most_bias = sure * math.sqrt(thresholds.selection) / telling(rows)
    # The first check of a threat tells its size.
    sized: tuple[tuple[Threat, tuple[Check, ...], float, float], ...] = (
        ("shock", ("common_shock",), thresholds.little_shock, thresholds.shock),
        (
            "selection",
            ("measured_covariate", "self_selection"),
            thresholds.little_selection,
            most_bias,
        ),
        (
            "nonresponse",
            ("nonresponse",),
            thresholds.little_nonresponse,
            thresholds.nonresponse,
        ),
    )
    return tuple(
        replace(
            one,
            sure=figure(rows, checks[0], "removes_interval"),
            whole=figure(rows, checks[0], "removes_estimate"),
            little=little,
            most=most,
        )
        for threat, checks, little, most in sized
        for one in _threat(threat, rows, *checks)
    )
