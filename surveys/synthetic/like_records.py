"""What registers hold of persons drawn by chance: weekly codes, cases, and months of work."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary import Codebook, Table, load_code_list
from data_dictionary.code_lists import CodeList
from surveys.dream.families import Family
from surveys.dream.status_groups import split_codes
from surveys.dream.weeks import WEEK, mondays_of, months_of
from surveys.synthetic.spine import Aims, Spine, days
from surveys.synthetic.values import Values, drawn

# Nobody comes back from these.
_LAST = ("death", "emigration", "retirement", "early_retirement")
_ON_STATUS, _WORKS, _ENDS, _OTHER, _RARE = 0.45, 0.3, 0.12, 0.1, 0.02
_INDUSTRIES = ("016100", "412000", "471110", "561020", "841100", "889130")


def weeks_of(
    rng: np.random.Generator,
    table: Table,
    names: Sequence[str],
    rows: int,
    spine: Spine,
    words: Codebook,
) -> dict[str, Values]:
    """Return a register's codes and industries: spells of some weeks, on the status at zero."""
    aims, persons = spine.aims, np.arange(min(rows, len(spine)))
    weeks = Family(str(table.playing("benefit").pattern)).columns(names)
    mondays = np.array([*weeks], dtype="datetime64[D]")
    zero = ((mondays_of(spine.zero[persons]) - mondays[0]) / WEEK).astype(np.int64)
    listed = words.weekly_codes() or load_code_list("enplan")
    codes, works, chance, last, at_zero = _options(listed, aims)
    state = _chain(rng, np.clip(zero, 0, mondays.size - 1), mondays.size, chance, last, at_zero)
    given: dict[str, Values] = {table.playing("key").name: spine.key[persons]}
    is_text = table.playing("benefit").type == "string"
    for position, name in enumerate(weeks.values()):
        code = pd.Series(codes[state[:, position]], dtype="Int32")
        code = code.mask(code == 0)
        given[name] = np.asarray(code.astype("string").astype(object) if is_text else code)
    span = aims.span
    if table.has("industry"):
        industry = table.playing("industry")
        own = drawn(industry, rng.random(persons.size), span, levels=_INDUSTRIES).astype(object)
        for month, name in Family(str(industry.pattern)).columns(names).items():
            given[name] = own.copy()
            given[name][~works[state[:, months_of(mondays) == month]].any(axis=1)] = None
    for one in table.columns:
        if one.role == "residence" and aims.cluster is not None:
            lives = spine.names(one)[spine.place[persons]]
            given |= dict.fromkeys(one.members(names), lives)
        elif one.role in ("residence", "match_group"):
            at = rng.random(persons.size)
            given |= {name: drawn(one, at, span) for name in one.members(names)}
    return given


def _options(
    listed: CodeList, aims: Aims
) -> tuple[
    NDArray[np.int32],
    NDArray[np.bool_],
    NDArray[np.float64],
    NDArray[np.bool_],
    NDArray[np.int64],
]:
    """Return what a week may hold: code, work, chance, whether it lasts; and which at zero."""
    coded = split_codes(listed, aims.groups)
    # Without a code it is a job or nothing.
    found = [(0, "employment"), (0, "self_support")]
    found += [(one.code, one.status) for one in coded.entries]
    codes = np.array([code for code, _ in found], dtype=np.int32)
    base = np.array([name for _, name in found])
    of = {one: name for name, members in aims.groups.items() for one in members}
    status = np.array([of.get(name, name) for name in base.tolist()])
    started = aims.status or next(
        (str(name) for name in status[2:] if name not in (*aims.events, *_LAST)), ""
    )
    weight = dict.fromkeys(aims.events, _ENDS) | {started: _ON_STATUS, status[0]: _WORKS}
    chance = np.zeros(codes.size)
    for name in np.unique(status):
        own = status == name
        share = weight.get(str(name), _RARE if set(base[own]) & {*_LAST} else _OTHER)
        # Most jobs leave no code.
        often = np.where(np.arange(codes.size) == 0, 9.0, 1.0) * own
        chance += share * often / often.sum()
    works = np.arange(codes.size) == 0
    at_zero = np.flatnonzero(status == started)
    return codes, works, chance / chance.sum(), np.isin(base, _LAST), at_zero


