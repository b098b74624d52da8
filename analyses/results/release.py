"""What of results may be carried home: every table held against the rules once more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from analyses.published.gate import Shown
from analyses.published.table import ResultTable
from analyses.published.tables import TABLES
from analyses.results.dominance import MOST
from analyses.results.facts import RunFacts, StudyFacts, read_facts
from analyses.results.folder import Results
from analyses.results.ownership import SEAL
from data_dictionary.errors import DataError, DesignError
from evaluation.disclosure import is_few, require_safe_curves

Dominance: TypeAlias = Literal[
    "not applicable", "public data", "not known", "at most 85 %", "more than 85 %"
]
"""What the two largest give of an amount of money; not applicable where there is none."""

# Tables that may tell of money, whatever a study is about.
_OF_AMOUNTS = frozenset(("effects", "means", "profile", "sites", "designs"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What whoever checks a release must know of one table.

    Attributes
    ----------
    table, meaning : str
        The name of the file without its ending, and what it tells.
    rows : int
        Rows of the file.
    smallest_n : int or None
        The smallest number of persons that the table tells, or that stands behind its rows.
    counted_in : str
        The table whose numbers these are; nothing where no table has any.
    threshold : int
        The study file's; 1 for public data, of which nothing is hidden.
    rule : str
        What protected the table.
    hidden : int
        Cells that were emptied.
    dominance : str
        What the two largest give of an amount, one of `Dominance`.
    fault : str
        Why it may not leave; nothing where it may.
    """

    table: str
    meaning: str
    rows: int
    smallest_n: int | None
    counted_in: str
    threshold: int
    rule: str
    hidden: int
    dominance: Dominance
    fault: str

    @property
    def passed(self) -> bool:
        """Whether it may leave."""
        return not self.fault


def sheets(results: Results) -> tuple[Sheet, ...]:
    """Return what is to be known of every table, whether or not it may leave."""
    facts = read_facts(results.manifest)
    told = facts.dominance if isinstance(facts, RunFacts) else {}
    least = facts.disclosure.min_cell
    return tuple(
        _sheet(TABLES[name], shown, results, least, told)
        for name, shown in results.published.items()
    )


def study_of(results: Results) -> tuple[StudyFacts, int, str]:
    """Return the study that results are of, its threshold, and the hash of their manifest."""
    facts = read_facts(results.manifest)
    return facts.study, facts.disclosure.min_cell, str(results.manifest[SEAL])


def require_releasable(found: Sequence[Sheet]) -> None:
    """Refuse a release with every table that fails, all at once.

    Raises
    ------
    DataError
        Naming each and why.
    """
    wrong = [f"  - {one.table}.csv: {one.fault}" for one in found if not one.passed]
    if wrong:
        lines = "\n".join(wrong)
        raise DataError(
            f"{len(wrong)} table(s) may not leave; nothing was written\n{lines}\n"
            "Larger groups in the plan, and a new run, are what helps."
        )


def overview(found: Sequence[Sheet]) -> pd.DataFrame:
    """Return the sheets as a table, a row each."""
    rows = [{**asdict(one), "passed": "yes" if one.passed else "no"} for one in found]
    return pd.DataFrame(rows).astype({"smallest_n": "Int64"})


def _sheet(
    table: ResultTable,
    shown: Shown,
    results: Results,
    least: int,
    told: Mapping[str, bool] | None,
) -> Sheet:
    smallest, counted_in = _smallest(table, shown.frame, results)
    dominance, dominated = _dominance(table.name, shown.frame, least, told)
    faults = [*_faults(table, shown.frame, smallest, least), *dominated]
    rule = " ".join((table.protect.__doc__ or "").split("\n\n")[0].split())
    return Sheet(
        table=table.name,
        meaning=table.meaning,
        rows=len(shown.frame),
        smallest_n=smallest,
        counted_in=counted_in,
        threshold=least,
        rule=rule if least > 1 else "Public data: nothing is hidden.",
        hidden=sum(len(rows) for reasons in shown.hidden.values() for rows in reasons.values()),
        dominance=dominance,
        fault="; ".join(faults),
    )


def _smallest(
    table: ResultTable, frame: pd.DataFrame, results: Results
) -> tuple[int | None, str]:
    """Return the smallest number of persons, and where it stands."""
    counts = frame[table.of("persons")].to_numpy(float, na_value=np.nan)
    if np.isfinite(counts).any():
        return int(np.nanmin(counts)), f"{table.name}.csv"
    effects = results.frames.get("effects")
    if effects is None or "outcome" not in frame:
        return None, ""
    # Ways out and causes carry the outcome that they belong to.
    own = effects["outcome"].isin(frame["outcome"].dropna())
    sizes = effects.loc[own, ["n_treated", "n_comparison"]].to_numpy(float, na_value=np.nan)
    if not np.isfinite(sizes).any():
        return None, ""
    return int(np.nanmin(sizes)), "effects.csv"


def _faults(
    table: ResultTable, frame: pd.DataFrame, smallest: int | None, least: int
) -> Iterator[str]:
    if least == 1:
        return
    counts = frame[table.of("persons")].to_numpy(float, na_value=np.nan)
    if few := int(is_few(counts, least).sum()):
        yield f"{few} count(s) below {least}"
    elif smallest is not None and smallest < least:
        yield f"fewer than {least} stand behind it"
    if table.name == "curves" and len(frame):
        try:
            require_safe_curves(frame[frame["curve"] == "incidence"], min_cell=least)
        except DesignError as error:
            yield str(error)


def _dominance(
    table: str, frame: pd.DataFrame, least: int, told: Mapping[str, bool] | None
) -> tuple[Dominance, list[str]]:
    """Return what is to be said of dominance, and what of it forbids to leave."""
    if least == 1:
        return "public data", []
    if told is None and table in _OF_AMOUNTS and len(frame):
        return "not known", ["the run did not look at dominance; run the study again"]
    if told is None or table not in told or frame.empty:
        return "not applicable", []
    if told[table]:
        return "at most 85 %", []
    return "more than 85 %", [
        f"two persons give more than {100 * MOST:g} % of an amount, or some are not known"
    ]
