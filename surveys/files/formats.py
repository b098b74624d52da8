"""Which file formats are read, and whether a file is what its name says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data_dictionary.errors import DataError, did_you_mean

FORMATS = {
    ".sav": "SPSS (.sav)",
    ".zsav": "SPSS (.zsav)",
    ".por": "SPSS portable (.por)",
    ".dta": "Stata (.dta)",
    ".sas7bdat": "SAS (.sas7bdat)",
    ".xpt": "SAS transport (.xpt)",
    ".csv": "CSV (.csv)",
    ".tsv": "text (.tsv)",
    ".tab": "text (.tab)",
    ".txt": "text (.txt)",
    ".gz": "packed text (.gz)",
    ".zip": "packed text (.zip)",
    ".xlsx": "Excel (.xlsx)",
    ".xlsm": "Excel (.xlsm)",
    ".xlsb": "Excel (.xlsb)",
    ".xls": "Excel 97-2003 (.xls)",
    ".ods": "OpenDocument (.ods)",
    ".parquet": "Parquet (.parquet)",
}
PLAIN_TEXTS = (".csv", ".tsv", ".tab", ".txt")
TEXTS = (*PLAIN_TEXTS, ".gz", ".zip")
"""Suffixes of delimited text, packed or not."""
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
"""Suffixes of workbooks; what such a file holds is told by its content."""
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES = (
    (b"$FL2", ".sav"),
    (b"$FL3", ".zsav"),
    (b"PK\x03\x04", ".xlsx"),
    (OLE2, ".xls"),
    (b"PAR1", ".parquet"),
    (b"<stata_dta>", ".dta"),
    (b"HEADER RECORD*******", ".xpt"),
    (b"\x1f\x8b\x08", ".gz"),
)


def held(start: bytes) -> str | None:
    """Return the suffix of the format that a file is of by its first bytes, if they tell."""
    return next((found for mark, found in _SIGNATURES if start.startswith(mark)), None)


def format_of(path: Path) -> str:
    """Return the suffix of a file that exists, is not empty and looks like its name."""
    suffix = path.suffix.lower()
    if path.is_dir() and any(path.rglob("*.parquet")):
        raise DataError(
            f"{path}: is a folder of Parquet files (partitions), and one file is read. Write "
            "them as one first: pandas.read_parquet(FOLDER).to_parquet(FILE)."
        )
    if suffix not in FORMATS:
        raise DataError(
            f"{path.name}: format '{suffix}' is not read; {' '.join(FORMATS)} are."
            f"{did_you_mean(suffix, FORMATS)}"
        )
    if path.exists() and not path.is_file():
        raise DataError(f"{path}: is no file, but a folder or a device.")
    if not path.is_file():
        siblings = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
        raise DataError(f"{path}: there is no such file.{did_you_mean(path.name, siblings)}")
    try:
        with path.open("rb") as stream:
            # As long as the longest signature needs, and no more of a file of persons.
            start = stream.read(32)
    except PermissionError:
        raise  # open in Excel, most often: nothing is wrong with the file
    except OSError as error:
        raise DataError(f"{path.name}: cannot be opened ({error.strerror}).") from error
    if not start:
        raise DataError(f"{path.name}: the file is empty. Export it again.")
    found = held(start) or suffix
    # One reader takes both, whichever name they bear.
    both_spss = {suffix, found} == {".sav", ".zsav"}
    both_books = suffix in WORKBOOKS and found in WORKBOOKS
    is_packed = suffix == ".zip" and found == ".xlsx"
    if not (suffix == found or both_spss or both_books or is_packed):
        raise DataError(
            f"{path.name}: holds {FORMATS[found]}, not {FORMATS[suffix]}. "
            f"Rename it to end in {found}."
        )
    return suffix


@contextmanager
def parsing(path: Path) -> Iterator[None]:
    """Turn whatever a format's library raises over damaged bytes into one sentence.

    The libraries check little of what they read, so that one flipped bit may surface as an
    error of any kind, from deep inside a decompressor or an XML parser.
    """
    try:
        yield
    except (DataError, MemoryError):
        raise
    except Exception as error:
        raise unreadable(path, path.suffix.lower()) from error


def unreadable(path: Path, suffix: str, detail: str = "") -> DataError:
    """Return the error of a file that its format's library gives up on."""
    return DataError(
        f"{path.name}: cannot be read as {FORMATS[suffix]}: it is cut short, damaged or of "
        f"another format{f' ({detail})' if detail else ''}. Export it again."
    )
