"""levels.csv, changes.csv, repeated.csv: one group over time, where nobody is compared with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import pairwise

import pandas as pd

import evaluation as ev
import surveys
from analyses.published.columns import Column, words
from analyses.published.digits import ByError
from analyses.published.rules import without_figures
from analyses.published.survey import hung_on, key_of, protect_scales, who_of
from analyses.published.table import WHO, Made, Release, ResultTable, together
from evaluation.terms import SCORE_UNIT
from surveys import Wave

POINTS = "percentage points"
# What is measured of every respondent: a scale's score, or whether an item was agreed to.
_Measured = tuple[str, str, str, Mapping[int, pd.DataFrame]]


def levels(made: Made) -> pd.DataFrame:
    """Return the mean score of every scale that the study file names, wave by wave."""
    rows = []
    for table, waves in _surveys(made):
        cluster = hung_on(waves, made.study)
        for scale, _, column, frames in _scales(made, table, waves):
            for number, frame in frames.items():
                found = ev.wave_level(
                    frame, column, cluster=cluster, level=made.study.inference.level
                )
                who = who_of(made, waves[number], frame[column].notna().to_numpy())
                about = {"table": table, "scale": scale, "wave": number, f"n{WHO}": who}
                rows.append({**about, "estimate": found.mean, **asdict(found)})
    return pd.DataFrame(rows)


def changes(made: Made) -> pd.DataFrame:
    """Return how scores and shares changed from the first wave to each later one."""
    study, rows = made.study, []
    for table, waves in _surveys(made):
        cluster = hung_on(waves, study)
        measured = (*_scales(made, table, waves), *_items(made, table, waves))
        for name, unit, column, frames in measured:
            # Against the first wave alone: a chain of changes would add up its errors.
            first, *later = frames
            for number in later:
                found = ev.wave_change(
                    frames[first],
                    frames[number],
                    column,
                    cluster=cluster,
                    level=study.inference.level,
                )
                about = {"table": table, "item": name, "since": first, "wave": number}
                rows.append({**about, "unit": unit, **asdict(found)})
    return pd.DataFrame(rows)


def repeated(made: Made) -> pd.DataFrame:
    """Return how many of those in a wave are in the next one too."""
    rows = []
    for table, waves in _surveys(made):
        for (first, one), (number, other) in pairwise(waves.items()):
            key = key_of(one.table)
            # Two blanks are no same person.
            same = one.frame[key].isin(other.frame[key].dropna()).to_numpy()
            who = who_of(made, one, same)
            about = {"table": table, "since": first, "wave": number}
            rows.append({**about, "n": len(who), f"n{WHO}": who})
    return pd.DataFrame(rows)


def _surveys(made: Made) -> Iterator[tuple[str, Mapping[int, Wave]]]:
    if made.study.design == "description":
        yield from made.data.waves.items()
    for table in dict.fromkeys(plan.table for plan in made.study.shares):
        yield table, made.data.waves[table]


def _scales(made: Made, table: str, waves: Mapping[int, Wave]) -> Iterator[_Measured]:
    named = [name for plan in made.study.shares if plan.table == table for name in plan.scales]
    if made.study.design == "description":
        named = [one.name for one in made.data.words.scales.values() if one.table == table]
    for name in dict.fromkeys(named):
        scale, column = made.data.words.scales[name], "score"
        frames = {
            number: wave.frame.assign(
                **{column: surveys.score(wave, scale)["score"].to_numpy()}
            )
            for number, wave in waves.items()
        }
        yield name, SCORE_UNIT, column, frames


def _items(made: Made, table: str, waves: Mapping[int, Wave]) -> Iterator[_Measured]:
    for plan in made.study.shares:
        if plan.table != table:
            continue
        agree, column = [float(level) for level in plan.agree], "agrees"
        for name in dict.fromkeys(
            item for scale in plan.scales for item in made.data.words.scales[scale].items
        ):
            frames = {}
            for number, wave in waves.items():
                answers = wave.frame[name]
                agrees = 100.0 * answers.isin(agree).astype(float)
                frames[number] = wave.frame.assign(**{column: agrees.where(answers.notna())})
            yield name, POINTS, column, frames


def protect_changes(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide a change of which a level is hidden."""
    shown = {
        (row["table"], name, int(row["wave"]))
        for name, row in together(
            part.rename(columns={column: "item"})
            for part, column in (
                (release.shown["levels"], "scale"),
                (release.shown["shares"], "item"),
            )
        )
        .dropna(subset=["estimate"])
        .set_index("item")
        .iterrows()
    }
    hidden = [
        not {(table, item, int(since)), (table, item, int(wave))} <= shown
        for table, item, since, wave in zip(
            frame["table"], frame["item"], frame["since"], frame["wave"], strict=True
        )
    ]
    return without_figures(frame, pd.Series(hidden, index=frame.index, dtype=bool))


_SINCE = Column("whole", "earlier wave")
LEVELS = ResultTable(
    name="levels",
    meaning="The mean score of each scale, wave by wave.",
    columns=words("table scale wave n estimate conf_low conf_high"),
    build=levels,
    protect=protect_scales,
    digits=(ByError(("conf_low", "conf_high"), estimate="estimate"),),
    sizes=("n",),
    studies="one group",
)
CHANGES = ResultTable(
    name="changes",
    meaning="How scores and shares changed since the first wave, whatever it is due to.",
    columns={
        **words("table"),
        "item": Column("key", "item of the survey, or scale of the dictionary"),
        "since": _SINCE,
        **words("wave estimate conf_low conf_high unit"),
        "method": Column("code", "how the interval was made; `none`: there is none"),
    },
    build=changes,
    protect=protect_changes,
    digits=(ByError(("conf_low", "conf_high"), estimate="estimate"),),
    agrees_with=("shares", "levels"),
    studies="over time",
)
REPEATED = ResultTable(
    name="repeated",
    meaning="How many of those in a wave are in the next one too.",
    columns={**words("table"), "since": _SINCE, **words("wave n")},
    build=repeated,
    protect=protect_scales,
    digits=(),
    sizes=("n",),
    studies="over time",
)
