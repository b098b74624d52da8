"""Comparison groups: matching, weighting, balance and verification."""
