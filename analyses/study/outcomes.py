"""Read ``[[outcome]]``: which kind it is, and what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from analyses.outcomes.kind import Kind
from analyses.outcomes.kinds import KINDS
from data_dictionary import Codebook
from data_dictionary.errors import did_you_mean, nearest
from data_dictionary.mistakes import Mistakes, show
from data_dictionary.schema import keys_of, read


def by_word() -> Mapping[str, Sequence[type[Kind]]]:
    """Return the kinds by what a study file calls them; durations come in several."""
    found: dict[str, list[type[Kind]]] = {}
    for kind in KINDS:
        found.setdefault(get_args(keys_of(kind)["kind"].hint)[0], []).append(kind)
    return found


def read_outcome(
    raw: object, position: int, words: Codebook | None, mistakes: Mistakes
) -> Kind:
    """Return one outcome by its kind; the role of its table tells those of one word apart."""
    given: dict[str, Any] = raw if isinstance(raw, dict) else {}
    where = f"[[outcome]] {given.get('name', position)}"
    at = "kind" if "kind" in given else nearest("kind", given)
    said = given.get(str(at))
    kinds = by_word()
    told = said if isinstance(said, str) and said in kinds else nearest(said, kinds)
    if at is not None and told != said:
        listed = ", ".join(f"'{name}'" for name in kinds)
        hint = did_you_mean(said, kinds)
        mistakes.add(where, f"kind = {show(said)} is not allowed; allowed: {listed}.{hint}")
    if told is None:
        # What a key needs depends on the kind, so that only its name can be judged here; the
        # kind that it is most like stands in its place until all is refused.
        every = dict.fromkeys(name for kind in KINDS for name in keys_of(kind))
        read(Kind, raw, where, mistakes, beside=list(every))
        return read(max(KINDS, key=lambda kind: _fit(kind, given)), raw, where, Mistakes())
    section = _meant(kinds[told], given, words)
    made = read(section, {**given, str(at): told}, where, mistakes)
    return made.completed(mistakes, where)


def _meant(
    kinds: Sequence[type[Kind]], given: Mapping[str, Any], words: Codebook | None
) -> type[Kind]:
    """Return which of the kinds of one word is meant: the role of its table tells, if any."""
    source = str(given.get("from"))
    tables = {} if words is None else words.tables
    table = tables.get(source) or tables.get(str(nearest(source, tables)))
    if table is not None and table.role is not None:
        told = [kind for kind in kinds if kind.register == table.role]
        if told:
            return told[0]
    # That there is no such register is told where names are looked up; the keys tell the kind.
    return max(kinds, key=lambda kind: _fit(kind, given))


def _fit(kind: type[Kind], given: Mapping[str, Any]) -> int:
    """Return how many keys are of a kind, less those that it would lack."""
    lacking = [
        name for name, one in keys_of(kind).items() if one.required and name not in given
    ]
    return len(given.keys() & keys_of(kind).keys()) - len(lacking)
