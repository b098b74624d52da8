"""How groups are made alike, whom an effect is about, and how its uncertainty is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from analyses.results.facts import ComparisonFacts, Estimand
from evaluation.comparison.method import Family
from evaluation.inference.gatekeeper import Method as InferenceMethod
from reports.words.danish import number


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyWords:
    """What a family of methods does, in the forms that sentences need."""

    action: str  # noun without and with its article; empty where nothing was done
    the_action: str
    made: str  # participle in the singular and in the plural
    plural: str
    kept: str  # heading of those who are compared, and of the step that leads to them
    step: str
    unmatched: (
        str  # why somebody is not compared; `unused` where there is more to say of a control
    )
    unused: str = ""
    own: str  # what each outcome with a baseline has of its own
    together: str  # why persons hang together
    unit: str  # whom an interval without clusters is for
    partners: str  # whom the participants of one place are held against
    checked: str  # what a second calculation has confirmed


_PAIRS = FamilyWords(
    action="matching",
    the_action="matchingen",
    made="matchet",
    plural="matchede",
    kept="Matchede",
    step="Matchet",
    unmatched="har ingen at blive matchet med",
    unused="har ingen at blive matchet med, eller der var ikke brug for flere",
    own="sin egen matchede gruppe",
    together="Personer i samme matchede sæt hører sammen",
    unit="matchede sæt",
    partners="dem, de er matchet med",
    checked="Afstande, ens forhold og genbrug er efterprøvet ved en uafhængig beregning.",
)
FAMILIES: Mapping[Family, FamilyWords] = {
    "pairs": _PAIRS,
    "sets": replace(_PAIRS, partners="dem, de er i sæt med"),
    "strata": FamilyWords(
        action="stratificering",
        the_action="stratificeringen",
        made="stratificeret",
        plural="stratificerede",
        kept="I analysen",
        step="Stratificeret",
        unmatched="er ulig alle i den anden gruppe",
        own="sine egne lag",
        together="Personer i samme lag hører sammen",
        unit="lag",
        partners="dem, de er i lag med",
        checked="Lag og vægte er efterprøvet ved en uafhængig beregning.",
    ),
    "weights": FamilyWords(
        action="vægtning",
        the_action="vægtningen",
        made="vægtet",
        plural="vægtede",
        kept="I analysen",
        step="Vægtet",
        unmatched="er ulig alle i den anden gruppe",
        own="sine egne vægte",
        together="Personerne vejer forskelligt, og vægtene er selv beregnet",
        unit="personer",
        partners="{comparison}, vægtet, så de ligner netop dem",
        checked="Vægtene er efterprøvet ved en uafhængig beregning.",
    ),
    "none": FamilyWords(
        action="",
        the_action="",
        made="rå",
        plural="rå",
        kept="I analysen",
        step="Sammenlignet",
        unmatched="indgår ikke i sammenligningen",
        own="sin egen gruppe",
        together="Personerne er regnet som uafhængige af hinanden",
        unit="personer",
        partners="{comparison}, som de er",
        checked="",
    ),
}


@dataclass(frozen=True, slots=True)
class EstimandWords:
    """Whom an effect is about.

    ``whom`` they are, ``hundred`` of them, the standard deviation (``spread``) that differences
    are divided by, and whose weights were chosen (``weighed``).  {treated} and {comparison} are
    the study's own definite forms; {in_comparison} and {hundred} have their prepositions.
    """

    whom: str
    hundred: str = "Pr. 100 {units}"
    spread: str = "den fælles standardafvigelse i de to grupper"
    weighed: str = "Begge grupper er vægtet, så de ligner hinanden"


ESTIMANDS: Mapping[Estimand, EstimandWords] = {
    "ATT": EstimandWords(
        "{treated}",
        "Pr. 100 {participants}",
        "standardafvigelsen blandt {treated}",
        "{Comparison} er vægtet, så de ligner {treated}",
    ),
    "ATC": EstimandWords(
        "{comparison}",
        "Pr. 100 {controls}",
        "standardafvigelsen {in_comparison}",
        "{Treated} er vægtet, så de ligner {comparison}",
    ),
    "ATE": EstimandWords("alle i de to grupper under ét"),
    "ATO": EstimandWords("dem, der lige så godt kunne have været i den anden gruppe"),
    "ATM": EstimandWords("dem, der har lige så mange at ligne i den anden gruppe"),
}
DISTANCES: Mapping[str, str] = {
    "logit": "logit af sandsynligheden for at være {one}",
    "ps": "sandsynligheden for at være {one}",
    "mahalanobis": "Mahalanobis-afstanden mellem alle målte forhold",
    "robust_mahalanobis": "den robuste Mahalanobis-afstand mellem alle målte forhold",
}


@dataclass(frozen=True, slots=True)
class MethodWords:
    """What a method is called, and how it makes a comparison.

    ``models`` says whether it uses a probability whatever its distance.
    """

    name: str
    how: str
    models: bool = False


METHODS: Mapping[str, MethodWords] = {
    "nearest": MethodWords(
        "matching med nærmeste nabo",
        "{focal} er én for én matchet {ratio} med de nærmeste målt på {measure}{width}. {other} {again}.",
    ),
    "optimal": MethodWords(
        "optimal matching",
        "{focal} er matchet {ratio}, så den samlede afstand målt på {measure} er mindst mulig{width}. {other} bruges højst én gang.",
    ),
    "full": MethodWords(
        "fuld matching",
        "Alle er delt i sæt med mindst én fra hver gruppe, så den samlede afstand målt på {measure} er mindst mulig{width}. "
        "Personerne vejer efter størrelsen af deres sæt.",
    ),
    "exact": MethodWords(
        "eksakt matching", "Der er kun sammenlignet personer, der er ens på alle målte forhold."
    ),
    "cem": MethodWords(
        "eksakt matching på grove kategorier (CEM)",
        "De målte forhold er delt i grove kategorier, og der er kun sammenlignet personer i de samme kategorier.",
    ),
    "subclass": MethodWords(
        "stratificering",
        "Alle er delt i {n} lag efter {measure}, og grupperne er sammenlignet inden for hvert lag.",
    ),
    "ipw": MethodWords(
        "vægtning med inverse sandsynligheder",
        "Personerne vejer efter sandsynligheden for at være {one}, så grupperne ligner hinanden på de målte forhold.",
        models=True,
    ),
    "overlap": MethodWords(
        "overlapsvægte",
        "De personer vejer mest, som lige så godt kunne have været i den anden gruppe.",
        models=True,
    ),
    "matching": MethodWords(
        "matchingvægte",
        "Personerne vejer som i en matching 1:1, uden at nogen parres.",
        models=True,
    ),
    "entropy": MethodWords(
        "entropibalancering",
        "Personerne vejer så ens, som de kan, når gennemsnittene af de målte forhold skal være de samme i de to grupper.",
    ),
    "cbps": MethodWords(
        "balancerende sandsynligheder (CBPS)",
        "Sandsynligheden for at være {one} er beregnet, så vægtene gør gennemsnittene af de målte forhold ens i de to grupper.",
    ),
    "risk_sets": MethodWords(
        "matching med dem, der endnu ikke var startet (risikosæt)",
        "Uge for uge er de {many}, der startede, matchet {ratio} blandt dem, der den uge opfyldte de samme betingelser og ikke var "
        "startet, med de nærmeste målt på {measure}{width}. De følges fra den uge. {other} {again}.",
    ),
    "unmatched": MethodWords(
        "en sammenligning af grupperne, som de er", "Der er hverken matchet eller vægtet."
    ),
}


def weights_words(facts: ComparisonFacts) -> str:
    """Return what was done to weights that were too large."""
    trimmed = capped = ""
    if facts.trim is not None:
        ends = f"{number(100 * facts.trim, 0)} til {number(100 * (1 - facts.trim), 0)} pct."
        trimmed = f" Kun de, hvis sandsynlighed ligger fra {ends}, er med."
    if facts.cap is not None:
        capped = f" De vægte, der er større end dem hos {number(100 * facts.cap, 0)} pct. af gruppen, er skåret ned til den grænse."
    return trimmed + capped


@dataclass(frozen=True, slots=True)
class InferenceWords:
    """How uncertainty is found: in a word for a table, and in full.

    {one} and {many} are clusters, {all} all of them; {weights} is said of estimated weights.
    """

    short: str
    full: str


INFERENCE: Mapping[InferenceMethod, InferenceWords] = {
    "jackknife": InferenceWords(
        "jackknife",
        "jackknife, der udelader {single} ad gangen, med hver gruppes egen varians og frihedsgrader (Bell og McCaffrey, Welch)",
    ),
    "set": InferenceWords(
        "robuste standardfejl for sæt", "robuste standardfejl for matchede sæt"
    ),
    "hc2": InferenceWords("robuste standardfejl", "robuste standardfejl for personer{weights}"),
    "none": InferenceWords("ingen", "ingen, fordi det effektive antal {many} er for lille"),
}
