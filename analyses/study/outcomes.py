"""Read ``[[outcome]]``: which kind it is, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast, get_args

from analyses.outcomes.columns import Columns
from analyses.outcomes.kind import Kind
from analyses.outcomes.kinds import KINDS
from analyses.outcomes.register import RegisterKind
from analyses.outcomes.time import TimeKind
from analyses.study.outcome import Outcome
from data_dictionary import Codebook
from data_dictionary.errors import did_you_mean, nearest
from data_dictionary.mistakes import Mistakes, show
from data_dictionary.roles import TableRole
from data_dictionary.schema import keys_of, read

REGISTERS: Mapping[TableRole, type[RegisterKind]] = {
    kind.register: kind for kind in KINDS if issubclass(kind, RegisterKind)
}
BY_KIND: Mapping[str, type[Kind]] = {
    get_args(keys_of(kind)["kind"].hint)[0]: kind for kind in KINDS
}
"""By what a study file says; durations come in several, of which this is one."""


def read_outcome(
    raw: object, position: int, words: Codebook | None, mistakes: Mistakes
) -> Kind:
    """Return one outcome by its kind.

    Parameters
    ----------
    raw : object
        The table as TOML gave it.
    position : int
        Its place in the file, for messages where it has no name.
    words : Codebook or None
        The data dictionary: the role of the table that a duration comes from tells its kind.
    mistakes : Mistakes
        Collects what is wrong. Of an unknown kind only what all kinds have is known.
    """
    given: dict[str, Any] = raw if isinstance(raw, dict) else {}
    where = f"[[outcome]] {given.get('name', position)}"
    at = "kind" if "kind" in given else nearest("kind", given)
    said = given.get(str(at))
    told = said if isinstance(said, str) and said in BY_KIND else nearest(said, BY_KIND)
    if at is not None and told != said:
        listed = ", ".join(f"'{name}'" for name in BY_KIND)
        hint = did_you_mean(said, BY_KIND)
        mistakes.add(where, f"kind = {show(said)} is not allowed; allowed: {listed}.{hint}")
    if told is None:
        # What a key needs depends on the kind, so that only its name can be judged here.
        every = dict.fromkeys(name for kind in KINDS for name in keys_of(kind))
        return cast("Kind", read(Outcome, raw, where, mistakes, beside=list(every)))
    section = _time_kind(given, words) if told == "time" else BY_KIND[told]
    made = read(section, {**given, str(at): told}, where, mistakes)
    return made.completed(mistakes, where) if isinstance(made, Columns) else made


def _time_kind(given: Mapping[str, Any], words: Codebook | None) -> type[TimeKind]:
    """Return the kind of a duration: the role of the table it comes from tells."""
    if "from" not in given and "exit" in given:
        return Columns
    source = str(given.get("from"))
    tables = {} if words is None else words.tables
    table = tables.get(source) or tables.get(str(nearest(source, tables)))
    found = None if table is None or table.role is None else REGISTERS.get(table.role)
    if found is not None:
        return found
    # That there is no such register is told where names are looked up; the keys tell the kind.
    fits = {
        kind: len([name for name in given if name in keys_of(kind)])
        for kind in REGISTERS.values()
    }
    return max(fits, key=lambda kind: fits[kind])
