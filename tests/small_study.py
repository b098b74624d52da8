"""A small study on disk whose sections can be swapped, for tests that run it end to end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from tests.study_kind import KIND

HEAD = f'[study]\nname = "small"\ntitle = "Prøve"\ndictionary = "words"\nseed = 1\n{KIND}'
DATA = """[[data.people]]
file = "people.csv"
"""
WAVES = """[[data.answers]]
wave = 1
file = "wave1.csv"
[[data.answers]]
wave = 2
file = "wave2.csv"
"""
CASES = """[[data.spells]]
file = "spells.csv"
observed_until = 2021-12-31
"""
COHORT = """[cohort]
unit = "person_id"
treatment = "programme"
treated = 1
cluster = "town"
index_date = "start"
"""
COMPARISON = """[comparison]
caliper = 0.5
covariates = ["age", "female"]
"""
VALUE = """[[outcome]]
name = "income"
kind = "value"
column = "income"
unit = "kr."
"""
SCORE = """[[outcome]]
name = "trust"
kind = "score"
scale = "trust"
baseline = 1
wave = 2
reliability = "none"
"""
CLOSED = """[[outcome]]
name = "closed"
kind = "time"
from = "spells"
case_type = "a"
horizon_weeks = 52
"""
TIME = """[[outcome]]
name = "left"
kind = "time"
exit = "weeks"
event = "exit"
horizon_weeks = 50
"""
SHARES = """[[shares]]
table = "answers"
scales = ["trust"]
agree = [4, 5]
"""
_COLUMN = '[columns.{name}]\ntype = "{type}"\nlabel = "{label}"\n{more}\n'
TOWNS = tuple(range(101, 113))
_TOWN = "codes = { " + ", ".join(f'{town} = "By {town}"' for town in TOWNS) + " }"
_ITEM = 'codes = { 1 = "Helt uenig", 2 = "Uenig", 3 = "Hverken", 4 = "Enig", 5 = "Helt enig" }'
_ID = 'role = "key"\nsensitivity = "identifying"'
_PEOPLE = (
    ("person_id", "string", "Person", _ID),
    ("town", "integer", "Kommune", f'{_TOWN}\nrole = "cluster"'),
    ("region", "integer", "Egn", ""),
    ("programme", "boolean", "Tilbud", 'codes = { 0 = "Nej", 1 = "Ja" }'),
    ("start", "date", "Start", ""),
    ("age", "integer", "Alder", ""),
    ("female", "boolean", "Køn", 'codes = { 0 = "Mand", 1 = "Kvinde" }'),
    ("school", "integer", "Skolegang", 'codes = { 1 = "Kort", 2 = "Mellem", 3 = "Lang" }'),
    ("note", "string", "Note", ""),
    ("income", "number", "Indkomst", 'unit = "kr."'),
    ("weeks", "integer", "Uger", ""),
    ("exit", "boolean", "Afgang", ""),
)
_ANSWERS = (
    ("person_id", "string", "Person", _ID),
    ("town", "integer", "Kommune", f'{_TOWN}\nrole = "cluster"'),
    ("answered", "date", "Svardato", 'role = "answered"'),
    *((f"trust_{item}", "integer", f"Tillid {item}", _ITEM) for item in (1, 2, 3)),
)
_SPELLS = (
    ("case_id", "string", "Sag", 'sensitivity = "identifying"'),
    ("person_id", "string", "Person", _ID),
    ("case_type", "string", "Sagstype", 'codes = { a = "Familie", b = "Job" }\nrole = "type"'),
    ("opened", "date", "Åbnet", 'role = "opened"'),
    ("closed", "date", "Lukket", 'role = "closed"'),
)
_SURVEY = 'role = "survey"\nasked = "persons"\n' + (
    'respondents = { singular = "borger", plural = "borgere", definite = "borgerne" }'
)


def _declared(head: str, key: str, columns: tuple[tuple[str, str, str, str], ...]) -> str:
    body = "".join(
        _COLUMN.format(name=name, type=kind, label=label, more=more)
        for name, kind, label, more in columns
    )
    return f'label = "Data"\nkey = ["{key}"]\n{head}\n{body}'


def small_data(*, same_persons: bool = True, n: int = 360) -> Mapping[str, pd.DataFrame]:
    """Return the files: twelve towns, six with the programme, two waves, a case each."""
    rng = np.random.default_rng(4)
    town = np.repeat(TOWNS, n // len(TOWNS))
    ids = np.array([f"{row:016x}" for row in rng.integers(2**60, 2**62, 2 * n)])
    start = pd.Timestamp("2020-02-03") + pd.to_timedelta(rng.integers(0, 200, n), "D")
    people = pd.DataFrame(
        {
            "person_id": ids[:n],
            "town": town,
            "region": town // 3,
            "programme": (town <= 106).astype(int),
            "start": start,
            "age": rng.integers(20, 60, n),
            "female": rng.integers(0, 2, n),
            "school": rng.integers(1, 4, n),
            "note": rng.choice(["x", "y"], n),
            "income": rng.normal(200, 30, n).round(1),
            "weeks": rng.integers(1, 60, n),
            "exit": rng.integers(0, 2, n),
        }
    )
    feeling = rng.normal(3, 0.8, n)
    waves = {
        f"wave{number}": pd.DataFrame(
            {
                "person_id": ids[:n] if same_persons or number == 1 else ids[n:],
                "town": town,
                "answered": start + pd.to_timedelta(days, "D"),
                **{
                    f"trust_{item}": np.clip(
                        np.round(feeling + rng.normal(0.4 * (number - 1), 0.6, n)), 1, 5
                    ).astype(int)
                    for item in (1, 2, 3)
                },
            }
        )
        for number, days in ((1, -10), (2, 300))
    }
    opened = start - pd.to_timedelta(rng.integers(1, 90, n), "D")
    spells = pd.DataFrame(
        {
            "case_id": [f"c{row}" for row in range(n)],
            "person_id": ids[:n],
            "case_type": "a",
            "opened": opened,
            "closed": (start + pd.to_timedelta(rng.integers(5, 900, n), "D")).where(
                rng.random(n) < 0.8
            ),
        }
    )
    spells.loc[spells["closed"] > "2021-12-31", "closed"] = pd.NaT
    return {"people": people, **waves, "spells": spells}


def write_study(folder: Path, *sections: str, **files: pd.DataFrame) -> Path:
    """Write a study of these sections; `files` stand in the place of `small_data`'s."""
    words = folder / "words"
    words.mkdir(parents=True, exist_ok=True)
    (words / "people.toml").write_text(
        _declared('role = "persons"', "person_id", _PEOPLE), encoding="utf-8"
    )
    (words / "answers.toml").write_text(
        _declared(_SURVEY, "person_id", _ANSWERS), encoding="utf-8"
    )
    (words / "spells.toml").write_text(
        _declared('role = "spells"', "case_id", _SPELLS), encoding="utf-8"
    )
    (words / "scales.toml").write_text(
        '[trust]\nlabel = "Tillid"\ntable = "answers"\nminimum = 1\nmaximum = 5\n'
        'items = ["trust_1", "trust_2", "trust_3"]\nleast_answered = 2\n',
        encoding="utf-8",
    )
    for name, frame in {**small_data(), **files}.items():
        frame.to_csv(folder / f"{name}.csv", index=False, date_format="%Y-%m-%d")
    text = "".join(sections)
    (folder / "study.toml").write_text(text if "[study]" in text else HEAD + text, "utf-8")
    return folder


def before_after(*sections: str) -> str:
    """Return a study of one group over time, of the survey's two waves."""
    head = HEAD.replace('"observational"', '"before_after"')
    words = "\n".join(
        line for line in head.splitlines() if not line.startswith(("treated", "comparison"))
    )
    return "\n".join([words, DATA, WAVES, *(sections or (SHARES,))])


def description() -> str:
    """Return a description of the survey's first wave, and of nothing else."""
    head, *_ = before_after("").split("[[data")
    wave = WAVES.split("[[data.answers]]\nwave = 2", maxsplit=1)[0]
    return head.replace("before_after", "description") + DATA + wave
