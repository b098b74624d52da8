"""scales.csv, shares.csv, response.csv, missing.csv: what the surveys collected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

import evaluation as ev
import surveys
from analyses.cohort.derive import keys_of
from analyses.published.columns import Column, words
from analyses.published.rules import both, share_of_few, within
from analyses.published.table import Made, Release, ResultTable, together
from analyses.study.sections import Study
from data_dictionary import Table
from evaluation.comparison.arms import ARMS
from evaluation.disclosure import is_small, suppress_counts
from surveys import Wave


def scales(made: Made) -> pd.DataFrame:
    """Return Cronbach's alpha of every scale in every wave."""
    rows = []
    for scale in made.data.words.scales.values():
        for wave in made.data.waves.get(str(scale.table), {}).values():
            found = surveys.reliability(wave, scale)
            rows.append(
                {
                    "scale": scale.name,
                    "wave": wave.wave,
                    "n": found.n,
                    "items": len(scale.items),
                    "alpha": found.alpha,
                    "conf_low": found.conf_low,
                    "conf_high": found.conf_high,
                }
            )
    return pd.DataFrame(rows)


def shares(made: Made) -> pd.DataFrame:
    """Return the shares of answers that the study file asks for."""
    study, tables, parts = made.study, made.data, []
    for plan in study.shares:
        items = [item for name in plan.scales for item in tables.words.scales[name].items]
        for number, wave in tables.waves[plan.table].items():
            found = ev.shares(
                wave.frame,
                items=items,
                agree=[float(level) for level in plan.agree],
                cluster=hung_on(tables.waves[plan.table], study),
                level=study.inference.level,
            )
            parts.append(
                found.assign(table=plan.table, wave=number, group="all", level="agree")
            )
    return together(parts)


def key_of(table: Table) -> str:
    """Return the column with the respondents' key."""
    return table.key[0] if table.key and not table.has("key") else table.playing("key").name


def place_of(waves: Mapping[int, Wave], study: Study) -> str | None:
    """Return the column with a survey's places: the cohort's clusters, else its own role."""
    if not waves:
        return None
    table = next(iter(waves.values())).table
    place = None if study.design == "before_after" else study.cohort.cluster
    if place not in table.names:
        place = table.playing("cluster").name if table.has("cluster") else None
    return place if all(place in wave.frame for wave in waves.values()) else None


def hung_on(waves: Mapping[int, Wave], study: Study) -> str:
    """Return the column on which answers hang together: the place, else the person."""
    return place_of(waves, study) or key_of(next(iter(waves.values())).table)


def response(made: Made) -> pd.DataFrame:
    """Return who was asked and who answered, by arm where the study's persons are asked.

    Whom a survey asked is what its dictionary says, never those who happened to answer; where
    it does not say, nobody is counted as asked.
    """
    tables, rows = made.data, []
    compares = made.study.design != "before_after"
    groups = _groups(made) if compares else {"all": _persons(made)}
    unit = made.study.cohort.unit if compares else None
    for table, waves in tables.waves.items():
        asked, key = tables.words[table].asked, tables.words[table].key
        items = [
            item
            for scale in tables.words.scales.values()
            if scale.table == table
            for item in scale.items
        ]
        is_of_persons = unit in key or asked == "persons"
        for number, wave in waves.items():
            answered = wave.frame[items].notna().any(axis=1).to_numpy()
            for arm, persons in (groups if is_of_persons else EVERYBODY).items():
                own = np.ones(answered.size, dtype=np.bool_)
                if persons is not None:
                    own = wave.frame[key[0]].isin(persons).to_numpy()
                n = {"rows": float(own.sum()), "persons": float(len(persons or ()))}
                invited, told = n.get(str(asked), np.nan), int((own & answered).sum())
                rows.append(
                    {
                        "table": table,
                        "wave": number,
                        "arm": arm,
                        "n_invited": invited,
                        "n_answered": told,
                        "share": 100 * told / invited if invited else np.nan,
                    }
                )
    return pd.DataFrame(rows)


