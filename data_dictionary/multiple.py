"""A question with several answers: one column of 0/1 per code, whichever shape the file has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from data_dictionary.answers import Answers, plain
from data_dictionary.columns import Code, Column
from data_dictionary.missing_kinds import NOTHING
from data_dictionary.violations import Inferred, Violation, wrong_rows

# How programs write that an answer of a block was ticked; its own label or code says so too.
_CHOSEN = {"1", "x", "y", "yes", "ja", "true", "valgt", "checked", "selected"}
_NOT_CHOSEN = {"0", "n", "no", "nej", "false", "ikke valgt", "unchecked", "not selected"}


def options(column: Column) -> tuple[Column, ...]:
    """Return the columns of 0/1 that a question with several answers becomes.

    Examples
    --------
    >>> how = Column(name="how", type="multiple", label="Hvordan", codes={1: "Brev", 2: "Ven"})
    >>> [(one.name, one.label) for one in options(how)]
    [('how_1', 'Hvordan: Brev'), ('how_2', 'Hvordan: Ven')]
    """
    # 0 and 1 say whether an answer was chosen, and cannot say why there is none.
    missing = {code: kind for code, kind in column.missing.items() if code not in (0, 1)}
    return tuple(
        replace(
            column, name=_option(column, code), type="boolean", missing=missing, codes={},
            label=f"{column.label}: {label}", code_list=None, split=None, mentions=(),
            required=False,
        )
        for code, label in column.codes.items()
    )  # fmt: skip


def spread(
    column: Column, frame: pd.DataFrame, table: str, file: str
) -> tuple[pd.DataFrame, list[Violation], tuple[Inferred, ...]]:
    """Return a frame with the columns of 0/1, what could not be read, and what was done.

    The answers stand in one cell that is `split`, in `mentions`, or in the 0/1 columns
    themselves, where a blank beside a choice was not chosen.
    """
    names = {code: _option(column, code) for code in column.codes}
    found = column.members(frame.columns)
    lacking = [name for name in names.values() if name not in frame]
    block = [name for name in names.values() if name in frame]
    if found and block:
        text = (
            f"the file has the answers in {', '.join(found)} and in {', '.join(block)}. Leave "
            "one of the two out."
        )
        fault = Violation(table=table, column=column.name, rule="several answers", message=text)
        return frame.drop(columns=list(found)), [fault], ()
    if not found:
        text = f"the column is missing, and so are the columns of 0/1: {', '.join(lacking)}."
        lacks = Violation(table=table, column=column.name, rule="missing column", message=text)
        is_lacking = bool(lacking) and column.required
        ticked = _ticked(column, {c: n for c, n in names.items() if n in frame}, frame)
        return frame.assign(**ticked), [lacks] if is_lacking else [], ()
    answers, wrong = Answers.of(column), np.zeros(len(frame), dtype=np.bool_)
    chosen = np.zeros((len(frame), len(names)), dtype=np.bool_)
    why = np.full(len(frame), None, dtype=object)
    for name in found:
        positions, distinct = pd.factorize(frame[name], use_na_sentinel=True)
        for position, value in enumerate(distinct):
            codes, rows = _codes(value, column, answers), np.equal(positions, position)
            if codes is None:
                wrong |= rows
            for code in codes or ():
                if code in column.codes:
                    chosen[rows, list(names).index(code)] = True
                else:
                    why[rows] = code
    answered = np.asarray(chosen.any(axis=1))
    cells = np.where(answered[:, None], chosen.astype(object), why[:, None])
    made = pd.DataFrame(cells, columns=list(names.values()), index=frame.index, dtype=object)
    faults = wrong_rows(
        table, column.name, "several answers", wrong, "with an answer that is not listed",
        'Correct them, list the answers under codes, or say what parts them, such as split = '
        f'";", under [columns.{column.name}] in {file}.',
    )  # fmt: skip
    told = Inferred("several_answers", found, int(answered.sum()))
    return pd.concat([frame.drop(columns=list(found)), made], axis=1), faults, (told,)


def _option(column: Column, code: Code) -> str:
    place = re.sub(r"\W", "_", str(code))
    return f"{column.name}_{place}"


def _codes(value: object, column: Column, answers: Answers) -> list[Code] | None:
    """Return the codes in a cell, none for a blank; None where a part is no answer."""
    if isinstance(value, str) and value.strip() in ("", *column.blanks):
        return []
    if str(value).strip().casefold() in NOTHING and answers.meant(value) is None:
        return []
    if column.split and isinstance(value, str):
        return answers.several(value, column.split)
    code = answers.meant(value)
    return None if code is None else [code]


def _ticked(
    column: Column, names: Mapping[Code, str], frame: pd.DataFrame
) -> dict[str, pd.Series[Any]]:
    """Return a block of columns as 0/1; what is neither stays as it is."""
    said = {
        code: frame[name].astype(object).map(_said, na_action="ignore")
        for code, name in names.items()
    }
    nothing = ["", *map(plain, column.blanks), *NOTHING]
    blank = {code: cells.isna() | cells.isin(nothing) for code, cells in said.items()}
    # Who ticked anything was asked for everything; who left all blank did not answer.
    asked = ~pd.DataFrame(blank, index=frame.index).all(axis=1)
    # Each column may hold its own code or nothing: then a 2 is no "no".
    by_code = any((own & asked).any() for own in blank.values()) and all(
        set(said[code][~blank[code]]) <= {_said(code)} for code in names
    )
    made = {}
    for code, name in names.items():
        own = {plain(column.codes[code]), *([_said(code)] if by_code else [])}
        one = frame[name].astype(object).mask(blank[code], None)
        one = one.mask(said[code].isin(_CHOSEN | own), 1).mask(said[code].isin(_NOT_CHOSEN), 0)
        made[name] = one.mask(blank[code] & asked, 0)
    return made


def _said(value: object) -> str:
    """Return what a cell of a block says, numbers without decimals."""
    return plain(str(value).removesuffix(".0"))
