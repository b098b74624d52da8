"""The pieces that a report's text calls by name, read without running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from data_dictionary.errors import RenderError
from reports.facts import Sheet
from reports.pieces import KINDS, Kind, asked_for, made
from reports.shown_values import shown_value

INLINE = re.compile(r"`\{python\}\s+(?P<code>[^`]+?)\s*`")
CELL = re.compile(r"^```\{python\}[ \t]*\n(?P<code>.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
_CALLED = re.compile(
    f"(?:{INLINE.pattern})|(?:{CELL.pattern.replace('code', 'cell')})", CELL.flags
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of ``say``, ``show`` or ``value`` whose arguments are written out."""

    kind: Kind | Literal["value"]
    name: str
    outcome: str = ""
    survey: str = ""

    def named(self, report: Sheet) -> None:
        """Raise RenderError if the call names what there is not."""
        if self.kind == "value":
            shown_value(report, self.name)
        else:
            asked_for(report, self.kind, self.name, self.outcome, self.survey)

    def answer(self, report: Sheet) -> str:
        """Return what the call shows; RenderError if it names what there is not."""
        if self.kind == "value":
            return shown_value(report, self.name)
        return made(report, self.kind, self.name, self.outcome, self.survey)


def calls(text: str) -> Iterator[tuple[int, Call | str]]:
    """Yield each call in a text with its line; what is wrong with one in its place."""
    for found in _CALLED.finditer(text):
        code = found["code"] or found["cell"]
        first = text.count("\n", 0, found.start("code" if found["code"] else "cell"))
        try:
            tree = ast.parse(code)
        except SyntaxError:
            continue  # whoever runs it says what is wrong with it
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                call = _call(node, node.func.id)
                if call is not None:
                    yield first + node.lineno, call


def evaluated(report: Sheet, text: str) -> str:
    """Return a text of our own with what its pieces show in their places, and no other cell."""

    def shown(found: re.Match[str]) -> str:
        return "\n".join(
            call.answer(report) for _, call in calls(found[0]) if isinstance(call, Call)
        )

    return _CALLED.sub(shown, text)


def _call(node: ast.Call, function: str) -> Call | str | None:
    """Return a call of ours; None of another's, or of one that only running can tell."""
    ways: dict[str, Callable[..., Call]] = {"say": _say, "show": _show, "value": _value}
    if function not in ways:
        return None
    try:
        given = [ast.literal_eval(one) for one in node.args]
        named = {str(one.arg): ast.literal_eval(one.value) for one in node.keywords}
    except ValueError:
        return None
    try:
        return ways[function](*given, **named)
    except (TypeError, RenderError) as error:
        return f"{ast.unparse(node)}: {error}"


def _say(name: str, *, outcome: str = "", survey: str = "") -> Call:
    return Call(kind="sentence", name=name, outcome=outcome, survey=survey)


def _show(kind: str, name: str, *, outcome: str = "", survey: str = "") -> Call:
    for known in KINDS[1:]:
        if kind == known:
            return Call(kind=known, name=name, outcome=outcome, survey=survey)
    raise RenderError(f"'{kind}' is neither {' nor '.join(KINDS[1:])}.")


def _value(name: str) -> Call:
    return Call(kind="value", name=name)
