"""What the clusters of a study are called, in the forms that sentences need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reports.words.danish import small_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The noun for a cluster, as in ``en kommune``: its four forms and its article."""

    one: str
    the: str
    many: str
    all: str
    a: str = "en"

    @property
    def single(self) -> str:
        """``én kommune``: one, and no more."""
        return f"{self.a.replace('e', 'é')} {self.one}"

    @property
    def each(self) -> str:
        """``hver kommune`` or ``hvert jobcenter``."""
        return f"hver{'t' if self.a == 'et' else ''} {self.one}"

    def others(self, n: int) -> str:
        """Return ``én anden kommune`` or ``to andre kommuner``."""
        other = "anden" if self.a == "en" else "andet"
        one = f"{self.a.replace('e', 'é')} {other} {self.one}"
        return one if n == 1 else f"{small_number(n)} andre {self.many}"

    def some(self, n: int) -> str:
        """Return ``én kommune`` or ``to kommuner``."""
        return self.single if n == 1 else f"{small_number(n)} {self.many}"


CLUSTER = Place(one="klynge", the="klyngen", many="klynger", all="klyngerne")
# By the label of the cluster column; any other study's clusters are called clusters.
PLACES: Mapping[str, Place] = {
    "Kommune": Place(one="kommune", the="kommunen", many="kommuner", all="kommunerne"),
    "Region": Place(one="region", the="regionen", many="regioner", all="regionerne"),
    "Skole": Place(one="skole", the="skolen", many="skoler", all="skolerne"),
    "Klasse": Place(one="klasse", the="klassen", many="klasser", all="klasserne"),
    "Afdeling": Place(one="afdeling", the="afdelingen", many="afdelinger", all="afdelingerne"),
    "Institution": Place(
        one="institution", the="institutionen", many="institutioner", all="institutionerne"
    ),
    "Jobcenter": Place(
        one="jobcenter", the="jobcentret", many="jobcentre", all="jobcentrene", a="et"
    ),
}
