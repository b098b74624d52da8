"""Danish names of the checks of a finding, from their codes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from evaluation.robustness.checks import Check, Question, Variant
from evaluation.robustness.verdict import Threat, ThreatVerdict, Verdict
from reports.facts import Report
from reports.words.danish import date, lower_first, number

NAMES: Mapping[Variant, str] = {
    "corrected": "Med korrektion for målefejl",
    "uncorrected": "Uden korrektion for målefejl",
    "without_baseline": "Uden første måling",
    "change": "Ændring, ikke matchet på første måling",
}
BOUNDS = {
    "treated": "Yderpunkt til fordel for {treated}",
    "comparison": "Yderpunkt til fordel for {comparison}",
}
# Checks that could not be made at all, and why.
PARTS: Mapping[Check, str] = {
    "common_shock": "En fælles påvirkning: Spredningen mellem {places} kan ikke opgøres her.",
    "measured_covariate": "Motivation holdt op mod det målte: Der er intet mål at holde den op mod.",
    "nonresponse": "Manglende svar.",
    "e_value": "E-værdi: Den findes for andele og ratioer, men ikke for forskelle i gennemsnit.",
    "rosenbaum": "Rosenbaums grænser: De findes kun, hvor alle er matchet to og to.",
}
# What must be hidden to take a finding away: {size} of it, shared by {among}.
CAUSES: Mapping[Threat, str] = {
    "shock": "en påvirkning på {size}, som {among} er fælles om",
    "selection": "en motivation, der flytter forskellen {size} så meget som det stærkeste målte forhold",
    "nonresponse": "en forskel på {size} mellem dem, der ikke svarede, og dem, der svarede, hver sin vej i de to grupper",
}
# What takes a finding away most easily, in one sentence; {little} is how much of it is needed.
FIRST: Mapping[Threat, str] = {
    "placebo": "Grupperne er også forskellige på noget, som indsatsen ikke kan have flyttet",
    "shock": "Den statistiske sikkerhed er væk, hvis {among} har haft {little} andet til fælles, der har betydning for {label}",
    "selection": "Den statistiske sikkerhed er væk, hvis {treated} er {little} mere motiverede end de andre på en måde, der ikke er målt",
    "nonresponse": "Den statistiske sikkerhed er væk, hvis de, der ikke svarede, ligger {little} højere end dem, der svarede, i den ene gruppe og lavere i den anden",
    "specification": "Opgjort på en anden måde er det ikke statistisk sikkert",
    "leave_one_out": "Uden {single} er det ikke statistisk sikkert",
    "censoring_bound": "Det er ikke statistisk sikkert, hvis de, der ikke er fulgt til ende, adskiller sig mest muligt",
}
# The same as rows of a table, with their decimals.
SIZES: Mapping[Threat, tuple[str, int]] = {
    "shock": ("Fælles påvirkning, standardafvigelser mellem {places}", 1),
    "selection": ("Motivation, gange det stærkeste målte forhold", 1),
    "nonresponse": ("De, der ikke svarede, standardafvigelser fra de andre", 2),
}
# Other choices on which a finding may hang.
CHOICES: Mapping[Threat, str] = {
    "specification": "når det opgøres på en af de andre måder",
    "leave_one_out": "når {single} udelades",
    "censoring_bound": "i et af yderpunkterne for dem, der ikke er fulgt til ende",
}


def times(value: float) -> str:
    """Return a multiple, such as "0,7 gange"; what would be shown as none is under 0,1."""
    return f"{number(value)} gange" if value >= 0.05 else "under 0,1 gange"


def amount(threat: Threat, value: float) -> str:
    """Return a size with what it is counted in."""
    if threat == "selection":
        return times(value)
    return f"{number(value, SIZES[threat][1])} standardafvigelser"


def cause(report: Report, hidden: ThreatVerdict) -> str:
    """Return what takes a finding's certainty away with its size, within a sentence."""
    among = report.words.nouns.treated.definite
    if report.has_places:
        among = f"alle {report.place.many} med indsatsen"
    size = amount(hidden.threat, hidden.sure)
    return CAUSES[hidden.threat].format(size=size, among=among)


def first_cause(report: Report, verdict: Verdict, label: str) -> str:
    """Return in plain words the one cause that takes a finding away most easily."""
    taken = [one for one in verdict.threats if one.takes_away]
    # What needs least of what counts as little; a difference that is there needs none at all.
    first = min(
        taken,
        key=lambda one: (
            0.0
            if one.threat == "placebo"
            else one.sure / one.little
            if one.threat in SIZES
            else math.inf
        ),
    )
    treated = report.words.nouns.treated.definite
    return FIRST[first.threat].format(
        little="bare lidt" if first.is_little else "noget",
        among=f"alle {report.place.many} med indsatsen" if report.has_places else treated,
        treated=treated,
        single=report.place.single,
        label=label,
    )


def variant_name(report: Report, asked: Question) -> str:
    """Return the name of a way to the finding, as it stands beside its dot."""
    match asked.variant:
        case "main":
            return "Planens opgørelse"
        case "without":
            return f"Uden {report.label(report.facts.cluster or '', asked.subject)}"
        case "run":
            return f"{asked.size:g} {'uge' if asked.size == 1 else 'uger'} i træk"
        case "observed_until":
            return f"Fulgt til {date(asked.subject)}"
        case "at_once":
            nouns = report.words.nouns
            return BOUNDS[asked.subject].format(
                treated=nouns.treated.definite, comparison=nouns.comparison.definite
            )
        case _:
            return asked.subject if asked.variant == "named" else NAMES[asked.variant]


def placebo_name(report: Report, name: str) -> str:
    """Return the label of what the programme cannot have moved, within a sentence."""
    return lower_first(report.label(name))


def not_made(report: Report, asked: Iterable[Question]) -> list[str]:
    """Return what could not be asked, each with its reason in a few words."""
    texts = []
    for one in asked:
        if one.variant == "whole":
            if report.has_places or one.check != "common_shock":
                texts.append(PARTS[one.check].format(places=report.place.many))
        elif one.check == "negative_control":
            label = placebo_name(report, one.subject)
            texts.append(f"Forskellen i {label}: Den kan ikke opgøres i denne gruppe.")
        else:
            label = lower_first(variant_name(report, one))
            texts.append(f"Opgørelsen »{label}«: Grundlaget rækker ikke til den.")
    return texts
