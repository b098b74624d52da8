"""Danish names of the checks of a finding, from their names in sensitivity.csv."""

from __future__ import annotations

import re

import pandas as pd

from reports.challenges import Hidden
from reports.facts import Report
from reports.words.danish import date, lower_first, number

NAMES = {
    "without correction for reliability": "Uden korrektion for målefejl",
    "without the baseline": "Uden første måling",
    "change, on a set matched without the baseline": "Ændring, ikke matchet på første måling",
    "censored treated had it at once, the others never": "Yderpunkt til deltagernes fordel",
    "censored comparison had it at once, the others never": "Yderpunkt til de andres fordel",
}
PARTS = {
    "common_shock": "En fælles påvirkning: Spredningen mellem {places} kan ikke opgøres her.",
    "measured_covariates": "Motivation holdt op mod det målte: Der er intet mål at holde den op mod.",
    "nonresponse": "Manglende svar.",
    "e_values": "E-værdi: Den findes for andele og ratioer, men ikke for forskelle i gennemsnit.",
    "rosenbaum_bounds": "Rosenbaums grænser: De findes kun, hvor hver deltager har sin egen partner.",
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


def cause(report: Report, hidden: Hidden) -> str:
    """Return what takes a finding's certainty away with its size, within a sentence."""
    size = amount(hidden.kind, hidden.sure)
    among = f"alle {report.places} med indsatsen" if report.place else "deltagerne"
    return {
        "shock": f"en påvirkning på {size}, som {among} er fælles om,",
        "selection": f"en motivation, der flytter forskellen {size} så meget som det stærkeste målte forhold,",
        "nonresponse": f"at de, der ikke svarede, ligger {size} fra dem, der svarede, modsat i de to grupper,",
    }[hidden.kind]


def variant_name(report: Report, check: str, name: str) -> str:
    """Return the name of a way to the finding, as it stands beside its dot."""
    if check == "main":
        return "Planens opgørelse"
    if check == "leave_one_out":
        cluster = str(report.manifest["cluster"])
        return f"Uden {report.label(cluster, name.removeprefix('without '))}"
    if found := re.fullmatch(r"run of (\d+) weeks?", name):
        weeks = int(found[1])
        return f"{weeks} {'uge' if weeks == 1 else 'uger'} i træk"
    if name.startswith("observed until "):
        return f"Fulgt til {date(name.removeprefix('observed until '))}"
    return NAMES.get(name, name)


def placebo_name(report: Report, name: str) -> str:
    """Return the label of what the programme cannot have moved, within a sentence."""
    return lower_first(report.label(name))


def not_made(report: Report, rows: pd.DataFrame) -> list[str]:
    """Return what could not be asked, each with its reason in a few words."""
    texts = []
    for name in rows.loc[rows["check"] == "not_made", "name"]:
        part, _, variant = str(name).partition(", ")
        if part in PARTS:
            if report.place or part not in WITHOUT_PLACES:
                texts.append(PARTS[part].format(places=report.places))
        elif part == "negative_control":
            label = placebo_name(report, variant)
            texts.append(f"Forskellen i {label}: Den kan ikke opgøres i denne gruppe.")
        else:
            label = lower_first(variant_name(report, part, variant))
            texts.append(f"Opgørelsen »{label}«: Grundlaget rækker ikke til den.")
    return texts
