"""Describe what was collected: reliability, shares, response, missing answers, spells."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import evaluation as ev
import surveys
from analyses.findings.estimate import Estimates
from analyses.inputs.tables import Tables
from analyses.study.sections import Study
from evaluation.comparison.arms import ARMS

DAYS_PER_WEEK = 7


def scales(tables: Tables) -> pd.DataFrame:
    """Return Cronbach's alpha of every scale in every wave, as in scales.csv."""
    rows = []
    for scale in tables.words.scales.values():
        for wave in tables.waves.get(str(scale.table), {}).values():
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


def shares(study: Study, tables: Tables) -> pd.DataFrame:
    """Return the shares of answers that the study file asks for, as in shares.csv."""
    parts = []
    for plan in study.shares:
        items = [item for name in plan.scales for item in tables.words.scales[name].items]
        for number, wave in tables.waves[plan.table].items():
            found = ev.shares(
                wave.frame,
                items=items,
                agree=[float(level) for level in plan.agree],
                cluster=str(study.cohort.cluster),
                level=study.inference.level,
            )
            parts.append(
                found.assign(table=plan.table, wave=number, group="all", level="agree")
            )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def response(study: Study, tables: Tables, estimates: Estimates) -> pd.DataFrame:
    """Return who was asked and who answered, by arm of the comparison where it asks persons."""
    m = estimates.main.matched
    persons = m.frame[m.roles.unit]
    members = {
        "treated": set(persons[m.used & m.treated]),
        "comparison": set(persons[m.used & ~m.treated]),
    }
    rows = []
    for table, waves in tables.waves.items():
        key = tables.words[table].key[0]
        items = [
            item
            for scale in tables.words.scales.values()
            if scale.table == table
            for item in scale.items
        ]
        for number, wave in waves.items():
            answered = wave.frame[items].notna().any(axis=1).to_numpy()
            arms: dict[str, NDArray[np.bool_]] = {
                "all": np.ones(len(wave.frame), dtype=np.bool_)
            }
            if key == study.cohort.unit:
                arms = {arm: wave.frame[key].isin(members[arm]).to_numpy() for arm in ARMS}
            rows += [
                {
                    "table": table,
                    "wave": number,
                    "arm": arm,
                    "n_invited": int(own.sum()),
                    "n_answered": int((own & answered).sum()),
                    "share": 100 * float(answered[own].mean()) if own.any() else np.nan,
                }
                for arm, own in arms.items()
            ]
    return pd.DataFrame(rows)


def missing_kinds(tables: Tables) -> pd.DataFrame:
    """Return how often each question has each kind of missing answer, as in missing.csv."""
    parts = [
        wave.missing_counts().assign(table=table, wave=number)
        for table, waves in tables.waves.items()
        for number, wave in waves.items()
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def spells(tables: Tables, estimates: Estimates) -> pd.DataFrame:
    """Return how long the matched persons' cases last, as in spells.csv.

    The quartiles are those of the spells as observed; where many are open they are lower
    limits, which is why the share of open ones stands beside them.
    """
    if tables.cases is None:
        return pd.DataFrame()
    m = estimates.main.matched
    frame = tables.cases.frame
    weeks = ((frame["stop"] - frame["start"]).dt.days + 1) / DAYS_PER_WEEK
    rows = []
    for arm, own in zip(ARMS, (m.treated, ~m.treated), strict=True):
        mine = frame["person_id"].isin(set(m.frame.loc[own & m.used, m.roles.unit]))
        for case_type, found in frame.loc[mine].groupby("case_type", observed=True):
            quartiles = weeks.loc[found.index].quantile([0.25, 0.5, 0.75]).to_numpy()
            rows.append(
                {
                    "case_type": case_type,
                    "arm": arm,
                    "n": len(found),
                    "median_weeks": quartiles[1],
                    "p25_weeks": quartiles[0],
                    "p75_weeks": quartiles[2],
                    "open_share": 100 * float((~found["closed"]).mean()),
                }
            )
    return pd.DataFrame(rows)
