"""scales.csv, shares.csv, response.csv, missing.csv: what the surveys collected."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import evaluation as ev
import surveys
from analyses.cohort.derive import keys_of
from analyses.cohort.who import of_kind, people
from analyses.inputs.tables import ROW
from analyses.published.columns import Column, words
from analyses.published.digits import ByError, OfPersons
from analyses.published.rules import counted, share_of_few
from analyses.published.table import WHO, Made, Release, ResultTable, together
from analyses.study.sections import Study
from data_dictionary import Column as Question
from data_dictionary import Table
from evaluation.comparison.arms import ARMS
from evaluation.disclosure import is_few
from evaluation.disclosure.rules import floored
from evaluation.disclosure.sizes import Who
from surveys import Wave

EVERYBODY, BLANK = "all", "blank"
FROM_RELIABILITY = ("n", "alpha", "conf_low", "conf_high")


def who_of(made: Made, wave: Wave, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Who:
    """Return who stands in rows of a wave: the study's persons, or others as the staff."""
    key = key_of(wave.table)
    found = people(wave.frame[key], rows)
    compares = made.study.compares
    of_study = key == made.study.cohort.unit if compares else wave.table.asked == "persons"
    return found if of_study else of_kind(wave.table.name, found)


def scales(made: Made) -> pd.DataFrame:
    """Return Cronbach's alpha of every scale in every wave."""
    rows = []
    for scale in made.data.words.scales.values():
        for wave in made.data.waves.get(str(scale.table), {}).values():
            answered = wave.frame[list(scale.items)].notna().all(axis=1).to_numpy()
            about = {"scale": scale.name, "wave": wave.wave, "items": len(scale.items)}
            about[f"n{WHO}"] = who_of(made, wave, answered)
            found = surveys.reliability(wave, scale)
            rows.append(about | {name: getattr(found, name) for name in FROM_RELIABILITY})
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
            who = [
                who_of(made, wave, wave.frame[item].notna().to_numpy())
                for item in found["item"]
            ]
            found[f"n{WHO}"] = pd.Series(who, dtype=object)
            parts.append(
                found.assign(table=plan.table, wave=number, group=EVERYBODY, level="agree")
            )
    return together(parts)


def key_of(table: Table) -> str:
    """Return the column with the respondents' key; of a table without, that of its rows."""
    if not (table.key or table.has("key")):
        return ROW
    return table.key[0] if table.key and not table.has("key") else table.playing("key").name


def described(table: Table) -> list[Question]:
    """Return the questions whose answers can be counted or averaged, and name nobody."""
    return [
        one
        for one in table.columns
        if one.role != "key"
        and one.name not in table.key
        and one.sensitivity != "identifying"
        and (one.codes or one.type in ("number", "integer", "boolean"))
    ]


def place_of(waves: Mapping[int, Wave], study: Study) -> str | None:
    """Return the column with a survey's places: the cohort's clusters, else its own role."""
    if not waves:
        return None
    table = next(iter(waves.values())).table
    place = study.cohort.cluster if study.compares else None
    # Staff surveys have places of their own, which need not be the cohort's clusters.
    if place not in table.names:
        place = table.playing("cluster").name if table.has("cluster") else None
    return place if all(place in wave.frame for wave in waves.values()) else None


def hung_on(waves: Mapping[int, Wave], study: Study) -> str:
    """Return the column on which answers hang together: the place, else the person."""
    # Colleagues answer alike; without places a person's own answers still hang together.
    return place_of(waves, study) or key_of(next(iter(waves.values())).table)


