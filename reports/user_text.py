"""Texts of users are texts: no sign in them is ever read as our markup.

A title, a label or the name of a municipality may hold any sign. Instead of escaping it in each
of the hundred places where it is set into a sentence, a table or a figure, every sign that
Pandoc could take for markup is exchanged for a stand-in on the way into the report: a letter of
a script that nobody uses. To Markdown it is a letter, so that nothing can be forgotten. The
house filter (`vive.lua`) puts the signs back when Pandoc has read the document, and `figure`
when it draws.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from matplotlib.text import Text

# Egyptian hieroglyphs: letters to Pandoc and to Python, so that they may stand in labels too.
_FIRST = 0x13000
_STAND_IN = re.compile(f"[{chr(_FIRST)}-{chr(_FIRST + 0x7F)}]")
# A sign beyond ASCII has its number between two of them, which stand for no sign of a text.
_OPEN, _CLOSE = chr(_FIRST + 1), chr(_FIRST + 2)
_NUMBERED = re.compile(f"{_OPEN}([0-9a-f]+){_CLOSE}")
_NAME_OR_SIGN = re.compile(
    r'(?P<name>"[^"\n]*"|\{#[^}\n]*\}|\(#[^)\n]*\)|@[\w.:-]+)'
    f"|{_OPEN}[0-9a-f]+{_CLOSE}|{_STAND_IN.pattern}"
)
# Signs that are markup wherever they stand ...
_MARKUP = r"[\\`*{}\[\]<>#$@^~|!&\"';]"
# ... and signs that are markup unless a letter or digit stands on both sides: `hazard_ratio`,
# 2026-11-30, 0.05, outcome:cause are left alone, `_so_`, `- x`, `1. x` and `...` are not.
_BORDER = r"(?<![^\W_])[-_.:+=]|[-_.:+=](?![^\W_])"
# A bracket opens a list where a text begins, and only there.
_OPENING = r"\A[(]|\A[0-9a-zA-Z]{1,9}[)]"
_SIGN = re.compile(f"{_MARKUP}|{_BORDER}|{_OPENING}")
# Control and formatting signs: XML allows none, and some turn the direction of what follows.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_LABEL = re.compile(r"[\w-]+(?:[.:][\w-]+)*")
_PARAGRAPHS = frozenset({"introduction"})
"""Keys whose texts may have paragraphs."""


def sealed(text: str, *, paragraphs: bool = False) -> str:
    """Return a user's text with stand-ins for what could be markup, on one line.

    Parameters
    ----------
    text : str
        As the user wrote it.
    paragraphs : bool
        Whether blank lines part paragraphs.

    Examples
    --------
    >>> plain(sealed("**100 %** of @all")) == "**100 %** of @all"
    True
    >>> sealed("hazard_ratio"), sealed("0.05"), sealed("2026-11-30")
    ('hazard_ratio', '0.05', '2026-11-30')
    """
    if paragraphs:
        parts = (sealed(part) for part in re.split(r"\n\s*\n", text))
        return "\n\n".join(part for part in parts if part)
    return _SIGN.sub(lambda sign: "".join(map(_exchanged, sign[0])), _visible(text))


def _visible(text: str) -> str:
    """Return a text on one line, without unseen signs and without stand-ins of its own."""
    return " ".join(_STAND_IN.sub("\N{REPLACEMENT CHARACTER}", _UNSEEN.sub(" ", text)).split())


def _exchanged(sign: str) -> str:
    if sign.isalpha() or sign.isdecimal():
        return sign
    return chr(_FIRST + ord(sign)) if sign.isascii() else f"{_OPEN}{ord(sign):x}{_CLOSE}"


def plain(text: str) -> str:
    """Return a text with its own signs again, for where nothing reads markup."""
    text = _NUMBERED.sub(lambda number: chr(int(number[1], 16)), text)
    return _STAND_IN.sub(lambda sign: chr(ord(sign[0]) - _FIRST), text)


def as_markdown(text: str) -> str:
    """Return a text in which users' texts stand as Markdown that persons can edit.

    A name that became a label keeps its stand-ins: it has to be the same wherever it stands.
    """

    def shown(found: re.Match[str]) -> str:
        if found["name"]:
            return found[0]
        sign = plain(found[0])
        return f"\\{sign}" if sign.isascii() else sign

    return _NAME_OR_SIGN.sub(shown, text)


def sealed_all(content: Any, *, names: frozenset[str] = frozenset(), key: str = "") -> Any:
    """Return nested tables with every text in them sealed, names of entries included.

    Parameters
    ----------
    content : object
        Texts, and mappings and lists of them; the rest is returned as it is.
    names : frozenset of str
        What `odd_names` found: in these every sign is exchanged, for they become labels.
    """
    if isinstance(content, str):
        return _sealed_name(content, names) or sealed(content, paragraphs=key in _PARAGRAPHS)
    if isinstance(content, Mapping):
        return {
            sealed_all(str(name), names=names): sealed_all(value, names=names, key=str(name))
            for name, value in content.items()
        }
    if isinstance(content, list | tuple):
        return type(content)(sealed_all(value, names=names, key=key) for value in content)
    return content


def sealed_frame(frame: pd.DataFrame, names: frozenset[str]) -> pd.DataFrame:
    """Return a table with every text in its cells sealed; see `sealed_all`."""
    made = frame.copy(deep=False)
    for column in made.select_dtypes(["object", "string"]):
        made[column] = [sealed_all(cell, names=names) for cell in made[column]]
    return made


def odd_names(content: Any) -> frozenset[str]:
    """Return the names in nested tables that are no label as they stand, ``a b`` or ``=x``."""
    if isinstance(content, Mapping):
        name = content.get("name")
        own = {name} if isinstance(name, str) and not _is_label(name) else set()
        return frozenset(own).union(*map(odd_names, content.values()))
    if isinstance(content, list | tuple):
        return frozenset().union(*map(odd_names, content))
    return frozenset()


def _sealed_name(content: str, names: frozenset[str]) -> str | None:
    """Return one of the names, alone or beside a code, as a label; None for anything else."""
    for name in names:
        if content == name:
            return _as_label(name)
        if content.startswith(f"{name}:"):  # an outcome and one way out of it
            return f"{_as_label(name)}:{sealed(content[len(name) + 1 :])}"
        if content.endswith(f":{name}"):  # a step of the flow and its outcome
            return f"{sealed(content[: -len(name) - 1])}:{_as_label(name)}"
    return None


def _is_label(name: str) -> bool:
    # A fraction or a raised number is part of a word to Python, and of no label to Typst.
    return bool(_LABEL.fullmatch(name)) and all(
        sign.isascii() or sign.isalpha() or sign.isdecimal() for sign in name
    )


def _as_label(name: str) -> str:
    return "".join(map(_exchanged, _visible(name)))


@contextmanager
def plain_drawing(drawing: Figure) -> Iterator[None]:
    """Let a drawing show the signs themselves, also in texts that are set while it is saved."""
    import matplotlib.text

    original = matplotlib.text.Text.set_text

    def set_text(self: Text, s: Any) -> None:
        if isinstance(s, str) and _STAND_IN.search(s):
            self.set_parse_math(False)  # two dollars are no formula
            s = plain(s)
        original(self, s)

    matplotlib.text.Text.set_text = set_text  # type: ignore[method-assign]
    try:
        for artist in drawing.findobj(matplotlib.text.Text):
            artist.set_text(artist.get_text())
        yield
    finally:
        matplotlib.text.Text.set_text = original  # type: ignore[method-assign]
