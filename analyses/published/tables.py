"""Every table of a results folder, in one visible list."""

from __future__ import annotations

from collections.abc import Mapping

from analyses.published.answers import ANSWERS
from analyses.published.balance import BALANCE, RESPONDENTS
from analyses.published.curves import CURVES
from analyses.published.design import DESIGN
from analyses.published.designs import BENCHMARK, CONTRASTS, DESIGNS
from analyses.published.durations import DURATIONS
from analyses.published.effects import EFFECTS
from analyses.published.flow import FLOW
from analyses.published.grades import GRADES
from analyses.published.groups import PROFILE
from analyses.published.means import MEANS
from analyses.published.municipalities import MUNICIPALITIES, PRETRENDS
from analyses.published.over_time import CHANGES, LEVELS, REPEATED
from analyses.published.paths import PATHS
from analyses.published.sensitivity import SENSITIVITY
from analyses.published.sites import SITES
from analyses.published.spells import SPELLS
from analyses.published.starts import STARTS
from analyses.published.survey import MISSING, RESPONSE, SCALES, SHARES
from analyses.published.table import ResultTable, Studies, ordered
from analyses.published.times import DIFFERENCES, QUANTILES, TESTS


class Tables:
    """The tables as attributes; of some results they are the published frames."""

    __slots__ = ()

    effects = EFFECTS
    grades = GRADES
    balance = BALANCE
    curves = CURVES
    tests = TESTS
    quantiles = QUANTILES
    differences = DIFFERENCES
    paths = PATHS
    flow = FLOW
    durations = DURATIONS
    means = MEANS
    scales = SCALES
    shares = SHARES
    sites = SITES
    profile = PROFILE
    sensitivity = SENSITIVITY
    response = RESPONSE
    respondents = RESPONDENTS
    missing = MISSING
    spells = SPELLS
    starts = STARTS
    design = DESIGN
    designs = DESIGNS
    contrasts = CONTRASTS
    municipalities = MUNICIPALITIES
    pretrends = PRETRENDS
    benchmark = BENCHMARK
    answers = ANSWERS
    levels = LEVELS
    changes = CHANGES
    repeated = REPEATED


TABLES: Mapping[str, ResultTable] = {
    table.name: table for table in vars(Tables).values() if isinstance(table, ResultTable)
}
ORDER = ordered(TABLES.values())


_OWN: Mapping[str, tuple[Studies, ...]] = {
    "before_after": ("one group", "over time"),
    "description": ("one group", "described"),
}


def tables_of(design: object) -> Mapping[str, ResultTable]:
    """Return the tables that a study of that design has."""
    own = (*_OWN.get(str(design), ("compared",)), "all")
    # Of sizes that lie close the first is told: where answers are all, that of everybody.
    first = ("response",) if design == "description" else ()
    names = dict.fromkeys((*first, *TABLES))
    return {name: TABLES[name] for name in names if TABLES[name].studies in own}
