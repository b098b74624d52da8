"""A study's own groups of weekly statuses, made of statuses and of code groups of the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from data_dictionary.code_lists import CodeList
from data_dictionary.errors import DesignError, did_you_mean
from surveys.dream.register import Dream

# Name of each group to its members: statuses of the register, or code groups of its list.
Groups = Mapping[str, Sequence[str]]


def group_faults(codes: CodeList, groups: Groups) -> list[str]:
    """Return what is wrong with groups: members unknown, in two groups, or held by another."""
    held = _statuses_by_code_group(codes)
    known = [*codes.statuses, *held]
    named = Counter(member for members in groups.values() for member in members)
    faults = [
        f"{name} = '{member}' is neither a status nor a code group."
        + did_you_mean(member, known)
        for name, members in groups.items()
        for member in members
        if member not in known
    ]
    faults += [
        f"'{member}' stands in {count} places; a week has one status"
        for member, count in named.items()
        if count > 1
    ]
    faults += [
        f"code group '{member}' is a part of status '{status}', which is in a group itself"
        for member in named
        if member in held
        for status in sorted(held[member] & set(named))
        if status != member
    ]
    faults += [
        f"{name}: is a status already; name it among the members, or the group otherwise"
        for name, members in groups.items()
        if name in codes.statuses and name not in members
    ]
    return faults


def group_labels(codes: CodeList, groups: Groups) -> dict[str, str]:
    """Return the Danish label of every status once the groups are made.

    Examples
    --------
    >>> from data_dictionary import load_code_list
    >>> labels = group_labels(load_code_list("enplan"), {"work": ("employment", "flexjob")})
    >>> labels["work"], "flexjob" in labels
    ('Beskæftigelse eller fleksjob', False)
    """
    target = _targets(codes.statuses, groups)
    labels = {name: codes.statuses.get(name, "") for name in target.values()}
    for name, members in groups.items():
        first, *others = (codes.statuses.get(member, member) for member in members)
        labels[name] = " eller ".join([first, *(o[:1].lower() + o[1:] for o in others)])
    return labels


def split_codes(codes: CodeList, groups: Groups) -> CodeList:
    """Return the code list in which code groups that groups name are statuses, or refuse."""
    if faults := group_faults(codes, groups):
        raise DesignError("groups of statuses:\n" + "\n".join(f"  - {one}" for one in faults))
    of = {member: name for name, members in groups.items() for member in members}
    added = [name for name in groups if name not in codes.statuses]
    entries = tuple(
        replace(entry, status=of[entry.group])
        if entry.group in of and entry.group not in codes.statuses
        else entry
        for entry in codes.entries
    )
    return replace(
        codes, statuses={**codes.statuses, **dict.fromkeys(added, "")}, entries=entries
    )


def merge_statuses(dream: Dream, groups: Groups) -> Dream:
    """Return the register in which the statuses that groups name are one status each.

    Residency comes first: abroad, a job is told from a benefit by its status.  Members that
    are no status of `dream` are passed over.
    """
    target = _targets(dream.statuses, groups)
    statuses = tuple(dict.fromkeys(target.values()))
    place = np.array([statuses.index(target[name]) for name in dream.statuses], dtype=np.uint8)
    matrix = place[dream.status]
    matrix.flags.writeable = False
    return replace(dream, status=matrix, statuses=statuses)


def _targets(statuses: Sequence[str] | Mapping[str, str], groups: Groups) -> dict[str, str]:
    """Return what each status is called afterwards; groups of codes alone come last."""
    of = {member: name for name, members in groups.items() for member in members}
    targets = {status: of.get(status, status) for status in statuses}
    return targets | {name: name for name in groups if name not in targets.values()}


def _statuses_by_code_group(codes: CodeList) -> dict[str, set[str]]:
    held: dict[str, set[str]] = {}
    for entry in codes.entries:
        held.setdefault(entry.group, set()).add(entry.status)
    return held
