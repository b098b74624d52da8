"""A dictionary drafted from files: what they say, what they suggest, what is to be decided."""

from surveys.drafting.draft import Decision, Draft, Part, differences, draft

__all__ = ["Decision", "Draft", "Part", "differences", "draft"]
