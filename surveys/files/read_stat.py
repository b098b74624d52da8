"""Files of SPSS, Stata and SAS: the only module that calls pyreadstat."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data_dictionary.errors import DataError
from surveys.files.encodings import (
    LADDER,
    garbled,
    is_garbled,
    is_partly_garbled,
    known_encoding,
)
from surveys.files.formats import parsing, unreadable
from surveys.files.probing import begin, is_harmless
from surveys.files.sas_catalog import Formats, with_labels
from surveys.files.sas_transport import read_transport
from surveys.files.source import MultipleResponse, Reading, Source, Value
from surveys.files.spss_header import refuse_unsound, weight_of
from surveys.files.spss_portable import read_portable
from surveys.files.stat_dates import Program
from surveys.files.stat_table import StatTable, code_of, letter_of

_READERS = {
    ".sav": "read_sav", ".zsav": "read_sav", ".dta": "read_dta",
    ".sas7bdat": "read_sas7bdat",
}  # fmt: skip
_PROGRAMS: dict[str, Program] = {".dta": "Stata", ".sas7bdat": "SAS"}
# From this version of the format on, Stata 14, its text is UTF-8.
_STATA_UTF8 = 118
_CARD, _PAGE = 80, 512


def prepare(paths: Iterable[Path]) -> None:
    """Let the process that tries statistical files start while others are read."""
    if any(path.suffix.lower() in _READERS for path in paths):
        begin()


def read_statistical(path: Path, how: Reading) -> Source:
    """Read a file of SPSS, Stata or SAS with labels and user-missing codes."""
    suffix = path.suffix.lower()
    _refuse_truncated(path, suffix)
    readers = {".xpt": read_transport, ".por": read_portable}
    table = readers.get(suffix, _read_table)(path, how)
    return with_labels(table, path, how.catalog, _read_catalog).source(path)


def _read_table(path: Path, how: Reading) -> StatTable:
    """Read a file that pyreadstat reads without loss."""
    suffix = path.suffix.lower()
    if suffix in (".sav", ".zsav"):
        with parsing(path):
            refuse_unsound(path)
    frame, meta, encoding, reason = _decoded(path, suffix, how.encoding)
    letters = {
        name: tuple(f".{letter}" for letter in sorted(found))
        for name, found in (meta.missing_user_values or {}).items()
    }
    for name in letters:
        lettered = frame[name].to_numpy(dtype=object, copy=True)
        for letter in (meta.missing_user_values or {})[name]:
            lettered[lettered == letter] = f".{letter}"
        frame[name] = pd.Series(lettered, dtype=object)
    types = meta.readstat_variable_types
    labels: dict[str, dict[Value, str]] = {
        name: {
            code_of(code) if types[name] == "string" else letter_of(code): str(text)
            for code, text in codes.items()
        }
        for name, codes in (meta.variable_value_labels or {}).items()
    }
    weight = None
    if suffix in (".sav", ".zsav"):
        with parsing(path):
            weight = weight_of(path, frame.columns, encoding)
    return StatTable(
        program=_PROGRAMS.get(suffix, "SPSS"),
        frame=frame,
        formats=meta.original_variable_types,
        encoding=encoding,
        reason=reason,
        variable_labels={
            name: str(text) for name, text in meta.column_names_to_labels.items() if text
        },
        value_labels=labels,
        ranges={
            name: tuple((code_of(pair["lo"]), code_of(pair["hi"])) for pair in pairs)
            for name, pairs in (meta.missing_ranges or {}).items()
        },
        letters=letters,
        weight=weight,
        multiple_response=tuple(
            MultipleResponse(
                name=name,
                label=found["label"],
                columns=tuple(found["variable_list"]),
                counted=found["counted_value"],
            )
            for name, found in (meta.mr_sets or {}).items()
        ),
    )


def _read_catalog(catalog: Path) -> Formats:
    """Return the labels of each format of a catalogue."""
    import pyreadstat

    refused = DataError(
        f"{catalog.name}: cannot be read as a catalogue of SAS formats: it is damaged, of "
        "another format or of another system. Export it again, or leave out catalog."
    )
    if not is_harmless(catalog, "read_sas7bcat", {}):
        raise refused
    try:
        _, meta = pyreadstat.read_sas7bcat(str(catalog))
    except MemoryError:
        raise
    except Exception as error:  # as in `surveys.files.formats.parsing`
        raise refused from error
    formats: dict[str, Any] = meta.value_labels
    return {name.upper(): labels for name, labels in formats.items()}


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
            # One damaged letter would make two signs each of all the others.
            if is_partly_garbled(_texts(frame, meta)):
                raise DataError(
                    f"{path.name}: its text is UTF-8, but for some that is damaged or of "
                    "another encoding. Export it again, or declare encoding."
                ) from error
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

    # The numbers as they are stored: what they count, `stat_dates` says for every format.
    options: dict[str, Any] = {"disable_datetime_conversion": True, "user_missing": True}
    if encoding is not None:
        options["encoding"] = encoding
    reader = _READERS[suffix]
    if not is_harmless(path, reader, options):
        raise unreadable(path, suffix)
    if suffix == ".dta":
        options["output_format"] = "dict"
    with parsing(path):
        try:
            frame, meta = getattr(pyreadstat, reader)(str(path), **options)
        except UnicodeDecodeError as error:
            raise _EncodingError(_wrong_encoding(path, encoding)) from error
        except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
            if re.search("convert|encod|charset|character set", str(error), re.IGNORECASE):
                raise _EncodingError(_wrong_encoding(path, encoding)) from error
            raise unreadable(path, suffix, str(error)) from error
    names = meta.column_names
    if not all(names) or len(set(names)) < len(names):
        raise unreadable(path, suffix)
    # Of these programs Stata alone has whole numbers.
    return (_from_lists(frame, meta) if suffix == ".dta" else frame), meta


def _from_lists(columns: dict[str, list[Any]], meta: Any) -> pd.DataFrame:
    """Return lists of values, None for a blank, as a frame; the lists are used up.

    Into an array of whole numbers pyreadstat 1.3.7 writes nothing for a ``.`` that follows a
    first ``.a``: what stood in memory would be read as an answer.
    """
    arrays: dict[str, Any] = {}
    types = meta.readstat_variable_types
    for name in list(columns):
        values = columns.pop(name)
        if types[name] == "string" or any(isinstance(value, str) for value in values):
            arrays[name] = np.array(values, dtype=object)
            continue
        numbers = np.array(values, dtype=np.float64)
        is_whole = types[name].startswith("int") and not np.isnan(numbers).any()
        arrays[name] = numbers.astype(np.int64) if is_whole else numbers
    return pd.DataFrame(arrays)


def _wrong_encoding(path: Path, encoding: str | None) -> str:
    """Return the sentence for text that does not fit."""
    tried = f"encoding '{encoding}'" if encoding else "the encoding that the file declares"
    return f"{path.name}: the text does not fit {tried}. Declare another one with encoding."


def _refuse_truncated(path: Path, suffix: str) -> None:
    """Refuse a file that is locked, or was cut where the library does not notice it."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        start = stream.read(32)
        stream.seek(max(0, size - 16))
        end = stream.read()
    if b"ENCRYPTEDSAV" in start:
        raise DataError(
            f"{path.name}: is protected by a password. Save it in SPSS without one, in a place "
            "where it may lie."
        )
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
