"""Matching: candidates, distances, partners, sets and their verification."""
