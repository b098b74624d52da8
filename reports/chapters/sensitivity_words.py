"""Danish names of the checks of a finding, from their names in sensitivity.csv."""

from __future__ import annotations

import re

import pandas as pd

from reports.danish import date, lower_first
from reports.facts import Report
from reports.wording import UNITS

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
    "e_values": "E-værdi: Den findes for andele og ratioer, men ikke for forskelle i {unit}.",
    "rosenbaum_bounds": "Rosenbaums grænser: De findes kun, hvor hver deltager har sin egen partner.",
}
WITHOUT_PLACES = ("common_shock",)


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
    unit = UNITS.get(str(rows["unit"].iloc[0]), "udfaldets enhed")
    texts = []
    for name in rows.loc[rows["check"] == "not_made", "name"]:
        part, _, variant = str(name).partition(", ")
        if part in PARTS:
            if report.place or part not in WITHOUT_PLACES:
                texts.append(PARTS[part].format(places=report.places, unit=unit))
        elif part == "negative_control":
            label = placebo_name(report, variant)
            texts.append(f"Forskellen i {label}: Den kan ikke opgøres i denne gruppe.")
        else:
            label = lower_first(variant_name(report, part, variant))
            texts.append(f"Opgørelsen »{label}«: Grundlaget rækker ikke til den.")
    return texts
