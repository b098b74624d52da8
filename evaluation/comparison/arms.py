"""Who is treated, whom the effect is about, and how much each row counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.columns import numbers_in
from evaluation.notes import Note
from evaluation.roles import Roles, require_table

ARMS = ("treated", "comparison")
TILTED = ("ATO", "ATM")  # estimands whose population weights make


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arms:
    """A frame that has been read for a comparison, roles and estimand as the call gave them."""

    frame: pd.DataFrame
    roles: Roles
    estimand: str
    treated: BoolArray
    sampling: FloatArray | None  # None where every row counts once
    unit: IntArray  # a code from 0

    @classmethod
    def read(cls, frame: pd.DataFrame, roles: Roles, estimand: str, purpose: str) -> Arms:
        """Read a frame that has all that a comparison on covariates needs, or refuse it."""
        treated = read_arms(frame, roles)
        require_covariates(roles, purpose)
        refuse_missing(frame, complete_columns(roles))
        return cls(
            frame=frame,
            roles=roles,
            estimand=estimand,
            treated=treated,
            sampling=read_sampling(frame, roles),
            unit=pd.factorize(frame[roles.unit])[0].astype(np.int64),
        )

    @property
    def target(self) -> BoolArray:
        """The rows whom the effect is about."""
        return target_of(self.treated, self.estimand)

    @property
    def group(self) -> IntArray:
        """What stays in one fold where a learner is cross-fitted: the cluster, or the unit."""
        if self.roles.cluster is None:
            return self.unit
        return pd.factorize(self.frame[self.roles.cluster])[0].astype(np.int64)

    def of_treated_units(self) -> tuple[BoolArray, tuple[str, ...]]:
        """Return comparison rows of units that are also treated, and a note on them.

        They are in no comparison: it would compare people with themselves, or use them twice.
        """
        is_treated_unit = np.zeros(int(self.unit.max()) + 1, dtype=bool)
        is_treated_unit[self.unit[self.treated]] = True
        own = is_treated_unit[self.unit] & ~self.treated
        if not own.any():
            return own, ()
        note = Note(
            "also_treated",
            "{n} comparison row(s) belong to units that are also treated and are not used.",
            {"n": int(own.sum())},
        )
        return own, (note,)


def target_of(treated: BoolArray, estimand: str) -> BoolArray:
    """Return the rows whom an effect is about."""
    return {"ATT": treated, "ATC": ~treated}.get(estimand, np.ones_like(treated))


def target_share(
    treated: BoolArray, estimand: str, base: FloatArray, weights: FloatArray
) -> FloatArray:
    """Return what each row counts for in those whom an effect is about; sums to 1.

    They are persons that the design kept, with their `base` weights.  Overlap and matching
    weights make a population of their own (ATO, ATM), in which rows count as they are weighed.
    """
    counted = weights if estimand in TILTED else base
    share = np.where((weights > 0) & target_of(treated, estimand), counted, 0.0)
    return np.asarray(share / share.sum())


def complete_columns(roles: Roles) -> dict[str, tuple[str, ...]]:
    """Return the columns in which no value may be missing, by role."""
    return {
        "unit": (roles.unit,),
        "cluster": () if roles.cluster is None else (roles.cluster,),
        "exact": roles.exact,
        "covariate": roles.must_be_known(roles.covariates),
    }


def require_covariates(roles: Roles, purpose: str) -> None:
    """Refuse roles without anything on which the arms could be made alike."""
    if not roles.covariates:
        raise DesignError(
            f"covariates=() leaves nothing to {purpose}; name at least one column."
        )


def read_arms(frame: pd.DataFrame, roles: Roles) -> BoolArray:
    """Return True for each treated row; refuse a treatment that is not two arms of 0/1."""
    require_table(frame, roles)
    roles.require(frame)
    column = frame[roles.treatment]
    missing = int(column.isna().sum())
    if missing:
        raise DesignError(
            f"treatment='{roles.treatment}': {missing} row(s) have no value; "
            "leave out rows whose arm is not known."
        )
    levels = column.unique()
    if not all(level in (0, 1) for level in levels):
        raise DesignError(
            f"treatment='{roles.treatment}' has {len(levels)} level(s) that are not all "
            "0/1 or False/True; say which level is treated and compare two arms at a time."
        )
    treated: BoolArray = column.to_numpy(dtype=bool)
    if not treated.any():
        raise DesignError(
            f"treatment='{roles.treatment}': no treated row among {len(frame)}; "
            "there is nobody whose effect could be estimated."
        )
    if treated.all():
        raise DesignError(
            f"treatment='{roles.treatment}': no comparison row among {len(frame)}; "
            "there is nobody to compare the treated with."
        )
    return treated


def read_sampling(frame: pd.DataFrame, roles: Roles) -> FloatArray | None:
    """Return the sampling weight of every row, or None where every row counts once."""
    if roles.weight is None:
        return None
    sampling = numbers_in(frame, "weight", roles.weight)
    unusable = int((~np.isfinite(sampling) | (sampling < 0)).sum())
    if unusable:
        raise DesignError(
            f"weight='{roles.weight}': {unusable} row(s) are missing, infinite or below 0; "
            "leave out rows that the sample does not represent, or give them 0."
        )
    return sampling


def refuse_missing(frame: pd.DataFrame, columns: dict[str, tuple[str, ...]]) -> None:
    """Raise `DesignError` with the count of missing values for every named column at once."""
    counts = [
        f"  - {role} '{name}': {missing} missing value(s)"
        for role, names in columns.items()
        for name in names
        if (missing := int(frame[name].isna().sum()))
    ]
    if counts:
        head = f"{len(counts)} column(s) have missing values among {len(frame)} rows"
        what = "Impute them, give missing its own level, or leave those rows out."
        if any(line.startswith("  - covariate '") for line in counts):
            what += " Blank covariates may stay, with Roles(missing='indicator')."
        raise DesignError("\n".join([head, *counts, what]))
