"""Keys of a derived column by its form: the first form of which the column has the key."""

from __future__ import annotations

from collections.abc import Mapping

from analyses.study.keys import Key, Keys

_LABEL = Key(kind="text", meaning="Danish label for the report.")

DERIVE_FORMS: Mapping[str, Keys] = {
    "column": {
        "from": Key(kind="text", required=True, allowed=("dream",), meaning="Register."),
        "column": Key(
            kind="text",
            required=True,
            allowed=("municipality", "match_group"),
            meaning="What the register records of the year or the quarter.",
        ),
        "at": Key(
            kind="text", default="index", allowed=("index",), meaning="As of the index date."
        ),
        "label": _LABEL,
    },
    "from": {
        "from": Key(kind="text", required=True, allowed=("dream",), meaning="Register."),
        "status": Key(kind="text", required=True, meaning="Status that is counted."),
        "weeks": Key(
            kind="weeks",
            required=True,
            maximum=-1,
            meaning="First and last week, counted from the index week; both before it.",
        ),
        "label": _LABEL,
    },
    "score": {
        "score": Key(
            kind="text", required=True, meaning="Scale of the dictionary, scored 0-100."
        ),
        "wave": Key(kind="integer", required=True, minimum=1, meaning="Wave that is scored."),
        "label": _LABEL,
    },
    "years_since": {
        "years_since": Key(
            kind="text", required=True, meaning="Date column; whole years until the index date."
        ),
        "label": _LABEL,
    },
}
