"""CPR numbers are recognised and refused; how to make a pseudonymous key instead."""

from __future__ import annotations

import hashlib
import hmac
import re
import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.cpr import (
    cpr_digits,
    cpr_spans,
    has_lost_zero,
    holding_cpr,
    is_cpr,
    passes_modulus,
    ten_digits,
)
from data_dictionary.errors import CareWarning, DataError
from surveys.files.remarks import Remark
from surveys.files.secret_keys import repeats

KEY_SHARE = 0.20
"""Share of the ten-digit values of a column that may look like CPR numbers by chance.

Of numbers drawn at random 4 per cent do with ten digits, 12 with nine, the leading zero lost.
"""

KNOWN_SHARE = 0.5
"""Share of look-alikes with a check digit above which a column is one of persons after all.

One in eleven has it by chance, and so has every real number given before October 2007.
"""

_RUN = re.compile(r"\D*(\d{10})\D*")
_ONE_TOKEN = re.compile(r"(?=.*\d)[0-9A-Za-z_-]+")
_HEXADECIMAL = re.compile(
    r"(?:[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})", re.IGNORECASE
)
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_WRITTEN = re.compile(r"\d{6}\D\d{4}")
_SEPARATOR = re.compile(r"[\s\u2010-\u2015\u2212-]")  # also the dashes that Excel makes
_SMALLEST, _LARGEST = 101_00_0000, 3_112_99_9999  # 01-01-00 without its zero, and 31-12-99
_CALLED = re.compile("cpr|person|f(?:ø|oe)dsel", re.IGNORECASE)  # names that leave no chance
# All that `holding_cpr` finds, and more, for a fast search: what is beyond ASCII may be a digit
# and may be a gap.
_DIGIT, _GAP = r"[^\x00-/:-\x7f]", "[^0-9A-Za-z]"
_LOOSELY = (
    rf"{_DIGIT}{{2}}{_GAP}{{0,2}}{_DIGIT}{{2}}{_GAP}{{0,2}}{_DIGIT}{{2}}{_GAP}{{0,5}}{_DIGIT}{{4}}"
    rf"|^{_GAP}*{_DIGIT}{{9}}{_GAP}*$"
)
_MOSTLY = 0.8  # of the values of a column of numbers that holds some words
_SEVERAL, _CHECKED = 10, 0.3  # look-alikes that tell, and how many may have the check digit
_DAY = 100_000_000  # what a number of ten digits grows by from one day of the month to the next


def refuse_cpr(
    frame: pd.DataFrame,
    where: str,
    *,
    keys: Collection[str] = (),
    texts: Collection[str] = (),
    excepted: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Remark, ...]:
    """Raise if a column holds CPR-like identifiers, or is named like one.

    One is enough, in any column and however it is written (see `data_dictionary.cpr`). Only
    where all that a key or a number consists of is nine or ten digits, some fit by chance:
    there more than a fifth of such values must.

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
    excepted : Mapping of str to str
        Columns that are declared to hold none, with the reason.

    Returns
    -------
    tuple of Remark
        Columns with look-alikes that were taken for none, and why.

    Raises
    ------
    DataError
        If there are any; the message names columns and counts, never a value.

    Notes
    -----
    Numbers that stand closer together than birthdays do, as those of workplaces and of seconds
    since 1970, are none of persons, unless most of the look-alikes have the check digit. Nor
    are ten or more among as many that are no dates, such as sums of money, of which at most
    three in ten have it.
    """
    refuse_cpr_names(frame.columns, where)
    found: dict[str, str] = {}
    remarks: list[Remark] = []
    for name in map(str, frame.columns):
        one = _look_alikes(frame[name], name in keys, name in texts)
        reason = excepted.get(name, "") or ("" if _CALLED.search(name) else one.chance)
        checked = one.checked > KNOWN_SHARE * one.distinct
        if one.rows and (not reason or (checked and (one.chance or one.checked >= 3))):
            found[name] = f"{one.rows} value(s) that look like CPR numbers"
            if reason:
                found[name] += ", most of them with the check digit that only those have"
        elif one.rows:
            remarks.append(
                Remark(what="no_cpr", columns=(name,), count=one.rows, detail=reason)
            )
    if not found:
        return tuple(remarks)
    lines = "".join(f"\n  - {name}: {what}" for name, what in found.items())
    raise DataError(
        f"{where}: {len(found)} column(s) hold CPR-like identifiers{lines}\n"
        "Nothing was kept. Replace them before the file comes here: drop the column, cut the "
        "numbers out of free text, or make keys with 'enplan pseudonymise' and one secret for "
        "every file, kept outside the project. Numbers that are none of persons need a reason "
        'in the dictionary: no_cpr = "why" below their column.'
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
        values stay missing; what names nobody becomes missing: a text without a digit, nothing
        but zeros, and nine or ten digits that are all alike.
    secret : bytes
        At least 16 bytes; no default, because a known secret is no secret. The same one
        joins files, so keep it outside the project.

    Raises
    ------
    ValueError
        If the secret is too short.

    Warns
    -----
    CareWarning
        If the secret repeats itself, and can be guessed; if words stand beside a CPR number.

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
    values = list(values)
    if beside := count_beside(values):
        warnings.warn(
            f"{beside} value(s) hold a CPR number and something else; they get another key "
            "than the number alone",
            CareWarning,
            stacklevel=2,
        )
    if repeats(secret):
        warnings.warn(
            "the secret repeats itself and can be guessed; make one with secrets.token_bytes",
            CareWarning,
            stacklevel=2,
        )
    plain = ("" if pd.isna(value) else _plain(value) for value in values)  # type: ignore[call-overload]
    keys = [
        hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:16]
        if _names_somebody(text)
        else None
        for text in plain
    ]
    return np.array(keys, dtype=object)


