"""Nobody outside its module knows a kind by name: a new one is a module and a line."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from pathlib import Path

import evaluation as ev
from analyses import Study, Tables, estimate
from analyses.outcomes.kind import Estimated, Kind, Variants
from analyses.outcomes.kinds import KINDS
from analyses.published.table import Made
from analyses.published.tables import TABLES
from evaluation import Effect, Matched

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True, kw_only=True)
class Squares(Kind):
    """A toy: the square of a column of the cohort's table."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    def placed(self, m: Matched, study: Study, tables: Tables) -> Matched:  # noqa: ARG002
        return replace(m, frame=m.frame.assign(**{self.name: m.frame[self.column] ** 2}))

    def estimated(self, m: Matched, study: Study, tables: Tables) -> Estimated:  # noqa: ARG002
        def again(other: Matched) -> Effect:
            return ev.mean_difference(other, self.name, unit="square years", seed=study.seed)

        return Estimated.of_numbers(self, m, self.name, again)

    def variants(self, one: Estimated, study: Study, tables: Tables) -> Variants:  # noqa: ARG002
        return Variants(values=ev.person_values(one.matched, self.name, unit="square years"))


def test_a_toy_kind_goes_through_a_whole_study(study: Study, tables: Tables) -> None:
    toy = Squares(
        name="squares",
        role="primary",
        family="main",
        estimate="mean_difference",
        kind="value",
        label=None,
        column="children",
    )
    assert study.sensitivity is not None
    asked = replace(study.sensitivity, outcomes=("squares",))
    plan = replace(
        study,
        outcomes=(study.outcomes[0], toy),
        itt=None,
        weekly=None,
        sensitivity=asked,
        min_cell=1,
    )
    found = estimate(plan, tables)
    m = found.outcomes["squares"].matched
    squares = (m.frame["children"] ** 2).to_numpy(float)
    means = [
        float((squares * m.weights)[own].sum() / m.weights[own].sum())
        for own in (m.treated, ~m.treated)
    ]
    tested = found.outcomes["squares"].tested
    assert abs(tested.estimate - (means[0] - means[1])) < 1e-9
    made = Made(TABLES, plan, tables, found)
    assert "squares" in set(made["design"]["outcome"])
    assert "squares" not in set(made["durations"]["outcome"])
    assert {"main", "leave_one_out", "common_shock"} <= set(made["sensitivity"]["check"])


def named_kinds(path: Path) -> list[str]:
    """Return the kinds that a module asks an outcome whether it is one of."""
    names = {kind.__name__ for kind in KINDS}
    names |= {base.__name__ for kind in KINDS for base in kind.__mro__}
    asked = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "isinstance"
        ):
            told = {one.id for one in ast.walk(node.args[1]) if isinstance(one, ast.Name)}
            asked += sorted(told & (names - {"object", "ABC"}))
    return asked


def test_no_module_but_its_own_asks_whether_an_outcome_is_of_a_kind() -> None:
    asked = {
        path.relative_to(ROOT).as_posix(): found
        for room in ("cohort", "findings", "published", "inputs")
        for path in sorted((ROOT / "analyses" / room).rglob("*.py"))
        if (found := named_kinds(path))
    }
    assert asked == {}


def test_every_kind_has_a_module_of_its_own() -> None:
    modules = [kind.__module__ for kind in KINDS]
    assert len(set(modules)) == len(KINDS)
    assert all(module.startswith("analyses.outcomes.") for module in modules)
