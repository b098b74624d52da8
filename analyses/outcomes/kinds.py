"""The kinds of outcome that a study file can name, all of them."""

from __future__ import annotations

from analyses.outcomes.cases import ClosedCase
from analyses.outcomes.columns import Columns
from analyses.outcomes.hours import PaidHours
from analyses.outcomes.kind import Kind
from analyses.outcomes.score import Score
from analyses.outcomes.value import Value
from analyses.outcomes.weekly import Weekly

KINDS: tuple[type[Kind], ...] = (Weekly, PaidHours, ClosedCase, Columns, Score, Value)
