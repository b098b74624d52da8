"""What crosses from analyses to reports: codes with types, and no words for readers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("data_dictionary", "surveys", "evaluation", "analyses", "reports")
# Readers and writers of files that users and other programs shape as they like.
OF_FILES = {"cli", "engines"}
# A label in the tables since the first version, which a study file may give itself.
KNOWN = {"Hovedanalysen"}
# Lines for a study file, shown where they are missing.
EXAMPLES = {"analyses/study/kind.py"}
DANISH = re.compile(
    r"[æøåÆØÅ]|\b(og|eller|ikke|som|der|det|deltager\w*|sammenligning\w*|borger\w*|kommune\w*"
    r"|uger|måling|afsluttet|gruppe|blandt|efter|udfald|spørgsmål|svar)\b"
)


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def documentation(module: ast.Module) -> set[int]:
    """Return the identities of docstrings."""
    found = set()
    for node in ast.walk(module):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            found.add(id(body[0].value))
    return found


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the string literals of a module but its docstrings, with their lines."""
    skipped = documentation(tree(path))
    for node in ast.walk(tree(path)):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in skipped:
            yield node.lineno, node.value


def untyped(path: Path) -> Iterator[str]:
    """Yield where a module looks something up in a mapping of anything."""
    for node in ast.walk(tree(path)):
        said = ast.unparse(node) if isinstance(node, ast.Subscript | ast.Attribute) else ""
        if re.fullmatch(r"(Mapping|dict)\[str, Any\]|.*\.manifest", said):
            yield f"{path.relative_to(ROOT)}:{node.lineno}: {said}"


def test_reports_look_facts_up_by_their_types() -> None:
    found = [
        one
        for path in modules("reports")
        if path.relative_to(ROOT).parts[1] not in OF_FILES
        for one in untyped(path)
    ]
    # The manifest is read once, where its texts are sealed and it becomes facts.
    assert {one.split(":")[0] for one in found} <= {"reports/facts.py", "reports/user_text.py"}
    assert len([one for one in found if one.startswith("reports/facts.py")]) == 2


def test_analyses_hold_no_danish() -> None:
    danish = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in modules("analyses")
        for line, text in texts(path)
        if DANISH.search(text)
        and text not in KNOWN
        and path.relative_to(ROOT).as_posix() not in EXAMPLES
    ]
    assert danish == []


def test_chapters_hold_no_estimate() -> None:
    """Reports tell what was found; whoever estimates or judges is asked by nobody here."""
    judging = {"judge", "judged", "estimate", "run", "match", "hazard_ratio", "Matched"}
    found = [
        f"{path.relative_to(ROOT)}: {alias.name}"
        for path in modules("reports")
        if path.relative_to(ROOT).parts[1] not in OF_FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").split(".")[0] in ("analyses", "evaluation")
        for alias in node.names
        if alias.name in judging
    ]
    assert found == []


def test_a_list_of_words_stands_in_one_order_everywhere() -> None:
    # `typing` keeps one of two orders for both, so pages made of them would hang on imports.
    orders: dict[frozenset[str], set[str]] = {}
    for path in (one for package in PACKAGES for one in modules(package)):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal":
                words = ast.unparse(node.slice).strip("()")
                orders.setdefault(frozenset(words.split(", ")), set()).add(words)
    assert [found for found in orders.values() if len(found) > 1] == []
