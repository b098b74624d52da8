"""Which matched sets are independent of each other: those that share no person."""

from __future__ import annotations

import numpy as np

from evaluation.arrays import IntArray


def independent(sets: IntArray, unit: IntArray) -> IntArray:
    """Return the group of each row's set: sets that share a person, directly or through others.

    Sets and persons are codes from 0, one per row, and so are the groups.  Somebody who is a
    control first and a participant later stands in two sets, whose errors are then not
    independent.

    Examples
    --------
    >>> import numpy as np
    >>> independent(np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 2, 3, 1, 4])).tolist()
    [0, 0, 1, 1, 0, 0]
    """
    if not len(sets):
        return sets
    if np.unique(unit).size == len(unit):
        codes: IntArray = np.unique(sets, return_inverse=True)[1].astype(np.int64)
        return codes
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    # One graph whose nodes are the sets and, after them, the persons.
    n_sets = int(sets.max()) + 1
    size = n_sets + int(unit.max()) + 1
    graph = coo_matrix((np.ones(len(sets)), (sets, unit + n_sets)), shape=(size, size))
    group = connected_components(graph, directed=False)[1][sets]
    joined: IntArray = np.unique(group, return_inverse=True)[1].astype(np.int64)
    return joined
