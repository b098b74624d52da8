"""Formulas of the propensity: splines, polynomials and interactions of the covariates.

The one module that imports formulaic.  A formula is checked before it is evaluated: it may name
covariates and the functions listed here, and nothing else that Python knows, because it may
stand in a study file.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError, did_you_mean
from evaluation.comparison.covariates import (
    CovariateColumn,
    Design,
    design_matrix,
    expand,
    matrix_of,
    number_of,
)

if TYPE_CHECKING:
    from formulaic import SimpleFormula

# What a covariate may be put through; the stateful ones take knots and centres from the rows.
FUNCTIONS = (
    *("bs", "cr", "cc", "poly", "center", "scale"),
    *("log", "log10", "exp", "sqrt", "C", "I"),
)
_ALLOWED = (
    *(ast.Expression, ast.Call, ast.keyword, ast.Name, ast.Load, ast.Constant, ast.List),
    *(ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.Compare, ast.cmpop, ast.Tuple),
)
_QUOTED = re.compile(r"`([^`]*)`")


def formula_faults(formula: str | None, covariates: tuple[str, ...]) -> list[str]:
    """Return what is wrong with a formula, whatever the data."""
    if not isinstance(formula, str):
        return []
    try:
        parsed = _parsed(formula, covariates)
    except DesignError as error:
        return [str(error)]
    told = []
    for name, is_function in dict.fromkeys(_names(parsed)):
        known = FUNCTIONS if is_function else covariates
        if name not in known:
            what = "function that formulas have" if is_function else "covariate"
            listed = f" They have {', '.join(FUNCTIONS)}." if is_function else ""
            told.append(
                f"formula='{formula}': '{name}' is no {what}; the propensity is made of "
                f"Roles(covariates=...).{listed}{did_you_mean(name, known)}"
            )
    return told


def propensity_design(
    frame: pd.DataFrame, covariates: tuple[str, ...], formula: str | None
) -> Design:
    """Return the columns of the propensity: those of a formula, or the covariates' own.

    What a formula takes from the rows (knots, centres) it takes from those given.  A blank is
    filled, and has an indicator, as `design_matrix` has it.

    Examples
    --------
    >>> frame = pd.DataFrame({"age": [20.0, 30.0, 50.0], "educ": [9.0, 12.0, 10.0]})
    >>> [column.label for column in propensity_design(frame, ("age", "educ"), "~ age*educ")[1]]
    ['age', 'educ', 'age:educ']
    """
    if formula is None:
        return design_matrix(frame, covariates, indicators=True)
    from formulaic.errors import FormulaicError
    from formulaic.materializers import PandasMaterializer

    parsed = _parsed(formula, covariates)
    named = set(_names(parsed))
    known, indicators = _known(
        frame, tuple(name for name in covariates if (name, False) in named)
    )
    inside = {name for name, _ in _names(parsed, but="C(")}
    if texts := [name for name in known.select_dtypes("category") if name in inside]:
        raise _refusal(formula, f"has the category '{texts[0]}' where a number belongs.")
    try:
        with np.errstate(all="ignore"):
            made = PandasMaterializer(known, context={"sqrt": np.sqrt}).get_model_matrix(
                parsed, output="pandas", na_action="ignore"
            )
    except (FormulaicError, ValueError, TypeError, ArithmeticError) as error:
        raise _refusal(formula, f"cannot be evaluated: {error}") from error
    wrong = ~np.isfinite(made.to_numpy(dtype=np.float64))
    if wrong.any():
        n, label = int(wrong.any(axis=1).sum()), made.columns[wrong.any(axis=0)][0]
        what = "look for logarithms and roots of what is not above 0."
        raise _refusal(formula, f"has no finite {label} in {n} row(s); {what}")
    columns = [
        number_of(str(label), made[label]) for label in made.columns if label != "Intercept"
    ]
    return matrix_of((*columns, *indicators), len(frame))


def _known(
    frame: pd.DataFrame, names: tuple[str, ...]
) -> tuple[pd.DataFrame, tuple[CovariateColumn, ...]]:
    """Return the covariates without blanks, and the indicators of those that numbers had.

    A category's blanks become a level of it, which is an indicator as well.
    """
    known: dict[str, pd.Series] = {}
    indicators: list[CovariateColumn] = []
    for name in names:
        first, *others = expand(frame, (name,), indicators=True)
        if first.level:
            told = frame[name].astype("category").cat.remove_unused_categories()
            if told.isna().any():
                told = told.cat.add_categories([others[-1].level]).fillna(others[-1].level)
            known[name] = told
        else:
            known[name] = pd.Series(first.filled.numbers, index=frame.index)
            indicators += others
    return pd.DataFrame(known, index=frame.index), tuple(indicators)


def _parsed(formula: str, covariates: tuple[str, ...]) -> SimpleFormula:
    """Return the terms of a formula, with R's ``^`` for powers and ``.`` for all covariates."""
    from formulaic import Formula, SimpleFormula
    from formulaic.errors import FormulaicError

    try:
        parsed = Formula.from_spec(
            formula.replace("^", "**"),
            context={"__formulaic_variables_available__": list(covariates)},
        )
    except (FormulaicError, SyntaxError, ValueError) as error:
        raise _refusal(formula, f"cannot be read: {error}") from error
    if not isinstance(parsed, SimpleFormula):
        alone = f"formula='~{formula.rpartition('~')[2]}'"
        what = f"the treatment stands in the roles, so write the covariates alone: {alone}."
        raise _refusal(formula, f"has more than one part; {what}")
    if not any(factor.expr != "1" for term in parsed for factor in term.factors):
        raise _refusal(formula, "names no covariate.")
    return parsed


def _names(parsed: SimpleFormula, *, but: str | None = None) -> Iterator[tuple[str, bool]]:
    """Yield every name of a formula, and whether it is a function's.

    With `but`, those inside expressions alone that do not begin with it.
    """
    for term in parsed:
        for factor in term.factors:
            if factor.eval_method.value == "lookup" and but is None:
                yield factor.expr, False
            elif factor.eval_method.value == "python" and not factor.expr.startswith(
                but or " "
            ):
                yield from _names_in(factor.expr)


def _names_in(expression: str) -> Iterator[tuple[str, bool]]:
    """Yield the names in an expression; what Python knows beside them passes for a function."""
    quoted = _QUOTED.findall(expression)
    tree = ast.parse(_QUOTED.sub("_quoted_", expression), mode="eval")
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text or not isinstance(node, _ALLOWED):
            yield ast.unparse(node), True
        elif isinstance(node, ast.Name) and node.id != "_quoted_":
            yield node.id, id(node) in called
    yield from ((name, False) for name in quoted)


def _refusal(formula: str, what: str) -> DesignError:
    """Return a refusal on one line, without the colours that formulaic gives its own."""
    plain = re.sub(r"\x1b\[[0-9;]*m|[⧛⧚]", "", f"formula='{formula}' {what}")
    return DesignError(" ".join(plain.split()))