def _chain(
    rng: np.random.Generator,
    zero: NDArray[np.int64],
    n_weeks: int,
    chance: NDArray[np.float64],
    last: NDArray[np.bool_],
    at_zero: NDArray[np.int64],
    leaves: float = 1 / 30,
) -> NDArray[np.int16]:
    """Return the option of each person and week, drawn from week zero on and back from it.

    Of those on one option a share `leaves` it for another in the week that comes next.
    """
    start = at_zero[rng.integers(0, at_zero.size, zero.size)].astype(np.int16)
    state = np.repeat(start[:, None], n_weeks, axis=1)
    before = np.where(last, 0.0, chance)
    for order, way, p in (
        (range(n_weeks), 1, chance),
        (range(n_weeks)[::-1], -1, before / before.sum()),
    ):
        now = start.copy()
        for week in order:
            is_on = way * (week - zero) > 0
            moves = is_on & (rng.random(zero.size) < leaves) & ~last[now]
            now[moves] = rng.choice(p.size, int(moves.sum()), p=p)
            state[is_on, week] = now[is_on]
    return state


def cases_of(
    rng: np.random.Generator, table: Table, rows: int, spine: Spine
) -> dict[str, Values]:
    """Return case records: of the types that a study asks for one that is open at time zero."""
    aims, kind_of = spine.aims, table.playing("type")
    who = rng.integers(0, len(spine), rows)
    kind = drawn(kind_of, rng.random(rows), aims.span, levels=aims.case_types)
    each = min(rows // max(len(aims.case_types), 1), len(spine))
    for position, level in enumerate(aims.case_types):
        part = slice(position * each, (position + 1) * each)
        who[part] = rng.permutation(len(spine))[:each]
        kind[part] = np.array([level]).astype(kind.dtype)
    is_asked = np.arange(rows) < each * len(aims.case_types)
    zero = spine.zero[who]
    elsewhen = aims.span[0] + days(rng.integers(-900, 700, rows))
    opened = np.where(is_asked, zero - days(rng.integers(10, 400, rows)), elsewhen)
    until = aims.observed_until or aims.span[1] + aims.after * WEEK
    opened = np.minimum(opened, until)
    closed = np.where(is_asked, zero, opened) + days(rng.integers(20, 900, rows))
    given: dict[str, Values] = {
        table.playing("key").name: spine.key[who],
        kind_of.name: kind,
        table.playing("opened").name: opened,
        table.playing("closed").name: np.where(closed > until, np.datetime64("NaT"), closed),
    }
    if table.has("cluster"):
        place = table.playing("cluster")
        given[place.name] = spine.names(place)[spine.place[who]]
    return given


def hours_of(
    rng: np.random.Generator, table: Table, rows: int, spine: Spine
) -> dict[str, Values]:
    """Return months of work: runs of months, somebody in each and nobody at zero."""
    aims, (first, last) = spine.aims, spine.aims.span
    start = (first - aims.before * WEEK).astype("datetime64[M]")
    months = np.arange(start, (last + aims.after * WEEK).astype("datetime64[M]") + 1)
    # Somebody works in a third of the months.
    n = int(np.clip(3 * rows // months.size, 1, len(spine)))
    zero = (spine.zero[:n].astype("datetime64[M]") - start).astype(np.int64)
    # Nobody works at zero: who does is at risk of nothing.
    lasts, chance, at_zero = np.zeros(2, dtype=np.bool_), np.array([0.6, 0.4]), np.zeros(1, int)
    works = _chain(rng, zero, months.size, chance, lasts, at_zero, leaves=0.1) == 1
    works[rng.integers(0, n, months.size), np.arange(months.size)] = True
    who, month_of = np.nonzero(works)
    amount = drawn(
        table.playing("hours"), 0.1 + 0.15 * rng.random(who.size), aims.span, (0, 744)
    )
    return {
        table.playing("key").name: spine.key[who],
        table.playing("month").name: months[month_of].astype("datetime64[D]"),
        table.playing("hours").name: amount,
    }
