"""Files of SPSS, Stata and SAS: the only module that calls pyreadstat."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data_dictionary.errors import DataError
from surveys.files.encodings import LADDER, garbled, is_garbled, known_encoding
from surveys.files.formats import unreadable
from surveys.files.probing import begin, is_harmless
from surveys.files.source import Provenance, Source, Value, ValueRange

_READERS = {
    ".sav": "read_sav", ".zsav": "read_sav", ".por": "read_por", ".dta": "read_dta",
    ".sas7bdat": "read_sas7bdat", ".xpt": "read_xport",
}  # fmt: skip
# The others have no such codes, or pyreadstat does not tell them.
_KEEPS_USER_MISSING = (".sav", ".zsav", ".dta", ".sas7bdat")
# From this version of the format on, Stata 14, its text is UTF-8.
_STATA_UTF8 = 118
# Danish and English words by which a label says why there is no answer.
_PHRASES = {
    "refused": r"ønsker ikke|vil ikke|nægter|refus|prefer not|decline",
    "do_not_know": r"ved ikke|ved-ikke|husker ikke|don'?t know|do not know|not sure",
    "not_asked": r"ikke spurgt|ikke stillet|ikke relevant|not asked|not applicable|skipped",
    "technical": r"teknisk|systemfejl|fejlkode|technical|system error|uoplyst pga",
}
_CARD, _PAGE = 80, 512


def prepare(paths: Iterable[Path]) -> None:
    """Let the process that tries statistical files start while others are read."""
    if any(path.suffix.lower() in _READERS for path in paths):
        begin()


def read_statistical(path: Path, declared: str | None) -> Source:
    """Read a file of SPSS, Stata or SAS with labels and user-missing codes.

    `declared` is the encoding that the user declares over the file's own.
    """
    suffix = path.suffix.lower()
    _refuse_truncated(path, suffix)
    frame, meta, encoding, reason = _decoded(path, suffix, declared)
    ranges = {
        name: tuple((_code(pair["lo"]), _code(pair["hi"])) for pair in pairs)
        for name, pairs in (meta.missing_ranges or {}).items()
    }
    labels: dict[str, dict[Value, str]] = {
        name: {_code(code): str(text) for code, text in codes.items()}
        for name, codes in (meta.variable_value_labels or {}).items()
    }
    letters = {
        name: {str(letter) for letter in found}
        for name, found in (meta.missing_user_values or {}).items()
    }
    values = {
        name: _lettered(frame[name], letters[name]) if name in letters else frame[name]
        for name in frame.columns
    }
    for name in letters.keys() & labels.keys():
        labels[name] = {
            f".{code}" if code in letters[name] else code: text
            for code, text in labels[name].items()
        }
    codes: dict[str, list[Value]] = {
        name: _codes_within(frame[name], pairs) for name, pairs in ranges.items()
    }
    codes |= {
        name: [f".{letter}" for letter in sorted(found)] for name, found in letters.items()
    }
    return Source(
        frame=pd.DataFrame(values, index=frame.index),
        provenance=Provenance.of(path, frame.shape, encoding, reason),
        variable_labels={
            name: str(text) for name, text in meta.column_names_to_labels.items() if text
        },
        value_labels=labels,
        missing={
            name: {code: kind_of_label(labels.get(name, {}).get(code)) for code in found}
            for name, found in codes.items()
        },
        missing_ranges=ranges,
    )


def kind_of_label(label: str | None) -> str:
    """Return the kind of missing answer that a label names, or ``"user"`` if it names none.

    Examples
    --------
    >>> kind_of_label("Ønsker ikke at svare"), kind_of_label("Missing")
    ('refused', 'user')
    """
    # The first that fits: "ønsker ikke at svare, ved ikke" is a refusal.
    for kind, phrase in _PHRASES.items():
        if label and re.search(phrase, label, re.IGNORECASE):
            return kind
    return "user"


def _decoded(
    path: Path, suffix: str, declared: str | None
) -> tuple[pd.DataFrame, Any, str, str]:
    """Read with the declared encoding, then down the ladder; return which one and why."""
    if declared is not None:
        name = known_encoding(declared, path.name)
        frame, meta = _read(path, suffix, name)
        if is_garbled(_texts(frame, meta)):
            raise garbled(declared, path.name)
        return frame, meta, name, "declared by the user"
    try:
        frame, meta = _read(path, suffix, None)
    except _EncodingError as error:
        for name in LADDER:
            try:
                frame, meta = _read(path, suffix, name)
            except _EncodingError:
                continue
            return (
                frame,
                meta,
                name,
                "the text does not fit the encoding that the file declares",
            )
        raise DataError(f"{path.name}: the text fits no known encoding ({error}).") from error
    own = meta.file_encoding or _usual_encoding(path, suffix)
    reason = "declared by the file" if meta.file_encoding else "usual for the format"
    if is_garbled(_texts(frame, meta)):
        try:
            frame, meta = _read(path, suffix, "utf-8")
        except _EncodingError:
            return frame, meta, own, reason
        return frame, meta, "utf-8", f"the file declares {own}, but its text is UTF-8"
    return frame, meta, own, reason


class _EncodingError(DataError):
    """The text of a file does not fit an encoding."""


def _read(path: Path, suffix: str, encoding: str | None) -> tuple[pd.DataFrame, Any]:
    """Read once; every failure is one sentence."""
    import pyreadstat

    if encoding is not None and suffix == ".por":
        raise _EncodingError(
            f"{path.name}: the encoding of a .por file cannot be declared; save it as .sav."
        )
    options: dict[str, Any] = {}
    if suffix in _KEEPS_USER_MISSING:
        options["user_missing"] = True
    if encoding is not None:
        options["encoding"] = encoding
    reader = _READERS[suffix]
    if not is_harmless(path, reader, options):
        raise unreadable(path, suffix)
    try:
        frame, meta = getattr(pyreadstat, reader)(str(path), **options)
    except UnicodeDecodeError as error:
        raise _EncodingError(_wrong_encoding(path, encoding)) from error
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        if re.search("convert|encod|charset|character set", str(error), re.IGNORECASE):
            raise _EncodingError(_wrong_encoding(path, encoding)) from error
        raise unreadable(path, suffix, str(error)) from error
    except MemoryError:
        raise
    except Exception as error:  # as in `surveys.files.formats.parsing`
        raise unreadable(path, suffix) from error
    return frame, meta


def _wrong_encoding(path: Path, encoding: str | None) -> str:
    """Return the sentence for text that does not fit."""
    tried = f"encoding '{encoding}'" if encoding else "the encoding that the file declares"
    return f"{path.name}: the text does not fit {tried}. Declare another one with encoding."


def _refuse_truncated(path: Path, suffix: str) -> None:
    """Refuse a file that was cut where the library does not notice: by its size or its end."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        start = stream.read(16)
        stream.seek(max(0, size - 16))
        end = stream.read()
    cut = (
        (suffix == ".xpt" and size % _CARD)
        or (suffix == ".sas7bdat" and size % _PAGE)
        or (suffix == ".por" and not end.rstrip(b"\r\n \x1a").endswith(b"Z"))
        or (
            suffix == ".dta"
            and start.startswith(b"<stata_dta>")
            and not end.rstrip().endswith(b"</stata_dta>")
        )
    )
    if cut:
        raise unreadable(path, suffix)