def _groups(made: Made) -> dict[str, set[Any]]:
    """Return the persons of each arm: those in the analysis that no answer decides on.

    Where every outcome needs answers they are all persons of the study, also put together: of
    those who were matched because they answered everybody did.
    """
    main, cohort = made.estimates.main, made.study.cohort
    m = main.matched
    persons, treated, used = m.frame[m.roles.unit], m.treated, m.used
    if main.outcome.is_asked:
        people = made.data.frames[cohort.table]
        persons, used = keys_of(cohort, made.data), np.ones(len(people), dtype=np.bool_)
        treated = (people[cohort.treatment] == cohort.treated).to_numpy(bool, na_value=False)
    arms = dict(zip(ARMS, (treated, ~treated), strict=True))
    found = {arm: set(persons[used & own]) for arm, own in arms.items()}
    return {**found, "all": set(persons)} if main.outcome.is_asked else found


def _persons(made: Made) -> set[Any]:
    """Return the persons of a study of one group, where it has a table of them."""
    words = made.data.words
    name = next((one for one in made.data.frames if words[one].role == "persons"), None)
    return set() if name is None else set(made.data.frames[name][key_of(words[name])])


def missing(made: Made) -> pd.DataFrame:
    """Return how often each question has each kind of missing answer."""
    return together(
        wave.missing_counts().assign(table=table, wave=number)
        for table, waves in made.data.waves.items()
        for number, wave in waves.items()
    )


def few_left_it_out(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide the base of an item or scale that few of a wave left out; its share loses digits.

    How many answered the wave stands in response.csv.
    """
    response = release.made["response"]
    if response.empty or release.min_cell == 1:
        return frame
    everybody = response[response["arm"] == "all"]
    made = frame.copy()
    for wave, answered in zip(everybody["wave"], everybody["n_answered"], strict=True):
        few = is_small(float(answered) - frame["n"].to_numpy(float), release.min_cell)
        few &= (frame["wave"] == wave).to_numpy()
        made["n"] = made["n"].astype("Int64").mask(few)
        told = [name for name in ("estimate", "conf_low", "conf_high") if name in frame]
        made.loc[few, told] = made.loc[few, told].astype(float).round(1)
    return made


def protect_response(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide a share of few, and the sum of both arms where one of them is hidden."""
    made = share_of_few("share", "n_invited", "n_answered")(frame, release)
    whole = made["arm"] == "all"
    for name in ("n_invited", "n_answered"):
        gone = made[name].isna() & frame[name].notna() & ~whole
        behind = gone.groupby([made["table"], made["wave"]]).transform("any") & whole
        made.loc[behind, [name, "share"]] = pd.NA
    return made


def protect_missing(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide small counts of a kind, and another beside them: a question's total is known.

    The others are rounded to `min_cell`: from one question to the next a few break off.
    """
    least = release.min_cell
    made = suppress_counts(frame, "n", min_cell=least, within=QUESTION)
    made["n"] = (made["n"] / least).round() * least
    return made


EVERYBODY: Mapping[str, set[Any] | None] = {"all": None}
QUESTION = ("table", "wave", "column")
SCALES = ResultTable(
    name="scales",
    meaning="How well the items of a scale hang together, wave by wave.",
    columns=words("scale wave n items alpha conf_low conf_high"),
    build=scales,
    protect=few_left_it_out,
    studies="all",
)
SHARES = ResultTable(
    name="shares",
    meaning="Shares of answers that the study file asks for.",
    columns=words("table wave group item level n estimate conf_low conf_high")
    | {
        "estimate": Column("share", "per cent who answered so"),
        "level": Column("code", "which answers are counted"),
    },
    build=shares,
    protect=both(share_of_few("estimate", "n", "conf_low", "conf_high"), few_left_it_out),
    studies="all",
)
RESPONSE = ResultTable(
    name="response",
    meaning="Who was asked and who answered, by wave and arm.",
    columns=words("table wave arm n_invited n_answered share"),
    build=response,
    protect=protect_response,
    studies="all",
)
MISSING = ResultTable(
    name="missing",
    meaning="How often each question has each kind of missing answer.",
    columns=words("table wave column kind n"),
    build=missing,
    protect=protect_missing,
    sums={"n": within(*QUESTION)},
    studies="all",
)
