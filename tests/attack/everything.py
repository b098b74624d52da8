"""Everything that is tried on one study: what is untrue, and what is narrowed."""

from __future__ import annotations

from dataclasses import dataclass

from tests.attack.answers import read_answers
from tests.attack.events import read_events
from tests.attack.figures import figures_of_few
from tests.attack.model import Model
from tests.attack.parts import read_levels
from tests.attack.places import narrowed_clusters, read_places
from tests.attack.sizes import read_sizes
from tests.attack.studies import Attacked


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What came of an attack.

    Attributes
    ----------
    hidden : int
        Counts of 1 to ``min_cell - 1`` that were attacked.
    untrue : list of str
        What the attacker takes for known and is false; the attack is not sound.
    narrowed : list of str
        The counts of which too few integers are left.
    """

    hidden: int
    untrue: list[str]
    narrowed: list[str]


def attack(study: Attacked) -> Findings:
    """Put all published tables together, and try to count few."""
    model = Model()
    read_sizes(study, model)
    read_events(study, model)
    read_levels(study, model)
    read_places(study, model)
    read_answers(study, model)
    untrue, narrowed = narrowed_clusters(study, model)
    few = [one for one in model.targets if 0 < one.truth < study.min_cell]
    return Findings(
        hidden=len(few),
        untrue=[*model.untrue(), *untrue],
        narrowed=[*model.narrowed(study.min_cell), *narrowed, *figures_of_few(study)],
    )
