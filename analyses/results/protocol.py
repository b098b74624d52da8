"""The target trial beside what the data allow, as facts of the study in Danish."""

from __future__ import annotations

from analyses.outcomes.score import Score
from analyses.outcomes.time import TimeKind
from analyses.results.labels import Labels, outcome_label
from analyses.results.time_units import time_unit
from analyses.study.methods import RISK_SETS, UNMATCHED
from analyses.study.sections import Comparison, Study
from data_dictionary import Codebook

Row = dict[str, str]
# Whom an effect is about.
WHOM = {
    "ATT": "deltagerne",
    "ATC": "sammenligningsgruppen",
    "ATE": "alle i de to grupper under ét",
    "ATO": "dem, der lige så godt kunne have været i den anden gruppe",
    "ATM": "dem, der har lige så mange at ligne i den anden gruppe",
}
# How the groups are made alike, and whom an interval without clusters is for.
HOW = {"strata": "stratificering", "weights": "vægtning"}
FOR = {"pairs": "matchede sæt", "sets": "matchede sæt", "strata": "lag"}


def protocol(study: Study, words: Codebook, labels: Labels) -> list[Row]:
    """Return the rows of the target-trial table: element, ideal trial, this study.

    Parameters
    ----------
    study : Study
        The plan.
    words : Codebook
        For the names of outcomes.
    labels : dict
        Danish labels, as `analyses.results.labels.labels` returns them.
    """
    rows = [
        (
            "Hvem",
            "Alle, der opfylder betingelserne, når forsøget begynder",
            _eligibility(study, labels),
        ),
        (
            "Hvad sammenlignes",
            "Indsatsen mod den sædvanlige indsats",
            _strategies(study, labels),
        ),
        ("Fordeling", "Lodtrækning", _assignment(study.comparison, labels)),
        ("Tidspunkt nul", "Datoen for lodtrækningen", _time_zero(study)),
        ("Opfølgning", "Fra tidspunkt nul til samme dato for alle", _follow_up(study)),
        ("Udfald", "De samme for begge grupper", _outcomes(study, words)),
        (
            "Kontrast",
            "Forskellen mellem dem, der blev trukket til hver gruppe",
            _contrast(study),
        ),
        ("Beregning", "Forskel i gennemsnit", _analysis(study)),
        *_moves(study, labels),
        *_own_starts(study),
        (
            "Afbrudt forløb eller samtykke, der trækkes tilbage",
            "Følges som deltager til forløbets slutning",
            "Følges som deltager fra start, også efter at forløbet er afbrudt",
        ),
        *_exits(study),
        (
            "Andre indsatser undervejs",
            "Ens fordelt ved lodtrækning",
            "Ikke målt og kan være ulige fordelt; virkningen af dem indgår i forskellen",
        ),
    ]
    return [{"element": element, "ideal": ideal, "here": here} for element, ideal, here in rows]


def _label(name: str | None, labels: Labels) -> str:
    text = str(labels[name]["label"]) if name in labels else str(name)
    return text[:1].lower() + text[1:]


def _eligibility(study: Study, labels: Labels) -> str:
    zero = study.cohort.time_zero
    if zero is None:
        return "Alle i data med oplysninger om de målte forhold"
    parts = [f"på {_label(zero.status, labels)} i ugen for tidspunkt nul"]
    if zero.resident is not None:
        parts.insert(0, "bosat i landet")
    return "Personer, der er " + " og ".join(parts) + "; samme regel for begge grupper"


def _strategies(study: Study, labels: Labels) -> str:
    others = {
        "other": " mod den sædvanlige indsats, hvor indsatsen ikke blev givet",
        "own": " mod personer samme sted, der endnu ikke er startet"
        if study.comparison.method == RISK_SETS
        else " mod ikke-deltagere samme sted",
    }.get(str(study.cohort.donors), " mod personer uden")
    name, treated = study.cohort.treatment, study.cohort.treated
    if treated is True or treated == 1:
        return f"Deltagelse ({_label(name, labels)}){others}"
    # Another level than yes is named, and so are those who have it not.
    level = str(labels[name]["levels"].get(str(treated), treated)).lower()
    rest = " mod de øvrige" if study.cohort.donors is None else others
    return f"{_label(name, labels).capitalize()}: {level}{rest}"


