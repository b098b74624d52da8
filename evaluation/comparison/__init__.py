"""Comparison groups: propensity, matching, balance and verification."""
