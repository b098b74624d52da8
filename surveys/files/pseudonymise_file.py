"""A file with CPR numbers rewritten with pseudonymous keys, before it comes near a study."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data_dictionary.cpr import cpr_spans
from data_dictionary.errors import DataError, refuse_lacking
from surveys.files.identifiers import count_beside, pseudonymise, refuse_cpr
from surveys.files.locking import is_free, only_writer
from surveys.files.placing import make_private
from surveys.files.read_file import read_unchecked
from surveys.files.secret_keys import notes_on, read_secret
from surveys.files.source import Known, Reading

_FORMATS = (".parquet", ".csv")
_UNFINISHED = re.compile(r"\.(.+\.(?:parquet|csv))\.([0-9]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pseudonymised:
    """What was done to a file.

    Parameters
    ----------
    path : Path
        The file written.
    rows : int
        Its rows.
    persons : Mapping of str to int
        Different keys in each column.
    blank : Mapping of str to int
        Rows without an identifier in each column: blank, or nothing but zeros.
    notes : tuple of str
        What should be seen to, such as a key that others can read.
    """

    path: Path
    rows: int
    persons: dict[str, int]
    blank: dict[str, int]
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        columns = "; ".join(
            f"{name}: {count} different, {self.blank[name]} without identifier"
            for name, count in self.persons.items()
        )
        return f"{self.rows} rows ({columns}) written to {self.path}"


def pseudonymise_file(
    path: str | Path,
    out: str | Path,
    *,
    columns: Sequence[str],
    key_file: str | Path,
    encoding: str | None = None,
    sheet: str | None = None,
    replace: bool = False,
) -> Pseudonymised:
    """Write a file again with keyed hashes in place of identifiers.

    Every other value is written as it stands; labels of SPSS, Stata and SAS are not, since
    the dictionary of a study declares them.

    Parameters
    ----------
    path : str or Path
        File of any format that `surveys.read` knows.
    out : str or Path
        ``.parquet`` or ``.csv``; written whole or not at all.
    columns : sequence of str
        Columns of identifiers.
    key_file : str or Path
        File with the secret, at least 16 random bytes or as many written as hexadecimal digits
        or in base 64; white space around it does not count. It may not lie in a study folder or
        beside or below `out`: whoever has both can make every key again.
    encoding, sheet : str, optional
        As in `surveys.read`.
    replace : bool
        Whether an `out` that exists already may be replaced.

    Returns
    -------
    Pseudonymised
        Counts; no value.

    Raises
    ------
    DataError
        If the secret is too weak or lies in a wrong place, the file cannot be read, `out`
        exists, an identifier has something beside a CPR number, or another column holds
        CPR-like identifiers or is named like one.
    ColumnError
        If a column is not there.

    Notes
    -----
    See `surveys.pseudonymise` for the hash. CPR numbers are not tested by modulus 11, which
    valid numbers may fail since October 2007.
    """
    path, out = Path(path), Path(out)
    if out.suffix.lower() not in _FORMATS:
        raise DataError(f"{out.name}: is written as .parquet or .csv only.")
    if cpr_spans(out.name):
        raise DataError(
            "the name of the file to write looks like a CPR number. Choose another."
        )
    if out.resolve() == path.resolve():
        raise DataError(f"{out.name}: is the file itself; write to another.")
    if out.exists() and not replace:
        raise DataError(f"{out.name}: exists already; write to another file, or say --replace.")
    secret = read_secret(Path(key_file), data=path, out=out)
    how = Reading(encoding=encoding, sheet=sheet)
    source = read_unchecked(path, how, Known(is_text=lambda _name: True))
    frame = source.frame.copy(deep=False)
    columns = list(dict.fromkeys(columns))  # a key of a key is nobody's
    refuse_lacking(columns, frame.columns, f"{path.name}: there is no column")
    beside = {name: count for name in columns if (count := count_beside(frame[name]))}
    if beside:
        counts = ", ".join(f"{name}: {count} value(s)" for name, count in beside.items())
        raise DataError(
            f"{path.name}: a CPR number with something beside it would get another key than "
            f"the number alone ({counts}). Write the number alone."
        )
    for name in columns:
        # What the file declares missing, as SPSS can, names nobody.
        declared = frame[name].isin(list(source.missing.get(name, {})))
        position, distinct = pd.factorize(frame[name].mask(declared, None))
        keys = pseudonymise([*distinct, None], secret=secret)
        frame[name] = pd.Series(keys[position], dtype=object, index=frame.index)
    refuse_cpr(frame, path.name, keys=columns)
    _write(frame, Path(os.path.realpath(out)))  # a link stays one
    return Pseudonymised(
        path=out,
        rows=len(frame),
        persons={name: int(frame[name].nunique()) for name in columns},
        blank={name: int(frame[name].isna().sum()) for name in columns},
        notes=notes_on(Path(key_file)),
    )


def unfinished_in(folder: Path) -> Iterator[Path]:
    """Yield what killed processes left of files that they were writing, and their locks."""
    for path in sorted(folder.glob(".*")):
        named = _UNFINISHED.fullmatch(path.name)
        if named is None or not path.is_file() or path.is_symlink():
            continue
        lock = _lock_of(folder / named[1])
        # The lock tells of processes elsewhere too, and where their numbers cannot be asked.
        if is_free(lock) and not _is_alive(int(named[2])):
            yield from (one for one in (path, lock) if one.exists())


def _is_alive(process: int) -> bool:
    if os.name != "posix":
        return False  # there the very question would end the process
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True


def _lock_of(out: Path) -> Path:
    return out.with_name(f".{out.name}.lock")


def _write(frame: pd.DataFrame, out: Path) -> None:
    """Write a frame beside `out` first, so that `out` is whole or untouched."""
    make_private(out.parent)
    unfinished = out.with_name(f".{out.name}.{os.getpid()}")
    with only_writer(out, _lock_of(out)):
        try:
            unfinished.touch(mode=0o600)
            if out.suffix.lower() == ".csv":
                frame.to_csv(unfinished, index=False, encoding="utf-8")
            else:
                columns = {str(name): _arrow(frame[name]) for name in frame.columns}
                pq.write_table(pa.table(columns), unfinished, compression="zstd")
            unfinished.replace(out)
        finally:
            unfinished.unlink(missing_ok=True)


def _arrow(column: pd.Series[Any]) -> Any:
    """Return a column for parquet; one of several types (``3`` and ``".a"``) as text."""
    try:
        return pa.array(column, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([None if pd.isna(value) else _text(value) for value in column])


def _text(value: object) -> str:
    """Return a value as text, a whole number without decimals."""
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
