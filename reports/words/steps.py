"""Why somebody is left out on the way to a comparison, and how follow-up ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reports.words.danish import upper_first
from reports.words.methods import FAMILIES
from reports.words.places import CLUSTER, Place
from reports.words.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class StepWords:
    """A step of the flow: what those who are left have in common, and who fell away.

    Where nobody among the treated can fall away for the same reason as the others, their own
    reason is the third.
    """

    title: str
    lost: str
    treated: str = ""


# {place} a {place}: a cluster; {inside}: in the status of the rule; {definite}: the treated.
STEPS: Mapping[str, StepWords] = {
    "data": StepWords("I data", ""),
    "donor": StepWords(
        "I {place} uden indsatsen", "hører til {a} {place}, som indsatsen nåede"
    ),
    "donor_own": StepWords(
        "I {place} med indsatsen", "hører til {a} {place}, som indsatsen ikke nåede"
    ),
    "donor_excluded": StepWords(
        "I {place}, der må indgå", "hører til {a} {place}, der er holdt ude"
    ),
    "donor_nearest": StepWords(
        "I {place}, der ligner",
        "hører til {a} {place}, der ikke lignede dem med indsatsen før dens start",
    ),
    "begun": StepWords(
        "Har en måned efter indsatsens start",
        "opfylder ikke betingelserne efter, at indsatsen begyndte i {the_place}",
    ),
    "start": StepWords("Har startdato", "har ingen startdato"),
    "exposed": StepWords(
        "Start tidligst ved indsatsens start",
        "er startet, før indsatsen begyndte i {the_place}",
    ),
    "index_date": StepWords("Har indeksdato", "har ingen indeksdato"),
    "resident": StepWords("Bosat på indeksdatoen", "er ikke bosat i landet på indeksdatoen"),
    "register": StepWords("I registeret i indeksugen", "findes ikke i registeret i indeksugen"),
    "status": StepWords("{Inside} i indeksugen", "er ikke {inside} i indeksugen"),
    "unstarted": StepWords("Endnu ikke startet", "er allerede startet"),
    "at_risk": StepWords(
        "Ikke i udfaldet i indeksugen", "er allerede i udfaldets tilstand i indeksugen"
    ),
    "observed": StepWords(
        "Udfaldet kan følges fra indeksugen",
        "kan ikke følges til udfaldet i dets register fra indeksugen",
    ),
    "open_case": StepWords(
        "Har en åben sag på indeksdatoen",
        "har ingen åben sag af udfaldets type på indeksdatoen",
    ),
    "early_enough": StepWords(
        "Sagen er oprettet inden for opfølgningens længde",
        "har haft sagen åben i hele opfølgningens længde",
    ),
    "covariates": StepWords("Har alle oplysninger", "mangler en oplysning"),
    "matched": StepWords("{kept}", "{unused}", "{unmatched}"),
    "baseline": StepWords("Har svaret ved første måling", "har ikke svaret ved første måling"),
    "baseline_before": StepWords(
        "Svaret før indeksdatoen", "har først svaret efter indeksdatoen"
    ),
}
# The groups of profile.csv, from the eligible to the respondents; a study names two of them.
GROUPS: Mapping[str, str] = {
    "eligible": "Mål\u00adgruppe",
    "invited": "Invite\u00adrede",
    "consented": "Sam\u00adtykkende",
    "participants": "",
    "matched": "",
    "comparison": "Sammen\u00adlignede",
    "respondents": "Svar\u00adpersoner",
}
ENDINGS: Mapping[str, str] = {
    "lost": "Ude før",
    "followed": "Fulgt",
    "event": "Hændelse",
    "competing": "Anden afgang",
    "censored": "Ude af data før slut",
    "at_horizon": "Uden hændelse ved slut",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The steps of one study's flow in its own words."""

    words: Vocabulary
    place: Place = CLUSTER
    inside: str = "på ydelse"

    def title(self, step: str) -> str:
        """Return what those who are left after a step have in common."""
        return self._filled(STEPS[step].title)

    def lost(self, step: str, arm: str) -> str:
        """Return why somebody of an arm fell away at a step."""
        told = STEPS[step]
        return self._filled(told.treated if arm == "treated" and told.treated else told.lost)

    def _filled(self, template: str) -> str:
        family = FAMILIES[self.words.family]
        return template.format(
            place=self.place.one,
            a=self.place.a,
            the_place=self.place.the,
            inside=self.inside,
            Inside=upper_first(self.inside),
            kept=family.step,
            unmatched=family.unmatched,
            unused=family.unused or family.unmatched,
        )
