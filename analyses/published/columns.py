"""The words of the result tables: what a column is called, what kind it is, what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Text = Literal["key", "code", "text", "date"]
Figure = Literal["estimate", "error", "limit", "p_value", "share", "statistic"]
Role = Literal[Text, Figure, "whole", "lag", "persons", "time", "level"]
# Whole numbers may be missing, but for a week: every row of a path has one.
DTYPES: Mapping[str, str] = {"persons": "Int64", "whole": "Int64", "lag": "int64"}
# What is told of persons beside how many they are; a row on few says none of it.
FIGURES: tuple[Role, ...] = get_args(Figure)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a result table.

    Attributes
    ----------
    role : Role
        ``key`` names a thing of the study or its dictionary, ``code`` is a word of a closed
        list of ours, ``persons`` counts persons (or their rows, cases or events), ``whole``
        counts something else, ``lag`` is a week from the index date, ``level`` a probability
        that was asked for.  The others say what their names say.
    meaning : str
        For whoever opens the table.
    """

    role: Role
    meaning: str

    def __post_init__(self) -> None:
        if self.role not in get_args(Role):
            raise TypeError(f"role '{self.role}' is not known; use {', '.join(get_args(Role))}")
        if not self.meaning:
            raise TypeError(f"a column of role '{self.role}' needs a meaning")

    @property
    def dtype(self) -> str:
        """How pandas holds the column."""
        return "object" if self.role in get_args(Text) else DTYPES.get(self.role, "float64")


WORDS: Mapping[str, Column] = {
    "outcome": Column("key", "outcome of the study file, or a cause that competes with it"),
    "term": Column("code", "which estimate of the outcome"),
    "estimate": Column("estimate", "the estimate, in its unit; shares in per cent"),
    "std_error": Column("error", "standard error, of the logarithm for ratios"),
    "conf_low": Column("limit", "lower limit of the confidence interval"),
    "conf_high": Column("limit", "upper limit of the confidence interval"),
    "band_low": Column("limit", "lower limit of the band that holds for all times at once"),
    "band_high": Column("limit", "upper limit of the band that holds for all times at once"),
    "p_value": Column("p_value", "p-value against no effect"),
    "p_adjusted": Column("p_value", "adjusted within the family; empty where not tested"),
    "unit": Column("text", "unit of the estimate"),
    "estimand": Column("code", "whom the effect is about: ATT, ATC, ATE, ATO, ITT"),
    "method": Column("text", "design, estimator and inference"),
    "n_treated": Column("persons", "persons with weight among the treated"),
    "n_comparison": Column("persons", "persons with weight in the comparison group"),
    "n_clusters": Column("whole", "clusters with weight"),
    "conf_level": Column("level", "coverage of the interval"),
    "covariate": Column("key", "covariate, or the distance"),
    "level": Column("key", "level of a category; empty for others"),
    "smd_before": Column("statistic", "standardised mean difference before"),
    "smd_after": Column("statistic", "standardised mean difference after"),
    "vr_before": Column("statistic", "ratio of variances before; empty for shares"),
    "vr_after": Column("statistic", "ratio of variances after; empty for shares"),
    "ks_before": Column("statistic", "largest distance of the distributions before"),
    "ks_after": Column("statistic", "largest distance of the distributions after"),
    "curve": Column("code", "which curve"),
    "arm": Column("code", "treated, comparison, or what the table says"),
    "cause": Column("key", "how it ended"),
    "time": Column("time", "time from the start, in the outcome's unit"),
    "at_risk": Column("persons", "still under observation just before"),
    "test": Column("code", "which test"),
    "statistic": Column("statistic", "value of the test statistic"),
    "df": Column("statistic", "its degrees of freedom"),
    "probability": Column("level", "share who have left"),
    "status": Column("key", "status of the weekly register"),
    "week": Column("lag", "week from the index date"),
    "n": Column("persons", "how many"),
    "step": Column("code", "step on the way; an outcome's own name it after a colon"),
    "lost": Column("persons", "lost in the step"),
    "reason": Column("text", "why"),
    "scale": Column("key", "scale of the dictionary"),
    "wave": Column("whole", "wave of the survey"),
    "items": Column("whole", "items of the scale"),
    "alpha": Column("statistic", "Cronbach's alpha"),
    "table": Column("key", "table of the dictionary"),
    "group": Column("code", "which group"),
    "item": Column("key", "item of the survey"),
    "cluster": Column("key", "cluster, such as a municipality"),
    "loo_estimate": Column("estimate", "the effect without this cluster"),
    "loo_low": Column("limit", "its lower limit"),
    "loo_high": Column("limit", "its upper limit"),
    "check": Column("code", "which question is asked of the finding"),
    "name": Column("text", "which variant of it"),
    "note": Column("text", "what must be known to read the row"),
    "variable": Column("key", "covariate of the plan"),
    "mean": Column("statistic", "mean; share from 0 to 1 of a yes or of a level"),
    "sd": Column("statistic", "standard deviation; empty for shares"),
    "n_invited": Column("persons", "were asked"),
    "n_answered": Column("persons", "answered any question"),
    "share": Column("share", "per cent of the asked who answered"),
    "column": Column("key", "column of the dictionary"),
    "kind": Column("code", "kind of missing answer"),
    "case_type": Column("key", "type of case"),
    "median_weeks": Column("statistic", "weeks by which half had ended, as observed"),
    "p25_weeks": Column("statistic", "weeks by which a quarter had ended"),
    "p75_weeks": Column("statistic", "weeks by which three quarters had ended"),
    "open_share": Column("share", "per cent still open"),
    "n_treated_clusters": Column("whole", "clusters of the treated"),
    "n_comparison_clusters": Column("whole", "clusters of the comparison group"),
    "effective_treated": Column("statistic", "effective number of treated clusters"),
    "effective_comparison": Column("statistic", "effective number of comparison clusters"),
    "largest_share_treated": Column("statistic", "share of the largest treated cluster"),
    "largest_share_comparison": Column("statistic", "share of the largest other cluster"),
    "mde": Column("statistic", "smallest effect found with probability 0.8"),
    "design": Column("key", "design of the study file, `main` for the plan's own"),
    "label": Column("text", "the study file's name for it"),
    "ess_treated": Column("statistic", "effective number of treated"),
    "ess_comparison": Column("statistic", "effective number of comparisons"),
    "largest_smd": Column("statistic", "largest standardised difference of a covariate"),
    "period": Column("code", "before or after the start, or the half-year"),
    "first_date": Column("date", "first start of the period"),
    "last_date": Column("date", "last start of the period"),
    "n_target": Column("persons", "the register's rule finds them"),
    "n_unobserved": Column("persons", "of them the register does not follow to the end"),
    "class": Column("key", "class of the cluster"),
}


def words(*names: str) -> dict[str, Column]:
    """Return columns by name, in order; each text may hold several names.

    A name without an entry is a `TypeError`: what has no meaning cannot be published.
    """
    asked = " ".join(names).split()
    unknown = [name for name in asked if name not in WORDS]
    if unknown:
        raise TypeError(f"no meaning is declared for column(s) {', '.join(unknown)}")
    return {name: WORDS[name] for name in asked}
