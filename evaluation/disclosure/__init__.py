"""Disclosure control: what may leave the house."""
