"""A dictionary drafted from files: what they say, what they suggest, what is to be decided."""

from surveys.drafting.draft import Draft, Part, differences, draft
from surveys.drafting.tables import Decision

__all__ = ["Decision", "Draft", "Part", "differences", "draft"]
