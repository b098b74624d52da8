"""Codes of one file that become the dictionary's: turned around, or mapped one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from data_dictionary.columns import Code, Column
from data_dictionary.errors import DataError, did_you_mean
from data_dictionary.numbers import read_number


def spelled(value: object, column: Column) -> str:
    """Return a code in one spelling: ``1``, ``1.0``, ``"1,0"`` and ``"01"`` are one number.

    Examples
    --------
    >>> q1 = Column(name="q1", type="integer", label="Enig")
    >>> [spelled(code, q1) for code in (1, 1.0, " 01", ".A", "Ja")]
    ['1', '1', '1', '.a', 'Ja']
    """
    number: object = value
    if isinstance(value, str) and column.type != "string":
        number = read_number(value.strip())
    if isinstance(number, (int, float, np.integer, np.floating)) and float(number).is_integer():
        return str(int(number))
    text = str(value).strip()
    return text.lower() if text.startswith(".") else text


def reversal(column: Column) -> dict[str, Code]:
    """Return each answer with the one as far from the other end; missing codes stay.

    Raises
    ------
    DataError
        If the answers are no whole numbers, or have no mirror image.

    Examples
    --------
    >>> reversal(Column(name="q1", type="integer", label="Enig", minimum=1, maximum=3))
    {'1': 3, '2': 2, '3': 1}
    """
    answers = [code for code in column.codes if isinstance(code, int)]
    low, high = column.minimum, column.maximum
    if not column.codes and isinstance(low, (int, float)) and isinstance(high, (int, float)):
        answers = list(range(int(low), int(high) + 1)) if column.type == "integer" else []
    ends = min(answers, default=0) + max(answers, default=0)
    turned = {str(code): ends - code for code in answers}
    if not answers or len(answers) < len(column.codes) or set(turned.values()) != set(answers):
        raise DataError(
            f"'{column.name}' cannot be turned: its answers are no whole numbers at equal "
            "distances from both ends; write recode."
        )
    return dict(turned)


def target_faults(column: Column, mapping: Mapping[str, Code]) -> Iterator[str]:
    """Yield the codes of a mapping that lead to what the dictionary does not know."""
    known = {spelled(code, column) for code in (*column.codes, *column.missing)}
    for source, target in mapping.items():
        to = spelled(target, column)
        inside = not column.codes and within(to, column)
        if to not in known and not inside:
            span = column.span() or f"a value of type {column.type}"
            yield (
                f"recode makes {source} to {target}, which is neither an answer nor a missing "
                f"code of '{column.name}' ({span}).{did_you_mean(to, known)}"
            )


def within(text: str, column: Column) -> bool:
    """Whether a value is one that a column without codes takes."""
    number = read_number(text)
    if column.type == "string":
        return True
    if column.type == "boolean":
        return text in ("0", "1")
    low, high = (
        limit if isinstance(limit, (int, float)) else end
        for limit, end in ((column.minimum, -np.inf), (column.maximum, np.inf))
    )
    return number is not None and low <= number <= high


def recode_faults(column: Column) -> Iterator[str]:
    """Yield what is wrong with the waves that a column says are recoded or turned."""
    for wave, mapping in column.recode.items():
        if not wave.isdigit():
            yield f"recode: '{wave}' is no wave; write recode = {{ 1 = {{ 1 = 5, 5 = 1 }} }}"
        elif int(wave) in column.reversed_in:
            yield f"wave {wave} is both recoded and turned; keep one of recode, reversed_in"
        yield from target_faults(column, mapping)
    if column.reversed_in:
        try:
            reversal(column)
        except DataError as error:
            yield str(error)
