"""Danish names of the checks of a finding, from their codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evaluation.robustness.checks import Check, Question, Variant
from evaluation.robustness.verdict import ThreatVerdict
from reports.facts import Report
from reports.words.danish import date, lower_first, number

NAMES: Mapping[Variant, str] = {
    "uncorrected": "Uden korrektion for målefejl",
    "without_baseline": "Uden første måling",
    "change": "Ændring, ikke matchet på første måling",
}
BOUNDS = {
    "treated": "Yderpunkt til deltagernes fordel",
    "comparison": "Yderpunkt til de andres fordel",
}
PARTS: Mapping[Check, str] = {
    "common_shock": "En fælles påvirkning: Spredningen mellem {places} kan ikke opgøres her.",
    "measured_covariate": "Motivation holdt op mod det målte: Der er intet mål at holde den op mod.",
    "nonresponse": "Manglende svar.",
    "e_value": "E-værdi: Den findes for andele og ratioer, men ikke for forskelle i gennemsnit.",
    "rosenbaum": "Rosenbaums grænser: De findes kun, hvor hver deltager har sin egen partner.",
}
WITHOUT_PLACES = ("common_shock",)


def times(value: float) -> str:
    """Return a multiple, such as "0,7 gange"; what would be shown as none is under 0,1."""
    return f"{number(value)} gange" if value >= 0.05 else "under 0,1 gange"


def amount(kind: str, value: float) -> str:
    """Return a size with what it is counted in."""
    if kind == "selection":
        return times(value)
    return f"{number(value, 1 if kind == 'shock' else 2)} standardafvigelser"


def cause(report: Report, hidden: ThreatVerdict) -> str:
    """Return what takes a finding's certainty away with its size, within a sentence."""
    size = amount(hidden.threat, hidden.sure)
    among = f"alle {report.places} med indsatsen" if report.place else "deltagerne"
    return {
        "shock": f"en påvirkning på {size}, som {among} er fælles om,",
        "selection": f"en motivation, der flytter forskellen {size} så meget som det stærkeste målte forhold,",
        "nonresponse": f"at de, der ikke svarede, ligger {size} fra dem, der svarede, modsat i de to grupper,",
    }[hidden.threat]


def variant_name(report: Report, asked: Question) -> str:
    """Return the name of a way to the finding, as it stands beside its dot."""
    match asked.variant:
        case "main":
            return "Planens opgørelse"
        case "without":
            return f"Uden {report.label(str(report.manifest['cluster']), asked.subject)}"
        case "run":
            return f"{asked.size:g} {'uge' if asked.size == 1 else 'uger'} i træk"
        case "observed_until":
            return f"Fulgt til {date(asked.subject)}"
        case "at_once":
            return BOUNDS[asked.subject]
        case _:
            return NAMES.get(asked.variant, asked.subject)


def placebo_name(report: Report, name: str) -> str:
    """Return the label of what the programme cannot have moved, within a sentence."""
    return lower_first(report.label(name))


def not_made(report: Report, asked: Iterable[Question]) -> list[str]:
    """Return what could not be asked, each with its reason in a few words."""
    texts = []
    for one in asked:
        if one.variant == "whole":
            if report.place or one.check not in WITHOUT_PLACES:
                texts.append(PARTS[one.check].format(places=report.places))
        elif one.check == "negative_control":
            label = placebo_name(report, one.subject)
            texts.append(f"Forskellen i {label}: Den kan ikke opgøres i denne gruppe.")
        else:
            label = lower_first(variant_name(report, one))
            texts.append(f"Opgørelsen »{label}«: Grundlaget rækker ikke til den.")
    return texts