def _names_somebody(text: str) -> bool:
    """Whether a text is an identifier: `ukendt`, `-`, zeros and 9999999999 are none."""
    is_filler = len(text) >= 9 and text.isdecimal() and len(set(text)) == 1
    return any(map(str.isdecimal, text)) and bool(text.strip("0")) and not is_filler


def _plain(value: object) -> str:
    """Return an identifier without dashes, blanks and the loss of its leading zero."""
    text = f"{value:.0f}" if isinstance(value, (float, np.floating)) else str(value)
    if isinstance(value, bytes):
        text = value.decode("utf-8", "replace")
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
    return has_lost_zero(text) or bool(cpr_spans(text))


class _LookAlikes(NamedTuple):
    """What in a column counts as CPR numbers by the rule; nothing if it may stay."""

    rows: int = 0
    distinct: int = 0
    checked: int = 0  # of the distinct ones, those with the check digit
    chance: str = ""  # why they are numbers of another kind


def _look_alikes(series: pd.Series[Any], is_key: bool, is_text: bool) -> _LookAlikes:
    """Return what counts as CPR numbers in a column."""
    if pd.api.types.is_numeric_dtype(series.dtype):
        return _look_alike_numbers(series, is_key)
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        return _LookAlikes()
    if not _may_look_alike(series):
        return _LookAlikes()
    try:
        positions, distinct = pd.factorize(series, use_na_sentinel=True)
    except TypeError:  # lists and the like, which a Parquet file may hold
        positions, distinct = pd.factorize(series.map(str, na_action="ignore"))
    words = [value.strip() if isinstance(value, str) else _word(value) for value in distinct]
    short = np.array([len(word) == 9 and word.isdecimal() for word in words], dtype=np.bool_)
    like = np.array(holding_cpr(words), dtype=np.bool_)
    if not like.any() and not short.any():
        return _LookAlikes()
    frequency = np.bincount(positions[positions >= 0], minlength=len(words))
    lost = short.copy()
    lost[short] = [has_lost_zero(words[int(at)]) for at in np.flatnonzero(short)]
    if frequency[lost].sum() <= KEY_SHARE * frequency[short].sum():
        lost[:] = False
    # Free text has blanks: there a single number is one too many.
    if not is_key and not is_text:
        is_key = all(_ONE_TOKEN.fullmatch(word) for word in words if word)
        # Ten digits with a point after six are written out, and no fraction.
        written = any(_WRITTEN.fullmatch(words[int(at)]) for at in np.flatnonzero(like))
        numbers = sum(bool(_NUMBER.fullmatch(word)) for word in words)
        if not is_key and not written and numbers >= _MOSTLY * len(words):
            # Numbers, but for a word such as #N/A.
            return _look_alike_numbers(pd.to_numeric(series, errors="coerce"), is_key)
    if is_key:
        like = _key_hits(words, like, frequency)
    hits = like | lost
    digits = [_digits(words[k]) for k in np.flatnonzero(hits)]
    return _LookAlikes(
        int(frequency[hits].sum()), len(digits), sum(map(passes_modulus, digits))
    )


