"""CPR numbers are recognised and refused; how to make a pseudonymous key instead."""

from __future__ import annotations

import calendar
import hashlib
import hmac
import re
from collections.abc import Collection, Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.errors import DataError

KEY_SHARE = 0.20
"""Share of the values of a key or number column that may look like CPR numbers by chance."""

_DASHED = re.compile(r"(?<![0-9A-Za-z])(\d{6})-(\d{4})(?![0-9A-Za-z])")
_UNDASHED = re.compile(r"(?<![0-9A-Za-z])(\d{10})(?![0-9A-Za-z])")
_TEN_DIGITS = re.compile(r"(?<![0-9A-Za-z])\d{6}-?\d{4}(?![0-9A-Za-z])")
_ONE_TOKEN = re.compile(r"(?=.*\d)[0-9A-Za-z_-]+")
_SEPARATOR = re.compile(r"[\s\u2010-\u2015\u2212-]")  # also the dashes that Excel makes
_SMALLEST = 101_00_0000  # 01-01-00 read as a number, the leading zero lost


def is_cpr(digits: str) -> bool:
    """Whether ten digits can be a CPR number, by its date alone.

    Modulus 11 is not asked for: valid numbers without it are given since October 2007.

    Notes
    -----
    The seventh digit gives the century: 0-3 is 19xx; 4 and 9 are 20xx up to year 36, else
    19xx; 5-8 are 20xx up to year 57, else 18xx (cpr.dk, "Personnummeret i CPR").

    Examples
    --------
    >>> is_cpr("0101650000"), is_cpr("3002701234"), is_cpr("0000000000")
    (True, False, False)
    """
    if len(digits) != 10 or not digits.isdigit():
        return False
    day, month, year, seventh = (
        int(digits[:2]), int(digits[2:4]), int(digits[4:6]), int(digits[6]),
    )  # fmt: skip
    if not 1 <= month <= 12:
        return False
    return 1 <= day <= calendar.monthrange(_century(year, seventh) + year, month)[1]


def refuse_cpr(
    frame: pd.DataFrame,
    where: str,
    *,
    keys: Collection[str] = (),
    texts: Collection[str] = (),
) -> None:
    """Raise if a column holds CPR-like identifiers, or is named like one.

    ``DDMMYY-SSSS`` is refused anywhere; ten undashed digits in a text column; in keys and
    numbers when more than a fifth of the values fit.

    Parameters
    ----------
    frame : DataFrame
        Data as read.
    where : str
        File to name in the message.
    keys : collection of str
        Columns known to be keys.
    texts : collection of str
        Columns known to be text. A column in neither is a key column if every value is one
        unbroken word with a digit in it, and a text column otherwise.

    Raises
    ------
    DataError
        If there are any; the message names columns and counts, never a value.
    """
    refuse_cpr_names(frame.columns, where)
    found = {
        str(name): count
        for name in frame.columns
        if (count := _count(frame[name], str(name) in keys, str(name) in texts))
    }
    if not found:
        return
    lines = "".join(
        f"\n  - {name}: {count} value(s) that look like CPR numbers"
        for name, count in found.items()
    )
    raise DataError(
        f"{where}: {len(found)} column(s) hold CPR-like identifiers{lines}\n"
        "Nothing was kept. Replace them before the file comes here: drop the column, cut the "
        "numbers out of free text, or make keys with 'enplan pseudonymise' and one secret for "
        "every file, kept outside the project."
    )


def refuse_cpr_names(names: Iterable[object], where: str) -> None:
    """Raise if names of columns look like CPR numbers, as where a file has no header.

    Raises
    ------
    DataError
        With the positions of the columns; a name that looks like one is never shown.
    """
    places = [place for place, name in enumerate(names, start=1) if _is_named_like(str(name))]
    if places:
        raise DataError(
            f"{where}: the name of column(s) {', '.join(map(str, places))} looks like a CPR "
            "number. Give the file a first row with names, or rename the columns, before it "
            "comes here."
        )


