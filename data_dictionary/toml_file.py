"""A TOML file read, or refused in one sentence: study files, dictionaries and code lists."""

from __future__ import annotations

import tomllib
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from data_dictionary.cpr import places_of_cpr
from data_dictionary.errors import DataError

_SHOWN = 5


def read_toml(file: Path | Traversable) -> dict[str, Any]:
    """Return the content of a TOML file.

    Raises
    ------
    DataError
        If it cannot be read, is not TOML in UTF-8, or a text in it looks like a CPR number:
        what these files say is published.
    """
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DataError(f"{file.name}: cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        twice = "overwrite" in str(error) or "twice" in str(error)
        hint = " What may stand several times has two brackets: [[outcome]]." if twice else ""
        raise DataError(f"{file.name}: not a TOML file in UTF-8: {error}.{hint}") from error
    except RecursionError as error:
        raise DataError(
            f"{file.name}: brackets are nested too deep to be read; a table here needs three."
        ) from error
    places = list(places_of_cpr(content))
    if places:
        more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
        raise DataError(
            f"{file.name}: {len(places)} text(s) look like CPR numbers: "
            f"{', '.join(places[:_SHOWN])}{more}. Titles, labels and names of files are "
            "published: take the numbers out, and rename files that carry one."
        )
    return content
