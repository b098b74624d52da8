"""Disclosure over simulated studies: an attacker who holds every published table.

    python -m tests.validity.disclosure [--studies 200] [--first 0]
                                        [--workers N | --executor ADDRESS]

Each study is small and drawn anew, in turn with thresholds of 3, 5 and 10.  Everything that is
published of it is put together (`tests.attack`).  Of every count of 1 to ``min_cell - 1`` at
least ``min_cell - 1`` integers must be left possible, the truth always among them, and a dash
must not prove that it hides few.  The exit status is 1 where a count is narrowed, or where the
attacker takes for known what is false.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import pandas as pd

from tests.validity.workers import add_executor, executor_of

if TYPE_CHECKING:
    from tests.attack.everything import Findings

STUDIES = 200


def one_study(number: int) -> Findings:
    """Make a study, publish it, attack it."""
    from tests.attack.everything import attack
    from tests.attack.studies import Design, attacked, estimated

    # Not cached: no study is made twice.
    return attack(attacked(estimated.__wrapped__(Design.of(number))))


def table(numbers: list[int], found: list[Findings]) -> pd.DataFrame:
    """Return one row per threshold, and how many counts of few were narrowed."""
    from tests.attack.studies import Design

    rows = pd.DataFrame(
        {
            "min_cell": [Design.of(number).min_cell for number in numbers],
            "studies": 1,
            "counts attacked": [one.hidden for one in found],
            "untrue": [len(one.untrue) for one in found],
            "narrowed": [len(one.narrowed) for one in found],
        }
    )
    return rows.groupby("min_cell", as_index=False).sum()


def main() -> int:
    """Attack the studies; the exit status is 1 where anything is narrowed or untrue."""
    from tests.attack.studies import Design

    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--studies", type=int, default=STUDIES)
    parser.add_argument("--first", type=int, default=0, help="number of the first study")
    add_executor(parser)
    given = parser.parse_args()
    numbers = list(range(given.first, given.first + given.studies))
    found = executor_of(given).map(one_study, numbers)
    for number, one in zip(numbers, found, strict=True):
        for kind, lines in (("untrue", one.untrue), ("narrowed", one.narrowed)):
            for line in lines:
                print(f"study {number}, {Design.of(number)}: {kind}: {line}")
    print(table(numbers, found).to_string(index=False))
    narrowed = sum(len(one.narrowed) for one in found)
    untrue = sum(len(one.untrue) for one in found)
    print(f"{narrowed} narrowed and {untrue} untrue in {len(found)} studies")
    return 0 if not narrowed and not untrue else 1


if __name__ == "__main__":
    # Workers know the functions by the name of their module, which is not that of a script.
    from tests.validity import disclosure

    raise SystemExit(disclosure.main())
