"""Read a TOML file that a user wrote; what is wrong is told by line, with the usual remedy."""

from __future__ import annotations

import re
import tomllib
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from data_dictionary.cpr import cpr_spans, places_of_cpr
from data_dictionary.errors import DataError

_SHOWN = 5
_DECIMAL_COMMA = re.compile(r"^[^#\"']*=\s*-?\d+,\d+\s*(#.*)?$")
_WINDOWS_PATH = re.compile(r"\"[^\"']*\\[^\"']*\"")


def read_toml(path: Path | Traversable, what: str) -> dict[str, Any]:
    """Return the content of a TOML file; messages call it `what`, ``"the study file"``.

    A text that looks like a CPR number is refused: what these files say is published.
    """
    if isinstance(path, Path) and path.exists() and not path.is_file():
        # A device or a pipe has no end.
        raise DataError(f"{path}: {what} cannot be read (a folder or a device, and no file).")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise DataError(f"{path}: {what} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path.name}: not a TOML file in UTF-8: {what} is written in another encoding, "
            "such as Windows-1252. Save it as UTF-8 (in Notepad: Save as, Encoding: UTF-8)."
        ) from error
    try:
        content = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise DataError(
            f"{path.name}: not a TOML file in UTF-8: {error}.{_remedy(str(error), text)}"
        ) from error
    except RecursionError as error:
        raise DataError(
            f"{path.name}: not a TOML file in UTF-8: brackets are nested too deeply."
        ) from error
    places = ["the name of the file"] if cpr_spans(path.name) else []
    places += places_of_cpr(content)
    if places:
        more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
        raise DataError(
            f"{path.name}: {len(places)} text(s) look like CPR numbers: "
            f"{', '.join(places[:_SHOWN])}{more}. Titles, labels and names of files are "
            "published: take the numbers out, and rename files that carry one."
        )
    return content


def _remedy(error: str, text: str) -> str:
    """Return what to write instead, where it can be guessed from the line of the fault."""
    found = re.search(r"at line (\d+)", error)
    lines = text.splitlines()
    line = lines[min(int(found[1]), len(lines)) - 1] if found and lines else ""
    if "overwrite" in error or "twice" in error:
        return " What may stand several times has two brackets: [[outcome]]."
    if _DECIMAL_COMMA.match(line):
        return " Numbers have a decimal point: 0.2, not 0,2."
    if _WINDOWS_PATH.search(line):
        return " Folders in a path are separated by '/': \"data/file.csv\"."
    return ""
