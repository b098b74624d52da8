"""Incidence adjusted for covariates: the g-formula and pseudo-observations."""