def response(made: Made) -> pd.DataFrame:
    """Return who was asked and who answered, by arm where the study's persons are asked.

    Whom a survey asked is what its dictionary says, never those who happened to answer; where
    it does not say, nobody is counted as asked.
    """
    tables, rows = made.data, []
    compares = made.study.compares
    groups = _groups(made) if compares else {"all": _persons(made)}
    unit = made.study.cohort.unit if compares else None
    for table, waves in tables.waves.items():
        asked, key = tables.words[table].asked, tables.words[table].key
        items = _questions(made, tables.words[table])
        is_of_persons = unit in key or asked == "persons"
        for number, wave in waves.items():
            answered = wave.frame.reindex(columns=items).notna().any(axis=1).to_numpy()
            for arm, persons in (groups if is_of_persons else {EVERYBODY: None}).items():
                own = np.ones(answered.size, dtype=np.bool_)
                if persons is not None:
                    own = wave.frame[key[0]].isin(persons).to_numpy()
                in_rows, in_arm = who_of(made, wave, own), frozenset(persons or ())
                # By the dictionary: a file may hold those alone who answered.
                invited = {"rows": (own.sum(), in_rows), "persons": (len(in_arm), in_arm)}
                n, who = invited.get(str(asked), (np.nan, None))
                told = int((own & answered).sum())
                rows.append(
                    {
                        "table": table,
                        "wave": number,
                        "arm": arm,
                        "n_invited": float(n),
                        f"n_invited{WHO}": who,
                        "n_answered": told,
                        f"n_answered{WHO}": who_of(made, wave, own & answered),
                        "share": 100 * told / n if n else np.nan,
                    }
                )
    return pd.DataFrame(rows)


def _questions(made: Made, table: Table) -> list[str]:
    """Return the questions of which an answer to any makes somebody who answered."""
    if made.study.design == "description":
        return [one.name for one in described(table)]
    scales = made.data.words.scales.values()
    return [item for scale in scales if scale.table == table.name for item in scale.items]


def _groups(made: Made) -> dict[str, set[Any]]:
    """Return the persons of each arm: those in the analysis that no answer decides on.

    Where every outcome needs answers they are all persons of the study, also put together: of
    those who were matched because they answered everybody did.
    """
    main, cohort = made.estimates.main, made.study.cohort
    m = main.matched
    persons, treated, used = m.frame[m.roles.unit], m.treated, m.used
    # Matched because they answered, everybody would have.
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
    parts = []
    for table, waves in made.data.waves.items():
        for number, wave in ((at, _with_blanks(made, one)) for at, one in waves.items()):
            ledger = wave.missing_counts()
            rows = wave.missing.groupby(["column", "kind"])["row"].agg(list)
            who = [
                who_of(made, wave, np.array(rows[column, kind]))
                for column, kind in zip(ledger["column"], ledger["kind"], strict=True)
            ]
            ledger[f"n{WHO}"] = pd.Series(who, dtype=object)
            parts.append(ledger.assign(table=table, wave=number))
    return together(parts)


def _with_blanks(made: Made, wave: Wave) -> Wave:
    """Return a wave with the blanks of questions that have no other kind, in a description."""
    if made.study.design != "description":
        return wave
    blanks = [
        pd.DataFrame({"row": np.flatnonzero(wave.frame[one.name].isna())}).assign(
            column=one.name, kind=BLANK
        )
        for one in described(wave.table)
        if not one.missing and one.name in wave.frame
    ]
    found = together([wave.missing, *blanks])
    return replace(wave, missing=found if len(found) else wave.missing)


def protect_scales(frame: pd.DataFrame, release: Release) -> pd.DataFrame:  # noqa: ARG001
    """Hide nothing but the sizes that `min_cell` hides everywhere."""
    return frame


