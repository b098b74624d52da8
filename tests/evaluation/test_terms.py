"""A term has a unit and is in the list, whoever makes it, or it goes nowhere."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from evaluation.estimates import Effect
from evaluation.terms import (
    NAMED_TERMS,
    OF_DURATION,
    OF_OUTCOME,
    RATIO_UNITS,
    TERMS,
    Term,
    require_term,
    term_of,
    terms_of,
)

EVALUATION = Path(__file__).parents[2] / "evaluation"


@pytest.mark.parametrize("unit", ["", "kroner", "weeks "])
def test_a_term_without_a_unit_of_the_list_cannot_be_made(unit: str) -> None:
    with pytest.raises(ValueError, match="'invented' needs what it estimates and a unit"):
        Term(code="invented", estimates="something", unit=unit)


def test_a_term_that_estimates_nothing_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="needs what it estimates"):
        Term(code="invented", estimates="", unit="weeks")


@pytest.mark.parametrize("code", ["invented", "hazard_ratio_2", "accumulated_weeks_", ""])
def test_a_code_that_is_not_listed_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="is not in the list"):
        term_of(code)


def test_an_effect_in_another_unit_than_its_term_is_refused() -> None:
    require_term("incidence", "percentage points")
    require_term("mean_difference", "dollar")
    with pytest.raises(ValueError, match="'incidence' has no unit 'weeks'"):
        require_term("incidence", "weeks")
    with pytest.raises(ValueError, match="has no unit ''"):
        require_term("mean_difference", "")


def part_of(piece: ast.expr, constants: dict[str, str]) -> str:
    """Return a pattern of what a piece of an f-string says: its text, a constant's, or any."""
    told = piece.value if isinstance(piece, ast.FormattedValue) else piece
    if isinstance(told, ast.Constant):
        return re.escape(str(told.value))
    said = constants.get(told.id) if isinstance(told, ast.Name) else None
    return ".*" if said is None else re.escape(said)


def terms_written() -> set[str]:
    """Return a pattern of every text that a module of evaluation gives as a term."""
    found = set()
    for path in EVALUATION.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            target.id: str(node.value.value)
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.keyword) or node.arg != "term":
                continue
            if isinstance(node.value, ast.Constant):
                found.add(re.escape(str(node.value.value)))
            elif isinstance(node.value, ast.JoinedStr):
                found.add("".join(part_of(one, constants) for one in node.value.values))
    return found


def test_every_term_that_evaluation_writes_is_listed() -> None:
    written = terms_written()
    assert {"hazard_ratio", "score_difference", "accumulated_weeks_.*"} <= written
    assert "piecewise_hazard_ratio.*" in written
    listed = [f"{one.code}1" if one.is_numbered else one.code for one in TERMS.values()]
    unknown = {told for told in written if not any(re.fullmatch(told, one) for one in listed)}
    assert unknown == set()


def test_a_ratio_is_what_an_effect_takes_for_one() -> None:
    for term in TERMS.values():
        if term.unit in (OF_DURATION, OF_OUTCOME):
            continue
        effect = Effect(
            outcome="x",
            term=term.code,
            estimate=1.0,
            unit=term.unit,
            estimand="ATT",
            method="m",
            n_treated=1,
            n_comparison=1,
        )
        assert effect.is_ratio == term.is_ratio == (term.unit in RATIO_UNITS)


def test_only_competing_causes_tell_the_two_hazards_apart() -> None:
    alone, beside = terms_of("time", competing=False), terms_of("time")
    assert set(beside) - set(alone) == {"subdistribution_hazard_ratio"}
    assert terms_of("score") == ("score_difference",)
    assert terms_of("value") == ("mean_difference",)


def test_a_named_term_is_another_name_of_one_that_every_cause_has() -> None:
    for (general, _), named in NAMED_TERMS.items():
        assert TERMS[named].unit == TERMS[general].unit
        assert TERMS[named].statistic == TERMS[general].statistic
        assert TERMS[named].offered is None
