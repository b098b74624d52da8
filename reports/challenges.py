"""What takes a finding away, judged from the rows of sensitivity.csv by rules fixed beforehand.

A finding is judged by its interval's limit nearest to no difference: what moves the estimate
by that much leaves a difference that is no longer statistically sure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from statistics import NormalDist

import pandas as pd

from reports.words.wording import Certainty, Finding

# The largest shock that counts as possible: a third of all municipalities lie further from
# their mean than one standard deviation.  Half of them lie further than the little one.
COMMON_SHOCK = 1.0
LITTLE_SHOCK = NormalDist().inv_cdf(0.75)
# Half a standard deviation is near the least change in their health that people notice (Norman,
# Sloan and Wyrwich 2003, Medical Care 41).  A fifth is small by convention.
NOTICED = 0.5
LITTLE_SILENCE = 0.2
# What is not measured is held up to multiples of the strongest measured covariate, as with
# R's sensemakr, whose examples go from one to three times its partial R-squared.  The limit at
# three is a choice of this project: root three times the slope, and as much again the imbalance
# where nothing tells how unequal it can be.
MORE_TELLING = math.sqrt(3.0)
MORE_BIASING = 3.0
LITTLE_BIAS = 1.0


class Standing(Enum):
    """What the checks leave of a finding."""

    NO_FINDING = "there is none to take away"
    EXPLAINED = "something that is not unusual would take it away"
    FRAGILE = "another choice leaves it unsure"
    STANDS = "it stands in every check that could be made"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """How large something unseen must be to take a finding away.

    Attributes
    ----------
    kind : str
        ``shock`` and ``nonresponse`` in standard deviations; ``selection`` in multiples of the
        bias by the strongest measured covariate.
    sure, whole : float
        What removes the certainty, and the whole difference.
    little, most : float
        Up to where it counts as little, and the largest that counts as possible.
    """

    kind: str
    sure: float
    whole: float
    little: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Challenges:
    """How a finding fared.

    Attributes
    ----------
    finding : Finding
        The finding.
    rows : pandas.DataFrame
        Its rows of sensitivity.csv.
    sounds : mapping of str to bool
        Whether each check that could be made takes the finding away: ``placebo``, ``shock``,
        ``selection``, ``nonresponse`` (they explain it), ``specification``,
        ``leave_one_out``, ``censoring_bound`` (another choice).
    """

    finding: Finding
    rows: pd.DataFrame
    sounds: Mapping[str, bool]

    @property
    def standing(self) -> Standing:
        """What the checks leave of the finding."""
        if self.finding.certainty is not Certainty.CLEAR:
            return Standing.NO_FINDING
        if self.explaining:
            return Standing.EXPLAINED
        return Standing.FRAGILE if any(self.sounds.values()) else Standing.STANDS

    @property
    def explaining(self) -> list[str]:
        """The checks that explain the finding."""
        kinds = ("placebo", "shock", "selection", "nonresponse")
        return [kind for kind in kinds if self.sounds.get(kind)]

    @property
    def hidden(self) -> list[Hidden]:
        """What must be hidden to take the finding away, with how much of it is possible."""
        found = (
            ("shock", "common_shock", "removes the {}", LITTLE_SHOCK, COMMON_SHOCK),
            (
                "selection",
                "measured_covariate",
                "motivation that removes the {}",
                LITTLE_BIAS,
                self.largest_bias,
            ),
            (
                "nonresponse",
                "nonresponse",
                "difference that removes the {}",
                LITTLE_SILENCE,
                NOTICED,
            ),
        )
        made = [
            Hidden(
                kind=kind,
                sure=self.figure(check, name.format("interval")),
                whole=self.figure(check, name.format("estimate")),
                little=little,
                most=most,
            )
            for kind, check, name, little, most in found
        ]
        return [one for one in made if not math.isnan(one.sure)]

    @property
    def largest_bias(self) -> float:
        """The largest bias by self-selection, in multiples of the strongest covariate's."""
        telling = self.telling("interval")
        if math.isnan(telling):
            return MORE_BIASING
        return (
            self.figure("measured_covariate", "motivation that removes the interval")
            * MORE_TELLING
            / telling
        )

    def of(self, check: str) -> pd.DataFrame:
        """Return the rows of one check that are shown."""
        return self.rows[(self.rows["check"] == check) & self.rows["estimate"].notna()]

    def figure(self, check: str, name: str) -> float:
        """Return one number; NaN where there is none."""
        return _figure(self.rows, check, name)

    def telling(self, end: str) -> float:
        """Return how many times as telling as the most telling covariate motivation must be.

        As unequal as saying yes or no can make it, to remove the ``estimate`` or the
        ``interval``; NaN where nobody was asked or there is nothing to remove.
        """
        return _telling(self.rows, end)

    def is_sure(self, row: pd.Series) -> bool:
        """Whether a variant is told apart from no difference, to the same side."""
        side = math.copysign(1.0, self.finding.estimate - self.finding.null)
        ends = (row["conf_low"] - self.finding.null, row["conf_high"] - self.finding.null)
        return all(side * end > 0 for end in ends)


