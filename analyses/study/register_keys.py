"""Keys of an outcome in time by the register that it is looked up in."""

from __future__ import annotations

from collections.abc import Mapping

from analyses.study.keys import Key, Keys

SOURCES = ("dream", "hours", "cases")

FOLLOW_UP: Keys = {
    "landmark": Key(
        kind="integer",
        minimum=1,
        meaning="Only those still at risk after so many weeks; time and horizon count from "
        "there. Who was lost until then is counted in `durations.csv`.",
    ),
    "time_scale": Key(
        kind="text",
        default="index",
        allowed=("index", "case"),
        meaning="`index`: weeks since the index date; `case`: weeks since the case of "
        "`case_type` opened that is open at the index date, at risk from the index date on "
        "(late entry).",
    ),
    "case_type": Key(
        kind="text", meaning="Type of case that closes, or whose opening is time 0."
    ),
}

STATUSES: Keys = {
    "NAME": Key(
        kind="texts",
        meaning="What the status is made of: statuses, or code groups of the code list.",
    ),
}

OF_SOURCE: Mapping[str, Keys] = {
    "dream": {
        "event": Key(
            kind="text", required=True, meaning="`dream`: status that ends the waiting time."
        ),
        "weeks": Key(
            kind="integer",
            default=4,
            minimum=1,
            meaning="`dream`: length of the first run that counts.",
        ),
    },
    "hours": {
        "hours": Key(
            kind="number",
            default=27.75,
            minimum=0.25,
            maximum=168,
            meaning="`hours`: paid hours a week that count as employment.",
        ),
        "months": Key(
            kind="integer",
            default=3,
            minimum=1,
            maximum=24,
            meaning="`hours`: months in a row that must reach them.",
        ),
    },
    "cases": {},
}
"""What each register adds; the event of hours is employment, that of cases is closing."""