def _may_look_alike(series: pd.Series[Any]) -> bool:
    """Whether a column has a look-alike, or nine digits alone; True if it is none of texts."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        texts = pa.array(series.to_numpy(dtype=object), pa.string(), from_pandas=True)
    except (pa.ArrowException, UnicodeError):
        return True
    found = texts.filter(pc.match_substring_regex(texts, _LOOSELY)).unique().to_pylist()
    words = [text.strip() for text in found]
    return any(holding_cpr(words)) or any(len(word) == 9 and word.isdecimal() for word in words)


def _key_hits(
    words: Sequence[str], like: NDArray[np.bool_], frequency: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Return which keys are CPR numbers: ten digits by their share, any other form at once."""
    is_hash = [bool(_HEXADECIMAL.fullmatch(word)) for word in words]
    runs = [None if is_hash[k] else _RUN.fullmatch(word) for k, word in enumerate(words)]
    bare = np.array([run is not None for run in runs], dtype=np.bool_)
    written = like & ~bare
    written[written] = [_is_written_out(words[int(at)]) for at in np.flatnonzero(written)]
    by_chance = frequency[like & bare].sum() <= KEY_SHARE * frequency[bare].sum()
    if by_chance and not written.any():
        return np.zeros_like(like)
    return like & (bare | written)


def _is_written_out(word: str) -> bool:
    """Whether a key has a CPR number in it and no other digit, and is no hash."""
    spans = cpr_spans(word)
    if not spans or _HEXADECIMAL.fullmatch(word):
        return False
    rest = list(word)
    for start, end in spans:
        rest[start:end] = " " * (end - start)
    return not any(sign.isdecimal() for sign in rest)


def _digits(word: str) -> str:
    """Return the ten digits of a look-alike."""
    for start, end in cpr_spans(word):
        return ten_digits(word[start:end])
    return word.zfill(10)


def _look_alike_numbers(series: pd.Series[Any], is_key: bool) -> _LookAlikes:
    """Return what counts in a column of numbers: more than a fifth of those of their size."""
    numbers = series.to_numpy(dtype=np.float64, na_value=np.nan)
    size = (numbers >= _SMALLEST) & (numbers <= _LARGEST) & (numbers == np.floor(numbers))
    # A sum of money may be ten digits long; one in 25 of such is a date by chance.
    hits = [text for number in numbers[size] if is_cpr(text := f"{number:010.0f}")]
    if len(hits) <= KEY_SHARE * np.count_nonzero(size):
        return _LookAlikes()
    distinct = set(hits)
    checked = sum(map(passes_modulus, distinct))
    chance = "closer together than birthdays" if _is_narrow(np.unique(numbers[size])) else ""
    whole = numbers[~np.isnan(numbers)]
    if np.count_nonzero(whole != np.floor(whole)) > KNOWN_SHARE * len(whole):
        chance = "among fractions"
    is_mixed = len(hits) <= KNOWN_SHARE * np.count_nonzero(size)
    if is_mixed and len(distinct) >= _SEVERAL and checked <= _CHECKED * len(distinct):
        chance = "among many that are no dates, and few with the check digit"
    return _LookAlikes(len(hits), len(distinct), checked, "" if is_key else chance)


def _is_narrow(numbers: NDArray[np.float64]) -> bool:
    """Whether numbers of ten digits stand closer together than days of birth do.

    That n birthdays fall within a stretch of w days of the month has the probability
    n (w / 31)**(n - 1); a register of one day of birth is caught by its check digits.
    """
    n = len(numbers)
    if n < 3 or numbers[0] < 10 * _DAY:
        return False
    width = numbers[-1] // _DAY - numbers[0] // _DAY + 1
    return bool(width <= 12 and n * (width / 31) ** (n - 1) < 0.01)


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