def protect_response(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Tell the share who answered by the sizes shown, and no sum of arms told as others."""
    made = share_of_few("share", "n_invited")(frame, release)
    whole = made["arm"] == EVERYBODY
    for name in ("n_invited", "n_answered"):
        told = made[name].to_numpy(float, na_value=np.nan)
        retold = (told != counted(frame, name)) & frame[f"{name}{WHO}"].notna() & ~whole
        behind = retold.groupby([made["table"], made["wave"]]).transform("any") & whole
        made[name] = made[name].astype("Int64").mask(behind)
    share = 100.0 * made["n_answered"].astype(float) / made["n_invited"].astype(float)
    return made.assign(share=share.where(made["share"].notna() & (share < 100.0)))


def protect_missing(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide few of a kind, and tell the others in classes of `min_cell`, by their lower ends.

    From one question to the next a few break off, and the kinds of a question add up with its
    answers to all who were asked: where shares.csv tells the answers, blanks are hidden, and
    other kinds beside few; where response.csv tells who answered nothing at all, the classes
    of blanks begin there.  Where answers.csv tells the answers and blanks are the only kind,
    they are told as the other sizes tell them.
    """
    n, least = frame["n"].to_numpy(float), release.min_cell
    asked = release.shown["response"]
    asked = asked[asked["arm"] == EVERYBODY].set_index(["table", "wave"])
    silent = (asked["n_invited"] - asked["n_answered"]).astype(float)
    is_blank = (frame["kind"] == BLANK).to_numpy()
    own = silent.reindex(pd.MultiIndex.from_frame(frame[["table", "wave"]])).fillna(0.0)
    # Whoever answered nothing left out every question: that many are told already.
    begins = np.where(is_blank & (own <= n), own, 0.0)
    told = np.where(is_few(n, least), np.nan, begins + floored(n - begins, least))
    made = frame.assign(n=told)
    shares = release.shown["shares"].set_index(["table", "wave", "item"])["n"]
    told_of = shares.astype(float).to_dict()
    described_of: Mapping[Hashable, float] = {}
    if len(every := release.shown.get("answers", pd.DataFrame())):
        by_question = every.groupby(["table", "wave", "column"])["n"].first()
        told_of |= (described_of := by_question.astype(float).to_dict())
    replied = asked["n_answered"].astype(float).to_dict()
    for item, rows in made.groupby(["table", "wave", "column"], sort=False):
        if item not in told_of:
            continue
        left = replied.get(item[:2], np.nan) - told_of[item]
        if item in described_of and is_blank[rows.index].all():
            gone = left + begins[rows.index]
            made.loc[rows.index, "n"] = np.where(gone < least, np.nan, floored(gone, least))
            continue
        # All asked less answers less other kinds: blanks are what is left, and told by that.
        made.loc[rows.index[is_blank[rows.index]], "n"] = np.nan
        # What is left for few beside those told must be as much as few may be.
        kinds = made.loc[rows.index, "n"].dropna()
        while len(kinds) and left - kinds.sum() < least - 1:
            made.loc[kinds.index[0], "n"] = np.nan
            kinds = kinds.iloc[1:]
    return made


SCALES = ResultTable(
    name="scales",
    meaning="How well the items of a scale hang together, wave by wave.",
    columns=words("scale wave n items alpha conf_low conf_high"),
    build=scales,
    protect=protect_scales,
    digits=(ByError(("conf_low", "conf_high"), estimate="alpha"),),
    sizes=("n",),
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
    protect=share_of_few("estimate", "n", "conf_low", "conf_high"),
    digits=(OfPersons(("estimate", "conf_low", "conf_high"), base="n"),),
    sizes=("n",),
    studies="all",
)
RESPONSE = ResultTable(
    name="response",
    meaning="Who was asked and who answered, by wave and arm.",
    columns=words("table wave arm n_invited n_answered share"),
    build=response,
    protect=protect_response,
    digits=(OfPersons(("share",), base="n_invited"),),
    sizes=("n_answered", "n_invited"),
    studies="all",
)
MISSING = ResultTable(
    name="missing",
    meaning="How often each question has each kind of missing answer.",
    columns=words("table wave column kind n"),
    build=missing,
    protect=protect_missing,
    digits=(),
    agrees_with=("response", "shares", "answers"),
    studies="all",
)
