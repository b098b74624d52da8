"""Values that one edition of a report has in place of those that its parameters have.

Parameters are what a cell with ``#| tags: [parameters]`` assigns, as for Quarto and papermill.
Here they are replaced where they stand, so that both engines run the same text and every line
keeps its number.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from data_dictionary.errors import RenderError, did_you_mean

_CELL = re.compile(
    r"^```\{python\}[ \t]*\n"
    r"(?P<code>(?:#\|[^\n]*\n)*?#\| *tags:[^\n]*\bparameters\b[^\n]*\n.*?)^```",
    re.MULTILINE | re.DOTALL,
)


def parsed(told: Sequence[str]) -> dict[str, object]:
    """Return what ``NAME=VALUE`` says; a value is a text unless TOML has another for it.

    Examples
    --------
    >>> parsed(["kommune=Aarhus", "uger=[26, 52]"])
    {'kommune': 'Aarhus', 'uger': [26, 52]}
    """
    values = {}
    for one in told:
        name, is_pair, text = one.partition("=")
        if not is_pair or not name.isidentifier():
            raise RenderError(f"'{one}' is no parameter; write NAME=VALUE.")
        values[name] = _value(text)
    return values


def _value(text: str) -> object:
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
    return value if isinstance(value, bool | int | float | str | list) else text


def replace(folder: Path, values: Mapping[str, object]) -> None:
    """Put values in the place of those that parameters have in the texts below a folder.

    RenderError names every value for which there is no parameter.
    """
    known: set[str] = set()
    for path in folder.rglob("*.qmd"):
        text = path.read_text(encoding="utf-8-sig")
        put = partial(_replaced, values=values, known=known, path=path)
        changed = _CELL.sub(put, text)
        if changed != text:
            path.write_text(changed, encoding="utf-8", newline="\n")
    for name in values:
        if name not in known:
            among = ", ".join(sorted(known)) or "none; a cell needs '#| tags: [parameters]'"
            hint = did_you_mean(name, known)
            raise RenderError(
                f"the report has no parameter '{name}'.{hint} Parameters: {among}."
            )


def _replaced(
    cell: re.Match[str], values: Mapping[str, object], known: set[str], path: Path
) -> str:
    code = cell["code"]
    try:
        body = ast.parse(code).body
    except SyntaxError as error:
        raise RenderError(f"{path.name}: the parameters are not Python: {error.msg}") from error
    lines = code.encode().splitlines(keepends=True)
    for statement in reversed(body):
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        names = [one.id for one in targets if isinstance(one, ast.Name)]
        known.update(names)
        given = next((name for name in names if name in values), None)
        if given is not None:
            _put(lines, statement.value, repr(values[given]).encode())
    return cell[0].replace(code, b"".join(lines).decode(), 1)


def _put(lines: list[bytes], old: ast.expr, new: bytes) -> None:
    """Put an expression into the place of another; lines that it does not need stay empty."""
    first, last = old.lineno - 1, (old.end_lineno or old.lineno) - 1
    before, after = lines[first][: old.col_offset], lines[last][old.end_col_offset :]
    lines[first] = before + new + after
    lines[first + 1 : last + 1] = [b"\n"] * (last - first)
