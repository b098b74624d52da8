"""Reads DREAM's wide files into weekly statuses: code, industry of the month, residency.

DREAM has no code for employment. A week's status is composed by this rule:

1. A code decides. A job beside a benefit is invisible (one code per week), so a benefit code
   with an industry in the month is the benefit, and SU with a student job is education. Codes
   121-123, holiday benefit earned in a job, count as employment.
2. Without a code, an industry in the month of the week's Thursday is employment.
3. Without either, the week is self-support, never a job.
4. Where residency is known, self-support and employment outside it are neither
   (`Dream.with_residency`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.code_lists import CodeList, load_code_list
from data_dictionary.columns import Column, ColumnRole
from data_dictionary.errors import ColumnError, DataError, did_you_mean
from data_dictionary.executor import Executor
from data_dictionary.tables import Table
from data_dictionary.values import convert
from surveys.dream.compose import Composer, Spine
from surveys.dream.families import Family
from surveys.dream.periods import Periods, read_periods
from surveys.dream.register import Dream
from surveys.dream.residency import ROLES
from surveys.dream.status_groups import Groups, merge_statuses, split_codes
from surveys.files.key_texts import cleaned_keys
from surveys.files.person_keys import key_faults
from surveys.files.read_table import TableFile
from surveys.files.source import Known, Reading
from surveys.files.wide import Read, WideFile, blocks_kept, open_wide

_NO_RESIDENCY = (
    "Residency is not known: a week without code and industry counts as self-support, and one "
    "without code but with industry as employment, also abroad."
)
_COMPOSED = ("employment", "self_support", "not_resident", "emigration")
# Columns of these roles are read by their distinct values, whatever those look like.
_TEXTS: tuple[ColumnRole, ...] = ("industry", "residence", "match_group")


def read_dream(
    path: str | Path,
    table: Table,
    codes: CodeList | None = None,
    residency: pd.DataFrame | TableFile | None = None,
    *,
    persons: Collection[object] | None = None,
    groups: Groups | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    decimal: Literal[".", ","] | None = None,
    rename: Mapping[str, str] | None = None,
    executor: Executor | None = None,
) -> Dream:
    """Read DREAM's weekly codes and monthly industries to one status per person and week.

    Parameters
    ----------
    path : str or Path
        Parquet, read block by block, so that memory is a byte per person and week kept,
        whatever the file's size; any other format that `surveys.read` knows is read whole.
    table : Table
        The dictionary's table. Its columns play the roles key, benefit (a code per week) and
        industry (per month), and where there are such, residence and match_group.
    codes : CodeList or None
        Meaning of the codes; None is the list shipped with the ``enplan`` edition.
    residency : pandas.DataFrame, TableFile or None
        Population with ``person_id``, ``resident_from``, ``resident_until``, or a table read
        by `read_table` whose columns play the roles key, resident_from and resident_until;
        None leaves residency out, which the notes then say.
    persons : collection or None
        Keys of the persons to keep, such as those of the population; None keeps everybody.
    groups : Mapping of str to sequence of str, or None
        Statuses of one's own: name to the statuses or code groups that it is made of.
    encoding, sheet, decimal, rename
        As in `surveys.read_table`.
    executor : Executor or None
        Reads the parts of a large parquet file, which must lie where its workers can read it;
        None reads the file in one go.

    Returns
    -------
    Dream
        All weeks that have a code column and whose month has an industry column; how many
        were left out for want of one stands in `notes`. Municipalities and match groups, where
        the file has them.

    Raises
    ------
    ColumnError
        If the person's column is missing, or no column plays a role that is needed.
    DesignError
        If a group names something unknown, or groups overlap.
    DataError
        If the file cannot be read, a week or month is missing in the sequence or does not
        exist, a code is not in the list (code, weeks and count are named), a person is
        missing or stands twice, or none of `persons` is there.
    """
    path = Path(path)
    codes, groups = codes or load_code_list("enplan"), groups or {}
    lacking = [name for name in _COMPOSED if name not in codes.statuses]
    if lacking:
        raise DataError(
            f"the code list '{codes.name}' lacks the status(es) {', '.join(lacking)}, which "
            "are composed from industry and residency."
        )
    codes = split_codes(codes, groups)
    key, weeks, months = (
        table.playing("key"),
        _family(table, "benefit"),
        _family(table, "industry"),
    )
    # Some formats know capitals only; the names of a register differ in more than that.
    own = {old: new.lower() for old, new in (rename or {}).items()}

    def named(column: str) -> str:
        return own.get(column, column.lower())

    texts = [_family(table, role) for role in _TEXTS if table.has(role)]
    known = Known(
        is_key=lambda column: named(column) == key.name.lower(),
        is_text=lambda column: any(family.has(named(column)) for family in texts),
    )
    how = Reading(encoding=encoding, sheet=sheet, decimal=decimal)
    file = open_wide(path, how, known)
    names = {named(column): column for column in file.columns}
    if key.name.lower() not in names:
        nearest = did_you_mean(key.name, names)
        raise ColumnError(f"{path.name}: there is no column '{key.name}'.{nearest}")
    if len(names) < len(file.columns):
        raise DataError(f"{path.name}: columns have the same name but for capitals.")
    if file.provenance.rows == 0:
        raise DataError(f"{path.name}: the table has no rows.")
    try:
        spine = Spine.of(list(names), weeks, months)
    except DataError as error:
        raise DataError(f"{path.name}: {error}") from error
    keys = _keys(file.keys(names[key.name.lower()]), key)
    if faults := key_faults(keys):
        raise DataError(f"{path.name}: " + "; ".join(faults))
    kept, notes = _kept(keys, persons, path.name)
    composer = Composer(codes=codes, spine=spine, names=names)
    dream = replace(
        Dream.from_arrays(
            keys[kept],
            spine.weeks,
            _matrix(file, kept, composer, executor),
            statuses=tuple(codes.statuses),
            provenance=file.provenance,
            notes=spine.notes + notes,
        ),
        municipality=_periods(file, names, kept, table, "residence"),
        match_group=_periods(file, names, kept, table, "match_group"),
    )
    if residency is None:
        dream = replace(dream, notes=(*dream.notes, _NO_RESIDENCY))
    else:
        if isinstance(residency, TableFile):
            residency = residency.played(ROLES)
        dream = dream.with_residency(residency)
    return merge_statuses(dream, groups) if groups else dream


def _family(table: Table, role: ColumnRole) -> Family:
    """Return the family of columns that plays a role."""
    column = table.playing(role)
    if column.pattern is None:
        raise DataError(
            f"column '{column.name}' of table '{table.name}' plays the role {role} and is one "
            f'column; declare the family, such as pattern = "y_{{YYWW}}", in {table.file}.'
        )
    return Family(column.pattern)


def _periods(
    file: WideFile,
    names: Mapping[str, str],
    kept: NDArray[np.bool_],
    table: Table,
    role: ColumnRole,
) -> Periods | None:
    """Return a yearly or quarterly family, if the dictionary and the file know it."""
    return read_periods(file, names, kept, table.playing(role)) if table.has(role) else None


def _kept(
    keys: pd.Index, persons: Collection[object] | None, where: str
) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
    """Return which rows are kept, and a note on how many are not."""
    if persons is None:
        return np.ones(len(keys), dtype=np.bool_), ()
    kept = keys.isin(pd.Index(list(persons)))
    if not kept.any():
        raise DataError(
            f"{where}: none of its {len(keys)} keys is among those of the persons asked for; "
            "the two files were pseudonymised differently, or the key lost leading zeros."
        )
    others = len(keys) - int(kept.sum())
    notes = (f"{others} person(s) of the register are not in the population.",)
    return kept, notes if others else ()


def _matrix(
    file: WideFile, kept: NDArray[np.bool_], composer: Composer, executor: Executor | None
) -> NDArray[np.uint8]:
    """Return the statuses of the rows kept, composed block by block."""
    where = file.provenance.name
    if executor is None or len(file.parts) < 2:
        status = _composed(file.blocks, composer, kept)
        composer.refuse(where)
        return status
    ends = np.cumsum([rows for rows, _ in file.parts]).tolist()
    parts = [
        (read, kept[end - rows : end])
        for (rows, read), end in zip(file.parts, ends, strict=True)
    ]
    status = np.empty((np.count_nonzero(kept), composer.spine.weeks.size), dtype=np.uint8)
    filled = 0
    work = partial(_compose_part, composer.codes, composer.spine, composer.names)
    found = executor.map(work, parts)[::-1]
    while found:
        # Each part is let go once it is copied, so that the whole is not held twice.
        own, unknown, zero_industries = found.pop()
        status[filled : filled + len(own)] = own
        filled += len(own)
        composer.unknown.update(unknown)
        composer.zero_industries.update(zero_industries)
    composer.refuse(where)
    return status


def _compose_part(
    codes: CodeList,
    spine: Spine,
    names: Mapping[str, str],
    part: tuple[Read, NDArray[np.bool_]],
) -> tuple[NDArray[np.uint8], Counter[tuple[str, str]], Counter[str]]:
    """Compose one part, and return what of it could not be read."""
    read, kept = part
    composer = Composer(codes=codes, spine=spine, names=names)
    return _composed(read, composer, kept), composer.unknown, composer.zero_industries


def _composed(read: Read, composer: Composer, kept: NDArray[np.bool_]) -> NDArray[np.uint8]:
    status = np.empty((np.count_nonzero(kept), composer.spine.weeks.size), dtype=np.uint8)
    for column, wanted, place in blocks_kept(read, composer.columns, kept):
        composer.write(column, wanted, status[place])
    return status


def _keys(values: pd.Series[Any], column: Column) -> pd.Index:
    """Return keys as the dictionary writes them, so that they meet those of other tables."""
    cleaned, _ = cleaned_keys(values)
    return pd.Index(convert(cleaned, column).typed, dtype=object, name=None)
