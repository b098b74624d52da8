"""Keys of persons as text: what cannot be seen is taken off, and near matches are counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from unicodedata import normalize

import numpy as np
import pandas as pd

from data_dictionary.check import NO_VALUE
from data_dictionary.columns import Column
from data_dictionary.missing_kinds import NOTHING
from data_dictionary.tables import Table
from data_dictionary.values import convert
from surveys.files.remarks import Remark

# Of no width or turning the direction: nobody sees them, and two keys become two persons.
_UNSEEN = re.compile(r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_NOBODY = NO_VALUE | NOTHING
_BLANKS = re.compile(r"[^\S ]")
_POINT_ZERO = re.compile(r"-?\d+(?:\.0+|,00?)")
_MARKED = re.compile(r"'([^']+)'?")  # so that a spreadsheet keeps digits as text
NEAR_SHARE = 0.05
"""Share of a source's keys above which keys that nearly match are refused."""

_FORMS: Mapping[str, Callable[[str], str]] = {
    "numbers as text": str,
    "leading zeros": lambda key: key.lstrip("0"),
    "a trailing .0 taken off": lambda key: re.sub(r"\.0+$", "", key),
    "the same capitals": str.casefold,
    "blanks, dashes and other signs taken off": lambda key: re.sub(r"[\W_]", "", key),
    "the letters that are seen": lambda key: normalize("NFKC", _UNSEEN.sub("", key)),
}


def clean_keys(frame: pd.DataFrame, table: Table) -> tuple[pd.DataFrame, list[Remark]]:
    """Return a frame whose text keys have no unseen characters, and what was taken off.

    A trailing ``.0`` or a leading apostrophe goes where every key of the column has one: then
    a program took them for numbers, or was kept from it. ``ukendt`` and its like are no keys.
    """
    remarks: list[Remark] = []
    for column in table.columns:
        is_key = column.name in table.key or column.role == "key" or column.references
        if not is_key or column.type != "string" or column.name not in frame:
            continue
        cleaned, found = cleaned_keys(frame[column.name])
        if found:
            frame = frame.assign(**{column.name: cleaned})
            remarks += found
    return frame, remarks


def cleaned_keys(series: pd.Series[Any]) -> tuple[pd.Series[Any], list[Remark]]:
    """Return keys without what no reader takes for a part of them, and what that was."""
    if not (series.dtype == object or isinstance(series.dtype, pd.StringDtype)):
        return series, []
    positions, found = pd.factorize(series, use_na_sentinel=True)
    distinct: list[object] = list(found)
    texts = [key.strip() for key in distinct if isinstance(key, str) and key.strip()]
    ways: list[tuple[str, Callable[[str], str | None]]] = []
    if texts and all(map(_POINT_ZERO.fullmatch, texts)):
        ways.append(
            ("a trailing .0, which all of them had", lambda key: re.split("[.,]", key)[0])
        )
    elif texts and all(map(_MARKED.fullmatch, texts)):
        ways.append(("an apostrophe before all of them", lambda key: key.strip().strip("'")))
    if not "".join(texts).isascii():
        ways.append(("characters that cannot be seen", _seen))
    if any(map(_names_nobody, texts)):
        ways.append(("texts for nobody", lambda key: None if _names_nobody(key) else key))
    remarks = []
    for told, clean in ways:
        cleaned = [clean(key) if isinstance(key, str) else key for key in distinct]
        changed = [new != old for new, old in zip(cleaned, distinct, strict=True)]
        if any(changed):
            n, own = int(np.isin(positions, np.flatnonzero(changed)).sum()), (str(series.name),)
            remarks.append(Remark(what="keys_cleaned", columns=own, count=n, detail=told))
            distinct = cleaned
    made = np.array([*distinct, None], dtype=object)
    return pd.Series(made[positions], index=series.index, name=series.name), remarks


def key_texts(series: pd.Series[Any]) -> pd.Series[Any]:
    """Return keys in memory as those of a file: texts are cleaned, and 1 is "1" beside them."""
    cleaned, _ = cleaned_keys(series.astype(object) if series.dtype == "category" else series)
    if not cleaned.map(lambda key: isinstance(key, str)).any():
        return cleaned
    column = Column(name=str(series.name), type="string", label="", role="key")
    return convert(cleaned, column).typed.set_axis(series.index)


def _names_nobody(key: str) -> bool:
    """Whether a key is a word for nothing, or a CPR number of digits that are all alike."""
    text = "".join(key.split()).replace("-", "")
    is_filler = len(text) in (9, 10) and text == text[0] * len(text) and text.isdecimal()
    return is_filler or key.strip().casefold() in _NOBODY


def _seen(key: str) -> str:
    """Return a key as a reader sees it; blanks around it are no change, and go elsewhere."""
    if key.isascii():
        return key
    return normalize("NFC", _BLANKS.sub(" ", _UNSEEN.sub("", key)))


def near_matches(ours: Iterable[object], theirs: Iterable[object]) -> tuple[int, str]:
    """Return how many keys would match if they were written alike, and how that is.

    Parameters
    ----------
    ours, theirs : iterable
        Keys that only the one side has, and those that only the other has. A form by which
        two keys of one side become one does not count for them.

    Examples
    --------
    >>> near_matches(["00123", "00045", "x"], ["123", "45"])
    (2, 'leading zeros')
    """
    first, second = ({str(key) for key in keys} for keys in (ours, theirs))
    best = (0, "")
    for how, form in _FORMS.items():
        left, right = (Counter(map(form, keys)) for keys in (first, second))
        found = sum(n == 1 and right.get(key) == 1 for key, n in left.items())
        best = max(best, (found, how), key=lambda one: one[0])
    return best


def near_within(keys: Iterable[object]) -> tuple[int, str]:
    """Return how many keys of one file would be another of its keys if written alike, and how.

    Examples
    --------
    >>> near_within(["a1", "A1", "b2"])
    (1, 'the same capitals')
    """
    texts = set(map(str, keys))
    found = ((len(texts) - len(set(map(form, texts))), how) for how, form in _FORMS.items())
    return max(found, key=lambda one: one[0])


def only_in(one: pd.Index, other: pd.Index) -> Any:
    """Return the keys that one side has and the other has not."""
    return one[~one.isin(other)].unique()
