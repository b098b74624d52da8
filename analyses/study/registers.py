"""Read outcomes that are looked up in a register, and the study's own groups of statuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analyses.outcomes.cases import ClosedCase
from analyses.outcomes.hours import PaidHours
from analyses.outcomes.kind import Kind
from analyses.outcomes.weekly import Weekly
from analyses.study import section_keys as keys
from analyses.study.keys import Keys
from analyses.study.register_keys import FOLLOW_UP, OF_SOURCE
from analyses.study.values import Mistakes
from data_dictionary import Codebook
from surveys.dream.status_groups import group_faults
from surveys.records.case_spells import CLOSED
from surveys.records.hours import WEEKS_PER_MONTH

WHERE = "[statuses]"
EVENTS = {"hours": "employment", "cases": CLOSED}


def register_keys(raw: object) -> Keys:
    """Return the keys of an outcome in time by the register that it names."""
    source = raw.get("from") if isinstance(raw, dict) else None
    own = OF_SOURCE.get(str(source), OF_SOURCE["dream"])
    every = {name for named in OF_SOURCE.values() for name in named}
    shared = {name: key for name, key in keys.REGISTER_TIME.items() if name not in every}
    return {**shared, **own, **FOLLOW_UP}


def register_time(values: dict[str, Any], where: str, mistakes: Mistakes) -> Kind | None:
    """Build the outcome out of checked values; None where they do not fit together."""
    source = values.pop("from")
    if source == "cases" and values["case_type"] is None:
        mistakes.add(where, "from = 'cases' needs case_type: the type of case that closes")
        return None
    if values["time_scale"] == "case" and values["case_type"] is None:
        mistakes.add(where, "time_scale = 'case' needs case_type: whose opening is time 0")
        return None
    if source != "cases" and values["time_scale"] == "index" and values["case_type"]:
        mistakes.add(where, "case_type is used by from = 'cases' or time_scale = 'case' only")
        return None
    if values["landmark"] is not None and values["time_scale"] == "case":
        mistakes.add(where, "landmark counts weeks since the index date; leave out time_scale")
        return None
    if source != "dream":
        months = values.get("months")
        values["event"] = EVENTS[source]
        values["weeks"] = 1 if months is None else round(months * WEEKS_PER_MONTH)
    values |= {"source": source, "horizon": values.pop("horizon_weeks")}
    if source == "hours":
        return PaidHours(**values)
    return ClosedCase(**values) if source == "cases" else Weekly(**values)


def read_statuses(
    raw: object, words: Codebook | None, mistakes: Mistakes
) -> Mapping[str, tuple[str, ...]]:
    """Return the study's groups: name to the statuses or code groups that it is made of."""
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        mistakes.add(WHERE, "is not a table of keys and values")
        return {}
    groups: dict[str, tuple[str, ...]] = {}
    for name, members in raw.items():
        if (
            isinstance(members, list)
            and members
            and all(isinstance(one, str) for one in members)
        ):
            groups[name] = tuple(members)
        else:
            what = 'is not a list of statuses or code groups, such as ["employment", "flexjob"]'
            mistakes.add(f"{WHERE} {name}", what)
    codes = None if words is None else words.code_lists.get("dream")
    if codes is None:
        mistakes.add(WHERE, "needs a dictionary with DREAM's code list")
        return {}
    for fault in group_faults(codes, groups):
        mistakes.add(WHERE, fault)
    return groups