def pseudonymise(values: Iterable[object], *, secret: bytes) -> NDArray[np.object_]:
    """Return hexadecimal keys of 16 characters that only the secret's holder can make again.

    Parameters
    ----------
    values : iterable
        Identifiers; dashes and blanks are dropped first, so one person gets one key however
        the number is written, and a number that lost its leading zero gets it back. Missing
        values stay missing; nothing but zeros, which stands for no number, becomes missing.
    secret : bytes
        At least 16 bytes; no default, because a known secret is no secret. The same one
        joins files, so keep it outside the project.

    Raises
    ------
    ValueError
        If the secret is too short.

    Notes
    -----
    HMAC-SHA256, cut to 64 bits: two of a million persons share a key with probability 3e-8.

    Examples
    --------
    >>> one, two = pseudonymise(["010165-0000", 101650000], secret=b"sixteen bytes or more")
    >>> one == two, len(one)
    (True, 16)
    """
    if len(secret) < 16:
        raise ValueError(
            "the secret needs at least 16 bytes, from a generator of random numbers"
        )
    plain = ("" if pd.isna(value) else _plain(value) for value in values)  # type: ignore[call-overload]
    keys = [
        hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:16]
        if text.strip("0")
        else None
        for text in plain
    ]
    return np.array(keys, dtype=object)


def _plain(value: object) -> str:
    """Return an identifier without dashes, blanks and the loss of its leading zero."""
    text = f"{value:.0f}" if isinstance(value, (float, np.floating)) else str(value)
    text = _SEPARATOR.sub("", text).removesuffix(".0")
    return text.zfill(10) if text.isdigit() and len(text) == 9 else text


def _is_named_like(name: str) -> bool:
    """Whether a column's name holds a CPR number, with or without its leading zero."""
    text = name.strip().strip("_").removesuffix(".0")
    lost = text.isdigit() and len(text) == 9 and is_cpr(f"0{text}")
    return lost or _has(_DASHED, text) or _has(_UNDASHED, text)


def _century(year: int, seventh: int) -> int:
    """Return the century of a CPR number's year."""
    if seventh <= 3:
        return 1900
    if seventh in (4, 9):
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800


def _count(series: pd.Series[Any], is_key: bool, is_text: bool) -> int:
    """Return how many values of a column count as CPR numbers by the rule; 0 if it may stay."""
    if pd.api.types.is_numeric_dtype(series.dtype):
        return _count_numbers(series)
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        return 0
    positions, distinct = pd.factorize(series, use_na_sentinel=True)
    words = [_word(value) for value in distinct]
    frequency = np.bincount(positions[positions >= 0], minlength=len(words))
    dashed, undashed = np.zeros((2, len(words)), dtype=np.bool_)
    for position, word in enumerate(words):
        if _TEN_DIGITS.search(word):
            dashed[position] = _has(_DASHED, word)
            undashed[position] = _has(_UNDASHED, word)
    if not (dashed.any() or undashed.any()):
        return 0
    if not is_key and not is_text:
        is_key = all(_ONE_TOKEN.fullmatch(word) for word in words if word)
    hits = int(frequency[dashed | undashed].sum())
    if dashed.any():
        return hits
    return hits if not is_key or hits > KEY_SHARE * frequency.sum() else 0


def _count_numbers(series: pd.Series[Any]) -> int:
    """Return how many numbers of a column fit, if more than a fifth do."""
    numbers = series.to_numpy(dtype=np.float64, na_value=np.nan)
    size = (numbers >= _SMALLEST) & (numbers <= 3_112_99_9999) & (numbers == np.floor(numbers))
    present = int(np.count_nonzero(~np.isnan(numbers)))
    if np.count_nonzero(size) <= KEY_SHARE * present:
        return 0
    hits = sum(is_cpr(f"{number:010.0f}") for number in numbers[size])
    return hits if hits > KEY_SHARE * present else 0


def _word(value: object) -> str:
    """Return a cell as text; whole numbers with a lost leading zero put back."""
    if isinstance(value, (int, float, np.integer, np.floating)):
        return f"{value:010.0f}" if value >= _SMALLEST and value == int(value) else ""
    return value.strip() if isinstance(value, str) else ""


def _has(expression: re.Pattern[str], text: str) -> bool:
    """Whether some match of the expression is a CPR number."""
    return any(is_cpr("".join(match.groups())) for match in expression.finditer(text))
