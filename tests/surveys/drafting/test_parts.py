"""Which columns name the rows and play a part."""

import pandas as pd
import pytest

from surveys.drafting.columns import draft_column
from surveys.drafting.parts import Identifiers, likely_role, played
from surveys.files.source import Provenance, Source

IDS = [f"p{number}" for number in range(6)]
DAYS = pd.to_datetime(["2020-01-01"] * 6)


def told(frame: pd.DataFrame, is_asked: bool = False) -> tuple[str, tuple[str, ...], dict]:
    origin = Provenance(
        name="x", sha256="", rows=0, columns=0, format="", encoding="", encoding_reason=""
    )
    source = Source(frame=frame, provenance=origin)
    drafted = {name: draft_column(name, [(source, name)]) for name in frame.columns}
    ids = Identifiers.of(drafted, [frame])
    role, _ = likely_role(drafted, ids, is_asked=is_asked)
    return role, ids.unique, played(role, drafted, ids)


@pytest.mark.parametrize(
    ("columns", "role", "key", "parts"),
    [
        ({"person_id": IDS, "kommune": [101] * 6}, "persons", ("person_id",), {"cluster"}),
        (
            {
                "case_id": IDS,
                "pnr": ["a1"] * 6,
                "sagstype": ["x"] * 6,
                "start": DAYS,
                "slut": DAYS,
            },
            "spells",
            ("case_id",),
            {"type", "opened", "closed"},
        ),
        ({"kommune": [1, 2, 3, 4, 5, 6], "start": DAYS}, "exposure", ("kommune",), {"start"}),
        (
            {"pnr": ["a1"] * 6, "month": DAYS, "timer": [1.5] * 6},
            "monthly_hours",
            (),
            {"hours"},
        ),
        (
            {"income": [1, 2, 3, 4, 5, 7], "age": [1, 2, 3, 4, 5, 6]},
            "persons",
            (),
            set(),
        ),
        ({"grp": [1, 1, 2, 2, 3, 3], "age": [1, 2, 3, 4, 5, 6]}, "persons", (), set()),
    ],
)
def test_role_key_and_parts(columns: dict, role: str, key: tuple, parts: set) -> None:
    found, unique, roles = told(pd.DataFrame(columns))
    assert (found, unique) == (role, key)
    assert parts <= set(roles)


def test_answers_with_a_key_are_a_survey() -> None:
    assert told(pd.DataFrame({"respondent": IDS, "q1": [1] * 6}), is_asked=True)[0] == "survey"


def test_a_key_may_stand_once_in_each_wave_of_a_file() -> None:
    frame = pd.DataFrame({"id": ["a1", "a2"] * 2, "wave": [1, 1, 2, 2]})
    assert told(frame)[1] == ("id",)