def _usual_encoding(path: Path, suffix: str) -> str:
    """Return the encoding of a format that declares none."""
    if suffix != ".dta":
        return "utf-8"
    with path.open("rb") as stream:
        start = stream.read(64)
    release = re.search(rb"<release>(\d+)</release>", start)
    return "utf-8" if release and int(release[1]) >= _STATA_UTF8 else "windows-1252"


def _texts(frame: pd.DataFrame, meta: Any) -> Iterator[str]:
    """Yield every text of a file: labels first, then distinct values."""
    for label in meta.column_names_to_labels.values():
        yield str(label or "")
    for labels in (meta.variable_value_labels or {}).values():
        yield from map(str, labels.values())
    for name in frame.columns:
        if frame[name].dtype == object:
            yield from (value for value in frame[name].unique() if isinstance(value, str))


def _code(code: object) -> Value:
    """Return a code as a Python value: a whole number where it is one."""
    if isinstance(code, (int, float, np.integer, np.floating)):
        return int(code) if float(code).is_integer() else float(code)
    return str(code)


def _lettered(series: pd.Series[Any], letters: set[str]) -> pd.Series[Any]:
    """Return a column with special missing values written as ``.a``."""
    return series.where(~series.isin(letters), "." + series.astype(str))


def _codes_within(series: pd.Series[Any], pairs: tuple[ValueRange, ...]) -> list[Value]:
    """Return the declared single codes, and the codes of declared ranges that occur."""
    codes: dict[Value, None] = {}
    for low, high in pairs:
        if low == high:
            codes[low] = None
        elif not isinstance(low, str) and not isinstance(high, str):
            inside = series[series.between(low, high)]
            codes.update({_code(code): None for code in sorted(inside.unique())})
    return list(codes)
