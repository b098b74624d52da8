"""The answers to a question, by their code, their label, or both: ``5``, ``5 - Helt enig``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np

from data_dictionary.columns import Code, Column
from data_dictionary.missing_kinds import kind_of_label
from data_dictionary.numbers import read_number

_CODE_AND_LABEL = re.compile(r"[\[(]?(\S+?)[\])]?(?:\s*[-–—:.=)]\s*|\s+)(\S.*)", re.DOTALL)
_LONGEST = 40  # letters of a label such as "ønsker ikke at svare"; a remark is longer
_MARKS = (";", "|", "/", "\n", ",")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What stands for which code of a column.

    `codes` lead from a code in one spelling to the code, missing codes too; `labels` from a
    label to its code, None where two codes have it; `kinds` from a kind of missing answer to
    its code.
    """

    is_text: bool
    codes: Mapping[Code, Code]
    labels: Mapping[str, Code | None]
    kinds: Mapping[str, Code]

    @classmethod
    def of(cls, column: Column) -> Answers:
        """Return the answers that a column declares."""
        labels: dict[str, Code | None] = {}
        for code, label in column.codes.items():
            labels[plain(label)] = None if plain(label) in labels else code
        is_text = column.type == "string"
        every = chain(column.codes, column.missing)
        codes = {composed(str(code)) if is_text else canonical(code): code for code in every}
        kinds: dict[str, Code] = {
            kind: code for code, kind in reversed([*column.missing.items()])
        }
        return cls(is_text=is_text, codes=codes, labels=labels, kinds=kinds)

    def code(self, value: object) -> Code | None:
        """Return the code that a value is, however it is spelt."""
        if self.is_text and isinstance(value, str):
            return self.codes.get(composed(value))
        return self.codes.get(str(canonical(value)) if self.is_text else canonical(value))

    def meant(self, value: object) -> Code | None:
        """Return the code that a value is, or whose label it is, with its code or without.

        None where it is neither, or one code and the label of another.
        """
        code, text = self.code(value), str(value)
        labelled = self._labelled(text)
        if code is not None:
            return code if labelled in (None, code) else None
        if labelled is None and (both := _CODE_AND_LABEL.fullmatch(text)):
            code = self.code(both[1])
            # Where code and label disagree the file means another list of codes.
            return code if self._labelled(both[2]) == code else None
        return labelled

    def _labelled(self, text: str) -> Code | None:
        """Return the code of a label; one of no code may name a kind of missing answer."""
        label = plain(text)
        is_short = len(label) <= _LONGEST and label not in self.labels
        return self.kinds.get(kind_of_label(label)) if is_short else self.labels.get(label)

    def by_label(self, values: Collection[object]) -> dict[object, Code]:
        """Return the codes of the labels among the values; none if some value is no answer."""
        found: dict[object, Code] = {}
        for value in values:
            code = self.meant(value)
            if code is None:
                return {}
            if self.code(value) is None:
                found[value] = code
        return found

    def several(self, text: str, mark: str) -> list[Code] | None:
        """Return the codes of answers that a mark parts; None where a part is no answer."""
        parts = text.split(mark)
        found: list[Code] = []
        while parts:
            # The longest that is an answer: a label may hold the mark itself.
            for end in range(len(parts), 0, -1):
                part = mark.join(parts[:end]).strip()
                if (code := self.meant(part)) is not None or not part:
                    break
            else:
                return None
            if code is not None:
                found.append(code)
            parts = parts[end:]
        return found

    def mark_between(self, value: object) -> str | None:
        """Return what parts several answers in one cell, if that is what the value is."""
        if not isinstance(value, str):
            return None
        marks = (mark for mark in _MARKS if mark in value.strip(mark))
        return next((mark for mark in marks if len(self.several(value, mark) or ()) > 1), None)


def canonical(value: object) -> Code:
    """Return a code in one spelling: whole numbers as int, ``.A`` as ``.a``."""
    number = read_number(value) if isinstance(value, str) else value
    if isinstance(number, (int, float, np.number, np.bool_)) and float(number).is_integer():
        return int(number)
    text = composed(str(value))
    return text.lower() if text.startswith(".") else text


def composed(text: str) -> str:
    """Return text with each letter in one character; macOS parts the ring from its A."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def plain(text: str | None) -> str:
    """Return a text without what a program may change in it: capitals, blanks, composition.

    Examples
    --------
    >>> plain(" Helt  enig ") == plain("HELT ENIG")
    True
    """
    return " ".join(composed(text or "").casefold().split())
