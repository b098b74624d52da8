"""CPR numbers are recognised and refused; how to make a pseudonymous key instead."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection, Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.cpr import cpr_digits, cpr_spans, holding_cpr, is_cpr
from data_dictionary.errors import DataError

KEY_SHARE = 0.20
"""Share of the ten-digit values of a column that may look like CPR numbers by chance.

Of numbers drawn at random 4 per cent do with ten digits, 12 with nine, the leading zero lost.
"""

_TEN_DIGITS = re.compile(r"\d{10}")
_ONE_TOKEN = re.compile(r"(?=.*\d)[0-9A-Za-z_-]+")
_HEXADECIMAL = re.compile(
    r"(?:[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})", re.IGNORECASE
)
_SEPARATOR = re.compile(r"[\s\u2010-\u2015\u2212-]")  # also the dashes that Excel makes
_SMALLEST, _LARGEST = 101_00_0000, 3_112_99_9999  # 01-01-00 without its zero, and 31-12-99


def refuse_cpr(
    frame: pd.DataFrame, where: str, *, keys: Collection[str] = (), texts: Collection[str] = ()
) -> None:
    """Raise if a column holds CPR-like identifiers, or is named like one.

    One is enough, in any column and however it is written (see `data_dictionary.cpr`). Only
    where all that a key or a number consists of is ten digits, some fit by chance: there more
    than a fifth of the values of ten digits must.

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
    digits = cpr_digits(text)
    if digits is not None:
        return digits
    text = _SEPARATOR.sub("", text).removesuffix(".0")
    return text.zfill(10) if text.isdigit() and len(text) == 9 else text


def count_beside(values: Iterable[object]) -> int:
    """Return how many values hold a CPR-like number and something else beside it."""
    words = [value.strip() for value in values if isinstance(value, str)]
    return sum(bool(cpr_spans(word)) and cpr_digits(word) is None for word in words)


def _is_named_like(name: str) -> bool:
    """Whether a column's name holds a CPR number, with or without its leading zero."""
    text = name.strip().strip("_").removesuffix(".0")
    # Excel takes the leading zero of a birth in the first nine days of a month.
    lost = text.isdigit() and len(text) == 9 and is_cpr(f"0{text}")
    return lost or bool(cpr_spans(text))


def _count(series: pd.Series[Any], is_key: bool, is_text: bool) -> int:
    """Return how many values of a column count as CPR numbers by the rule; 0 if it may stay."""
    if pd.api.types.is_numeric_dtype(series.dtype):
        return _count_numbers(series)
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        return 0
    try:
        positions, distinct = pd.factorize(series, use_na_sentinel=True)
    except TypeError:  # lists and the like, which a Parquet file may hold
        positions, distinct = pd.factorize(series.map(str, na_action="ignore"))
    words = [_word(value) for value in distinct]
    like = np.array(holding_cpr(words), dtype=np.bool_)
    if not like.any():
        return 0
    frequency = np.bincount(positions[positions >= 0], minlength=len(words))
    # Free text has blanks: there a single number is one too many.
    if not is_key and not is_text:
        is_key = all(_ONE_TOKEN.fullmatch(word) for word in words if word)
    if not is_key:
        return int(frequency[like].sum())
    bare = np.array([bool(_TEN_DIGITS.fullmatch(word)) for word in words], dtype=np.bool_)
    written = like.copy()
    written[like] = [_is_written_out(words[at]) for at in np.flatnonzero(like)]
    hits = int(frequency[like & (bare | written)].sum())
    by_chance = frequency[like & bare].sum() <= KEY_SHARE * frequency[bare].sum()
    return 0 if by_chance and not written.any() else hits


def _is_written_out(word: str) -> bool:
    """Whether a key is more than ten digits and yet no code that holds some by chance."""
    spans = cpr_spans(word)
    if not spans or _TEN_DIGITS.fullmatch(word) or _HEXADECIMAL.fullmatch(word):
        return False
    rest = list(word)
    for start, end in spans:
        rest[start:end] = " " * (end - start)
    return not any(sign.isdecimal() for sign in rest)


def _count_numbers(series: pd.Series[Any]) -> int:
    """Return how many numbers of a column fit, if more than a fifth of their size do."""
    numbers = series.to_numpy(dtype=np.float64, na_value=np.nan)
    size = (numbers >= _SMALLEST) & (numbers <= _LARGEST) & (numbers == np.floor(numbers))
    # A sum of money may be ten digits long; one in 25 of such is a date by chance.
    hits = sum(is_cpr(f"{number:010.0f}") for number in numbers[size])
    return hits if hits > KEY_SHARE * np.count_nonzero(size) else 0


def _word(value: object) -> str:
    """Return a cell as text; whole numbers with a lost leading zero put back."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (int, float, np.integer, np.floating)):
        is_whole = np.isfinite(value) and value == np.floor(value)
        return f"{value:010.0f}" if is_whole and value >= _SMALLEST else ""
    if isinstance(value, bytes):
        return value.decode("latin-1").strip()
    return str(value).strip()
