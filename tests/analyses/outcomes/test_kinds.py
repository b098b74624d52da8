"""Nobody outside its module knows a kind by name: a new one is a module and a line."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pytest

import evaluation as ev
from analyses import Tables, load_study, run
from analyses.outcomes.facts import ValueFacts
from analyses.outcomes.kind import Estimated, Kind, Variants
from analyses.outcomes.kinds import KINDS
from analyses.study import outcomes
from analyses.study.plan import Plan
from data_dictionary import Codebook
from data_dictionary.errors import DesignError
from data_dictionary.schema import key
from evaluation import Effect, Matched
from reports import pieces
from reports.facts import load

ROOT = Path(__file__).parents[3]
AT_HOME = ("outcomes", "results")


@dataclass(frozen=True, slots=True, kw_only=True)
class Squares(Kind):
    """A toy: the square of a column of the cohort's table."""

    kind: Literal["square"] = key("What is measured: a square.")
    estimate: Literal["mean_difference"] = key("The estimate.", "mean_difference")
    column: str = key("Column that is squared.", names="data column")

    def facts(self, plan: Plan, words: Codebook) -> ValueFacts:  # noqa: ARG002
        return ValueFacts(column=self.column)

    def placed(self, m: Matched, plan: Plan, tables: Tables) -> Matched:  # noqa: ARG002
        return replace(m, frame=m.frame.assign(**{self.name: m.frame[self.column] ** 2}))

    def estimated(self, m: Matched, plan: Plan, tables: Tables) -> Estimated:  # noqa: ARG002
        def again(other: Matched) -> Effect:
            return ev.mean_difference(other, self.name, unit="squares", seed=plan.seed)

        return Estimated.of_numbers(self, m, self.name, again)

    def variants(self, one: Estimated, plan: Plan, tables: Tables) -> Variants:  # noqa: ARG002
        return Variants(values=ev.person_values(one.matched, self.name, unit="squares"))


TOY = """[[outcome]]
name = "squares"
kind = "square"
column = "children"
label = "Kvadratet på børn"

[contrast.itt]
"""


def written(made: Path, toy: str = TOY) -> Path:
    text = (made / "study" / "study.toml").read_text(encoding="utf-8")
    file = made / "study" / "toy.toml"
    file.write_text(text.replace("[contrast.itt]\n", toy, 1), encoding="utf-8")
    return file


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add the line that a new kind takes besides its module."""
    monkeypatch.setattr(outcomes, "KINDS", (*KINDS, Squares))


@pytest.mark.usefixtures("toy")
def test_a_toy_goes_from_the_study_file_through_a_run(made: Path) -> None:
    results = run(load_study(written(made)), made / "toy")
    effect = results.effects.set_index("outcome").loc["squares"]
    assert (effect["term"], effect["unit"]) == ("mean_difference", "squares")
    assert "squares" in set(results.design["outcome"])
    assert "squares" not in set(results.durations["outcome"])
    asked = results.sensitivity.loc[results.sensitivity["outcome"] == "squares", "check"]
    assert {"main", "leave_one_out", "common_shock"} <= set(asked)
    assert "squares" in {one["name"] for one in results.manifest["outcomes"]}
    # The report tells of it by what it tells of itself: here by an amount.
    report = load(results.folder)
    assert [one.name for one in report.outcomes("value")] == ["squares"]
    assert "Kvadratet på børn" in pieces.made(report, "table", "values")


@pytest.mark.usefixtures("toy")
def test_a_toy_is_judged_by_its_keys(made: Path) -> None:
    wrong = TOY.replace('column = "children"', 'column = "childen"\nwaves = 3')
    with pytest.raises(DesignError) as refusal:
        load_study(written(made, wrong))
    message = str(refusal.value)
    assert "'waves' is not a key" in message
    assert "'childen' is not a column. Did you mean 'children'" in message


def test_a_kind_that_is_not_listed_is_refused_by_name(made: Path) -> None:
    with pytest.raises(DesignError, match="kind = 'square' is not allowed; allowed: 'time'"):
        load_study(written(made))


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
        for package in ("analyses", "reports")
        for path in sorted((ROOT / package).rglob("*.py"))
        if path.parent.name not in AT_HOME and (found := named_kinds(path))
    }
    assert asked == {}


def test_every_kind_says_how_it_is_looked_up_estimated_and_doubted() -> None:
    for kind in KINDS:
        for question in ("placed", "estimated", "variants"):
            assert getattr(kind, question) is not getattr(Kind, question)


def test_every_kind_has_a_module_of_its_own() -> None:
    modules = [kind.__module__ for kind in KINDS]
    assert len(set(modules)) == len(KINDS)
    assert all(module.startswith("analyses.outcomes.") for module in modules)
