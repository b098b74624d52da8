"""The estimands that each method of weighting offers, and the columns that it is tried on."""

import evaluation as ev

OFFERED = {
    "ipw": ("ATT", "ATC", "ATE"),
    "overlap": ("ATO",),
    "matching": ("ATM",),
    "entropy": ("ATT", "ATC", "ATE"),
    "cbps": ("ATT", "ATC", "ATE"),
}
EVERY = [(method, estimand) for method, allowed in OFFERED.items() for estimand in allowed]
ROLES = ev.Roles(unit="id", treatment="plan", covariates=("x", "female"))