def _assignment(plan: Comparison, labels: Labels) -> str:
    covariates = "; ".join(_label(name, labels) for name in plan.covariates)
    exact = "; ".join(_label(name, labels) for name in plan.exact)
    if plan.method == UNMATCHED:
        return "Ikke lodtrækning og ingen matching; grupperne vises, som de er"
    same = f". Helt ens på: {exact}" if exact else ""
    how = HOW.get(plan.options.family, "matching")
    return (
        f"Ikke lodtrækning, men {how} på: {covariates}{same}. "
        "Det, der ikke er målt, kan skille grupperne"
    )


def _time_zero(study: Study) -> str:
    if study.comparison.method == RISK_SETS:
        return (
            "Ugen for deltagerens start; partneren får den samme uge, opfylder de samme "
            "betingelser og er ikke startet. Ingen oplysning, der sammenlignes på, er senere"
        )
    if study.cohort.time_zero is not None:
        return (
            "Deltagernes startdato; for de øvrige en kalendermåned, hvor de opfylder de samme "
            "betingelser. Ingen oplysning, der sammenlignes på, er senere"
        )
    if study.cohort.index_date is not None:
        return "Den indeksdato, der står i data"
    return "Fremgår ikke af data"


def _follow_up(study: Study) -> str:
    horizons = sorted(
        {
            time_unit(outcome.unit).of(outcome.horizon)
            for outcome in study.outcomes
            if isinstance(outcome, TimeKind)
        }
    )
    waves = sorted(
        {f"måling {outcome.wave}" for outcome in study.outcomes if isinstance(outcome, Score)}
    )
    parts = [*(f"{text} efter tidspunkt nul" for text in horizons), *waves]
    return ("Til " + " og til ".join(parts)) if parts else "Til målingen af udfaldet"


def _outcomes(study: Study, words: Codebook) -> str:
    return "; ".join(outcome_label(outcome.name, study, words) for outcome in study.outcomes)


def _contrast(study: Study) -> str:
    plan = study.comparison
    family = plan.options.family
    kept = {
        "pairs": ", som der er fundet en partner til",
        "sets": ", som der er fundet nogen at sammenligne med",
    }.get(family, "")
    whole = "; desuden for hele målgruppen, før og efter indsatsens start (ITT)"
    whom = f"Virkningen for {WHOM[plan.estimand]}{kept} ({plan.estimand})"
    if family == "none":
        whom = "Den rå forskel mellem grupperne, som ikke er et mål for virkningen"
    return f"{whom}{whole if study.itt else ''}"


def _analysis(study: Study) -> str:
    level = f"{100 * study.inference.level:g} %-intervaller"
    plan = study.comparison
    unit = FOR.get(plan.options.family, "personer")
    alone = f"for {'personer' if plan.options.told('replace', False) else unit}"
    where = alone if study.cohort.cluster is None else "på kommuneniveau"
    amount = "Rå" if plan.method == UNMATCHED else "Vægtede"
    return f"{amount} forskelle mellem grupperne; {level} {where}"


def _moves(study: Study, labels: Labels) -> list[tuple[str, str, str]]:
    if study.cohort.cluster is None:
        return []
    place = _label(study.cohort.cluster, labels)
    return [
        (
            "Flytning",
            "Følges i den gruppe, man blev trukket til",
            f"Følges i den {place}, hvor personen hørte til ved tidspunkt nul",
        )
    ]


def _own_starts(study: Study) -> list[tuple[str, str, str]]:
    if study.comparison.method != RISK_SETS or study.cohort.donors != "own":
        return []
    return [
        (
            "Senere start i sammenligningsgruppen",
            "Følges i den gruppe, man blev trukket til",
            "Følges kun, til personen selv starter",
        )
    ]


def _exits(study: Study) -> list[tuple[str, str, str]]:
    if not any(getattr(outcome, "competing", ()) for outcome in study.outcomes):
        return []
    return [
        (
            "Andre afgange, død og udvandring",
            "Konkurrerende hændelser; følges til de sker",
            "Konkurrerende hændelser: den første tæller, og alle vises",
        )
    ]
