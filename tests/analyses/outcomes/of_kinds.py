"""What tests of several kinds of outcome do with them."""

from __future__ import annotations

from dataclasses import fields, replace

from analyses import Estimates, Study, Tables, estimate
from analyses.outcomes.kind import Kind
from analyses.outcomes.weekly import Weekly


def as_kind(kind: type[Kind], one: Weekly, **changes: object) -> Kind:
    """Return an outcome of another kind that shares what it can."""
    own = {field.name for field in fields(kind)} & {field.name for field in fields(one)}
    known = {name: getattr(one, name) for name in own - {"event"}}
    return kind(**known | changes)  # type: ignore[arg-type]


def estimated(study: Study, tables: Tables, outcome: Kind) -> Estimates:
    return estimate(replace(study, outcomes=(outcome,), itt=None, designs=()), tables)


def steps(found: Estimates, arm: str = "comparison") -> dict[str, int]:
    return {step.step: step.lost for step in found.steps if step.arm == arm}
