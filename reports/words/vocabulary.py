"""The Danish words for one comparison: how the groups were made alike, and whom it is about.

Every sentence on the comparison takes its words from here, so that a weighted study never
speaks of partners, and an effect on everybody never of the participants.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from analyses.results.protocol import WHOM
from reports.words.danish import upper_first


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How groups are made alike, in the forms that sentences need.

    Attributes
    ----------
    action, the_action : str
        Noun without and with its article; empty where nothing was done.
    made, plural : str
        Participle in the singular and in the plural.
    kept : str
        Heading of the participants that are compared.
    own : str
        What each outcome with a baseline has of its own.
    together : str
        Why persons hang together.
    partners : str
        Whom the participants of one place are held against.
    checked : str
        What a second calculation has confirmed.
    """

    action: str
    the_action: str
    made: str
    plural: str
    kept: str
    own: str
    together: str
    partners: str
    checked: str


_PAIRS = Way(
    action="matching",
    the_action="matchingen",
    made="matchet",
    plural="matchede",
    kept="Matchede",
    own="sin egen matchede gruppe",
    together="Personer i samme matchede sæt hører sammen",
    partners="deres egne matchede partnere",
    checked="Afstande, ens forhold og genbrug er efterprøvet ved en uafhængig beregning.",
)
WAYS = {
    "pairs": _PAIRS,
    "sets": replace(_PAIRS, partners="dem, de er i sæt med"),
    "strata": Way(
        action="stratificering",
        the_action="stratificeringen",
        made="stratificeret",
        plural="stratificerede",
        kept="I analysen",
        own="sine egne lag",
        together="Personer i samme lag hører sammen",
        partners="dem, de er i lag med",
        checked="Lag og vægte er efterprøvet ved en uafhængig beregning.",
    ),
    "weights": Way(
        action="vægtning",
        the_action="vægtningen",
        made="vægtet",
        plural="vægtede",
        kept="I analysen",
        own="sine egne vægte",
        together="Personerne vejer forskelligt, og vægtene er selv beregnet",
        partners="en sammenligningsgruppe, der er vægtet, så den ligner netop dem",
        checked="Vægtene er efterprøvet ved en uafhængig beregning.",
    ),
    "none": Way(
        action="",
        the_action="",
        made="rå",
        plural="rå",
        kept="I analysen",
        own="sin egen gruppe",
        together="Personerne er regnet som uafhængige af hinanden",
        partners="sammenligningsgruppen, som den er",
        checked="",
    ),
}
# What differences are divided by, and what a hundred of them are called.
SPREAD = {
    "ATT": "standardafvigelsen blandt deltagerne",
    "ATC": "standardafvigelsen i sammenligningsgruppen",
}
HUNDRED = {"ATT": "Pr. 100 deltagere", "ATC": "Pr. 100 i sammenligningsgruppen"}
# Whose weights were chosen, and what for.
WEIGHED = {
    "ATT": "Sammenligningsgruppen er vægtet, så den ligner deltagerne",
    "ATC": "Deltagerne er vægtet, så de ligner sammenligningsgruppen",
}
BOTH_WEIGHED = "Begge grupper er vægtet, så de ligner hinanden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words for one comparison.

    Attributes
    ----------
    family : str
        ``pairs``, ``sets``, ``strata``, ``weights`` or ``none``.
    estimand : str
        ATT, ATC, ATE, ATO or ATM.
    leaves_out : bool
        Whether some of those whom the effect was meant for could not be compared.
    """

    family: str
    estimand: str
    leaves_out: bool

    @property
    def way(self) -> Way:
        """How the groups were made alike."""
        return WAYS[self.family]

    @property
    def is_made(self) -> bool:
        """Whether anything was done to make the groups alike."""
        return self.family != "none"

    @property
    def treated(self) -> str:
        """The participants as they are compared, which need not be as they are."""
        if self.estimand == "ATT":
            return "deltagerne"
        return f"de {'matchede' if self.family == 'pairs' else 'vægtede'} deltagere"

    @property
    def hundred(self) -> str:
        """A hundred of those whom the effect is about."""
        return HUNDRED.get(self.estimand, "Pr. 100 personer")

    @property
    def spread(self) -> str:
        """The standard deviation that differences are divided by."""
        return SPREAD.get(self.estimand, "den fælles standardafvigelse i de to grupper")

    @property
    def whom(self) -> str:
        """Those whom the effect is about, and no others."""
        only = "der kunne findes en sammenlignelig person til"
        if self.family in ("strata", "weights"):
            only = "der ligner nogen i den anden gruppe"
        limit = f", og kun dem, {only}" if self.leaves_out else ""
        return f"{WHOM[self.estimand]}{limit}"

    def others(self, people: str) -> str:
        """Return those that the participants are compared with; `people` is what they are."""
        if self.estimand != "ATT":
            return f"de {'matchede' if self.family == 'pairs' else 'vægtede'} {people}"
        if not self.is_made:
            return f"{people} i sammenligningsgruppen"
        return f"sammenlignelige {people}"

    def more(self, word: str, people: str) -> str:
        """Return "Flere deltagere end sammenlignelige borgere", or what is true of weights."""
        if self.estimand == "ATT":
            return f"{word} deltagere end {self.others(people)}"
        return f"{word} af {self.treated} end af {self.others(people)}"

    def compared(self, treated: str, others: str) -> str:
        """Return who is compared with whom, and why they are alike."""
        start = f"{treated} er sammenlignet med {others}"
        measured = "på de forhold, der er målt før start"
        if not self.is_made:
            return f"{start}, som de er. Grupperne er hverken matchet eller vægtet."
        if self.family != "weights":
            return f"{start}, som ligner dem {measured}."
        return f"{start}. {self.weighed} {measured}."

    @property
    def weighed(self) -> str:
        """Whose weights were chosen, and what for."""
        return WEIGHED.get(self.estimand, BOTH_WEIGHED)

    @property
    def is_weighted(self) -> bool:
        """Whether persons weigh differently."""
        return self.family in ("sets", "strata", "weights")

    @property
    def claim(self) -> str:
        """Whom the results are about, as a clause without its full stop."""
        if not self.is_made:
            return "Tallene er den rå forskel mellem grupperne og ikke et mål for virkningen"
        return f"Resultaterne gælder {self.whom}"

    def reached(self, n_treated: str, n_comparison: str) -> str:
        """Return what became of the participants, as the conclusion of a chapter has it."""
        treated = f"{n_treated} deltagere"
        is_atc = self.estimand == "ATC"
        focal = f"{n_comparison} i sammenligningsgruppen" if is_atc else treated
        return {
            "pairs": f"{focal} har fået en sammenlignelig partner.",
            "sets": f"{treated} er delt i sæt med {n_comparison}, der ligner dem.",
            "strata": f"{treated} er delt i lag med {n_comparison}, der ligner dem.",
            "weights": f"{self.weighed} på de målte forhold.",
            "none": f"{treated} er sammenlignet med {n_comparison} andre, som de er.",
        }[self.family]

    def made_on(self, names: str) -> str:
        """Return what the groups were made alike on."""
        if not self.is_made:
            return f"Grupperne er ikke gjort ens. Her vises, hvor forskellige de er på {names}."
        if self.family == "weights":
            return f"{self.weighed} på {names}."
        return f"Grupperne er {self.way.made} på {names}."

    @property
    def around(self) -> str:
        """As "før og efter matching" with a blank before it, or nothing."""
        return f" før og efter {self.way.action}" if self.is_made else ""

    @property
    def group(self) -> str:
        """Where differences were calculated."""
        if not self.is_made:
            return "mellem grupperne, som de er"
        return f"efter {self.way.the_action}"

    @property
    def persons(self) -> str:
        """Persons of the comparison group, at the start of a cell."""
        return f"{upper_first(self.way.plural)} personer" if self.is_made else "Personer"


def vocabulary(facts: Mapping[str, Any]) -> Vocabulary:
    """Return the words for a comparison, from what manifest.json says of it.

    Examples
    --------
    >>> vocabulary({"family": "weights", "estimand": "ATE", "leaves_out": False}).treated
    'de vægtede deltagere'
    """
    return Vocabulary(
        family=str(facts["family"]),
        estimand=str(facts["estimand"]),
        leaves_out=bool(facts["leaves_out"]),
    )


PARTICIPANTS = Vocabulary(family="pairs", estimand="ATT", leaves_out=True)
