"""The rules of the house that a program can check."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAY_IMPORT = {
    "data_dictionary": set(),
    "surveys": {"data_dictionary"},
    "evaluation": {"data_dictionary"},
    "analyses": {"data_dictionary", "surveys", "evaluation"},
    "reports": {"data_dictionary", "surveys", "evaluation", "analyses"},
}
MODULES = sorted(path for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py"))
LAZY = {
    "scipy.stats",
    "scipy.optimize",
    "scipy.sparse",
    "matplotlib",
    "statsmodels",
    "linearmodels",
    "lifelines",
    "formulaic",
    "sklearn",
    "joblib",
    "distributed",
    "pydantic",
}
# Each method library enters through these modules only; an upgrade lands there.
SEAMS = {
    "pyreadstat": {"surveys/files/read_stat.py", "surveys/synthetic/write.py"},
    "python_calamine": {"surveys/files/workbook.py"},
    "lifelines": {"evaluation/survival/parametric.py"},
    "statsmodels": {"evaluation/scores/regression.py"},
    "linearmodels": {"evaluation/scores/regression.py"},
    "sklearn": {"evaluation/comparison/weighting/learners.py"},
    "formulaic": {"evaluation/comparison/formula.py"},
    "nbclient": {"reports/engines/builtin/execute.py"},
    "pypandoc": {"reports/engines/builtin/convert.py"},
    "typst": {"reports/engines/builtin/convert.py"},
    "quarto": set(),
    "joblib": {"analyses/executors.py"},
    "distributed": {"analyses/executors.py"},
    "pydantic": {"data_dictionary/schema.py"},
}


def where(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(node: ast.AST, path: Path) -> set[str]:
    """Return the full names of the modules that a statement imports."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        if node.level:
            parts = path.relative_to(ROOT).with_suffix("").parts[: -node.level]
            return {".".join([*parts, node.module or ""]).rstrip(".")}
        return {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return set()


def all_imports(path: Path) -> set[str]:
    return {name for node in ast.walk(tree(path)) for name in imported(node, path)}


def runs_at_import(path: Path) -> set[str]:
    """Return the imports outside functions and outside `if TYPE_CHECKING`."""
    found: set[str] = set()
    pending: list[ast.AST] = [tree(path)]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        found |= imported(node, path)
        pending.extend(ast.iter_child_nodes(node))
    return found


def test_imports_run_one_way() -> None:
    wrong = {}
    for path in MODULES:
        package = path.relative_to(ROOT).parts[0]
        tops = {name.split(".")[0] for name in all_imports(path)} & set(MAY_IMPORT)
        if not tops <= MAY_IMPORT[package] | {package}:
            wrong[where(path)] = sorted(tops - MAY_IMPORT[package] - {package})
    assert wrong == {}


def test_a_module_stays_under_400_lines() -> None:
    lines = {where(path): path.read_text(encoding="utf-8").count("\n") for path in MODULES}
    assert {name: n for name, n in lines.items() if n >= 400} == {}


def test_a_module_says_in_its_first_line_what_it_is_for() -> None:
    first = {where(path): (ast.get_docstring(tree(path)) or "").split("\n") for path in MODULES}
    assert [name for name, text in first.items() if not text[0].endswith((".", ":"))] == []


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"utils.py", "helpers.py", "base.py", "common.py", "misc.py"}
    assert [where(path) for path in MODULES if path.name in drawers] == []


def test_no_public_function_takes_a_bag_of_keywords() -> None:
    bags = [
        f"{where(path)}: {node.name}"
        for path in MODULES
        for owner in (
            tree(path),
            *(node for node in tree(path).body if isinstance(node, ast.ClassDef)),
        )
        for node in owner.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and node.args.kwarg
    ]
    assert bags == []


def test_heavy_libraries_are_imported_where_they_are_used() -> None:
    early = {
        f"{where(path)}: {name}"
        for path in MODULES
        for name in runs_at_import(path)
        for lazy in LAZY
        if name == lazy or name.startswith(f"{lazy}.")
    }
    assert early == set()


@pytest.mark.parametrize("library", SEAMS)
def test_a_method_library_enters_through_its_seam(library: str) -> None:
    users = {
        where(path)
        for path in MODULES
        if any(name.split(".")[0] == library for name in all_imports(path))
    }
    assert users <= SEAMS[library]


def test_no_import_cycle_runs_through_a_package() -> None:
    names = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in MODULES
    }
    # Every import counts: one in a function or for types alone hides a cycle, it breaks none.
    # A package's own __init__ gathers the names of its modules; it is not part of a cycle.
    graph = {
        name: {other for other in all_imports(path) if other in names and other != name}
        for name, path in names.items()
        if path.name != "__init__.py"
    }
    seen: dict[str, int] = {}

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join([*trail, name])
        if seen.get(name):
            return
        for other in sorted(graph.get(name, ())):
            visit(other, (*trail, name))
        seen[name] = 1

    for name in sorted(graph):
        visit(name, ())


def test_importing_evaluation_loads_no_heavy_library() -> None:
    code = (
        "import sys, evaluation; "
        f"print([name for name in {sorted(LAZY)!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


def test_the_five_packages_come_from_one_distribution() -> None:
    owners = packages_distributions()
    assert {owner for package in MAY_IMPORT for owner in owners.get(package, [])} <= {"enplan"}