def challenge(finding: Finding, rows: pd.DataFrame) -> Challenges:
    """Judge a finding.

    Parameters
    ----------
    finding : Finding
        The tested estimate of an outcome.
    rows : pandas.DataFrame
        The rows of sensitivity.csv of that outcome.

    Notes
    -----
    *Placebo*: a difference before start or in what cannot be moved, at the level of the study
    after Bonferroni.  *Shock*: to all trial municipalities, of one standard deviation between
    donors.  *Selection*: a motivation as unequal as saying yes or no can make it, with up to
    three times the most telling covariate's share of the outcome's variance; where nobody was
    asked, one that biases up to three times as much as the strongest covariate.
    *Nonresponse*: those who did not answer lie half a standard deviation from those who did,
    to opposite sides in the two arms.
    """
    made = Challenges(finding=finding, rows=rows, sounds={})
    sounds = {}
    placebo = made.of("negative_control")["p_value"].dropna()
    if len(placebo):
        sounds["placebo"] = bool(placebo.min() * len(placebo) <= 1.0 - finding.level)
    if finding.certainty is Certainty.CLEAR:
        sounds |= _hidden_causes(rows)
        for check in ("specification", "leave_one_out", "censoring_bound"):
            variants = made.of(check)
            known = variants[variants["conf_low"].notna()]
            if len(known):
                sounds[check] = not all(made.is_sure(row) for _, row in known.iterrows())
    return Challenges(finding=finding, rows=rows, sounds=sounds)


def _hidden_causes(rows: pd.DataFrame) -> dict[str, bool]:
    shock = _figure(rows, "common_shock", "removes the interval")
    selection = _telling(rows, "interval"), MORE_TELLING
    if math.isnan(selection[0]):
        name = "motivation that removes the interval"
        selection = _figure(rows, "measured_covariate", name), MORE_BIASING
    silent = _figure(rows, "nonresponse", "difference that removes the interval")
    limits = {
        "shock": (shock, COMMON_SHOCK),
        "selection": selection,
        "nonresponse": (silent, NOTICED),
    }
    return {
        kind: size <= limit for kind, (size, limit) in limits.items() if not math.isnan(size)
    }


def _telling(rows: pd.DataFrame, end: str) -> float:
    """Return how many times as telling motivation must be, at its largest imbalance."""
    needed = _figure(rows, "self_selection", f"imbalance that removes the {end}")
    return needed / _figure(rows, "self_selection", "largest imbalance by taking part")


def _figure(rows: pd.DataFrame, check: str, name: str) -> float:
    found = rows.loc[(rows["check"] == check) & (rows["name"] == name), "estimate"]
    return float(found.iloc[0]) if len(found) else math.nan
