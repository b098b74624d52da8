"""levels.csv, changes.csv, repeated.csv: one group over time, where nobody is compared with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

import evaluation as ev
import surveys
from analyses.published.columns import Column, words
from analyses.published.rules import few_of, without_figures
from analyses.published.survey import few_left_it_out, hung_on, key_of
from analyses.published.table import Made, Release, ResultTable, together
from evaluation.disclosure import is_small
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
                rows.append(
                    {
                        "table": table,
                        "scale": scale,
                        "wave": number,
                        "n": found.n,
                        "estimate": found.mean,
                        "conf_low": found.conf_low,
                        "conf_high": found.conf_high,
                    }
                )
    return pd.DataFrame(rows)


def changes(made: Made) -> pd.DataFrame:
    """Return how scores and shares changed from the first wave to each later one."""
    study, rows = made.study, []
    for table, waves in _surveys(made):
        cluster = hung_on(waves, study)
        measured = (*_scales(made, table, waves), *_items(made, table, waves))
        for name, unit, column, frames in measured:
            first, *later = frames
            for number in later:
                found = ev.wave_change(
                    frames[first],
                    frames[number],
                    column,
                    cluster=cluster,
                    level=study.inference.level,
                    draws=study.inference.draws,
                    seed=study.seed,
                )
                rows.append(
                    {
                        "table": table,
                        "item": name,
                        "since": first,
                        "wave": number,
                        "estimate": found.estimate,
                        "conf_low": found.conf_low,
                        "conf_high": found.conf_high,
                        "unit": unit,
                        "method": found.method,
                    }
                )
    return pd.DataFrame(rows)


def repeated(made: Made) -> pd.DataFrame:
    """Return how many of those in a wave are in the next one too."""
    rows = []
    for table, waves in _surveys(made):
        for (first, one), (number, other) in pairwise(waves.items()):
            key = key_of(one.table)
            same = set(one.frame[key].dropna()) & set(other.frame[key].dropna())
            rows.append(
                {
                    "table": table,
                    "since": first,
                    "wave": number,
                    "n": len(same),
                    "rows_since": len(one.frame),
                    "rows": len(other.frame),
                }
            )
    return pd.DataFrame(rows)


def _surveys(made: Made) -> Iterator[tuple[str, Mapping[int, Wave]]]:
    for table in dict.fromkeys(plan.table for plan in made.study.shares):
        yield table, made.data.waves[table]


def _scales(made: Made, table: str, waves: Mapping[int, Wave]) -> Iterator[_Measured]:
    named = [name for plan in made.study.shares if plan.table == table for name in plan.scales]
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


def protect_levels(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide the mean of few; where few of a wave left a scale out, its base and its digits."""
    few = pd.Series(few_of(frame, ["n"], release.min_cell), index=frame.index)
    made = without_figures(frame, few)
    made["n"] = made["n"].mask(few)
    return few_left_it_out(made, release)


def protect_changes(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide a change of which a level is hidden; the others have one decimal."""
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
    made = without_figures(frame, pd.Series(hidden, index=frame.index, dtype=bool))
    if release.min_cell > 1:
        told = ["estimate", "conf_low", "conf_high"]
        made[told] = made[told].astype(float).round(1)
    return made


def protect_repeated(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide a number of few, and one that differs by few from what is told of either wave."""
    made, response = frame.copy(), release.made["response"]
    sizes = response.groupby(["table", "wave"])[["n_invited", "n_answered"]].max()
    for place, row in frame.iterrows():
        told = [row["n"]]
        for wave, size in ((row["since"], row["rows_since"]), (row["wave"], row["rows"])):
            known = [size, *sizes.loc[(row["table"], wave)].dropna()]
            told += [float(one) - row["n"] for one in known]
        if is_small(np.array(told, float), release.min_cell).any():
            made.loc[place, "n"] = np.nan
    return made


_SINCE = Column("whole", "earlier wave")
LEVELS = ResultTable(
    name="levels",
    meaning="The mean score of each scale, wave by wave.",
    columns=words("table scale wave n estimate conf_low conf_high"),
    build=levels,
    protect=protect_levels,
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
    agrees_with=("shares", "levels"),
    studies="one group",
)
REPEATED = ResultTable(
    name="repeated",
    meaning="How many of those in a wave are in the next one too.",
    columns={**words("table"), "since": _SINCE, **words("wave n")},
    build=repeated,
    protect=protect_repeated,
    studies="one group",
)
